"""Decision policies as they were: kept with their first decision, so that any can be replayed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sanshi.decision.policy import CompiledPolicy, compile_policy, policy_from_json
from sanshi.flows.world import World
from sanshi.kernel.effects import Cell, Effects, Insert


def kept(world: World, policy: CompiledPolicy) -> Effects:
    """Return the effects that keep a policy; nothing if this very version is kept already."""
    key = _hash(policy)
    if world.store.row("policy_version", policy_hash=key) is not None:
        return Effects()
    row: dict[str, Cell] = {
        "policy_hash": key,
        "body": policy.source.model_dump(mode="json", by_alias=True),
        "kept_on": world.clock.business_date(),
    }
    return Effects(rows=(Insert("policy_version", row),))


def policy_then(world: World, entity: str, trace: Mapping[str, Any]) -> CompiledPolicy:
    """Return the policy by which a decision was made, as it was then.

    One that was never kept is another's: then today's policy shows up as the difference.
    """
    now = world.policies[entity]
    used = next((part["content_hash"] for part in trace["parts"] if part["kind"] == "policy"), "")
    if used == _hash(now):
        return now
    row = world.store.row("policy_version", policy_hash=used)
    return now if row is None else compile_policy(policy_from_json(row["body"]))


def _hash(policy: CompiledPolicy) -> str:
    return next(part.content_hash for part in policy.parts if part.kind == "policy")
