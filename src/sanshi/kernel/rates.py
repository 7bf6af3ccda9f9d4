"""Annual rates 年化利率, with proof.

A rate is solved in floats and then proven in integers: it is bracketed between two fractions
n/2^40, the sign of the present value is computed exactly at both, and what is disclosed is what
everything in between rounds to. Where the ends round apart, the boundary between the two
candidates is itself tested as an exact fraction.

How time is counted stands in `cashflow`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import exp, expm1, log, log1p, sqrt
from typing import ClassVar, Final, Literal

from sanshi.kernel.cashflow import MONTHLY, Cash, Flow, laid_out, not_one_advance, npv_sign
from sanshi.kernel.dates import add_months, months_back
from sanshi.kernel.errors import InputError
from sanshi.kernel.money import PPM
from sanshi.kernel.reasons import Language, Reason

__all__ = [
    "DISCLOSED_PPM",
    "LABELS",
    "PROOF_BITS",
    "AnnualRate",
    "Convention",
    "Flow",
    "Unproven",
    "annual_rate",
    "eu_ppm",
    "first_day",
    "xirr_ppm",
]

PROOF_BITS: Final = 40
DISCLOSED_PPM: Final = 100
"""Annual rates are disclosed to 0.01 %."""

Convention = Literal["cn_irr_nominal", "effective", "us_reg_z", "eu", "xirr"]
LABELS: Final[dict[Convention, dict[Language, str]]] = {
    "cn_irr_nominal": {"zh": "年化利率（单利）", "en": "annual rate (nominal)"},
    "effective": {"zh": "年化利率（复利）", "en": "annual rate (effective)"},
    "us_reg_z": {"zh": "美国 Z 条例年利率", "en": "APR (US Regulation Z)"},
    "eu": {"zh": "欧盟年化费率", "en": "APR (EU directives)"},
    "xirr": {"zh": "XIRR（实际天数，未经证明）", "en": "XIRR (actual days, not proven)"},
}

_GRID = PPM // DISCLOSED_PPM
_MAX_BITS = 640
_NARROW = 2
_LOWEST, _HIGHEST = -0.99, 100.0
_ONE = 1 << PROOF_BITS
_NEAREST, _FURTHEST = int(_LOWEST * _ONE), int(_HIGHEST * _ONE)
_SOLVED_FROM = -0.4  # below it floats overflow within the longest terms; bisection goes on
_SOLVER_STEPS = 50
_BISECTIONS = 80
_YEAR_DAYS = 365
_SOLVER_ENOUGH = 1e-14  # of two steps' product, which the error left is a small multiple of


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

    @property
    def nominal_up_ppm(self) -> int:
        """The nominal rate rounded up to a millionth, to hold against a cap.

        The disclosed figure is rounded half up, so it may stand at a cap that the rate exceeds.
        """
        return -(-self.low * self.periods_per_year * PPM >> self.bits)

    @property
    def effective_up_ppm(self) -> int:
        """The effective rate rounded up to a millionth, to hold against a cap."""
        bits = self.bits * self.periods_per_year
        grown = ((1 << self.bits) + self.low) ** self.periods_per_year - (1 << bits)
        return int(-(-grown * PPM >> bits))


@dataclass(frozen=True, slots=True)
class Unproven:
    """No annual rate can be proven for these flows, and why."""

    reason: Reason
    proven: ClassVar[Literal[False]] = False


def annual_rate(flows: Sequence[Flow], periods_per_year: int = MONTHLY) -> AnnualRate | Unproven:
    """Return the annual rate of one advance and the payments that follow it.

    Flows of one day are netted, so a fee kept back from the advance lowers it. Periods are months
    (12 a year), several months (6, 4, 3, 2, 1), half months (24) or weeks (52, 26, 13).
    """
    cash = laid_out(flows, periods_per_year)
    refusal = not_one_advance(cash)
    if refusal is not None:
        return Unproven(Reason(refusal))
    bracket = _bracket(cash, _solve(cash))
    if bracket is None:
        return Unproven(Reason("rate.out_of_range"))
    nominal = _nominal(cash, *bracket)
    effective, low, high, bits = _effective(cash, *bracket)
    return AnnualRate(nominal, effective, low, high, bits, periods_per_year)


# Proof in integers


def _bracket(cash: Cash, guess: float) -> tuple[int, int] | None:
    """Return n, m with the period rate within n/2^40..m/2^40, or None outside −99 %..10,000 %.

    The payments' value falls as the rate rises, so the signs at the ends prove it. The ends lie
    around the float, at first as close as they can, then further off.
    """
    middle = round(guess * _ONE)
    for reach in (1, 1 << PROOF_BITS // 2, _FURTHEST - _NEAREST):
        low, high = max(middle - reach, _NEAREST), min(middle + reach, _FURTHEST)
        if npv_sign(cash, low, _ONE) <= 0 <= npv_sign(cash, high, _ONE):
            return _bisect(cash, low, high, PROOF_BITS)
    return None


def _bisect(cash: Cash, low: int, high: int, bits: int) -> tuple[int, int]:
    while high - low > _NARROW:
        middle = (low + high) // 2
        if npv_sign(cash, middle, 1 << bits) <= 0:
            low = middle
        else:
            high = middle
    return low, high


def _nominal(cash: Cash, low: int, high: int) -> int:
    """Round the nominal rate; a boundary between the ends is tested as an exact fraction."""
    scale = cash.periods_per_year * _GRID
    below, above = _rounded(low * scale, PROOF_BITS), _rounded(high * scale, PROOF_BITS)
    if below != above:
        boundary = below + above
        sign = npv_sign(cash, boundary, 2 * scale)
        below = _rounded(boundary, 1) if sign == 0 else above if sign < 0 else below
    return below * DISCLOSED_PPM


def _effective(cash: Cash, low: int, high: int) -> tuple[int, int, int, int]:
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


def _solve(cash: Cash) -> float:
    """Return the period rate by the secant method, or the last guess where it does not settle."""
    rate, slope = _first_guess(cash)
    step, gap = 1.0, 0.0
    for _ in range(_SOLVER_STEPS):
        before, gap = gap, _npv(cash, rate)
        if before:
            slope = (gap - before) / step or slope
        previous, step = step, -gap / slope
        if not _SOLVED_FROM < rate + step < _HIGHEST:
            break
        rate += step
        if abs(step * previous) < _SOLVER_ENOUGH:
            break
    return rate


def _npv(cash: Cash, rate: float) -> float:
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


def _first_guess(cash: Cash) -> tuple[float, float]:
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
    rate = min(max(expm1(min(2 * wanted / (mean + root), 1.0)), _SOLVED_FROM), 1.0)
    return rate, advance * root / (1 + rate)


# Conventions of elsewhere, to check against the world: solved in floats, not proven


def eu_ppm(flows: Sequence[Flow]) -> int | None:
    """Return the effective rate by Directive 2014/17/EU, Annex I, remark (c).

    Time is whole months backwards, then days over the 365 or 366 of the year before their end.
    """
    dates = [flow.value_date for flow in flows]
    start = first_day(flows)
    years = []
    for months, odd in months_back(start, dates):
        end = start + timedelta(days=odd)
        year = (end - add_months(end, -MONTHLY)).days
        years.append(months / MONTHLY + odd / year)
    return _effective_by_years(flows, years)


def xirr_ppm(flows: Sequence[Flow]) -> int | None:
    """Return the effective rate with actual days over 365, as spreadsheets do."""
    start = first_day(flows)
    return _effective_by_years(flows, [(f.value_date - start).days / _YEAR_DAYS for f in flows])


def _effective_by_years(flows: Sequence[Flow], years: Sequence[float]) -> int | None:
    """Find the force of interest at which the flows are worth nothing, by bisection."""

    def worth(force: float) -> float:
        return sum(f.amount_fen * exp(-force * t) for f, t in zip(flows, years, strict=True))

    low, high = log1p(_LOWEST), log1p(_HIGHEST)
    rises = worth(low) < 0
    if rises == (worth(high) < 0):
        return None
    for _ in range(_BISECTIONS):
        middle = (low + high) / 2
        low, high = (middle, high) if (worth(middle) < 0) == rises else (low, middle)
    return round(expm1(low) * PPM)


def first_day(flows: Sequence[Flow]) -> date:
    """Return the day of the first flow; InputError without any."""
    if not flows:
        raise InputError(
            "rate.no_flows",
            "There are no flows to find a rate for.",
            field="flows",
            fix="Give the advance (+) and the payments (−) with their dates.",
        )
    return min(flow.value_date for flow in flows)
