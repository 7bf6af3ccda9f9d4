"""Balances hold by both dates: as of a day, as the books knew it on another."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from itertools import accumulate

from hypothesis import given
from hypothesis import strategies as st

from charts import CHART, LEGS
from loan_lives import START, lives
from sanshi.flows.loans import Held, LoanFile, closing_entries, entries
from sanshi.flows.positions import NOT_ACCRUED
from sanshi.flows.steps import Standing
from sanshi.kernel.effects import Effects, Event, Posting
from sanshi.loan.books import components
from sanshi.loan.fold import fold
from sanshi.quote.terms import LoanTerms

DAY = timedelta(days=1)
Life = tuple[LoanTerms, list[Event]]


def booked_on(events: Sequence[Event], lags: Sequence[int]) -> list[Event]:
    """Give each event a booking date: so many days late, and never before the event before it."""
    wanted = (e.value_date + timedelta(days=lag) for e, lag in zip(events, lags, strict=True))
    return [
        replace(e, booking_date=day) for e, day in zip(events, accumulate(wanted, max), strict=True)
    ]


def cumulative(postings: Sequence[Posting]) -> dict[tuple[str, str, str], int]:
    sums: Counter[tuple[str, str, str]] = Counter()
    for p in postings:
        sums[p.component, p.payer, p.debit] += p.amount_fen
        sums[p.component, p.payer, p.credit] -= p.amount_fen
    return dict(sums)


def held(postings: Sequence[Posting], closed: date) -> Held:
    last = max((p.booking_date for p in postings), default=None)
    return Held(cumulative(postings), last, closed, CHART, 1, NOT_ACCRUED, Effects())


def said(postings: Sequence[Posting]) -> dict[tuple[str, str], int]:
    """Return what postings say of each component, on the side of its debit account."""
    return {
        (component, payer): fen
        for (component, payer, account), fen in cumulative(postings).items()
        if fen and account == LEGS[component][0]
    }


def known(
    loan: LoanTerms, events: Sequence[Event], value_to: date, to: date
) -> dict[tuple[str, str], int]:
    so_far = [event for event in events if event.booking_date <= to]
    sums: Mapping[tuple[str, str], int] = components(fold(loan, so_far, value_to))
    return {key: fen for key, fen in sums.items() if fen}


@given(
    lives(),
    st.lists(st.integers(0, 40), min_size=12, max_size=12),
    st.lists(st.integers(0, 3), min_size=1, max_size=5),
    st.data(),
)
def test_balances_hold_by_both_dates(
    life: Life, lags: list[int], waits: list[int], data: st.DataObject
) -> None:
    """Whatever comes late, and though some days are closed several at a time."""
    loan, made = life
    events = booked_on(made, [0, 0, 0, *lags][: len(made)])
    postings: list[Posting] = []
    closed = START - DAY
    last = events[-1].booking_date + 3 * DAY
    day = START
    while day <= last:
        file = LoanFile({}, loan, (), Standing("loan", "ln", "bank", 0, "active"))
        for number, event in enumerate(events):
            if event.booking_date == day:
                file = replace(file, events=tuple(events[:number]))
                postings += entries(file, [event], held(postings, closed), day)
        wait = waits[day.toordinal() % len(waits)]
        if (day - closed).days > wait or day == last:
            so_far = tuple(event for event in events if event.booking_date <= day)
            file = replace(file, events=so_far)
            one_by_one = data.draw(st.booleans())
            first = closed + DAY if one_by_one else day
            for late in range(first.toordinal(), day.toordinal() + 1):
                over = date.fromordinal(late)
                postings += closing_entries(file, held(postings, closed), over)
                # Its own shard is closed; the others may follow later.
                closed = over if over == last or data.draw(st.booleans()) else closed
        day += DAY
    days = (last - START).days
    for _ in range(8):
        to = START + timedelta(days=data.draw(st.integers(0, days)))
        value_to = START + timedelta(days=data.draw(st.integers(0, (to - START).days)))
        seen = [p for p in postings if p.booking_date <= to and p.value_date <= value_to]
        assert said(seen) == known(loan, events, value_to, to)
