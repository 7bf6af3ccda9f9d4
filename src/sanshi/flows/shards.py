"""Shards: parts of a lender's book, each small enough to be closed in one short turn.

A shard takes the loans that are signed while it is the newest, and is full one day; the close
works through as many as the book has. Its mark says up to which day it is closed.
"""

from __future__ import annotations

from datetime import date, timedelta

from sanshi.flows.world import World
from sanshi.kernel.effects import Cell, Effects, Exists, Insert
from sanshi.kernel.errors import ImpossibleError


def shard_of_next_loan(world: World) -> int:
    """Return where the next loan to be signed belongs, by how many there are.

    Signed at the same moment, a few more than a shard's share may come to one.
    """
    newest = world.store.rows("position", order_by=("loan",), newest_first=True, limit=1)
    signed = newest[0]["loan"] if newest else 0
    return int(signed // world.loans_per_shard)


def begun(world: World, entity: str, shard: int) -> Effects:
    """Return what begins a lender's shard with its first loan: on days before, it had nothing.

    Not on a day that is over by then, for its close has counted the shards.
    """
    where: dict[str, Cell] = {"entity": entity, "shard": shard}
    if world.store.row("close_mark", **where) is not None:
        return Effects()
    today = world.clock.business_date()
    still = Exists("business_day", {"name": "open", "open_date": today}, "shared")
    mark: dict[str, Cell] = {**where, "closed_to": today - timedelta(days=1)}
    return Effects(guards=(still,), rows=(Insert("close_mark", mark),))


def closed_shards(world: World, entity: str) -> dict[int, date]:
    """Return up to which day each of a lender's shards is closed; `date.min` if none was."""
    marks = world.store.rows("close_mark", {"entity": entity}, order_by=("shard",))
    return {mark["shard"]: mark["closed_to"] or date.min for mark in marks}


def marked(world: World, entity: str, shard: int) -> tuple[date | None, Effects]:
    """Return how far a shard is closed, and what holds it there while a loan is booked."""
    where: dict[str, Cell] = {"entity": entity, "shard": shard}
    mark = world.store.row("close_mark", **where)
    if mark is None:
        raise ImpossibleError("close.no_mark", f"Nothing says how far {entity}/{shard} is closed.")
    held = Exists("close_mark", {**where, "closed_to": mark["closed_to"]}, "shared")
    return mark["closed_to"], Effects(guards=(held,))
