"""The oracle itself against figures worked out by hand, and the engine against the oracle."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from peers.loan.oracle import Account, Deal, Money, live
from sanshi.kernel.effects import Event
from sanshi.kernel.schedules import Method
from sanshi.loan.fold import fold
from sanshi.loan.state import LoanState
from sanshi.quote.terms import LoanTerms

METHODS: tuple[Method, ...] = ("equal_instalment", "equal_principal", "interest_only", "bullet")
PURPOSES = ("instalment", "prepay_lower", "prepay_shorten", "settle")
START = date(2026, 11, 2)
FRIDGE = Deal(699_900, Fraction(48, 1000), "equal_instalment", 3, Fraction(72, 1000), 3)


def deal_of(terms: LoanTerms) -> Deal:
    return Deal.of_millionths(
        terms.principal_fen,
        terms.method,
        terms.term_months,
        rate=terms.rate_ppm,
        markup=terms.penalty_markup_ppm,
        grace_days=terms.grace_days,
    )


def test_a_fridge_on_time() -> None:
    # 6,999.00 at 0.4 % a month over 3 months: 2,351.69 a month; the last takes what is left.
    paid = [
        Money(date(2026, 12, 2), 235_169, "instalment"),
        Money(date(2027, 1, 2), 235_169, "instalment"),
    ]
    account = live(FRIDGE, START, paid, date(2027, 2, 2))
    # Interest 2,800 + 1,870 + 937 = 5,607; 699,900 + 5,607 − 2 × 235,169 = 235,169.
    assert account.interest_earned_fen == 2_800 + 1_870 + 937
    assert account.due_fen == 235_169


def test_penalty_after_grace_counts_from_the_due_date() -> None:
    # 2,323.69 × 7.2 % ÷ 360 × 10 = 4.64738.
    assert live(FRIDGE, START, [], date(2026, 12, 5)).penalty_earned_fen == 0
    late = live(FRIDGE, START, [], date(2026, 12, 12))
    assert (late.penalty_earned_fen, late.due_fen) == (464, 235_169 + 464)


def test_settling_on_the_eighteenth_day() -> None:
    # 6,999.00 × 4.8 % ÷ 360 × 18 = 16.7976.
    settled = live(
        FRIDGE, START, [Money(date(2026, 11, 20), 701_580, "settle")], date(2026, 11, 20)
    )
    assert (settled.outstanding_fen, settled.credit_fen, settled.interest_paid_fen) == (0, 0, 1_680)


def test_at_a_month_end_february_is_a_whole_month() -> None:
    # 30 September to 28 February at 12 % a year: five months of 1 % each on 10,000.00.
    deal = Deal(1_000_000, Fraction(12, 100), "interest_only", 6, Fraction(0), 0)
    account = live(deal, date(2026, 9, 30), [], date(2027, 2, 28))
    assert [due.interest_fen for due in account.due] == [10_000] * 5


@st.composite
def lives(draw: st.DrawFn) -> tuple[LoanTerms, date, list[Money]]:
    terms = LoanTerms(
        entity="bank",
        principal_fen=draw(st.integers(100, 50_000_000)),
        rate_ppm=draw(st.integers(0, 360_000)),
        method=draw(st.sampled_from(METHODS)),
        term_months=draw(st.integers(1, 24)),
        due_day=None,
        day_count="30/360",
        rounding="half_up",
        instalment_rounding="half_up",
        remainder="last",
        penalty_markup_ppm=draw(st.sampled_from([0, 300_000, 500_000])),
        penalty_day_count="act/360",
        grace_days=draw(st.integers(0, 10)),
        pack_hash="",
    )
    start = date(2026, 9, 20) + timedelta(days=draw(st.integers(0, 100)))
    days = draw(st.lists(st.integers(-3, terms.term_months * 31 + 40), max_size=8))
    money = [
        Money(
            start + timedelta(days=day),
            draw(st.integers(1, terms.principal_fen)),
            draw(st.sampled_from(PURPOSES)),
        )
        for day in days
    ]
    return terms, start, money


def folded(terms: LoanTerms, start: date, money: list[Money], today: date) -> LoanState:
    """Fold the same life; the money is booked in the order of the list, whatever its date."""

    def event(version: int, kind: str, day: date, **data: int | str) -> Event:
        return Event("ln", version, kind, "active", "bank", day, day, data)

    events = [
        event(1, "agreed", start - timedelta(days=5)),
        event(2, "ordered", start - timedelta(days=5), amount_fen=terms.principal_fen),
        event(3, "disbursed", start, amount_fen=terms.principal_fen),
        *(
            event(4 + n, "repaid", m.day, amount_fen=m.amount_fen, purpose=m.purpose)
            for n, m in enumerate(money)
        ),
    ]
    return fold(terms, events, today)


def figures(of: LoanState | Account) -> dict[str, int]:
    names = (
        "disbursed_fen",
        "received_fen",
        "credit_fen",
        "due_fen",
        "payoff_fen",
        "outstanding_fen",
        "principal_paid_fen",
        "interest_paid_fen",
        "penalty_paid_fen",
        "interest_earned_fen",
        "penalty_earned_fen",
    )
    return {name: getattr(of, name) for name in names}


@given(life=lives(), days=st.integers(0, 800))
def test_the_engine_agrees_with_the_oracle(
    life: tuple[LoanTerms, date, list[Money]], days: int
) -> None:
    terms, start, money = life
    today = start + timedelta(days=days)
    state = folded(terms, start, money, today)
    account = live(deal_of(terms), start, money, today)
    assert figures(state) == figures(account)
    assert [(r.due_date, r.principal_fen, r.interest_fen) for r in state.ahead] == [
        (r.due_date, r.principal_fen, r.interest_fen) for r in account.rows
    ]


@pytest.mark.parametrize("method", METHODS)
def test_each_method_agrees_in_a_troubled_life(method: Method) -> None:
    terms = LoanTerms(
        "bank", 1_234_567, 88_800, method, 12, None, "30/360", "half_up", "half_up", "last",
        500_000, "act/360", 3, "",
    )  # fmt: skip
    start = date(2026, 10, 31)
    money = [
        Money(date(2026, 11, 30), 50_000, "instalment"),
        Money(date(2026, 12, 10), 300_000, "prepay_lower"),
        Money(date(2027, 2, 28), 77_777, "instalment"),
        Money(date(2027, 3, 5), 200_001, "prepay_shorten"),
        Money(date(2027, 6, 15), 900_000, "settle"),
    ]
    for day in range(0, 420, 3):
        today = start + timedelta(days=day)
        expected = figures(live(deal_of(terms), start, money, today))
        assert figures(folded(terms, start, money, today)) == expected
