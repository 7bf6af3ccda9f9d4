"""What one close accrued for a shard's loans, line by line: the sub-ledger of its postings."""

from __future__ import annotations

from typing import Annotated

import pyarrow as pa
from pydantic import Field, StringConstraints

from sanshi.flows.accruals import accrual_file
from sanshi.flows.closing import STEP, Day
from sanshi.flows.desk_lists import MAX_OFFSET, MAX_ROWS
from sanshi.flows.world import Actor, Command, Decided, Flow, World
from sanshi.kernel.effects import Cell, Json
from sanshi.kernel.errors import ImpossibleError, NotFoundError
from sanshi.ledger.accruals import LINES, digest, of_loan, read, source, totals
from sanshi.ports import Record


class DeskAccruals(Command):
    """The close of one shard, and which part of its lines; `text`: the one loan to look for."""

    business_date: Day
    shard: Annotated[int, Field(ge=0)]
    text: Annotated[str, StringConstraints(max_length=80)] = ""
    offset: Annotated[int, Field(ge=0, le=MAX_OFFSET)] = 0
    limit: Annotated[int, Field(ge=1, le=MAX_ROWS)] = 50


def _decide(world: World, actor: Actor, command: DeskAccruals) -> Decided:
    day, shard = command.business_date, command.shard
    where: dict[str, Cell] = {"entity": actor.entity, "business_date": day, "shard": shard}
    if world.store.row("close_step", **where, step=STEP) is None:
        raise NotFoundError(
            "close.no_step", f"Shard {shard} was not closed on {day}.", field="business_date"
        )
    file = accrual_file(world, actor.entity, day, shard)
    whole = _read(file)
    lines = _looked_for(world, actor, command.text.strip(), whole)
    sums: list[Json] = [dict(one) for one in totals(whole)]
    return Decided(
        {
            "business_date": day.isoformat(),
            "shard": shard,
            "source": source(actor.entity, shard),
            "rows": file["rows"] if file else 0,
            "digest": digest(file["lines"]).hex() if file else "",
            "intact": file is None or digest(file["lines"]) == file["digest"],
            "totals": sums,
            "lines": _named(world, lines.slice(command.offset, command.limit)),
            "total": lines.num_rows,
            "offset": command.offset,
        }
    )


def _read(file: Record | None) -> pa.Table:
    """Return the lines of a file; none where there is no file, or where nobody can read it."""
    try:
        return read(file["lines"]) if file else LINES.empty_table()
    except ImpossibleError:
        return LINES.empty_table()


def _looked_for(world: World, actor: Actor, loan_id: str, lines: pa.Table) -> pa.Table:
    if not loan_id:
        return lines
    position = world.store.row("position", loan_id=loan_id, entity=actor.entity)
    return of_loan(lines, position["loan"] if position else 0)


def _named(world: World, lines: pa.Table) -> list[Json]:
    """Return lines with the id of each loan in place of its number."""
    rows = lines.to_pylist()
    positions = {loan: world.store.row("position", loan=loan) for loan in {r["loan"] for r in rows}}
    ids = {loan: row["loan_id"] if row else str(loan) for loan, row in positions.items()}
    return [{**row, "loan_id": ids[row["loan"]]} for row in rows]


DESK_ACCRUALS = Flow("desk_accruals", frozenset({"servicing", "audit"}), DeskAccruals, _decide)
