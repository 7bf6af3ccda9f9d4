"""Annual rates 年化利率 of many schedules at once: the figures of `rates.annual_rate`, proven.

Rows whose payments come at regular times are solved in floats, side by side. The proof is in
floats, too. All payments are positive, so nothing cancels in their present value, and its
relative error is at most 2^-53 for each rounding on the longest way to it. The growth factor of a
period is bracketed between two floats, which are exact numbers: at the lower the payments must
surely be worth more than the advance, at the higher surely less, each by more than twice that
error. (What underflows is far below a fen.) So the rate lies strictly between them, and what is
disclosed is what everything in between rounds to, with the error of the float that is rounded
added outwards.

Rows that stay unsure, and all others, go to `rates.annual_rate` one by one. Among the unsure are
all rates on a boundary between two figures: no bracket around a boundary rounds to one figure.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Final, NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt
import pyarrow as pa
from numpy.lib.stride_tricks import sliding_window_view

from sanshi.kernel.cashflow import MONTHLY, PERIODS
from sanshi.kernel.cashflow_columns import Days, Times, stored_date, stored_days, times
from sanshi.kernel.columns import BATCH_ROWS, Column, Mask
from sanshi.kernel.errors import InputError
from sanshi.kernel.money import MAX_FEN, PPM
from sanshi.kernel.rates import DISCLOSED_PPM, PROOF_BITS, Flow, annual_rate
from sanshi.kernel.schedules.batch import Refused
from sanshi.kernel.schedules.block import column
from sanshi.kernel.tables import ANNUAL_RATES

Floats: TypeAlias = npt.NDArray[np.float64]

_GRID: Final = PPM // DISCLOSED_PPM
_NEAR: Final = 2.0**-PROOF_BITS
_ROUNDING: Final = 2.0**-52
"""Twice the relative error of one float operation."""
_MORE_ROUNDINGS: Final = 16
"""Roundings that do not grow with the lines: of the odd days, the quotient and the comparison."""
_LOWEST, _HIGHEST = 0.5, 100.0
"""Growth factors of a period that are proven here; above one half, 1 + odd share × rate is, too."""
_LOWEST_FORCE, _HIGHEST_FORCE = -0.7, 4.7
_SOLVED: Final = 2.0**-45
_SOLVER_STEPS: Final = 8


def annual_rates(
    lines: Iterable[pa.RecordBatch],
    starts: pa.RecordBatch,
    upfront_fee_fen: pa.Array | None = None,
    *,
    periods_per_year: int = MONTHLY,
    refused: Refused | None = None,
) -> Iterator[pa.RecordBatch]:
    """Give the annual rates (`tables.ANNUAL_RATES`) of schedules, a batch for each batch of lines.

    What a row owes at first is its advance on its start date, and its lines are what it pays.
    `proven` rows carry the figures of `rates.annual_rate`, proven by signs of the present value
    that floats with a bound on their error, or else integers, leave no doubt of. The others carry
    none: a fee as large as the advance, more drawn later, a rate out of range. An effective rate
    that 64 bits do not hold is left out.

    Args:
        lines: `tables.SCHEDULE_LINES`, all lines of a row in one batch.
        starts: `row` and `start_date` of at least these rows; `tables.SCHEDULE_TERMS` has both.
        upfront_fee_fen: what each row of `starts` pays on its start date.
        periods_per_year: as in `rates.annual_rate`.
        refused: told the number and the fault of each row with an amount or a date that cannot
            be; without it the first such fault is raised.
    """
    if periods_per_year not in PERIODS:
        raise InputError(
            "rate.periods",
            f"{periods_per_year} periods a year are not supported.",
            field="periods_per_year",
            fix=f"Use one of {', '.join(map(str, PERIODS))}.",
        )
    book = _Starts(starts, upfront_fee_fen)
    for batch in lines:
        if batch.num_rows:
            yield _Batch(batch, book, periods_per_year).rates(refused)


class _Starts:
    """When rows begin, and what they pay then."""

    def __init__(self, starts: pa.RecordBatch, upfront_fee_fen: pa.Array | None) -> None:
        rows = column(starts, "row")
        by_row = np.argsort(rows, kind="stable")
        fees = np.zeros_like(rows) if upfront_fee_fen is None else upfront_fee_fen.to_numpy()
        if (np.diff(rows[by_row]) == 0).any():
            raise InputError(
                "rate.two_starts",
                "A row has more than one start date.",
                field="starts",
                fix="Number the rows so that each has its own.",
            )
        self._rows, self._days = rows[by_row], stored_days(starts, "start_date")[by_row]
        self._fees = fees[by_row]

    def of(self, rows: Column) -> tuple[Days, Column]:
        """Return start dates and fees; InputError for a row that has none."""
        every = len(self._rows) and self._rows[-1] - self._rows[0] == len(self._rows) - 1
        at = rows - self._rows[0] if every else np.searchsorted(self._rows, rows)
        known = self._rows.take(at, mode="clip") == rows if len(self._rows) else at < 0
        if not known.all():
            raise InputError(
                "rate.no_start",
                f"Row {rows[~known][0]} has lines and no start date.",
                field="starts",
                fix="Give the batch of terms that the lines were made from.",
            )
        return self._days[at], self._fees[at]


class _Figures(NamedTuple):
    """What rows disclose, and whether floats could prove it."""

    nominal: Column
    effective: Column
    sure: Mask


class _Batch:
    """Lines of whole rows."""

    def __init__(self, batch: pa.RecordBatch, book: _Starts, periods_per_year: int) -> None:
        rows = column(batch, "row")
        principal, opening = column(batch, "principal_fen"), column(batch, "opening_fen")
        self._periods_per_year = periods_per_year
        self._first = np.flatnonzero(np.concatenate(([True], rows[1:] != rows[:-1])))
        self._counts = np.diff(self._first, append=len(rows))
        self._rows = rows[self._first]
        self._days = stored_days(batch, "due_date")
        self._paid = principal + column(batch, "interest_fen")
        self._start, self._fee = book.of(self._rows)
        self._opening = opening[self._first]
        self._repaid: Mask = np.add.reduceat(principal, self._first) == self._opening
        self._plain = self._repaid & (self._opening <= MAX_FEN) & (self._fee >= 0)
        if self._paid.min() < 0 or self._paid.max() > MAX_FEN:
            self._plain &= np.minimum.reduceat(self._paid, self._first) >= 0
            self._plain &= np.maximum.reduceat(self._paid, self._first) <= MAX_FEN

    def rates(self, refused: Refused | None) -> pa.RecordBatch:
        """Solve all rows, then those one by one that floats cannot tell."""
        figures = self._by_floats()
        nominal, effective = figures.nominal, figures.effective
        told, proven, no_effective = figures.sure.copy(), figures.sure, ~figures.sure
        for row in np.flatnonzero(~told):
            try:
                found = self._alone(int(row)) if self._repaid[row] else None
            except InputError as error:
                if refused is None:
                    raise
                refused(int(self._rows[row]), error)
                continue
            told[row] = True
            if found is not None:
                proven[row], nominal[row] = True, found[0]
                if found[1] <= np.iinfo(np.int64).max:
                    no_effective[row], effective[row] = False, found[1]
        return pa.RecordBatch.from_arrays(
            [
                pa.array(self._rows[told]),
                pa.array(nominal[told], mask=~proven[told]),
                pa.array(effective[told], mask=no_effective[told]),
                pa.array(proven[told]),
            ],
            schema=ANNUAL_RATES,
        )

    def _alone(self, row: int) -> tuple[int, int] | None:
        lines = slice(self._first[row], self._first[row] + self._counts[row])
        start = stored_date(self._start[row])
        flows = [Flow(start, int(self._opening[row])), Flow(start, -int(self._fee[row]))]
        for day, paid_fen in zip(self._days[lines], self._paid[lines], strict=True):
            flows.append(Flow(stored_date(day), -int(paid_fen)))
        rate = annual_rate(flows, self._periods_per_year)
        return (rate.cn_irr_nominal_ppm, rate.effective_ppm) if rate.proven else None

    def _by_floats(self) -> _Figures:
        size = len(self._rows)
        found = _Figures(
            np.zeros(size, np.int64), np.zeros(size, np.int64), np.zeros(size, np.bool_)
        )
        # Rows of one length waste no lines on each other.
        by_length = np.argsort(self._counts, kind="stable")
        for begin in range(0, size, BATCH_ROWS):
            members = by_length[begin : begin + BATCH_ROWS]
            regular, block = self._block(members)
            for whole, values in zip(found, block.figures(), strict=True):
                whole[members[regular]] = values
        return found

    def _block(self, members: Column) -> tuple[Mask, _Block]:
        """Return which rows of some can be solved in floats, and those."""
        counts, opening = self._counts[members], self._opening[members]
        when = times(
            self._lines(self._days, members), counts, self._start[members], self._periods_per_year
        )
        paid = np.array(self._lines(self._paid, members).T, np.float64, order="C")
        if counts[0] != counts[-1]:
            paid *= np.arange(len(paid))[:, None] < counts
        # What is paid on the first day is netted with the advance.
        at_once = when.skipped * paid[0]
        advance = opening - self._fee[members] - at_once
        paid[0] -= at_once
        regular = when.regular & self._plain[members] & (advance > 0)
        if not regular.all():
            paid, advance, counts = paid[:, regular], advance[regular], counts[regular]
            when = when.of(regular)
        return regular, _Block(paid, advance, counts, when, self._periods_per_year)

    def _lines(self, values: npt.NDArray[Any], members: Column) -> npt.NDArray[Any]:
        """Lay values out with a loan in each row; past its last line stands anything."""
        first, most = self._first[members], int(self._counts[members].max())
        beyond = int(first.max()) + most - len(values)
        if beyond > 0:
            values = np.append(values, np.zeros(beyond, values.dtype))
        laid: npt.NDArray[Any] = sliding_window_view(values, most)[first]
        return laid


class _Block:
    """Regular rows: a matrix with a line in each row and a loan in each column."""

    def __init__(
        self, paid: Floats, advance: Floats, counts: Column, when: Times, per_year: int
    ) -> None:
        self._paid = paid
        self._advance = advance
        self._when = when
        self._odd = when.odd / when.odd_base
        self._per_year = per_year
        # On the way of the last payment: a rounding for 1/growth in each period, one for each
        # product of them, one for each sum.
        periods = when.lead + when.stride * (counts - 1)
        self._reach = (2 * periods + counts + _MORE_ROUNDINGS) * _ROUNDING

    def figures(self) -> _Figures:
        """Solve, prove and round."""
        # What overflows, or is no number, compares as unsure.
        with np.errstate(all="ignore"):
            growth = self.solve()
            low, high = growth * (1 - _NEAR), growth * (1 + _NEAR)
            sure = (low > _LOWEST) & (high < _HIGHEST)
            sure &= self.excess(low) > 0
            sure &= self.excess(high) < 0
            nominal, same_nominal = self._rounded(*self._nominal(low), *self._nominal(high))
            effective, same_effective = self._rounded(*self._effective(low), *self._effective(high))
        return _Figures(nominal, effective, sure & same_nominal & same_effective)

    def solve(self) -> Floats:
        """Return the growth factor of a period by Newton's method on the log of present value."""
        force, mean, spread = self._first_guess()
        wanted = np.log(self._advance)
        for _ in range(_SOLVER_STEPS):
            value, fall = self._log_value(np.exp(force))
            step = (value - wanted) / fall
            force = np.clip(force + step, _LOWEST_FORCE, _HIGHEST_FORCE)
            # What Newton's method leaves is about step²·spread / 2·mean.
            if not (step * step * spread > _SOLVED * mean).any():
                break
        growth: Floats = np.exp(force)
        return growth

    def _first_guess(self) -> tuple[Floats, Floats, Floats]:
        """Return a force of interest, and mean and spread of the times, as `rates` guesses."""
        total, first, second = np.zeros((3, len(self._advance)))
        for amounts in self._paid[::-1]:
            second += first
            first += total
            total += amounts
        second = 2 * second + first
        mean, stride = first / total, self._when.stride
        spread = (second / total - mean * mean) * stride * stride
        mean = mean * stride + self._when.lead + self._odd
        wanted = np.log(total / self._advance)
        root = np.sqrt(np.maximum(mean * mean - 2 * spread * wanted, 0))
        force = 2 * wanted / (mean + root)
        return np.clip(force, _LOWEST_FORCE, _HIGHEST_FORCE), mean, spread

    def _log_value(self, growth: Floats) -> tuple[Floats, Floats]:
        """Return the log of the payments' present value, and how fast it falls by the force."""
        when = self._when
        discount = _power(1 / growth, when.stride)
        value, slope = self._paid[-1].copy(), np.zeros_like(growth)
        for amounts in self._paid[-2::-1]:
            slope *= discount
            slope += value
            value *= discount
            value += amounts
        simple = 1 + self._odd * (growth - 1)
        log_value = np.log(value / simple) - when.lead * np.log(growth)
        fall = when.lead + when.stride * slope * discount / value + self._odd * growth / simple
        return log_value, fall

    def excess(self, growth: Floats) -> Floats:
        """Return by how much the payments are surely worth more (+) or less (−) than the advance.

        0 where that is not sure, or no number.
        """
        when = self._when
        once = 1 / growth
        discount = _power(once, when.stride)
        value = self._paid[-1].copy()
        for amounts in self._paid[-2::-1]:
            value *= discount
            value += amounts
        value *= _power(once, when.lead)
        value /= 1 + self._odd * (growth - 1)
        excess = value - self._advance
        return np.where(np.abs(excess) > value * self._reach, excess, 0)

    def _nominal(self, growth: Floats) -> tuple[Floats, Floats]:
        """Return the nominal rate in steps of what is disclosed, and a bound on its error."""
        steps = (growth - 1) * (self._per_year * _GRID)
        return steps, (np.abs(steps) + 1) * (4 * _ROUNDING)

    def _effective(self, growth: Floats) -> tuple[Floats, Floats]:
        """Return the effective rate likewise: a product for each period, a difference, a scale."""
        year = _power(growth, np.full(len(growth), self._per_year))
        error = (year + 1) * ((self._per_year + _MORE_ROUNDINGS) * _ROUNDING * _GRID)
        return (year - 1) * _GRID, error

    @staticmethod
    def _rounded(
        low: Floats, low_error: Floats, high: Floats, high_error: Floats
    ) -> tuple[Column, Mask]:
        """Return what everything between two ends rounds to, and where that is one figure."""
        below, above = np.floor(low - low_error + 0.5), np.floor(high + high_error + 0.5)
        same = below == above  # so the errors, and the figure, are within what int64 holds
        return np.where(same, below, 0).astype(np.int64) * DISCLOSED_PPM, same


def _power(base: Floats, exponents: Column) -> Floats:
    """Multiply so many times; a power has at most one rounding less than it has factors."""
    power = np.where(exponents & 1, base, 1.0)
    while (exponents := exponents >> 1).any():
        base = base * base
        power = np.where(exponents & 1, power * base, power)
    return power
