"""Tables of the general ledger: days that are sealed, and each account's sums on them."""

from __future__ import annotations

from sqlalchemy import Column, LargeBinary, PrimaryKeyConstraint, Text, UniqueConstraint

from sanshi.store.columns import Int, IsoDate, entity_column, table

sealed_day = table(
    "sealed_day",
    entity_column(),
    Column("booking_date", IsoDate, nullable=False),
    Column("postings", Int, nullable=False),
    Column("amount_fen", Int, nullable=False),
    Column("previous", LargeBinary, nullable=False),
    Column("root", LargeBinary, nullable=False),
    PrimaryKeyConstraint("entity", "booking_date"),
    # A day has one successor: of two that are sealed at once, one reads again.
    UniqueConstraint("entity", "previous"),
)
# What balances are summed from: postings are read for the days that are not sealed yet alone.
account_day = table(
    "account_day",
    entity_column(),
    Column("booking_date", IsoDate, nullable=False),
    Column("value_date", IsoDate, nullable=False),
    Column("account", Text, nullable=False),
    Column("debit_fen", Int, nullable=False),
    Column("credit_fen", Int, nullable=False),
    PrimaryKeyConstraint("entity", "booking_date", "value_date", "account"),
)
