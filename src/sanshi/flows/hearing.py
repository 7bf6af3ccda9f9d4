"""Hear the rail: an answer, an enquiry's result or a callback; twice heard changes nothing."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from sanshi.flows import outcomes
from sanshi.flows.cases import opened
from sanshi.flows.orders import SUBMIT, place_free_again
from sanshi.flows.outcomes import Word
from sanshi.flows.steps import Standing, standing
from sanshi.flows.world import Actor, Command, Decided, Flow, World
from sanshi.kernel.effects import Effects, Event, Json, Message, Update
from sanshi.kernel.errors import NotFoundError
from sanshi.ports import Record

_FINAL = frozenset({"succeeded", "failed", "settled"})


class HearRail(Command):
    """What the rail said of a payment; `unanswered` when it said nothing in time."""

    payment_id: str
    status: Literal["accepted", "succeeded", "failed", "not_found", "unanswered"]
    amount_fen: Annotated[int, Field(ge=1)] | None = None
    value_date: Annotated[date, Field(strict=False)] | None = None
    rail_reference: str = ""
    failure_code: str = ""


def _decide(world: World, _actor: Actor, command: HearRail) -> Decided:
    row = world.store.row("payment", payment_id=command.payment_id)
    if row is None:
        raise NotFoundError(
            "payment.unknown", f"There is no payment {command.payment_id}.", field="payment_id"
        )
    payment = standing(world, "payment", command.payment_id, row["entity"])
    if payment.stage in _FINAL:
        return _already_final(world, payment, command)
    if command.amount_fen is not None and command.amount_fen != row["amount_fen"]:
        broken = _break(world, payment, command, "rail_amount")
        # An answer that is not about our order leaves open what became of it: it must be asked
        # for again, and only what is known to be under way is.
        return Decided(broken.answer, broken.effects + _not_known(world, payment, row, command))
    match command.status:
        case "accepted":
            effects = _once(world, payment, "sent", command)
        case "unanswered":
            effects = _unanswered(world, payment, row, command)
        case "not_found":
            # It never arrived there, so sending the same instruction again is safe.
            again = Message(world.ids.new("mg"), SUBMIT, {"payment_id": command.payment_id})
            effects = Effects(messages=(again,))
        case "succeeded":
            effects = _succeeded(world, payment, row, command)
        case "failed":
            effects = _failed(world, payment, row, command)
    return Decided({"payment_id": command.payment_id, "heard": command.status}, effects)


def _already_final(world: World, payment: Standing, command: HearRail) -> Decided:
    settled_well = payment.stage in {"succeeded", "settled"}
    contradicts = (command.status == "failed" and settled_well) or (
        command.status == "succeeded" and payment.stage == "failed"
    )
    if contradicts:
        return _break(world, payment, command, "rail_contradiction")
    return Decided({"payment_id": payment.stream, "heard": payment.stage})


def _break(world: World, payment: Standing, command: HearRail, kind: str) -> Decided:
    details: dict[str, Json] = {
        "stage": payment.stage,
        "status": command.status,
        "amount_fen": command.amount_fen,
    }
    effects = opened(world, payment.entity, kind, payment.stream, details)
    return Decided({"payment_id": payment.stream, "heard": kind}, effects)


def _once(world: World, payment: Standing, event: str, command: HearRail) -> Effects:
    """Step unless the payment is there already."""
    if payment.stage == event:
        return Effects()
    return Effects(events=(_event(world, payment, event, command),))


def _unanswered(world: World, payment: Standing, row: Record, command: HearRail) -> Effects:
    effects = Effects()
    if command.failure_code not in {"", "rail.no_answer"}:
        # An answer came, but not to our question: somebody should see it.
        details: dict[str, Json] = {"code": command.failure_code, "stage": payment.stage}
        effects = opened(world, payment.entity, "rail_answer", payment.stream, details)
    return effects + _not_known(world, payment, row, command)


def _not_known(world: World, payment: Standing, row: Record, command: HearRail) -> Effects:
    """Step to where nobody knows what became of a payment, unless it is further already."""
    if payment.stage != "intended":
        return Effects()
    step = Effects(events=(_event(world, payment, "unanswered", command),))
    return step + outcomes.unanswered(world, _word(world, row, command))


def _succeeded(world: World, payment: Standing, row: Record, command: HearRail) -> Effects:
    word = _word(world, row, command)
    on_the_rail = command.value_date or word.value_date
    update = Update("payment", {"payment_id": payment.stream}, {"value_date": on_the_rail})
    step = Effects(events=(_event(world, payment, "succeeded", command),), rows=(update,))
    return step + place_free_again(row["subject"]) + outcomes.succeeded(world, word)


def _failed(world: World, payment: Standing, row: Record, command: HearRail) -> Effects:
    step = Effects(events=(_event(world, payment, "failed", command),))
    return (
        step + place_free_again(row["subject"]) + outcomes.failed(world, _word(world, row, command))
    )


def _word(world: World, row: Record, command: HearRail) -> Word:
    today = world.clock.business_date()
    # A refusal moves no money. By the date of a rail that is still on the day before ours, it
    # would stand before the order that it refuses. Money that a rail past its midnight dates
    # tomorrow is the customer's payment of today: that is the day its amount was worked out for.
    moved = command.status == "succeeded"
    value_date = (command.value_date if moved else None) or today
    return Word(row, command.status, min(value_date, today))


def _event(world: World, payment: Standing, event: str, command: HearRail) -> Event:
    today = world.clock.business_date()
    return payment.step(
        event,
        value_date=command.value_date or today,
        booking_date=today,
        data={"rail_reference": command.rail_reference, "failure_code": command.failure_code},
    )


HEAR = Flow("hear_rail", frozenset({"system"}), HearRail, _decide)
