"""Settlements as a shop, or the lender that pays it, sees them."""

from __future__ import annotations

from sanshi.flows.listing import Kind, listed
from sanshi.flows.settling import lines_in
from sanshi.flows.world import Actor, Command, Decided, Flow, World
from sanshi.kernel.effects import Json
from sanshi.kernel.errors import NotFoundError
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
    lines = [
        {
            "line_id": line["line_id"],
            "kind": line["kind"],
            "source": line["source"],
            "amount_fen": line["amount_fen"],
            "due_on": line["due_on"].isoformat(),
        }
        for line in lines_in(world, row["settlement_id"])
    ]
    return Decided({**_seen(world, row), "lines": lines})


def _seen(world: World, row: Record) -> dict[str, Json]:
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
    "list_settlements", Kind("settlement", "settlement_id", "st", "merchant", _seen)
)
VIEW_SETTLEMENT = Flow(
    "view_settlement", frozenset({"merchant", "servicing"}), OneSettlement, _view
)
