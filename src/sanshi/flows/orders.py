"""Payment orders: the intent is committed first, the outbox sends it, the rail's word ends it.

At most one order of a loan is under way at a time, so nobody can pay one instalment twice.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from sanshi.flows.loans import LoanFile
from sanshi.flows.steps import new, today
from sanshi.flows.world import World
from sanshi.kernel.effects import Effects, Expect, Insert, Message, Take
from sanshi.kernel.errors import ImpossibleError
from sanshi.kernel.money import CURRENCY
from sanshi.ports import Instruction, RailKind

SUBMIT = "rail.submit"
"""Outbox topic of instructions to the rail."""


def slot(loan_id: str) -> str:
    """Return the counter that holds a loan's one free place for a payment order."""
    return f"order:{loan_id}"


def one_payment_at_a_time(loan_id: str) -> Insert:
    """Return the row that gives a new loan its one place."""
    return Insert("counter", {"counter": slot(loan_id), "remaining": 1})


def place_free_again(loan_id: str) -> Effects:
    """Give the place back once the rail has spoken its last word."""
    return Effects(guards=(Take(slot(loan_id), -1, floor=-(2**31)),))


def ordered(
    world: World, loan: LoanFile, kind: RailKind, amount_fen: int, purpose: str
) -> tuple[str, Effects]:
    """Return a new payment's id and the effects that commit the intent and queue its sending."""
    if amount_fen <= 0:
        raise ImpossibleError("payment.nothing", f"An order of {amount_fen} fen makes no sense.")
    payment_id = world.ids.new("py")
    instruction = _instruction(world, loan, kind, amount_fen, payment_id)
    row = Insert(
        "payment",
        {
            "payment_id": payment_id,
            "entity": loan.at.entity,
            "loan_id": loan.loan_id,
            "kind": kind,
            "purpose": purpose,
            "amount_fen": amount_fen,
            "ordered_on": world.clock.business_date(),
            "value_date": None,
            "instruction": asdict(instruction),
        },
    )
    message = Message(world.ids.new("mg"), SUBMIT, {"payment_id": payment_id})
    step = today(world, new("payment", payment_id, loan.at.entity), "intended")
    # The amount holds for the loan as it was read: a payment that has come in since changes it.
    guards = (Take(slot(loan.loan_id), 1), Expect(loan.loan_id, loan.at.version))
    return payment_id, step + Effects(rows=(row,), messages=(message,), guards=guards)


def instruction_of(row: Mapping[str, Any]) -> Instruction:
    """Return the instruction of a payment row."""
    return Instruction(**row["instruction"])


def _instruction(
    world: World, loan: LoanFile, kind: RailKind, amount_fen: int, payment_id: str
) -> Instruction:
    lender = world.catalogue.lenders[loan.at.entity].rail_account
    borrower = f"acct:{loan.row['person_id']}"
    merchant = world.catalogue.merchants[loan.row["merchant"]].rail_account
    match kind:
        case "pay":
            payer, payee = lender, merchant
        case "collect":
            payer, payee = borrower, lender
        case "refund":
            payer, payee = lender, borrower
    return Instruction(
        instruction_id=payment_id,
        kind=kind,
        amount_fen=amount_fen,
        currency=CURRENCY,
        payer_account=payer,
        payee_account=payee,
        memo=loan.loan_id,
    )
