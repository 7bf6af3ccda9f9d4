"""Annual rates by every convention that Sanshi speaks, as they are printed.

`cn_irr_nominal` and `effective` are disclosed here and proven in `rates`; `us_reg_z` is proven in
`reg_z`; `eu` and `xirr` raise a growth factor to a part of a year, which no fraction equals: they
are solved in floats. An `eu` rate over whole months alone is the effective one, and proven.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from fractions import Fraction
from math import exp, expm1, log1p

from sanshi.kernel.cashflow import MONTHLY, PERIODS, Flow, laid_out
from sanshi.kernel.dates import add_months, months_back
from sanshi.kernel.errors import InputError
from sanshi.kernel.money import PPM
from sanshi.kernel.rates import AnnualRate, Convention, annual_rate
from sanshi.kernel.reg_z import Stated, netted, solved, unit_period, us_reg_z

_LOWEST, _HIGHEST = -0.99, 100.0
_BISECTIONS = 80
_YEAR_DAYS = 365


def stated_rate(
    convention: Convention, flows: Sequence[Flow], periods_per_year: int | None = None
) -> Stated | None:
    """Return the rate of flows, or None where no rate makes their value nothing.

    Args:
        convention: how the year is counted.
        flows: as the borrower sees them, advances positive.
        periods_per_year: of `cn_irr_nominal` and `effective`; by default as often as payments come.
    """
    _first_day([flow.value_date for flow in flows])
    match convention:
        case "us_reg_z":
            return us_reg_z(flows)
        case "xirr":
            return _unproven(xirr_ppm(flows))
        case "eu":
            return _eu(flows)
        case _:
            return _disclosed(convention, flows, periods_per_year or usual_periods(flows))


def usual_periods(flows: Sequence[Flow]) -> int:
    """Return how many periods make the year of these payments: 12 where it is not plain."""
    net = netted(flows)
    advances = [day for day, amount in net.items() if amount > 0]
    payments = [day for day, amount in net.items() if amount < 0]
    if not advances or len(payments) < 2:  # noqa: PLR2004 - one payment has no period
        return MONTHLY
    per_year = unit_period(min(advances), advances, payments).per_year
    whole = per_year.denominator == 1 and int(per_year) in PERIODS
    return int(per_year) if whole else MONTHLY


def _disclosed(convention: Convention, flows: Sequence[Flow], per_year: int) -> Stated | None:
    rate = annual_rate(flows, per_year)
    if isinstance(rate, AnnualRate):
        nominal = convention == "cn_irr_nominal"
        return Stated(rate.cn_irr_nominal_ppm if nominal else rate.effective_ppm, exact=True)
    if convention == "effective":
        return _unproven(eu_ppm(flows))
    amounts = list(netted(flows).values())
    return solved(laid_out(flows, per_year), Fraction(per_year), amounts)


def _eu(flows: Sequence[Flow]) -> Stated | None:
    dates = [flow.value_date for flow in flows]
    if all(odd == 0 for _, odd in months_back(min(dates), dates)):
        rate = annual_rate(flows, MONTHLY)
        if isinstance(rate, AnnualRate):
            return Stated(rate.effective_ppm, exact=True)
    return _unproven(eu_ppm(flows))


def _unproven(rate_ppm: int | None) -> Stated | None:
    return None if rate_ppm is None else Stated(rate_ppm, exact=False)


def eu_ppm(flows: Sequence[Flow]) -> int | None:
    """Return the effective rate by Directive 2014/17/EU, Annex I, remark (c).

    Time is whole months backwards, then days over the 365 or 366 of the year before their end.
    """
    dates = [flow.value_date for flow in flows]
    start = _first_day(dates)
    years = []
    for months, odd in months_back(start, dates):
        end = start + timedelta(days=odd)
        year = (end - add_months(end, -MONTHLY)).days
        years.append(months / MONTHLY + odd / year)
    return _effective_by_years(flows, years)


def xirr_ppm(flows: Sequence[Flow]) -> int | None:
    """Return the effective rate with actual days over 365, as spreadsheets do."""
    start = _first_day([flow.value_date for flow in flows])
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


def _first_day(dates: Sequence[date]) -> date:
    if not dates:
        raise InputError(
            "rate.no_flows",
            "There are no flows to find a rate for.",
            field="flows",
            fix="Give the advance (+) and the payments (−) with their dates.",
        )
    return min(dates)
