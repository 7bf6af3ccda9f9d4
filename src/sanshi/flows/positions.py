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

TOGETHER, ALONE, AT_REST = range(3)
"""How a close handles a loan: over columns, from its events, or not at all, for nothing moves."""
LIVE = frozenset({"disbursing", "disbursement_unknown", "active"})
"""Stages of loans that a close looks at."""


def new_position(loan_id: str, entity: str, shard: int) -> Insert:
    """Return the row of a loan that is signed: nothing moves yet."""
    nothing = dict.fromkeys(_PLACE, 0)
    whose: dict[str, Cell] = {"loan_id": loan_id, "entity": entity, "shard": shard}
    return Insert("position", {**whose, "handling": AT_REST, **nothing})


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


@dataclass(frozen=True, slots=True)
class Whose:
    """Whose position it is: the loan's number in the books, its lender, and its shard."""

    loan: int
    entity: str
    shard: int

    @property
    def cells(self) -> dict[str, Cell]:
        """Return the same as columns."""
        return {"entity": self.entity, "shard": self.shard, "loan": self.loan}


def kept(whose: Whose, state: LoanState, stage: str, accrued: Accrued) -> Effects:
    """Return the rows of where a loan stands, to be written with what brought it there."""
    if stage not in LIVE:
        return without_columns(whose, AT_REST, state.as_of, accrued)
    at = placed(whose.loan, state)
    if at is None:
        return without_columns(whose, ALONE, state.as_of, accrued)
    key: dict[str, Cell] = {"loan": whose.loan}
    interest_fen = at.position.interest_on(state.as_of)
    own = _own(interest_fen, at.position.penalty_on(state.as_of, at.open_dues), accrued)
    return Effects(
        rows=(
            Update("position", key, {"handling": TOGETHER, **_values(at.position), **own}),
            Replace("open_due", key, [{**whose.cells, **_values(due)} for due in at.open_dues]),
            Replace("course", key, [{**key, **_course(at)}]),
        )
    )


def without_columns(whose: Whose, handling: int, as_of: date, accrued: Accrued) -> Effects:
    """Return the rows of a loan that columns do not carry: they keep what they booked of it."""
    key: dict[str, Cell] = {"loan": whose.loan}
    held: dict[str, Cell] = {
        **dict.fromkeys(_PLACE, 0),
        "as_of": as_of.toordinal(),
        "fallen_interest_fen": accrued.interest_fen,
        "penalty_fen": accrued.penalty_fen,
    }
    place = Update("position", key, {"handling": handling, **held, **_own(0, 0, NOT_ACCRUED)})
    return Effects(rows=(place, Replace("open_due", key, ()), Replace("course", key, ())))


def _own(interest_fen: int, penalty_fen: int, accrued: Accrued) -> dict[str, int]:
    return {
        "own_interest_fen": interest_fen - accrued.interest_fen,
        "own_penalty_fen": penalty_fen - accrued.penalty_fen,
    }


def booked_to(row: Record, closed_to: date | None) -> date | None:
    """Return the day to which a loan's books were brought, by what its position says."""
    as_of = date.fromordinal(row["as_of"]) if row["as_of"] else None
    if as_of is None or closed_to is None or row["handling"] == ALONE:
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
    rows = world.store.rows("open_due", {"loan": row["loan"]})
    return [OpenDue(row["loan"], **{name: due[name] for name in _DUE}) for due in rows]


def moved_on(row: Mapping[str, int]) -> Update:
    """Return the change of a position of which an instalment fell due."""
    return Update("position", {"loan": row["loan"]}, {name: row[name] for name in _PLACE})


def course_of(row: Record) -> tuple[int, Course]:
    """Read a loan's course, and the number of the instalment that ran when it was written."""
    course = Course(
        loan=row["loan"],
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
    if row is None or row["handling"] != TOGETHER:
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
    course = world.store.row("course", loan=row["loan"])
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
