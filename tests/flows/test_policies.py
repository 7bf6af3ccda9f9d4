"""A decision is replayed by the policy of its day, also when the packs have moved on."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, cast

from sanshi.decision.policy import compile_policy, policy_from_json
from sanshi.flows.deciding import REPLAY
from sanshi.flows.perform import perform
from sanshi.flows.world import World
from sanshi.ports import Store
from worlds import LENDER, LIXIA, XIAOMAN, Desk, staff


def with_next_version(world: World) -> World:
    """Return the world after the lender has put another version of its policy in force."""
    now = world.policies[LENDER]
    body = now.source.model_dump(mode="json", by_alias=True)
    body["version"] += 1
    body["rules"]["version"] += 1
    return replace(
        world, policies={**world.policies, LENDER: compile_policy(policy_from_json(body))}
    )


def decided(desk: Desk, world: World, application_id: str) -> str:
    flow = staff("risk")
    desk.world = world
    return str(desk.do("decide_application", flow, application_id=application_id)["decision_id"])


def test_a_policy_survives_being_kept(desk: Desk) -> None:
    for policy in desk.world.policies.values():
        again = compile_policy(
            policy_from_json(policy.source.model_dump(mode="json", by_alias=True))
        )
        assert again.parts == policy.parts


def test_decisions_of_both_versions_replay_after_the_change(desk: Desk) -> None:
    before = desk.world
    after = with_next_version(before)
    first = decided(desk, before, desk.applied(desk.person(XIAOMAN)))
    second = decided(desk, after, desk.applied(desk.person(LIXIA)))
    for world in (before, after):
        for decision_id in (first, second):
            answer = perform(world, staff("audit"), REPLAY, {"decision_id": decision_id})
            assert answer == {"same": True, "differences": []}
    assert len(before.store.rows("policy_version")) == 2


def test_a_policy_that_is_gone_shows_up_as_the_difference(desk: Desk) -> None:
    decision_id = decided(desk, desk.world, desk.applied(desk.person(XIAOMAN)))
    after = with_next_version(desk.world)

    class Forgetful:
        def row(self, table: str, **key: Any) -> object:  # noqa: ANN401 - a cell
            return None if table == "policy_version" else after.store.row(table, **key)

        def __getattr__(self, name: str) -> object:
            return getattr(after.store, name)

    world = replace(after, store=cast("Store", Forgetful()))
    answer = perform(world, staff("audit"), REPLAY, {"decision_id": decision_id})
    assert not answer["same"]
    assert "parts[0].content_hash" in {found["path"] for found in answer["differences"]}
