from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sanshi.kernel.cashflow import laid_out, npv_sign
from sanshi.kernel.conventions import stated_rate
from sanshi.kernel.dates import add_months, due_dates
from sanshi.kernel.errors import InputError
from sanshi.kernel.rates import (
    LABELS,
    AnnualRate,
    Flow,
    Unproven,
    annual_rate,
    eu_ppm,
    xirr_ppm,
)
from sanshi.kernel.reg_z import Stated, us_reg_z
from sanshi.kernel.schedules import Method, Terms, schedule

START = date(2026, 11, 22)
_LARGE = 4 * 10**7
METHODS = st.sampled_from(("equal_instalment", "equal_principal", "interest_only"))


def flows_of(terms: Terms, kept_back_fen: int = 0) -> list[Flow]:
    rows = schedule(terms)
    advance = [Flow(terms.start_date, terms.principal_fen), Flow(terms.start_date, -kept_back_fen)]
    return [*advance, *(Flow(row.due_date, -row.payment_fen) for row in rows)]


def monthly(advance: int, *paid: int) -> list[Flow]:
    later = [Flow(add_months(START, k), -amount) for k, amount in enumerate(paid, 1)]
    return [Flow(START, advance), *later]


def proven(flows: list[Flow], periods: int = 12) -> AnnualRate:
    rate = annual_rate(flows, periods)
    assert rate.proven, rate
    return rate


def refused(flows: list[Flow]) -> str:
    rate = annual_rate(flows)
    assert not rate.proven
    return rate.reason.code


@given(
    st.integers(100_000, 10**9),
    st.integers(0, 3600).map(lambda steps: steps * 100),
    METHODS,
    st.dates(date(2001, 1, 1), date(2060, 1, 1)).filter(lambda day: day.day <= 28),
    st.integers(1, 60),
)
def test_without_fees_the_annual_rate_is_the_contract_rate(
    principal: int, rate_ppm: int, method: Method, start: date, count: int
) -> None:
    terms = Terms(principal, rate_ppm, method, start, due_dates(start, count))
    found = proven(flows_of(terms)).cn_irr_nominal_ppm
    # Half a fen of rounding a month, against a principal owed half the time on average.
    slack = 100 + 24_000_000 // principal
    assert abs(found - rate_ppm) <= slack


@pytest.mark.parametrize("rate_ppm", [0, 30_000, 88_800, 154_000, 240_000])
@pytest.mark.parametrize("start", [START, date(2027, 1, 29), date(2028, 1, 31)])
def test_a_large_plain_loan_shows_exactly_its_rate(rate_ppm: int, start: date) -> None:
    terms = Terms(10**10, rate_ppm, "equal_instalment", start, due_dates(start, 36))
    assert proven(flows_of(terms)).cn_irr_nominal_ppm == rate_ppm


def test_24_percent_nominal_is_26_82_effective() -> None:
    """1.02^12 − 1 = 26.824 %."""
    rate = proven(monthly(100_000, *[2_000] * 11, 102_000))
    assert (rate.cn_irr_nominal_ppm, rate.effective_ppm) == (240_000, 268_200)


def test_a_fee_rate_instalment_costs_nearly_twice_its_name() -> None:
    """12,000.00 in 12 parts of 1,000.00 plus 0.6 % a month of 12,000.00 = 72.00: 13.03 % a year.

    The monthly rate i solves 12,000 = 1,072·(1 − (1+i)^−12)/i; 1.0862 % satisfies it.
    """
    rate = proven(monthly(1_200_000, *[107_200] * 12))
    assert rate.cn_irr_nominal_ppm == 130_300
    i = Fraction(130_300, 12 * 10**6)
    annuity = sum((1 / (1 + i)) ** k for k in range(1, 13))
    assert round(107_200 * annuity / 1_200_000, 4) == 1


def test_zero_cost_is_zero_and_proven() -> None:
    rate = proven(monthly(1_200, *[100] * 12))
    assert (rate.cn_irr_nominal_ppm, rate.effective_ppm) == (0, 0)
    assert rate.low < 0 < rate.high


def test_paying_back_less_is_a_negative_rate() -> None:
    assert proven(monthly(100_000, 99_000)).cn_irr_nominal_ppm == -120_000


@given(st.integers(1, 400), st.integers(1, 12), st.sampled_from([1, 2, 10, 1000, 10**6]))
def test_scaling_money_changes_nothing(paid: int, count: int, scale: int) -> None:
    small = monthly(paid * count * 9 // 10 + 1, *[paid] * count)
    large = [Flow(flow.value_date, flow.amount_fen * scale) for flow in small]
    assert annual_rate(small) == annual_rate(large)


@given(st.integers(1, 36), st.integers(0, 200_000), st.integers(0, 50_000))
def test_a_larger_fee_costs_more(count: int, rate_ppm: int, fee: int) -> None:
    terms = Terms(1_000_000, rate_ppm, "equal_instalment", START, due_dates(START, count))
    without, with_fee = proven(flows_of(terms)), proven(flows_of(terms, fee))
    assert with_fee.cn_irr_nominal_ppm >= without.cn_irr_nominal_ppm
    assert with_fee.effective_ppm >= with_fee.cn_irr_nominal_ppm or with_fee.low < 0
    if fee > 10_000:
        assert with_fee.low > without.high


@given(st.permutations(range(13)))
def test_the_order_of_flows_does_not_matter(order: list[int]) -> None:
    flows = monthly(1_000_000, *[90_000] * 12)
    assert annual_rate([flows[k] for k in order]) == annual_rate(flows)


def test_flows_of_one_day_are_netted() -> None:
    whole = monthly(95_000, 51_000, 51_000)
    split = [
        *monthly(100_000, 50_000, 50_000),
        Flow(START, -5_000),
        Flow(add_months(START, 1), -1_000),
        Flow(add_months(START, 2), -1_000),
        Flow(add_months(START, 2), 0),
    ]
    assert annual_rate(split) == annual_rate(whole)


@given(
    st.integers(1, 10**9),
    st.lists(st.integers(0, 10**8), min_size=1, max_size=20),
    st.integers(-(2**40) + 1, 2**41),
)
def test_the_sign_is_that_of_the_exact_present_value(
    advance: int, paid: list[int], numerator: int
) -> None:
    dates = due_dates(START, len(paid), 5)
    flows = [Flow(START, advance), *(Flow(d, -p) for d, p in zip(dates, paid, strict=True))]
    rate = Fraction(numerator, 2**40)
    value = Fraction(advance)
    for k, amount in enumerate(paid):  # from 22 November to 5 January: one month and 13 days
        value -= amount / ((1 + rate) ** (k + 1) * (1 + rate * Fraction(13, 30)))
    sign = (value > 0) - (value < 0)
    assert npv_sign(laid_out(flows, 12), numerator, 2**40) == sign


def test_a_nominal_rate_on_the_boundary_rounds_half_up() -> None:
    """One month at i = (2k + 1)/240,000 is a nominal rate of exactly k and a half basis points."""
    for k in (0, 1, 888, 2_399):
        exact = monthly(240_000, 240_000 + 2 * k + 1)
        assert proven(exact).cn_irr_nominal_ppm == (k + 1) * 100
        for nudge, steps in ((-1, k), (1, k + 1)):  # so near that the bracket holds the boundary
            close = monthly(240_000 * _LARGE, (240_000 + 2 * k + 1) * _LARGE + nudge)
            assert proven(close).cn_irr_nominal_ppm == steps * 100


def test_a_negative_boundary_rounds_away_from_zero() -> None:
    assert proven(monthly(240_000, 239_999)).cn_irr_nominal_ppm == -100
    assert proven(monthly(240_000, 239_997)).cn_irr_nominal_ppm == -200


def test_an_effective_rate_on_the_boundary_rounds_half_up() -> None:
    """After 12 months 20,001/20,000 is 0.5 basis points exactly, though no period rate is."""
    at_year = [Flow(START, 200_000), Flow(add_months(START, 12), -200_010)]
    rate = proven(at_year)
    assert rate.effective_ppm == 100
    assert rate.bits == 640
    below = [Flow(START, 2 * 10**12), Flow(add_months(START, 12), -2_000_099_999_999)]
    assert proven(below).effective_ppm == 0
    assert proven(below).bits < 640


@given(st.lists(st.integers(1, 10**6), min_size=1, max_size=24), st.integers(40, 250))
def test_the_bracket_holds_the_root_and_both_figures(paid: list[int], percent: int) -> None:
    flows = monthly(max(1, sum(paid) * 100 // percent), *paid)
    rate = proven(flows)
    cash = laid_out(flows, 12)
    assert 0 < rate.high - rate.low <= 2
    assert npv_sign(cash, rate.low, 2**rate.bits) <= 0 <= npv_sign(cash, rate.high, 2**rate.bits)
    for end in (Fraction(rate.low, 2**rate.bits), Fraction(rate.high, 2**rate.bits)):
        assert abs(end * 12 * 10**6 - rate.cn_irr_nominal_ppm) < 51
        assert abs(((1 + end) ** 12 - 1) * 10**6 - rate.effective_ppm) < 51


@pytest.mark.parametrize(
    ("percent", "months"), [(99, 1), (2_000, 1), (9_900, 1), (5, 1), (2, 1), (40, 480), (1, 60)]
)
def test_extreme_rates_are_found(percent: int, months: int) -> None:
    flows = [Flow(START, 10**6), Flow(add_months(START, months), -(10**4) * percent)]
    rate = proven(flows)
    exact = (percent / 100) ** (1 / months) - 1
    assert rate.low / 2**rate.bits == pytest.approx(exact, rel=1e-9, abs=1e-11)


@pytest.mark.parametrize(
    ("flows", "code"),
    [
        ([Flow(START, 100)], "rate.no_payments"),
        ([Flow(START, 100), Flow(START, -50)], "rate.no_payments"),
        (monthly(100, 0, 0), "rate.no_payments"),
        (monthly(0, 100), "rate.no_advance"),
        (monthly(-100, 100), "rate.no_advance"),
        ([Flow(START, 100), Flow(START, -101), *monthly(0, 5)], "rate.no_advance"),
        (monthly(100, -50, 200), "rate.several_advances"),
        (monthly(100, -100, 250), "rate.several_advances"),
        ([*monthly(100, 90, 90), Flow(START + timedelta(40), 20)], "rate.several_advances"),
        (monthly(100, 10_200), "rate.out_of_range"),
        (monthly(1_000, 9), "rate.out_of_range"),
        (monthly(10**12, 1), "rate.out_of_range"),
    ],
)
def test_what_cannot_be_proven_says_why(flows: list[Flow], code: str) -> None:
    assert refused(flows) == code


def test_malformed_flows_are_refused() -> None:
    with pytest.raises(InputError) as empty:
        annual_rate([])
    with pytest.raises(InputError) as periods:
        annual_rate(monthly(100, 110), 365)
    with pytest.raises(InputError) as amount:
        Flow(START, 1.5)  # type: ignore[arg-type] # the mistake
    with pytest.raises(InputError) as day:
        Flow(date(1899, 1, 1), 1)
    fields = [caught.value.field for caught in (empty, periods, amount, day)]
    assert fields == ["flows", "periods_per_year", "amount_fen", "value_date"]


@pytest.mark.parametrize("periods", [2, 3, 4, 6, 12, 24])
def test_periods_of_several_months(periods: int) -> None:
    """At 1 % a period, one period later: the nominal rate is the number of periods in percent."""
    gap = add_months(START, 12 // periods) if periods < 24 else START + timedelta(15)
    flows = [Flow(START, 100_000), Flow(gap, -101_000)]
    assert proven(flows, periods).cn_irr_nominal_ppm == periods * 10_000


@pytest.mark.parametrize("periods", [13, 26, 52])
def test_periods_of_weeks(periods: int) -> None:
    flows = [Flow(START, 100_000), Flow(START + timedelta(weeks=52 // periods), -101_000)]
    assert proven(flows, periods).cn_irr_nominal_ppm == periods * 10_000


@given(st.integers(1, 60), st.integers(0, 300_000))
def test_conventions_agree_where_they_should(count: int, rate_ppm: int) -> None:
    terms = Terms(10**8, rate_ppm, "equal_instalment", START, due_dates(START, count))
    flows = flows_of(terms)
    rate = proven(flows)
    eu, xirr = eu_ppm(flows), xirr_ppm(flows)
    assert eu is not None
    assert xirr is not None
    assert abs(eu - rate.effective_ppm) <= 51, "whole months are twelfths in both"
    assert abs(xirr - eu) <= 50 + eu // 20, "days over 365 differ a little"
    stated = us_reg_z(flows)
    if count > 1:
        assert stated == Stated(rate.cn_irr_nominal_ppm, exact=True)


def test_conventions_have_no_rate_where_there_is_none() -> None:
    flows = monthly(-100, 100)
    for convention in LABELS:
        assert stated_rate(convention, flows) is None
        with pytest.raises(InputError):
            stated_rate(convention, [])


def test_both_kinds_of_answer_say_whether_they_are_proven() -> None:
    assert AnnualRate.proven
    assert not Unproven.proven
    rate = proven(monthly(100, 101))
    assert replace(rate, bits=rate.bits) == rate
    assert all(set(words) == {"zh", "en"} for words in LABELS.values())
    assert "单利" in LABELS["cn_irr_nominal"]["zh"]
    assert "复利" in LABELS["effective"]["zh"]
