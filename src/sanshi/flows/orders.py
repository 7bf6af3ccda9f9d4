"""Payment orders: the intent is committed first, the outbox sends it, the rail's word ends it.

At most one order of a loan or claim is under way at a time, so nobody can pay one twice.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from sanshi.flows.entities import account_of, merchant_account
from sanshi.flows.loans import LoanFile
from sanshi.flows.steps import Standing, new, today
from sanshi.flows.world import World
from sanshi.kernel.effects import Effects, Expect, Insert, Json, Message, Take
from sanshi.kernel.errors import ImpossibleError
from sanshi.kernel.money import CURRENCY
from sanshi.ports import Instruction, RailKind

SUBMIT = "rail.submit"
"""Outbox topic of instructions to the rail."""

GOODS_RETURN = "goods_return"
"""Purpose of a collection from the shop, whose goods came back."""


@dataclass(frozen=True, slots=True)
class Order:
    """A payment to be made: about what, how much, what for, and between which accounts.

    `about` is kept with the intent and says more of what it is for.
    """

    at: Standing
    kind: RailKind
    amount_fen: int
    purpose: str
    payer: str
    payee: str
    about: Mapping[str, Json] = field(default_factory=dict)


def slot(subject: str) -> str:
    """Return the counter that holds the one free place for a payment order about a subject."""
    return f"order:{subject}"


def one_payment_at_a_time(subject: str) -> Insert:
    """Return the row that gives a new loan or claim its one place."""
    return Insert("counter", {"counter": slot(subject), "remaining": 1})


def place_free_again(subject: str) -> Effects:
    """Give the place back once the rail has spoken its last word."""
    return Effects(guards=(Take(slot(subject), -1, floor=-(2**31)),))


def ordered(world: World, order: Order) -> tuple[str, Effects]:
    """Return a new payment's id and the effects that commit the intent and queue its sending."""
    if order.amount_fen <= 0:
        raise ImpossibleError(
            "payment.nothing", f"An order of {order.amount_fen} fen makes no sense."
        )
    payment_id = world.ids.new("py")
    subject = order.at.stream
    instruction = Instruction(
        instruction_id=payment_id,
        kind=order.kind,
        amount_fen=order.amount_fen,
        currency=CURRENCY,
        payer_account=order.payer,
        payee_account=order.payee,
        memo=subject,
    )
    row = Insert(
        "payment",
        {
            "payment_id": payment_id,
            "entity": order.at.entity,
            "subject": subject,
            "kind": order.kind,
            "purpose": order.purpose,
            "amount_fen": order.amount_fen,
            "ordered_on": world.clock.business_date(),
            "value_date": None,
            "instruction": asdict(instruction),
        },
    )
    message = Message(world.ids.new("mg"), SUBMIT, {"payment_id": payment_id})
    step = today(world, new("payment", payment_id, order.at.entity), "intended", **order.about)
    # The amount holds for the subject as it was read: what has come in since changes it.
    guards = (Take(slot(subject), 1), Expect(subject, order.at.version))
    return payment_id, step + Effects(rows=(row,), messages=(message,), guards=guards)


def loan_order(
    world: World,
    loan: LoanFile,
    kind: RailKind,
    amount_fen: int,
    purpose: str,
    **about: Json,
) -> tuple[str, Effects]:
    """Order a payment of a loan, between the accounts that its kind and purpose name."""
    lender = account_of(world, loan.at.entity)
    borrower = f"acct:{loan.row['person_id']}"
    merchant = merchant_account(world, loan.row["merchant"])
    match kind:
        case "pay":
            payer, payee = lender, merchant
        case "collect":
            payer, payee = (merchant if purpose == GOODS_RETURN else borrower), lender
        case "refund":
            payer, payee = lender, borrower
    return ordered(world, Order(loan.at, kind, amount_fen, purpose, payer, payee, about))


def instruction_of(row: Mapping[str, Any]) -> Instruction:
    """Return the instruction of a payment row."""
    return Instruction(**row["instruction"])
