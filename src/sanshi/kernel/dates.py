"""Dates: months, day counts, China's working days. No clock: every date is passed in.

Value dates, legal deadlines and daily caps are calendar dates in Asia/Shanghai; instants are
UTC. Only payment execution rolls to a working day, never interest or a due date.
"""

from __future__ import annotations

from calendar import isleap, monthrange
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Literal, assert_never
from zoneinfo import ZoneInfo

import chinese_calendar

from sanshi.kernel.errors import ImpossibleError, InputError

SHANGHAI = ZoneInfo("Asia/Shanghai")
FIRST_DAY = date(2000, 1, 1)
LAST_DAY = date(2100, 12, 31)

DayCount = Literal["30/360", "month/12", "act/360", "act/364", "act/365", "act/act"]
BusinessDayRule = Literal["none", "following", "modified_following", "preceding"]

_SATURDAY = 5
_DAYS_IN_EVEN_MONTH = 30
_FEBRUARY = 2
_MONTHS = 12
_NEVER_CLIPPED = 28


@dataclass(frozen=True, slots=True)
class Workday:
    """Whether a day is worked, and whether that rests on a published holiday notice.

    `provisional` marks a year whose State Council notice is not out: weekends only.
    """

    works: bool
    provisional: bool


def parse_date(text: str, field: str) -> date:
    """Read '2026-11-22', within 2000-01-01..2100-12-31."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        day = None
    if day is None or day.isoformat() != text:
        raise InputError(
            "date.malformed",
            f"{text!r} is not a date.",
            field=field,
            fix="Write YYYY-MM-DD, for example 2026-11-22.",
        )
    return check_date(day, field)


def check_date(day: date, field: str, first: date = FIRST_DAY) -> date:
    """Return `day` if it lies within what Sanshi handles."""
    if not first <= day <= LAST_DAY:
        raise InputError(
            "date.out_of_range",
            f"{day.isoformat()} is outside {first}..{LAST_DAY}.",
            field=field,
            fix="Check the year.",
        )
    return day


def shanghai_date(instant: datetime) -> date:
    """Return the calendar date in Shanghai at an instant (which must carry its zone)."""
    if instant.tzinfo is None:
        raise ImpossibleError("date.naive_instant", "An instant without a time zone was passed.")
    return instant.astimezone(SHANGHAI).date()


def utc_text(instant: datetime) -> str:
    """Write an instant as '2026-11-22T05:00:00.000000Z': fixed width, so it sorts as text."""
    if instant.tzinfo is None:
        raise ImpossibleError("date.naive_instant", "An instant without a time zone was passed.")
    return instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def eve_of(day: date | None) -> date | None:
    """Return the day before a period's first day; None: it has no first day, or no day before."""
    return None if day is None or day == date.min else day - timedelta(days=1)


def add_months(day: date, months: int, *, anchor_day: int | None = None) -> date:
    """Move by whole months, keeping the day of month; short months clip to their last day.

    `anchor_day` keeps the 31st alive across February: from 28 February with anchor 31 the next
    date is 31 March.
    """
    index = day.year * 12 + day.month - 1 + months
    year, month0 = divmod(index, 12)
    last = monthrange(year, month0 + 1)[1]
    return date(year, month0 + 1, min(anchor_day or day.day, last))


def monthly_dates(first: date, count: int, months: int, due_day: int) -> tuple[date, ...]:
    """Return `count` dates every so many months from `first`, on a day that short months clip."""
    if add_months(first, 0, anchor_day=due_day) != first:
        raise InputError(
            "date.due_day",
            f"{first} is not the due day {due_day} of its month.",
            field="due_day",
            fix="Let the first due date fall on the due day, or on the last day of a short month.",
        )
    return tuple(add_months(first, k * months, anchor_day=due_day) for k in range(count))


def due_dates(start: date, count: int, due_day: int | None = None) -> tuple[date, ...]:
    """Return `count` monthly due dates after `start`.

    Without `due_day` they fall on the day of month of `start` (31 January → 28 February →
    31 March). With it, the first is the first such day at least 15 days after `start`, so that
    no first period is shorter than half a month.
    """
    if due_day is None:
        return tuple(add_months(start, k, anchor_day=start.day) for k in range(1, count + 1))
    first = add_months(start, 0, anchor_day=due_day)
    while (first - start).days < _MIN_FIRST_PERIOD_DAYS:
        first = add_months(first, 1, anchor_day=due_day)
    return tuple(add_months(first, k, anchor_day=due_day) for k in range(count))


_MIN_FIRST_PERIOD_DAYS = 15


def year_share(
    start: date, end: date, convention: DayCount, *, anchor_day: int | None = None
) -> tuple[int, int]:
    """Return the share of a year between two dates as an exact fraction (numerator, denominator).

    Every convention here is additive: the shares of two neighbouring periods sum to the share of
    both, so interest does not depend on where a period is cut. `act/act` is ISDA: days in leap
    years over 366 plus the others over 365. `act/364` is 52 whole weeks. `30/360` is 30E/360,
    because the bond basis is not additive (15 to 31 January is 16 days by it, but 15 day by day).
    `anchor_day`, the due day of an instalment loan, lets February's last day stand for the 29th
    to 31st, so that a month between two due dates is always one twelfth of a year. `month/12`
    makes each month from due day to due day a twelfth too, but shares it out by its actual days.

    Source: ISDA 2006 Definitions §4.16 (b), (d), (e), (g); `month/12` is what the progressive
    loans of Apache Fineract call 30 days a month and 360 a year.
    """
    if end < start:
        raise ImpossibleError("date.backwards", f"{start} to {end} runs backwards.")
    share = year_place(end, convention, anchor_day) - year_place(start, convention, anchor_day)
    return share, YEAR_UNITS[convention]


_MONTH_UNITS = 28 * 29 * 30 * 31 // 2
"""Units that make a month, whether it has 28, 29, 30 or 31 days."""

YEAR_UNITS: Mapping[DayCount, int] = {
    "30/360": 360,
    "month/12": 12 * _MONTH_UNITS,
    "act/360": 360,
    "act/364": 364,
    "act/365": 365,
    "act/act": 365 * 366,
}
"""How many of a convention's units make a year."""


def year_place(day: date, convention: DayCount, anchor_day: int | None = None) -> int:
    """Return where a day stands on a convention's scale; shares of years are differences of it."""
    match convention:
        case "30/360":
            return even_days(day.year, day.month, day.day, anchor_day or 0)
        case "month/12":
            return _month_units(day, anchor_day or 1)
        case "act/act":
            return leap_weighted(day.year, day.toordinal())
        case "act/360" | "act/364" | "act/365":
            return day.toordinal()
        case _:
            assert_never(convention)


def even_days(year: int, month: int, day: int, anchor_day: int) -> int:
    """Number the days as if every month had 30."""
    number = min(day, _DAYS_IN_EVEN_MONTH)
    if month == _FEBRUARY and anchor_day > number == 28 + isleap(year):
        number = min(anchor_day, _DAYS_IN_EVEN_MONTH)
    return (year * _MONTHS + month) * _DAYS_IN_EVEN_MONTH + number


def _month_units(day: date, due_day: int) -> int:
    """Count months from due day to due day, and of the one that runs its share by actual days."""
    begin = add_months(day, 0, anchor_day=due_day)
    if begin > day:
        begin = add_months(day, -1, anchor_day=due_day)
    days = (add_months(begin, 1, anchor_day=due_day) - begin).days
    months = begin.year * _MONTHS + begin.month
    return (months * days + (day - begin).days) * _MONTH_UNITS // days


def leap_weighted(year: int, ordinal: int) -> int:
    """Weigh each day before this one by 365 in leap years and by 366 in others."""
    before = year - 1
    leaps = before // 4 - before // 100 + before // 400
    new_year = before * 365 + leaps
    whole_years = before * 365 * 366
    return whole_years + (ordinal - 1 - new_year) * (365 if isleap(year) else 366)


def months_back(start: date, dates: Sequence[date]) -> list[tuple[int, int]]:
    """Count whole months backwards from each date to `start`, then the days that are left.

    The last day of a short month stands for the latest due day among the dates: 31 January back
    from 28 February is one month when others are due on the 31st.
    """
    due_day = max((day.day for day in dates if day != start), default=start.day)
    base = start.year * _MONTHS + start.month
    places = []
    for day in dates:
        number = day.day
        if _NEVER_CLIPPED <= number < due_day and number == monthrange(day.year, day.month)[1]:
            number = due_day
        fewer, odd = (0, 0) if day == start else _left_over(start, number)
        places.append((day.year * _MONTHS + day.month - base - fewer, odd))
    return places


def _left_over(start: date, day_number: int) -> tuple[int, int]:
    """Return how many months fewer than the calendar says, and the odd days after `start`."""
    last = monthrange(start.year, start.month)[1]
    same_month = min(day_number, last)
    if same_month >= start.day:
        return 0, same_month - start.day
    return 1, last - start.day + min(day_number, add_months(start, 1, anchor_day=31).day)


def workday(day: date) -> Workday:
    """Say whether China works on a day, holidays and make-up working weekends included."""
    try:
        return Workday(works=bool(chinese_calendar.is_workday(day)), provisional=False)
    except NotImplementedError:
        return Workday(works=day.weekday() < _SATURDAY, provisional=True)


def roll(day: date, rule: BusinessDayRule) -> date:
    """Move a payment's execution day by the named rule."""
    match rule:
        case "none":
            return day
        case "following":
            return _next_workday(day, 1)
        case "preceding":
            return _next_workday(day, -1)
        case "modified_following":
            later = _next_workday(day, 1)
            return later if later.month == day.month else _next_workday(day, -1)
        case _:
            assert_never(rule)


def _next_workday(day: date, step: int) -> date:
    while not workday(day).works:
        day += timedelta(days=step)
    return day


def age_on(born: date, day: date) -> int:
    """Return full years of age 周岁: a year is complete on the day after the birthday's eve.

    Source: a person born on 29 February completes a year on 1 March in common years.
    """
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))
