"""Tables of what a close books over columns: its files, and how far each shard is closed."""

from __future__ import annotations

from sqlalchemy import Column, LargeBinary, PrimaryKeyConstraint

from sanshi.store.columns import Int, IsoDate, JsonText, entity_column, table

# The file stands in the transaction that posts its sum: neither is ever there without the other.
accrual = table(
    "accrual",
    entity_column(),
    Column("business_date", IsoDate, nullable=False),
    Column("shard", Int, nullable=False),
    Column("rows", Int, nullable=False),
    Column("sums", JsonText, nullable=False),
    Column("to_date", JsonText, nullable=False),
    Column("digest", LargeBinary, nullable=False),
    Column("lines", LargeBinary, nullable=False),
    PrimaryKeyConstraint("entity", "shard", "business_date"),
)
# Whoever books a loan relies on this day; the close that moves it waits for them.
close_mark = table(
    "close_mark",
    entity_column(),
    Column("shard", Int, nullable=False),
    Column("closed_to", IsoDate),
    PrimaryKeyConstraint("entity", "shard"),
)
