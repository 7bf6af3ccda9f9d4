"""A visit: one request of a person's browser, what both sites need to know of it, and answers."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from fastapi import Request
from fastapi.responses import RedirectResponse, Response

from sanshi.api.patience import Patience
from sanshi.flows.perform import perform
from sanshi.flows.world import Actor, C, Flow, World
from sanshi.kernel.errors import ConflictError
from sanshi.kernel.reasons import Language
from sanshi.web.reader import Reader, Shelf
from sanshi.web.rendering import View
from sanshi.web.serving import cookies, forms

LANGUAGES = frozenset({"zh", "en"})
MAX_ONWARD_CHARS = 500


@dataclass(slots=True, kw_only=True)
class Site:
    """What the pages of one installation share."""

    world: World
    shelf: Shelf
    jar: cookies.Jar
    patience: Patience = field(default_factory=Patience)


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit(ABC):
    """One request. `has_chosen`: whether this person ever chose a language."""

    site: Site
    request: Request
    device: cookies.Device
    language: Language
    has_chosen: bool
    sent: forms.Sent | None = None

    @property
    @abstractmethod
    def actor(self) -> Actor:
        """Who acts."""

    @property
    def settings(self) -> Mapping[str, str]:
        """How this person likes to read; what a link may change and a cookie remembers."""
        return {cookies.LANGUAGE: self.language}

    @abstractmethod
    def show(self, view: View, status: int = 200, path: str = "") -> Response:
        """Show a page; `path`: where it stands, if it is not shown at its own address."""

    @property
    def world(self) -> World:
        """What flows work with."""
        return self.site.world

    @property
    def reader(self) -> Reader:
        """Who reads."""
        return Reader(self.site.shelf, self.language)

    @property
    def form(self) -> forms.Sent:
        """The form that was sent."""
        if self.sent is None:
            raise TypeError("this route reads no form")
        return self.sent

    @property
    def query(self) -> dict[str, str]:
        """What was asked for beside the path, without settings."""
        asked = self.request.query_params
        return {name: asked[name] for name in asked if name not in self.settings}

    @property
    def csrf(self) -> str:
        """The proof for the forms of the page that answers."""
        return forms.csrf_token(self.world, self.device.device_id)

    def do(self, flow: Flow[C], **request: object) -> Mapping[str, Any]:
        """Perform a flow as this person."""
        return perform(self.world, self.actor, flow, request)

    def do_once(self, flow: Flow[C], **request: object) -> Mapping[str, Any]:
        """Perform a flow that a page's form asks for: sent twice, it is done once.

        The proof in the form is made anew for each page, so it also tells one page from another.
        """
        return perform(self.world, self.actor, flow, request, f"page:{self.form['csrf']}")

    def go(self, address: str) -> Response:
        """Lead on to another page, which a reload asks for again."""
        return self.remembered(RedirectResponse(address, 303))

    def remembered(self, response: Response) -> Response:
        """Set the cookies that this visit calls for."""
        jar = self.site.jar
        if self.device.is_new:
            jar.put(response, cookies.DEVICE, cookies.device_text(self.world, self.device))
        for name, value in self.settings.items():
            is_first = name == cookies.LANGUAGE and not self.has_chosen
            if name in self.request.query_params or is_first:
                jar.put(response, name, value)
        return response

    def onward(self) -> str:
        """Return where a form leads on to: an address of ours, or none."""
        asked: Mapping[str, str] = self.request.query_params if self.sent is None else self.sent
        address = asked.get("onward", "")
        return address if is_ours(address) else ""

    def check_form(self, sent: forms.Sent) -> None:
        """ConflictError unless a page of ours sent this form, from this very device."""
        ours = forms.csrf_holds(self.world, sent.get("csrf", ""), self.device.device_id)
        if not ours or forms.from_elsewhere(self.request):
            raise ConflictError(
                "page.stale",
                "This form was not made for this device, or is no longer valid.",
                field="csrf",
                fix="Open the page again and send the form from there.",
            )


def language_of(site: Site, request: Request) -> tuple[Language, bool]:
    """Return the language of a visit, and whether it was chosen or is the browser's."""
    asked = request.query_params.get(cookies.LANGUAGE)
    wanted = asked or site.jar.read(request, cookies.LANGUAGE)
    if wanted in LANGUAGES:
        return ("en" if wanted == "en" else "zh"), True
    accepted = request.headers.get("accept-language", "").lower()
    return ("en" if accepted.startswith("en") else "zh"), False


def is_ours(address: str) -> bool:
    """Say whether an address is a path of this site, and no way to lead people elsewhere."""
    plain = address.isprintable() and address.isascii() and "\\" not in address
    if not plain or len(address) > MAX_ONWARD_CHARS or not address.startswith("/"):
        return False
    parts = urlsplit(address)
    return not parts.scheme and not parts.netloc and not address.startswith("//")
