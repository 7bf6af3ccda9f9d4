"""Disburse 放款: checked once more, ordered to the merchant (entrusted payment 受托支付)."""

from __future__ import annotations

from sanshi.flows.certify_again import Moment, application_of, certified_again
from sanshi.flows.loans import booked, open_file
from sanshi.flows.orders import loan_order
from sanshi.flows.people import must_be_entity
from sanshi.flows.world import Actor, Command, Decided, Flow, World


class OrderDisbursement(Command):
    """The signed loan whose money is to go out."""

    loan_id: str


def _decide(world: World, actor: Actor, command: OrderDisbursement) -> Decided:
    loan = open_file(world, command.loan_id)
    must_be_entity(actor, loan.at.entity)
    application, asked = application_of(world, loan)
    amount_fen = loan.terms.principal_fen
    signed_on = loan.events[0].value_date
    moment = Moment("disburse", signed_on=signed_on, own_fen=amount_fen)
    certificate = certified_again(world, application, asked, moment)
    if not certificate.lawful:
        return Decided({"ordered": False, "certificate": certificate.as_json()})
    day = world.clock.business_date()
    payment_id, order = loan_order(world, loan, "pay", amount_fen, "disburse")
    event = loan.at.step(
        "ordered",
        value_date=day,
        booking_date=day,
        data={"amount_fen": amount_fen, "payment_id": payment_id},
    )
    return Decided(
        {"ordered": True, "payment_id": payment_id}, order + booked(world, loan, (event,))
    )


DISBURSE = Flow(
    "order_disbursement", frozenset({"servicing", "system"}), OrderDisbursement, _decide
)
