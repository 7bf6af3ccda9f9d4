"""Dates: months, day counts, China's working days. No clock: every date is passed in.

Value dates, legal deadlines and daily caps are calendar dates in Asia/Shanghai; instants are
UTC. Only payment execution rolls to a working day, never interest or a due date.
"""

from __future__ import annotations

from calendar import isleap, monthrange
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Literal, assert_never
from zoneinfo import ZoneInfo

import chinese_calendar

from sanshi.kernel.errors import ImpossibleError, InputError

SHANGHAI = ZoneInfo("Asia/Shanghai")
FIRST_DAY = date(2000, 1, 1)
LAST_DAY = date(2100, 12, 31)

DayCount = Literal["30/360", "act/360", "act/364", "act/365", "act/act"]
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


def add_months(day: date, months: int, *, anchor_day: int | None = None) -> date:
    """Move by whole months, keeping the day of month; short months clip to their last day.

    `anchor_day` keeps the 31st alive across February: from 28 February with anchor 31 the next
    date is 31 March.
    """
    index = day.year * 12 + day.month - 1 + months
    year, month0 = divmod(index, 12)
    last = monthrange(year, month0 + 1)[1]
    return date(year, month0 + 1, min(anchor_day or day.day, last))


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
    to 31st, so that a month between two due dates is always one twelfth of a year.

    Source: ISDA 2006 Definitions §4.16 (b), (d), (e), (g).
    """
    if end < start:
        raise ImpossibleError("date.backwards", f"{start} to {end} runs backwards.")
    days = (end - start).days
    match convention:
        case "30/360":
            return _even_days(end, anchor_day) - _even_days(start, anchor_day), 360
        case "act/360":
            return days, 360
        case "act/364":
            return days, 364
        case "act/365":
            return days, 365
        case "act/act":
            leap = sum(_days_in_year(start, end, y) for y in _years(start, end) if isleap(y))
            return leap * 365 + (days - leap) * 366, 365 * 366
        case _:
            assert_never(convention)


def _even_days(day: date, anchor_day: int | None) -> int:
    """Number the days as if every month had 30."""
    number = min(day.day, _DAYS_IN_EVEN_MONTH)
    clipped = day.month == _FEBRUARY and number == 28 + isleap(day.year)
    if clipped and anchor_day is not None and anchor_day > number:
        number = min(anchor_day, _DAYS_IN_EVEN_MONTH)
    return (day.year * 12 + day.month) * _DAYS_IN_EVEN_MONTH + number


def _years(start: date, end: date) -> range:
    return range(start.year, end.year + 1)


def _days_in_year(start: date, end: date, year: int) -> int:
    return (min(end, date(year + 1, 1, 1)) - max(start, date(year, 1, 1))).days


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
