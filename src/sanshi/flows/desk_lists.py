"""Lists of the desk: what a lender's staff look through, filtered, sorted and page by page.

Every list is of one legal entity, that of whoever asks; nothing here can name another.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any

from pydantic import Field, StringConstraints

from sanshi import life
from sanshi.flows.closing import Day
from sanshi.flows.desk_rows import (
    account_row,
    application_row,
    audit_row,
    case_row,
    claim_row,
    key_row,
    loan_row,
    payment_row,
    posting_row,
    proposal_row,
    settlement_row,
)
from sanshi.flows.people import audited
from sanshi.flows.world import Actor, Command, Decided, Flow, Role, World
from sanshi.kernel.effects import Cell, Json
from sanshi.kernel.errors import InputError
from sanshi.ports import Record, Search

MAX_ROWS = 500
MAX_OFFSET = 1_000_000


class DeskListing(Command):
    """What to look for, in which order, and which part of it.

    `kind` is one more value that rows may be chosen by; which one depends on the list.
    """

    stage: Annotated[str, StringConstraints(max_length=40)] = ""
    kind: Annotated[str, StringConstraints(max_length=80)] = ""
    text: Annotated[str, StringConstraints(max_length=80)] = ""
    since: Day | None = None
    until: Day | None = None
    sort: str = ""
    descending: bool = True
    offset: Annotated[int, Field(ge=0, le=MAX_OFFSET)] = 0
    limit: Annotated[int, Field(ge=1, le=MAX_ROWS)] = 50


@dataclass(frozen=True, slots=True)
class DeskList:
    """One list: its table, what it can be chosen and sorted by, and how a row is shown.

    Args:
        name: of its flow.
        table: what is listed.
        shown: gives what is said of a row.
        roles: who may look.
        sorts: names of orders → columns; the first one is the usual one.
        life: the life that stages belong to; empty: rows have none.
        kinds: the columns of which one must have the value `kind`.
        text_in: columns searched for `text`.
        dated: the column that `since` and `until` are about.
    """

    name: str
    table: str
    shown: Callable[[World, Actor, Record], Mapping[str, Json]]
    roles: frozenset[Role]
    sorts: Mapping[str, tuple[str, ...]]
    life: str = ""
    kinds: tuple[str, ...] = ()
    text_in: tuple[str, ...] = ()
    dated: str = ""
    where: Mapping[str, Cell] = field(default_factory=dict)

    @property
    def stages(self) -> tuple[str, ...]:
        """The stages that a row may stand in."""
        moves = life.LIVES.get(self.life, {})
        ends = [end for by_event in moves.values() for to in by_event.values() for end in to]
        return tuple(dict.fromkeys(ends))

    def flow(self) -> Flow[DeskListing]:
        """Return the flow that answers with a part of the list."""

        def decide(world: World, actor: Actor, command: DeskListing) -> Decided:
            rows, total = world.store.search(
                self.search(actor, command), command.offset, command.limit
            )
            shown: list[Json] = [dict(self.shown(world, actor, row)) for row in rows]
            return Decided({"rows": shown, "total": total, "offset": command.offset})

        return Flow(self.name, self.roles, DeskListing, decide)

    def search(self, actor: Actor, command: DeskListing) -> Search:
        """Return what to ask the store."""
        _must_be_among("sort", command.sort, ("", *self.sorts))
        _must_be_among("stage", command.stage, ("", *self.stages))
        dates = command.since is not None or command.until is not None
        for name, given, can in (
            ("kind", bool(command.kind), bool(self.kinds)),
            ("text", bool(command.text), bool(self.text_in)),
            ("since", dates, bool(self.dated)),
        ):
            if given and not can:
                raise InputError("list.filter", f"This list has no {name}.", field=name)
        first = next(iter(self.sorts))
        return Search(
            table=self.table,
            stream=next(iter(self.sorts[first][-1:])) if self.life else "",
            where={"entity": actor.entity, **self.where},
            stages=(command.stage,) if command.stage else (),
            text=command.text.strip(),
            text_in=self.text_in,
            either=self.kinds if command.kind else (),
            is_either=command.kind,
            dated=self.dated,
            since=command.since,
            until=command.until,
            order_by=self.sorts[command.sort or first],
            newest_first=command.descending,
        )


def _must_be_among(name: str, value: str, known: tuple[str, ...]) -> None:
    if value not in known:
        raise InputError(
            f"list.{name}",
            f"This list has no {name} {value!r}.",
            field=name,
            fix=f"Use one of: {', '.join(one for one in known if one)}.",
        )


class ExportList(Command):
    """The list that leaves the desk, and how many rows of it."""

    name: str
    rows: Annotated[int, Field(ge=0)]


def _export(world: World, actor: Actor, command: ExportList) -> Decided:
    """Put on record that a list is taken away, before it is."""
    seen = audited(
        world,
        actor,
        entity=actor.entity,
        action="export_list",
        subject=f"{command.name} · {command.rows}",
        purpose="export",
    )
    return Decided({"exported": command.name}, seen)


_WATCHING: frozenset[Role] = frozenset({"servicing", "conduct", "audit"})
_BOOKS: frozenset[Role] = frozenset({"servicing", "audit"})
_ALL: frozenset[Role] = frozenset({"product", "risk", "servicing", "conduct", "audit", "admin"})

EXPORT_LIST = Flow("export_list", _ALL, ExportList, _export)

APPLICATIONS = DeskList(
    "desk_applications",
    "application",
    application_row,
    frozenset({"risk", "audit"}),
    {"applied": ("applied_on", "application_id"), "plan": ("plan_key", "application_id")},
    life="application",
    text_in=("application_id", "plan_key", "person_id"),
    dated="applied_on",
)
LOANS = DeskList(
    "desk_loans",
    "loan",
    loan_row,
    _WATCHING,
    {"made": ("loan_id",), "merchant": ("merchant", "loan_id")},
    life="loan",
    kinds=("person_id",),
    text_in=("loan_id", "merchant", "contract_id"),
)
CASES = DeskList(
    "desk_cases",
    "work_case",
    case_row,
    _WATCHING,
    {
        "opened": ("opened_on", "case_id"),
        "kind": ("kind", "case_id"),
        "subject": ("subject", "case_id"),
    },
    life="case",
    kinds=("kind",),
    text_in=("case_id", "subject"),
    dated="opened_on",
)
POSTINGS = DeskList(
    "desk_postings",
    "posting",
    posting_row,
    _BOOKS,
    {
        "booked": ("booking_date", "posting_id"),
        "valued": ("value_date", "posting_id"),
        "amount": ("amount_fen", "posting_id"),
    },
    kinds=("debit", "credit"),
    text_in=("source", "component", "payer"),
    dated="booking_date",
)
PAYMENTS = DeskList(
    "desk_payments",
    "payment",
    payment_row,
    _BOOKS,
    {
        "ordered": ("ordered_on", "payment_id"),
        "amount": ("amount_fen", "payment_id"),
        "purpose": ("purpose", "payment_id"),
    },
    life="payment",
    kinds=("kind", "purpose"),
    text_in=("payment_id", "subject"),
    dated="ordered_on",
)
CLAIMS = DeskList(
    "desk_claims",
    "claim",
    claim_row,
    _BOOKS,
    {
        "claimed": ("claimed_on", "claim_id"),
        "funder": ("funder", "claim_id"),
        "amount": ("amount_fen", "claim_id"),
    },
    life="claim",
    kinds=("funder",),
    text_in=("claim_id", "funder"),
    dated="claimed_on",
)
SETTLEMENTS = DeskList(
    "desk_settlements",
    "settlement",
    settlement_row,
    _BOOKS,
    {
        "settled": ("settled_on", "settlement_id"),
        "merchant": ("merchant", "settlement_id"),
        "amount": ("paid_fen", "settlement_id"),
    },
    life="settlement",
    kinds=("merchant",),
    text_in=("settlement_id",),
    dated="settled_on",
)
AUDIT = DeskList(
    "desk_audit",
    "audit",
    audit_row,
    frozenset({"audit"}),
    {"at": ("audit_id",), "actor": ("actor", "audit_id"), "action": ("action", "audit_id")},
    kinds=("action",),
    text_in=("actor", "subject", "purpose"),
)
PROPOSALS = DeskList(
    "desk_proposals",
    "proposal",
    proposal_row,
    _ALL,
    {"made": ("made_on", "proposal_id"), "what": ("flow", "proposal_id")},
    life="proposal",
    kinds=("flow",),
    text_in=("proposal_id", "subject"),
    dated="made_on",
)
ACCOUNTS = DeskList(
    "desk_accounts",
    "staff_account",
    account_row,
    frozenset({"admin", "audit"}),
    {"name": ("user_name", "account_id"), "created": ("created_on", "account_id")},
    text_in=("user_name", "display_name"),
    dated="created_on",
)
API_KEYS = DeskList(
    "desk_api_keys",
    "api_key",
    key_row,
    frozenset({"admin"}),
    {"issued": ("issued_on", "key_id"), "role": ("role", "key_id")},
    kinds=("role",),
    text_in=("label", "key_id"),
    dated="issued_on",
)
LISTS: Mapping[str, DeskList] = {
    one.name: one
    for one in (
        APPLICATIONS,
        LOANS,
        CASES,
        POSTINGS,
        PAYMENTS,
        CLAIMS,
        SETTLEMENTS,
        AUDIT,
        PROPOSALS,
        ACCOUNTS,
        API_KEYS,
    )
}
LIST_FLOWS: Mapping[str, Flow[Any]] = {name: one.flow() for name, one in LISTS.items()}
