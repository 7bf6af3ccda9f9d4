"""What changes a running loan: the figures of each event."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from typing import Any, get_args

import pytest

from charts import LEGS
from loan_lives import END, LOAN, START, event, opening
from sanshi.kernel.dates import due_dates
from sanshi.kernel.effects import Event
from sanshi.kernel.errors import ImpossibleError
from sanshi.kernel.schedules import Draw, PlainMethod, RateChange, schedule
from sanshi.loan.books import components
from sanshi.loan.fold import fold
from sanshi.loan.state import LoanState
from sanshi.quote.terms import Allocation, LoanTerms


def after(*events: Event, on: date = END, loan: LoanTerms = LOAN) -> LoanState:
    return fold(loan, [*opening(loan), *events], on)


def ahead(state: LoanState) -> list[tuple[str, int, int]]:
    return [(r.due_date.isoformat(), r.principal_fen, r.interest_fen) for r in state.ahead]


def test_a_new_rate_counts_from_its_day_on() -> None:
    """To 17 November 15 days at 12 %, then 15 at 6 %: 60.00 and 30.00 of 12,000.00."""
    day = date(2026, 11, 17)
    state = after(event(4, "rate_changed", day, rate_ppm=60_000), on=day)
    assert ahead(state)[:2] == [("2026-12-02", 100_000, 9_000), ("2027-01-02", 100_000, 5_500)]


def test_february_still_stands_for_the_due_day_when_it_alone_is_left() -> None:
    """Due on the 31st: from 31 January to 28 February is a month, 1 % of what is left."""
    began = date(2026, 10, 31)
    loan = replace(LOAN, term_months=4)
    rows = loan.schedule_from(began)
    assert [row.due_date.day for row in rows] == [30, 31, 31, 28]
    events = [
        event(1, "disbursed", began, amount_fen=1_200_000),
        *(
            event(2 + k, "repaid", row.due_date, amount_fen=row.payment_fen)
            for k, row in enumerate(rows[:3])
        ),
        event(9, "repaid", date(2027, 1, 31), amount_fen=100_000, purpose="prepay_lower"),
    ]
    state = fold(loan, events, date(2027, 1, 31))
    assert ahead(state) == [("2027-02-28", 200_000, 2_000)]


def test_another_due_day_never_comes_too_soon() -> None:
    """From the 2nd to the 10th: not on 10 November, 8 days after the start, but in December."""
    day = date(2026, 11, 5)
    state = after(event(4, "due_day_changed", day, due_day=10), on=day)
    assert [row.due_date.day for row in state.ahead] == [10] * 12
    assert state.ahead[0].due_date == date(2026, 12, 10)
    # 38 days of 30/360: 12,000.00 × 12 % × 38 / 360 = 152.00
    assert state.ahead[0].interest_fen == 15_200
    assert state.terms.due_day == 10


def test_an_extension_lowers_what_is_left() -> None:
    """After six of twelve, 6,000.00 over twelve more months: 500.00 each."""
    events = [
        event(4 + k, "repaid", row.due_date, amount_fen=row.payment_fen)
        for k, row in enumerate(LOAN.schedule_from(START)[:6])
    ]
    day = date(2027, 5, 2)
    state = after(*events, event(10, "extended", day, instalments=6), on=day)
    assert [principal for _, principal, _ in ahead(state)] == [50_000] * 12
    assert state.ahead[-1].due_date == date(2028, 5, 2)
    assert state.terms.term_months == 18
    assert state.changed_on == day


def test_grace_lets_the_next_instalments_pay_interest_only() -> None:
    day = date(2026, 11, 2)
    state = after(event(4, "grace_given", day, instalments=3), on=day)
    assert [principal for _, principal, _ in ahead(state)][:3] == [0, 0, 0]
    assert [interest for _, _, interest in ahead(state)][:4] == [12_000] * 4
    assert sum(principal for _, principal, _ in ahead(state)) == 1_200_000


def test_a_pause_moves_all_dates_and_its_interest_bears_none() -> None:
    """Three months later: 12,000.00 × 12 % × 4 / 12 = 480.00 with the first instalment."""
    state = after(event(4, "paused", START, months=3), on=START)
    assert ahead(state)[0] == ("2027-03-02", 100_000, 48_000)
    assert ahead(state)[1] == ("2027-04-02", 100_000, 11_000)


def test_a_pause_without_interest_earns_none_day_by_day() -> None:
    """Free from 2 November to 2 February: only the month to 2 March counts, 120.00."""
    paused = event(4, "paused", START, months=3, waive=True)
    state = after(paused, on=START)
    assert ahead(state)[0] == ("2027-03-02", 100_000, 12_000)
    assert after(paused, on=date(2027, 2, 2)).interest_earned_fen == 0
    assert after(paused, on=date(2027, 2, 17)).interest_earned_fen == 6_000


def test_arrears_are_spread_and_the_loan_is_late_no_more() -> None:
    """Two instalments missed (1,120.00 and 1,110.00): 2,000.00 joins 10,000.00 ahead."""
    day = date(2027, 1, 2)
    late = after(on=day)
    assert (late.days_past_due, late.due_fen - late.penalty_earned_fen) == (31, 223_000)
    spread = event(4, "reaged", day, instalments=12, waive_penalty=True)
    state = after(spread, on=day)
    assert (state.days_past_due, state.due_fen, state.penalty_earned_fen) == (0, 0, 0)
    assert state.principal_ahead_fen == 1_200_000
    # the first collects the 230.00 that were overdue and a month's 120.00
    assert ahead(state)[0] == ("2027-02-02", 100_000, 35_000)
    assert state.interest_earned_fen == late.interest_earned_fen


def test_penalty_that_is_not_waived_stays_due_and_alone_makes_nobody_late() -> None:
    day = date(2027, 1, 2)
    state = after(event(4, "reaged", day, instalments=12), on=day)
    assert state.due_fen == state.penalty_earned_fen > 0
    assert state.days_past_due == 0


def test_a_restructured_loan_has_new_terms_for_all_that_is_owed() -> None:
    day = date(2027, 1, 2)
    new: dict[str, Any] = {
        "rate_ppm": 60_000,
        "method": "interest_only",
        "instalments": 24,
        "due_day": 15,
    }
    state = after(event(4, "restructured", day, waive_penalty=True, **new), on=day)
    assert len(state.ahead) == 24
    assert state.terms.term_months == 26
    assert {row.due_date.day for row in state.ahead} == {15}
    assert state.ahead[1].interest_fen == 6_000  # 12,000.00 × 6 % / 12
    assert state.ahead[-1].principal_fen == 1_200_000
    assert state.changed_on == day


def test_what_is_waived_is_not_owed_and_what_is_not_owed_cannot_be() -> None:
    day = date(2026, 12, 12)
    late = after(on=day)
    state = after(event(4, "waived", day, penalty_fen=100, interest_fen=2_000), on=day)
    assert late.due_fen - state.due_fen == 2_100
    assert state.interest_earned_fen == late.interest_earned_fen - 2_000
    with pytest.raises(ImpossibleError, match="not owed"):
        after(event(4, "waived", day, interest_fen=12_001), on=day)


def test_tranches_are_drawn_until_all_is_drawn() -> None:
    first, second = date(2026, 11, 2), date(2027, 1, 17)
    events = [
        event(1, "agreed", first, "pending"),
        event(2, "disbursed", first, amount_fen=600_000),
        event(3, "disbursed", second, amount_fen=600_000),
    ]
    state = fold(LOAN, events, second)
    assert state.disbursed_fen == 1_200_000
    assert state.principal_ahead_fen == 1_100_000
    with pytest.raises(ImpossibleError, match="agreed"):
        fold(LOAN, [*events, event(4, "disbursed", second, amount_fen=1)], second)


def test_a_write_off_leaves_the_books_and_keeps_the_claim() -> None:
    day = date(2027, 3, 2)
    owed = after(on=day)
    state = after(event(4, "written_off", day, "written_off"), on=END)
    assert state.left is not None
    assert state.left.principal_fen == 1_200_000
    assert state.outstanding_fen == 0
    assert state.due_fen == owed.payoff_fen == state.left.total_fen
    back = event(5, "recovered", date(2027, 6, 1), "written_off", amount_fen=50_000)
    state = after(event(4, "written_off", day, "written_off"), back)
    assert (components(state)["recovered", "customer"], state.credit_fen) == (50_000, 0)
    too_much = replace(back, data={"amount_fen": 2_000_000})
    with pytest.raises(ImpossibleError, match="written off"):
        after(event(4, "written_off", day, "written_off"), too_much)


@pytest.mark.parametrize(
    ("kind", "data"), [("restructured", {"instalments": 12}), ("waived", {"penalty_fen": 1})]
)
def test_what_has_left_the_books_does_not_change(kind: str, data: dict[str, Any]) -> None:
    gone = event(4, "written_off", date(2027, 3, 2), "written_off")
    with pytest.raises(ImpossibleError, match="left the books"):
        after(gone, event(5, kind, date(2027, 4, 2), **data))


def test_a_sold_loan_takes_everything_along_and_leaves_the_difference() -> None:
    day = date(2027, 3, 2)
    sale = event(4, "transferred", day, "transferred", price_fen=1_000_000)
    sums = {name: fen for (name, _), fen in components(after(sale)).items()}
    accounts: Counter[str] = Counter()
    for name, fen in sums.items():
        debit, credit = LEGS[name]
        accounts[debit] += fen
        accounts[credit] -= fen
    for gone in ("customer_loan", "interest_receivable", "penalty_receivable"):
        assert accounts[gone] == 0
    assert accounts["transfer_receivable"] == 1_000_000


@pytest.mark.parametrize("late", [10, 100])
def test_money_is_used_in_the_order_that_was_agreed(late: int) -> None:
    """Up to 90 days late penalty first; beyond, principal first, over all instalments."""
    by_law = Allocation(90, ("principal", "interest", "penalty"), "component")
    loan = replace(LOAN, allocations=(by_law,))
    day = date(2026, 12, 2) + timedelta(days=late)
    state = after(event(4, "repaid", day, amount_fen=5_000), on=day, loan=loan)
    if late > 90:
        assert (state.principal_paid_fen, state.interest_paid_fen) == (5_000, 0)
    else:
        assert state.penalty_paid_fen == state.penalty_earned_fen > 0
        assert state.principal_paid_fen == 0


def test_penalty_stops_at_its_cap() -> None:
    loan = replace(LOAN, penalty_cap_ppm=10_000)
    state = after(on=date(2027, 12, 2), loan=loan)
    assert [due.penalty_fen for due in state.due][:11] == [1_000] * 11


@pytest.mark.parametrize("method", get_args(PlainMethod))
@pytest.mark.parametrize("interest_round", ["instalment", "subperiod"])
def test_events_and_planned_changes_come_to_one_schedule(
    method: PlainMethod,
    interest_round: Any,  # noqa: ANN401 - its literal
) -> None:
    """What the contract foresaw, and what happened to the loan without being foreseen."""
    loan = replace(LOAN, method=method, day_count="act/365", interest_round=interest_round)
    drawn, changed = date(2026, 12, 20), date(2027, 2, 11)
    events = [
        event(2, "disbursed", START, amount_fen=700_000),
        event(3, "disbursed", drawn, amount_fen=500_000),
        event(4, "rate_changed", changed, rate_ppm=36_000),
    ]
    planned = schedule(
        replace(
            loan.kernel_terms(START, due_dates(START, 12), principal_fen=700_000),
            draws=(Draw(drawn, 500_000),),
            rate_changes=(RateChange(changed, 36_000),),
        )
    )
    state = fold(loan, events, END)
    assert [(d.principal_fen, d.interest_fen) for d in state.due] == [
        (row.principal_fen, row.interest_fen) for row in planned
    ]
