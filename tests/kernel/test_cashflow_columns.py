"""Times over columns are those of single loans, wherever they count as regular."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sanshi.kernel.cashflow_columns import stored_date, times
from sanshi.kernel.dates import add_months, due_dates, months_back

EPOCH = date(1970, 1, 1)
Dues = tuple[date, ...]


def regular(start: date, dues: Sequence[date], per_year: int) -> bool:
    """Say whether columns call a row regular; assert that it then pays when a single loan does."""
    days = np.array([[(due - EPOCH).days for due in dues]], np.int32)
    start_day = np.array([(start - EPOCH).days], np.int32)
    found = times(days, np.array([len(dues)]), start_day, per_year)
    if not found.regular[0]:
        return False
    lead, stride, odd = int(found.lead[0]), int(found.stride[0]), int(found.odd[0])
    skipped = int(found.skipped[0])
    assert skipped == (dues[0] == start)
    assert lead >= 0
    assert 0 <= odd < found.odd_base
    counted = [(lead + k * stride, odd) for k in range(len(dues))][skipped:]
    assert counted == one_by_one(start, dues, per_year)[skipped:]
    return True


def one_by_one(start: date, dues: Sequence[date], per_year: int) -> list[tuple[int, int]]:
    if per_year in (52, 26, 13):
        base = 52 // per_year * 7
        return [divmod((due - start).days, base) for due in dues]
    base = 360 // per_year
    return [divmod(m * 30 + odd, base) for m, odd in months_back(start, [start, *dues])[1:]]


def yearly(first: int, last: int) -> Dues:
    return tuple(date(y, 2, 28 + (y % 4 == 0)) for y in range(first, last))


REGULAR = [
    (date(2027, 1, 31), due_dates(date(2027, 1, 31), 13), 12),
    (date(2027, 1, 15), due_dates(date(2027, 1, 15), 13, 31), 12),
    (date(2027, 2, 28), due_dates(date(2027, 2, 28), 13, 30), 12),
    (date(2028, 2, 29), due_dates(date(2028, 2, 29), 13, 30), 12),
    (date(2027, 1, 30), due_dates(date(2027, 1, 31), 13), 12),
    (date(2027, 1, 31), (date(2027, 1, 31), date(2027, 2, 28), date(2027, 3, 31)), 12),
    (date(2027, 1, 10), (date(2027, 1, 20), date(2027, 3, 20), date(2027, 5, 20)), 6),
    (date(2027, 1, 10), (date(2027, 1, 20), date(2027, 2, 20), date(2027, 3, 20)), 24),
    (date(2027, 1, 10), (date(2027, 1, 12), date(2027, 1, 26), date(2027, 2, 9)), 52),
    (date(2027, 1, 10), (date(2027, 1, 10), date(2027, 1, 26), date(2027, 2, 9)), 52),
    (date(2024, 2, 29), yearly(2025, 2040), 12),
    (date(2025, 2, 28), tuple(date(year, 2, 28) for year in range(2026, 2028)), 2),
    (date(2100, 12, 1), (date(2100, 12, 31),), 12),
    (date(2000, 1, 1), (date(2000, 1, 31), date(2000, 2, 29)), 12),
    (date(2027, 3, 1), (date(2027, 3, 31),), 12),
    (date(2027, 1, 10), (date(2027, 1, 10), date(2027, 2, 20), date(2027, 3, 20)), 12),
]
ALONE = [
    (date(2027, 1, 31), (date(2027, 1, 31),), 12),
    (date(2027, 1, 31), (date(2027, 1, 31), date(2027, 2, 15), date(2027, 3, 15)), 12),
    (date(2027, 1, 10), (date(2027, 1, 20), date(2027, 2, 20), date(2027, 3, 20)), 4),
    (date(2027, 1, 10), (date(2027, 2, 10), date(2027, 6, 10), date(2027, 10, 10)), 4),
    (date(2027, 3, 31), (date(2027, 4, 30), date(2027, 5, 29)), 12),
    (date(1999, 12, 31), (date(2000, 1, 31), date(2000, 2, 29)), 12),
    (date(2027, 1, 10), (date(2027, 2, 10),) * 3, 12),
    (date(2027, 1, 10), (date(2027, 2, 10), date(2027, 1, 20), date(2027, 3, 20)), 12),
    (date(2027, 1, 10), (date(2027, 1, 5), date(2027, 2, 5), date(2027, 3, 5)), 12),
    (date(2027, 1, 10), (date(2027, 2, 10), date(2027, 3, 10), date(2027, 5, 10)), 12),
    (date(2100, 12, 20), (date(2101, 1, 1), date(2101, 2, 1)), 12),
    (date(2100, 12, 20), (date(2101, 1, 3), date(2101, 1, 10)), 52),
    (date(2027, 1, 10), (date(2027, 1, 18), date(2027, 2, 10)), 52),
]


@pytest.mark.parametrize(("start", "dues", "per_year"), REGULAR)
def test_these_are_regular(start: date, dues: Dues, per_year: int) -> None:
    assert regular(start, dues, per_year)


@pytest.mark.parametrize(("start", "dues", "per_year"), ALONE)
def test_these_are_not(start: date, dues: Dues, per_year: int) -> None:
    assert not regular(start, dues, per_year)


@given(
    st.dates(date(2000, 1, 1), date(2060, 1, 1)),
    st.integers(0, 70),
    st.integers(1, 31),
    st.tuples(st.integers(1, 40), st.sampled_from([1, 1, 2, 3, 6, 12])),
    st.sampled_from([12, 12, 6, 4, 3, 2, 24]),
)
def test_monthly_rows_are_regular_and_right(
    start: date, wait: int, due_day: int, term: tuple[int, int], per_year: int
) -> None:
    count, months = term
    first = start + timedelta(wait)
    if add_months(first, 0, anchor_day=due_day) != first:
        due_day = first.day
    dues = [add_months(first, k * months, anchor_day=due_day) for k in range(count)]
    found = regular(start, dues, per_year)
    if wait > 0 and per_year in (12, 24):
        late = [due.day for due in dues[:12]]
        assert found or max(late) < max(due.day for due in dues)


@given(
    st.dates(date(2000, 1, 1), date(2060, 1, 1)),
    st.integers(1, 400),
    st.integers(1, 40),
    st.sampled_from([7, 14, 21, 28, 42, 56]),
    st.sampled_from([52, 26, 13]),
)
def test_weekly_rows_are_regular_where_they_keep_to_periods(
    start: date, wait: int, count: int, step: int, per_year: int
) -> None:
    dues = [start + timedelta(wait + k * step) for k in range(count)]
    assert regular(start, dues, per_year) == (count == 1 or step * per_year % 364 == 0)


def test_days_are_read_back() -> None:
    assert stored_date(np.int32((date(2026, 11, 22) - EPOCH).days)) == date(2026, 11, 22)
