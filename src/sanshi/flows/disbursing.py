"""Disburse 放款: checked once more, ordered to the merchant (entrusted payment 受托支付)."""

from __future__ import annotations

from typing import Any

from sanshi.flows.certify_again import Moment, certified_again
from sanshi.flows.loans import LoanFile, booked, open_file
from sanshi.flows.orders import ordered
from sanshi.flows.papers import read_paper
from sanshi.flows.people import must_be_entity
from sanshi.flows.world import Actor, Command, Decided, Flow, World
from sanshi.kernel.errors import NotFoundError
from sanshi.ports import Record


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
    payment_id, order = ordered(world, loan, "pay", amount_fen, "disburse")
    event = loan.at.step(
        "ordered",
        value_date=day,
        booking_date=day,
        data={"amount_fen": amount_fen, "payment_id": payment_id},
    )
    return Decided(
        {"ordered": True, "payment_id": payment_id}, order + booked(world, loan, (event,))
    )


def application_of(world: World, loan: LoanFile) -> tuple[Record, dict[str, Any]]:
    """Return the application behind a loan, and what was asked in it."""
    contract = world.store.row("contract", contract_id=loan.row["contract_id"])
    if contract is None:
        raise NotFoundError("contract.unknown", "The loan's contract is gone.")
    application = world.store.row("application", application_id=contract["application_id"])
    if application is None:
        raise NotFoundError("application.unknown", "The contract's application is gone.")
    asked: dict[str, Any] = read_paper(world, application["document_id"]).content
    return application, asked


DISBURSE = Flow(
    "order_disbursement", frozenset({"servicing", "system"}), OrderDisbursement, _decide
)
