"""Annual rates by every convention that Sanshi speaks, as they are printed.

`cn_irr_nominal` and `effective` are disclosed here and proven in `rates`; `us_reg_z` is proven in
`reg_z`; `eu` and `xirr` raise a growth factor to a part of a year, which no fraction equals: they
are solved in floats. An `eu` rate over whole months alone is the effective one, and proven.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from sanshi.kernel.cashflow import MONTHLY, PERIODS, Flow, laid_out
from sanshi.kernel.dates import months_back
from sanshi.kernel.money import div_round
from sanshi.kernel.rates import (
    DISCLOSED_PPM,
    AnnualRate,
    Convention,
    annual_rate,
    eu_ppm,
    first_day,
    xirr_ppm,
)
from sanshi.kernel.reg_z import Stated, netted, solved, unit_period, us_reg_z


def stated_rate(
    convention: Convention, flows: Sequence[Flow], periods_per_year: int | None = None
) -> Stated | None:
    """Return the rate of flows, or None where no one rate is found.

    Args:
        convention: how the year is counted.
        flows: as the borrower sees them, advances positive.
        periods_per_year: of `cn_irr_nominal` and `effective`; by default as often as payments come.
    """
    first_day(flows)
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
    if rate_ppm is None:
        return None
    return Stated(div_round(rate_ppm, DISCLOSED_PPM, "half_up") * DISCLOSED_PPM, exact=False)
