"""Keep each loan's position beside its books, so that the close need not fold its events."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from sanshi.flows.accruals import accrued_in_files
from sanshi.flows.world import World
from sanshi.kernel.effects import Cell, Effects, Insert, Json, Replace, Update
from sanshi.loan.books import CUSTOMER
from sanshi.loan.passing import COMPONENTS
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


@dataclass(frozen=True, slots=True)
class Accrued:
    """What closes booked of a loan over columns; it stands in their files, not in its own name."""

    interest_fen: int
    penalty_fen: int

    @property
    def components(self) -> dict[tuple[str, str], int]:
        """Return the same by component of the loan's books."""
        fen = (self.interest_fen, self.penalty_fen)
        return {(name, CUSTOMER): one for name, one in zip(COMPONENTS, fen, strict=True)}


NOT_ACCRUED = Accrued(0, 0)


def kept(loan: Record, state: LoanState, accrued: Accrued) -> Effects:
    """Return the rows of where a loan stands, to be written with what brought it there."""
    at = placed(0, state)
    if at is None:
        return by_itself(loan, state.as_of, accrued)
    key: dict[str, Cell] = {"loan_id": loan["loan_id"]}
    whose: dict[str, Cell] = {name: loan[name] for name in ("loan_id", "entity", "shard")}
    interest_fen = at.position.interest_on(state.as_of)
    own = _own(interest_fen, at.position.penalty_on(state.as_of, at.open_dues), accrued)
    return Effects(
        rows=(
            Update("position", key, {"by_itself": 0, **_values(at.position), **own}),
            Replace("open_due", key, [{**whose, **_values(due)} for due in at.open_dues]),
            Replace("course", key, [{**key, **_course(at)}]),
        )
    )


def by_itself(loan: Record, as_of: date, accrued: Accrued) -> Effects:
    """Return the rows of a loan that columns cannot carry: they keep what they booked of it."""
    key: dict[str, Cell] = {"loan_id": loan["loan_id"]}
    held: dict[str, Cell] = {
        **dict.fromkeys(_PLACE, 0),
        "as_of": as_of.toordinal(),
        "fallen_interest_fen": accrued.interest_fen,
        "penalty_fen": accrued.penalty_fen,
    }
    alone = Update("position", key, {"by_itself": 1, **held, **_own(0, 0, NOT_ACCRUED)})
    return Effects(rows=(alone, Replace("open_due", key, ()), Replace("course", key, ())))


def _own(interest_fen: int, penalty_fen: int, accrued: Accrued) -> dict[str, int]:
    return {
        "own_interest_fen": interest_fen - accrued.interest_fen,
        "own_penalty_fen": penalty_fen - accrued.penalty_fen,
    }


def booked_to(row: Record, closed_to: date | None) -> date | None:
    """Return the day to which a loan's books were brought, by what its position says."""
    as_of = date.fromordinal(row["as_of"]) if row["as_of"] else None
    if as_of is None or closed_to is None or row["by_itself"]:
        return as_of
    return max(as_of, closed_to)


def accrued_to(world: World, row: Record, day: date | None) -> Accrued:
    """Return what stands in accruals of a loan whose books were brought to a day."""
    if day is None:
        return NOT_ACCRUED
    try:
        position = Position(**{name: row[name] for name in POSITIONS.names})
        interest_fen = position.interest_on(day)
        penalty_fen = position.penalty_on(day, open_dues(world, row))
    except LookupError:  # no position that ever was
        found = accrued_in_files(world, row)
        return Accrued(*(found.get(name, 0) for name in COMPONENTS))
    return Accrued(interest_fen - row["own_interest_fen"], penalty_fen - row["own_penalty_fen"])


def open_dues(world: World, row: Record) -> list[OpenDue]:
    """Return the open instalments of a position."""
    rows = world.store.rows("open_due", {"loan_id": row["loan_id"]})
    return [OpenDue(row["loan"], **{name: due[name] for name in _DUE}) for due in rows]


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
    held = (due.moved_to(day) for due in open_dues(world, row))
    dues = {f"open_due:{due.number}:{due.due}": _values(due) for due in held}
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
