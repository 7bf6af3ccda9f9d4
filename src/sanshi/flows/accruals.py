"""Book what a close earned over columns: a file of lines, and their sum in the general ledger."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields
from datetime import date
from typing import Any

import pyarrow as pa

from sanshi.flows.world import World
from sanshi.kernel.effects import Cell, Effects, Insert, Json, Posting
from sanshi.kernel.errors import ImpossibleError
from sanshi.ledger.accruals import Sums, accruals, by_loan, digest, read, source, sums_of
from sanshi.ledger.posting import Booking, bring_to, entry
from sanshi.loan.books import CUSTOMER
from sanshi.loan.passing import COMPONENTS
from sanshi.ports import Record


def accrued_together(
    world: World, whose: tuple[str, int], day: date, earned: pa.RecordBatch
) -> Effects:
    """Return the file of what a shard's loans earned on a day, with the postings of its sum.

    The shard is one source of the books, brought to all that its files ever came to: what stands
    on accounts of an older chart moves with it.
    """
    if not earned.num_rows:
        return Effects()
    made = accruals(earned, COMPONENTS, world.chart)
    entity, shard = whose
    last = _newest(world, entity, shard)
    before: Sums = last["to_date"] if last else {}
    to_date = {name: before.get(name, 0) + made.sums.get(name, 0) for name in COMPONENTS}
    row: dict[str, Cell] = {
        "entity": entity,
        "business_date": day,
        "shard": shard,
        "rows": made.rows,
        "sums": dict(made.sums),
        "to_date": to_date,
        "digest": digest(made.lines),
        "lines": made.lines,
    }
    under = source(entity, shard)
    booking = Booking(entity, under, day, day, world.chart)
    postings = bring_to(_by_payer(to_date), world.store.posted(under), booking)
    return Effects(postings=postings, rows=(Insert("accrual", row),))


def accruals_expected(world: World, entity: str) -> Iterator[tuple[str, Mapping[Any, int]]]:
    """Return what the books should say of each shard's accruals, by source."""
    for mark in _marks(world, entity):
        last = _newest(world, entity, mark["shard"])
        if last is not None:
            yield source(entity, mark["shard"]), _by_payer(last["to_date"])


def accrual_file(world: World, entity: str, day: date, shard: int) -> Record | None:
    """Return the file of what a shard's loans earned on a day; None: it has none."""
    return world.store.row("accrual", entity=entity, business_date=day, shard=shard)


def accrued_in_files(world: World, position: Record) -> Sums:
    """Return what all files say of one loan, by component."""
    files = _files(world, position["entity"], position["shard"])
    loan = position["loan"]
    found = by_loan(read(file["lines"], loan) for file in files)
    return {component: fen for (_, component), fen in found.items()}


def entries_of(world: World, loan_id: str) -> list[Posting]:
    """Return all that was ever booked of a loan, by day: in its own name, and by closes."""
    own = [
        Posting(**{name: row[name] for name in _POSTING})
        for row in world.store.rows("posting", {"source": loan_id}, order_by=("posting_id",))
    ]
    position = world.store.row("position", loan_id=loan_id)
    accrued = accrued_lines(world, position) if position else []
    return sorted([*own, *accrued], key=lambda posting: posting.booking_date)


def accrued_lines(world: World, position: Record) -> list[Posting]:
    """Return what closes booked of one loan over columns, as postings in its own name."""
    entity, shard = position["entity"], position["shard"]
    return [
        entry(
            line["component"],
            CUSTOMER,
            (line["debit"], line["credit"], line["amount_fen"]),
            Booking(entity, position["loan_id"], day, day, world.chart),
        )
        for file in _files(world, entity, shard)
        for day in (file["business_date"],)
        for line in read(file["lines"], position["loan"]).to_pylist()
    ]


def files_between(world: World, entity: str, after: date | None, to: date) -> Iterator[Record]:
    """Yield the files of days after one and up to another, from the first day if there is none."""
    for mark in _marks(world, entity):
        for file in _files(world, entity, mark["shard"], after or date.min):
            if file["business_date"] > to:
                break
            yield file


def unproved_accruals(
    world: World, entity: str, should: Mapping[tuple[int, str], int]
) -> Iterator[dict[str, Json]]:
    """Compare the files with what they are said to be, and with what loans say stands in them.

    `should`: (loan, component) → fen that a loan's own books leave to the files.
    """
    total: dict[tuple[int, str], int] = {}
    for mark in _marks(world, entity):
        to_date: dict[str, int] = {}
        for file in _files(world, entity, mark["shard"]):
            wrong, found = _proved(file, to_date)
            for key, fen in found.items():
                total[key] = total.get(key, 0) + fen
            if wrong:
                on = file["business_date"].isoformat()
                yield {"kind": "accruals", "booking_date": on, "differs": wrong}
    positions = world.store.rows("position", {"entity": entity})
    numbers = {row["loan"]: row["loan_id"] for row in positions}
    for loan, component in sorted({*should, *total}):
        expected, fen = should.get((loan, component), 0), total.get((loan, component), 0)
        if expected != fen:
            yield {
                "kind": "accrued",
                "source": numbers.get(loan, str(loan)),
                "component": component,
                "expected_fen": expected,
                "posted_fen": fen,
            }


def _proved(
    file: Record, to_date: dict[str, int]
) -> tuple[list[str], Mapping[tuple[int, str], int]]:
    """Return what a file's row says otherwise than the file, and its sums by loan."""
    try:
        lines = read(file["lines"])
    except ImpossibleError:
        return ["lines"], {}
    sums = sums_of(lines)
    for name, fen in sums.items():
        to_date[name] = to_date.get(name, 0) + fen
    said = {
        "rows": lines.num_rows,
        "sums": {name: fen for name, fen in sums.items() if fen},
        "to_date": {name: to_date.get(name, 0) for name in COMPONENTS},
        "digest": digest(file["lines"]),
    }
    return [name for name, value in said.items() if file[name] != value], by_loan([lines])


def _by_payer(sums: Sums) -> dict[tuple[str, str], int]:
    return {(name, CUSTOMER): fen for name, fen in sums.items()}


def _newest(world: World, entity: str, shard: int) -> Record | None:
    where: dict[str, Cell] = {"entity": entity, "shard": shard}
    found = world.store.rows(
        "accrual", where, order_by=("business_date",), newest_first=True, limit=1
    )
    return found[0] if found else None


def _files(world: World, entity: str, shard: int, after: date = date.min) -> Iterator[Record]:
    """Yield a shard's files in the order of their days, a few in memory at a time."""
    where: dict[str, Cell] = {"entity": entity, "shard": shard}
    while page := world.store.rows(
        "accrual",
        where,
        order_by=("business_date",),
        after={"business_date": after},
        limit=_AT_ONCE,
    ):
        yield from page
        after = page[-1]["business_date"]


def _marks(world: World, entity: str) -> tuple[Record, ...]:
    return world.store.rows("close_mark", {"entity": entity}, order_by=("shard",))


_AT_ONCE = 16
_POSTING = tuple(one.name for one in fields(Posting))
