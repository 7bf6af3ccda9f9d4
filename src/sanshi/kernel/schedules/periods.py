"""Interest periods: each line's stretches of one balance and one rate, as exact fractions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from itertools import pairwise
from math import gcd, lcm

from sanshi.kernel.dates import YEAR_UNITS, DayCount, year_place
from sanshi.kernel.money import PPM
from sanshi.kernel.schedules.interest import Interest
from sanshi.kernel.schedules.terms import Terms, Window

Piece = tuple[int, int]
"""What is drawn at a stretch's beginning, and the interest numerator of one fen over it."""


Pieces = tuple[tuple[Piece, ...], ...]


@dataclass(frozen=True, slots=True)
class Periods:
    """The lines from `first` on, as far as they are known.

    Args:
        bills: whether each line collects its interest, or leaves it to the next that does.
        pieces: of each line, in order.
        denominator: of all numerators.
        accrued: numerator of the interest earned before.
    """

    first: int
    bills: tuple[bool, ...]
    pieces: Pieces
    denominator: int
    accrued: int

    @classmethod
    def known(cls, terms: Terms, first: int, accrued: Interest) -> Periods:
        """Return the periods from line `first`, foreseeing nothing that happens after it."""
        bounds = (terms.start_date, *terms.line_dates)
        bills = _bills(terms)[first:]
        if not (terms.draws or terms.rate_changes or terms.windows):
            about = (bounds[first:], terms.rate_ppm, terms.day_count, terms.anchor_day)
            return cls(first, bills, *_at_one_rate(*about, accrued))
        # What happens on a due date acts after it; on the first day, from the beginning.
        known_until = max(bounds[first + 1], bounds[first] + timedelta(days=1))
        cut = _Cut(terms, known_until)
        rows = [list(cut.pieces(*pair)) for pair in pairwise(bounds[first:])]
        return cls(first, bills, *_reduced(rows, PPM * YEAR_UNITS[terms.day_count], accrued))


@lru_cache(maxsize=256)  # the plans of one quote share a few lists of due dates
def _shares(bounds: tuple[date, ...], day_count: DayCount, anchor_day: int) -> tuple[int, ...]:
    places = [year_place(bound, day_count, anchor_day) for bound in bounds]
    return tuple(later - earlier for earlier, later in pairwise(places))


@lru_cache(maxsize=256)  # and a few rates
def _at_one_rate(
    bounds: tuple[date, ...],
    rate_ppm: int,
    day_count: DayCount,
    anchor_day: int,
    accrued: Interest,
) -> tuple[Pieces, int, int]:
    rows = [[(0, rate_ppm * share)] for share in _shares(bounds, day_count, anchor_day)]
    return _reduced(rows, PPM * YEAR_UNITS[day_count], accrued)


def _reduced(
    rows: Sequence[Sequence[Piece]], denominator: int, accrued: Interest
) -> tuple[Pieces, int, int]:
    """Bring all to one small common denominator: it keeps the level payment's powers short."""
    common = lcm(denominator, accrued.denominator)
    scale = common // denominator
    before = accrued.numerator * (common // accrued.denominator)
    shared = gcd(common, before, *(scale * number for row in rows for _, number in row))
    pieces = tuple(tuple((fen, scale * number // shared) for fen, number in row) for row in rows)
    return pieces, common // shared, before // shared


def _bills(terms: Terms) -> tuple[bool, ...]:
    """Say of each line whether it collects interest: `nothing` and deferral wait, the last not."""
    if not (terms.windows or terms.groups):
        return (True,) * len(terms.line_dates)
    return tuple(_collects(terms))


def _collects(terms: Terms) -> Iterator[bool]:
    pays = [group.pays for group in terms.line_groups for _ in range(group.count)]
    deferred = [window for window in terms.windows if window.treatment == "defer"]
    last = len(pays) - 1
    for index, (rule, due) in enumerate(zip(pays, terms.line_dates, strict=True)):
        waits = rule == "nothing" or any(w.start_date < due <= w.end_date for w in deferred)
        yield index == last or not waits


class _Cut:
    """Cuts periods where a balance or a rate changes."""

    def __init__(self, terms: Terms, known_until: date) -> None:
        self._terms = terms
        self._draws = {d.on: d.amount_fen for d in terms.draws if d.on < known_until}
        self._changes = [c for c in terms.rate_changes if c.start_date < known_until]
        windows = (day for w in terms.windows for day in (w.start_date, w.end_date))
        changes = (change.start_date for change in self._changes)
        self._days = sorted({*self._draws, *changes, *windows})

    def pieces(self, start: date, end: date) -> Iterator[Piece]:
        """Give the stretches between two bounds; a period without days has one of no length."""
        inner = [day for day in self._days if start < day < end]
        stretches = [(self._draws.get(start, 0), self._rate(start), start)]
        for day in inner:
            drawn, rate_ppm = self._draws.get(day, 0), self._rate(day)
            if drawn or rate_ppm != stretches[-1][1]:
                stretches.append((drawn, rate_ppm, day))
        bounds = (*(day for _, _, day in stretches), end)
        shares = _shares(bounds, self._terms.day_count, self._terms.anchor_day)
        for (drawn, rate_ppm, _), share in zip(stretches, shares, strict=True):
            yield drawn, rate_ppm * share

    def _rate(self, day: date) -> int:
        """Return the rate that is charged on a day: what is not waived of the contract's."""
        rate_ppm = self._terms.rate_ppm
        for change in self._changes:
            if change.start_date <= day:
                rate_ppm = change.rate_ppm
        return rate_ppm - sum(
            part for window, part in parts(self._terms, day, rate_ppm) if not window.payer
        )


def parts(terms: Terms, day: date, rate_ppm: int) -> Iterator[tuple[Window, int]]:
    """Give what windows waive or pay of a day's rate: the earlier listed first, never more."""
    for window in terms.windows:
        if window.treatment != "defer" and window.start_date <= day < window.end_date:
            part = rate_ppm if window.rate_ppm is None else min(window.rate_ppm, rate_ppm)
            rate_ppm -= part
            yield window, part
