"""Schedules and rates agree with the slow oracle, and rates with pyxirr."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise
from typing import get_args

import pyxirr
from hypothesis import given
from hypothesis import strategies as st

from peers.rates import oracle
from sanshi.kernel.dates import DayCount, add_months, due_dates, year_share
from sanshi.kernel.money import Rounding
from sanshi.kernel.rates import Flow, annual_rate, xirr_ppm
from sanshi.kernel.reg_z import us_reg_z
from sanshi.kernel.schedules import Method, Terms, schedule

DAYS = st.dates(date(2000, 1, 1), date(2060, 12, 31))
ROUNDINGS = st.sampled_from(get_args(Rounding))
DAY_COUNTS = st.sampled_from(get_args(DayCount))


@st.composite
def terms(draw: st.DrawFn, methods: tuple[Method, ...]) -> Terms:
    start = draw(DAYS)
    due_day = draw(st.none() | st.integers(1, 31))
    dates = due_dates(start, draw(st.integers(1, 48)), due_day)
    return Terms(
        draw(st.integers(1, 10**9)),
        draw(st.integers(0, 360_000)),
        draw(st.sampled_from(methods)),
        start,
        dates,
        day_count=draw(DAY_COUNTS),
        rounding=draw(ROUNDINGS),
        instalment_rounding=draw(ROUNDINGS),
    )


def growths(t: Terms) -> list[Fraction]:
    anchor = max(day.day for day in t.due_dates)
    bounds = [t.start_date, *t.due_dates]
    return [
        1 + Fraction(t.rate_ppm, 10**6) * oracle.year_fraction(start, end, t.day_count, anchor)
        for start, end in pairwise(bounds)
    ]


@given(terms(("equal_instalment", "equal_principal")))
def test_schedules_agree(t: Terms) -> None:
    fold = oracle.equal_instalments if t.method == "equal_instalment" else oracle.equal_principals
    expected = fold(t.principal_fen, growths(t), t.rounding, t.instalment_rounding)
    assert [(row.principal_fen, row.interest_fen) for row in schedule(t)] == expected


@given(DAYS, st.integers(0, 900), DAY_COUNTS, st.integers(1, 31))
def test_day_counts_agree(start: date, days: int, day_count: DayCount, due_day: int) -> None:
    end = start + timedelta(days)
    share = Fraction(*year_share(start, end, day_count, anchor_day=due_day))
    assert share == oracle.year_fraction(start, end, day_count, due_day)


@st.composite
def loans(draw: st.DrawFn) -> list[Flow]:
    """One advance and payments at any dates that repay from half of it to four times it."""
    start = draw(DAYS)
    dates = draw(
        st.builds(due_dates, st.just(start), st.integers(1, 24), st.none() | st.integers(1, 31))
        | st.lists(st.integers(1, 1500), min_size=1, max_size=12, unique=True).map(
            lambda gaps: tuple(start + timedelta(gap) for gap in sorted(gaps))
        )
    )
    parts = draw(st.lists(st.integers(1, 10**7), min_size=len(dates), max_size=len(dates)))
    advance = draw(st.integers(max(1, sum(parts) // 4), 2 * sum(parts)))
    return [Flow(start, advance), *(Flow(d, -p) for d, p in zip(dates, parts, strict=True))]


@given(loans())
def test_rates_agree_with_the_oracle(flows: list[Flow]) -> None:
    first, *later = flows
    rate = annual_rate(flows)
    exact = oracle.monthly_rate(
        first.amount_fen, first.value_date, [(f.value_date, -f.amount_fen) for f in later]
    )
    if not rate.proven:
        assert rate.reason.code == "rate.out_of_range"
        assert not -0.97 < exact < 98
        return
    assert rate.low - Fraction(1, 1000) <= Fraction(exact) * 2**rate.bits
    assert Fraction(exact) * 2**rate.bits <= rate.high + Fraction(1, 1000)
    assert rate.cn_irr_nominal_ppm == oracle.nominal_ppm(exact)
    assert rate.effective_ppm == oracle.effective_ppm(exact)


@given(
    st.integers(1, 60).flatmap(lambda n: st.lists(st.integers(1, 10**8), min_size=n, max_size=n)),
    st.integers(50, 300),
)
def test_monthly_rates_agree_with_pyxirr(parts: list[int], percent: int) -> None:
    advance = max(1, sum(parts) * 100 // percent)
    start = date(2026, 11, 22)
    flows = [Flow(start, advance)]
    flows += [Flow(add_months(start, k), -part) for k, part in enumerate(parts, 1)]
    rate = annual_rate(flows)
    rival = pyxirr.irr([advance, *(-part for part in parts)])
    assert rate.proven
    assert rival is not None
    low, high = (end / 2**rate.bits for end in (rate.low, rate.high))
    assert low - 1e-9 <= rival <= high + 1e-9


@given(loans())
def test_xirr_agrees_with_pyxirr(flows: list[Flow]) -> None:
    rival = pyxirr.xirr([f.value_date for f in flows], [f.amount_fen for f in flows])
    ours = xirr_ppm(flows)
    if ours is not None and rival is not None:
        assert abs(ours - rival * 10**6) <= 0.5 + 1e-9 * 10**6 * (1 + abs(rival))
    else:
        assert rival is None or not -0.98 < rival < 99


@st.composite
def transactions(draw: st.DrawFn) -> tuple[list[Flow], str, int]:
    """Give advances within a few days, then many payments a unit-period apart."""
    unit, count = draw(st.sampled_from([("weeks", 1), ("weeks", 3), ("months", 1), ("months", 5)]))
    start, gap = draw(DAYS), draw(st.integers(30, 70))
    advances = [Flow(start, draw(st.integers(10**6, 10**8)))]
    if draw(st.booleans()):
        advances.append(Flow(start + timedelta(draw(st.integers(2, 25))), 10**6))
    first, many = start + timedelta(gap), draw(st.integers(4, 20))
    each = sum(one.amount_fen for one in advances) * draw(st.integers(80, 190)) // (100 * many)
    dates = [
        first + timedelta(weeks=k * count) if unit == "weeks" else add_months(first, k * count)
        for k in range(many)
    ]
    return [*advances, *(Flow(day, -each) for day in dates)], unit, count


@given(transactions())
def test_regulation_z_agrees(made: tuple[list[Flow], str, int]) -> None:
    flows, unit, count = made
    rate = oracle.unit_rate([(f.value_date, f.amount_fen) for f in flows], unit, count)
    stated = us_reg_z(flows)
    assert stated is not None
    assert stated.exact
    per_year = Fraction(52 if unit == "weeks" else 12, count)
    nominal = rate * per_year.numerator / per_year.denominator
    assert stated.rate_ppm == oracle.disclosed(nominal)
