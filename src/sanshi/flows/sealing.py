"""Seal the days of the books 封账: hashed, chained, summed, and in the evidence log."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from datetime import date

from sanshi.flows.accruals import files_between
from sanshi.flows.closing import Day
from sanshi.flows.loans import closed_to
from sanshi.flows.people import must_be_entity
from sanshi.flows.world import Actor, Command, Decided, Flow, World
from sanshi.kernel.effects import Cell, Effects, Insert, Json, Leaf
from sanshi.kernel.errors import ConflictError
from sanshi.ledger.accruals import digest
from sanshi.ledger.sealing import NO_DAY_BEFORE, Seal, seal
from sanshi.ports import Record

LEAF = "ledger_day"
"""Kind of the evidence leaf that holds a day's root; its subject is `entity:day`."""


class SealDay(Command):
    """Whose closed day."""

    entity: str
    business_date: Day


def _decide(world: World, actor: Actor, command: SealDay) -> Decided:
    """Seal what was booked since the last sealed day; a day that is sealed stays as it is."""
    must_be_entity(actor, command.entity)
    days = sealed_days(world, command.entity)
    last = days[-1] if days else None
    if last is not None and last["booking_date"] >= command.business_date:
        return Decided(_answer(next(d for d in days if d["booking_date"] >= command.business_date)))
    closed = closed_to(world, command.entity)
    if closed is None or closed < command.business_date:
        raise ConflictError(
            "seal.not_closed",
            f"{command.entity}'s books are not closed for {command.business_date}.",
            field="business_date",
            fix="Close the day first.",
        )
    after, previous = (last["booking_date"], last["root"]) if last else (None, NO_DAY_BEFORE)
    made = _sealed(world, command.entity, (after, command.business_date), previous)
    row, totals = rows_of(made)
    leaf = Leaf(LEAF, f"{made.entity}:{made.booking_date}", made.root)
    rows = (Insert("sealed_day", row), *(Insert("account_day", total) for total in totals))
    return Decided(_answer(row), Effects(rows=rows, leaves=(leaf,)))


def _sealed(world: World, entity: str, days: tuple[date | None, date], previous: bytes) -> Seal:
    """Seal what was booked after a day and up to another."""
    after, to = days
    hashes = (digest(file["lines"]) for file in files_between(world, entity, after, to))
    return seal(entity, to, world.store.booked(entity, after, to), previous, hashes)


def sealed_days(world: World, entity: str) -> tuple[Record, ...]:
    """Return an entity's sealed days in order."""
    return world.store.rows("sealed_day", {"entity": entity}, order_by=("booking_date",))


def rows_of(made: Seal) -> tuple[dict[str, Cell], list[dict[str, Cell]]]:
    """Return the rows of `sealed_day` and `account_day` that keep a seal."""
    row: dict[str, Cell] = {
        "entity": made.entity,
        "booking_date": made.booking_date,
        "postings": made.postings,
        "amount_fen": made.amount_fen,
        "previous": made.previous,
        "root": made.root,
    }
    totals: list[dict[str, Cell]] = [
        {
            "entity": made.entity,
            "booking_date": total.booking_date,
            "value_date": total.value_date,
            "account": total.account,
            "debit_fen": total.debit_fen,
            "credit_fen": total.credit_fen,
        }
        for total in made.totals
    ]
    return row, totals


def broken_seals(
    world: World, entity: str, since: date = date.min, to: date = date.max
) -> Iterator[dict[str, Json]]:
    """Seal the sealed days of a period again from their postings; name what comes out otherwise."""
    days = sealed_days(world, entity)
    kept = _kept_totals(world, entity, [day["booking_date"] for day in days])
    after, previous = None, NO_DAY_BEFORE
    for number, day in enumerate(days):
        on = day["booking_date"]
        if since <= on <= to:
            row, totals = rows_of(_sealed(world, entity, (after, on), previous))
            wrong = [name for name, value in row.items() if day[name] != value]
            if kept[number] != totals:
                wrong.append("totals")
            if wrong:
                yield {"kind": "seal", "booking_date": on.isoformat(), "differs": wrong}
        after, previous = on, day["root"]
    for total in kept[len(days)]:  # sums of days that nobody sealed would count twice
        on = total["booking_date"]
        if not since <= on <= to:
            continue
        yield {"kind": "seal", "booking_date": on.isoformat(), "differs": ["totals"]}


def _kept_totals(world: World, entity: str, ends: Sequence[date]) -> list[list[Record]]:
    """Return the rows of `account_day` of each sealed day, and last those beyond all of them."""
    kept: list[list[Record]] = [[] for _ in range(len(ends) + 1)]
    order = ("booking_date", "value_date", "account")
    rows = world.store.rows("account_day", {"entity": entity})
    for row in sorted(rows, key=lambda row: [row[name] for name in order]):
        kept[bisect_left(ends, row["booking_date"])].append(row)
    return kept


def _answer(day: Record) -> dict[str, Json]:
    return {
        "business_date": day["booking_date"].isoformat(),
        "postings": day["postings"],
        "amount_fen": day["amount_fen"],
        "root": bytes(day["root"]).hex(),
    }


SEAL_DAY = Flow("seal_day", frozenset({"servicing", "system"}), SealDay, _decide)
