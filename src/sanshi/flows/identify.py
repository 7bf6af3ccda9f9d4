"""Identify a person 身份核验: three elements checked, data sealed, nothing stored on a mismatch."""

from __future__ import annotations

from typing import Annotated

from pydantic import StringConstraints

from sanshi.flows.people import seal_person
from sanshi.flows.steps import new, today
from sanshi.flows.world import Actor, Command, Decided, Flow, World
from sanshi.kernel.effects import Cell, Effects, Insert
from sanshi.kernel.errors import InputError
from sanshi.kernel.reasons import Reason
from sanshi.party.identity import check_id_number

PLATFORM = "platform"
"""Entity of persons: they belong to no lender."""


class Identify(Command):
    """Name, identity number and mobile number as the person wrote them."""

    full_name: Annotated[str, StringConstraints(min_length=2, max_length=60, strip_whitespace=True)]
    id_number: Annotated[str, StringConstraints(pattern=r"^\d{17}[\dXx]$")]
    mobile: Annotated[str, StringConstraints(pattern=r"^1[3-9]\d{9}$")]


def _decide(world: World, _actor: Actor, command: Identify) -> Decided:
    id_number = command.id_number.upper()
    checked = check_id_number(id_number)
    if not checked.valid:
        raise InputError(
            checked.reason_code,
            "The check digit or the date in this identity number is wrong.",
            field="id_number",
            fix="Compare it with the card, digit by digit.",
        )
    blind = world.keys.blind("id_number", id_number)
    known = world.store.row("person", id_number_blind=blind)
    answer = world.identity.verify(
        full_name=command.full_name, id_number=id_number, mobile=command.mobile
    )
    if not answer.matched:
        reason = Reason("identity.mismatch", {"reference": answer.reference})
        return Decided({"identified": False, "reasons": [reason.as_json()]})
    if known is not None:
        return Decided({"identified": True, "person_id": known["person_id"]})
    person_id = world.ids.new("ps")
    return Decided(
        {"identified": True, "person_id": person_id},
        _register(world, command, id_number, blind, person_id)
        + today(
            world,
            new("person", person_id, PLATFORM),
            "identified",
            reference=answer.reference,
            sanctions_hits=list(answer.sanctions_hits),
            court_dishonest=answer.court_dishonest,
        ),
    )


def _register(
    world: World, command: Identify, id_number: str, blind: str, person_id: str
) -> Effects:
    wrapped_key = world.keys.new_data_key()
    elements = {
        "full_name": command.full_name,
        "id_number": id_number,
        "mobile": command.mobile,
    }
    row: dict[str, Cell] = {
        "person_id": person_id,
        "wrapped_key": wrapped_key,
        "sealed": seal_person(world, wrapped_key, person_id, elements),
        "id_number_blind": blind,
    }
    return Effects(rows=(Insert("person", row),))


IDENTIFY = Flow("identify", frozenset({"consumer", "system"}), Identify, _decide)
