"""How the customer's money is used: what is due, then ahead of time, then the end of the loan."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

from sanshi.kernel.errors import ImpossibleError
from sanshi.kernel.schedules import NO_INTEREST
from sanshi.loan.recast import recast
from sanshi.loan.state import Due, LoanState
from sanshi.quote.terms import Allocation, Owed


def use_credit(state: LoanState) -> LoanState:
    """Pay what is due from the customer's credit, in the order that was agreed."""
    credit_fen = state.credit_fen
    live = list(state.live_due)
    if not live or not credit_fen or state.left is not None:
        return state
    for index, owed in _turns(state.terms.allocation(state.days_past_due), len(live)):
        if not credit_fen:
            break
        live[index], credit_fen = _paid(live[index], owed, credit_fen)
    return state.with_live(tuple(live))


def _turns(allocation: Allocation, count: int) -> list[tuple[int, Owed]]:
    if allocation.by == "due":
        return list(product(range(count), allocation.order))
    return [(index, owed) for owed, index in product(allocation.order, range(count))]


def _paid(due: Due, owed: Owed, credit_fen: int) -> tuple[Due, int]:
    match owed:
        case "penalty":
            fen = min(credit_fen, due.penalty_open_fen)
            changed = replace(due, penalty_paid_fen=due.penalty_paid_fen + fen) if fen else due
        case "interest":
            fen = min(credit_fen, due.interest_open_fen)
            changed = replace(due, interest_paid_fen=due.interest_paid_fen + fen) if fen else due
        case "principal":
            fen = min(credit_fen, due.principal_open_fen)
            changed = replace(due, principal_paid_fen=due.principal_paid_fen + fen) if fen else due
    return changed, credit_fen - fen


def settle(state: LoanState) -> LoanState:
    """End the running period today: its interest and all principal ahead fall due and are paid."""
    if not state.ahead:
        return state
    return use_credit(called_in(state))


def called_in(state: LoanState) -> LoanState:
    """Make the interest of the running period and all principal ahead due today."""
    if not state.ahead:
        return state
    last = Due(
        number=state.ahead[0].number,
        due_date=state.as_of,
        principal_fen=state.principal_ahead_fen,
        interest_fen=state.running_interest.rounded(state.terms.rounding),
    )
    ended = replace(state, ahead=(), accrued=NO_INTEREST)
    return ended.with_live((*state.live_due, last))


def prepay(state: LoanState, *, keep_level: bool) -> LoanState:
    """Use the credit on principal ahead and schedule the rest anew.

    Credit that would leave interest but no principal stays credit until the due date: whoever
    means to end the loan settles it.
    """
    amount_fen = state.credit_fen
    if not 0 < amount_fen < state.principal_ahead_fen:
        return state
    rest = recast(
        state,
        principal_fen=state.principal_ahead_fen - amount_fen,
        level_fen=level_fen(state) if keep_level else None,
    )
    return replace(rest, prepaid_fen=state.prepaid_fen + amount_fen)


def level_fen(state: LoanState) -> int | None:
    """Return what the next instalment after any grace keeps level: the payment or the principal."""
    grace = max(state.terms.grace_lines - state.ahead[0].number + 1, 0)
    row = state.ahead[min(grace, len(state.ahead) - 1)]
    match state.terms.method:
        case "equal_instalment" | "balloon":
            return row.payment_fen or None
        case "equal_principal" | "flat":
            return row.principal_fen or None
        case _:
            return None


def returned(state: LoanState, goods_returned_fen: int) -> LoanState:
    """Use a shop's refund: it ends the loan if it reaches that far, else it lowers the rest.

    One that covers all principal but not the days of interest before it leaves these due today:
    nothing is lent any more, so nothing more is earned.
    """
    if goods_returned_fen < state.goods_returned_fen:
        raise ImpossibleError(
            "loan.goods_returned", f"{goods_returned_fen} fen of goods came back in all, not less."
        )
    back = replace(state, goods_returned_fen=goods_returned_fen)
    if back.credit_fen >= back.principal_ahead_fen:
        return settle(back)
    return prepay(back, keep_level=False)
