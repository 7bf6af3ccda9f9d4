"""Identify a person 身份核验: three elements checked, data sealed, nothing stored on a mismatch."""

from __future__ import annotations

from typing import Annotated

from pydantic import StringConstraints

from sanshi.flows.people import read_person, seal_person
from sanshi.flows.steps import new, standing, today
from sanshi.flows.world import Actor, Command, Decided, Flow, World
from sanshi.kernel.effects import Cell, Effects, Insert, Update
from sanshi.kernel.errors import InputError
from sanshi.kernel.reasons import Reason
from sanshi.party.identity import check_id_number
from sanshi.ports import Record

PLATFORM = "platform"
"""Entity of persons: they belong to no lender."""


FullName = Annotated[str, StringConstraints(min_length=2, max_length=60, strip_whitespace=True)]
IdNumberText = Annotated[str, StringConstraints(pattern=r"^[0-9]{17}[0-9Xx]$")]


class Identify(Command):
    """Name, identity number and mobile number as the person wrote them."""

    full_name: FullName
    id_number: IdNumberText
    mobile: Annotated[str, StringConstraints(pattern=r"^1[3-9]\d{9}$")]


def _decide(world: World, _actor: Actor, command: Identify) -> Decided:
    return identified(world, command)


def identified(world: World, command: Identify) -> Decided:
    """Check the three elements; the person is registered, or has the number they came with."""
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
        return Decided(
            {"identified": True, "person_id": known["person_id"]}, _moved(world, known, command)
        )
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


def _moved(world: World, known: Record, command: Identify) -> Effects:
    """Return what a known person's new number changes; nothing if they came with the old one."""
    mobile_blind = world.keys.blind("mobile", command.mobile)
    if known["mobile_blind"] == mobile_blind or known["wrapped_key"] is None:
        return Effects()
    person = read_person(world, known["person_id"])
    elements = {
        "full_name": person.full_name,
        "id_number": person.id_number,
        "mobile": command.mobile,
    }
    sealed = seal_person(world, person.wrapped_key, person.person_id, elements)
    row = Update(
        "person",
        {"person_id": person.person_id},
        {"sealed": sealed, "mobile_blind": mobile_blind},
    )
    at = standing(world, "person", person.person_id, PLATFORM)
    return today(world, at, "mobile_changed") + Effects(rows=(row,))


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
        "mobile_blind": world.keys.blind("mobile", command.mobile),
    }
    return Effects(rows=(Insert("person", row),))


IDENTIFY = Flow("identify", frozenset({"consumer", "system"}), Identify, _decide)
