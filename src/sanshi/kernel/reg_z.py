"""The annual percentage rate of US Regulation Z, by the actuarial method, with proof.

12 CFR 1026, Appendix J, paragraph (b): which unit-period a transaction has (b)(4), how many of
them lie between two dates (b)(5), and the nominal rate that follows. Advances may be several.
"""

from __future__ import annotations

from calendar import monthrange
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from itertools import accumulate, pairwise
from math import lcm
from typing import Literal

from sanshi.kernel.cashflow import Cash, Flow, npv_sign, placed
from sanshi.kernel.dates import add_months, months_back
from sanshi.kernel.money import PPM, div_round
from sanshi.kernel.rates import DISCLOSED_PPM

Kind = Literal["day", "semimonth", "month"]

_YEAR_DAYS, _YEAR_MONTHS, _YEAR_WEEKS, _WEEK_DAYS = 365, 12, 52, 7
_MONTH_DAYS, _SEMIMONTH_DAYS = 30, 15
_SHORTEST_SEMIMONTH, _LONGEST_SEMIMONTH = 13, 18
_BITS = 64
_LOWEST, _HIGHEST = Fraction(-9, 10), Fraction(100)
_GRID = PPM // DISCLOSED_PPM


@dataclass(frozen=True, slots=True)
class UnitPeriod:
    """So many days, months, or one half of a month."""

    kind: Kind
    count: int = 1

    @property
    def days(self) -> int:
        """Its length where every month has 30 days."""
        by_kind = {"day": 1, "semimonth": _SEMIMONTH_DAYS, "month": _MONTH_DAYS}
        return by_kind[self.kind] * self.count

    @property
    def per_year(self) -> Fraction:
        """How many make a year, by (b)(5): 365 days, 52 weeks, 24 half months or 12 months."""
        if self.kind == "semimonth":
            return Fraction(2 * _YEAR_MONTHS)
        if self.kind == "month":
            return Fraction(_YEAR_MONTHS, self.count)
        weeks, odd = divmod(self.count, _WEEK_DAYS)
        return Fraction(_YEAR_DAYS, self.count) if odd else Fraction(_YEAR_WEEKS, weeks)


_YEAR = UnitPeriod("month", _YEAR_MONTHS)


@dataclass(frozen=True, slots=True)
class Stated:
    """A rate as it is printed; `exact`: integer signs proved every printed digit."""

    rate_ppm: int
    exact: bool


def us_reg_z(flows: Sequence[Flow]) -> Stated | None:
    """Return the rate of advances (+) and payments (−), or None where no one rate is found.

    A single payment within a year is one unit-period of its own: whole months over 12, else days
    over 365, (b)(5)(vi) and (vii).
    """
    net = netted(flows)
    advances = [day for day, amount in net.items() if amount > 0]
    payments = [day for day, amount in net.items() if amount < 0]
    if not advances or not payments or min(advances) > min(payments):
        return None
    start = min(advances)
    if len(advances) == len(payments) == 1 and payments[0] < add_months(start, _YEAR_MONTHS):
        return _single(start, payments[0], net)
    unit = unit_period(start, advances, payments)
    dates = list(net)
    places, base = _places(start, dates, unit)
    cash = placed(places, base, list(net.values()), int(unit.per_year) or 1)
    return solved(cash, unit.per_year, list(net.values()))


def unit_period(start: date, advances: Sequence[date], payments: Sequence[date]) -> UnitPeriod:
    """Return the unit-period by (b)(4): the most frequent common period, of several the smaller.

    Without one it is the average period, rounded to the nearest standard interval. A year is the
    longest.
    """
    if len(advances) == len(payments) == 1:
        return _YEAR
    found: Counter[UnitPeriod] = Counter()
    lengths = []
    for series in (advances, [start, *payments]):
        for index, pair in enumerate(pairwise(series)):
            found.update(_readings(series, index))
            lengths.append(_even_days(*pair))
    common: Counter[UnitPeriod] = Counter()
    for unit, times in found.items():
        if times > 1:
            common[unit if unit.days <= _YEAR_DAYS else _YEAR] += times
    if common:
        standard = set(_standard())
        return min(common, key=lambda unit: (-common[unit], unit.days, unit not in standard))
    average = Fraction(sum(lengths), len(lengths))
    return min(_standard(), key=lambda unit: (abs(unit.days - average), unit.days))


def _readings(series: Sequence[date], index: int) -> Iterator[UnitPeriod]:
    """Give every unit that the period after a date may be read as: four weeks, or a month."""
    earlier, later = series[index : index + 2]
    days = (later - earlier).days
    due_day = max(day.day for day in series[1:])
    months = _months_apart(earlier, later, due_day)
    if not months or days % _WEEK_DAYS == 0:
        yield UnitPeriod("day", days)
    if months:
        yield UnitPeriod("month", months)
    elif _SHORTEST_SEMIMONTH <= days <= _LONGEST_SEMIMONTH:
        # Half a month is known by the other half beside it: together they are one month.
        around = series[max(index - 1, 0) : index + 3]
        beside = zip(around, around[2:], strict=False)
        if any(_months_apart(*pair, due_day) == 1 for pair in beside):
            yield UnitPeriod("semimonth")


def _months_apart(earlier: date, later: date, due_day: int) -> int:
    """Return how many whole months lie between, or none; a month's last day may stand for more."""
    numbers = [
        due_day if day.day == monthrange(day.year, day.month)[1] < due_day else day.day
        for day in (earlier, later)
    ]
    months = (later.year - earlier.year) * _YEAR_MONTHS + later.month - earlier.month
    return months if numbers[0] == numbers[1] else 0


def _even_days(earlier: date, later: date) -> int:
    ((months, odd),) = months_back(earlier, [later])
    return months * _MONTH_DAYS + odd


def _standard() -> Iterator[UnitPeriod]:
    """Give the standard intervals of (b)(3)(iii)."""
    yield UnitPeriod("day")
    yield UnitPeriod("semimonth")
    yield from (UnitPeriod("day", weeks * _WEEK_DAYS) for weeks in range(1, _YEAR_WEEKS))
    yield from (UnitPeriod("month", months) for months in range(1, _YEAR_MONTHS + 1))


def _places(
    start: date, dates: Sequence[date], unit: UnitPeriod
) -> tuple[list[tuple[int, int]], int]:
    """Return each date as whole unit-periods and a fraction over one base, by (b)(5)."""
    if unit.kind == "day":
        return [divmod((day - start).days, unit.count) for day in dates], unit.count
    counted = months_back(start, dates)
    if unit == _YEAR:
        base = lcm(_YEAR_MONTHS, _YEAR_DAYS)
        return [
            _years(start, day, *one, base) for day, one in zip(dates, counted, strict=True)
        ], base
    return [divmod(m * _MONTH_DAYS + odd, unit.days) for m, odd in counted], unit.days


def _years(start: date, day: date, months: int, odd: int, base: int) -> tuple[int, int]:
    """Count years back; what is left are whole months over 12, else days over 365."""
    whole, left = divmod(months, _YEAR_MONTHS)
    if not odd:
        return whole, left * base // _YEAR_MONTHS
    days = (add_months(day, -whole * _YEAR_MONTHS) - start).days
    return whole, days * base // _YEAR_DAYS


def _single(start: date, day: date, net: dict[date, int]) -> Stated:
    ((months, odd),) = months_back(start, [day])
    days = (day - start).days
    per_year = Fraction(_YEAR_DAYS, days) if odd else Fraction(_YEAR_MONTHS, months)
    charge = -net[day] - net[start]
    return Stated(_rounded(Fraction(charge, net[start]) * per_year), exact=True)


def netted(flows: Sequence[Flow]) -> dict[date, int]:
    """Return what moves on each day, in order of days; what cancels out is left away."""
    net: Counter[date] = Counter()
    for flow in flows:
        net[flow.value_date] += flow.amount_fen
    return {day: net[day] for day in sorted(net) if net[day]}


def solved(cash: Cash, per_year: Fraction, amounts: Sequence[int]) -> Stated | None:
    """Halve between rates at which the value has opposite signs, until the digits agree.

    `amounts` are the same flows in order of days. A rate that is not negative is looked for
    first; a negative one only where less comes back than went out.
    """
    lowest = 0 if npv_sign(cash, 0, 1) <= 0 else _LOWEST
    low, high = int(lowest * (1 << _BITS)), int(_HIGHEST * (1 << _BITS))
    if not npv_sign(cash, low, 1 << _BITS) <= 0 <= npv_sign(cash, high, 1 << _BITS):
        return None
    while high - low > 1:
        middle = (low + high) // 2
        if npv_sign(cash, middle, 1 << _BITS) <= 0:
            low = middle
        else:
            high = middle
    below, above = (_rounded(Fraction(end, 1 << _BITS) * per_year) for end in (low, high))
    if below != above:
        halfway = Fraction(below + above, 2 * PPM)
        boundary = halfway * Fraction(per_year.denominator, per_year.numerator)
        sign = npv_sign(cash, boundary.numerator, boundary.denominator)
        below = above if sign <= 0 else below
    return Stated(below, exact=_has_one_rate(cash, amounts))


def _has_one_rate(cash: Cash, amounts: Sequence[int]) -> bool:
    """Say whether it is known that no other rate makes the flows worth nothing.

    It is where every payment follows every advance: the value then rises with the rate. And for
    whole periods, by Norstrøm, where what was lent and not paid back turns its sign once.
    """
    if _turns(amounts) == 1:
        return True
    return _turns([owed for owed in accumulate(amounts) if owed]) == 1 and len(cash.rows) == 1


def _turns(amounts: Sequence[int]) -> int:
    return sum((one > 0) != (other > 0) for one, other in pairwise(amounts))


def _rounded(rate: Fraction) -> int:
    return div_round(rate.numerator * _GRID, rate.denominator, "half_up") * DISCLOSED_PPM
