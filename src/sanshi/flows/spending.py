"""The money is spent 放款: this day's rules say what interest may earn, and benefits are used.

The same whether the rail paid the shop or the lender owes it from now on.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sanshi.flows.certify_again import agreed_subsidy
from sanshi.flows.goods_back import purchase_of
from sanshi.flows.loans import LoanFile, booked
from sanshi.flows.orders import GOODS_RETURN
from sanshi.flows.redeeming import given
from sanshi.flows.world import World
from sanshi.kernel.effects import Effects, Event, Json


@dataclass(frozen=True, slots=True)
class Spent:
    """What was spent on goods, and how.

    `data` is what events say of the payment. `withheld_fen`, of goods of `left_fen` by their
    price tags, was not paid: these were never handed over.
    """

    amount_fen: int
    value_date: date
    data: Mapping[str, Json]
    withheld_fen: int = 0
    left_fen: int = 0


def money_spent(world: World, loan: LoanFile, spent: Spent) -> Effects:
    """Return all that follows from money that was spent on the buyer's behalf."""
    about: dict[str, Json] = {}
    if spent.withheld_fen:
        about = {"withheld_price_fen": spent.left_fen, "withheld_fen": spent.withheld_fen}
    paid = loan.at.step(
        "disbursed",
        value_date=spent.value_date,
        booking_date=world.clock.business_date(),
        data={
            **spent.data,
            **about,
            "subsidy": agreed_subsidy(world, loan, spent.value_date, spent.amount_fen),
            "amount_fen": spent.amount_fen + spent.withheld_fen,
        },
    )
    events = (paid, *_withheld(world, loan, spent))
    bought = purchase_of(loan)
    stack, price_fen = bought.get("benefits"), bought.get("price_fen", 0)
    used = given(world, loan.row, stack, spent.left_fen, price_fen) if stack else Effects()
    return booked(world, loan, events) + used


def _withheld(world: World, loan: LoanFile, spent: Spent) -> tuple[Event, ...]:
    """What the shop kept back counts as goods that came back at once: the loan is that smaller."""
    if not spent.withheld_fen:
        return ()
    event = loan.at.after(1, "active").step(
        "repaid",
        value_date=spent.value_date,
        booking_date=world.clock.business_date(),
        data={
            **spent.data,
            "purpose": GOODS_RETURN,
            "amount_fen": spent.withheld_fen,
            "goods_returned_fen": spent.left_fen,
        },
        to="active",
    )
    return (event,)
