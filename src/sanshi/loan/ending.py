"""How a loan leaves the books: written off 核销, with the right to recover kept, or sold 转让."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

from sanshi.kernel.effects import Event
from sanshi.kernel.errors import ImpossibleError
from sanshi.loan.changes import number
from sanshi.loan.paying import called_in, use_credit
from sanshi.loan.state import Left, LoanState


def written_off(state: LoanState, _event: Event) -> LoanState:
    """核销: all that is owed is called in and leaves the books; it is still owed 账销案存."""
    return _left(state, "written_off", 0)


def transferred(state: LoanState, event: Event) -> LoanState:
    """转让: the loan is somebody else's from today, for a price."""
    return _left(state, "transferred", number(event, "price_fen"))


def _left(
    state: LoanState, how: Literal["written_off", "transferred"], price_fen: int
) -> LoanState:
    if state.left is not None or not state.disbursed_fen:
        raise ImpossibleError("loan.not_on_the_books", "The loan does not stand in the books.")
    ended = use_credit(called_in(state))
    live = ended.live_due
    left = Left(
        how,
        principal_fen=sum(due.principal_open_fen for due in live),
        interest_fen=sum(due.interest_open_fen for due in live),
        penalty_fen=sum(due.penalty_open_fen for due in live),
        price_fen=price_fen,
    )
    return replace(ended, left=left)


def recovered(state: LoanState, event: Event) -> LoanState:
    """收回已核销贷款: money that still came in."""
    if state.left is None or state.left.how != "written_off":
        raise ImpossibleError("loan.not_written_off", "Only what was written off is recovered.")
    amount_fen = number(event, "amount_fen", 1)
    total_fen = state.left.recovered_fen + amount_fen
    if total_fen > state.left.total_fen:
        raise ImpossibleError(
            "loan.recovered_too_much", f"{total_fen} fen of {state.left.total_fen} written off."
        )
    return replace(
        state,
        received_fen=state.received_fen + amount_fen,
        left=replace(state.left, recovered_fen=total_fen),
    )
