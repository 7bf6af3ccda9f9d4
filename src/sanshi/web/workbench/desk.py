"""The desk: one request of somebody who works here, with their seat, language and form."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Annotated, Any
from urllib.parse import urlsplit

from fastapi import Depends, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from limits import RateLimitItem

from sanshi.api.patience import Patience
from sanshi.flows.api_keys import STAFF
from sanshi.flows.perform import perform
from sanshi.flows.staff_sign_in import StaffLogin, keep, signed_in
from sanshi.flows.world import Actor, C, Flow, Role, World
from sanshi.kernel.errors import ConflictError, ForbiddenError
from sanshi.kernel.reasons import Language
from sanshi.web.consumer.reader import Reader, Shelf
from sanshi.web.rendering import View
from sanshi.web.serving import cookies, forms
from sanshi.web.serving.shield import DOORS, PAGES
from sanshi.web.workbench import addresses as at
from sanshi.web.workbench.frame import DeskPage, Seat
from sanshi.web.workbench.pages import render

DOOR = Actor("desk", "system")
"""Who opens the door: sign-in is asked by nobody yet."""

LANGUAGES = frozenset({"zh", "en"})
MAX_ONWARD_CHARS = 500


@dataclass(slots=True)
class Office:
    """What the pages of one installation share. `key_kind`: what API keys begin with."""

    world: World
    shelf: Shelf
    jar: cookies.Jar
    key_kind: str
    patience: Patience = field(default_factory=Patience)


@dataclass(frozen=True, slots=True)
class Visit:
    """One request."""

    office: Office
    request: Request
    device: cookies.Device
    language: Language
    login: StaffLogin | None
    sent: forms.Sent | None = None

    @property
    def world(self) -> World:
        """What flows work with."""
        return self.office.world

    @property
    def reader(self) -> Reader:
        """Who reads."""
        return Reader(self.office.shelf, self.language)

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

    @property
    def form(self) -> forms.Sent:
        """The form that was sent."""
        if self.sent is None:
            raise TypeError("this route reads no form")
        return self.sent

    @property
    def query(self) -> dict[str, str]:
        """What was asked for beside the path, without the language."""
        asked = self.request.query_params
        return {name: asked[name] for name in asked if name != cookies.LANGUAGE}

    def do(self, flow: Flow[C], **request: object) -> Mapping[str, Any]:
        """Perform a flow as this person."""
        return perform(self.world, self.actor, flow, request)

    def do_once(self, flow: Flow[C], **request: object) -> Mapping[str, Any]:
        """Perform a flow that a page's form asks for: sent twice, it is done once."""
        return perform(self.world, self.actor, flow, request, f"page:{self.form['csrf']}")

    def show(self, view: View, status: int = 200, path: str = "") -> Response:
        """Show a page; `path`: where it stands, if it is not shown at its own address."""
        page = DeskPage(
            language=self.language,
            csrf=forms.csrf_token(self.world, self.device.device_id),
            path=path or self.request.url.path,
            query={} if path else self.query,
            signed_in=self.login is not None,
            sandbox=self.office.key_kind == "test",
            seat=self._seat(),
        )
        return self.remembered(HTMLResponse(render(page, view), status))

    def go(self, address: str) -> Response:
        """Lead on to another page, which a reload asks for again."""
        return self.remembered(RedirectResponse(address, 303))

    def remembered(self, response: Response) -> Response:
        """Set the cookies that this visit calls for."""
        if self.device.is_new:
            text = cookies.device_text(self.world, self.device)
            self.office.jar.put(response, cookies.DEVICE, text)
        if cookies.LANGUAGE in self.request.query_params:
            self.office.jar.put(response, cookies.LANGUAGE, self.language)
        return response

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
        ours = forms.csrf_holds(visit.world, sent.get("csrf", ""), visit.device.device_id)
        if not ours or forms.from_elsewhere(request):
            raise ConflictError(
                "page.stale",
                "This form was not made for this device, or is no longer valid.",
                field="csrf",
                fix="Open the page again and send the form from there.",
            )
        return replace(visit, sent=sent)


def arriving(request: Request, limit: RateLimitItem | None = None) -> Visit:
    """Read who comes, and how they read."""
    office: Office = request.app.state.office
    if limit is not None:
        office.patience.ask(request, limit)
    read = office.jar.read
    token = read(request, cookies.LOGIN)
    wanted = request.query_params.get(cookies.LANGUAGE) or read(request, cookies.LANGUAGE)
    accepted = request.headers.get("accept-language", "").lower()
    is_english = wanted == "en" if wanted in LANGUAGES else accepted.startswith("en")
    return Visit(
        office=office,
        request=request,
        device=cookies.device_in(office.world, read(request, cookies.DEVICE)),
        language="en" if is_english else "zh",
        login=signed_in(office.world, token) if token else None,
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


def is_ours(address: str) -> bool:
    """Say whether an address is a path of this site, and no way to lead people elsewhere."""
    plain = address.isprintable() and address.isascii() and "\\" not in address
    if not plain or len(address) > MAX_ONWARD_CHARS or not address.startswith("/"):
        return False
    parts = urlsplit(address)
    return not parts.scheme and not parts.netloc and not address.startswith("//")


Anybody = Annotated[Visit, Depends(OpenDoor())]
AnybodysForm = Annotated[Visit, Depends(FormDoor(OpenDoor(limit=DOORS)))]
Member = Annotated[Visit, Depends(MemberDoor())]
MembersForm = Annotated[Visit, Depends(FormDoor(MemberDoor(limit=DOORS)))]
