"""Repayment schedules 还款计划: four methods over any due dates, exact to the last fen.

Interest of a period is an exact fraction of a fen, rounded once at the due date; what rounding
gives or takes is not carried into the next instalment. Within a period, stretches with different
balances add up exactly before that one rounding (`Interest`). No period is special: the rest of
a loan is scheduled anew by the same function, from any day and with fewer due dates.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache
from itertools import pairwise
from math import gcd, lcm
from typing import Literal, assert_never

from sanshi.kernel.dates import DayCount, check_date, year_share
from sanshi.kernel.errors import InputError
from sanshi.kernel.money import PPM, Rounding, check_fen, div_round, split_fen

Method = Literal["equal_instalment", "equal_principal", "interest_only", "bullet"]
"""等额本息, 等额本金, 先息后本, 一次还本付息."""

Remainder = Literal["last", "smooth"]
MAX_INSTALMENTS = 480
MAX_DUE_DAY = 31


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


@dataclass(frozen=True, slots=True)
class Terms:
    """What a schedule follows from.

    Args:
        principal_fen: what is owed at `start_date`.
        rate_ppm: annual nominal contract rate.
        method: how it is repaid; `bullet` is due at the last date only.
        start_date: first day that bears interest.
        due_dates: strictly increasing, after `start_date`.
        day_count: convention of the rate.
        rounding: of each instalment's interest.
        instalment_rounding: of the level payment 等额本息, or the level principal 等额本金.
        remainder: what the levels leave over: `last` puts it into the last instalment; `smooth`
            takes the level payment with the least different last one, or spreads the odd fen.
        due_day: the monthly due day that short months clip; by default the latest day of month
            among `due_dates`. Give it when these are the rest of a longer list.
        accrued: interest earned in the current period before `start_date`, due with the first
            instalment: a prepayment in mid-period leaves some.
        level_fen: keep this level instead of working one out; rows end once all is repaid
            (prepayment that shortens the term 缩短期限).
        first_number: number of the first row.
    """

    principal_fen: int
    rate_ppm: int
    method: Method
    start_date: date
    due_dates: tuple[date, ...]
    day_count: DayCount = "30/360"
    rounding: Rounding = "half_up"
    instalment_rounding: Rounding = "half_up"
    remainder: Remainder = "last"
    due_day: int | None = None
    accrued: Interest = NO_INTEREST
    level_fen: int | None = None
    first_number: int = 1

    def __post_init__(self) -> None:
        """Refuse what cannot be scheduled, naming the field."""
        check_fen(self.principal_fen, "principal_fen", low=1)
        if self.level_fen is not None:
            check_fen(self.level_fen, "level_fen", low=1)
        _check_whole(self.rate_ppm, "rate_ppm", 0, PPM)
        _check_whole(self.first_number, "first_number", 1, MAX_INSTALMENTS)
        if self.due_day is not None:
            _check_whole(self.due_day, "due_day", 1, MAX_DUE_DAY)
        if self.accrued.numerator < 0 or self.accrued.denominator < 1:
            raise InputError(
                "schedule.accrued",
                "Interest already earned cannot be negative.",
                field="accrued",
                fix="Pass what was earned since the period began, or leave it out.",
            )
        _check_due_dates(self.start_date, self.due_dates)


@dataclass(frozen=True, slots=True)
class Instalment:
    """One row: a period, what is due at its end, and the principal before and after."""

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


def schedule(terms: Terms) -> tuple[Instalment, ...]:
    """Return the instalments. Principal sums exactly and the last row closes at zero."""
    periods = _Periods.of(terms)
    match terms.method:
        case "equal_instalment":
            level = _level_payment_fen(terms, periods)
            pairs = _walk(terms, periods, lambda _, interest: level - interest)
        case "equal_principal":
            parts = _level_principals_fen(terms)
            pairs = _walk(terms, periods, lambda index, _: parts[index])
        case "interest_only" | "bullet":
            pairs = _walk(terms, periods, lambda _index, _interest: 0)
        case _:
            assert_never(terms.method)
    return tuple(_rows(terms, periods, pairs))


@dataclass(frozen=True, slots=True)
class _Periods:
    """The interest periods: their bounds, and the interest on one fen as exact fractions."""

    bounds: tuple[date, ...]
    numerators: tuple[int, ...]
    denominator: int
    accrued: int

    @classmethod
    def of(cls, terms: Terms) -> _Periods:
        dues = terms.due_dates[-1:] if terms.method == "bullet" else terms.due_dates
        bounds = (terms.start_date, *dues)
        anchor = terms.due_day or max(due.day for due in terms.due_dates)
        shares, year = _shares(bounds, terms.day_count, anchor)
        # One small common denominator for all: it keeps the level payment's powers short.
        common = lcm(PPM * year, terms.accrued.denominator)
        rate = terms.rate_ppm * (common // (PPM * year))
        accrued = terms.accrued.numerator * (common // terms.accrued.denominator)
        numerators = [rate * share for share in shares]
        shared = gcd(common, accrued, *numerators)
        return cls(
            bounds, tuple(n // shared for n in numerators), common // shared, accrued // shared
        )


@lru_cache(maxsize=256)  # the plans of one quote share a few lists of due dates
def _shares(
    bounds: tuple[date, ...], day_count: DayCount, anchor_day: int
) -> tuple[tuple[int, ...], int]:
    fractions = [year_share(*pair, day_count, anchor_day=anchor_day) for pair in pairwise(bounds)]
    return tuple(share for share, _ in fractions), fractions[0][1]


def _walk(
    terms: Terms, periods: _Periods, wanted: Callable[[int, int], int]
) -> list[tuple[int, int]]:
    """Return (principal, interest) of each row; `wanted` asks for principal by index and interest.

    Principal is never negative and never more than what is owed: a level too small for the
    interest repays nothing yet, and the last row clears.
    """
    pairs = []
    owed = terms.principal_fen
    accrued = periods.accrued
    last = len(periods.numerators) - 1
    for index, numerator in enumerate(periods.numerators):
        interest = div_round(owed * numerator + accrued, periods.denominator, terms.rounding)
        principal = owed if index == last else min(max(wanted(index, interest), 0), owed)
        pairs.append((principal, interest))
        owed -= principal
        accrued = 0
        if owed == 0 and terms.level_fen is not None:
            break
    return pairs


def _rows(terms: Terms, periods: _Periods, pairs: list[tuple[int, int]]) -> Iterator[Instalment]:
    opening = terms.principal_fen
    for index, (principal, interest) in enumerate(pairs):
        closing = opening - principal
        yield Instalment(
            terms.first_number + index,
            periods.bounds[index],
            periods.bounds[index + 1],
            opening,
            principal,
            interest,
            closing,
        )
        opening = closing


def _level_principals_fen(terms: Terms) -> tuple[int, ...]:
    count = len(terms.due_dates)
    if terms.level_fen is not None:
        return (terms.level_fen,) * count
    if terms.remainder == "smooth":
        return split_fen(terms.principal_fen, [1] * count)
    return (div_round(terms.principal_fen, count, terms.instalment_rounding),) * count


def _level_payment_fen(terms: Terms, periods: _Periods) -> int:
    if terms.level_fen is not None:
        return terms.level_fen
    numerator, denominator = _exact_level(terms.principal_fen, periods)
    level = div_round(numerator, denominator, terms.instalment_rounding)
    return _smoothest(terms, periods, level) if terms.remainder == "smooth" else level


def _exact_level(principal_fen: int, periods: _Periods) -> tuple[int, int]:
    """Return the exact level payment A as a fraction.

    With g_k = 1 + interest of period k on one fen, the payments are worth A·s at the start, where
    s = (1 + (1 + …)/g_2)/g_1, and what is owed is worth principal + accrued/g_1. Numerator and
    denominator of s are built from the last period backwards, without any division.
    """
    one = periods.denominator
    top, bottom = 0, 1
    for numerator in reversed(periods.numerators):
        top, bottom = one * (top + bottom), (one + numerator) * bottom
    grown = one + periods.numerators[0]
    return (principal_fen * grown + periods.accrued) * bottom, grown * top


def _smoothest(terms: Terms, periods: _Periods, level: int) -> int:
    """Return the level whose last payment differs least; of two such, the lower level.

    A higher level never leaves a larger last payment, so one search finds where the difference
    changes its sign: strides from the rounded level, then halves. At level 0 all is left over.
    """

    @cache
    def gap(candidate: int) -> int:
        pairs = _walk(terms, periods, lambda _, interest: candidate - interest)
        return sum(pairs[-1]) - candidate

    low = high = level
    step = 1
    while gap(high) > 0:
        low, high, step = high, high + step, 2 * step
    while low and gap(low) <= 0:
        low, high, step = max(low - step, 0), low, 2 * step
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if gap(middle) > 0 else (low, middle)
    return low if gap(low) <= -gap(high) else high


def _check_whole(value: object, field: str, low: int, high: int) -> None:
    if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
        raise InputError(
            "schedule.out_of_range",
            f"{value!r} is not a whole number within {low}..{high}.",
            field=field,
            fix="Rates are millionths: 8.88 % is 88800." if field == "rate_ppm" else "Correct it.",
        )


def _check_due_dates(start: date, dues: tuple[date, ...]) -> None:
    if not 1 <= len(dues) <= MAX_INSTALMENTS:
        raise InputError(
            "schedule.instalments",
            f"{len(dues)} due dates; 1 to {MAX_INSTALMENTS} can be scheduled.",
            field="due_dates",
            fix="Check the term in months.",
        )
    check_date(start, "start_date")
    check_date(dues[-1], "due_dates")
    for earlier, later in pairwise((start, *dues)):
        if later <= earlier:
            raise InputError(
                "schedule.dates_order",
                f"Due date {later} does not come after {earlier}.",
                field="due_dates",
                fix="List due dates in order, each after the one before and after the start.",
            )
