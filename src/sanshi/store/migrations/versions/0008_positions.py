"""Positions of loans: what time alone moves, read as columns by the close.

Loans that are there already are closed one by one until their next close has worked out where
they stand.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_INT = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_PLACE = ("as_of", "scale", "rate_ppm", "opening_fen", "since", "running_fen", "rest")
_SUMS = ("fallen_interest_fen", "penalty_fen", "number", "due", "principal_fen", "interest_fen")


def _whole(*names: str) -> tuple[sa.Column[int], ...]:
    return tuple(sa.Column(name, _INT, nullable=False) for name in names)


def upgrade() -> None:
    """Apply."""
    _position()
    _open_due()
    op.create_table(
        "course",
        sa.Column("loan_id", sa.Text(), nullable=False),
        *_whole("number", "grace_days", "penalty_rate_ppm", "penalty_scale", "penalty_cap_ppm"),
        sa.Column("lines", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("loan_id", name=op.f("pk_course")),
        sqlite_strict=True,
    )
    _loans_by_themselves()


def _position() -> None:
    op.create_table(
        "position",
        sa.Column("loan", _INT, autoincrement=True, nullable=False),
        sa.Column("loan_id", sa.Text(), nullable=False),
        sa.Column("entity", sa.Text(), nullable=False),
        *_whole("shard", "by_itself", *_PLACE, *_SUMS),
        sa.PrimaryKeyConstraint("loan", name=op.f("pk_position")),
        sa.UniqueConstraint("loan_id", name=op.f("uq_position_loan_id")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_position_entity_shard"), "position", ["entity", "shard"])


def _open_due() -> None:
    op.create_table(
        "open_due",
        sa.Column("loan_id", sa.Text(), nullable=False),
        sa.Column("entity", sa.Text(), nullable=False),
        *_whole("shard", "number", "due", "grace_to", "principal_fen", "interest_fen"),
        *_whole("penalty_fen", "rest", "waived_fen", "penalty_paid_fen", "cap_fen"),
        *_whole("scale", "rate_ppm", "since"),
        sa.PrimaryKeyConstraint("loan_id", "number", "due", name=op.f("pk_open_due")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_open_due_entity_shard"), "open_due", ["entity", "shard"])


def _loans_by_themselves() -> None:
    columns = (*_PLACE, *_SUMS)
    loan = sa.table("loan", *(sa.column(name) for name in ("loan_id", "entity", "shard")))
    position = sa.table(
        "position", *(sa.column(n) for n in ("loan_id", "entity", "shard", "by_itself", *columns))
    )
    nothing = [sa.literal(0) for _ in columns]
    held = sa.select(loan.c.loan_id, loan.c.entity, loan.c.shard, sa.literal(1), *nothing)
    names = ["loan_id", "entity", "shard", "by_itself", *columns]
    op.execute(sa.insert(position).from_select(names, held.order_by(loan.c.loan_id)))


def downgrade() -> None:
    """Undo."""
    for table in ("course", "open_due", "position"):
        op.drop_table(table)
