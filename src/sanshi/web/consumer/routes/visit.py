"""A visit: one request of a person's browser, with who they are, and how they read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from http import HTTPMethod
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from fastapi import Depends, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from limits import RateLimitItem

from sanshi.api.patience import Patience
from sanshi.flows.perform import perform
from sanshi.flows.sign_in import KEEP_SIGNED_IN, Login, login_at
from sanshi.flows.world import Actor, C, Flow, World
from sanshi.kernel.effects import Json
from sanshi.kernel.errors import ConflictError
from sanshi.kernel.reasons import Language
from sanshi.web.consumer import addresses as at
from sanshi.web.consumer.pages import Page, Reader, Shelf, SignedOut, View, render
from sanshi.web.consumer.town import Sandbox
from sanshi.web.serving import cookies, forms
from sanshi.web.serving.shield import DOORS, PAGES

Level = Literal["visitor", "signed_in", "recognised"]
"""Who may open a page: anybody; whoever has a login; whoever has said who they are."""

LANGUAGES = frozenset({"zh", "en"})
VISITOR = Actor("visitor", "consumer")
MAX_ONWARD_CHARS = 500
_SETTINGS = frozenset({cookies.LANGUAGE, cookies.CARE})


@dataclass(frozen=True, slots=True)
class Site:
    """What the pages of one installation share; `sandbox` is there where all is pretended."""

    world: World
    shelf: Shelf
    jar: cookies.Jar
    patience: Patience = field(default_factory=Patience)
    sandbox: Sandbox | None = None


@dataclass(frozen=True, slots=True)
class Visit:
    """One request."""

    site: Site
    request: Request
    device: cookies.Device
    language: Language
    care: bool
    login: Login | None
    sent: forms.Sent | None = None
    has_chosen: bool = True

    @property
    def world(self) -> World:
        """What flows work with."""
        return self.site.world

    @property
    def reader(self) -> Reader:
        """Who reads."""
        return Reader(self.site.shelf, self.language)

    @property
    def actor(self) -> Actor:
        """Who acts."""
        return self.login.actor if self.login else VISITOR

    @property
    def form(self) -> forms.Sent:
        """The form that was sent."""
        if self.sent is None:
            raise TypeError("this route reads no form")
        return self.sent

    @property
    def here(self) -> str:
        """The path and query of this request, without settings."""
        return at.with_query(self.request.url.path, self._query())

    def do(self, flow: Flow[C], **request: object) -> Mapping[str, Any]:
        """Perform a flow as this person."""
        return perform(self.world, self.actor, flow, request)

    def do_once(self, flow: Flow[C], **request: object) -> Mapping[str, Json]:
        """Perform a flow that a page's form asks for: sent twice, it is done once.

        The proof in the form is made anew for each page, so it also tells one page from another.
        """
        return perform(self.world, self.actor, flow, request, f"page:{self.form['csrf']}")

    def with_form(self, sent: forms.Sent) -> Visit:
        """Return the visit with its form."""
        return replace(self, sent=sent)

    def gone(self) -> Visit:
        """Return the visit of somebody who has just signed out."""
        return replace(self, login=None)

    def speaking(self, language: str) -> Visit:
        """Return the visit in a shop's language, unless this person has chosen one."""
        if self.has_chosen or language not in LANGUAGES:
            return self
        return replace(self, language="en" if language == "en" else "zh")

    def show(self, view: View, status: int = 200, path: str = "") -> Response:
        """Show a page; `path`: where it stands, if it is not shown at its own address."""
        page = Page(
            language=self.language,
            care=self.care,
            csrf=forms.csrf_token(self.world, self.device.device_id),
            path=path or self.request.url.path,
            query={} if path else self._query(),
            signed_in=self.login is not None and bool(self.login.person_id),
            sandbox=self.site.sandbox is not None,
        )
        return self.remembered(HTMLResponse(render(page, view), status))

    def go(self, address: str) -> Response:
        """Lead on to another page, which a reload asks for again."""
        return self.remembered(RedirectResponse(address, 303))

    def remembered(self, response: Response) -> Response:
        """Set the cookies that this visit calls for."""
        jar = self.site.jar
        if self.device.is_new:
            jar.put(response, cookies.DEVICE, cookies.device_text(self.world, self.device))
        asked = self.request.query_params.keys()
        if cookies.LANGUAGE in asked or not self.has_chosen:
            jar.put(response, cookies.LANGUAGE, self.language)
        if cookies.CARE in asked:
            jar.put(response, cookies.CARE, str(int(self.care)))
        return response

    def _query(self) -> dict[str, str]:
        return {k: v for k, v in self.request.query_params.items() if k not in _SETTINGS}


class SignInNeededError(Exception):
    """The page is for people who have signed in, or who have said who they are."""

    def __init__(self, visit: Visit) -> None:
        """Remember who came."""
        super().__init__()
        self.visit = visit

    def answer(self) -> Response:
        """Return the way to sign in, and back to where they wanted to go."""
        visit = self.visit
        if visit.request.method != HTTPMethod.GET:  # what was typed is lost, and is said so
            return visit.show(SignedOut(timed_out=True), 401, at.SIGN_IN)
        if visit.login is None:
            return visit.go(at.sign_in(visit.here))
        return visit.go(at.who(visit.here))


class Gate:
    """Lets people of a level in. House tests read `level` to know that a route has a gate."""

    def __init__(self, level: Level, *, limit: RateLimitItem = PAGES) -> None:
        """Let this level in, so often an address."""
        self.level = level
        self.limit = limit

    def __call__(self, request: Request) -> Visit:
        """Return the visit, or refuse."""
        site: Site = request.app.state.site
        site.patience.ask(request, self.limit)
        visit = visit_of(request)
        is_known = visit.login is not None and visit.login.person_id != ""
        if self.level == "recognised" and not is_known:
            raise SignInNeededError(visit)
        if self.level == "signed_in" and visit.login is None:
            raise SignInNeededError(visit)
        return visit


class FormGate:
    """The same for a form, which a page of ours must have sent from this very device."""

    def __init__(self, level: Level, *, limit: RateLimitItem = PAGES) -> None:
        """Let this level in, so often an address."""
        self.level = level
        self._gate = Gate(level, limit=limit)

    def __call__(
        self, request: Request, sent: Annotated[forms.Sent, Depends(forms.read_form)]
    ) -> Visit:
        """Return the visit with its form, or refuse."""
        visit = self._gate(request)
        ours = forms.csrf_holds(visit.world, sent.get("csrf", ""), visit.device.device_id)
        if not ours or forms.from_elsewhere(request):
            raise ConflictError(
                "page.stale",
                "This form was not made for this device, or is no longer valid.",
                field="csrf",
                fix="Open the page again and send the form from there.",
            )
        return visit.with_form(sent)


def visit_of(request: Request) -> Visit:
    """Read who visits, and how they read."""
    site: Site = request.app.state.site
    read = site.jar.read
    token = read(request, cookies.LOGIN)
    login = login_at(site.world, token) if token else None
    if login is not None and login.is_short(site.world.clock.now()):
        perform(site.world, login.actor, KEEP_SIGNED_IN, {})
    asked = request.query_params
    wanted = asked.get(cookies.LANGUAGE) or read(request, cookies.LANGUAGE)
    return Visit(
        site=site,
        request=request,
        device=cookies.device_in(site.world, read(request, cookies.DEVICE)),
        language=_language(wanted, request.headers.get("accept-language", "")),
        has_chosen=wanted in LANGUAGES,
        care=(asked.get(cookies.CARE) or read(request, cookies.CARE)) == "1",
        login=login,
    )


def _language(chosen: str, accepted: str) -> Language:
    if chosen in LANGUAGES:
        return "en" if chosen == "en" else "zh"
    return "en" if accepted.lower().startswith("en") else "zh"


def onward(visit: Visit) -> str:
    """Return where a form leads on to: an address of ours, or none."""
    address = (
        visit.form.get("onward", "") if visit.sent else visit.request.query_params.get("onward", "")
    )
    return address if is_ours(address) else ""


def is_ours(address: str) -> bool:
    """Say whether an address is a path of this site, and no way to lead people elsewhere."""
    plain = address.isprintable() and address.isascii() and "\\" not in address
    if not plain or len(address) > MAX_ONWARD_CHARS or not address.startswith("/"):
        return False
    parts = urlsplit(address)
    return not parts.scheme and not parts.netloc and not address.startswith("//")


Visitor = Annotated[Visit, Depends(Gate("visitor"))]
"""Anybody who opens a page."""

SignedIn = Annotated[Visit, Depends(Gate("signed_in"))]
Recognised = Annotated[Visit, Depends(Gate("recognised"))]
VisitorForm = Annotated[Visit, Depends(FormGate("visitor"))]
DoorForm = Annotated[Visit, Depends(FormGate("visitor", limit=DOORS))]
"""A form at the door: fewer tries are let through."""

SignedInForm = Annotated[Visit, Depends(FormGate("signed_in", limit=DOORS))]
RecognisedForm = Annotated[Visit, Depends(FormGate("recognised"))]
