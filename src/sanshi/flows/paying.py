"""Pay 还款: direct debit of what is due, or what the customer asks: pay, prepay, settle early."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from sanshi.flows.leaving import sold
from sanshi.flows.loans import LoanFile, open_file
from sanshi.flows.orders import loan_order
from sanshi.flows.people import must_be_entity, must_be_own
from sanshi.flows.recovering import recovery_ordered
from sanshi.flows.world import Actor, Command, Decided, Flow, World
from sanshi.kernel.errors import ConflictError, InputError
from sanshi.kernel.money import MAX_FEN
from sanshi.loan.state import LoanState

Purpose = Literal["instalment", "prepay_lower", "prepay_shorten", "settle"]


class Pay(Command):
    """Which loan, what for, and how much.

    `instalment` and `settle` take what is due or what settles the loan unless an amount is sent;
    a prepayment needs an amount.
    """

    loan_id: str
    purpose: Purpose = "instalment"
    amount_fen: Annotated[int, Field(ge=1, le=MAX_FEN)] | None = None


def _decide(world: World, actor: Actor, command: Pay) -> Decided:
    loan = open_file(world, command.loan_id)
    must_be_own(actor, loan.row["person_id"])
    must_be_entity(actor, loan.at.entity)
    state = loan.on(world.clock.business_date())
    if state.left is not None and actor.role != "system":  # no direct debit by itself
        if state.left.how == "transferred":
            raise sold(state.left)
        return recovery_ordered(world, loan, command.purpose, command.amount_fen)
    if loan.at.stage != "active":
        raise ConflictError(
            "loan.not_active", f"The loan is {loan.at.stage}; there is nothing to pay."
        )
    amount_fen = command.amount_fen or _amount(state, command.purpose)
    if amount_fen == 0:
        return Decided({"payment_id": None, "amount_fen": 0, "due_fen": state.due_fen})
    _check_amount(state, command.purpose, amount_fen)
    return _ordered(world, loan, amount_fen, command.purpose)


def _ordered(world: World, loan: LoanFile, amount_fen: int, purpose: str) -> Decided:
    payment_id, order = loan_order(world, loan, "collect", amount_fen, purpose)
    return Decided({"payment_id": payment_id, "amount_fen": amount_fen}, order)


def _amount(state: LoanState, purpose: Purpose) -> int:
    match purpose:
        case "instalment":
            return max(state.due_fen - state.credit_fen, 0)
        case "settle":
            return max(state.payoff_fen - state.credit_fen, 0)
        case "prepay_lower" | "prepay_shorten":
            raise InputError(
                "pay.amount_needed",
                "A prepayment needs an amount.",
                field="amount_fen",
                fix="Send how much to prepay, in fen.",
            )


def _check_amount(state: LoanState, purpose: Purpose, amount_fen: int) -> None:
    payoff_fen = state.payoff_fen - state.credit_fen
    if amount_fen > payoff_fen:
        raise InputError(
            "pay.too_much",
            f"{amount_fen} fen is more than the {payoff_fen} fen that settle the loan today.",
            field="amount_fen",
            fix=f"Send at most {payoff_fen}.",
        )
    if purpose == "settle" and amount_fen < payoff_fen:
        raise InputError(
            "pay.too_little",
            f"Settling today takes {payoff_fen} fen.",
            field="amount_fen",
            fix="Leave the amount out, or choose to prepay a part.",
        )
    beyond_due_fen = amount_fen + state.credit_fen - state.due_fen
    if purpose.startswith("prepay") and not 0 < beyond_due_fen < state.principal_ahead_fen:
        raise InputError(
            "pay.not_a_prepayment",
            f"After the {state.due_fen} fen due today, {beyond_due_fen} fen would go to "
            f"{state.principal_ahead_fen} fen of principal not yet due.",
            field="amount_fen",
            fix="Send more than is due and less than settles the loan, or choose to settle.",
        )


PAY = Flow("pay", frozenset({"consumer", "servicing", "system"}), Pay, _decide)
