"""The desk: one request of somebody who works here, with their seat, language and form."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Annotated

from fastapi import Depends, Request
from fastapi.responses import HTMLResponse, Response
from limits import RateLimitItem

from sanshi.flows.api_keys import STAFF
from sanshi.flows.staff_sign_in import StaffLogin, keep, signed_in
from sanshi.flows.world import Actor, Role
from sanshi.kernel.errors import ForbiddenError
from sanshi.web.rendering import View
from sanshi.web.serving import cookies, forms, visiting
from sanshi.web.serving.shield import DOORS, PAGES
from sanshi.web.workbench import addresses as at
from sanshi.web.workbench.frame import DeskPage, Seat
from sanshi.web.workbench.pages import render

DOOR = Actor("desk", "system")
"""Who opens the door: sign-in is asked by nobody yet."""


@dataclass(slots=True, kw_only=True)
class Office(visiting.Site):
    """What the desks of one installation share. `key_kind`: what API keys begin with."""

    key_kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit(visiting.Visit):
    """One request of an officer's browser."""

    site: Office
    login: StaffLogin | None

    @property
    def member(self) -> StaffLogin:
        """The login of somebody who has one."""
        if self.login is None:
            raise TypeError("this route lets in people without a login")
        return self.login

    @property
    def actor(self) -> Actor:
        """Who acts."""
        return self.member.actor

    def show(self, view: View, status: int = 200, path: str = "") -> Response:
        """Show a page; `path`: where it stands, if it is not shown at its own address."""
        page = DeskPage(
            language=self.language,
            csrf=self.csrf,
            path=path or self.request.url.path,
            query={} if path else self.query,
            signed_in=self.login is not None,
            sandbox=self.site.key_kind == "test",
            seat=self._seat(),
        )
        return self.remembered(HTMLResponse(render(page, view), status))

    def _seat(self) -> Seat | None:
        login = self.login
        if login is None or login.role is None or login.must_change:
            return None
        lender = self.world.catalogue.lenders.get(login.account["entity"])
        return Seat(
            display_name=login.account["display_name"],
            user_name=login.account["user_name"],
            entity_name=self.reader.name(lender) if lender else login.account["entity"],
            role=login.role,
            roles=tuple(login.account["roles"]),
            business_date=self.world.clock.business_date(),
        )


class ElsewhereError(Exception):
    """Something else comes first: signing in, a new password, or taking a role."""

    def __init__(self, visit: Visit, address: str) -> None:
        """Remember who came, and where they must go."""
        super().__init__(address)
        self.visit = visit
        self.address = address


class Door:
    """Lets the named roles in. House tests read `roles` to know that a route has a door."""

    def __init__(self, roles: frozenset[Role], *, limit: RateLimitItem = PAGES) -> None:
        """Let these roles in, so often an address."""
        self.roles = roles
        self._limit = limit

    def __call__(self, request: Request) -> Visit:
        """Return the visit, or refuse."""
        visit = arriving(request, self._limit)
        self.check(visit)
        request.state.visit = visit
        return visit

    def check(self, visit: Visit) -> None:
        """Refuse whoever has no seat in one of the roles."""
        login = _member(visit)
        if login.must_change:
            raise ElsewhereError(visit, at.PASSWORD)
        if login.role is None:
            raise ElsewhereError(visit, at.asked(at.ROLE, onward=_wanted(visit)))
        if login.role not in self.roles:
            raise ForbiddenError("access.role", f"Role {login.role} may not do this.", field="role")
        keep(visit.world, login)


class MemberDoor(Door):
    """Lets in whoever has a login, whatever they still have to do first."""

    def __init__(self, *, limit: RateLimitItem = PAGES) -> None:
        """Let every member of staff in."""
        super().__init__(STAFF, limit=limit)

    def check(self, visit: Visit) -> None:
        """Refuse whoever has no login."""
        keep(visit.world, _member(visit))


class OpenDoor(Door):
    """Lets everybody in: there are few of these, and a test names them."""

    def __init__(self, *, limit: RateLimitItem = PAGES) -> None:
        """Let everybody in."""
        super().__init__(frozenset(), limit=limit)

    def check(self, visit: Visit) -> None:
        """Refuse nobody."""


class FormDoor:
    """The same for a form, which a page of ours must have sent from this very device."""

    def __init__(self, door: Door) -> None:
        """Stand behind a door."""
        self.door = door
        self.roles = door.roles

    def __call__(
        self, request: Request, sent: Annotated[forms.Sent, Depends(forms.read_form)]
    ) -> Visit:
        """Return the visit with its form, or refuse."""
        visit = self.door(request)
        visit.check_form(sent)
        return replace(visit, sent=sent)


def arriving(request: Request, limit: RateLimitItem | None = None) -> Visit:
    """Read who comes, and how they read."""
    site: Office = request.app.state.site
    if limit is not None:
        site.patience.ask(request, limit)
    token = site.jar.read(request, cookies.LOGIN)
    language, has_chosen = visiting.language_of(site, request)
    return Visit(
        site=site,
        request=request,
        device=cookies.device_in(site.world, site.jar.read(request, cookies.DEVICE)),
        language=language,
        has_chosen=has_chosen,
        login=signed_in(site.world, token) if token else None,
    )


def _member(visit: Visit) -> StaffLogin:
    if visit.login is None:
        raise ElsewhereError(visit, at.sign_in(_wanted(visit)))
    return visit.login


def _wanted(visit: Visit) -> str:
    """Return the page that was asked for, to lead back to it; a form is not sent again."""
    if visit.request.method != "GET" or visit.request.url.path == at.OVERVIEW:
        return ""
    return at.asked(visit.request.url.path, **visit.query)


Anybody = Annotated[Visit, Depends(OpenDoor())]
AnybodysForm = Annotated[Visit, Depends(FormDoor(OpenDoor(limit=DOORS)))]
Member = Annotated[Visit, Depends(MemberDoor())]
MembersForm = Annotated[Visit, Depends(FormDoor(MemberDoor(limit=DOORS)))]
