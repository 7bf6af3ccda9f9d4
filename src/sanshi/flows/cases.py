"""Cases: whatever needs a person to look; one open case of a kind for one subject.

A case that a customer's own words opened is closed with an answer to them 答复. It is written
first, under their key, and is theirs to read and to prove once the case is closed.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from pydantic import StringConstraints

from sanshi.flows.papers import file_paper
from sanshi.flows.people import must_be_entity
from sanshi.flows.steps import new, standing, today
from sanshi.flows.world import Actor, Command, Decided, Flow, World
from sanshi.kernel.effects import Effects, Insert, Json, Leaf
from sanshi.kernel.errors import ConflictError, InputError, NotFoundError
from sanshi.ports import Record

REQUEST = "request"
"""Kind of the paper that holds what a customer wrote; its subject is the case."""
ANSWER = "answer"
"""Kind of the paper that holds an answer to them; its subject is the case too."""


Letter = Annotated[str, StringConstraints(min_length=1, max_length=2000, strip_whitespace=True)]
"""What a customer writes, or is written."""


class WriteAnswer(Command):
    """The case, and what its customer will be told once it is closed."""

    case_id: str
    text: Letter


class CloseCase(Command):
    """The case, what was found, and the answer to the customer where one asked."""

    case_id: str
    finding: str
    answer_id: str | None = None


def opened(
    world: World, entity: str, kind: str, subject: str, details: Mapping[str, Json]
) -> Effects:
    """Return the effects that open a case; nothing if one is open, or was opened today."""
    day = world.clock.business_date()
    about = {"kind": kind, "subject": subject}
    if world.store.row("work_case", opened_on=day, **about) is not None:
        return Effects()
    if world.store.in_stage("work_case", "case_id", ("open",), about):
        return Effects()
    case_id = world.ids.new("cs")
    row = Insert(
        "work_case",
        {
            "case_id": case_id,
            "entity": entity,
            "kind": kind,
            "subject": subject,
            "opened_on": day,
            "body": dict(details),
        },
    )
    return today(world, new("case", case_id, entity), "opened") + Effects(rows=(row,))


def _own_case(world: World, actor: Actor, case_id: str) -> Record:
    row = world.store.row("work_case", case_id=case_id)
    if row is None:
        raise NotFoundError("case.unknown", "There is no such case.", field="case_id")
    must_be_entity(actor, row["entity"])
    return row


def _asker(world: World, case_id: str) -> Record | None:
    """Return who wrote a case and can still read an answer; None: nobody, or erased since."""
    letter = world.store.row("document", kind=REQUEST, subject=case_id)
    person = world.store.row("person", person_id=letter["person_id"]) if letter else None
    return person if person and person["wrapped_key"] is not None else None


def _write(world: World, actor: Actor, command: WriteAnswer) -> Decided:
    row = _own_case(world, actor, command.case_id)
    asker = _asker(world, command.case_id)
    if asker is None:
        raise ConflictError("case.nobody_asked", "No customer wrote this case.", field="case_id")
    if world.store.standing(command.case_id)[1] != "open":
        raise ConflictError("case.closed", "This case has been closed.", field="case_id")
    paper = file_paper(
        world,
        entity=row["entity"],
        person_id=asker["person_id"],
        wrapped_key=bytes(asker["wrapped_key"]),
        kind=ANSWER,
        subject=command.case_id,
        content={"text": command.text},
        evidenced=False,
    )
    return Decided({"case_id": command.case_id, "answer_id": paper.document_id}, paper.effects)


def _close(world: World, actor: Actor, command: CloseCase) -> Decided:
    row = _own_case(world, actor, command.case_id)
    at = standing(world, "case", command.case_id, row["entity"])
    answer = _answer(world, command)
    told: dict[str, Json] = {"answer_id": answer["document_id"]} if answer else {}
    step = today(world, at, "closed", finding=command.finding, by=actor.actor_id, **told)
    leaves = (Leaf(ANSWER, command.case_id, bytes(answer["content_hash"])),) if answer else ()
    result = {"case_id": command.case_id, "stage": "closed"}
    return Decided(result, step + Effects(leaves=leaves))


def _answer(world: World, command: CloseCase) -> Record | None:
    if _asker(world, command.case_id) is None:
        return None
    if command.answer_id is None:
        raise ConflictError(
            "case.unanswered",
            "A customer wrote this case; it is closed with an answer to them.",
            field="answer_id",
            fix="Write the answer first, then close the case with its id.",
        )
    paper = world.store.row("document", document_id=command.answer_id)
    if paper is None or (paper["kind"], paper["subject"]) != (ANSWER, command.case_id):
        raise InputError("case.answer", "This is no answer to this case.", field="answer_id")
    return paper


WRITE_ANSWER = Flow("write_answer", frozenset({"servicing", "conduct"}), WriteAnswer, _write)
CLOSE_CASE = Flow("close_case", frozenset({"servicing", "conduct"}), CloseCase, _close)
