"""What waits in the outbox: read page by page, and claimed before it is sent."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from sanshi.flows.world import World
from sanshi.kernel.effects import Applied, Effects, Update
from sanshi.ports import Record

_PAGE = 100


def waiting(world: World, topic: str) -> Iterator[Record]:
    """Read all that waits under a topic, oldest first, whether or not it is due."""
    where = {"status": "waiting", "topic": topic}
    last = ""
    while page := world.store.rows(
        "outbox", where, order_by=("message_id",), after={"message_id": last}, limit=_PAGE
    ):
        yield from page
        last = page[-1]["message_id"]


def due(world: World, topic: str) -> Iterator[Record]:
    """Read what is due; what waits for a retry holds up nobody else."""
    now = world.clock.now()
    return (message for message in waiting(world, topic) if message["next_attempt_at"] <= now)


def claim(world: World, message: Record, again_after: timedelta) -> bool:
    """Mark the attempt before it is made; whoever loses the race leaves it alone.

    Should nobody come back from the attempt, the message is due again after that time.
    """
    attempts = message["attempts"]
    key = {"message_id": message["message_id"], "attempts": attempts, "status": "waiting"}
    values = {"attempts": attempts + 1, "next_attempt_at": world.clock.now() + again_after}
    return isinstance(world.store.apply(Effects(rows=(Update("outbox", key, values),))), Applied)
