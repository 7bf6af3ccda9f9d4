"""Tables of what time alone moves of a loan: projections that the close reads as columns."""

from __future__ import annotations

from sqlalchemy import Column, Index, PrimaryKeyConstraint, Text, UniqueConstraint

from sanshi.store.columns import Int, JsonText, entity_column, table

_EARNED = ("interest", "penalty")


def _whole(*names: str) -> tuple[Column[int], ...]:
    return tuple(Column(name, Int, nullable=False) for name in names)


# Days are ordinals here: what is read as columns of numbers is kept as numbers.
position = table(
    "position",
    Column("loan", Int, primary_key=True, autoincrement=True),
    Column("loan_id", Text, nullable=False),
    entity_column(),
    *_whole("shard", "handling", "as_of", "scale", "rate_ppm", "opening_fen", "since"),
    *_whole("running_fen", "rest", "fallen_interest_fen", "penalty_fen"),
    *_whole("number", "due", "principal_fen", "interest_fen"),
    # What of interest and penalty is posted in the loan's own name; the rest stands in accruals.
    *(Column(f"own_{name}_fen", Int, nullable=False, server_default="0") for name in _EARNED),
    UniqueConstraint("loan_id"),
    Index(None, "entity", "shard", "handling", "as_of"),
)
open_due = table(
    "open_due",
    entity_column(),
    *_whole("shard", "loan", "number", "due", "grace_to", "principal_fen", "interest_fen"),
    *_whole("penalty_fen", "rest", "waived_fen", "penalty_paid_fen", "cap_fen"),
    *_whole("scale", "rate_ppm", "since"),
    PrimaryKeyConstraint("loan", "number", "due"),
    Index(None, "entity", "shard"),
)
course = table(
    "course",
    Column("loan", Int, primary_key=True, autoincrement=False),
    *_whole("number", "grace_days", "penalty_rate_ppm", "penalty_scale", "penalty_cap_ppm"),
    Column("lines", JsonText, nullable=False),
)
