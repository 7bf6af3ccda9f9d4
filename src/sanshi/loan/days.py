"""A loan day by day, and what events that come late change about days that are over."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta

from sanshi.kernel.effects import Event
from sanshi.loan.books import components
from sanshi.loan.changes import number
from sanshi.loan.fold import advance, apply_event, fold
from sanshi.loan.state import LoanState
from sanshi.quote.terms import LoanTerms

Moved = Mapping[tuple[str, str], int]
"""(component, payer) → fen by which the books move."""


def day_by_day(
    terms: LoanTerms, events: Iterable[Event], since: date, to: date
) -> Iterator[tuple[date, LoanState]]:
    """Yield the loan on each day from `since` to `to`, as `fold` has it on that day."""
    ordered = sorted(events, key=lambda e: (e.value_date, e.version))
    undone = {number(e, "reverses", 1) for e in ordered if e.kind == "reversed"}
    state = fold(terms, ordered, since - timedelta(days=1))
    coming = [event for event in ordered if since <= event.value_date <= to]
    for ordinal in range(since.toordinal(), to.toordinal() + 1):
        day = date.fromordinal(ordinal)
        while coming and coming[0].value_date == day:
            event = coming.pop(0)
            state = apply_event(advance(state, day), event, event.version in undone)
        state = advance(state, day)
        yield day, state


def late_changes(
    terms: LoanTerms, known: Iterable[Event], late: Iterable[Event], since: date, to: date
) -> Iterator[tuple[date, Moved]]:
    """Yield what `late` events move on each day that is over, beside what was `known` of it.

    The sums of these up to any day are what the books of that day would have said more or less.
    """
    known = tuple(known)
    before = day_by_day(terms, known, since, to)
    after = day_by_day(terms, (*known, *late), since, to)
    shifted: Moved = {}
    for (day, old), (_, new) in zip(before, after, strict=True):
        shift = _less(components(new), components(old))
        moved = _less(shift, shifted)
        if moved:
            yield day, moved
        shifted = shift


def _less(one: Moved, other: Moved) -> Moved:
    """Return one less the other, without what is nothing."""
    keys = sorted({*one, *other})
    rest = {key: one.get(key, 0) - other.get(key, 0) for key in keys}
    return {key: fen for key, fen in rest.items() if fen}
