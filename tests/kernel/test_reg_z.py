"""Unit-periods of US Regulation Z, 12 CFR 1026, Appendix J (b)(4) and (5)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sanshi.kernel.dates import add_months
from sanshi.kernel.rates import Flow
from sanshi.kernel.reg_z import Stated, UnitPeriod, unit_period, us_reg_z

START = date(2024, 1, 31)
MONTHS = [add_months(START, k) for k in range(1, 13)]
HALVES = sorted([*MONTHS, *(add_months(date(2024, 2, 15), k) for k in range(12))])
WEEKS = [START + timedelta(weeks=k) for k in range(1, 13)]


def loan(start: date, amount_fen: int, payments: Sequence[date], each_fen: int) -> list[Flow]:
    return [Flow(start, amount_fen), *(Flow(day, -each_fen) for day in payments)]


@pytest.mark.parametrize(
    ("payments", "unit", "per_year"),
    [
        (MONTHS, UnitPeriod("month"), 12),
        (HALVES, UnitPeriod("semimonth"), 24),
        (WEEKS, UnitPeriod("day", 7), 52),
        (WEEKS[1::2], UnitPeriod("day", 14), 26),
        (WEEKS[3::4], UnitPeriod("day", 28), 13),
        ([START + timedelta(k) for k in range(1, 6)], UnitPeriod("day"), 365),
        ([START + timedelta(10 * k) for k in range(1, 6)], UnitPeriod("day", 10), Fraction(73, 2)),
        (MONTHS[4::5], UnitPeriod("month", 5), Fraction(12, 5)),
        ([add_months(START, 12 * k) for k in (1, 2, 3)], UnitPeriod("month", 12), 1),
        ([add_months(START, 24 * k) for k in (1, 2, 3)], UnitPeriod("month", 12), 1),
        # (B) Nothing comes twice: 31 and 62 days make 46.5 on average, nearest to 7 weeks.
        ([START + timedelta(31), START + timedelta(93)], UnitPeriod("day", 49), Fraction(52, 7)),
    ],
)
def test_the_unit_period_is_the_most_frequent_common_one(
    payments: list[date], unit: UnitPeriod, per_year: Fraction
) -> None:
    assert unit_period(START, [START], payments) == unit
    assert unit.per_year == per_year


def test_of_two_as_frequent_the_smaller_one_counts() -> None:
    """(A): two weeks twice and a month twice."""
    days = [date(2024, 3, 1), date(2024, 3, 15), date(2024, 3, 29)]
    months = [date(2024, 4, 29), date(2024, 5, 29)]
    assert unit_period(date(2024, 2, 16), [date(2024, 2, 16)], days).count == 14
    assert unit_period(date(2024, 3, 1), [date(2024, 3, 1)], [*days[1:], *months]).days == 14


def test_several_advances_are_periods_too() -> None:
    advances = [date(2024, 1, 1), date(2024, 1, 8), date(2024, 1, 15), date(2024, 1, 22)]
    payments = [date(2024, 6, 1), date(2024, 7, 1)]
    assert unit_period(advances[0], advances, payments) == UnitPeriod("day", 7)


@given(st.integers(1, 23), st.integers(1, 10**6), st.integers(10**6, 10**9))
def test_an_advance_that_goes_out_in_two_parts_costs_what_one_does(
    months: int, interest_fen: int, amount_fen: int
) -> None:
    """Half is lent anew when it was paid back: the flows of that day cancel out."""
    whole = loan(START, amount_fen, [add_months(START, k) for k in range(1, 25)], interest_fen)
    whole.append(Flow(add_months(START, 24), -amount_fen))
    day = add_months(START, months)
    again = [*whole, Flow(day, amount_fen // 2), Flow(day, -(amount_fen // 2))]
    assert us_reg_z(again) == us_reg_z(whole)


@given(st.integers(0, 600_000), st.integers(1, 36))
def test_the_rate_of_interest_alone_is_itself(rate_ppm: int, count: int) -> None:
    """Principal of 12 × 10⁸ fen bears a round monthly interest at any rate of whole 0.01 %."""
    rate_ppm -= rate_ppm % 100
    flows = loan(START, 12 * 10**8, [add_months(START, k) for k in range(1, count + 2)], rate_ppm)
    flows[1:] = [Flow(one.value_date, one.amount_fen * 100) for one in flows[1:]]
    flows.append(Flow(add_months(START, count + 1), -12 * 10**8))
    assert us_reg_z(flows) == Stated(rate_ppm, exact=True)


def yearly(*amounts: int) -> list[Flow]:
    days = [add_months(START, 12 * k) for k in range(len(amounts))]
    return [Flow(day, fen) for day, fen in zip(days, amounts, strict=True)]


def test_of_two_rates_none_is_stated() -> None:
    """1,000 − 2,300 + 1,320 is nothing at 10 % and at 20 %."""
    assert us_reg_z(yearly(1_000, -2_300, 1_320)) is None


def test_of_three_rates_one_is_stated_and_not_called_proven() -> None:
    """1,000 − 3,600 + 4,310 − 1,716 is nothing at 10 %, 20 % and 30 %."""
    rate = us_reg_z(yearly(1_000, -3_600, 4_310, -1_716))
    assert rate is not None
    assert not rate.exact
    assert rate.rate_ppm in {100_000, 200_000, 300_000}


def test_staged_draws_have_one_rate() -> None:
    """A second draw after the first payment: what is owed turns its sign once, at the end."""
    days = [add_months(START, k) for k in range(5)]
    amounts = (500_000, -100_000, 500_000, -500_000, -420_000)
    flows = [Flow(day, fen) for day, fen in zip(days, amounts, strict=True)]
    rate = us_reg_z(flows)
    assert rate is not None
    assert rate.exact
    low, high = (Decimal(rate.rate_ppm + step) / 12_000_000 for step in (-50, 50))
    values = [sum(fen / (1 + i) ** k for k, fen in enumerate(amounts)) for i in (low, high)]
    assert values[0] <= 0 <= values[1]


def test_less_back_than_went_out_is_a_negative_rate() -> None:
    flows = loan(START, 120_000, MONTHS, 9_900)
    rate = us_reg_z(flows)
    assert rate is not None
    assert rate.exact
    assert rate.rate_ppm < 0


def test_a_payment_before_the_money_is_no_loan() -> None:
    assert us_reg_z([Flow(START, -100), Flow(MONTHS[0], 101)]) is None
    assert us_reg_z([Flow(START, 100)]) is None
