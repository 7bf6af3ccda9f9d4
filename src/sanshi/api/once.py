"""Once: what is more than one flow is done once for a key, and answered the same for ever."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from sanshi.flows.world import Actor, World
from sanshi.kernel.canonical import digest
from sanshi.kernel.effects import Applied, Effects, Json, Unique, Update
from sanshi.kernel.errors import ConflictError

Answer = Mapping[str, Json]


@dataclass(frozen=True, slots=True)
class Attempt:
    """Who wants what done, under which key, and what exactly was asked."""

    world: World
    actor: Actor
    what: str
    key: str
    request: Answer


def once(attempt: Attempt, work: Callable[[], Answer]) -> Answer:
    """Do some work for a key; whoever comes while it is done is told to come again.

    Work that fails leaves the key to be used again. Work that is cut short by the end of the
    process leaves it taken: nobody can know how far it came.
    """
    world = attempt.world
    asked = digest(dict(attempt.request))
    place = {"scope": f"{attempt.what}:{attempt.actor.entity}", "key": attempt.key}
    taken = world.store.apply(Effects(guards=(Unique(**place, request_hash=asked, answer=None),)))
    if not isinstance(taken, Applied):
        return _earlier(world, place, asked)
    try:
        answer = dict(work())
    except BaseException:
        aside = f"{attempt.key} failed {world.ids.new('rn')}"
        world.store.apply(Effects(rows=(Update("used_key", place, {"key": aside}),)))
        raise
    world.store.apply(Effects(rows=(Update("used_key", place, {"answer": answer}),)))
    return answer


def _earlier(world: World, place: Mapping[str, str], asked: str) -> Answer:
    used = world.store.row("used_key", **place)
    if used is None or used["answer"] is None:
        raise ConflictError(
            "idempotency.under_way",
            "The first request with this key is still being worked on.",
            field="Idempotency-Key",
            fix="Send it again in a moment.",
        )
    if used["request_hash"] != asked:
        raise ConflictError(
            "idempotency.key_reused",
            "This Idempotency-Key was used for a different request.",
            field="Idempotency-Key",
            fix="Use a new key for a new request.",
        )
    answer: Answer = used["answer"]
    return answer
