"""Times of many schedules at once, counted as `cashflow` counts them.

Days are counted from 1970, as Arrow stores them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Final, NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt
import pyarrow as pa
from numpy.lib.stride_tricks import sliding_window_view

from sanshi.kernel.cashflow import MONTHLY
from sanshi.kernel.columns import Column, Mask
from sanshi.kernel.dates import FIRST_DAY, LAST_DAY
from sanshi.kernel.schedules.block import due_day_table
from sanshi.kernel.schedules.terms import MAX_DUE_DAY

Days: TypeAlias = npt.NDArray[np.int32]

_EPOCH: Final = date(1970, 1, 1)
_FIRST, _LAST = (FIRST_DAY - _EPOCH).days, (LAST_DAY - _EPOCH).days
_MONTH_DAYS: Final = 30
_YEAR_DAYS: Final = 360
_WEEKS: Final = 52
_WEEK_DAYS: Final = 7
_CLIPPED_FROM: Final = 28
_SEEN_LINES: Final = 12
"""Where the latest due day is looked for; a row that has it later does not count as regular."""


def stored_days(batch: pa.RecordBatch, name: str) -> Days:
    """Return a column of dates as Arrow stores them."""
    days: Days = batch.column(name).cast(pa.int32()).to_numpy()
    return days


def stored_date(day: np.int32) -> date:
    """Return one of them as a date."""
    return _EPOCH + timedelta(days=int(day))


@dataclass(frozen=True, slots=True)
class Times:
    """When rows pay: line k after lead + k·stride whole periods and odd days.

    Args:
        regular: whether that holds of all lines of a row but the skipped.
        skipped: 1 where the first line falls on the start date, else 0.
        lead: whole periods, as if the first line were not skipped.
        stride: whole periods from line to line.
        odd: odd days, of `odd_base` in a period.
        odd_base: how many odd days make a period.
    """

    regular: Mask
    skipped: Column
    lead: Column
    stride: Column
    odd: Column
    odd_base: int

    def of(self, rows: Mask) -> Times:
        """Return the times of some rows."""
        return Times(
            self.regular[rows],
            self.skipped[rows],
            self.lead[rows],
            self.stride[rows],
            self.odd[rows],
            self.odd_base,
        )


def times(days: Days, counts: Column, start: Days, periods_per_year: int) -> Times:
    """Find the times of rows, each with its due dates in a row of `days`.

    Past a row's last due date may stand anything.
    """
    rows, lines = np.arange(len(days)), np.arange(days.shape[1])
    skipped = ((days[:, 0] == start) & (counts > 1)).astype(np.int64)
    second = days[rows, np.minimum(skipped + 1, counts - 1)]
    dues = _Dues(days, counts, start, skipped, days[rows, skipped], second)
    if periods_per_year > MONTHLY and _WEEKS % periods_per_year == 0:
        base = _WEEKS // periods_per_year * _WEEK_DAYS
        expected, wait, step = _by_days(dues)
    else:
        base = _YEAR_DAYS // periods_per_year
        expected, wait, step = _by_months(dues)
    lead, odd = np.divmod(wait, base)
    stride, rest = np.divmod(np.where(counts - skipped > 1, step, base), base)
    lead -= skipped * stride
    regular: Mask = (rest == 0) & (stride > 0) & (lead >= 0) & (wait > 0)
    regular &= (start >= _FIRST) & (days[rows, counts - 1] <= _LAST)
    same = days == expected
    if not same.all():
        same[:, 0] |= skipped > 0
        same |= lines >= counts[:, None]
        regular &= same.all(axis=1)
    return Times(regular, skipped, lead, stride, odd, base)


class _Dues(NamedTuple):
    """Due dates of rows; `first` and `second` are of the lines that are not skipped."""

    days: Days
    counts: Column
    start: Days
    skipped: Column
    first: Days
    second: Days


def _by_days(dues: _Dues) -> tuple[Days, Column, Column]:
    """Return due dates so many days apart, the time of the first, and that between two."""
    step = (dues.second - dues.first).astype(np.int64)
    begin = dues.first - dues.skipped * step
    expected = begin[:, None] + np.arange(dues.days.shape[1]) * step[:, None]
    return expected, (dues.first - dues.start).astype(np.int64), step


def _by_months(dues: _Dues) -> tuple[Days, Column, Column]:
    """Return the same of due dates that keep to months, counted as `dates.months_back` does.

    Times are in days of months that have 30.
    """
    month, number = _month_and_day(dues.first)
    number = _due_day(dues, number)
    step = np.where(dues.second > dues.first, _month_and_day(dues.second)[0] - month, 1)
    begin = (month - dues.skipped * step) * MAX_DUE_DAY + number - 1
    begun, begun_on = _month_and_day(dues.start)
    last, last_next = _month_length(begun), _month_length(begun + 1)
    clipped = np.minimum(number, last)
    fewer = clipped < begun_on
    odd = np.where(fewer, last + np.minimum(number, last_next), clipped) - begun_on
    wait = (month - begun - fewer) * _MONTH_DAYS + odd
    return _due_dates(begin, step, dues.days.shape[1]), wait, step * _MONTH_DAYS


def _due_day(dues: _Dues, number: Column) -> Column:
    """Return the latest day of month among lines; only late days can be clipped ones."""
    late = np.flatnonzero(number >= _CLIPPED_FROM)
    latest, skipped, counts = number[late], dues.skipped[late], dues.counts[late]
    for k in range(min(_SEEN_LINES, dues.days.shape[1])):
        seen = _month_and_day(dues.days[late, k])[1]
        latest = np.where((skipped <= k) & (k < counts), np.maximum(latest, seen), latest)
    found = number.copy()
    found[late] = latest
    return found


def _due_dates(begin: Column, step: Column, lines: int) -> Days:
    """Return so many due days for each row, so many months apart, from places in the table."""
    table, stride = _due_days(), int(step[0]) * MAX_DUE_DAY
    reach = (lines - 1) * stride + 1
    if 0 < reach <= len(table) and (step == step[0]).all():
        series = sliding_window_view(table, reach)[:, :: max(stride, 1)]
        same_steps: Days = series[np.clip(begin, 0, len(series) - 1)]
        return same_steps
    index = begin[:, None] + np.arange(lines) * (step * MAX_DUE_DAY)[:, None]
    return table.take(index, mode="clip")


def _month_and_day(days: Days) -> tuple[Column, Column]:
    """Return months since that of `FIRST_DAY`, and days of month; for days within bounds only."""
    months = _months().take(days - _FIRST, mode="clip")
    return months, days - _due_days()[months * MAX_DUE_DAY] + 1


def _month_length(months: Column) -> Column:
    """Return how many days months have."""
    first, last = months * MAX_DUE_DAY, months * MAX_DUE_DAY + MAX_DUE_DAY - 1
    table = _due_days()
    length: Column = table.take(last, mode="clip") - table.take(first, mode="clip") + 1
    return length


@lru_cache(maxsize=1)
def _due_days() -> Days:
    """Return each month's due days, 31 for each month since that of `FIRST_DAY`."""
    return (due_day_table() - _EPOCH.toordinal()).astype(np.int32)


@lru_cache(maxsize=1)
def _months() -> Column:
    """Return the month of each day since `FIRST_DAY`."""
    begins = _due_days()[::MAX_DUE_DAY]
    months: Column = np.searchsorted(begins, np.arange(_FIRST, _LAST + 1), side="right") - 1
    return months
