"""API keys: a shop's or a lender's programs act with one, in one role, until it is revoked.

The secret follows from the installation's keys and the key's id, and is stored nowhere.
"""

from __future__ import annotations

import hmac
from typing import Annotated

from pydantic import StringConstraints

from sanshi.flows.entities import PLATFORM
from sanshi.flows.world import Actor, Command, Decided, Flow, Role, World
from sanshi.kernel.effects import Effects, Insert, Update
from sanshi.kernel.errors import ForbiddenError, InputError, NotFoundError
from sanshi.kernel.ids import check_id

STAFF: frozenset[Role] = frozenset({"product", "risk", "servicing", "conduct", "audit", "admin"})


class IssueKey(Command):
    """Whose key, for which role, and what it is for, in words for whoever reads the list."""

    entity: str
    role: Role
    label: Annotated[str, StringConstraints(min_length=1, max_length=60)]


class RevokeKey(Command):
    """The key that opens nothing any more."""

    key_id: str


def _issue(world: World, actor: Actor, command: IssueKey) -> Decided:
    _must_be_own_house(actor, command.entity)
    shop = command.entity in world.catalogue.merchants
    lender = command.entity in world.catalogue.lenders
    if not ((shop and command.role == "merchant") or (lender and command.role in STAFF)):
        raise InputError(
            "api_key.role",
            f"{command.entity!r} can have no key as {command.role}.",
            field="role",
            fix="Shops have keys as merchant, lenders as one of "
            f"{', '.join(sorted(STAFF))}; other names are not known.",
        )
    key_id = world.ids.new("ak")
    day = world.clock.business_date()
    row = {
        "key_id": key_id,
        **command.model_dump(),
        "issued_on": day,
        "revoked_on": None,
    }
    return Decided(
        {"key_id": key_id, "entity": command.entity, "role": command.role},
        Effects(rows=(Insert("api_key", row),)),
    )


def _revoke(world: World, actor: Actor, command: RevokeKey) -> Decided:
    row = world.store.row("api_key", key_id=command.key_id)
    if row is None:
        raise NotFoundError("api_key.unknown", "There is no such key.", field="key_id")
    _must_be_own_house(actor, row["entity"])
    day = row["revoked_on"] or world.clock.business_date()
    mark = Update("api_key", {"key_id": command.key_id}, {"revoked_on": day})
    answer = {"key_id": command.key_id, "revoked_on": day.isoformat()}
    return Decided(answer, Effects(rows=(mark,)))


def _must_be_own_house(actor: Actor, entity: str) -> None:
    if actor.role == "admin" and actor.entity not in {entity, PLATFORM}:
        raise ForbiddenError("access.other_entity", "This belongs to another institution.")


def key_text(world: World, key_id: str, kind: str) -> str:
    """Return what a program sends: `sk_test_…` in a sandbox, `sk_live_…` where money moves."""
    secret = world.keys.blind("api_key", f"{kind}:{key_id}")
    return f"sk_{kind}_{key_id.partition('_')[2]}_{secret}"


def holder_of_key(world: World, text: str, kind: str) -> Actor | None:
    """Return who acts with a key; None: nobody does."""
    head, _, rest = text.partition("_")
    sent_kind, _, rest = rest.partition("_")
    tail, _, secret = rest.partition("_")
    if (head, sent_kind) != ("sk", kind) or not secret.isascii():
        return None
    try:
        key_id = check_id(f"ak_{tail}", "ak", "key")
    except InputError:
        return None
    if not hmac.compare_digest(secret, world.keys.blind("api_key", f"{kind}:{key_id}")):
        return None
    row = world.store.row("api_key", key_id=key_id)
    if row is None or row["revoked_on"] is not None:
        return None
    return Actor(key_id, row["role"], row["entity"])


ISSUE_KEY = Flow("issue_api_key", frozenset({"admin", "system"}), IssueKey, _issue)
REVOKE_KEY = Flow("revoke_api_key", frozenset({"admin", "system"}), RevokeKey, _revoke)
