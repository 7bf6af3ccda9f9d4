"""One settlement with a shop on the desk: what it comes to, its lines, payments and postings."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Annotated

from pydantic import Field

from sanshi.flows.desk_books import events_of, with_stage
from sanshi.flows.desk_lists import MAX_OFFSET, MAX_ROWS, SETTLEMENTS
from sanshi.flows.desk_loans import own_row, postings_of, staged_rows
from sanshi.flows.desk_rows import payment_row, settlement_row
from sanshi.flows.settlements import OneSettlement, line_seen, lines_seen
from sanshi.flows.world import Actor, Decided, Flow, World
from sanshi.kernel.effects import Json
from sanshi.ledger.settlement import LINE_KINDS


class DeskSettlement(OneSettlement):
    """The settlement to look at, and which part of its lines."""

    offset: Annotated[int, Field(ge=0, le=MAX_OFFSET)] = 0
    limit: Annotated[int, Field(ge=1, le=MAX_ROWS)] = 50


def _decide(world: World, actor: Actor, command: DeskSettlement) -> Decided:
    row = own_row(world, actor, "settlement", "settlement_id", command.settlement_id)
    settlement_id = row["settlement_id"]
    lines = lines_seen(world, settlement_id)
    payments = staged_rows(world, "payment", "payment_id", {"subject": settlement_id})
    sources = (settlement_id, *(one["payment_id"] for one in payments))
    return Decided(
        {
            **settlement_row(world, actor, with_stage(world, row, "settlement_id")),
            "totals": _totals(lines),
            "lines": lines[command.offset : command.offset + command.limit],
            "total": len(lines),
            "offset": command.offset,
            "left": _left(world, settlement_id),
            "events": events_of(world, settlement_id),
            "payments": [payment_row(world, actor, one) for one in payments],
            "postings": postings_of(world, actor, sources),
        }
    )


def _totals(lines: Iterable[Mapping[str, Json]]) -> list[Json]:
    """Count and add up the lines by kind; a kind without lines is there with nothing."""
    counts, sums_fen = dict.fromkeys(LINE_KINDS, 0), dict.fromkeys(LINE_KINDS, 0)
    for line in lines:
        counts[line["kind"]] += 1
        sums_fen[line["kind"]] += line["amount_fen"]
    return [
        {"kind": kind, "count": counts[kind], "amount_fen": sums_fen[kind]} for kind in LINE_KINDS
    ]


def _left(world: World, settlement_id: str) -> Json:
    """Return the line that this batch left to the next, and which batch took it, if any has."""
    for line in world.store.rows("settlement_line", {"source": settlement_id}):
        return {**line_seen(line), "taken_by": line["settlement_id"] or ""}
    return None


DESK_SETTLEMENT = Flow("desk_settlement", SETTLEMENTS.roles, DeskSettlement, _decide)
