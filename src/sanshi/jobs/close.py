"""The day's end: direct debits, settlement, date switch 日切, close 日终, reconciliation 对账."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from sanshi.flows.closing import CLOSE_SHARD, FINISH, SWITCH
from sanshi.flows.entities import entities
from sanshi.flows.paying import PAY
from sanshi.flows.perform import perform
from sanshi.flows.reconciling import RECONCILE
from sanshi.flows.sealing import SEAL_DAY
from sanshi.flows.settling import SETTLE, shops_due
from sanshi.flows.shards import closed_shards
from sanshi.flows.subsidies import GRANT_SUBSIDIES
from sanshi.flows.world import World
from sanshi.jobs.outbox import JOB
from sanshi.kernel.errors import ConflictError

_NOTHING_TO_COLLECT = {"conflict.counter", "loan.not_active"}
"""An order is under way, or the loan was settled since the list was read."""

Progress = Callable[[str, int, int], None]
"""Called with (what, done, of all) as long work goes on."""


def silent(_what: str, _done: int, _total: int) -> None:
    """Report nothing."""


def collect_due(world: World, entity: str, progress: Progress = silent) -> int:
    """Settle interest, then order the direct debit of what is due today.

    Subsidies come first, so that nobody is asked for what others pay. Loans with an order under
    way are left.
    """
    loans = world.store.in_stage("loan", "loan_id", ("active",), {"entity": entity})
    for shard in sorted({loan["shard"] for loan in loans}):
        perform(world, JOB, GRANT_SUBSIDIES, {"entity": entity, "shard": shard})
    ordered = 0
    for number, loan in enumerate(loans, start=1):
        try:
            answer = perform(world, JOB, PAY, {"loan_id": loan["loan_id"]})
            ordered += answer["payment_id"] is not None
        except ConflictError as error:
            if error.code not in _NOTHING_TO_COLLECT:
                raise
        progress("collect", number, len(loans))
    return ordered


def settle_shops(world: World, entity: str) -> int:
    """Settle with every shop to which something is due today; a day that was settled stays so."""
    shops = shops_due(world, entity, world.clock.business_date())
    for shop in shops:
        perform(world, JOB, SETTLE, {"entity": entity, "merchant": shop})
    return len(shops)


def close_day(
    world: World, day: date, progress: Progress = silent, only: Sequence[str] = ()
) -> dict[str, Any]:
    """Settle with shops, switch the date, close and seal every entity's books, reconcile payments.

    `only` names the entities to close now; the others' books stay open for that day.
    Safe to repeat: what is done stays done, and a run that was cut short goes on where it was.
    """
    everyone = only or entities(world)
    if world.clock.business_date() <= day:  # not when a run that was cut short goes on
        for entity in everyone:
            settle_shops(world, entity)
    perform(world, JOB, SWITCH, {"business_date": day.isoformat()})
    report: dict[str, Any] = {"business_date": day.isoformat(), "entities": {}}
    shards, closed = sum(len(closed_shards(world, entity)) for entity in everyone), 0
    for entity in everyone:
        totals = {"loans": 0, "debit_fen": 0, "quarantined": 0}
        for shard in closed_shards(world, entity):
            request = {"entity": entity, "business_date": day.isoformat(), "shard": shard}
            done = perform(world, JOB, CLOSE_SHARD, request)
            totals = {name: totals[name] + done[name] for name in totals}
            closed += 1
            progress("close", closed, max(closed, shards))
        whose = {"entity": entity, "business_date": day.isoformat()}
        perform(world, JOB, FINISH, whose)
        perform(world, JOB, SEAL_DAY, whose)
        report["entities"][entity] = {**totals, "reconciliation": _reconcile(world, entity, day)}
    return report


def _reconcile(world: World, entity: str, day: date) -> dict[str, Any]:
    """Reconcile earlier days whose payments were heard of too late, then the day itself."""
    heard = world.store.in_stage("payment", "payment_id", ("succeeded",), {"entity": entity})
    earlier = {row["value_date"] for row in heard if row["value_date"] < day}
    agreed: dict[str, Any] = {}
    for value_date in (*sorted(earlier), day):
        request = {"entity": entity, "value_date": value_date.isoformat()}
        agreed = dict(perform(world, JOB, RECONCILE, request))
    return agreed
