"""Recover 收回已核销款项: what is still paid on a loan that was written off.

The customer pays, or the desk collects, by the same orders as on any loan; the direct debit of
what is due never does. What comes beyond what is owed goes back to the customer at once.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from sanshi.flows.loans import LoanFile, booked
from sanshi.flows.orders import loan_order
from sanshi.flows.world import Decided, World
from sanshi.kernel.effects import Effects, Json
from sanshi.kernel.errors import InputError
from sanshi.loan.state import Left


def recovery_ordered(world: World, loan: LoanFile, purpose: str, amount_fen: int | None) -> Decided:
    """Order the collection of what is still owed, or of so much of it."""
    owed_fen = loan.on(world.clock.business_date()).due_fen
    if owed_fen == 0:
        return Decided({"payment_id": None, "amount_fen": 0, "due_fen": 0})
    wanted_fen = amount_fen or owed_fen
    _check(purpose, wanted_fen, owed_fen)
    payment_id, order = loan_order(world, loan, "collect", wanted_fen, purpose)
    return Decided({"payment_id": payment_id, "amount_fen": wanted_fen}, order)


def _check(purpose: str, wanted_fen: int, owed_fen: int) -> None:
    if purpose.startswith("prepay"):
        raise InputError(
            "pay.not_a_prepayment",
            "All of this loan has been called in; nothing of it is paid ahead of time.",
            field="purpose",
            fix="Send `instalment` with any amount up to what is owed.",
        )
    if wanted_fen > owed_fen:
        raise InputError(
            "pay.too_much",
            f"{wanted_fen} fen is more than the {owed_fen} fen that are still owed.",
            field="amount_fen",
            fix=f"Send at most {owed_fen}.",
        )
    if purpose == "settle" and wanted_fen < owed_fen:
        raise InputError(
            "pay.too_little",
            f"All that is owed takes {owed_fen} fen.",
            field="amount_fen",
            fix="Leave the amount out, or send `instalment` to pay a part.",
        )


def recovered(
    world: World, loan: LoanFile, left: Left, paid: Mapping[str, Json], value_date: date
) -> Effects:
    """Return what follows from money that came in on a loan that was written off.

    A rail that is still on the day before ours may date it before the write-off; it came after.
    """
    today = world.clock.business_date()
    beyond_fen = max(paid["amount_fen"] - left.open_fen, 0)
    event = loan.at.step(
        "recovered",
        value_date=max(value_date, left.on),
        booking_date=today,
        data={**paid, **({"beyond_fen": beyond_fen} if beyond_fen else {})},
    )
    effects = booked(world, loan, (event,))
    if not beyond_fen:
        return effects
    owed_back_fen = loan.on(today).credit_fen + beyond_fen
    _, order = loan_order(world, loan, "refund", owed_back_fen, "credit")
    return effects + order
