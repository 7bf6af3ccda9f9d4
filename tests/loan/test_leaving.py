"""Loans that left the books: what they took along, what comes in, and one that never left."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from charts import LEGS
from loan_lives import END, LOAN, event, lives, opening
from sanshi.kernel.effects import Event
from sanshi.kernel.errors import ImpossibleError
from sanshi.loan.books import components
from sanshi.loan.fold import fold
from sanshi.loan.state import LoanState
from sanshi.quote.terms import LoanTerms

RECEIVABLES = ("customer_loan", "interest_receivable", "penalty_receivable")
GONE = date(2027, 3, 2)
FAR = END + timedelta(days=2_000)


def accounts(state: LoanState) -> Counter[str]:
    """Return account → signed balance that a loan's components come to."""
    sums: Counter[str] = Counter()
    for (name, _), fen in components(state).items():
        debit, credit = LEGS[name]
        sums[debit] += fen
        sums[credit] -= fen
    return sums


def unnamed(state: LoanState) -> LoanState:
    return replace(state, version=0, stage="")


def in_the_books(life: tuple[LoanTerms, list[Event]]) -> bool:
    return not any(one.kind in {"written_off", "transferred"} for one in life[1])


@given(
    lives().filter(in_the_books), st.integers(0, 500), st.lists(st.integers(1, 10**6), max_size=4)
)
def test_what_is_written_off_and_recovered_always_balances(
    life: tuple[LoanTerms, list[Event]], days: int, sums: list[int]
) -> None:
    """Whatever happened before: nothing stays receivable, and the allowance bears what is open."""
    loan, events = life
    day = max(one.value_date for one in events) + timedelta(days=days)
    made = [*events, event(99, "written_off", day, "written_off")]
    left = fold(loan, made, day).left
    assert left is not None
    for number, amount_fen in enumerate(sums, start=100):
        rest_fen = fold(loan, made, FAR).due_fen
        beyond_fen = max(amount_fen - rest_fen, 0)
        data = {"amount_fen": amount_fen, "beyond_fen": beyond_fen}
        made.append(event(number, "recovered", day + timedelta(days=number), "written_off", **data))
        state = fold(loan, made, FAR)
        books = accounts(state)
        assert [books[name] for name in RECEIVABLES] == [0, 0, 0]
        assert books["loan_loss_allowance"] == state.due_fen
        assert state.due_fen == rest_fen - amount_fen + beyond_fen
        assert books["overpayment"] == -state.credit_fen
        assert not state.is_paid_off


@given(
    lives().filter(in_the_books),
    st.integers(0, 500),
    st.lists(st.tuples(st.integers(0, 60), st.integers(1, 300_000)), max_size=3),
)
def test_an_undone_write_off_never_was(
    life: tuple[LoanTerms, list[Event]], days: int, sums: list[tuple[int, int]]
) -> None:
    """What came in meanwhile counts as payments that end the loan if they reach that far."""
    loan, events = life
    day = max(one.value_date for one in events) + timedelta(days=days)
    paid = [
        event(100 + k, "recovered", day + timedelta(days=later), amount_fen=amount_fen)
        for k, (later, amount_fen) in enumerate(sums)
    ]
    gone = event(99, "written_off", day, "written_off")
    back = event(200, "reversed", day, reverses=99)
    as_paid = [replace(one, kind="repaid", data={**one.data, "purpose": "settle"}) for one in paid]
    until = day + timedelta(days=400)
    try:
        plain = fold(loan, [*events, *as_paid], until)
    except ImpossibleError:
        assume(False)  # noqa: FBT003 - hypothesis's own
    undone = fold(loan, [*events, gone, *paid, back], until)
    assert unnamed(undone) == unnamed(plain)
    assert accounts(undone) == accounts(plain)


def test_a_buyer_pays_the_price_and_not_more() -> None:
    sale = event(4, "transferred", GONE, "transferred", price_fen=1_000_000, buyer="甲（虚构）")
    parts = [event(5 + k, "price_paid", GONE, "transferred", amount_fen=500_000) for k in range(3)]
    state = fold(LOAN, [*opening(), sale, *parts[:2]], END)
    assert state.left is not None
    assert (state.left.buyer, state.left.on, state.left.paid_fen) == ("甲（虚构）", GONE, 1_000_000)
    books = accounts(state)
    assert (books["bank_deposit"], books["transfer_receivable"]) == (1_000_000, 0)
    assert (state.due_fen, state.days_past_due, state.is_paid_off) == (0, 0, False)
    with pytest.raises(ImpossibleError, match="price"):
        fold(LOAN, [*opening(), sale, *parts], END)


@pytest.mark.parametrize(
    ("kind", "data", "gone"),
    [
        ("recovered", {"amount_fen": 1}, "transferred"),
        ("price_paid", {"amount_fen": 1}, "written_off"),
        ("written_off", {}, "transferred"),
        ("transferred", {"price_fen": 1}, "written_off"),
    ],
)
def test_a_loan_leaves_in_one_way(kind: str, data: dict[str, Any], gone: str) -> None:
    left = event(4, gone, GONE, gone, price_fen=1)
    with pytest.raises(ImpossibleError):
        fold(LOAN, [*opening(), left, event(5, kind, GONE, gone, **data)], END)
