from __future__ import annotations

import csv
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from pathlib import Path
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sanshi.kernel.dates import (
    FIRST_DAY,
    LAST_DAY,
    BusinessDayRule,
    DayCount,
    add_months,
    age_on,
    due_dates,
    months_back,
    parse_date,
    roll,
    shanghai_date,
    utc_text,
    workday,
    year_share,
)
from sanshi.kernel.errors import ImpossibleError, InputError

DAYS = st.dates(date(2001, 1, 1), date(2090, 12, 31))
PUBLISHED = range(2007, 2027)


def days_360(start: str, end: str, anchor_day: int | None = None) -> int:
    share, year = year_share(
        date.fromisoformat(start), date.fromisoformat(end), "30/360", anchor_day=anchor_day
    )
    assert year == 360
    return share


# ISDA, "30/360 Day Count Conventions" (2008-12-22): the worked examples of 30E/360 (Eurobond
# basis), 2006 Definitions section 4.16(g).
@pytest.mark.parametrize(
    ("start", "end", "days"),
    [
        ("2006-08-20", "2007-02-20", 180),
        ("2008-02-20", "2008-08-20", 180),
        ("2006-02-28", "2006-08-31", 182),
        ("2006-08-31", "2007-02-28", 178),
        ("2007-08-31", "2008-02-29", 179),
        ("2008-02-29", "2008-08-31", 181),
        ("2006-01-31", "2006-02-28", 28),
        ("2006-01-30", "2006-02-28", 28),
        ("2006-02-28", "2006-03-03", 5),
        ("2006-02-14", "2006-02-28", 14),
        ("2006-09-30", "2006-10-31", 30),
        ("2006-10-31", "2006-11-28", 28),
        ("2007-08-31", "2008-02-28", 178),
        ("2008-02-28", "2008-08-28", 180),
        ("2008-02-28", "2008-08-30", 182),
        ("2008-02-28", "2008-08-31", 182),
        ("2007-02-26", "2008-02-28", 362),
        ("2007-02-26", "2008-02-29", 363),
        ("2008-02-29", "2009-02-28", 359),
        ("2008-02-28", "2008-03-30", 32),
        ("2008-02-28", "2008-03-31", 32),
    ],
)
def test_isda_examples_of_30e_360(start: str, end: str, days: int) -> None:
    assert days_360(start, end) == days


# The same paper's examples of 30E/360 (ISDA), 4.16(h): the last of February counts as the 30th,
# which is what a due day of 31 makes of it.
@pytest.mark.parametrize(
    ("start", "end", "days"),
    [
        ("2006-02-28", "2006-08-31", 180),
        ("2006-08-31", "2007-02-28", 180),
        ("2007-08-31", "2008-02-29", 180),
        ("2008-02-29", "2008-08-31", 180),
        ("2006-01-31", "2006-02-28", 30),
        ("2006-01-30", "2006-02-28", 30),
        ("2006-02-28", "2006-03-03", 3),
        ("2006-02-14", "2006-02-28", 16),
        ("2007-08-31", "2008-02-28", 178),
        ("2007-02-28", "2008-02-28", 358),
        ("2008-02-29", "2009-02-28", 360),
        ("2008-02-29", "2008-03-30", 30),
        ("2008-02-29", "2008-03-31", 30),
    ],
)
def test_isda_examples_with_february_ending_on_the_30th(start: str, end: str, days: int) -> None:
    assert days_360(start, end, anchor_day=31) == days


@given(DAYS, st.integers(1, 60))
def test_a_month_between_due_dates_is_one_twelfth(start: date, months: int) -> None:
    dates = due_dates(start, months)
    share, year = year_share(start, dates[-1], "30/360", anchor_day=start.day)
    assert Fraction(share, year) == Fraction(months, 12)


# ISDA, "EMU and Market Conventions" (1998-11) and "The Actual/Actual Day Count Fraction" (1999).
@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        (date(2003, 11, 1), date(2004, 5, 1), 0.497724380567),
        (date(2003, 7, 15), date(2004, 1, 15), 0.504004790778),
        (date(2000, 1, 30), date(2000, 6, 30), 0.415300546448),
        (date(2002, 8, 15), date(2003, 7, 15), 0.915068493151),
        (date(2004, 2, 29), date(2004, 3, 1), 1 / 366),
        (date(2003, 2, 28), date(2003, 3, 1), 1 / 365),
    ],
)
def test_isda_examples_of_act_act(start: date, end: date, expected: float) -> None:
    share, year = year_share(start, end, "act/act")
    assert share / year == pytest.approx(expected, abs=1e-12)


def test_actual_day_counts() -> None:
    start, end = date(2026, 1, 1), date(2027, 1, 1)
    conventions: tuple[DayCount, ...] = ("act/360", "act/364", "act/365")
    assert [year_share(start, end, c) for c in conventions] == [(365, 360), (365, 364), (365, 365)]


@given(
    st.tuples(DAYS, DAYS, DAYS).map(sorted), st.sampled_from(get_args(DayCount)), st.integers(1, 31)
)
def test_shares_of_neighbouring_periods_add_up(
    days: list[date], convention: DayCount, anchor_day: int
) -> None:
    first, middle, last = days
    whole, year = year_share(first, last, convention, anchor_day=anchor_day)
    left, _ = year_share(first, middle, convention, anchor_day=anchor_day)
    right, _ = year_share(middle, last, convention, anchor_day=anchor_day)
    assert left + right == whole
    assert left >= 0
    assert right >= 0
    assert year > 0


def test_time_does_not_run_backwards() -> None:
    with pytest.raises(ImpossibleError):
        year_share(date(2026, 1, 2), date(2026, 1, 1), "act/365")


def test_the_31st_survives_february() -> None:
    assert due_dates(date(2026, 1, 31), 3) == (
        date(2026, 2, 28),
        date(2026, 3, 31),
        date(2026, 4, 30),
    )
    assert due_dates(date(2024, 1, 31), 1) == (date(2024, 2, 29),)


def test_a_fixed_due_day_leaves_at_least_half_a_month() -> None:
    assert due_dates(date(2026, 3, 1), 2, 16) == (date(2026, 3, 16), date(2026, 4, 16))
    assert due_dates(date(2026, 3, 2), 1, 16) == (date(2026, 4, 16),)
    assert due_dates(date(2026, 2, 20), 2, 31) == (date(2026, 3, 31), date(2026, 4, 30))


@given(DAYS, st.integers(1, 120), st.none() | st.integers(1, 31))
def test_due_dates_are_a_month_apart(start: date, count: int, due_day: int | None) -> None:
    dates = due_dates(start, count, due_day)
    wanted = due_day or start.day
    assert len(dates) == count
    assert 15 <= (dates[0] - start).days <= 46
    for day in dates:
        assert day.day == wanted or (day.day < wanted and (day + timedelta(1)).day == 1)
    months = [day.year * 12 + day.month for day in dates]
    assert months == list(range(months[0], months[0] + count))


@given(DAYS, st.integers(-400, 400))
def test_adding_months_goes_back_and_forth(day: date, months: int) -> None:
    there = add_months(day, months)
    assert there.year * 12 + there.month == day.year * 12 + day.month + months
    assert add_months(there, -months, anchor_day=day.day) == day


@pytest.mark.parametrize(
    ("start", "dates", "expected"),
    [
        ("2026-01-10", ["2026-02-10", "2026-03-09", "2026-03-11"], [(1, 0), (1, 30), (2, 1)]),
        ("2026-02-10", ["2026-04-01"], [(1, 19)]),
        ("2026-01-31", ["2026-02-28", "2026-03-31"], [(1, 0), (2, 0)]),
        ("2026-01-31", ["2026-02-28"], [(0, 28)]),
        ("2026-01-31", ["2026-02-28", "2026-03-30"], [(0, 28), (1, 28)]),
        ("2026-01-31", ["2026-03-01"], [(1, 1)]),
        ("2026-11-22", ["2026-11-22"], [(0, 0)]),
    ],
)
def test_months_are_counted_backwards(
    start: str, dates: list[str], expected: list[tuple[int, int]]
) -> None:
    found = months_back(date.fromisoformat(start), [date.fromisoformat(day) for day in dates])
    assert found == expected


@given(DAYS, st.integers(1, 120))
def test_monthly_due_dates_are_whole_months(start: date, count: int) -> None:
    dates = due_dates(start, count)
    if start.day <= 28 or len({day.day for day in dates}) > 1 or dates[0].day == start.day:
        assert months_back(start, dates) == [(k, 0) for k in range(1, count + 1)]


def test_workdays_are_those_of_the_state_council_notices(shared_data: Path) -> None:
    with (shared_data / "china_reference/cn_holidays_2007_2026.csv").open(encoding="utf-8") as file:
        off = {
            date.fromisoformat(r["date"]): r["is_off_day"] == "True" for r in csv.DictReader(file)
        }
    assert len(off) > 600
    day = date(PUBLISHED[0], 1, 1)
    while day.year <= PUBLISHED[-1]:
        rest = off.get(day, day.weekday() >= 5)
        assert workday(day).works is not rest, day
        assert not workday(day).provisional
        day += timedelta(1)


def test_years_without_a_notice_are_provisional() -> None:
    for day in (date(2027, 1, 4), date(2027, 10, 1)):
        assert workday(day).provisional
        assert workday(day).works
    assert not workday(date(2027, 1, 3)).works


def test_rolling_over_the_national_holiday_of_2026() -> None:
    rules: tuple[BusinessDayRule, ...] = ("none", "following", "preceding", "modified_following")
    holiday = date(2026, 10, 1)
    assert [roll(holiday, rule) for rule in rules] == [
        holiday,
        date(2026, 10, 8),
        date(2026, 9, 30),
        date(2026, 10, 8),
    ]
    saturday = date(2026, 10, 31)
    assert roll(saturday, "modified_following") == date(2026, 10, 30)
    assert roll(date(2026, 10, 10), "following") == date(2026, 10, 10), "a make-up working day"


def test_the_day_in_shanghai_begins_eight_hours_early() -> None:
    assert shanghai_date(datetime(2026, 11, 21, 16, 0, tzinfo=UTC)) == date(2026, 11, 22)
    assert shanghai_date(datetime(2026, 11, 21, 15, 59, 59, tzinfo=UTC)) == date(2026, 11, 21)


@given(st.lists(st.datetimes(timezones=st.just(UTC)).filter(lambda t: t.year > 999), min_size=2))
def test_instants_sort_as_text(instants: list[datetime]) -> None:
    assert [utc_text(t) for t in sorted(instants)] == sorted(utc_text(t) for t in instants)


@pytest.mark.parametrize("call", [shanghai_date, utc_text])
def test_an_instant_without_a_zone_is_impossible(call: object) -> None:
    assert callable(call)
    with pytest.raises(ImpossibleError):
        call(datetime(2026, 11, 22))  # noqa: DTZ001 - the missing zone is the point


@pytest.mark.parametrize(
    "text", ["2026-02-29", "22.11.2026", "", "20261122", "2026-W47-7", "1999-12-31", "2101-01-01"]
)
def test_what_is_no_date_of_ours_is_refused(text: str) -> None:
    with pytest.raises(InputError) as caught:
        parse_date(text, "start")
    assert caught.value.field == "start"


@pytest.mark.parametrize("day", [FIRST_DAY, LAST_DAY])
def test_the_first_and_the_last_day_are_read(day: date) -> None:
    assert parse_date(day.isoformat(), "start") == day


@pytest.mark.parametrize(
    ("born", "day", "age"),
    [
        (date(2008, 11, 22), date(2026, 11, 21), 17),
        (date(2008, 11, 22), date(2026, 11, 22), 18),
        (date(2008, 2, 29), date(2026, 2, 28), 17),
        (date(2008, 2, 29), date(2026, 3, 1), 18),
        (date(2008, 2, 29), date(2028, 2, 29), 20),
    ],
)
def test_full_years_of_age(born: date, day: date, age: int) -> None:
    assert age_on(born, day) == age
