"""A loan's state is a pure function of its terms, its events and the day."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sanshi.kernel.effects import Event
from sanshi.kernel.schedules import Method
from sanshi.loan.books import components
from sanshi.loan.fold import advance, apply_event, fold
from sanshi.loan.state import LoanState
from sanshi.quote.terms import LoanTerms

START = date(2026, 11, 2)
END = date(2029, 12, 31)
METHODS: tuple[Method, ...] = ("equal_instalment", "equal_principal", "interest_only", "bullet")


def terms(
    principal_fen: int = 699900,
    months: int = 3,
    method: Method = "equal_instalment",
    rate_ppm: int = 48000,
    grace_days: int = 3,
) -> LoanTerms:
    return LoanTerms(
        entity="bank",
        principal_fen=principal_fen,
        rate_ppm=rate_ppm,
        method=method,
        term_months=months,
        due_day=None,
        day_count="30/360",
        rounding="half_up",
        instalment_rounding="half_up",
        remainder="last",
        penalty_markup_ppm=500000,
        penalty_day_count="act/360",
        grace_days=grace_days,
        pack_hash="",
    )


def event(version: int, kind: str, day: date, **data: int | str) -> Event:
    return Event("ln", version, kind, "active", "bank", day, day, data)


def opening(loan: LoanTerms) -> list[Event]:
    return [
        event(1, "agreed", START),
        event(2, "ordered", START, amount_fen=loan.principal_fen),
        event(3, "disbursed", START, amount_fen=loan.principal_fen),
    ]


def paid(version: int, day: date, amount_fen: int, purpose: str = "instalment") -> Event:
    return event(version, "repaid", day, amount_fen=amount_fen, purpose=purpose)


@st.composite
def lives(draw: st.DrawFn) -> tuple[LoanTerms, list[Event]]:
    loan = terms(
        principal_fen=draw(st.integers(10_000, 50_000_000)),
        months=draw(st.integers(1, 24)),
        method=draw(st.sampled_from(METHODS)),
        rate_ppm=draw(st.integers(0, 240_000)),
        grace_days=draw(st.integers(0, 10)),
    )
    days = sorted(draw(st.lists(st.integers(0, 780), max_size=10)))
    payments = [
        paid(
            version,
            START + timedelta(days=day),
            draw(st.integers(1, loan.principal_fen)),
            draw(st.sampled_from(["instalment", "settle", "prepay_lower", "prepay_shorten"])),
        )
        for version, day in enumerate(days, start=4)
    ]
    return loan, opening(loan) + payments


def check_conservation(state: LoanState) -> None:
    used_fen = state.principal_paid_fen + state.interest_paid_fen + state.penalty_paid_fen
    assert state.received_fen == used_fen + state.credit_fen + state.returned_fen
    assert state.disbursed_fen == state.principal_paid_fen + state.outstanding_fen
    assert state.credit_fen >= 0
    assert all(d.open_fen >= 0 and d.penalty_open_fen >= 0 for d in state.due)
    assert all(d.principal_open_fen >= 0 and d.interest_open_fen >= 0 for d in state.due)
    assert sum(row.principal_fen for row in state.ahead) == state.principal_ahead_fen
    assert all(row.principal_fen >= 0 and row.interest_fen >= 0 for row in state.ahead)


@given(life=lives(), days=st.integers(0, 800))
def test_nothing_is_lost_or_made(life: tuple[LoanTerms, list[Event]], days: int) -> None:
    loan, events = life
    check_conservation(fold(loan, events, START + timedelta(days=days)))
    check_conservation(fold(loan, events, END))


@given(life=lives(), data=st.data())
def test_step_by_step_is_replay(life: tuple[LoanTerms, list[Event]], data: st.DataObject) -> None:
    loan, events = life
    state = fold(loan, events[:1], START)
    for one in events[1:]:
        state = apply_event(advance(state, one.value_date), one)
        looks = data.draw(st.lists(st.integers(0, 40), max_size=2))
        for days in sorted(looks):
            later = one.value_date + timedelta(days=days)
            following = [e.value_date for e in events if e.version > one.version]
            if not following or later <= min(following):
                state = advance(state, later)
    last = max(state.as_of, events[-1].value_date)
    assert advance(state, END) == fold(loan, events, END)
    assert components(advance(state, last)) == components(fold(loan, events, last))


@given(life=lives(), data=st.data())
def test_the_order_in_which_events_are_read_does_not_matter(
    life: tuple[LoanTerms, list[Event]], data: st.DataObject
) -> None:
    loan, events = life
    shuffled = data.draw(st.permutations(events))
    assert fold(loan, shuffled, END) == fold(loan, events, END)


@given(
    months=st.integers(1, 24),
    method=st.sampled_from(METHODS),
    principal_fen=st.integers(10_000, 50_000_000),
)
def test_paying_on_each_due_date_is_the_schedule(
    months: int, method: Method, principal_fen: int
) -> None:
    loan = terms(principal_fen, months, method)
    rows = loan.schedule_from(START)
    events = opening(loan) + [
        paid(4 + n, row.due_date, row.payment_fen) for n, row in enumerate(rows) if row.payment_fen
    ]
    state = fold(loan, events, END)
    assert state.is_paid_off
    assert state.interest_paid_fen == sum(row.interest_fen for row in rows)
    assert state.penalty_earned_fen == state.credit_fen == 0


@given(life=lives(), data=st.data())
def test_a_payment_in_two_parts_is_one_payment(
    life: tuple[LoanTerms, list[Event]], data: st.DataObject
) -> None:
    loan, events = life
    day = START + timedelta(days=data.draw(st.integers(0, 700)))
    amount_fen = data.draw(st.integers(2, loan.principal_fen))
    part_fen = data.draw(st.integers(1, amount_fen - 1))
    whole = fold(loan, [*events, paid(90, day, amount_fen)], END)
    parts = fold(
        loan, [*events, paid(90, day, part_fen), paid(91, day, amount_fen - part_fen)], END
    )
    assert components(parts) == components(whole)


@given(life=lives())
def test_interest_only_ever_grows_from_day_to_day(life: tuple[LoanTerms, list[Event]]) -> None:
    loan, events = life
    earned = [
        fold(loan, events, START + timedelta(days=day)).interest_earned_fen
        for day in range(0, 120, 7)
    ]
    assert earned == sorted(earned)


def test_late_by_ten_days_with_three_days_of_grace() -> None:
    # 2,323.69 × (4.80 % × 1.5) ÷ 360 × 10 = 4.64738: whole fen are charged, the rest carried.
    loan = terms()
    ten_days_late = fold(loan, opening(loan), date(2026, 12, 12))
    assert ten_days_late.days_past_due == 10
    assert ten_days_late.penalty_earned_fen == 464
    assert ten_days_late.due_fen == 235169 + 464
    assert fold(loan, opening(loan), date(2026, 12, 5)).penalty_earned_fen == 0


def test_penalty_is_paid_first_then_interest_then_principal() -> None:
    loan = terms()
    events = [*opening(loan), paid(4, date(2026, 12, 12), 464 + 2800 + 100)]
    state = fold(loan, events, date(2026, 12, 12))
    assert (state.penalty_paid_fen, state.interest_paid_fen, state.principal_paid_fen) == (
        464,
        2800,
        100,
    )


def test_settling_early_pays_interest_to_the_day() -> None:
    # 18 days: 6,999.00 × 4.80 % ÷ 360 × 18 = 16.7976, rounded 16.80.
    loan = terms()
    before = fold(loan, opening(loan), date(2026, 11, 20))
    assert before.payoff_fen == 699900 + 1680
    events = [*opening(loan), paid(4, date(2026, 11, 20), 701580, "settle")]
    state = fold(loan, events, date(2026, 11, 20))
    assert state.is_paid_off
    assert state.interest_paid_fen == 1680
    assert fold(loan, events, END).interest_earned_fen == 1680


def test_goods_returned_before_the_first_due_date_end_the_loan_but_for_the_days_before() -> None:
    # The shop gives back what it was paid, 6,999.00; 18 days of interest are 16.80 (see above).
    # Of the refund interest is paid first, so 16.80 of principal is due today and nothing ahead.
    loan, day = terms(), date(2026, 11, 20)
    back = event(
        4, "repaid", day, amount_fen=699900, purpose="goods_return", goods_returned_fen=699900
    )
    state = fold(loan, [*opening(loan), back], day)
    assert (state.due_fen, state.ahead, state.credit_fen) == (1680, (), 0)
    assert state.interest_paid_fen == 1680
    later = fold(loan, [*opening(loan), back], date(2026, 11, 23))
    assert later.payoff_fen == 1680, "nothing more is earned within the days of grace"
    rest = paid(5, date(2026, 11, 21), 1680)
    assert fold(loan, [*opening(loan), back, rest], date(2026, 11, 21)).is_paid_off


def test_too_little_to_settle_pays_what_is_due_and_keeps_the_rest_for_the_next_date() -> None:
    loan = terms()
    events = [*opening(loan), paid(4, date(2026, 11, 20), 600000, "settle")]
    state = fold(loan, events, date(2026, 11, 20))
    assert state.credit_fen == 600000
    assert fold(loan, events, date(2026, 12, 2)).credit_fen == 600000 - 235169


def test_a_prepayment_lowers_the_instalments_and_keeps_the_interest_of_the_days_before() -> None:
    # Day 18: 16.7976 earned on 6,999.00; then 12 days on 3,999.00: 6.3984; together 23.196.
    loan = terms()
    events = [*opening(loan), paid(4, date(2026, 11, 20), 300000, "prepay_lower")]
    state = fold(loan, events, date(2026, 11, 20))
    assert state.outstanding_fen == 399900
    assert [row.due_date for row in state.ahead] == [
        date(2026, 12, 2),
        date(2027, 1, 2),
        date(2027, 2, 2),
    ]
    assert state.ahead[0].interest_fen == 2320
    assert state.ahead[0].payment_fen < 235169


def test_a_prepayment_that_shortens_keeps_the_level_and_ends_sooner() -> None:
    loan = terms(months=12)
    level = loan.schedule_from(START)[0].payment_fen
    events = [*opening(loan), paid(4, date(2026, 11, 20), 300000, "prepay_shorten")]
    state = fold(loan, events, date(2026, 11, 20))
    assert all(row.payment_fen == level for row in state.ahead[:-1])
    assert state.ahead[-1].payment_fen <= level
    assert len(state.ahead) < 12


def test_a_payment_booked_late_with_an_early_value_date_takes_its_place() -> None:
    loan = terms()
    on_time = [*opening(loan), paid(4, date(2026, 12, 2), 235169), paid(5, date(2027, 1, 20), 100)]
    booked_late = [
        *opening(loan),
        paid(4, date(2027, 1, 20), 100),
        paid(5, date(2026, 12, 2), 235169),
    ]
    day = date(2027, 1, 25)
    assert components(fold(loan, booked_late, day)) == components(fold(loan, on_time, day))


@pytest.mark.parametrize("kind", ["refused", "cancelled"])
def test_money_that_never_left_is_not_owed(kind: str) -> None:
    loan = terms()
    events = [*opening(loan)[:2], event(3, kind, START, amount_fen=699900)]
    state = fold(loan, events, END)
    assert state.outstanding_fen == 0
    assert not state.is_paid_off
    assert components(state)["ordered", "customer"] == (0 if kind == "refused" else 699900)
