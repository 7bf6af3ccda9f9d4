"""Interest that a subsidy was decided on earns it once, whatever becomes of the loan."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given

from loan_lives import END, LOAN, START, event, lives, opening
from sanshi.benefit.interest import Agreement
from sanshi.kernel.effects import Event
from sanshi.kernel.errors import ImpossibleError
from sanshi.kernel.schedules import Interest
from sanshi.loan.fold import fold
from sanshi.loan.subsidy import earned
from sanshi.quote.terms import LoanTerms

HALF = Agreement(
    benefit="subsidy",
    product_class="personal_consumption_loan",
    rate_ppm=60_000,
    contract_rate_ppm=120_000,
    base_fen=1,
    principal_fen=1,
    last_day=date.max,
    large_ticket=False,
    limits=(),
    weights=(("treasury", 1),),
)
"""Half of all interest."""


def granted(loan: LoanTerms, events: list[Event], day: date) -> list[Event]:
    """Return the grants of what fell due up to a day, as the daily round would make them."""
    state = fold(loan, events, day)
    return [
        event(
            len(events) + place,
            "subsidy_granted",
            one.value_date,
            number=one.number,
            amount_fen=one.amount_fen,
            funded=[{"funder": "treasury", "amount_fen": one.amount_fen}],
        )
        for place, one in enumerate(
            earned("ln", HALF, state, lambda then: fold(loan, events, then)), start=1
        )
    ]


def lived(loan: LoanTerms, events: list[Event], until: date = END) -> list[Event]:
    """Return a life with its grants: before each event, those of what had fallen due by then."""
    made: list[Event] = []
    for one in sorted(events, key=lambda e: (e.value_date, e.version)):
        made += granted(loan, made, one.value_date - timedelta(days=1))
        try:
            fold(loan, [*made, one], until)
        except ImpossibleError:  # it was possible while nobody had paid a part of the interest
            continue
        made.append(event(len(made) + 1, one.kind, one.value_date, one.stage, **one.data))
    return made + granted(loan, made, until)


def sums(events: list[Event]) -> list[int]:
    return [one.data["amount_fen"] for one in events if one.kind == "subsidy_granted"]


@given(lives())
def test_no_interest_is_subsidised_twice(life: tuple[LoanTerms, list[Event]]) -> None:
    loan, events = life
    made = lived(loan, events)
    state = fold(loan, made, END)
    all_interest = Interest(sum(due.interest_fen for due in state.due), 1)
    assert sum(sums(made)) <= HALF.earned_fen(all_interest)
    assert state.subsidy_fen == sum(sums(made))


@pytest.mark.parametrize("kind", ["reaged", "restructured"])
def test_overdue_interest_that_is_spread_anew_has_earned_its_subsidy(kind: str) -> None:
    """120.00 and 110.00 of interest were overdue, and half of each was granted. Re-aged, 115.00
    come with the next instalment beside its own 120.00: it earns 60.00 and not 117.50.
    """
    day = date(2027, 1, 3)
    spread = event(4, kind, day, instalments=12, waive_penalty=True)
    made = lived(LOAN, [*opening(), spread], date(2027, 2, 20))
    state = fold(LOAN, made, date(2027, 2, 20))
    assert sums(made) == [6_000, 5_500, *sums(made)[2:]]
    third = state.due[2]
    own = third.interest_fen - 11_500
    assert sums(made)[2:] == [own // 2]
    assert 11_900 < own <= 12_500


def test_what_was_not_decided_yet_is_decided_where_it_went() -> None:
    """Re-aged before anybody decided on the 120.00 and 110.00: all of it counts later, once."""
    day = date(2027, 1, 2)
    events = [*opening(), event(4, "reaged", day, instalments=12, waive_penalty=True)]
    late = date(2027, 2, 2)
    made = events + granted(LOAN, events, late)
    state = fold(LOAN, made, late)
    assert sums(made) == [(12_000 + 11_000 + 12_000) // 2]
    assert state.due[2].interest_fen == 35_000


@pytest.mark.parametrize("kind", ["written_off", "transferred"])
def test_nothing_is_granted_once_a_loan_has_left(kind: str) -> None:
    """The first instalment earned its 60.00; the second, due before the sale, came too late."""
    first = LOAN.schedule_from(START)[0].due_date
    made = opening() + granted(LOAN, opening(), first)
    assert sums(granted(LOAN, opening(), first)) == [6_000]
    gone = [*made, event(9, kind, date(2027, 1, 2), kind, price_fen=1)]
    for later in (date(2027, 1, 2), date(2027, 6, 1), END):
        assert granted(LOAN, gone, later) == []
