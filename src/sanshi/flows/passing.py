"""Let a day pass for the loans of a shard that columns can carry."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import pyarrow as pa

from sanshi.flows.accruals import accrued_together
from sanshi.flows.positions import TOGETHER, course_of, moved_on
from sanshi.flows.world import World
from sanshi.kernel.columns import Column, Mask
from sanshi.kernel.effects import Cell, Effects, Insert, Row
from sanshi.kernel.errors import SanshiError
from sanshi.loan.passing import Passed, falling, pass_day
from sanshi.loan.position import NEXT_LINES, OPEN_DUES, POSITIONS, NextLine, table_of
from sanshi.ports import Record

BROKEN = (ArithmeticError, LookupError, SanshiError, TypeError, ValueError)
"""What a loan's own record may lead to; whatever else fails is not the loan's fault."""


@dataclass(frozen=True, slots=True)
class Shard:
    """What the store says of a shard's loans that columns carry.

    Args:
        positions: `POSITIONS`, by loan.
        open_dues: `OPEN_DUES` of these loans, by loan.
    """

    positions: pa.RecordBatch
    open_dues: pa.RecordBatch

    @property
    def loans(self) -> Column:
        """Return the numbers of its loans."""
        return _of(self.positions, "loan")

    def only(self, chosen: Mask) -> Shard:
        """Return the part with those loans for which `chosen` is true."""
        positions = self.positions.filter(pa.array(chosen))
        ours = np.isin(_of(self.open_dues, "loan"), _of(positions, "loan"))
        return Shard(positions, self.open_dues.filter(pa.array(ours)))

    def halves(self) -> Iterator[Shard]:
        """Yield the first half and the second."""
        first = np.arange(len(self.loans)) * 2 < len(self.loans)
        yield self.only(first)
        yield self.only(~first)


def read_shard(world: World, entity: str, shard: int, day: date) -> Shard:
    """Return a shard's loans that columns carry, but for those touched after a day.

    They had their books brought to the day with that.
    """
    where: dict[str, Cell] = {"entity": entity, "shard": shard}
    positions = world.store.columns("position", POSITIONS, {**where, "handling": TOGETHER})
    open_dues = world.store.columns("open_due", OPEN_DUES, where)
    waiting = _of(positions, "as_of") <= day.toordinal()
    return Shard(positions, open_dues).only(waiting)


def carried(shard: Shard, day: date) -> Mask:
    """Say of each loan whether columns can carry it through a day.

    One with nothing ahead and nothing open may be paid off; one that fell behind its dates is
    worked out anew from its events.
    """
    at = shard.positions
    ahead: Mask = (_of(at, "opening_fen") != 0) | (_of(at, "interest_fen") != 0)
    owing = np.isin(shard.loans, _of(shard.open_dues, "loan"))
    waiting: Mask = _of(at, "due") >= day.toordinal()
    return (ahead | owing) & waiting


def passed(
    world: World, whose: tuple[str, int], shard: Shard, day: date
) -> tuple[Effects, list[int]]:
    """Return what a day makes of loans that are `carried`, and which of them are broken."""
    courses = {one["loan"]: one for one in world.store.courses(_falling(shard, day))}
    parts, broken = _passed(shard, courses, day)
    earned = [part.earned for part in parts if part.earned.num_rows]
    rows: list[Row] = [moved_on(row) for part in parts for row in part.positions.to_pylist()]
    rows += [_opened(whose, row) for part in parts for row in part.open_dues.to_pylist()]
    accrued = (
        accrued_together(world, whose, day, pa.Table.from_batches(earned)) if earned else Effects()
    )
    return accrued + Effects(rows=tuple(rows)), broken


def _passed(
    shard: Shard, courses: Mapping[int, Record], day: date
) -> tuple[list[Passed], list[int]]:
    """Let the day pass for all, or where something is broken, for each half by itself."""
    if not len(shard.loans):
        return [], []
    try:
        return [_pass(shard, courses, day)], []
    except BROKEN:
        if len(shard.loans) == 1:
            return [], shard.loans.tolist()
    halves = [_passed(half, courses, day) for half in shard.halves()]
    return [part for parts, _ in halves for part in parts], [
        one for _, broken in halves for one in broken
    ]


def _pass(shard: Shard, courses: Mapping[int, Record], day: date) -> Passed:
    number = dict(zip(shard.loans.tolist(), _of(shard.positions, "number").tolist(), strict=True))
    following = [_next_line(courses[loan], number[loan]) for loan in _falling(shard, day)]
    return pass_day(day, shard.positions, shard.open_dues, table_of(NEXT_LINES, following))


def _next_line(course: Record, number: int) -> NextLine:
    running, held = course_of(course)
    return held.next_line(running, number)


def _falling(shard: Shard, day: date) -> Sequence[int]:
    loans: list[int] = falling(day, shard.positions).tolist()
    return loans


def _opened(whose: tuple[str, int], row: Mapping[str, int]) -> Insert:
    """Return an instalment that fell due and is not paid."""
    entity, shard = whose
    return Insert("open_due", {"entity": entity, "shard": shard, **row})


def _of(batch: pa.RecordBatch, name: str) -> Column:
    values: Column = batch.column(name).to_numpy()
    return values
