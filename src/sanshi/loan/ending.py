"""How a loan leaves the books: written off 核销, with the right to recover kept, or sold 转让."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

from sanshi.kernel.effects import Event
from sanshi.kernel.errors import ImpossibleError
from sanshi.loan.changes import number
from sanshi.loan.paying import called_in, settle, use_credit
from sanshi.loan.state import Left, LoanState


def written_off(state: LoanState, _event: Event) -> LoanState:
    """核销: all that is owed is called in and leaves the books; it is still owed 账销案存."""
    return _left(state, "written_off", 0)


def transferred(state: LoanState, event: Event) -> LoanState:
    """转让: the loan is somebody else's from today, for a price."""
    buyer = str(event.data.get("buyer", ""))
    return _left(state, "transferred", number(event, "price_fen"), buyer)


def _left(
    state: LoanState,
    how: Literal["written_off", "transferred"],
    price_fen: int,
    buyer: str = "",
) -> LoanState:
    if state.left is not None or not state.disbursed_fen:
        raise ImpossibleError("loan.not_on_the_books", "The loan does not stand in the books.")
    ended = use_credit(called_in(state))
    live = ended.live_due
    left = Left(
        how,
        on=state.as_of,
        buyer=buyer,
        principal_fen=sum(due.principal_open_fen for due in live),
        interest_fen=sum(due.interest_open_fen for due in live),
        penalty_fen=sum(due.penalty_open_fen for due in live),
        price_fen=price_fen,
    )
    return replace(ended, left=left)


def recovered(state: LoanState, event: Event) -> LoanState:
    """收回已核销款项: money that still came in; `beyond_fen` of it was not owed any more.

    If the write-off has been undone since, the loan never left: the money pays it like any other,
    and ends it if it reaches that far.
    """
    amount_fen = number(event, "amount_fen", 1)
    received = replace(state, received_fen=state.received_fen + amount_fen)
    if state.left is None:
        paid = use_credit(received)
        return settle(paid) if paid.credit_fen >= paid.payoff_fen else paid
    if state.left.how != "written_off":
        raise ImpossibleError("loan.not_written_off", "Only what was written off is recovered.")
    total_fen = state.left.recovered_fen + amount_fen - _or_nothing(event, "beyond_fen")
    if total_fen > state.left.total_fen:
        raise ImpossibleError(
            "loan.recovered_too_much", f"{total_fen} fen of {state.left.total_fen} written off."
        )
    return replace(received, left=replace(state.left, recovered_fen=total_fen))


def price_paid(state: LoanState, event: Event) -> LoanState:
    """收到转让价款: the buyer has paid so much of the price."""
    if state.left is None or state.left.how != "transferred":
        raise ImpossibleError("loan.not_sold", "Only for what was sold is a price paid.")
    paid_fen = state.left.paid_fen + number(event, "amount_fen", 1)
    if paid_fen > state.left.price_fen:
        raise ImpossibleError(
            "loan.price_paid_too_much", f"{paid_fen} fen of a price of {state.left.price_fen}."
        )
    return replace(state, left=replace(state.left, paid_fen=paid_fen))


def _or_nothing(event: Event, name: str) -> int:
    return number(event, name) if name in event.data else 0
