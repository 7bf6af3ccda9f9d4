"""Recognise 本人确认: from a login, which anybody with the phone can have, to the person it is.

A number is given to somebody else after a while 二次放号, so a code alone opens nobody's loans.
Who is known says the end of their identity number; who is not, or has a new number, says name and
identity number, and the verifier is asked.
"""

from __future__ import annotations

import hmac
from typing import Annotated

from pydantic import StringConstraints

from sanshi.flows.identify import FullName, Identify, IdNumberText, identified
from sanshi.flows.people import read_person
from sanshi.flows.sign_in import login_row, mobile_of, recognitions
from sanshi.flows.world import Actor, Command, Decided, Flow, World
from sanshi.kernel.effects import Effects, Take, Update
from sanshi.ports import Record

TAIL_CHARS = 6
"""How much of the identity number is asked: it is on no slip, and nobody guesses it in a few."""


class ConfirmPerson(Command):
    """The last characters of the identity number."""

    id_tail: Annotated[str, StringConstraints(pattern=r"^[0-9]{5}[0-9Xx]$")]


class ProvePerson(Command):
    """Name and identity number as they stand on the card."""

    full_name: FullName
    id_number: IdNumberText


def _confirm(world: World, actor: Actor, command: ConfirmPerson) -> Decided:
    row = login_row(world, actor.actor_id)
    if not _may_try(world, row):
        return _no("too_many")
    tried = _tried(row)
    for known in _of_this_number(world, row):
        tail = read_person(world, known["person_id"]).id_number[-TAIL_CHARS:]
        if hmac.compare_digest(tail, command.id_tail.upper()):
            return _is(row, known["person_id"], tried)
    return _no("other", tried)


def _prove(world: World, actor: Actor, command: ProvePerson) -> Decided:
    row = login_row(world, actor.actor_id)
    if not _may_try(world, row):
        return _no("too_many")
    elements = Identify(
        full_name=command.full_name, id_number=command.id_number, mobile=mobile_of(world, row)
    )
    found = identified(world, elements)
    tried = _tried(row)
    if not found.answer["identified"]:
        return _no("mismatch", tried)
    return _is(row, str(found.answer["person_id"]), tried + found.effects)


def is_known(world: World, login_id: str) -> bool:
    """Say whether somebody with this login's number has been here before."""
    return bool(_of_this_number(world, login_row(world, login_id)))


def _of_this_number(world: World, login: Record) -> tuple[Record, ...]:
    rows = world.store.rows("person", {"mobile_blind": login["mobile_blind"]})
    return tuple(row for row in rows if row["wrapped_key"] is not None)


def _may_try(world: World, login: Record) -> bool:
    left = world.store.row("counter", counter=recognitions(login["login_id"]))
    return left is not None and left["remaining"] > 0


def _tried(login: Record) -> Effects:
    return Effects(guards=(Take(recognitions(login["login_id"]), 1),))


def _is(login: Record, person_id: str, effects: Effects) -> Decided:
    mark = Update("login", {"login_id": login["login_id"]}, {"subject": person_id})
    return Decided(
        {"recognised": True, "person_id": person_id, "reason": ""}, effects + Effects(rows=(mark,))
    )


def _no(reason: str, effects: Effects | None = None) -> Decided:
    answer = {"recognised": False, "person_id": None, "reason": reason}
    return Decided(answer, effects or Effects())


CONFIRM_PERSON = Flow("confirm_person", frozenset({"consumer"}), ConfirmPerson, _confirm)
PROVE_PERSON = Flow("prove_person", frozenset({"consumer"}), ProvePerson, _prove)
