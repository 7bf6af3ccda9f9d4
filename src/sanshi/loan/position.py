"""A loan's position: what of its state time alone moves, as one narrow row of whole numbers.

Between two events a loan changes in three ways: its running period earns interest, an instalment
falls due, and overdue principal earns penalty. A position holds what these need, worked out on
one day; `passing` moves many of them on over columns. Whatever else may happen is an event, and
the fold of events writes the position anew.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, fields, replace
from datetime import date
from functools import lru_cache

import numpy as np
import pyarrow as pa

from sanshi.kernel.columns import Column
from sanshi.kernel.dates import YEAR_UNITS, DayCount, year_place
from sanshi.kernel.money import PPM
from sanshi.kernel.schedules import MAX_DUE_DAY, Instalment, Interest
from sanshi.loan.state import Due, LoanState

NEVER = date.max.toordinal()
"""The next due date of a loan that has nothing ahead."""

NO_CAP = -1

_CONVENTIONS: tuple[DayCount, ...] = tuple(YEAR_UNITS)
_ANCHORS = MAX_DUE_DAY + 1
"""Anchor days from 1, and 0 where there is none."""

YEARS: Column = np.repeat(np.array([PPM * YEAR_UNITS[one] for one in _CONVENTIONS]), _ANCHORS)
"""Of each scale: what a numerator of balance × rate × share of the year is divided by."""


def scale_of(day_count: DayCount, anchor_day: int = 0) -> int:
    """Number the scale on which a day count measures shares of a year, for one due day."""
    return _CONVENTIONS.index(day_count) * _ANCHORS + anchor_day


@lru_cache(maxsize=64)
def places_on(day: date) -> Column:
    """Return where a day stands on each scale; shares of years are differences of it."""
    return np.array(
        [year_place(day, one, anchor or None) for one in _CONVENTIONS for anchor in range(_ANCHORS)]
    )


@dataclass(frozen=True, slots=True)
class Position:
    """One loan on `as_of`; dates are ordinals, amounts fen.

    Args:
        loan: its number.
        scale: of its interest, see `scale_of`.
        opening_fen: principal ahead, which bears `rate_ppm`.
        since: where `as_of` stands on the scale.
        running_fen: interest of the running period up to `as_of`, in whole fen.
        rest: what is carried of it, over the scale's `YEARS`.
        fallen_interest_fen: interest of the instalments that fell due.
        penalty_fen: penalty of those that are not `OpenDue` any more.
        number: of the running instalment, which is due on `due` (`NEVER`: nothing is ahead)
            with these amounts.
    """

    loan: int
    as_of: int
    scale: int
    rate_ppm: int
    opening_fen: int
    since: int
    running_fen: int
    rest: int
    fallen_interest_fen: int
    penalty_fen: int
    number: int
    due: int
    principal_fen: int
    interest_fen: int

    def interest_on(self, day: date) -> int:
        """Return the interest earned by a day before the next due date, in fen."""
        earned_fen = self.fallen_interest_fen + self.running_fen
        place = int(places_on(day)[self.scale])
        if place <= self.since:
            return earned_fen
        grown = self.rest + self.opening_fen * self.rate_ppm * (place - self.since)
        return earned_fen + grown // int(YEARS[self.scale])

    def penalty_on(self, day: date, open_dues: Iterable[OpenDue]) -> int:
        """Return the penalty earned by a day, less what was forgiven, in fen."""
        on_day = (due.moved_to(day) for due in open_dues)
        return self.penalty_fen + sum(due.penalty_fen - due.waived_fen for due in on_day)


@dataclass(frozen=True, slots=True)
class OpenDue:
    """An instalment that fell due and is not paid in full.

    Args:
        grace_to: last day on which its principal earns no penalty.
        principal_fen: still open, as is `interest_fen`.
        penalty_fen: earned up to the place `since`, in whole fen, before what was forgiven.
        rest: what is carried of it, over the scale's `YEARS`.
        waived_fen: penalty forgiven.
        penalty_paid_fen: penalty paid.
        cap_fen: most penalty that it may earn, or `NO_CAP`.
        scale: of the penalty, at `rate_ppm`.
    """

    loan: int
    number: int
    due: int
    grace_to: int
    principal_fen: int
    interest_fen: int
    penalty_fen: int
    rest: int
    waived_fen: int
    penalty_paid_fen: int
    cap_fen: int
    scale: int
    rate_ppm: int
    since: int

    def moved_to(self, day: date) -> OpenDue:
        """Return the same instalment as it would be written on a later day."""
        place = int(places_on(day)[self.scale])
        if day.toordinal() <= self.grace_to or not self.principal_fen or place <= self.since:
            return self
        grown = self.rest + self.principal_fen * self.rate_ppm * (place - self.since)
        more, rest = divmod(grown, int(YEARS[self.scale]))
        penalty_fen = self.penalty_fen + more
        if self.cap_fen != NO_CAP and penalty_fen >= self.cap_fen:
            penalty_fen, rest = self.cap_fen, 0
        return replace(self, penalty_fen=penalty_fen, rest=rest, since=place)


@dataclass(frozen=True, slots=True)
class Course:
    """What follows the running instalment, and what becomes of one that is not paid."""

    loan: int
    grace_days: int
    penalty_rate_ppm: int
    penalty_scale: int
    penalty_cap_ppm: int
    lines: tuple[tuple[int, int, int], ...]
    """(due, principal, interest) of each, the first being number `Position.number` + 1."""

    def next_line(self, running: int, number: int) -> NextLine:
        """Return what comes after instalment `number`; `running` was the first when this began."""
        place = number - running
        due, principal, interest = self.lines[place] if place < len(self.lines) else (NEVER, 0, 0)
        return NextLine(
            loan=self.loan,
            due=due,
            principal_fen=principal,
            interest_fen=interest,
            grace_days=self.grace_days,
            penalty_rate_ppm=self.penalty_rate_ppm,
            penalty_scale=self.penalty_scale,
            penalty_cap_ppm=self.penalty_cap_ppm,
        )


@dataclass(frozen=True, slots=True)
class NextLine:
    """What an instalment that falls due makes room for, and its loan's terms of penalty."""

    loan: int
    due: int
    principal_fen: int
    interest_fen: int
    grace_days: int
    penalty_rate_ppm: int
    penalty_scale: int
    penalty_cap_ppm: int


@dataclass(frozen=True, slots=True)
class Placed:
    """A loan's position with its open instalments and its course."""

    position: Position
    open_dues: tuple[OpenDue, ...]
    course: Course


def placed(loan: int, state: LoanState) -> Placed | None:
    """Return where a loan stands, or None if columns cannot carry it.

    They cannot where time would do more: use the customer's credit on the next due date, or end
    a stretch that is free of interest; and not where a fraction has another denominator.
    """
    if state.left is None and state.ahead and _needs_more(state):
        return None
    position = _position(loan, state)
    live = state.live_due if state.left is None else ()
    dues = [_open_due(loan, due, state) for due in live if due.open_fen]
    if position is None or None in dues:
        return None
    found = tuple(due for due in dues if due is not None)
    return Placed(_settled(position, state, found), found, _course(loan, state))


def _needs_more(state: LoanState) -> bool:
    free = any(begin < over and over > state.as_of for begin, over in state.free)
    return free or state.credit_fen > 0


def _position(loan: int, state: LoanState) -> Position | None:
    row = state.ahead[0] if state.ahead else None
    scale = scale_of(state.terms.day_count, state.anchor_day) if row or state.due else 0
    carried = _carried(state.running_interest, scale)
    if carried is None:
        return None
    return Position(
        loan=loan,
        as_of=state.as_of.toordinal(),
        scale=scale,
        rate_ppm=state.terms.rate_ppm,
        opening_fen=state.principal_ahead_fen,
        since=int(places_on(state.as_of)[scale]),
        running_fen=carried[0],
        rest=carried[1],
        fallen_interest_fen=state.sums.interest_fen,
        penalty_fen=state.sums.penalty_fen,
        number=row.number if row else 0,
        due=row.due_date.toordinal() if row else NEVER,
        principal_fen=row.principal_fen if row else 0,
        interest_fen=row.interest_fen if row else 0,
    )


def _settled(position: Position, state: LoanState, dues: tuple[OpenDue, ...]) -> Position:
    """Leave to the position the penalty of what is not open any more."""
    open_fen = sum(due.penalty_fen - due.waived_fen for due in dues)
    return replace(position, penalty_fen=state.sums.penalty_fen - open_fen)


def _carried(interest: Interest, scale: int) -> tuple[int, int] | None:
    """Return whole fen and the rest over the scale's denominator, if it can be written so."""
    whole, rest = interest.whole_and_rest()
    numerator, odd = divmod(rest.numerator * int(YEARS[scale]), rest.denominator)
    return None if odd else (whole, numerator)


def _open_due(loan: int, due: Due, state: LoanState) -> OpenDue | None:
    scale = scale_of(state.terms.penalty_day_count)
    carried = _carried(due.penalty, scale)
    if carried is None:
        return None
    since = max(due.penalty_to, due.due_date)
    return OpenDue(
        loan=loan,
        number=due.number,
        due=due.due_date.toordinal(),
        grace_to=due.due_date.toordinal() + state.terms.grace_days,
        principal_fen=due.principal_open_fen,
        interest_fen=due.interest_open_fen,
        penalty_fen=carried[0],
        rest=carried[1],
        waived_fen=due.penalty_waived_fen,
        penalty_paid_fen=due.penalty_paid_fen,
        cap_fen=_cap_fen(due, state),
        scale=scale,
        rate_ppm=state.terms.penalty_rate_ppm,
        since=int(places_on(since)[scale]),
    )


def _cap_fen(due: Due, state: LoanState) -> int:
    cap_ppm = state.terms.penalty_cap_ppm
    return NO_CAP if cap_ppm is None else due.principal_fen * cap_ppm // PPM


def _course(loan: int, state: LoanState) -> Course:
    terms = state.terms
    return Course(
        loan=loan,
        grace_days=terms.grace_days,
        penalty_rate_ppm=terms.penalty_rate_ppm,
        penalty_scale=scale_of(terms.penalty_day_count),
        penalty_cap_ppm=NO_CAP if terms.penalty_cap_ppm is None else terms.penalty_cap_ppm,
        lines=tuple(map(_line, state.ahead[1:])),
    )


def _line(row: Instalment) -> tuple[int, int, int]:
    return row.due_date.toordinal(), row.principal_fen, row.interest_fen


def _schema(kind: type) -> pa.Schema:
    return pa.schema([pa.field(one.name, pa.int64(), nullable=False) for one in fields(kind)])


POSITIONS = _schema(Position)
OPEN_DUES = _schema(OpenDue)
NEXT_LINES = _schema(NextLine)


def table_of(
    schema: pa.Schema, rows: Sequence[Position] | Sequence[OpenDue] | Sequence[NextLine]
) -> pa.RecordBatch:
    """Return values as columns."""
    return pa.RecordBatch.from_pylist([asdict(row) for row in rows], schema=schema)
