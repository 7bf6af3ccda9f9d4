"""Schedule the rest of a loan anew: one mechanism for everything that changes what is ahead."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from sanshi.kernel.dates import add_months
from sanshi.kernel.errors import ImpossibleError
from sanshi.kernel.schedules import Interest, Window, schedule
from sanshi.loan.state import Due, LoanState
from sanshi.quote.terms import LoanTerms

MIN_FIRST_PERIOD = timedelta(days=15)
"""No instalment falls due sooner than this after the one before, however the due day moves."""


def recast(
    state: LoanState,
    *,
    terms: LoanTerms | None = None,
    dues: tuple[date, ...] | None = None,
    principal_fen: int | None = None,
    level_fen: int | None = None,
    more_interest: Interest | None = None,
    free: tuple[tuple[date, date], ...] | None = None,
) -> LoanState:
    """Return the loan with what is ahead scheduled anew from today; what is left out stays.

    Interest of the running period up to today is carried into the next instalment.
    `more_interest` is added to it.
    """
    now = terms or state.terms
    running = _rounded_stretch(state)
    accrued = running + more_interest if more_interest else running
    spans = state.free if free is None else free
    if principal_fen is None:
        principal_fen = state.principal_ahead_fen
    dues = dues or tuple(row.due_date for row in state.ahead)
    if not dues or principal_fen <= 0:
        raise ImpossibleError(
            "loan.nothing_ahead", "Nothing is ahead that could be scheduled anew."
        )
    number = state.ahead[0].number if state.ahead else len(state.due) + 1
    rows = schedule(
        now.kernel_terms(
            state.as_of,
            dues,
            principal_fen=principal_fen,
            due_day=now.due_day or state.anchor_day,
            accrued=accrued,
            level_fen=level_fen,
            first_number=number,
            grace_lines=min(max(now.grace_lines - number + 1, 0), len(dues) - 1),
            balloon_fen=min(now.balloon_fen, principal_fen),
            windows=tuple(Window(begin, over, "waive") for begin, over in spans),
        )
    )
    return replace(state, terms=now, ahead=rows, accrued=accrued, free=spans)


def _rounded_stretch(state: LoanState) -> Interest:
    """Return the interest up to today; whole fen where each stretch is rounded by itself."""
    running = state.running_interest
    if state.terms.interest_round == "instalment":
        return running
    return Interest(running.rounded(state.terms.rounding), 1)


def monthly_from(state: LoanState, first: date, count: int, due_day: int) -> tuple[date, ...]:
    """Return `count` monthly due dates: the first due day from `first` on that is not too soon."""
    last_due = state.due[-1].due_date if state.due else state.disbursed_on or state.as_of
    begin = add_months(first, 0, anchor_day=due_day)
    while begin <= state.as_of or begin < last_due + MIN_FIRST_PERIOD:
        begin = add_months(begin, 1, anchor_day=due_day)
    return tuple(add_months(begin, k, anchor_day=due_day) for k in range(count))


def taken_back(state: LoanState) -> tuple[LoanState, int, int]:
    """Take what is overdue out of the instalments: return the loan, its principal and interest."""
    live = state.live_due
    principal_fen = sum(due.principal_open_fen for due in live)
    interest_fen = sum(due.interest_open_fen for due in live)
    cleared: tuple[Due, ...] = tuple(
        replace(
            due,
            principal_fen=due.principal_paid_fen,
            interest_fen=due.interest_paid_fen + due.subsidy_fen,
        )
        for due in live
    )
    return state.with_live(cleared), principal_fen, interest_fen
