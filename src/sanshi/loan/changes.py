"""What changes the terms of a running loan: rate, due day, term, grace, pause, re-age, restructure.

Each is one event, whose data say what is new; what is ahead is scheduled anew from its value date.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from sanshi.kernel.dates import add_months
from sanshi.kernel.effects import Event
from sanshi.kernel.errors import ImpossibleError
from sanshi.kernel.schedules import Interest
from sanshi.loan.paying import use_credit
from sanshi.loan.recast import monthly_from, recast, taken_back
from sanshi.loan.state import Due, LoanState
from sanshi.quote.terms import LoanTerms


def number(event: Event, name: str, low: int = 0) -> int:
    """Return a whole number of an event's data."""
    value = event.data[name]
    if not isinstance(value, int) or isinstance(value, bool) or value < low:
        raise ImpossibleError("loan.event_value", f"{name} of {event.kind} is {value!r}.")
    return value


def rate_changed(state: LoanState, event: Event) -> LoanState:
    """利率调整: today's interest is the first at the new rate."""
    terms = replace(state.terms, rate_ppm=number(event, "rate_ppm"))
    return recast(state, terms=terms) if state.ahead else replace(state, terms=terms)


def due_day_changed(state: LoanState, event: Event) -> LoanState:
    """变更还款日: as many instalments as before, on another day of the month."""
    _must_be_ahead(state)
    due_day = number(event, "due_day", 1)
    first = state.ahead[0].due_date.replace(day=1)
    dues = monthly_from(state, first, len(state.ahead), due_day)
    return recast(state, terms=replace(state.terms, due_day=due_day), dues=dues)


def extended(state: LoanState, event: Event) -> LoanState:
    """展期: so many monthly instalments more, and lower ones."""
    _must_be_ahead(state)
    last, count = state.ahead[-1].due_date, number(event, "instalments", 1)
    more = tuple(add_months(last, k, anchor_day=state.anchor_day) for k in range(1, count + 1))
    dues = (*(row.due_date for row in state.ahead), *more)
    terms = replace(state.terms, term_months=state.terms.term_months + count)
    return _easier(recast(state, terms=terms, dues=dues))


def grace_given(state: LoanState, event: Event) -> LoanState:
    """宽限: the next so many instalments pay interest only; the last one cannot."""
    _must_be_ahead(state)
    lines = state.ahead[0].number - 1 + number(event, "instalments", 1)
    return _easier(recast(state, terms=replace(state.terms, grace_lines=lines)))


def paused(state: LoanState, event: Event) -> LoanState:
    """Hardship pause 延期还款: all that is ahead falls due so many months later.

    With `waive`, no interest is earned until the pause is over; else it comes with the first
    instalment after it, and bears no interest.
    """
    _must_be_ahead(state)
    months = number(event, "months", 1)
    anchor = state.anchor_day
    dues = tuple(add_months(row.due_date, months, anchor_day=anchor) for row in state.ahead)
    free = state.free
    if event.data.get("waive"):
        free = (*free, (state.as_of, add_months(state.as_of, months)))
    return _easier(recast(state, dues=dues, free=free))


def reaged(state: LoanState, event: Event) -> LoanState:
    """Re-age: what is overdue becomes part of what is ahead.

    Overdue interest comes with the next instalment and bears no interest; penalty stays due
    unless `waive_penalty`.
    """
    return _spread(state, event, state.terms)


def restructured(state: LoanState, event: Event) -> LoanState:
    """重组: new rate, method, due day and number of instalments for all that is owed."""
    terms = replace(
        state.terms,
        rate_ppm=_or(event, "rate_ppm", state.terms.rate_ppm),
        method=event.data.get("method", state.terms.method),
        due_day=_or(event, "due_day", state.terms.due_day or state.anchor_day),
        grace_lines=0,
        balloon_fen=0,
    )
    return _spread(state, event, terms)


def _or(event: Event, name: str, usual: int) -> int:
    return number(event, name) if name in event.data else usual


def _spread(state: LoanState, event: Event, terms: LoanTerms) -> LoanState:
    """Spread all that is owed over so many monthly instalments from today, on these terms."""
    cleared, principal_fen, interest_fen = taken_back(state)
    cleared = replace(cleared, counted=_counted(state))
    if event.data.get("waive_penalty"):
        cleared = cleared.with_live(tuple(_forgiven(due) for due in cleared.live_due))
    due_day = terms.due_day or state.anchor_day
    count = _or(event, "instalments", len(state.ahead))
    dues = monthly_from(cleared, state.as_of, count, due_day)
    changed = recast(
        cleared,
        terms=replace(terms, due_day=due_day, term_months=len(state.due) + count),
        dues=dues,
        principal_fen=state.principal_ahead_fen + principal_fen,
        more_interest=Interest(interest_fen, 1),
    )
    return _easier(changed)


def _counted(state: LoanState) -> tuple[tuple[int, int], ...]:
    """Return what of each instalment's interest counts no more towards a subsidy.

    Overdue interest comes with the next instalment; where a subsidy was decided on it, it would
    earn that a second time.
    """
    counted = dict(state.counted)
    moved_fen = 0
    for due in state.live_due:
        if due.number in state.granted:
            moved_fen += due.interest_open_fen
        else:
            of_it_fen = min(counted.get(due.number, 0), due.interest_open_fen)
            counted[due.number] = counted.get(due.number, 0) - of_it_fen
            moved_fen += of_it_fen
    following = state.ahead[0].number if state.ahead else len(state.due) + 1
    counted[following] = counted.get(following, 0) + moved_fen
    return tuple(pair for pair in sorted(counted.items()) if pair[1])


def waived(state: LoanState, event: Event) -> LoanState:
    """减免: forgive so much penalty and interest of what is due, the oldest first."""
    penalty_fen, interest_fen = _or(event, "penalty_fen", 0), _or(event, "interest_fen", 0)
    live = []
    for due in state.live_due:
        penalty = min(penalty_fen, due.penalty_open_fen)
        interest = min(interest_fen, due.interest_open_fen)
        penalty_fen, interest_fen = penalty_fen - penalty, interest_fen - interest
        live.append(
            replace(
                due,
                penalty_waived_fen=due.penalty_waived_fen + penalty,
                interest_fen=due.interest_fen - interest,
            )
        )
    if penalty_fen or interest_fen:
        raise ImpossibleError(
            "loan.waived_too_much",
            f"{penalty_fen} fen of penalty and {interest_fen} of interest are not owed.",
        )
    return use_credit(state.with_live(tuple(live)))


def _forgiven(due: Due) -> Due:
    return replace(due, penalty_waived_fen=due.penalty_waived_fen + due.penalty_open_fen)


def _easier(state: LoanState) -> LoanState:
    return replace(state, changed_on=state.as_of)


def _must_be_ahead(state: LoanState) -> None:
    if not state.ahead:
        raise ImpossibleError("loan.nothing_ahead", "All of this loan has fallen due already.")


CHANGES: Mapping[str, Callable[[LoanState, Event], LoanState]] = {
    "rate_changed": rate_changed,
    "due_day_changed": due_day_changed,
    "extended": extended,
    "grace_given": grace_given,
    "paused": paused,
    "reaged": reaged,
    "restructured": restructured,
    "waived": waived,
}
"""Event kind → what it does to a loan that stands on the event's value date."""
