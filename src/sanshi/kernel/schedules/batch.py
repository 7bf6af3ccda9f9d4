"""Schedules of many loans at once, over columns, with the walk that one loan takes.

Rows of plain terms walk with their like: same method and conventions, any amount, rate, dates and
count. A row with draws or rate changes, or with amounts beyond 64 bits, is worked out by itself,
by the engine that answers at the checkout. Either way the figures are the same to the fen.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date, timedelta
from typing import Any, Final

import numpy as np
import pyarrow as pa

from sanshi.kernel.columns import BATCH_ROWS, Column, Mask
from sanshi.kernel.dates import FIRST_DAY, LAST_DAY, monthly_dates
from sanshi.kernel.errors import InputError
from sanshi.kernel.money import MAX_FEN, PPM
from sanshi.kernel.schedules.block import (
    SHAPE,
    Block,
    column,
    due_day_index,
    due_day_table,
    ordinals,
)
from sanshi.kernel.schedules.engine import schedule
from sanshi.kernel.schedules.terms import MAX_DUE_DAY, MAX_INSTALMENTS, Draw, RateChange, Terms
from sanshi.kernel.tables import SCHEDULE_LINES

Refused = Callable[[int, InputError], None]

_LONGEST_MONTH: Final = 31


def schedules(terms: pa.RecordBatch, refused: Refused | None = None) -> Iterator[pa.RecordBatch]:
    """Give the lines (`tables.SCHEDULE_LINES`) of a batch of terms (`tables.SCHEDULE_TERMS`).

    Args:
        terms: any number of rows.
        refused: told the number and the fault of each row that cannot be scheduled; without it
            the first such fault is raised.
    """
    alone = _stands_alone(terms)
    shapes = _shapes(terms)
    # Rows of one length waste no lines on each other.
    lengths = column(terms, "instalments")
    by_length = np.argsort(lengths, kind="stable")
    plain = terms.select([n for n in terms.schema.names if n not in ("draws", "rate_changes")])
    for shape in np.unique(shapes[~alone]):
        members = by_length[((shapes == shape) & ~alone)[by_length]]
        for rows in _pieces(members, lengths):
            block, regular = _regular(plain, rows)
            if len(regular) < len(rows):
                alone[np.setdiff1d(rows, regular)] = True
            if block is not None:
                yield block.lines()
    if alone.any():
        yield _one_by_one(terms.filter(pa.array(alone)), refused)


def _pieces(members: Column, lengths: Column) -> Iterator[Column]:
    """Cut rows into blocks; a length that nearly fills one has its own."""
    while len(members):
        rows = members[:BATCH_ROWS]
        alike = int(np.searchsorted(lengths[rows], lengths[rows[0]], side="right"))
        if alike >= BATCH_ROWS // 4:
            rows = rows[:alike]
        yield rows
        members = members[len(rows) :]


def _regular(terms: pa.RecordBatch, rows: Column) -> tuple[Block | None, Column]:
    """Return a block of the rows that can walk together, and which these are."""
    block = Block(terms.take(pa.array(rows)))
    for stands_out in (Block.overflows, Block.starves):
        odd = stands_out(block)
        if odd.all():
            return None, rows[:0]
        if odd.any():
            rows = rows[~odd]
            block = Block(terms.take(pa.array(rows)))
    return block, rows


def terms_of(row: Mapping[str, Any]) -> Terms:
    """Return the terms of one row, for the engine of single loans."""
    return Terms(
        row["principal_fen"],
        row["rate_ppm"],
        row["method"],
        row["start_date"],
        _dues_of(row),
        day_count=row["day_count"],
        rounding=row["rounding"],
        instalment_rounding=row["instalment_rounding"],
        remainder=row["remainder"],
        due_day=row["due_day"],
        draws=tuple(Draw(**draw) for draw in row["draws"]),
        rate_changes=tuple(RateChange(**change) for change in row["rate_changes"]),
        interest_round=row["interest_round"],
        round_to_fen=row["round_to_fen"],
        grace_lines=row["grace_lines"],
        balloon_fen=row["balloon_fen"],
    )


def _dues_of(row: Mapping[str, Any]) -> tuple[date, ...]:
    first, months, days = row["first_due"], row["every_months"], row["every_days"]
    if (months > 0) == (days > 0):
        raise InputError(
            "schedule.every",
            f"Due dates come every {months} months and {days} days.",
            field="every_months",
            fix="Give one of the two and let the other be 0.",
        )
    count = min(row["instalments"], MAX_INSTALMENTS + 1)
    if months:
        return monthly_dates(first, count, months, row["due_day"])
    return tuple(first + timedelta(days=k * days) for k in range(count))


def _one_by_one(batch: pa.RecordBatch, refused: Refused | None) -> pa.RecordBatch:
    rows: list[tuple[object, ...]] = []
    for row in batch.to_pylist():
        try:
            instalments = schedule(terms_of(row))
        except InputError as error:
            if refused is None:
                raise
            refused(row["row"], error)
            continue
        rows += [
            (
                row["row"],
                one.number,
                one.due_date,
                one.opening_fen,
                one.principal_fen,
                one.interest_fen,
                one.closing_fen,
            )
            for one in instalments
        ]
    columns = zip(*rows, strict=True) if rows else [()] * len(SCHEDULE_LINES)
    arrays = [pa.array(c, field.type) for c, field in zip(columns, SCHEDULE_LINES, strict=True)]
    return pa.RecordBatch.from_arrays(arrays, schema=SCHEDULE_LINES)


def _shapes(batch: pa.RecordBatch) -> Column:
    """Number the shapes of rows."""
    shapes = (column(batch, "every_days") > 0).astype(np.int64)
    for name in SHAPE:
        values = column(batch, name)
        shapes = shapes * (int(values.max(initial=0)) + 1) + values
    return shapes


def _stands_alone(batch: pa.RecordBatch) -> Mask:
    """Say which rows are worked out by themselves: with events, or refused by `Terms`."""
    count, principal = column(batch, "instalments"), column(batch, "principal_fen")
    months, days = column(batch, "every_months"), column(batch, "every_days")
    start, first = ordinals(batch, "start_date"), ordinals(batch, "first_due")
    last = first + (count - 1) * (months * _LONGEST_MONTH + days)
    balloon, methods = column(batch, "balloon_fen"), batch.column("method")
    names = methods.dictionary.to_pylist()
    is_balloon = np.array([name == "balloon" for name in names], np.bool_)
    irregular = np.array([name == "irregular" for name in names], np.bool_)
    which = methods.indices.to_numpy()
    alone: Mask = (
        _outside(batch)
        | ((months > 0) == (days > 0))
        | (start < FIRST_DAY.toordinal())
        | (first < start)
        | ((months > 0) & ~_on_due_day(first, column(batch, "due_day")))
        | (last > LAST_DAY.toordinal())
        | (column(batch, "grace_lines") >= count)
        | (balloon > np.where(is_balloon[which], principal, 0))
        | irregular[which]
    )
    for name in ("draws", "rate_changes"):
        alone |= batch.column(name).value_lengths().to_numpy() > 0
    return alone


def _on_due_day(first: Column, due_day: Column) -> Mask:
    table = due_day_table()
    index = due_day_index(first, np.clip(due_day, 1, MAX_DUE_DAY))
    on: Mask = table[np.clip(index, 0, len(table) - 1)] == first
    return on


def _outside(batch: pa.RecordBatch) -> Mask:
    outside = np.zeros(batch.num_rows, np.bool_)
    for name, low, high in (
        ("principal_fen", 1, MAX_FEN),
        ("rate_ppm", 0, PPM),
        ("instalments", 1, MAX_INSTALMENTS),
        ("every_months", 0, MAX_INSTALMENTS),
        ("every_days", 0, (LAST_DAY - FIRST_DAY).days),
        ("due_day", 1, MAX_DUE_DAY),
        ("round_to_fen", 1, MAX_FEN),
        ("grace_lines", 0, MAX_INSTALMENTS),
        ("balloon_fen", 0, MAX_FEN),
    ):
        values = column(batch, name)
        outside |= (values < low) | (values > high)
    return outside
