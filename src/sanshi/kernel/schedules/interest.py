"""Interest as an exact fraction of a fen, rounded once and by name."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from math import lcm

from sanshi.kernel.dates import DayCount, year_share
from sanshi.kernel.money import PPM, Rounding, div_round


@dataclass(frozen=True, slots=True)
class Interest:
    """Exact interest: a fraction of a fen. Stretches add up; a rounding happens once, by name."""

    numerator: int
    denominator: int

    @classmethod
    def over(
        cls,
        balance_fen: int,
        rate_ppm: int,
        start: date,
        end: date,
        day_count: DayCount,
        *,
        anchor_day: int | None = None,
    ) -> Interest:
        """Return the interest on a constant balance between two dates."""
        return cls(
            *interest_numerator(balance_fen, rate_ppm, start, end, day_count, anchor_day=anchor_day)
        )

    def __add__(self, other: Interest) -> Interest:
        """Add exactly."""
        if self.denominator == other.denominator:
            return Interest(self.numerator + other.numerator, self.denominator)
        common = lcm(self.denominator, other.denominator)
        return Interest(
            self.numerator * (common // self.denominator)
            + other.numerator * (common // other.denominator),
            common,
        )

    def rounded(self, rounding: Rounding) -> int:
        """Return whole fen by the named policy."""
        return div_round(self.numerator, self.denominator, rounding)

    def whole_and_rest(self) -> tuple[int, Interest]:
        """Return the whole fen (floor) and the rest to carry.

        A day close posts the whole and carries the rest, so that closing day by day, or once
        after many days, posts the same sum: the floor of the exact interest.
        """
        whole, rest = divmod(self.numerator, self.denominator)
        return whole, Interest(rest, self.denominator)


NO_INTEREST = Interest(0, 1)


def interest_numerator(
    balance_fen: int,
    rate_ppm: int,
    start: date,
    end: date,
    day_count: DayCount,
    *,
    anchor_day: int | None = None,
) -> tuple[int, int]:
    """Return exact interest in fen as (numerator, denominator).

    The denominator depends on the day count alone, so numerators of one loan may be summed.
    """
    share, year = year_share(start, end, day_count, anchor_day=anchor_day)
    return balance_fen * rate_ppm * share, PPM * year
