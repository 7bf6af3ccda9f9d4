"""What the rail's last word on a payment means for the thing it was about."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from sanshi.flows.claiming import claim_paid, merchant_refused
from sanshi.flows.goods_back import Refund, goods_came_back, repayment
from sanshi.flows.loans import booked, open_file
from sanshi.flows.orders import GOODS_RETURN
from sanshi.flows.recovering import recovered
from sanshi.flows.settling import settlement_failed, settlement_paid
from sanshi.flows.spending import Spent, money_spent
from sanshi.flows.subsidies import last_grants
from sanshi.flows.world import World
from sanshi.kernel.effects import Effects, Json
from sanshi.ports import Record


@dataclass(frozen=True, slots=True)
class Word:
    """A payment's row, what the rail said, and the day it happened there."""

    row: Record
    status: str
    value_date: date

    @property
    def data(self) -> dict[str, Json]:
        """What the loan's event says of the payment."""
        row = self.row
        return {name: row[name] for name in ("amount_fen", "payment_id", "purpose")}


def succeeded(world: World, word: Word) -> Effects:
    """Return what follows from a payment that went through."""
    return _SUCCEEDED[_meaning(word.row)](world, word)


def failed(world: World, word: Word) -> Effects:
    """Return what follows from a payment that did not."""
    match _meaning(word.row):
        case "disburse":
            return _loan_step(world, word, "refused")
        case "merchant":
            return merchant_refused(world, word.row)
        case "settlement":
            return settlement_failed(world, word.row)
        case _:
            return Effects()


def unanswered(world: World, word: Word) -> Effects:
    """Return what follows while nobody knows."""
    if _meaning(word.row) == "disburse":
        return _loan_step(world, word, "unanswered")
    return Effects()


def _meaning(row: Record) -> str:
    known = {"disburse", "claim", "merchant", "settlement", "credit", GOODS_RETURN}
    return row["purpose"] if row["purpose"] in known else "repay"


def _loan_step(world: World, word: Word, event: str) -> Effects:
    loan = open_file(world, word.row["subject"])
    step = loan.at.step(
        event,
        value_date=word.value_date,
        booking_date=world.clock.business_date(),
        data=word.data,
    )
    return booked(world, loan, (step,))


def _disbursed(world: World, word: Word) -> Effects:
    loan = open_file(world, word.row["subject"])
    about = world.store.events(word.row["payment_id"])[0].data
    spent = Spent(
        amount_fen=word.row["amount_fen"],
        value_date=word.value_date,
        data=word.data,
        withheld_fen=about.get("withheld_fen", 0),
        left_fen=about.get("withheld_price_fen", 0),
    )
    return money_spent(world, loan, spent)


def _repaid(world: World, word: Word) -> Effects:
    loan = open_file(world, word.row["subject"])
    left = loan.on(world.clock.business_date()).left
    if left is not None and left.how == "written_off":
        return recovered(world, loan, left, word.data, word.value_date)
    event = repayment(world, loan, word.data, word.value_date)
    if event.stage != "settled" or loan.at.stage == "settled":
        return booked(world, loan, (event,))
    grants, guards = last_grants(world, loan, event)
    return booked(world, loan, (event, *grants)) + guards


def _returned(world: World, word: Word) -> Effects:
    loan = open_file(world, word.row["subject"])
    returned_fen = int(world.store.events(word.row["payment_id"])[0].data["returned_fen"])
    return goods_came_back(world, loan, Refund(word.data, returned_fen, word.value_date))


def _credit_returned(world: World, word: Word) -> Effects:
    return _loan_step(world, word, "credit_returned")


_SUCCEEDED: Mapping[str, Callable[[World, Word], Effects]] = {
    "disburse": _disbursed,
    "repay": _repaid,
    GOODS_RETURN: _returned,
    "credit": _credit_returned,
    "claim": lambda world, word: claim_paid(world, word.row, word.value_date),
    "merchant": lambda _world, _word: Effects(),
    "settlement": lambda world, word: settlement_paid(world, word.row),
}
