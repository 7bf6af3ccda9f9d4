"""What the rail's last word on a payment means for the thing it was about."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from sanshi.benefit.given import funded_json
from sanshi.flows.certify_again import agreed_subsidy
from sanshi.flows.claiming import claim_paid, merchant_refused
from sanshi.flows.loans import LoanFile, booked, open_file
from sanshi.flows.orders import GOODS_RETURN, loan_order
from sanshi.flows.recovering import recovered
from sanshi.flows.redeeming import given, taken_back
from sanshi.flows.returning import purchase_of
from sanshi.flows.subsidies import last_grants, room_given_back
from sanshi.flows.world import World
from sanshi.kernel.effects import Effects, Event, Json
from sanshi.loan.fold import fold
from sanshi.loan.subsidy import agreement_of, to_withdraw
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
        case _:
            return Effects()


def unanswered(world: World, word: Word) -> Effects:
    """Return what follows while nobody knows."""
    if _meaning(word.row) == "disburse":
        return _loan_step(world, word, "unanswered")
    return Effects()


def _meaning(row: Record) -> str:
    known = {"disburse", "claim", "merchant", "credit", GOODS_RETURN}
    return row["purpose"] if row["purpose"] in known else "repay"


def _loan_step(world: World, word: Word, event: str) -> Effects:
    loan = open_file(world, word.row["subject"])
    return booked(world, loan, (_step(world, loan, word, event),))


def _step(world: World, loan: LoanFile, word: Word, event: str, **more: Json) -> Event:
    return loan.at.step(
        event,
        value_date=word.value_date,
        booking_date=world.clock.business_date(),
        data={**word.data, **more},
    )


def _disbursed(world: World, word: Word) -> Effects:
    """The money is spent: this day's rules say what interest may earn, and benefits are used."""
    loan = open_file(world, word.row["subject"])
    subsidy = agreed_subsidy(world, loan, word.value_date, word.row["amount_fen"])
    about = world.store.events(word.row["payment_id"])[0].data
    withheld_fen, left_fen = about.get("withheld_fen", 0), about.get("withheld_price_fen", 0)
    whole_fen = word.row["amount_fen"] + withheld_fen
    paid = _step(world, loan, word, "disbursed", **about, subsidy=subsidy, amount_fen=whole_fen)
    events = (paid, *_withheld(world, loan, word, withheld_fen, left_fen))
    bought = purchase_of(loan)
    stack = bought.get("benefits")
    price_fen = bought.get("price_fen", 0)
    used = given(world, loan.row, stack, left_fen, price_fen) if stack else Effects()
    return booked(world, loan, events) + used


def _withheld(
    world: World, loan: LoanFile, word: Word, withheld_fen: int, left_fen: int
) -> tuple[Event, ...]:
    """What the shop kept back counts as goods that came back at once: the loan is that smaller."""
    if not withheld_fen:
        return ()
    event = loan.at.after(1, "active").step(
        "repaid",
        value_date=word.value_date,
        booking_date=world.clock.business_date(),
        data={
            **word.data,
            "purpose": GOODS_RETURN,
            "amount_fen": withheld_fen,
            "goods_returned_fen": left_fen,
        },
        to="active",
    )
    return (event,)


def _repaid(world: World, word: Word) -> Effects:
    loan = open_file(world, word.row["subject"])
    left = loan.on(world.clock.business_date()).left
    if left is not None and left.how == "written_off":
        return recovered(world, loan, left, word.data, word.value_date)
    event = _repayment(world, loan, word, {})
    if event.stage != "settled" or loan.at.stage == "settled":
        return booked(world, loan, (event,))
    grants, guards = last_grants(world, loan, event)
    return booked(world, loan, (event, *grants)) + guards


def _returned(world: World, word: Word) -> Effects:
    """Goods came back: funders get their part, the loan the refund, the buyer what is left."""
    loan = open_file(world, word.row["subject"])
    today = world.clock.business_date()
    state = loan.on(max(word.value_date, today))
    bought = purchase_of(loan)
    kept_fen = bought["price_fen"] - state.goods_returned_fen
    returned_fen = int(world.store.events(word.row["payment_id"])[0].data["returned_fen"])
    withdrawn, effects = _withdrawn(world, loan, word, returned_fen, bought["price_fen"])
    total_fen = state.goods_returned_fen + returned_fen
    event = _repayment(world, loan, word, {"goods_returned_fen": total_fen}, before=withdrawn)
    events = (*withdrawn, event)
    after = fold(loan.terms, (*loan.events, *events), max(word.value_date, today))
    effects = effects + booked(world, loan, events)
    effects = effects + taken_back(world, loan.row, returned_fen, kept_fen)
    if event.stage == "settled" and after.credit_fen:
        _, order = loan_order(world, loan, "refund", after.credit_fen, "credit")
        effects = effects + order
    return effects


def _withdrawn(
    world: World, loan: LoanFile, word: Word, returned_fen: int, price_fen: int
) -> tuple[tuple[Event, ...], Effects]:
    """Return the event that withdraws subsidies on returned goods, and the room it frees."""
    state = loan.on(max(word.value_date, world.clock.business_date()))
    back = to_withdraw(state, returned_fen, price_fen)
    agreement = agreement_of(loan.events)
    if not back or agreement is None or loan.at.stage not in {"active", "settled"}:
        return (), Effects()
    amount_fen = sum(fen for _, fen in back)
    event = loan.at.step(
        "subsidy_withdrawn",
        value_date=word.value_date,
        booking_date=world.clock.business_date(),
        data={"amount_fen": amount_fen, "funded": funded_json(back)},
    )
    person_id = loan.row["person_id"]
    room = room_given_back(world, person_id, agreement, loan.loan_id, amount_fen)
    return (event,), room


def _repayment(
    world: World,
    loan: LoanFile,
    word: Word,
    more: Mapping[str, Json],
    before: tuple[Event, ...] = (),
) -> Event:
    """Return the repayment, at the stage it leads to: it may settle the loan."""
    today = world.clock.business_date()
    at = loan.at.after(len(before))
    data = {**word.data, **more}
    trial = at.step(
        "repaid", value_date=word.value_date, booking_date=today, data=data, to=loan.at.stage
    )
    state = fold(loan.terms, (*loan.events, *before, trial), max(word.value_date, today))
    to = "settled" if state.is_paid_off else "active"
    return at.step("repaid", value_date=word.value_date, booking_date=today, data=data, to=to)


def _credit_returned(world: World, word: Word) -> Effects:
    return _loan_step(world, word, "credit_returned")


_SUCCEEDED: Mapping[str, Callable[[World, Word], Effects]] = {
    "disburse": _disbursed,
    "repay": _repaid,
    GOODS_RETURN: _returned,
    "credit": _credit_returned,
    "claim": lambda world, word: claim_paid(world, word.row, word.value_date),
    "merchant": lambda _world, _word: Effects(),
}
