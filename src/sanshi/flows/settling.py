"""Settle with shops 商户结算: one batch a shop and day takes what is due and pays it.

What the rail refuses is due again with the next batch, and so is what a shop owes after refunds.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date

from sanshi.flows.entities import account_of, merchant_account
from sanshi.flows.orders import Order, ordered, slot
from sanshi.flows.payables import Source, kept
from sanshi.flows.people import must_be_entity
from sanshi.flows.steps import new, standing, today
from sanshi.flows.world import Actor, Command, Decided, Flow, World
from sanshi.kernel.effects import Effects, Insert, Json, Update
from sanshi.kernel.errors import InputError, NotFoundError
from sanshi.ledger.posting import Booking, bring_to
from sanshi.ledger.settlement import Batch, Line, batch_of, left_behind
from sanshi.ports import Record

KEPT: Mapping[str, tuple[str, int]] = {
    "fee": ("merchant_fee", -1),
    "fee_vat": ("merchant_fee_vat", -1),
    "reserve_held": ("reserve_held", -1),
    "reserve_released": ("reserve_released", 1),
}
"""Kind of line → the component that books it, and the sign of its amount there."""


class SettleMerchant(Command):
    """Whose debts, to which shop, are settled as of today."""

    entity: str
    merchant: str


def _decide(world: World, actor: Actor, command: SettleMerchant) -> Decided:
    must_be_entity(actor, command.entity)
    if command.merchant not in world.catalogue.merchants:
        raise InputError(
            "settlement.merchant",
            f"There is no shop {command.merchant!r}.",
            field="merchant",
            fix=f"Known: {', '.join(sorted(world.catalogue.merchants))}.",
        )
    day = world.clock.business_date()
    whose = {"entity": command.entity, "merchant": command.merchant}
    done = world.store.row("settlement", **whose, settled_on=day)
    if done is not None:
        return Decided(_answer(done))
    rows = [row for row in open_lines(world, **whose) if row["due_on"] <= day]
    if not rows:
        return Decided({"settlement_id": None, "paid_fen": 0, "carried_fen": 0})
    return _settled(world, command, rows)


def _settled(world: World, command: SettleMerchant, rows: list[Record]) -> Decided:
    """Take the lines, order what they come to, and leave what is negative to the next batch."""
    day, batch = world.clock.business_date(), batch_of(map(line_of, rows))
    settlement: dict[str, Json] = {
        "settlement_id": world.ids.new("st"),
        "entity": command.entity,
        "merchant": command.merchant,
        "settled_on": day,
        "paid_fen": batch.paid_fen,
        "carried_fen": batch.carried_fen,
    }
    effects = _made(world, settlement) + _left(world, settlement, batch, failed=False)
    taken = tuple(
        # Only while it is open: no line is ever taken by two batches.
        Update(
            "settlement_line",
            {"line_id": row["line_id"], "settlement_id": None},
            {"settlement_id": settlement["settlement_id"]},
        )
        for row in rows
    )
    booking = Booking(command.entity, settlement["settlement_id"], day, day, world.chart)
    target = components(settlement, rows, failed=False)
    booked = Effects(rows=taken, postings=bring_to(target, {}, booking))
    return Decided(_answer(settlement), effects + booked)


def _made(world: World, settlement: Mapping[str, Json]) -> Effects:
    """Return the new settlement and, if there is anything to pay, its payment."""
    settlement_id, paid_fen = settlement["settlement_id"], settlement["paid_fen"]
    merchant = settlement["merchant"]
    at = new("settlement", settlement_id, settlement["entity"])
    row = Effects(rows=(Insert("settlement", settlement),))
    if not paid_fen:
        return row + today(world, at, "made", "carried", merchant=merchant)
    order = Order(
        at,
        "pay",
        paid_fen,
        "settlement",
        payer=account_of(world, settlement["entity"]),
        payee=merchant_account(world, merchant),
    )
    payment_id, effects = ordered(world, order)
    step = today(world, at, "made", "ordered", merchant=merchant, payment_id=payment_id)
    # The settlement is as new as its one payment: nobody else can have ordered one, and its
    # place is taken from the first.
    place = Insert("counter", {"counter": slot(settlement_id), "remaining": 0})
    return row + step + replace(effects, guards=()) + Effects(rows=(place,))


def _left(world: World, settlement: Mapping[str, Json], batch: Batch, *, failed: bool) -> Effects:
    """Return the line by which the next batch takes up what this one could not do."""
    line = left_behind(batch, world.clock.business_date(), failed=failed)
    if line is None:
        return Effects()
    whose = (settlement["entity"], settlement["merchant"], settlement["settlement_id"])
    return kept(world, Source(*whose), (line,))


def settlement_paid(world: World, payment: Record) -> Effects:
    """Return what follows when the rail has paid a shop."""
    at = standing(world, "settlement", payment["subject"], payment["entity"])
    return today(world, at, "paid", payment_id=payment["payment_id"])


def settlement_failed(world: World, payment: Record) -> Effects:
    """Return what follows when the rail refused: the shop is owed it still, and paid next time."""
    row = settlement_row(world, payment["subject"])
    at = standing(world, "settlement", row["settlement_id"], row["entity"])
    day = world.clock.business_date()
    booking = Booking(row["entity"], row["settlement_id"], day, day, world.chart)
    lines = lines_in(world, row["settlement_id"])
    posted = world.store.posted(row["settlement_id"])
    undone = bring_to(components(row, lines, failed=True), posted, booking)
    batch = Batch(row["paid_fen"], row["carried_fen"])
    step = today(world, at, "failed", payment_id=payment["payment_id"])
    return step + _left(world, row, batch, failed=True) + Effects(postings=undone)


def components(
    settlement: Mapping[str, Json], lines: Iterable[Record], *, failed: bool
) -> dict[tuple[str, str], int]:
    """Return what the books should say of a settlement with these lines."""
    merchant = settlement["merchant"]
    sums = {("settlement_paid", merchant): 0 if failed else settlement["paid_fen"]}
    for line in lines:
        if line["kind"] in KEPT:
            component, sign = KEPT[line["kind"]]
            key = (component, merchant)
            sums[key] = sums.get(key, 0) + sign * line["amount_fen"]
    return sums


def open_lines(world: World, entity: str, merchant: str) -> tuple[Record, ...]:
    """Return the lines of a shop that no batch has taken, oldest first."""
    where = {"entity": entity, "merchant": merchant, "settlement_id": None}
    return world.store.rows("settlement_line", where, order_by=("line_id",))


def shops_due(world: World, entity: str, day: date) -> list[str]:
    """Return the shops to which something is due by a day, in order of name."""
    waiting = world.store.rows("settlement_line", {"entity": entity, "settlement_id": None})
    return sorted({row["merchant"] for row in waiting if row["due_on"] <= day})


def lines_in(world: World, settlement_id: str) -> tuple[Record, ...]:
    """Return the lines that a settlement took, oldest first."""
    where = {"settlement_id": settlement_id}
    return world.store.rows("settlement_line", where, order_by=("line_id",))


def line_of(row: Record) -> Line:
    """Return a line as the ledger has it."""
    return Line(row["kind"], row["amount_fen"], row["due_on"])


def settlement_row(world: World, settlement_id: str) -> Record:
    """Return a settlement's row."""
    row = world.store.row("settlement", settlement_id=settlement_id)
    if row is None:
        raise NotFoundError(
            "settlement.unknown", "There is no such settlement.", field="settlement_id"
        )
    return row


def _answer(row: Mapping[str, Json]) -> dict[str, Json]:
    return {name: row[name] for name in ("settlement_id", "paid_fen", "carried_fen")}


SETTLE = Flow("settle_merchant", frozenset({"servicing", "system"}), SettleMerchant, _decide)
