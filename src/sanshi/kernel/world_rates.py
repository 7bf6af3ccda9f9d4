"""Annual rates by other countries' conventions, to check this house against the world.

They are solved in floats and never marked proven; what is disclosed comes from `rates`.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from math import exp, expm1, log1p
from typing import Final, Literal

from sanshi.kernel.dates import add_months, months_back
from sanshi.kernel.errors import InputError
from sanshi.kernel.money import PPM, div_round
from sanshi.kernel.rates import DISCLOSED_PPM, Flow, annual_rate
from sanshi.kernel.reasons import Language

Convention = Literal["cn_irr_nominal", "effective", "us_reg_z", "eu", "xirr"]
LABELS: Final[dict[Convention, dict[Language, str]]] = {
    "cn_irr_nominal": {"zh": "年化利率（单利）", "en": "annual rate (nominal)"},
    "effective": {"zh": "年化利率（复利）", "en": "annual rate (effective)"},
    "us_reg_z": {"zh": "美国 Z 条例年利率", "en": "APR (US Regulation Z)"},
    "eu": {"zh": "欧盟年化费率", "en": "APR (EU directives)"},
    "xirr": {"zh": "XIRR（实际天数，未经证明）", "en": "XIRR (actual days, not proven)"},
}

_MONTHS = 12
_YEAR_DAYS = 365
_STEPS = PPM // DISCLOSED_PPM
_BISECTIONS = 80
_LOWEST, _HIGHEST = -0.99, 100.0


def us_reg_z_ppm(flows: Sequence[Flow], periods_per_year: int = _MONTHS) -> int | None:
    """Return the annual percentage rate of US Regulation Z, Appendix J, rounded to 0.01 %.

    A single payment within a year is one period of its days, as in example (c)(5)(i).
    """
    start = _first_day([flow.value_date for flow in flows])
    advance_fen = sum(flow.amount_fen for flow in flows if flow.value_date == start)
    payments = [flow for flow in flows if flow.value_date != start]
    days = (payments[0].value_date - start).days if len(payments) == 1 else _YEAR_DAYS
    if days < _YEAR_DAYS and advance_fen > 0:
        charge = -payments[0].amount_fen - advance_fen
        steps = div_round(charge * _YEAR_DAYS * _STEPS, advance_fen * days, "half_up")
        return steps * DISCLOSED_PPM
    rate = annual_rate(flows, periods_per_year)
    return rate.cn_irr_nominal_ppm if rate.proven else None


def eu_ppm(flows: Sequence[Flow]) -> int | None:
    """Return the effective rate by Directive 2014/17/EU, Annex I, remark (c).

    Time is whole months backwards, then days over the 365 or 366 of the year before their end.
    """
    dates = [flow.value_date for flow in flows]
    start = _first_day(dates)
    years = []
    for months, odd in months_back(start, dates):
        end = start + timedelta(days=odd)
        year = (end - add_months(end, -_MONTHS)).days
        years.append(months / _MONTHS + odd / year)
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
