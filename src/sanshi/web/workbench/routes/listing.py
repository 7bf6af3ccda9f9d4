"""Routes of lists: each as a page and as CSV, made from one table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from sanshi.flows.books import TRIAL_BALANCE
from sanshi.flows.desk_books import DESK_LAPSING
from sanshi.flows.desk_customers import DESK_CUSTOMERS
from sanshi.flows.desk_lists import EXPORT_LIST, LIST_FLOWS, MAX_ROWS
from sanshi.flows.world import Flow
from sanshi.kernel.errors import InputError
from sanshi.web.language import mark
from sanshi.web.workbench import addresses as at
from sanshi.web.workbench.cells import Line, account, fen, words
from sanshi.web.workbench.desk import Door, Visit
from sanshi.web.workbench.export import csv_text
from sanshi.web.workbench.lists import Column, Sheet, listing, read_query, spec_of
from sanshi.web.workbench.sheets import SHEETS

router = APIRouter()

MAX_EXPORT = 20_000
"""Rows of one file: whoever needs more asks by date."""

_ALL = ("stage", "kind", "text", "sort", "since", "until", "descending", "offset", "limit")


@dataclass(frozen=True, slots=True)
class Room:
    """A list at its address; `fields` are what its flow takes."""

    path: str
    name: str
    flow: Flow[Any]
    fields: tuple[str, ...] = _ALL

    @property
    def sheet(self) -> Sheet:
        """How it is shown."""
        return SHEETS[self.name]

    def asked(self, query: Mapping[str, str]) -> dict[str, Any]:
        """Return what its flow takes."""
        return {name: value for name, value in read_query(query).items() if name in self.fields}


ROOMS = (
    Room(at.APPLICATIONS, "desk_applications", LIST_FLOWS["desk_applications"]),
    Room(at.LOANS, "desk_loans", LIST_FLOWS["desk_loans"]),
    Room(at.CUSTOMERS, "desk_customers", DESK_CUSTOMERS, ("text", "descending", "offset", "limit")),
    Room(at.CASES, "desk_cases", LIST_FLOWS["desk_cases"]),
    Room(at.POSTINGS, "desk_postings", LIST_FLOWS["desk_postings"]),
    Room(at.PAYMENTS, "desk_payments", LIST_FLOWS["desk_payments"]),
    Room(at.CLAIMS, "desk_claims", LIST_FLOWS["desk_claims"]),
    Room(at.SETTLEMENTS, "desk_settlements", LIST_FLOWS["desk_settlements"]),
    Room(at.POLICIES, "desk_lapsing", DESK_LAPSING, ()),
    Room(at.AUDIT, "desk_audit", LIST_FLOWS["desk_audit"]),
    Room(at.PROPOSALS, "desk_proposals", LIST_FLOWS["desk_proposals"]),
    Room(at.ACCOUNTS, "desk_accounts", LIST_FLOWS["desk_accounts"]),
    Room(at.KEYS, "desk_api_keys", LIST_FLOWS["desk_api_keys"]),
)


def page(visit: Visit, room: Room) -> Response:
    """Show a part of a list; what was asked for and cannot be read is said, and left out."""
    query, wrong = visit.query, None
    try:
        answer = visit.do(room.flow, **room.asked(query))
    except InputError as error:
        said = (
            mark("客户只能按完整的号码或编号查找。下面是全部客户。")
            if error.code == "list.text"
            else mark("有的条件读不懂，下面没有筛选。")
        )
        wrong, query = visit.reader.say(said), {}
        answer = visit.do(room.flow, **room.asked(query))
    view = listing(
        visit.reader,
        room.sheet,
        {"offset": 0, **answer},
        path=room.path,
        query=query,
        spec=spec_of(room.name),
        role=visit.actor.role,
        wrong=wrong,
    )
    return visit.show(view, 200 if wrong is None else 422)


def export(visit: Visit, room: Room) -> Response:
    """Give a list away as a file; that it was taken is on record before it is sent."""
    asked = room.asked(visit.query)
    lines: list[Line] = []
    while True:
        part = {"offset": len(lines), "limit": MAX_ROWS}
        request = {**asked, **{name: part[name] for name in part if name in room.fields}}
        answer = visit.do(room.flow, **request)
        lines += answer["rows"]
        if not answer["rows"] or len(lines) >= min(answer["total"], MAX_EXPORT):
            break
    return given_away(visit, room.path, room.sheet, lines)


def given_away(visit: Visit, path: str, sheet: Sheet, lines: list[Line]) -> Response:
    """Put on record that a list is taken, and return it."""
    name = path.removeprefix("/")
    visit.do(EXPORT_LIST, name=name, rows=len(lines))
    day = visit.world.clock.business_date().isoformat()
    file = f"{name.replace('/', '-')}-{day}.csv"
    return Response(
        csv_text(visit.reader, sheet, lines),
        media_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{file}"'},
    )


def _add(room: Room) -> None:
    def show_list(request: Request) -> Response:
        return page(request.state.visit, room)

    def export_list(request: Request) -> Response:
        return export(request.state.visit, room)

    for path, endpoint in ((room.path, show_list), (f"{room.path}.csv", export_list)):
        door = [Depends(Door(room.flow.roles))]
        router.add_api_route(path, endpoint, methods=["GET"], dependencies=door, name=path)


for _room in ROOMS:
    _add(_room)

BALANCE = Sheet(
    mark("试算平衡"),
    mark("试算平衡"),
    mark("试算平衡"),
    (
        Column(mark("科目"), lambda r, one: account(r, one["account"])),
        Column(mark("代码"), lambda _, one: words(one["account"])),
        Column(mark("期初余额"), lambda _, one: fen(one["opening_fen"])),
        Column(mark("借方发生额"), lambda _, one: fen(one["debit_fen"])),
        Column(mark("贷方发生额"), lambda _, one: fen(one["credit_fen"])),
        Column(mark("期末余额"), lambda _, one: fen(one["balance_fen"])),
    ),
)
BALANCE_ROLES = TRIAL_BALANCE.roles - {"system"}
