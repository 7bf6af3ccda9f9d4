"""People: reading sealed personal data, with the audit entry that goes before the answer."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sanshi.flows.world import Actor, World
from sanshi.kernel.canonical import canonical_json
from sanshi.kernel.effects import Effects, Insert
from sanshi.kernel.errors import ForbiddenError, NotFoundError


@dataclass(frozen=True, slots=True)
class Person:
    """A person's sealed data in clear: held only while a flow runs, never stored or logged."""

    person_id: str
    wrapped_key: bytes
    full_name: str
    id_number: str
    mobile: str
    born: date


def seal_person(
    world: World, wrapped_key: bytes, person_id: str, elements: Mapping[str, str]
) -> bytes:
    """Seal full_name, id_number and mobile under the person's key."""
    return world.keys.seal(wrapped_key, canonical_json(elements), person_id)


def read_person(world: World, person_id: str) -> Person:
    """Open a person's data for a flow that needs them."""
    row = world.store.row("person", person_id=person_id)
    if row is None:
        raise NotFoundError("person.unknown", f"There is no person {person_id}.", field="person_id")
    if row["wrapped_key"] is None:
        raise NotFoundError("person.erased", "This person's data have been erased.")
    wrapped_key = bytes(row["wrapped_key"])
    data = json.loads(world.keys.unseal(wrapped_key, bytes(row["sealed"]), person_id))
    born = data["id_number"][6:14]
    return Person(
        person_id=person_id,
        wrapped_key=wrapped_key,
        full_name=data["full_name"],
        id_number=data["id_number"],
        mobile=data["mobile"],
        born=date(int(born[:4]), int(born[4:6]), int(born[6:8])),
    )


def must_be_own(actor: Actor, person_id: str) -> None:
    """A consumer acts for no one else."""
    if actor.role == "consumer" and actor.person_id != person_id:
        raise ForbiddenError("access.not_yours", "This belongs to someone else.", field="person_id")


def must_be_entity(actor: Actor, entity: str) -> None:
    """Lender A's staff never see lender B's customers."""
    if actor.role not in {"consumer", "system", "merchant"} and actor.entity != entity:
        raise ForbiddenError("access.other_entity", "This belongs to another institution.")


def audited(
    world: World, actor: Actor, *, entity: str, action: str, subject: str, purpose: str
) -> Effects:
    """Return the audit entry of a read of personal data; it is durable before the answer is."""
    return Effects(
        rows=(
            Insert(
                "audit",
                {
                    "at": world.clock.now(),
                    "entity": entity,
                    "actor": actor.actor_id,
                    "role": actor.role,
                    "action": action,
                    "subject": subject,
                    "purpose": purpose,
                },
            ),
        )
    )
