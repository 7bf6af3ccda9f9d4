"""Let a day pass for the loans of a shard that columns can carry."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import pyarrow as pa

from sanshi.flows.accruals import accrued_together
from sanshi.flows.positions import course_of, moved_on, opened_due
from sanshi.flows.world import World
from sanshi.kernel.effects import Cell, Effects, Row
from sanshi.kernel.errors import ImpossibleError
from sanshi.loan.passing import falling, pass_day
from sanshi.loan.position import (
    NEXT_LINES,
    OPEN_DUES,
    POSITIONS,
    NextLine,
    OpenDue,
    table_of,
)
from sanshi.ports import Record


def carried(row: Record, day: date) -> bool:
    """Say whether columns can carry a loan through a day.

    One with nothing ahead is looked at by itself, for it may be paid off; one that fell behind
    its dates is worked out anew from its events.
    """
    open_ahead = row["opening_fen"] or row["interest_fen"]
    return not row["by_itself"] and bool(open_ahead) and row["due"] >= day.toordinal()


def passed(world: World, rows: Sequence[Record], day: date) -> Effects:
    """Return what a day makes of the books and positions of loans that are `carried`.

    All belong to one shard of one entity, and are in the order of their `loan`.
    """
    if not rows:
        return Effects()
    of = {row["loan"]: row for row in rows}
    positions = pa.RecordBatch.from_pylist(rows, POSITIONS)
    following = [_next_line(world, of[loan]) for loan in falling(day, positions).tolist()]
    dues = table_of(OPEN_DUES, _open_dues(world, rows))
    found = pass_day(day, positions, dues, table_of(NEXT_LINES, following))
    gone_on, opened = found.positions.to_pylist(), found.open_dues.to_pylist()
    moved: tuple[Row, ...] = (
        *(moved_on(row, of[row["loan"]]["loan_id"]) for row in gone_on),
        *(opened_due(row, of[row["loan"]]) for row in opened),
    )
    whose = (rows[0]["entity"], rows[0]["shard"])
    return accrued_together(world, whose, day, found.earned) + Effects(rows=moved)


def _part(row: Record, names: Sequence[str]) -> dict[str, int]:
    return {name: row[name] for name in names}


def _next_line(world: World, row: Record) -> NextLine:
    course = world.store.row("course", loan_id=row["loan_id"])
    if course is None:
        raise ImpossibleError("position.no_course", f"{row['loan_id']} has no course.")
    running, held = course_of(course, row["loan"])
    return held.next_line(running, row["number"])


def _open_dues(world: World, rows: Sequence[Record]) -> list[OpenDue]:
    number = {row["loan_id"]: row["loan"] for row in rows}
    where: dict[str, Cell] = {"entity": rows[0]["entity"], "shard": rows[0]["shard"]}
    names = [name for name in OPEN_DUES.names if name != "loan"]
    held = world.store.rows("open_due", where)
    dues = [
        OpenDue(loan=number[row["loan_id"]], **_part(row, names))
        for row in held
        if row["loan_id"] in number
    ]
    return sorted(dues, key=lambda due: (due.loan, due.number))
