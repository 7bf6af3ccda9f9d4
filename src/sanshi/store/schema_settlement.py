"""Tables of settlement with shops: what is payable to them, and the batches that pay it."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, Index, Text, UniqueConstraint

from sanshi.store.columns import Int, IsoDate, entity_column, table

settlement = table(
    "settlement",
    Column("settlement_id", Text, primary_key=True),
    entity_column(),
    Column("merchant", Text, nullable=False),
    Column("settled_on", IsoDate, nullable=False),
    Column("paid_fen", Int, nullable=False),
    Column("carried_fen", Int, nullable=False),
    CheckConstraint("paid_fen >= 0 AND carried_fen <= 0", name="never_negative"),
    # One batch a day: a day that is settled twice pays once.
    UniqueConstraint("entity", "merchant", "settled_on"),
    Index(None, "merchant", "settlement_id"),
)
# A line without a settlement waits for the first batch on or after its day.
settlement_line = table(
    "settlement_line",
    Column("line_id", Text, primary_key=True),
    entity_column(),
    Column("merchant", Text, nullable=False),
    Column("source", Text, nullable=False),
    Column("number", Int, nullable=False),
    Column("kind", Text, nullable=False),
    Column("amount_fen", Int, nullable=False),
    Column("due_on", IsoDate, nullable=False),
    Column("settlement_id", Text),
    UniqueConstraint("source", "number", "kind"),
    Index(None, "entity", "settlement_id", "merchant"),
    Index(None, "settlement_id"),
)
