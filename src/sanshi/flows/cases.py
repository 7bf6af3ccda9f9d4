"""Cases: whatever needs a person to look; one open case of a kind for one subject."""

from __future__ import annotations

from collections.abc import Mapping

from sanshi.flows.people import must_be_entity
from sanshi.flows.steps import new, standing, today
from sanshi.flows.world import Actor, Command, Decided, Flow, World
from sanshi.kernel.effects import Effects, Insert, Json
from sanshi.kernel.errors import NotFoundError


class CloseCase(Command):
    """The case, and what was found."""

    case_id: str
    finding: str


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


def _close(world: World, actor: Actor, command: CloseCase) -> Decided:
    row = world.store.row("work_case", case_id=command.case_id)
    if row is None:
        raise NotFoundError("case.unknown", "There is no such case.", field="case_id")
    must_be_entity(actor, row["entity"])
    at = standing(world, "case", command.case_id, row["entity"])
    step = today(world, at, "closed", finding=command.finding, by=actor.actor_id)
    return Decided({"case_id": command.case_id, "stage": "closed"}, step)


CLOSE_CASE = Flow("close_case", frozenset({"servicing", "conduct"}), CloseCase, _close)
