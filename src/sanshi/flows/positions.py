"""Keep each loan's position beside its books, so that the close need not fold its events."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict
from datetime import date
from typing import Any

from sanshi.flows.world import World
from sanshi.kernel.effects import Cell, Effects, Insert, Json, Replace, Update
from sanshi.loan.position import (
    NEVER,
    OPEN_DUES,
    POSITIONS,
    Course,
    OpenDue,
    Placed,
    Position,
    placed,
)
from sanshi.loan.state import LoanState
from sanshi.ports import Record

_PLACE = tuple(name for name in POSITIONS.names if name != "loan")
_DUE = tuple(name for name in OPEN_DUES.names if name != "loan")


def new_position(loan_id: str, entity: str, shard: int) -> Insert:
    """Return the row of a loan that is signed: nothing moves yet."""
    nothing = dict.fromkeys(_PLACE, 0)
    whose: dict[str, Cell] = {"loan_id": loan_id, "entity": entity, "shard": shard}
    return Insert("position", {**whose, "by_itself": 1, **nothing})


def kept(loan: Record, state: LoanState) -> Effects:
    """Return the rows of where a loan stands, to be written with what brought it there."""
    at = placed(0, state)
    key: dict[str, Cell] = {"loan_id": loan["loan_id"]}
    if at is None:
        nothing = dict.fromkeys(_PLACE, 0) | {"as_of": state.as_of.toordinal()}
        alone = Update("position", key, {"by_itself": 1, **nothing})
        return Effects(rows=(alone, Replace("open_due", key, ()), Replace("course", key, ())))
    whose: dict[str, Cell] = {name: loan[name] for name in ("loan_id", "entity", "shard")}
    return Effects(
        rows=(
            Update("position", key, {"by_itself": 0, **_values(at.position)}),
            Replace("open_due", key, [{**whose, **_values(due)} for due in at.open_dues]),
            Replace("course", key, [{**key, **_course(at)}]),
        )
    )


def moved_on(row: Mapping[str, int], loan_id: str) -> Update:
    """Return the change of a position of which an instalment fell due."""
    return Update("position", {"loan_id": loan_id}, {name: row[name] for name in _PLACE})


def opened_due(row: Mapping[str, int], loan: Record) -> Insert:
    """Return an instalment that fell due and is not paid."""
    whose = {name: loan[name] for name in ("loan_id", "entity", "shard")}
    return Insert("open_due", {**whose, **{n: fen for n, fen in row.items() if n != "loan"}})


def course_of(row: Record, loan: int) -> tuple[int, Course]:
    """Read a loan's course, and the number of the instalment that ran when it was written."""
    course = Course(
        loan=loan,
        grace_days=row["grace_days"],
        penalty_rate_ppm=row["penalty_rate_ppm"],
        penalty_scale=row["penalty_scale"],
        penalty_cap_ppm=row["penalty_cap_ppm"],
        lines=tuple((due, principal, interest) for due, principal, interest in row["lines"]),
    )
    return row["number"], course


def misplaced(
    world: World, loan_id: str, on: Callable[[date], LoanState]
) -> Iterator[Mapping[str, Json]]:
    """Compare a loan's position with its events (`on` a day), where columns carry it."""
    row = world.store.row("position", loan_id=loan_id)
    if row is None or row["by_itself"]:
        return
    at = placed(row["loan"], on(date.fromordinal(row["as_of"])))
    should = _shown(at) if at else {}
    held = _held(world, row)
    for name in sorted({*should, *held}):
        if should.get(name) != held.get(name):
            yield {
                "kind": "position",
                "source": loan_id,
                "component": name,
                "expected": should.get(name),
                "held": held.get(name),
            }


def _shown(at: Placed) -> dict[str, Json]:
    """Return all that a position says, by name."""
    dues = {f"open_due:{due.number}:{due.due}": _values(due) for due in at.open_dues}
    return {**_values(at.position), **dues, "lines": [list(line) for line in at.course.lines]}


def _held(world: World, row: Record) -> dict[str, Json]:
    day = date.fromordinal(row["as_of"])
    rows = world.store.rows("open_due", {"loan_id": row["loan_id"]})
    open_dues = [OpenDue(row["loan"], **{n: due[n] for n in _DUE}).moved_to(day) for due in rows]
    dues = {f"open_due:{due.number}:{due.due}": _values(due) for due in open_dues}
    course = world.store.row("course", loan_id=row["loan_id"])
    lines = course["lines"][row["number"] - course["number"] :] if course else None
    # The one that falls due last leaves no number behind.
    lines = [] if course and row["due"] == NEVER else lines
    return {**{name: row[name] for name in _PLACE}, **dues, "lines": lines}


def _values(value: Position | OpenDue) -> dict[str, Any]:
    return {name: fen for name, fen in asdict(value).items() if name != "loan"}


def _course(at: Placed) -> dict[str, Any]:
    course = {name: value for name, value in asdict(at.course).items() if name != "loan"}
    lines = [list(line) for line in at.course.lines]
    return {**course, "number": at.position.number, "lines": lines}
