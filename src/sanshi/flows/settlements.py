"""Settlements as a shop, or the lender that pays it, sees them."""

from __future__ import annotations

from sanshi.flows.listing import Kind, listed
from sanshi.flows.settling import lines_in
from sanshi.flows.world import Actor, Command, Decided, Flow, World
from sanshi.kernel.effects import Json
from sanshi.kernel.errors import NotFoundError
from sanshi.ledger.settlement import LINE_KINDS
from sanshi.ports import Record


class OneSettlement(Command):
    """The settlement that is meant."""

    settlement_id: str


def _view(world: World, actor: Actor, command: OneSettlement) -> Decided:
    row = world.store.row("settlement", settlement_id=command.settlement_id)
    # One of somebody else's is as if there were none.
    if row is None or actor.entity != row["merchant" if actor.role == "merchant" else "entity"]:
        raise NotFoundError(
            "settlement.unknown", "There is no such settlement.", field="settlement_id"
        )
    return Decided({**seen(world, row), "lines": lines_seen(world, row["settlement_id"])})


def lines_seen(world: World, settlement_id: str) -> list[dict[str, Json]]:
    """Return the lines of a settlement as one reads them: what one thing made stands together."""
    place = {kind: number for number, kind in enumerate(LINE_KINDS)}
    lines = sorted(
        lines_in(world, settlement_id),
        key=lambda line: (line["source"], line["number"], place[line["kind"]], line["line_id"]),
    )
    return [line_seen(line) for line in lines]


def line_seen(line: Record) -> dict[str, Json]:
    """Return a line as it is shown."""
    return {
        "line_id": line["line_id"],
        "kind": line["kind"],
        "source": line["source"],
        "amount_fen": line["amount_fen"],
        "due_on": line["due_on"].isoformat(),
    }


def seen(world: World, row: Record) -> dict[str, Json]:
    """Return a settlement as it is shown, without its lines."""
    return {
        "settlement_id": row["settlement_id"],
        "lender": row["entity"],
        "merchant": row["merchant"],
        "stage": world.store.standing(row["settlement_id"])[1],
        "settled_on": row["settled_on"].isoformat(),
        "paid_fen": row["paid_fen"],
        "carried_fen": row["carried_fen"],
    }


LIST_SETTLEMENTS = listed(
    "list_settlements", Kind("settlement", "settlement_id", "st", "merchant", seen)
)
VIEW_SETTLEMENT = Flow(
    "view_settlement", frozenset({"merchant", "servicing", "audit"}), OneSettlement, _view
)
