"""Notices on their way to shops: at least once, in order while all goes well, given up at last.

Every address has its own turn in a round, beside the others, so a slow shop holds up nobody. A
turn ends with the first failure. What failed once holds back what came after it until it is
tried again, seconds later, so a short fault mixes up no order; after that, the rest goes ahead.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

import structlog

from sanshi.flows.notices import SEND
from sanshi.flows.perform import perform
from sanshi.flows.webhooks import REMOVE_ENDPOINT, notice_json, signing_secret
from sanshi.flows.world import World
from sanshi.jobs.outbox import JOB
from sanshi.jobs.waiting import claim, waiting
from sanshi.kernel.canonical import canonical_json
from sanshi.kernel.effects import Applied, Cell, Effects, Update
from sanshi.ports import Letter, Record, ShopAnswer

SCHEDULE = (
    timedelta(seconds=5),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=5),
    timedelta(hours=10),
    timedelta(hours=14),
    timedelta(hours=20),
    timedelta(hours=24),
)
"""How long after each failure the next attempt is: the example of Standard Webhooks."""

CLAIM = timedelta(seconds=60)
"""Longer than an attempt may take: until then nobody else makes it."""

TURN = 10
"""Messages for one address in a round."""

PATIENCE = timedelta(seconds=10)
"""An address that took this long begins nothing more in its turn."""

WORKERS = 8
"""Addresses that are spoken to at the same time."""

Send = Callable[[Letter], ShopAnswer]

log = structlog.get_logger()


@dataclass(slots=True)
class Told:
    """What a round did: messages taken by shops, to be tried again, and given up."""

    sent: int = 0
    failed: int = 0
    given_up: int = 0

    def add(self, other: Told) -> None:
        """Add what another part of the round did."""
        self.sent += other.sent
        self.failed += other.failed
        self.given_up += other.given_up


def deliver_notices(world: World, send: Send, *, limit: int = 100) -> Told:
    """Send notices that wait and are due, `limit` at most; each with its own commits."""
    turns, unwanted = _sorted_out(world, limit)
    done = Told(given_up=sum(_give_up(world, message) for message in unwanted))
    with ThreadPoolExecutor(WORKERS, thread_name_prefix="notices") as pool:
        for part in pool.map(partial(_turn, world, send), turns):
            done.add(part)
    return done


def _sorted_out(world: World, limit: int) -> tuple[Sequence[Sequence[Record]], Sequence[Record]]:
    """Return what is due for each address, in order, and what nobody wants any more."""
    now = world.clock.now()
    usable: dict[str, bool] = {}
    turns: dict[str, list[Record]] = {}
    held: set[str] = set()
    unwanted: list[Record] = []
    chosen = 0
    for message in waiting(world, SEND):
        to = message["payload"]["endpoint_id"]
        if to not in usable:
            usable[to] = _endpoint(world, to) is not None
        turn = turns.setdefault(to, [])
        if not usable[to]:
            unwanted.append(message)
        elif message["next_attempt_at"] > now:
            if message["attempts"] == 1:  # under way, or soon tried again: the rest comes after it
                held.add(to)
        elif to not in held and len(turn) < TURN and chosen < limit:
            turn.append(message)
            chosen += 1
    return [turn for turn in turns.values() if turn], unwanted


def _turn(world: World, send: Send, messages: Sequence[Record]) -> Told:
    """Send an address what is due for it, up to the first failure."""
    done = Told()
    end = world.clock.now() + PATIENCE
    for message in messages:
        if world.clock.now() >= end or not claim(world, message, CLAIM):
            break  # it is slow, or somebody else is at it: going on would overtake them
        letter = _letter(world, message)
        if letter is None:
            done.given_up += _give_up(world, message)
            continue
        answer = send(letter)
        if answer.status == "delivered":
            _mark(world, {"message_id": message["message_id"]}, {"status": "sent"})
            done.sent += 1
            continue
        about = message["payload"]
        log.warning("notice_not_taken", **about, attempt=message["attempts"] + 1, why=answer.reason)
        done.add(_not_taken(world, message, answer))
        break
    return done


def _not_taken(world: World, message: Record, answer: ShopAnswer) -> Told:
    """Plan the next attempt, or give up: this message after the last, all of them if it is gone."""
    if answer.status == "gone":
        return Told(given_up=_gone(world, message["payload"]["endpoint_id"]))
    tried = message["attempts"] + 1
    if tried > len(SCHEDULE):
        return Told(given_up=_give_up(world, message))
    key = {"message_id": message["message_id"], "attempts": tried, "status": "waiting"}
    _mark(world, key, {"next_attempt_at": world.clock.now() + SCHEDULE[tried - 1]})
    return Told(failed=1)


def _gone(world: World, endpoint_id: str) -> int:
    """Take an address out of use; return how many messages for it are given up."""
    perform(world, JOB, REMOVE_ENDPOINT, {"endpoint_id": endpoint_id})
    return sum(
        _give_up(world, message)
        for message in waiting(world, SEND)
        if message["payload"]["endpoint_id"] == endpoint_id
    )


def _letter(world: World, message: Record) -> Letter | None:
    """Return what is to be sent; None if its address is no longer used."""
    endpoint_id, notice_id = message["payload"]["endpoint_id"], message["payload"]["notice_id"]
    endpoint = _endpoint(world, endpoint_id)
    notice = world.store.row("notice", notice_id=notice_id)
    if endpoint is None or notice is None:
        return None
    if notice["entity"] != endpoint["entity"]:
        log.error("notice_of_another_shop", notice_id=notice_id, endpoint_id=endpoint_id)
        return None
    return Letter(
        message_id=notice_id,
        url=endpoint["url"],
        secret=signing_secret(world, endpoint_id),
        body=canonical_json(notice_json(notice)),
    )


def _endpoint(world: World, endpoint_id: str) -> Record | None:
    """Return an address that is in use."""
    row = world.store.row("webhook_endpoint", endpoint_id=endpoint_id)
    return row if row is not None and row["disabled_on"] is None else None


def _give_up(world: World, message: Record) -> int:
    """Mark a message that is not sent any more; 1, unless it was sent or marked meanwhile."""
    key = {"message_id": message["message_id"], "status": "waiting"}
    return int(_mark(world, key, {"status": "given_up"}))


def _mark(world: World, key: Mapping[str, Cell], values: Mapping[str, Cell]) -> bool:
    mark = Update("outbox", key, values)
    return isinstance(world.store.apply(Effects(rows=(mark,))), Applied)
