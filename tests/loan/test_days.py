"""A loan day by day is the loan on each day, and late events move what they change."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from loan_lives import START, lives
from sanshi.kernel.effects import Event
from sanshi.loan.books import components
from sanshi.loan.days import day_by_day, late_changes
from sanshi.loan.fold import fold
from sanshi.quote.terms import LoanTerms


@given(lives(), st.integers(-5, 400), st.integers(0, 60))
def test_each_day_is_the_fold_of_that_day(
    life: tuple[LoanTerms, list[Event]], first: int, days: int
) -> None:
    loan, events = life
    since = START + timedelta(days=first)
    walked = list(day_by_day(loan, events, since, since + timedelta(days=days)))
    assert [day for day, _ in walked] == [since + timedelta(days=n) for n in range(days + 1)]
    for day, state in walked:
        assert state == fold(loan, events, day)


@given(lives(), st.data())
def test_what_late_events_move_adds_up_on_every_day(
    life: tuple[LoanTerms, list[Event]], data: st.DataObject
) -> None:
    loan, events = life
    place = data.draw(st.integers(3, len(events)))
    known, late = events[:place], events[place:]
    since = min((event.value_date for event in late), default=START)
    to = since + timedelta(days=data.draw(st.integers(0, 60)))
    moved: Counter[tuple[str, str]] = Counter()
    for day, by in late_changes(loan, known, late, since, to):
        assert all(by.values())
        for key, fen in by.items():
            moved[key] += fen
        now, then = components(fold(loan, events, day)), components(fold(loan, known, day))
        assert {key: now.get(key, 0) - then.get(key, 0) for key in {*now, *then}} == {
            key: moved[key] for key in {*now, *then}
        }
