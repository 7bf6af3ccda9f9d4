"""The outbox: intents are committed first and sent here, at least once, never blindly twice.

A first attempt submits. If that attempt may already have reached the rail (a crash, a time-out),
every later one enquires first 查证; the rail's `not_found` makes a new submission safe.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import structlog

from sanshi.flows.hearing import HEAR
from sanshi.flows.orders import SUBMIT, instruction_of
from sanshi.flows.perform import perform
from sanshi.flows.world import Actor, World
from sanshi.jobs.waiting import claim, due
from sanshi.kernel.effects import Effects, Update
from sanshi.kernel.errors import ConflictError, ImpossibleError, SanshiError, UnavailableError
from sanshi.ports import RailAnswer, Record

JOB = Actor("job", "system")
RETRY = timedelta(seconds=30)

UNUSABLE = (UnavailableError, ImpossibleError, ConflictError)
"""No answer, or one that does not fit the question: nothing is booked, the rail is asked again."""

log = structlog.get_logger()


@dataclass(slots=True)
class Delivered:
    """What a round of the outbox did."""

    sent: int = 0
    unanswered: int = 0
    failed: int = 0


def deliver(world: World, *, limit: int = 100) -> Delivered:
    """Send what waits and is due; one message after another, each with its own commits.

    One that cannot be dealt with stays where it is, is logged, and holds up none of the others.
    """
    done = Delivered()
    for message in due(world, SUBMIT):
        if done.sent + done.unanswered + done.failed == limit:
            break
        if not claim(world, message, RETRY):
            continue
        try:
            answered = _send(world, message, _payment(world, message))
        except Exception as error:  # noqa: BLE001 - whatever it is, the others go on
            log.error(  # noqa: TRY400 - a traceback would print what it holds, people's data too
                "message_failed", message_id=message["message_id"], error=_named(error)
            )
            done.failed += 1
        else:
            done.sent += answered
            done.unanswered += not answered
    return done


def _named(error: Exception) -> str:
    return error.code if isinstance(error, SanshiError) else type(error).__name__


def _payment(world: World, message: Record) -> Record:
    payment = world.store.row("payment", payment_id=message["payload"]["payment_id"])
    if payment is None:
        raise ImpossibleError("outbox.no_payment", f"{message['message_id']} sends nothing.")
    return payment


def _send(world: World, message: Record, payment: Record) -> bool:
    try:
        answer = _ask_rail(world, payment, first=_is_first(world, message, payment))
    except UNUSABLE as error:
        log.warning("rail_unanswered", payment_id=payment["payment_id"], code=error.code)
        said = {"status": "unanswered", "failure_code": error.code}
        hear(world, payment["payment_id"], said)
        return False
    hear(world, payment["payment_id"], heard(answer))
    key = {"message_id": message["message_id"]}
    world.store.apply(Effects(rows=(Update("outbox", key, {"status": "sent"}),)))
    return True


def _is_first(world: World, message: Record, payment: Record) -> bool:
    """Say whether nothing was ever sent: neither by this message nor by one before it."""
    _, stage = world.store.standing(payment["payment_id"])
    return message["attempts"] == 0 and stage == "intended"


def _ask_rail(world: World, payment: Record, *, first: bool) -> RailAnswer:
    instruction = instruction_of(payment)
    if not first:
        answer = world.payments.enquire(instruction.instruction_id)
        if answer.status != "not_found":
            return answer
    return world.payments.submit(instruction)


def heard(answer: RailAnswer) -> dict[str, Any]:
    """Put the rail's answer into a request for the flow that hears it."""
    return {
        "status": answer.status,
        "value_date": answer.value_date.isoformat() if answer.value_date else None,
        "rail_reference": answer.rail_reference,
        "failure_code": answer.failure_code,
        "amount_fen": answer.amount_fen,
    }


def hear(world: World, payment_id: str, said: Mapping[str, Any]) -> None:
    """Let the flow take in what the rail said."""
    perform(world, JOB, HEAR, {"payment_id": payment_id, **said})


def enquire_open(world: World, entity: str) -> int:
    """Ask the rail about every payment it has not answered finally; return how many were asked."""
    asked = 0
    for payment in world.store.in_stage(
        "payment", "payment_id", ("sent", "unknown"), {"entity": entity}
    ):
        try:
            answer = world.payments.enquire(payment["payment_id"])
        except UNUSABLE as error:
            log.warning("rail_unanswered", payment_id=payment["payment_id"], code=error.code)
            continue
        asked += 1
        try:
            hear(world, payment["payment_id"], heard(answer))
        except Exception as error:  # noqa: BLE001 - the others must not wait for this one
            log.error(  # noqa: TRY400 - as above
                "answer_not_heard", payment_id=payment["payment_id"], error=_named(error)
            )
    return asked
