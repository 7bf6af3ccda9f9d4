"""Schedules of one loan: its groups of lines, walked, and cast anew where something changes."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from itertools import pairwise

from sanshi.kernel.schedules.interest import Interest
from sanshi.kernel.schedules.levels import (
    exact_level,
    level_principals,
    rounded_to,
    smoothest,
    starving,
)
from sanshi.kernel.schedules.periods import Periods, Piece
from sanshi.kernel.schedules.terms import Group, Terms
from sanshi.kernel.schedules.walk import EVERYTHING_FEN, ONE, Line, Rule, Standing, Step, walk


@dataclass(frozen=True, slots=True)
class Instalment:
    """One row: a period, what is due at its end, and the principal before and after.

    `closing_fen` is what is owed when the due day ends, what is drawn on that day included.
    """

    number: int
    start_date: date
    due_date: date
    opening_fen: int
    principal_fen: int
    interest_fen: int
    closing_fen: int

    @property
    def payment_fen(self) -> int:
        """What is paid on the due date."""
        return self.principal_fen + self.interest_fen


def schedule(terms: Terms) -> tuple[Instalment, ...]:
    """Return the instalments. Principal sums exactly and the last row closes at zero.

    A draw or a rate change casts its own line and all later ones anew, from what is owed at the
    line's beginning; what comes later is not foreseen. So nothing is special about a first line:
    the rest of any loan is scheduled by the same function.
    """
    steps: list[Step[int]] = []
    flat = terms.principal_fen if terms.flat_base_fen is None else terms.flat_base_fen
    start = Standing(terms.principal_fen, 0, flat if terms.method == "flat" else None)
    accrued = terms.accrued
    ends_early = terms.level_fen is not None and not terms.draws
    for first, until in pairwise((0, *_recast_lines(terms), len(terms.line_dates))):
        periods = Periods.known(terms, first, accrued)
        cast = _Cast(terms, periods, until)
        start = Standing(start.owed_fen, periods.accrued, start.flat_base_fen)
        for step in cast.steps(start):
            steps.append(step)
            if ends_early and step.owed_fen == 0:
                return tuple(_rows(terms, steps))
        start = steps[-1].after
        accrued = Interest(start.carried, periods.denominator)
    return tuple(_rows(terms, steps))


def _recast_lines(terms: Terms) -> Sequence[int]:
    """Return the lines, but the first, in whose period something is drawn or repriced."""
    if not (terms.draws or terms.rate_changes):
        return ()
    days = (*(draw.on for draw in terms.draws), *(c.start_date for c in terms.rate_changes))
    lines = {bisect_right(terms.line_dates, day) for day in days if day > terms.start_date}
    return sorted(lines & set(range(1, len(terms.line_dates))))


class _Cast:
    """The lines of known periods: groups solved where they begin, up to line `until`."""

    def __init__(self, terms: Terms, periods: Periods, until: int) -> None:
        self._terms = terms
        self._periods = periods
        self._until = until
        self._last = len(terms.line_dates) - 1
        self._rule = Rule(terms.rounding, by_stretch=terms.interest_round == "subperiod")

    def steps(self, start: Standing[int]) -> Iterator[Step[int]]:
        """Walk group by group."""
        low = 0
        for group in self._terms.line_groups:
            high = low + group.count
            begin, end = max(low, self._periods.first), min(high, self._until)
            if begin < end:
                lines = self._lines(group, begin, high, start)
                steps = list(self._walk(lines[: end - begin], start))
                yield from steps
                start = steps[-1].after
            low = high

    def _walk(self, lines: Sequence[Line[int]], start: Standing[int]) -> Iterator[Step[int]]:
        return walk(ONE, start, lines, self._periods.denominator, self._rule)

    def _lines(
        self, group: Group, begin: int, end: int, start: Standing[int]
    ) -> Sequence[Line[int]]:
        match group.pays:
            case "level":
                level = self._level(group, begin, end, start)
                return self._closing(group, begin, end, (level,) * (end - begin))
            case "level_principal":
                wanted = self._level_principals(group, begin, end, start)
                return self._closing(group, begin, end, wanted)
            case "payment" | "principal":
                return self._made(group, begin, (group.amount_fen,) * (end - begin))
            case "interest" | "nothing":
                return self._made(group, begin, (0,) * (end - begin))

    def _made(self, group: Group, begin: int, wanted: Sequence[int]) -> list[Line[int]]:
        """Make the lines of a group; the loan's last clears."""
        at = begin - self._periods.first
        payment = group.pays in ("level", "payment")
        lines = [
            Line(self._periods.pieces[at + k], fen, payment, 0, self._periods.bills[at + k])
            for k, fen in enumerate(wanted)
        ]
        if begin + len(lines) > self._last:
            last = lines[-1]
            lines[-1] = Line(last.pieces, EVERYTHING_FEN, payment, 0, last.bills)
        return lines

    def _closing(
        self, group: Group, begin: int, end: int, wanted: Sequence[int]
    ) -> list[Line[int]]:
        """Make the lines of levels; the group's last leaves exactly its balance."""
        lines = self._made(group, begin, wanted)
        if end <= self._last:
            last, balance = lines[-1], group.balance_fen
            lines[-1] = Line(last.pieces, EVERYTHING_FEN, last.is_payment, balance, last.bills)
        return lines

    def _level(self, group: Group, begin: int, end: int, start: Standing[int]) -> int:
        terms = self._terms
        if terms.level_fen is not None:
            return terms.level_fen
        level = self._rounded_level(group, begin, end, start)
        if terms.remainder == "last":
            return level
        kept_fen = group.balance_fen if end > self._last else 0

        def gap(candidate: int) -> int:
            lines = self._closing(group, begin, end, (candidate,) * (end - begin))
            *_, last = self._walk(lines, start)
            return last.principal_fen + last.interest_fen - kept_fen - candidate

        return smoothest(level, terms.round_to_fen, gap)

    def _rounded_level(self, group: Group, begin: int, end: int, start: Standing[int]) -> int:
        """Return the exact level, rounded.

        A line whose interest is above the level pays its interest and no principal; the level
        is worked out again with that known, until no more such lines are found.
        """
        terms, denominator = self._terms, self._periods.denominator
        at = slice(begin - self._periods.first, end - self._periods.first)
        pieces, bills = self._periods.pieces[at], self._periods.bills[at]
        starved: set[int] = set()
        while True:
            exact = exact_level(
                pieces, bills, start, denominator, group.balance_fen, starved=starved
            )
            level = rounded_to(*exact, terms.round_to_fen, terms.instalment_rounding)
            if _never_starves(pieces, bills, start, denominator, exact):
                return level
            more = starving(pieces, bills, start, denominator, Fraction(*exact), starved=starved)
            if more <= starved:
                return level
            starved |= more

    def _level_principals(
        self, group: Group, begin: int, end: int, start: Standing[int]
    ) -> tuple[int, ...]:
        terms = self._terms
        count = end - begin
        if terms.level_fen is not None:
            return (terms.level_fen,) * count
        at = slice(begin - self._periods.first, end - self._periods.first)
        drawn = sum(fen for row in self._periods.pieces[at] for fen, _ in row)
        return level_principals(
            start.owed_fen + drawn - group.balance_fen,
            count,
            terms.round_to_fen,
            terms.instalment_rounding,
            smooth=terms.remainder == "smooth",
        )


def _never_starves(
    pieces: Sequence[Sequence[Piece]],
    bills: Sequence[bool],
    start: Standing[int],
    denominator: int,
    level: tuple[int, int],
) -> bool:
    """Say whether the largest interest that a line can have is surely within the exact level."""
    if not all(bills):
        return False
    drawn = longest = 0
    for row in pieces:
        period = 0
        for fen, numerator in row:
            drawn += fen
            period += numerator
        longest = max(longest, period)
    most = (start.owed_fen + drawn) * longest + start.carried
    return most * level[1] <= level[0] * denominator


def _rows(terms: Terms, steps: Sequence[Step[int]]) -> Iterator[Instalment]:
    drawn = {draw.on: draw.amount_fen for draw in terms.draws}
    bounds = (terms.start_date, *terms.line_dates)
    opening = terms.principal_fen
    for index, (step, (start, due)) in enumerate(zip(steps, pairwise(bounds), strict=False)):
        closing = opening - step.principal_fen
        if drawn:
            closing += sum(fen for on, fen in drawn.items() if start < on <= due)
        yield Instalment(
            terms.first_number + index,
            start,
            due,
            opening,
            step.principal_fen,
            step.interest_fen,
            closing,
        )
        opening = closing
