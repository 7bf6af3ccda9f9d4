"""Days that pass in a sandbox: what a lender's day holds, until a date is reached."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, timedelta
from typing import Any

from sanshi.connectors.clock import Moving
from sanshi.connectors.sandbox.control import SandboxControl
from sanshi.flows.entities import entities
from sanshi.flows.world import World
from sanshi.jobs.close import close_day, collect_due
from sanshi.jobs.outbox import deliver, enquire_open
from sanshi.jobs.sweep import sweep
from sanshi.kernel.effects import Cell, Effects, Update

Passed = Callable[[date], None]
"""Called after each day."""


@contextmanager
def logins_kept(world: World) -> Iterator[None]:
    """Let logins move with a sandbox's clock: nobody is signed out by a day that they let pass."""
    before, day = world.clock.now(), world.clock.business_date()
    rows = world.store.rows("login", {"ended_at": None})
    still = [row for row in rows if row["expires_at"] > before]
    yield
    moved = world.clock.business_date() - day
    for row in still:
        times: dict[str, Cell] = {name: row[name] + moved for name in ("opened_at", "expires_at")}
        update = Update("login", {"login_id": row["login_id"]}, {**times, "ended_at": None})
        world.store.apply(Effects(rows=(update,)))


def live_through(
    world: World,
    time: Moving,
    outside: SandboxControl,
    last: date,
    *,
    only: Sequence[str] = (),
    passed: Passed = lambda _day: None,
) -> dict[str, Any]:
    """Live through each day up to and including `last`; returns the report of the last close.

    Direct debits are ordered, sent and enquired, then the day is closed and reconciled. `only`
    names the entities that take part; all do if it is left out.
    """
    report: dict[str, Any] = {}
    involved = only or entities(world)
    outside.set_date(world.clock.business_date())
    while (day := world.clock.business_date()) <= last:
        sweep(world)
        for entity in involved:
            if entity in world.catalogue.lenders:
                collect_due(world, entity)
        deliver(world)
        for entity in involved:
            enquire_open(world, entity)
        report = close_day(world, day, only=only)
        time.move(days=1)
        outside.set_date(day + timedelta(days=1))
        passed(day)
    return report
