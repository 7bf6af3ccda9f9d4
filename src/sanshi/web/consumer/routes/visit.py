"""A visit: one request of a person's browser, with who they are, and how they read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from http import HTTPMethod
from typing import Annotated, Literal

from fastapi import Depends, Request
from fastapi.responses import HTMLResponse, Response
from limits import RateLimitItem

from sanshi.flows.perform import perform
from sanshi.flows.sign_in import KEEP_SIGNED_IN, Login, login_at
from sanshi.flows.world import Actor
from sanshi.web.consumer import addresses as at
from sanshi.web.consumer.pages import Page, SignedOut, View, render
from sanshi.web.consumer.town import Sandbox
from sanshi.web.serving import cookies, forms, visiting
from sanshi.web.serving.shield import DOORS, PAGES

Level = Literal["visitor", "signed_in", "recognised"]
"""Who may open a page: anybody; whoever has a login; whoever has said who they are."""

VISITOR = Actor("visitor", "consumer")


@dataclass(slots=True, kw_only=True)
class Pages(visiting.Site):
    """What the buyers' pages of one installation share; `sandbox` where all is pretended."""

    sandbox: Sandbox | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit(visiting.Visit):
    """One request of a buyer's browser."""

    site: Pages
    care: bool
    login: Login | None

    @property
    def actor(self) -> Actor:
        """Who acts."""
        return self.login.actor if self.login else VISITOR

    @property
    def settings(self) -> Mapping[str, str]:
        """How this person likes to read, the care version 关怀版 too."""
        return {cookies.LANGUAGE: self.language, cookies.CARE: str(int(self.care))}

    @property
    def here(self) -> str:
        """The path and query of this request, without settings."""
        return at.with_query(self.request.url.path, self.query)

    def gone(self) -> Visit:
        """Return the visit of somebody who has just signed out."""
        return replace(self, login=None)

    def speaking(self, language: str) -> Visit:
        """Return the visit in a shop's language, unless this person has chosen one."""
        if self.has_chosen or language not in visiting.LANGUAGES:
            return self
        return replace(self, language="en" if language == "en" else "zh")

    def show(self, view: View, status: int = 200, path: str = "") -> Response:
        """Show a page; `path`: where it stands, if it is not shown at its own address."""
        page = Page(
            language=self.language,
            care=self.care,
            csrf=self.csrf,
            path=path or self.request.url.path,
            query={} if path else self.query,
            signed_in=self.login is not None and bool(self.login.person_id),
            sandbox=self.site.sandbox is not None,
        )
        return self.remembered(HTMLResponse(render(page, view), status))


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
        site: Pages = request.app.state.site
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
        visit.check_form(sent)
        return replace(visit, sent=sent)


def visit_of(request: Request) -> Visit:
    """Read who visits, and how they read."""
    site: Pages = request.app.state.site
    read = site.jar.read
    token = read(request, cookies.LOGIN)
    login = login_at(site.world, token) if token else None
    if login is not None and login.is_short(site.world.clock.now()):
        perform(site.world, login.actor, KEEP_SIGNED_IN, {})
    language, has_chosen = visiting.language_of(site, request)
    return Visit(
        site=site,
        request=request,
        device=cookies.device_in(site.world, read(request, cookies.DEVICE)),
        language=language,
        has_chosen=has_chosen,
        care=(request.query_params.get(cookies.CARE) or read(request, cookies.CARE)) == "1",
        login=login,
    )


Visitor = Annotated[Visit, Depends(Gate("visitor"))]
"""Anybody who opens a page."""

SignedIn = Annotated[Visit, Depends(Gate("signed_in"))]
Recognised = Annotated[Visit, Depends(Gate("recognised"))]
VisitorForm = Annotated[Visit, Depends(FormGate("visitor"))]
DoorForm = Annotated[Visit, Depends(FormGate("visitor", limit=DOORS))]
"""A form at the door: fewer tries are let through."""

SignedInForm = Annotated[Visit, Depends(FormGate("signed_in", limit=DOORS))]
RecognisedForm = Annotated[Visit, Depends(FormGate("recognised"))]
