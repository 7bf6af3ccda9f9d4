"""Return goods 退货: the shop pays back what the buyer paid, and the loan shrinks or ends.

Benefits go back to those who funded them in the same proportion.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import Field

from sanshi.flows.goods_back import Refund, goods_came_back, purchase_of
from sanshi.flows.leaving import nothing_under_way
from sanshi.flows.loans import LoanFile, open_file
from sanshi.flows.orders import GOODS_RETURN, loan_order
from sanshi.flows.payables import Source, netted_in, refund_line
from sanshi.flows.people import must_be_entity
from sanshi.flows.redeeming import refund_fen
from sanshi.flows.world import Actor, Command, Decided, Flow, World
from sanshi.kernel.errors import ConflictError, ForbiddenError, InputError
from sanshi.kernel.money import MAX_FEN
from sanshi.loan.state import MERCHANT_PAYABLE


class ReturnGoods(Command):
    """The loan that paid for the goods, and the price tag of what came back (all, if left out)."""

    loan_id: str
    price_fen: Annotated[int, Field(ge=1, le=MAX_FEN)] | None = None


class ReturnCredit(Command):
    """The loan on which the customer has money left over."""

    loan_id: str


def _decide(world: World, actor: Actor, command: ReturnGoods) -> Decided:
    loan = open_file(world, command.loan_id)
    if actor.role == "merchant" and actor.entity != loan.row["merchant"]:
        raise ForbiddenError("access.other_entity", "This was not sold by this shop.")
    must_be_entity(actor, loan.at.entity)
    if loan.at.stage in {"written_off", "transferred"}:
        raise ConflictError(
            "return.by_hand",
            "The lender's books on this purchase are closed; a return of goods is agreed by hand.",
            field="loan_id",
            fix="Ask the lender how the refund is to be paid.",
        )
    if loan.at.stage not in {"active", "settled"}:
        raise ConflictError(
            "loan.not_active",
            f"The loan is {loan.at.stage}; nothing was paid to the shop that could come back.",
            field="loan_id",
        )
    bought = purchase_of(loan)
    before_fen = loan.on(world.clock.business_date()).goods_returned_fen
    left_fen = bought["price_fen"] - before_fen
    returned_fen = left_fen if command.price_fen is None else command.price_fen
    if not 0 < returned_fen <= left_fen:
        raise InputError(
            "return.too_much",
            f"Goods of {left_fen} fen by their price tag are left to return, "
            f"not {returned_fen} fen.",
            field="price_fen",
            fix=f"Send at most {left_fen}, or leave it out for all." if left_fen else "Stop here.",
        )
    amount_fen = refund_fen(bought["price_fen"], bought["net_price_fen"], before_fen, returned_fen)
    if amount_fen == 0:
        raise InputError(
            "return.nothing",
            "By its share of what was paid, this comes to nothing.",
            field="price_fen",
            fix="Return more at once.",
        )
    batch_on = netted_in(loan)
    if batch_on is not None:
        return _netted(world, loan, amount_fen, returned_fen, batch_on)
    payment_id, order = loan_order(
        world, loan, "collect", amount_fen, GOODS_RETURN, returned_fen=returned_fen
    )
    answer = {"payment_id": payment_id, "refund_fen": amount_fen, "returned_fen": returned_fen}
    return Decided(answer, order)


def _netted(
    world: World, loan: LoanFile, amount_fen: int, returned_fen: int, batch_on: date
) -> Decided:
    """Refund at once what a later batch takes off what the shop is owed."""
    free = nothing_under_way(world, loan)
    line_id, merchant = world.ids.new("sl"), loan.row["merchant"]
    data = {
        "purpose": GOODS_RETURN,
        "amount_fen": amount_fen,
        "returned_fen": returned_fen,
        "line_id": line_id,
        "through": MERCHANT_PAYABLE,
        "merchant": merchant,
    }
    day = world.clock.business_date()
    back = goods_came_back(world, loan, Refund(data, returned_fen, day))
    number = next(event.version for event in back.events if event.kind == "repaid")
    source = Source(loan.at.entity, merchant, loan.loan_id, number)
    line = refund_line(world, source, line_id, amount_fen, batch_on)
    answer = {"payment_id": None, "refund_fen": amount_fen, "returned_fen": returned_fen}
    return Decided({**answer, "line_id": line_id}, free + back + line)


def _return_credit(world: World, actor: Actor, command: ReturnCredit) -> Decided:
    loan = open_file(world, command.loan_id)
    if actor.role == "consumer" and actor.person_id != loan.row["person_id"]:
        raise ForbiddenError("access.not_yours", "This belongs to someone else.", field="loan_id")
    must_be_entity(actor, loan.at.entity)
    state = loan.on(world.clock.business_date())
    if loan.at.stage not in {"settled", "written_off"} or state.credit_fen == 0:
        return Decided({"payment_id": None, "amount_fen": 0})
    payment_id, order = loan_order(world, loan, "refund", state.credit_fen, "credit")
    return Decided({"payment_id": payment_id, "amount_fen": state.credit_fen}, order)


RETURN_GOODS = Flow(
    "return_goods", frozenset({"merchant", "servicing", "system"}), ReturnGoods, _decide
)
RETURN_CREDIT = Flow(
    "return_credit", frozenset({"consumer", "servicing", "system"}), ReturnCredit, _return_credit
)
