"""Annual rates 年化利率, with proof.

A rate is solved in floats and then proven in integers: it is bracketed between two fractions
n/2^40, the sign of the present value is computed exactly at both, and what is disclosed is what
everything in between rounds to. Where the ends round apart, the boundary between the two
candidates is itself tested as an exact fraction.

Time is counted as in US Regulation Z, Appendix J (b)(5): whole months backwards from each payment
towards the advance; days left over are a simple fraction of a period, so that a payment after t
months and d days is discounted by (1 + i·d/30)·(1 + i)^t.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from itertools import compress, islice, pairwise
from math import expm1, log, log1p, sqrt
from operator import itemgetter, ne
from typing import ClassVar, Final, Literal, NamedTuple

from sanshi.kernel.dates import check_date, months_back
from sanshi.kernel.errors import InputError
from sanshi.kernel.money import MAX_FEN, PPM, check_fen
from sanshi.kernel.reasons import Reason

PROOF_BITS: Final = 40
DISCLOSED_PPM: Final = 100
"""Annual rates are disclosed to 0.01 %."""

_MONTHLY = 12
_WEEKLY = 52
_WEEK_BASED = (52, 26, 13)
_PERIODS = (12, 6, 4, 3, 2, 24, *_WEEK_BASED)
_MONTH_DAYS = 30
_WEEK_DAYS = 7
_GRID = PPM // DISCLOSED_PPM
_MAX_BITS = 640
_NARROW = 2
_LOWEST, _HIGHEST = -0.99, 100.0
_ONE = 1 << PROOF_BITS
_NEAREST, _FURTHEST = int(_LOWEST * _ONE), int(_HIGHEST * _ONE)
_SOLVER_STEPS = 50
_SOLVER_ENOUGH = 1e-14  # of two steps' product, which the error left is a small multiple of


@dataclass(frozen=True, slots=True)
class Flow:
    """Money that moves on a day, as the borrower sees it: advances +, payments and fees −."""

    value_date: date
    amount_fen: int

    def __post_init__(self) -> None:
        """Refuse what is no amount or no date."""
        check_fen(self.amount_fen, "amount_fen", low=-MAX_FEN)
        check_date(self.value_date, "value_date")


@dataclass(frozen=True, slots=True)
class AnnualRate:
    """A proven annual rate.

    Args:
        cn_irr_nominal_ppm: period rate × periods a year 单利, rounded half up to 0.01 %.
        effective_ppm: (1 + period rate)^periods − 1 复利, rounded likewise.
        low: the period rate is at least low / 2^bits …
        high: … and at most high / 2^bits: the signs at both were computed exactly.
        bits: see `low`.
        periods_per_year: how many periods make the year.
    """

    cn_irr_nominal_ppm: int
    effective_ppm: int
    low: int
    high: int
    bits: int
    periods_per_year: int
    proven: ClassVar[Literal[True]] = True


@dataclass(frozen=True, slots=True)
class Unproven:
    """No annual rate can be proven for these flows, and why."""

    reason: Reason
    proven: ClassVar[Literal[False]] = False


class _Times(NamedTuple):
    """Where the flows stand: how to lay them out by odd days, then by whole periods.

    `merges` adds the flow at one index to another of the same time, then `rows` picks by index.
    """

    merges: tuple[tuple[int, int], ...]
    rows: tuple[tuple[int, Callable[[list[int]], Sequence[int]]], ...]
    odd_base: int


class _Cash(NamedTuple):
    """The flows by odd days, each row in runs (how many periods, amount at the end of each).

    Level instalments are one run whatever their number, and a run's value has a closed form.
    """

    rows: list[tuple[int, list[tuple[int, int]]]]
    odd_base: int
    periods_per_year: int


def annual_rate(flows: Sequence[Flow], periods_per_year: int = _MONTHLY) -> AnnualRate | Unproven:
    """Return the annual rate of one advance and the payments that follow it.

    Flows of one day are netted, so a fee kept back from the advance lowers it. Periods are months
    (12 a year), several months (6, 4, 3, 2), half months (24) or weeks (52, 26, 13).
    """
    cash = _cash(flows, periods_per_year)
    if isinstance(cash, Unproven):
        return cash
    bracket = _bracket(cash)
    if bracket is None:
        return Unproven(Reason("rate.out_of_range"))
    nominal = _nominal(cash, *bracket)
    effective, low, high, bits = _effective(cash, *bracket)
    return AnnualRate(nominal, effective, low, high, bits, periods_per_year)


# Reading the flows


def _cash(flows: Sequence[Flow], periods_per_year: int) -> _Cash | Unproven:
    times = _times(tuple([flow.value_date for flow in flows]), periods_per_year)
    amounts = [flow.amount_fen for flow in flows]
    amounts.append(0)  # stands for the times without a flow
    for source, target in times.merges:
        amounts[target] += amounts[source]
    cash = _Cash(
        [(odd, _runs(pick(amounts))) for odd, pick in times.rows], times.odd_base, periods_per_year
    )
    refusal = _not_one_advance(cash)
    return cash if refusal is None else Unproven(Reason(refusal))


def _runs(row: Sequence[int]) -> list[tuple[int, int]]:
    starts = [0, *compress(range(1, len(row)), map(ne, row, islice(row, 1, None)))]
    return [(end - start, row[start]) for start, end in pairwise([*starts, len(row)])]


def _not_one_advance(cash: _Cash) -> str | None:
    """Say why there is no advance that every other flow repays; with one, the rate is unique."""
    (_, first), *others = cash.rows
    count, advance_fen = first[0]
    if advance_fen <= 0:
        return "rate.no_advance"
    later = [amount_fen for _, amount_fen in first[1:]]
    for _, runs in others:
        later += [amount_fen for _, amount_fen in runs]
    if count > 1 or max(later) > 0:
        return "rate.several_advances"
    return "rate.no_payments" if min(later) == 0 else None


@lru_cache(maxsize=256)  # the plans of one quote share a few lists of due dates
def _times(dates: tuple[date, ...], per_year: int) -> _Times:
    if per_year not in _PERIODS:
        raise InputError(
            "rate.periods",
            f"{per_year} periods a year are not supported.",
            field="periods_per_year",
            fix=f"Use one of {', '.join(map(str, _PERIODS))}.",
        )
    if not dates:
        raise InputError(
            "rate.no_flows",
            "There are no flows to find a rate for.",
            field="flows",
            fix="Give the advance (+) and the payments (−) with their dates.",
        )
    start = min(dates)
    if per_year in _WEEK_BASED:
        base = _WEEKLY // per_year * _WEEK_DAYS
        places = [divmod((day - start).days, base) for day in dates]
    else:
        base = _MONTHLY * _MONTH_DAYS // per_year
        counted = months_back(start, dates)
        places = [divmod(months * _MONTH_DAYS + odd, base) for months, odd in counted]
    return _laid_out(places, base)


def _laid_out(places: list[tuple[int, int]], odd_base: int) -> _Times:
    """Give each time the index of its flow; index −1 is the zero that stands for no flow."""
    length = max(max(whole for whole, _ in places) + 1, 2)  # an itemgetter of one gives no tuple
    rows: dict[int, list[int]] = {0: [-1] * length}
    merges = []
    for index, (whole, odd) in enumerate(places):
        row = rows.setdefault(odd, [-1] * length)
        if row[whole] >= 0:
            merges.append((index, row[whole]))
        else:
            row[whole] = index
    pickers = tuple((odd, itemgetter(*row)) for odd, row in rows.items())
    return _Times(tuple(merges), pickers, odd_base)


# Proof in integers


_power = lru_cache(maxsize=256)(int.__pow__)  # of the few denominators there are


def _npv_sign(cash: _Cash, numerator: int, denominator: int) -> int:
    """Return the sign of the flows' present value at a period rate, exactly.

    With the rate p/q and R = q + p, a flow c is worth c·q^t/R^t · bq/(bq + dp). All is multiplied
    by R^span and by the odd-day factors, which are positive, and by p, so that a run of n flows c
    adds c·q^t·(R^n − q^n).
    """
    if numerator == 0:
        total = sum(count * amount_fen for _, runs in cash.rows for count, amount_fen in runs)
        return (total > 0) - (total < 0)
    growth = denominator + numerator
    value, common = 0, 1
    for odd, runs in cash.rows:
        row, scale = 0, 1
        for count, amount_fen in runs:
            if count == 1:
                row = row * growth + amount_fen * numerator * scale
                scale *= denominator
            else:
                grown, scaled = growth**count, _power(denominator, count)
                row *= grown
                if amount_fen:
                    row += amount_fen * scale * (grown - scaled)
                scale *= scaled
        if odd:
            share = cash.odd_base * denominator
            factor = share + odd * numerator
            value, common = value * factor + row * share * common, common * factor
        else:  # the first row
            value = row
    return ((value > 0) - (value < 0)) * (1 if numerator > 0 else -1)


def _bracket(cash: _Cash) -> tuple[int, int] | None:
    """Return n, m with the period rate within n/2^40..m/2^40, or None outside −99 %..10,000 %.

    The payments' value falls as the rate rises, so the signs at the ends prove it. The ends lie
    around the float, at first as close as they can, then further off.
    """
    guess = round(_solve(cash) * _ONE)
    for reach in (1, 1 << PROOF_BITS // 2, _FURTHEST - _NEAREST):
        low, high = max(guess - reach, _NEAREST), min(guess + reach, _FURTHEST)
        if _npv_sign(cash, low, _ONE) <= 0 <= _npv_sign(cash, high, _ONE):
            return _bisect(cash, low, high, PROOF_BITS)
    return None


def _bisect(cash: _Cash, low: int, high: int, bits: int) -> tuple[int, int]:
    while high - low > _NARROW:
        middle = (low + high) // 2
        if _npv_sign(cash, middle, 1 << bits) <= 0:
            low = middle
        else:
            high = middle
    return low, high


def _nominal(cash: _Cash, low: int, high: int) -> int:
    """Round the nominal rate; a boundary between the ends is tested as an exact fraction."""
    scale = cash.periods_per_year * _GRID
    below, above = _rounded(low * scale, PROOF_BITS), _rounded(high * scale, PROOF_BITS)
    if below != above:
        boundary = below + above
        sign = _npv_sign(cash, boundary, 2 * scale)
        below = _rounded(boundary, 1) if sign == 0 else above if sign < 0 else below
    return below * DISCLOSED_PPM


def _effective(cash: _Cash, low: int, high: int) -> tuple[int, int, int, int]:
    """Round the effective rate, halving the bracket until both ends agree.

    The boundary may be no fraction, so it is never tested itself. Ends that still round apart
    at 2^-640 hold the boundary itself, and half rounds up.
    """
    bits, periods = PROOF_BITS, cash.periods_per_year
    while True:
        below, above = _effective_steps(low, bits, periods), _effective_steps(high, bits, periods)
        if below == above or bits >= _MAX_BITS:
            return max(below, above, key=abs) * DISCLOSED_PPM, low, high, bits
        low, high = _bisect(cash, low << bits, high << bits, 2 * bits)
        bits *= 2


def _effective_steps(end: int, bits: int, periods: int) -> int:
    size = bits * periods
    return _rounded((((1 << bits) + end) ** periods - (1 << size)) * _GRID, size)


def _rounded(value: int, bits: int) -> int:
    """Round value / 2^bits half up, away from zero."""
    half = 1 << bits - 1
    return value + half >> bits if value >= 0 else -(half - value >> bits)


# Solving in floats


def _solve(cash: _Cash) -> float:
    """Return the period rate by the secant method, or the last guess where it does not settle."""
    rate, slope = _first_guess(cash)
    step, gap = 1.0, 0.0
    for _ in range(_SOLVER_STEPS):
        before, gap = gap, _npv(cash, rate)
        if before:
            slope = (gap - before) / step or slope
        previous, step = step, -gap / slope
        if not _LOWEST < rate + step < _HIGHEST:
            break
        rate += step
        if abs(step * previous) < _SOLVER_ENOUGH:
            break
    return rate


def _npv(cash: _Cash, rate: float) -> float:
    """Return the flows' present value; the closed form of a run keeps its digits near zero."""
    force, once = log1p(rate), 1 / (1 + rate)
    value = 0.0
    for odd, runs in cash.rows:
        row, discount = 0.0, 1.0
        for count, amount_fen in runs:
            if count == 1:
                row += amount_fen * discount
                discount *= once
            else:
                lost = -expm1(-count * force)
                if amount_fen:
                    row += amount_fen * discount * (lost / (rate * once) if rate else count)
                discount *= 1 - lost
        value += row / (1 + rate * odd / cash.odd_base) if odd else row
    return value


def _first_guess(cash: _Cash) -> tuple[float, float]:
    """Return a first rate, and how fast the present value rises with the rate there.

    With the payments as weights, m the mean time and s² its variance, the force of interest δ
    solves log(payments/advance) = δm − δ²s²/2 up to its third power.
    """
    advance = cash.rows[0][1][0][1]
    total = first = second = 0.0
    for odd, runs in cash.rows:
        time = odd / cash.odd_base
        for count, amount_fen in runs:
            if amount_fen:
                sum_fen, middle = count * amount_fen, time + (count - 1) / 2
                total += sum_fen
                first += sum_fen * middle
                second += sum_fen * (middle * middle + (count * count - 1) / 12)
            time += count
    total -= advance
    mean = first / total
    spread = second / total - mean * mean
    wanted = log(-total / advance)
    root = sqrt(max(mean * mean - 2 * spread * wanted, 0.0)) or mean
    rate = min(max(expm1(min(2 * wanted / (mean + root), _HIGHEST)), _LOWEST), _HIGHEST)
    return rate, advance * root / (1 + rate)
