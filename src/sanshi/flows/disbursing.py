"""Disburse 放款: checked once more, ordered to the merchant (entrusted payment 受托支付)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from sanshi.catalogue.products import SettlementAgreement
from sanshi.flows.certify_again import Moment, application_of, certified_again
from sanshi.flows.goods_back import purchase_of
from sanshi.flows.loans import LoanFile, booked, open_file
from sanshi.flows.orders import loan_order
from sanshi.flows.payables import Source, agreement_of, capture_lines, told_of_capture
from sanshi.flows.people import must_be_entity
from sanshi.flows.redeeming import refund_fen
from sanshi.flows.spending import Spent, money_spent
from sanshi.flows.world import Actor, Command, Decided, Flow, World
from sanshi.kernel.effects import Json
from sanshi.kernel.errors import ConflictError, InputError
from sanshi.life import move


class OrderDisbursement(Command):
    """The signed loan whose money is to go out."""

    loan_id: str


def _decide(world: World, actor: Actor, command: OrderDisbursement) -> Decided:
    loan = open_file(world, command.loan_id)
    must_be_entity(actor, loan.at.entity)
    return paid_out(world, loan)


def paid_out(world: World, loan: LoanFile, handed_over_fen: int | None = None) -> Decided:
    """Have the shop paid for goods of `handed_over_fen` by their price tags, or all.

    At once, or with a later batch where that was agreed with it.

    What was not handed over is withheld, and the loan treats it as goods that came back on the
    day of the payment: one rule for both, and nobody pays for what was never delivered.
    """
    day = world.clock.business_date()
    if loan.at.stage == "pending" and day > last_day(world, loan):
        raise ConflictError(
            "authorization.expired",
            f"This had to be paid out by {last_day(world, loan)}.",
            field="authorization_id",
            fix="Void it and ask the buyer to check out again.",
        )
    application, asked = application_of(world, loan)
    principal_fen = loan.terms.principal_fen
    withheld_price_fen, withheld_fen = _withheld(loan, handed_over_fen)
    moment = Moment("disburse", signed_on=loan.events[0].value_date, own_fen=principal_fen)
    certificate = certified_again(world, application, asked, moment)
    if not certificate.lawful:
        refused = {"ordered": False, "payment_id": None, "amount_fen": 0}
        return Decided({**refused, "certificate": certificate.as_json()})
    amount_fen = principal_fen - withheld_fen
    agreed = agreement_of(world, loan.row["merchant"])
    if agreed is not None:
        spent = Spent(
            amount_fen=amount_fen,
            value_date=day,
            data={"purpose": "disburse", "payment_id": None},
            withheld_fen=withheld_fen,
            left_fen=withheld_price_fen,
        )
        return _payable_later(world, loan, agreed, spent)
    about = {"withheld_price_fen": withheld_price_fen, "withheld_fen": withheld_fen}
    payment_id, order = loan_order(
        world, loan, "pay", amount_fen, "disburse", **(about if withheld_fen else {})
    )
    event = loan.at.step(
        "ordered",
        value_date=day,
        booking_date=day,
        data={"amount_fen": principal_fen, "payment_id": payment_id},
    )
    answer = {"ordered": True, "payment_id": payment_id, "amount_fen": amount_fen}
    return Decided(answer, order + booked(world, loan, (event,)))


def _payable_later(
    world: World, loan: LoanFile, agreed: SettlementAgreement, spent: Spent
) -> Decided:
    """Lend at once and owe the shop: a batch pays it, and no payment of this loan's own does."""
    # An order that is under way from before the agreement is not paid a second time.
    move("loan", loan.at.stage, "ordered")
    merchant = loan.row["merchant"]
    told = told_of_capture(agreed, merchant, spent.value_date)
    source = Source(loan.at.entity, merchant, loan.loan_id, loan.at.version + 1)
    effects = money_spent(world, loan, replace(spent, data={**spent.data, **told}))
    answer: dict[str, Json] = {
        "ordered": True,
        "payment_id": None,
        "amount_fen": spent.amount_fen,
        "settles_on": told["settles_on"],
    }
    return Decided(answer, effects + capture_lines(world, source, agreed, spent.amount_fen))


def _withheld(loan: LoanFile, handed_over_fen: int | None) -> tuple[int, int]:
    """Return what was not handed over, by its price tags and as its share of what was paid."""
    bought = purchase_of(loan)
    price_fen = bought["price_fen"]
    if handed_over_fen is None or handed_over_fen == price_fen:
        return 0, 0
    if handed_over_fen > price_fen:
        raise InputError(
            "capture.too_much",
            f"Goods of {price_fen} fen were bought, not of {handed_over_fen} fen.",
            field="price_fen",
            fix=f"Send at most {price_fen}, or leave it out for all.",
        )
    left_fen = price_fen - handed_over_fen
    withheld_fen = refund_fen(price_fen, bought["net_price_fen"], 0, left_fen)
    if withheld_fen >= loan.terms.principal_fen:
        raise InputError(
            "capture.nothing_to_lend",
            "What the buyer paid at once covers what was handed over.",
            field="price_fen",
            fix="Void the authorization, and give back what the buyer paid too much.",
        )
    return left_fen, withheld_fen


def last_day(world: World, loan: LoanFile) -> date:
    """Return the last day on which a signed loan may be paid out."""
    house = world.catalogue.lenders[loan.at.entity].house
    return loan.events[0].value_date + timedelta(days=house.authorization_days)


DISBURSE = Flow(
    "order_disbursement", frozenset({"servicing", "system"}), OrderDisbursement, _decide
)
