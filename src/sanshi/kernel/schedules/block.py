"""A block of like loans: matrices with a line in each row and a loan in each column.

Level payments are estimated in floats with a bound on their error; where that leaves two roundings
possible, the exact fraction decides.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from functools import cached_property, lru_cache
from typing import Any, Final, TypeAlias

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from sanshi.kernel.columns import MANY, Column, Mask, fits
from sanshi.kernel.dates import FIRST_DAY, LAST_DAY, YEAR_UNITS, DayCount, add_months, year_place
from sanshi.kernel.money import PPM, Rounding
from sanshi.kernel.schedules.levels import exact_level, rounded_to
from sanshi.kernel.schedules.terms import MAX_DUE_DAY
from sanshi.kernel.schedules.walk import EVERYTHING_FEN, Line, Rule, Standing, Step, walk
from sanshi.kernel.tables import SCHEDULE_LINES

SHAPE: Final = (
    "method",
    "day_count",
    "rounding",
    "instalment_rounding",
    "remainder",
    "interest_round",
    "grace_lines",
)
"""What rows have in common that walk together."""

_EPOCH: Final = date(1970, 1, 1).toordinal()
_FIRST: Final = FIRST_DAY.toordinal()
_MONTHS: Final = (LAST_DAY.year - FIRST_DAY.year + 1) * 12
_ANCHORS: Final = (28, 30)
"""In 30/360 due days below the first act alike, and so do those above the last."""
_FLOAT_ERROR: Final = 2.0**-50
"""Eight times the relative error of one float operation: more than a line's few can make."""
_SURELY: Final = 1e-9
_NOTHING: Final = np.zeros(1, np.int64)
_Numbers: TypeAlias = npt.NDArray[Any]
_Floats: TypeAlias = npt.NDArray[np.float64]


def column(batch: pa.RecordBatch, name: str) -> Column:
    """Return a column of whole numbers; of words, their codes."""
    values = batch.column(name)
    codes = values.indices if isinstance(values, pa.DictionaryArray) else values
    return np.asarray(codes.to_numpy(zero_copy_only=False), np.int64)


def ordinals(batch: pa.RecordBatch, name: str) -> Column:
    """Return a column of dates as ordinals."""
    return _EPOCH + np.asarray(batch.column(name).cast(pa.int32()).to_numpy(), np.int64)


@lru_cache(maxsize=1)
def due_day_table() -> Column:
    """Return the ordinal of each month's due day: 31 of them for each month since `FIRST_DAY`."""
    days = range(1, MAX_DUE_DAY + 1)
    return np.array(
        [
            add_months(FIRST_DAY, k, anchor_day=day).toordinal()
            for k in range(_MONTHS)
            for day in days
        ]
    )


@lru_cache(maxsize=1)
def _due_stored() -> npt.NDArray[np.int32]:
    """Return the same days as Arrow stores them."""
    return (due_day_table() - _EPOCH).astype(np.int32)


def due_day_index(first: Column, due_day: Column) -> Column:
    """Return where in the table the due day stands of the month that holds a day."""
    month = np.searchsorted(due_day_table()[::MAX_DUE_DAY], first, side="right") - 1
    index: Column = month * MAX_DUE_DAY + due_day - 1
    return index


@lru_cache(maxsize=64)
def _day_places(day_count: DayCount, anchor_day: int) -> Column:
    """Return where each day stands on a convention's scale, by days since `FIRST_DAY`."""
    days = map(date.fromordinal, range(_FIRST, LAST_DAY.toordinal() + 1))
    return np.array([year_place(day, day_count, anchor_day) for day in days])


def _anchored_places(day_count: DayCount, days: Column, due_day: Column) -> Column:
    """Return where days stand on the scale of loans with these due days."""
    match day_count:
        case "30/360":
            anchor = np.clip(due_day, *_ANCHORS)
        case "month/12":
            anchor = due_day
        case _:
            anchor = np.zeros_like(due_day)
    anchors, which = np.unique(anchor, return_inverse=True)
    tables = np.stack([_day_places(day_count, int(one)) for one in anchors])
    places: Column = tables[which, days - _FIRST]
    return places


@lru_cache(maxsize=8)
def _due_places(day_count: DayCount) -> Column:
    """Return where each of the due days stands on its own loans' scale."""
    due_day = np.tile(np.arange(1, MAX_DUE_DAY + 1), _MONTHS)
    return _anchored_places(day_count, due_day_table(), due_day)


class Block:
    """Rows of one shape, within the bounds of `Terms`."""

    def __init__(self, batch: pa.RecordBatch) -> None:
        """Lay out the periods."""
        self._batch = batch
        self._shape: dict[str, Any] = {name: batch.column(name)[0].as_py() for name in SHAPE}
        self._rule = Rule(self._shape["rounding"], self._shape["interest_round"] == "subperiod")
        self._principal = column(batch, "principal_fen")
        self._count = column(batch, "instalments")
        due_days, places = self._dues()
        if self._shape["method"] == "bullet":
            due_days, places = due_days[-1:], places[-1:]
            self._count = np.ones_like(self._count)
        self._due_days = due_days
        self._lives: Mask = np.arange(len(due_days))[:, None] < self._count
        self._numerators, self._denominator = self._periods(places)

    def overflows(self) -> Mask:
        """Say of which rows 64 bits do not hold the interest."""
        return ~fits(self._principal, self._numerators.max(axis=0))

    def starves(self) -> Mask:
        """Say of which rows a line's interest may be above the level payment."""
        if self._shape["method"] not in ("equal_instalment", "balloon"):
            return np.zeros(len(self._count), np.bool_)
        most = self._principal * (self._numerators.max(axis=0) / self._denominator)
        owed, paid = self._grown
        starves: Mask = most * (1 + _SURELY) * paid > owed - column(self._batch, "balloon_fen")
        return starves & (self._count > 1)

    @cached_property
    def _grown(self) -> tuple[_Floats, _Floats]:
        """Return what principal, and one fen with each line, come to after all lines."""
        owed = self._principal.astype(np.float64)
        paid, shortest = np.zeros_like(owed), int(self._count.min())
        for k in range(self._shape["grace_lines"], len(self._due_days)):
            grown = 1 + self._numerators[k] / self._denominator
            if k < shortest:
                owed *= grown
                paid *= grown
                paid += 1
            else:
                lives = self._lives[k]
                owed = np.where(lives, owed * grown, owed)
                paid = np.where(lives, paid * grown + 1, paid)
        return owed, paid

    def lines(self) -> pa.RecordBatch:
        """Walk all rows and give their lines, those of a row together."""
        steps = list(self._walk(self._wanted()))
        lives = None if self._lives.all() else np.ascontiguousarray(self._lives.T)
        principal = _flat(np.stack([step.principal_fen for step in steps]), lives)
        interest = _flat(np.stack([step.interest_fen for step in steps]), lives)
        closing = _flat(np.stack([step.owed_fen for step in steps]), lives)
        numbers = np.arange(1, len(steps) + 1, dtype=np.int16)[:, None]
        columns: tuple[_Numbers, ...] = (
            np.repeat(column(self._batch, "row"), self._count),
            _flat(np.broadcast_to(numbers, self._lives.shape), lives),
            _flat(self._due_days, lives),
            closing + principal,
            principal,
            interest,
            closing,
        )
        arrays = [
            pa.array(values, field.type)
            for values, field in zip(columns, SCHEDULE_LINES, strict=True)
        ]
        return pa.RecordBatch.from_arrays(arrays, schema=SCHEDULE_LINES)

    def _dues(self) -> tuple[npt.NDArray[np.int32], Column]:
        """Return due dates as stored and as places; past a row's last line, its last again."""
        day_count: DayCount = self._shape["day_count"]
        first, due_day = ordinals(self._batch, "first_due"), column(self._batch, "due_day")
        lines = int(self._count.max())
        steps = np.arange(lines)[:, None]
        if lines != self._count.min():
            steps = np.minimum(steps, self._count - 1)
        if column(self._batch, "every_days").any():
            days = steps * column(self._batch, "every_days") + first
            stored = (days - _EPOCH).astype(np.int32)
            return stored, _anchored_places(day_count, days, due_day)
        stride = column(self._batch, "every_months") * MAX_DUE_DAY
        index = steps * stride + due_day_index(first, due_day)
        return _due_stored().take(index), _due_places(day_count).take(index)

    def _periods(self, places: Column) -> tuple[Column, Column]:
        """Return the interest of one fen over each period, over a denominator for each row."""
        day_count: DayCount = self._shape["day_count"]
        start, due_day = ordinals(self._batch, "start_date"), column(self._batch, "due_day")
        rate = column(self._batch, "rate_ppm")
        whole = np.int64(PPM * YEAR_UNITS[day_count])
        shared = np.gcd(rate, whole)
        numerators = np.empty_like(places)
        np.subtract(places[1:], places[:-1], out=numerators[1:])
        numerators[0] = places[0] - _anchored_places(day_count, start, due_day)
        numerators *= rate // shared
        return numerators, whole // shared

    def _walk(self, wanted: Sequence[Column]) -> Iterator[Step[Column]]:
        method = self._shape["method"]
        is_payment = method in ("equal_instalment", "balloon")
        flat = self._principal if method == "flat" else None
        start = Standing(self._principal, np.zeros_like(self._principal), flat)
        ends = self._count - 1
        lines = (
            Line(
                ((_NOTHING, self._numerators[k]),),
                np.where(ends == k, EVERYTHING_FEN, fen),
                is_payment and k >= self._shape["grace_lines"],
                _NOTHING,
            )
            for k, fen in enumerate(wanted)
        )
        return walk(MANY, start, lines, self._denominator, self._rule)

    def _wanted(self) -> list[Column]:
        """Return what each line pays, before the last of a row takes everything."""
        lines = len(self._due_days)
        grace = min(self._shape["grace_lines"], lines)
        match self._shape["method"]:
            case "equal_instalment" | "balloon":
                made = [self._level()] * (lines - grace)
            case "equal_principal" | "flat":
                made = list(self._level_principals(lines - grace))
            case _:
                made = [_NOTHING] * (lines - grace)
        return [_NOTHING] * grace + made

    def _level_principals(self, lines: int) -> Iterator[Column]:
        unit, count = column(self._batch, "round_to_fen"), self._count - self._shape["grace_lines"]
        if self._shape["remainder"] == "last":
            part = self._unit_parts(self._principal, count, unit)
            return iter([part] * lines)
        each, odd = np.divmod(self._principal // unit, count)
        return (unit * (each + (odd > k)) for k in range(lines))

    def _unit_parts(self, total: Column, count: Column, unit: Column) -> Column:
        rounding: Rounding = self._shape["instalment_rounding"]
        return MANY.div_round(total, count * unit, rounding) * unit

    def _level(self) -> Column:
        """Return the level payment of each row, exact and then rounded."""
        unit, balloon = column(self._batch, "round_to_fen"), column(self._batch, "balloon_fen")
        count = self._count - self._shape["grace_lines"]
        free: Mask = ~np.asarray(self._numerators.any(axis=0))
        without_interest = self._unit_parts(self._principal - balloon, count, unit)
        level = np.where(free, without_interest, self._estimated(unit, balloon, ~free))
        if self._shape["remainder"] == "last":
            return level
        return _smoothest(level, unit, lambda candidate: self._gap(candidate, balloon))

    def _gap(self, level: Column, balloon: Column) -> Column:
        """Return how much more than the level, and the balloon, the last payment is."""
        grace = self._shape["grace_lines"]
        wanted = [_NOTHING] * grace + [level] * (len(self._due_days) - grace)
        last = np.zeros_like(level)
        for k, step in enumerate(self._walk(wanted)):
            paid = step.principal_fen + step.interest_fen
            last = np.where(self._count - 1 == k, paid, last)
        return last - balloon - level

    def _estimated(self, unit: Column, balloon: Column, wanted: Mask) -> Column:
        """Return the level in floats, rounded; of wanted rows exact where the float cannot tell."""
        owed, paid = self._grown
        units = (owed - balloon) / (paid * unit)
        reach = (owed + balloon) / (paid * unit) * (self._count + 1) * _FLOAT_ERROR
        rounding: Rounding = self._shape["instalment_rounding"]
        offset = {"half_up": 0.5, "half_even": 0.5, "up": 1.0, "down": 0.0}[rounding]
        whole = np.floor(units + offset)
        level = np.maximum(whole, 0).astype(np.int64) * unit
        nearest = np.rint(units + offset)
        for row in np.flatnonzero(wanted & (np.abs(units + offset - nearest) <= reach)):
            level[row] = self._exact(int(row), int(unit[row]), int(balloon[row]))
        return level

    def _exact(self, row: int, unit: int, balloon: int) -> int:
        lives = slice(self._shape["grace_lines"], int(self._count[row]))
        pieces = [((0, int(number)),) for number in self._numerators[lives, row]]
        start = Standing(int(self._principal[row]), 0)
        bills = [True] * len(pieces)
        exact = exact_level(pieces, bills, start, int(self._denominator[row]), balloon)
        return rounded_to(*exact, unit, self._shape["instalment_rounding"])


def _flat(values: _Numbers, lives: Mask | None) -> _Numbers:
    """Lay a matrix of lines by loans out loan by loan, without the lines a loan does not have."""
    by_loan: _Numbers = np.ascontiguousarray(values.T)
    return by_loan.ravel() if lives is None else by_loan[lives]


def _smoothest(level: Column, unit: Column, gap: Callable[[Column], Column]) -> Column:
    """Find what `levels.smoothest` finds, for all rows side by side."""
    low = high = level
    above = below = rounded = gap(level)
    step = unit
    while (more := below > 0).any():
        low, high = np.where(more, high, low), np.where(more, high + step, high)
        step, above = np.where(more, 2 * step, step), np.where(more, below, above)
        below = gap(high)
    while (less := (low > 0) & (above <= 0)).any():
        high, low = np.where(less, low, high), np.where(less, np.maximum(low - step, 0), low)
        step, below = np.where(less, 2 * step, step), np.where(less, above, below)
        above = gap(low)
    while (wide := high - low > unit).any():
        middle = (low + high) // (2 * unit) * unit
        between = gap(middle)
        up, down = wide & (between > 0), wide & (between <= 0)
        low, above = np.where(up, middle, low), np.where(up, between, above)
        high, below = np.where(down, middle, high), np.where(down, between, below)
    better = np.where(above <= -below, low, high)
    stays = np.abs(rounded) <= np.minimum(np.abs(above), np.abs(below))
    return np.where(stays, level, better)
