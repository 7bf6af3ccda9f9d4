"""Transfer 转让: two people sell a loan; two people record what the buyer pays for it.

Everything that is owed goes over to the buyer for a price; what differs is the result of the sale.
Interest subsidies that were granted until then, and claims for them, stay with the seller. The
price comes by the bank, not over the rail: it is recorded from the bank's statement.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Annotated

from pydantic import Field

from sanshi.flows.leaving import Name, Text, leave, must_run, nothing_under_way, sums, told
from sanshi.flows.loans import LoanFile, booked, open_file
from sanshi.flows.people import must_be_entity
from sanshi.flows.world import Actor, Command, Decided, Flow, Role, World
from sanshi.kernel.effects import Json
from sanshi.kernel.errors import ConflictError, InputError
from sanshi.kernel.money import MAX_FEN
from sanshi.loan.state import Left

PAPER = "transfer_notice"
"""Kind of the paper that tells the customer whose their loan is; its subject is the loan."""


class TransferLoan(Command):
    """Which loan, to whom, for what price, and why."""

    loan_id: str
    buyer: Name
    price_fen: Annotated[int, Field(ge=0, le=MAX_FEN)]
    reason: Text


class RecordTransferPrice(Command):
    """What the buyer of a loan has paid, on which day, and the bank's reference of that payment."""

    loan_id: str
    amount_fen: Annotated[int, Field(ge=1, le=MAX_FEN)]
    received_on: Annotated[date, Field(strict=False)]
    reference: Text


def _transfer(world: World, actor: Actor, command: TransferLoan) -> Decided:
    loan = open_file(world, command.loan_id)
    must_run(actor, loan)
    free = nothing_under_way(world, loan)
    said: dict[str, Json] = {
        "buyer": command.buyer,
        "price_fen": command.price_fen,
        "by": actor.actor_id,
        "reason": command.reason,
    }
    event, left = leave(world, loan, "transferred", said)
    notice = {"buyer": left.buyer, "transferred_on": left.on.isoformat(), **sums(left)}
    paper = told(world, loan, PAPER, notice)
    data = {**event.data, **sums(left), "document_id": paper.document_id}
    answer: dict[str, Json] = {
        "loan_id": loan.loan_id,
        "version": event.version,
        "stage": event.stage,
        "document_id": paper.document_id,
        "price_fen": left.price_fen,
        "loss_fen": left.total_fen - left.price_fen,
        **notice,
    }
    return Decided(answer, booked(world, loan, (replace(event, data=data),)) + paper.effects + free)


def _record(world: World, actor: Actor, command: RecordTransferPrice) -> Decided:
    loan = open_file(world, command.loan_id)
    must_be_entity(actor, loan.at.entity)
    today = world.clock.business_date()
    left = loan.on(today).left
    if loan.at.stage != "transferred" or left is None:
        raise ConflictError(
            "loan.not_sold",
            f"The loan is {loan.at.stage}; no price is due for it.",
            field="loan_id",
        )
    _check(loan, left, command, today)
    event = loan.at.step(
        "price_paid",
        value_date=command.received_on,
        booking_date=today,
        data={
            "amount_fen": command.amount_fen,
            "reference": command.reference,
            "by": actor.actor_id,
        },
    )
    open_fen = left.price_fen - left.paid_fen - command.amount_fen
    answer = {"loan_id": loan.loan_id, "version": event.version, "open_fen": open_fen}
    return Decided(answer, booked(world, loan, (event,)))


def _check(loan: LoanFile, left: Left, command: RecordTransferPrice, today: date) -> None:
    if not left.on <= command.received_on <= today:
        raise InputError(
            "transfer.received_on",
            f"{command.received_on} is outside {left.on}..{today}.",
            field="received_on",
            fix=f"Give the bank's day, from {left.on} to {today}.",
        )
    open_fen = left.price_fen - left.paid_fen
    if command.amount_fen > open_fen:
        raise InputError(
            "transfer.too_much",
            f"{command.amount_fen} fen is more than the {open_fen} fen of the price still open.",
            field="amount_fen",
            fix=f"Record at most {open_fen}; anything beyond belongs elsewhere.",
        )
    known = {event.data["reference"] for event in loan.events if event.kind == "price_paid"}
    if command.reference in known:
        raise ConflictError(
            "transfer.recorded",
            f"The payment {command.reference} has been recorded already.",
            field="reference",
        )


_WHO: frozenset[Role] = frozenset({"servicing"})
TRANSFER = Flow("transfer_loan", _WHO, TransferLoan, _transfer)
RECORD_PRICE = Flow("record_transfer_price", _WHO, RecordTransferPrice, _record)
