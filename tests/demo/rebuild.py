"""A city worked out again from its events alone: stages, and what the books should hold."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from accrued import by_loan
from charts import LEGS
from sanshi.benefit.given import components as given_components
from sanshi.flows.world import World
from sanshi.kernel.effects import Event
from sanshi.life import LIVES, NEW
from sanshi.loan.books import components
from sanshi.loan.fold import fold
from sanshi.quote.terms import LoanTerms

KINDS = {
    "ps": "person",
    "qt": "quote",
    "cn": "consent",
    "ap": "application",
    "ct": "contract",
    "ln": "loan",
    "se": "session",
    "py": "payment",
    "cs": "case",
    "vo": "voucher",
    "rd": "redemption",
    "cl": "claim",
}
"""Prefix of a stream → whose life it is."""

Books = Counter[tuple[str, str, str, str, str]]
"""(entity, source, component, payer, account) → signed fen."""


def streams(world: World) -> dict[str, tuple[Event, ...]]:
    names = [row["stream"] for row in world.store.rows("stream", order_by=("stream",))]
    return {name: world.store.events(name) for name in names}


def stages(events: Mapping[str, tuple[Event, ...]]) -> dict[str, str]:
    """Walk every life from its first event; fails where one could not have been lived."""
    standing = {}
    for name, lived in events.items():
        stage = NEW
        for event in lived:
            assert event.stage in LIVES[KINDS[name[:2]]][stage][event.kind], (name, event)
            stage = event.stage
        standing[name] = stage
    return standing


def books(world: World, events: Mapping[str, tuple[Event, ...]]) -> Books:
    """Return what every entity's books should hold, worked out from events."""
    held: Books = Counter()
    for entity, source, component, payer, fen in _amounts(world, events):
        debit, credit = LEGS[component]
        held[entity, source, component, payer, debit] += fen
        held[entity, source, component, payer, credit] -= fen
    return Counter({key: fen for key, fen in held.items() if fen})


def stored_books(world: World) -> Books:
    """Return what was posted, as the cumulative rows have it."""
    names = ("entity", "source", "component", "payer", "account")
    rows = world.store.rows("posted")
    held: Books = Counter({tuple(row[n] for n in names): row["amount_fen"] for row in rows})
    return _with_accruals(world, held)


def summed_books(world: World) -> Books:
    """Return what was posted, added up from every single posting."""
    held: Books = Counter()
    for row in world.store.rows("posting"):
        where = (row["entity"], row["source"], row["component"], row["payer"])
        held[*where, row["debit"]] += row["amount_fen"]
        held[*where, row["credit"]] -= row["amount_fen"]
    return _with_accruals(world, held)


def _with_accruals(world: World, held: Books) -> Books:
    """Give each loan what closes booked of it; nothing may be left under a shard."""
    files = [(r["entity"], r["shard"], r["lines"]) for r in world.store.rows("accrual")]
    loan_ids = {row["loan"]: row["loan_id"] for row in world.store.rows("position")}
    held.update(by_loan(files, loan_ids))
    return Counter({key: fen for key, fen in held.items() if fen})


Amount = tuple[str, str, str, str, int]


def _amounts(world: World, events: Mapping[str, tuple[Event, ...]]) -> Iterator[Amount]:
    closed = {
        row["name"].removeprefix("closed:"): row["open_date"]
        for row in world.store.rows("business_day")
    }
    terms = {row["loan_id"]: row["terms"] for row in world.store.rows("loan")}
    payments = {row["payment_id"]: row for row in world.store.rows("payment")}
    claims = {row["claim_id"]: row for row in world.store.rows("claim")}
    for name, lived in events.items():
        entity, kind = lived[0].entity, KINDS[name[:2]]
        if kind == "loan":
            state = fold(LoanTerms.from_json(terms[name]), lived, _booked_to(lived, closed))
            yield from _under(entity, name, components(state))
        elif kind == "redemption":
            yield from _under(entity, name, given_components(lived))
        elif kind == "claim" and lived[-1].stage == "paid":
            row = claims[name]
            yield entity, name, "claim_paid", row["funder"], row["amount_fen"]
        elif kind == "payment":
            yield from _paid(entity, name, lived, payments[name])


def _booked_to(lived: tuple[Event, ...], closed: Mapping[str, date]) -> date:
    """Return the day to which a loan's books are brought: the last event's, or the last close."""
    return max(lived[-1].booking_date, closed[lived[0].entity])


def _under(entity: str, name: str, sums: Mapping[tuple[str, str], int]) -> Iterator[Amount]:
    for (component, payer), fen in sums.items():
        yield entity, name, component, payer, fen


def _paid(
    entity: str, name: str, lived: tuple[Event, ...], row: Mapping[str, Any]
) -> Iterator[Amount]:
    stage = lived[-1].stage
    if stage == "settled":
        component = "settled_in" if row["kind"] == "collect" else "settled_out"
        yield entity, name, component, "rail", row["amount_fen"]
    if row["purpose"] == "merchant" and stage != "failed":
        yield entity, name, "merchant_paid", str(lived[0].data["merchant"]), row["amount_fen"]


def reached(events: Mapping[str, tuple[Event, ...]]) -> dict[str, set[str]]:
    """Return every stage that was reached, by life."""
    found: dict[str, set[str]] = defaultdict(set)
    for name, lived in events.items():
        found[KINDS[name[:2]]] |= {event.stage for event in lived}
    return dict(found)
