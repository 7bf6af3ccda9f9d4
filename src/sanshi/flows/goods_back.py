"""Goods that came back: funders get their part, the loan the refund, the buyer what is left.

How the shop's money came, over the rail or off what it is owed, is for the caller to say.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sanshi.benefit.given import funded_json
from sanshi.flows.loans import LoanFile, booked
from sanshi.flows.orders import loan_order
from sanshi.flows.redeeming import taken_back
from sanshi.flows.subsidies import room_given_back
from sanshi.flows.world import World
from sanshi.kernel.effects import Effects, Event, Json
from sanshi.loan.fold import fold
from sanshi.loan.subsidy import agreement_of, to_withdraw


@dataclass(frozen=True, slots=True)
class Refund:
    """A refund: what the loan's event says of it, the goods by their price tag, and the day."""

    data: Mapping[str, Json]
    returned_fen: int
    value_date: date


def purchase_of(loan: LoanFile) -> dict[str, Any]:
    """Return what was bought and what lowered its price, as agreed at signing."""
    return dict(loan.events[0].data)


def goods_came_back(world: World, loan: LoanFile, refund: Refund) -> Effects:
    """Return all that follows from a refund that is there."""
    today = world.clock.business_date()
    state = loan.on(max(refund.value_date, today))
    bought = purchase_of(loan)
    kept_fen = bought["price_fen"] - state.goods_returned_fen
    withdrawn, effects = _withdrawn(world, loan, refund, bought["price_fen"])
    total_fen = state.goods_returned_fen + refund.returned_fen
    data = {**refund.data, "goods_returned_fen": total_fen}
    event = repayment(world, loan, data, refund.value_date, before=withdrawn)
    events = (*withdrawn, event)
    after = fold(loan.terms, (*loan.events, *events), max(refund.value_date, today))
    effects = effects + booked(world, loan, events)
    effects = effects + taken_back(world, loan.row, refund.returned_fen, kept_fen)
    if event.stage == "settled" and after.credit_fen:
        _, order = loan_order(world, loan, "refund", after.credit_fen, "credit")
        effects = effects + order
    return effects


def repayment(
    world: World,
    loan: LoanFile,
    data: Mapping[str, Json],
    value_date: date,
    before: tuple[Event, ...] = (),
) -> Event:
    """Return the repayment, at the stage it leads to: it may settle the loan."""
    today = world.clock.business_date()
    at = loan.at.after(len(before))
    trial = at.step(
        "repaid", value_date=value_date, booking_date=today, data=data, to=loan.at.stage
    )
    state = fold(loan.terms, (*loan.events, *before, trial), max(value_date, today))
    to = "settled" if state.is_paid_off else "active"
    return at.step("repaid", value_date=value_date, booking_date=today, data=data, to=to)


def _withdrawn(
    world: World, loan: LoanFile, refund: Refund, price_fen: int
) -> tuple[tuple[Event, ...], Effects]:
    """Return the event that withdraws subsidies on returned goods, and the room it frees."""
    state = loan.on(max(refund.value_date, world.clock.business_date()))
    back = to_withdraw(state, refund.returned_fen, price_fen)
    agreement = agreement_of(loan.events)
    if not back or agreement is None or loan.at.stage not in {"active", "settled"}:
        return (), Effects()
    amount_fen = sum(fen for _, fen in back)
    event = loan.at.step(
        "subsidy_withdrawn",
        value_date=refund.value_date,
        booking_date=world.clock.business_date(),
        data={"amount_fen": amount_fen, "funded": funded_json(back)},
    )
    person_id = loan.row["person_id"]
    room = room_given_back(world, person_id, agreement, loan.loan_id, amount_fen)
    return (event,), room
