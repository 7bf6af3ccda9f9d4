"""Reconcile a day 对账: the rail's file, our instructions and the clearing account must agree.

What agrees is settled; what does not is named and becomes a case. Clearing ends at zero or at the
sum of the names.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date

from sanshi.flows.cases import opened
from sanshi.flows.closing import Day
from sanshi.flows.steps import standing, today
from sanshi.flows.world import Actor, Command, Decided, Flow, World
from sanshi.kernel.effects import Effects, Json
from sanshi.kernel.errors import ConflictError
from sanshi.ledger.posting import Booking, moved
from sanshi.ledger.reconciliation import KINDS, Break, BreakKind, Moved, match, open_on_clearing_fen
from sanshi.ports import Record

CLEARING = "rail_clearing"
TRIES = 10

CASES: Mapping[BreakKind, str] = {kind: f"rail_{kind}" for kind in KINDS}
"""Kind of difference → kind of the case about it."""

Balances = Mapping[str, tuple[int, int]]
"""Account → (debits, credits)."""


class Reconcile(Command):
    """Whose payments, and the rail's value date."""

    entity: str
    value_date: Day


def _decide(world: World, _actor: Actor, command: Reconcile) -> Decided:
    statement = world.payments.statement(command.value_date)
    rows, books = _as_of_one_moment(world, command.entity)
    ours = {payment_id: _moved(row) for payment_id, row in rows.items()}
    lines = [
        Moved(line.instruction_id, line.kind, line.amount_fen, line.value_date)
        for line in statement
        if line.instruction_id in ours or not _is_anothers(world, line.instruction_id)
    ]
    matched = match(lines, ours, command.value_date)
    effects = Effects()
    for payment_id in matched.settled:
        effects = effects + _settle(world, rows[payment_id], command.value_date)
    clearing_fen = _clearing_fen(books, effects)
    left = [own for payment_id, own in ours.items() if payment_id not in matched.settled]
    unexplained_fen = clearing_fen - open_on_clearing_fen(left)
    breaks = matched.breaks
    if unexplained_fen:
        breaks = (*breaks, Break("unexplained", command.entity, unexplained_fen))
    for found in breaks:
        effects = effects + _case(world, command, found)
    over = {*matched.settled, *(() if unexplained_fen else (command.entity,))}
    agreed, closed = _agreed(world, command, over)
    effects = effects + closed
    answer = {
        "lines": len(lines),
        "settled": len(matched.settled),
        "breaks": [
            {"kind": b.kind, "subject": b.subject, "amount_fen": b.amount_fen} for b in breaks
        ],
        "clearing_fen": clearing_fen,
        "unexplained_fen": unexplained_fen,
        "agreed": agreed,
    }
    return Decided(answer, effects)


def _as_of_one_moment(world: World, entity: str) -> tuple[dict[str, Record], Balances]:
    """Return payments and books that belong together: read again if a payment moved between."""
    rows = _payments(world, entity)
    for _ in range(TRIES):
        books = world.store.balances(entity)
        before, rows = rows, _payments(world, entity)
        if rows == before:
            return rows, books
    raise ConflictError(
        "reconcile.moving",
        f"Payments of {entity} kept coming in while its books were read.",
        field="entity",
        fix="Reconcile again.",
    )


def _payments(world: World, entity: str) -> dict[str, Record]:
    stages = ("intended", "sent", "unknown", "succeeded", "failed", "settled")
    found = world.store.in_stage("payment", "payment_id", stages, {"entity": entity})
    return {row["payment_id"]: row for row in found}


def _moved(row: Record) -> Moved:
    return Moved(row["payment_id"], row["kind"], row["amount_fen"], row["value_date"], row["stage"])


def _is_anothers(world: World, payment_id: str) -> bool:
    return world.store.row("payment", payment_id=payment_id) is not None


def _settle(world: World, row: Record, value_date: date) -> Effects:
    component = "settled_in" if row["kind"] == "collect" else "settled_out"
    booked_on = world.clock.business_date()
    booking = Booking(row["entity"], row["payment_id"], value_date, booked_on, world.chart)
    postings = moved({(component, "rail"): row["amount_fen"]}, booking)
    step = standing(world, "payment", row["payment_id"], row["entity"]).step(
        "settled", value_date=value_date, booking_date=booked_on, data={}
    )
    return Effects(events=(step,), postings=postings)


def _clearing_fen(books: Balances, effects: Effects) -> int:
    """Return the clearing balance once the effects are applied."""
    debit_fen, credit_fen = books.get(CLEARING, (0, 0))
    moved_fen = sum(
        p.amount_fen * ((p.debit == CLEARING) - (p.credit == CLEARING)) for p in effects.postings
    )
    return debit_fen - credit_fen + moved_fen


def _case(world: World, command: Reconcile, found: Break) -> Effects:
    details = {"amount_fen": found.amount_fen, "value_date": command.value_date.isoformat()}
    return opened(world, command.entity, CASES[found.kind], found.subject, details)


def open_breaks(world: World, entity: str) -> tuple[Record, ...]:
    """Return the cases of differences that are still open."""
    cases = world.store.in_stage("work_case", "case_id", ("open",), {"entity": entity})
    return tuple(case for case in cases if case["kind"] in CASES.values())


def _agreed(world: World, command: Reconcile, over: Collection[str]) -> tuple[list[Json], Effects]:
    """Close the cases of what has come to agree since; nobody need look at them any more."""
    effects, agreed = Effects(), []
    for case in open_breaks(world, command.entity):
        if case["subject"] in over:
            at = standing(world, "case", case["case_id"], command.entity)
            day = command.value_date.isoformat()
            effects = effects + today(world, at, "closed", agreed_with=day)
            agreed.append(case["case_id"])
    return agreed, effects


RECONCILE = Flow("reconcile", frozenset({"servicing", "system"}), Reconcile, _decide)
