"""The frame of every page: who sits here, in which role, and where they may go."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from markupsafe import Markup

from sanshi.flows.desk_applications import DESK_APPLICATION
from sanshi.flows.desk_books import DESK_CLAIM, DESK_CLOSE, DESK_LAPSING, DESK_OVERVIEW
from sanshi.flows.desk_customers import DESK_CUSTOMERS
from sanshi.flows.desk_lists import LIST_FLOWS
from sanshi.flows.desk_loans import DESK_LOAN
from sanshi.flows.desk_settlements import DESK_SETTLEMENT
from sanshi.flows.world import Role
from sanshi.web.language import Tongue, mark
from sanshi.web.rendering import Page
from sanshi.web.workbench import addresses as at
from sanshi.web.workbench.words import named_code

_BOOKS = DESK_CLAIM.roles
_MENU: tuple[tuple[str, tuple[tuple[str, str, frozenset[Role]], ...]], ...] = (
    (
        mark("今天"),
        (
            (mark("总览"), at.OVERVIEW, DESK_OVERVIEW.roles),
            (mark("双人复核"), at.PROPOSALS, LIST_FLOWS["desk_proposals"].roles),
        ),
    ),
    (mark("审批"), ((mark("申请"), at.APPLICATIONS, DESK_APPLICATION.roles),)),
    (
        mark("贷后"),
        (
            (mark("借据"), at.LOANS, DESK_LOAN.roles),
            (mark("客户"), at.CUSTOMERS, DESK_CUSTOMERS.roles),
            (mark("案件"), at.CASES, LIST_FLOWS["desk_cases"].roles),
        ),
    ),
    (
        mark("账务"),
        (
            (mark("日终"), at.CLOSE, DESK_CLOSE.roles),
            (mark("试算平衡"), at.BOOKS, _BOOKS),
            (mark("分录"), at.POSTINGS, LIST_FLOWS["desk_postings"].roles),
            (mark("付款"), at.PAYMENTS, LIST_FLOWS["desk_payments"].roles),
            (mark("商户结算"), at.SETTLEMENTS, DESK_SETTLEMENT.roles),
            (mark("资金方结算"), at.CLAIMS, _BOOKS),
        ),
    ),
    (mark("制度"), ((mark("到期的政策"), at.POLICIES, DESK_LAPSING.roles),)),
    (
        mark("内控"),
        (
            (mark("查阅记录"), at.AUDIT, LIST_FLOWS["desk_audit"].roles),
            (mark("员工账户"), at.ACCOUNTS, LIST_FLOWS["desk_accounts"].roles),
            (mark("API 密钥"), at.KEYS, LIST_FLOWS["desk_api_keys"].roles),
        ),
    ),
)


@dataclass(frozen=True, slots=True)
class Place:
    """A page that may be gone to."""

    name: Markup
    address: str
    here: bool
    waiting: int = 0


@dataclass(frozen=True, slots=True)
class Group:
    """Places that belong together."""

    name: Markup
    places: tuple[Place, ...]


@dataclass(frozen=True, slots=True)
class Seat:
    """Who sits here."""

    display_name: str
    user_name: str
    entity_name: str
    role: Role
    roles: tuple[str, ...]
    business_date: date


@dataclass(frozen=True, slots=True)
class DeskPage(Page):
    """What a page of the desk needs beside its content. Without a seat nobody has sat down."""

    seat: Seat | None = None
    waiting: Mapping[str, int] = field(default_factory=dict)

    def menu(self, say: Tongue) -> tuple[Group, ...]:
        """Return where this role may go."""
        if self.seat is None:
            return ()
        groups = (
            Group(say(name), tuple(self._places(say, places, self.seat.role)))
            for name, places in _MENU
        )
        return tuple(group for group in groups if group.places)

    def may(self, address: str) -> bool:
        """Say whether this role may go to an address: no link leads to a closed door."""
        path = address.partition("?")[0]
        for _, places in _MENU:
            for _, room, roles in places:
                if room != at.OVERVIEW and (path == room or path.startswith(f"{room}/")):
                    return self.seat is not None and self.seat.role in roles
        return True

    def _places(
        self, say: Tongue, places: Iterable[tuple[str, str, frozenset[Role]]], role: Role
    ) -> Iterable[Place]:
        for name, address, roles in places:
            if role in roles:
                begins = self.path == address or self.path.startswith(f"{address}/")
                here = self.path == address if address == at.OVERVIEW else begins
                yield Place(say(name), address, here, self.waiting.get(address, 0))

    def role_name(self, say: Tongue, role: str) -> Markup:
        """Name a role."""
        return named_code(say, "role", role)
