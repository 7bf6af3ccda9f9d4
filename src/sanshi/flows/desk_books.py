"""Books, cases and law on the desk, and what waits for whoever has just sat down."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import timedelta
from typing import Annotated

from pydantic import Field

from sanshi.catalogue.report import lapsed, lapsing
from sanshi.flows.cases import REQUEST
from sanshi.flows.closing import STEP
from sanshi.flows.desk_loans import own_row
from sanshi.flows.desk_rows import case_row, claim_row, name_of, proposal_row
from sanshi.flows.loans import closed_to
from sanshi.flows.papers import read_paper
from sanshi.flows.people import audited
from sanshi.flows.proposals import PROPOSABLE, proposal_of
from sanshi.flows.reconciling import open_breaks
from sanshi.flows.sealing import sealed_days
from sanshi.flows.shards import closed_shards
from sanshi.flows.world import Actor, Command, Decided, Flow, Role, World
from sanshi.kernel.effects import Cell, Effects, Json
from sanshi.kernel.errors import NotFoundError
from sanshi.ledger.reconciliation import aged
from sanshi.ports import Record, Search

LAPSE_DAYS = 90


class DeskCase(Command):
    """The case to look at."""

    case_id: str


class DeskClaim(Command):
    """The claim to look at."""

    claim_id: str


class DeskProposal(Command):
    """The proposal to look at."""

    proposal_id: str


class DeskClose(Command):
    """How many of the last days to show."""

    days: Annotated[int, Field(ge=1, le=62)] = 14


class DeskLapsing(Command):
    """How far to look ahead."""

    within_days: Annotated[int, Field(ge=1, le=730)] = LAPSE_DAYS


def _case(world: World, actor: Actor, command: DeskCase) -> Decided:
    row = own_row(world, actor, "work_case", "case_id", command.case_id)
    letter = world.store.row("document", kind=REQUEST, subject=row["case_id"])
    answer: dict[str, Json] = {
        **case_row(world, actor, with_stage(world, row, "case_id")),
        "events": events_of(world, row["case_id"]),
        "proposals": _proposals_about(world, actor, row["case_id"]),
        "letter": "",
        "reply": "",
        "person_id": "",
    }
    if letter is None:
        return Decided(answer)
    answer["letter"] = _text(world, letter["document_id"])
    answer["reply"] = _text(world, world.store.events(row["case_id"])[-1].data.get("answer_id"))
    answer["person_id"] = letter["person_id"]
    return Decided(answer, _seen(world, actor, letter["person_id"]))


def _seen(world: World, actor: Actor, person_id: str) -> Effects:
    """Put on record that somebody read what a customer wrote, or is to be told."""
    return audited(
        world,
        actor,
        entity=actor.entity,
        action="read_request",
        subject=person_id,
        purpose=actor.role,
    )


def _text(world: World, document_id: object) -> str:
    """Return what a letter says; nothing where there is none, or once its person is erased."""
    try:
        return str(read_paper(world, str(document_id)).content["text"]) if document_id else ""
    except NotFoundError:
        return ""


def with_stage(world: World, row: Record, key: str) -> Record:
    """Return a row with the stage that it stands in."""
    return {**row, "stage": world.store.standing(row[key])[1]}


def events_of(world: World, stream: str) -> list[Json]:
    """Return what happened to one thing, in order, with the names of whoever did it."""
    return [
        {
            "kind": event.kind,
            "stage": event.stage,
            "day": event.booking_date.isoformat(),
            "data": dict(event.data),
            "by_name": name_of(world, str(event.data.get("by", ""))),
        }
        for event in world.store.events(stream)
    ]


def _proposals_about(world: World, actor: Actor, subject: str) -> list[Json]:
    search = Search(
        table="proposal",
        stream="proposal_id",
        where={"entity": actor.entity, "subject": subject},
        order_by=("proposal_id",),
        newest_first=True,
    )
    return [proposal_row(world, actor, row) for row in world.store.search(search, 0, 20)[0]]


def _claim(world: World, actor: Actor, command: DeskClaim) -> Decided:
    row = own_row(world, actor, "claim", "claim_id", command.claim_id)
    lines = world.store.rows("claim_line", {"claim_id": row["claim_id"]}, order_by=("source",))
    names = ("source", "component", "amount_fen")
    return Decided(
        {
            **claim_row(world, actor, with_stage(world, row, "claim_id")),
            "lines": [{name: line[name] for name in names} for line in lines],
            "events": events_of(world, row["claim_id"]),
        }
    )


def _proposal(world: World, actor: Actor, command: DeskProposal) -> Decided:
    row = proposal_of(world, actor, command.proposal_id)
    reply_id = row["request"].get("answer_id")
    paper = world.store.row("document", document_id=reply_id) if reply_id else None
    answer: dict[str, Json] = {
        **proposal_row(world, actor, with_stage(world, row, "proposal_id")),
        "request": row["request"],
        "reply": _text(world, reply_id),
        "checkers": sorted(PROPOSABLE[row["flow"]].roles),
        "events": events_of(world, row["proposal_id"]),
    }
    return Decided(answer, _seen(world, actor, paper["person_id"]) if paper else Effects())


def _close(world: World, actor: Actor, command: DeskClose) -> Decided:
    """Say of each day that is over whether every shard is closed, and what came of it."""
    today = world.clock.business_date()
    closed = closed_to(world, actor.entity)
    roots = {row["booking_date"]: row["root"] for row in sealed_days(world, actor.entity)}
    shards = closed_shards(world, actor.entity).values()
    days: list[Json] = []
    for back in range(1, command.days + 1):
        day = today - timedelta(days=back)
        where: dict[str, Cell] = {"entity": actor.entity, "business_date": day, "step": STEP}
        steps = world.store.rows("close_step", where, order_by=("shard",))
        names = ("shard", "loans", "debit_fen", "quarantined")
        days.append(
            {
                "day": day.isoformat(),
                "closed": closed is not None and day <= closed,
                "done": len(steps),
                "of": len(steps) + sum(to < day for to in shards),
                "root": bytes(roots.get(day, b"")).hex(),
                "steps": [{name: step[name] for name in names} for step in steps],
                **{name: sum(step[name] for step in steps) for name in names[1:]},
            }
        )
    cases = open_breaks(world, actor.entity)
    breaks = [(case["opened_on"], int(case["body"]["amount_fen"])) for case in cases]
    return Decided(
        {
            "open_date": today.isoformat(),
            "closed_to": closed.isoformat() if closed else "",
            "days": days,
            "open_cases": _count(world, actor, "work_case", "case_id", ("open",)),
            "breaks": [asdict(one) for one in aged(breaks, today)],
        }
    )


def _lapsing(world: World, _actor: Actor, command: DeskLapsing) -> Decided:
    book, day = world.catalogue.rulebook, world.clock.business_date()
    found = (*lapsed(book, day), *lapsing(book, day, command.within_days))
    return Decided({"rows": [one.as_json() for one in found], "total": len(found)})


def _overview(world: World, actor: Actor, _command: Command) -> Decided:
    """Count what waits and what stands; amounts are what the books say."""
    day, role = world.clock.business_date(), actor.role
    books = world.store.balances(actor.entity)
    search = Search(
        table="proposal",
        stream="proposal_id",
        where={"entity": actor.entity},
        stages=("open",),
        order_by=("proposal_id",),
    )
    proposals = [proposal_row(world, actor, row) for row in world.store.search(search, 0, 100)[0]]
    cases = Search(
        table="work_case",
        stream="case_id",
        where={"entity": actor.entity},
        stages=("open",),
        order_by=("opened_on", "case_id"),
    )
    oldest, open_cases = world.store.search(cases, 0, 5)
    closed = closed_to(world, actor.entity)
    may_see_cases = role in {"servicing", "conduct", "audit"}
    return Decided(
        {
            "open_date": day.isoformat(),
            "closed_to": closed.isoformat() if closed else "",
            "to_check": [one for one in proposals if one["may_check"]],
            "own_proposals": [one for one in proposals if one["maker"] == actor.actor_id],
            "cases": [case_row(world, actor, row) for row in oldest] if may_see_cases else [],
            "open_cases": open_cases,
            "referred": _count(world, actor, "application", "application_id", ("referred",)),
            "undecided": _count(world, actor, "application", "application_id", ("draft",)),
            "unknown_payments": _count(world, actor, "payment", "payment_id", ("unknown",)),
            "open_claims": _count(world, actor, "claim", "claim_id", ("submitted",)),
            "active_loans": _count(world, actor, "loan", "loan_id", ("active",)),
            "lapsing": len(lapsing(world.catalogue.rulebook, day, LAPSE_DAYS)),
            "outstanding_fen": _net(books, "customer_loan"),
            "interest_fen": _net(books, "interest_receivable"),
            "funders_fen": _net(books, "funder_receivable"),
            "clearing_fen": _net(books, "rail_clearing"),
        }
    )


def _count(world: World, actor: Actor, table: str, key: str, stages: tuple[str, ...]) -> int:
    search = Search(
        table=table,
        stream=key,
        where={"entity": actor.entity},
        stages=stages,
        order_by=(key,),
    )
    return world.store.search(search, 0, 1)[1]


def _net(books: Mapping[str, tuple[int, int]], account: str) -> int:
    debit_fen, credit_fen = books.get(account, (0, 0))
    return debit_fen - credit_fen


_ALL: frozenset[Role] = frozenset({"product", "risk", "servicing", "conduct", "audit", "admin"})
_BOOKS: frozenset[Role] = frozenset({"servicing", "audit"})
DESK_CASE = Flow("desk_case", frozenset({"servicing", "conduct", "audit"}), DeskCase, _case)
DESK_CLAIM = Flow("desk_claim", _BOOKS, DeskClaim, _claim)
DESK_PROPOSAL = Flow("desk_proposal", _ALL, DeskProposal, _proposal)
DESK_CLOSE = Flow("desk_close", _BOOKS, DeskClose, _close)
DESK_LAPSING = Flow("desk_lapsing", _ALL, DeskLapsing, _lapsing)
DESK_OVERVIEW = Flow("desk_overview", _ALL, Command, _overview)
