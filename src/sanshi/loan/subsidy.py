"""What a loan's interest has earned of a subsidy: pass one, before any cap that spans loans."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from sanshi.benefit.given import Funded, in_proportion
from sanshi.benefit.interest import Agreement
from sanshi.kernel.effects import Event
from sanshi.kernel.schedules import NO_INTEREST, Interest
from sanshi.loan.state import Due, LoanState


@dataclass(frozen=True, slots=True)
class Earned:
    """What one instalment earned, and when: grants are made in this order."""

    value_date: date
    loan_id: str
    number: int
    amount_fen: int


def agreement_of(events: Iterable[Event]) -> Agreement | None:
    """Return what was agreed when the money was spent, or None if nothing may be earned."""
    for event in events:
        if event.kind == "disbursed" and event.data.get("subsidy"):
            return Agreement.from_json(event.data["subsidy"])
    return None


def earned(
    loan_id: str, agreement: Agreement, state: LoanState, on: Callable[[date], LoanState]
) -> tuple[Earned, ...]:
    """Return what each instalment that fell due has earned and was not decided yet.

    `on` gives the loan's state on another day. A loan that has left the books earns nothing.
    """
    if state.left is not None:
        return ()
    found = (
        Earned(
            due.due_date,
            loan_id,
            due.number,
            agreement.earned_fen(_counted(agreement, due, state, on)),
        )
        for due in state.due
        if due.number not in state.granted
    )
    return tuple(one for one in found if one.amount_fen)


def _counted(
    agreement: Agreement, due: Due, state: LoanState, on: Callable[[date], LoanState]
) -> Interest:
    """Return the interest of a period up to and including the subsidy's last day.

    What came from instalments for which a subsidy has been decided counts no more.
    """
    if agreement.last_day == date.max or due.due_date <= agreement.last_day + timedelta(days=1):
        return _own(Interest(due.interest_fen, 1), due.number, state)
    then = on(agreement.last_day + timedelta(days=1))
    running = bool(then.ahead) and then.ahead[0].number == due.number
    return _own(then.running_interest, due.number, then) if running else NO_INTEREST


def _own(interest: Interest, number: int, state: LoanState) -> Interest:
    """Take off an instalment's interest what came to it from others."""
    moved_fen = dict(state.counted).get(number, 0)
    own = interest.numerator - moved_fen * interest.denominator
    return Interest(max(own, 0), interest.denominator)


def to_withdraw(state: LoanState, returned_fen: int, price_fen: int) -> Funded:
    """Return what each funder gets back when goods of `returned_fen` go back to the shop.

    `price_fen` is the price of all goods; what was given for the part still kept stays.
    """
    kept_fen = price_fen - state.goods_returned_fen
    return in_proportion(state.subsidies, returned_fen, kept_fen)
