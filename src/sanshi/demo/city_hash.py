"""What a city comes to: one hash of all that happened and all that was booked, and counts.

In the hash: every event of every stream in order (kind, stage, entity, both dates, data), every
posting in order, each line of accruals, and each entity's balances. Left out is what belongs to one
installation and says nothing of the city: when the machine recorded it; the running numbers of
postings; the references that rail and identity verifier give, which are theirs; whatever is sealed
under keys that each folder has of its own, and the evidence log that one of these keys signs.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator
from typing import Any

from sanshi.flows.loans import file_of
from sanshi.flows.world import World
from sanshi.kernel.canonical import canonical_json
from sanshi.kernel.ids import PREFIXES
from sanshi.ledger.accruals import read
from sanshi.ports import Store

_PAGE = 5_000
_THEIRS = {"rail_reference"}
_THEIRS_OF = {"identified": {"reference"}}
_BOOKED = (
    "entity",
    "source",
    "component",
    "payer",
    "debit",
    "credit",
    "amount_fen",
    "value_date",
    "booking_date",
)
BUCKETS = ((0, "on time"), (30, "1-30"), (60, "31-60"), (90, "61-90"))


def city_hash(store: Store) -> str:
    """Return the hash of a whole city."""
    whole = hashlib.sha256()
    for part in _parts(store):
        for line in part:
            whole.update(canonical_json(line) + b"\n")
    return whole.hexdigest()


def _parts(store: Store) -> Iterator[Iterator[list[Any]]]:
    yield from (events_of(store), postings_of(store), accruals_of(store), balances_of(store))


def events_of(store: Store) -> Iterator[list[Any]]:
    """Return every event, stream by stream."""
    for row in store.rows("event", order_by=("stream", "version")):
        without = _THEIRS | _THEIRS_OF.get(row["kind"], set())
        data = {name: value for name, value in row["data"].items() if name not in without}
        dates = [row[name].isoformat() for name in ("value_date", "booking_date")]
        yield [
            row["stream"],
            row["version"],
            row["kind"],
            row["stage"],
            row["entity"],
            *dates,
            data,
        ]


def postings_of(store: Store) -> Iterator[list[Any]]:
    """Return every posting in the order in which they were made."""
    last = 0
    while page := store.rows(
        "posting", order_by=("posting_id",), after={"posting_id": last}, limit=_PAGE
    ):
        for row in page:
            yield [str(row[name]) for name in _BOOKED]
        last = page[-1]["posting_id"]


def accruals_of(store: Store) -> Iterator[list[Any]]:
    """Return what each close booked over columns, by shard and day."""
    for mark in store.rows("close_mark", order_by=("entity", "shard")):
        whose = {name: mark[name] for name in ("entity", "shard")}
        for row in store.rows("accrual", whose, order_by=("business_date",)):
            yield [
                *whose.values(),
                row["business_date"].isoformat(),
                read(row["lines"]).to_pylist(),
            ]


def balances_of(store: Store) -> Iterator[list[Any]]:
    """Return each entity's balance of each account."""
    for entity in sorted({row["entity"] for row in store.rows("stream")}):
        for account, (debit_fen, credit_fen) in store.balances(entity).items():
            yield [entity, account, debit_fen, credit_fen]


def stages_of(store: Store) -> dict[str, dict[str, int]]:
    """Count what stands at each stage, by kind of object."""
    counts: dict[str, Counter[str]] = {}
    for row in store.rows("stream"):
        kind = PREFIXES[row["stream"].partition("_")[0]]
        counts.setdefault(kind, Counter())[row["stage"]] += 1
    return {kind: dict(sorted(counts[kind].items())) for kind in sorted(counts)}


def overdue_of(world: World) -> dict[str, int]:
    """Count active loans by how many days they are past due."""
    day = world.clock.business_date()
    counts = dict.fromkeys([*(name for _, name in BUCKETS), "over 90"], 0)
    for row in world.store.in_stage("loan", "loan_id", ("active",), {}):
        counts[_bucket(file_of(world, row).on(day).days_past_due)] += 1
    return counts


def _bucket(days: int) -> str:
    return next((name for most, name in BUCKETS if days <= most), "over 90")
