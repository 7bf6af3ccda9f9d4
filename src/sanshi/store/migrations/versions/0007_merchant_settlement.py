"""Settlement with shops: lines that are payable, and the batches that pay them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_FEN = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Apply."""
    _settlement()
    _settlement_line()


def _settlement() -> None:
    op.create_table(
        "settlement",
        sa.Column("settlement_id", sa.Text(), nullable=False),
        sa.Column("entity", sa.Text(), nullable=False),
        sa.Column("merchant", sa.Text(), nullable=False),
        sa.Column("settled_on", sa.Text(), nullable=False),
        sa.Column("paid_fen", _FEN, nullable=False),
        sa.Column("carried_fen", _FEN, nullable=False),
        sa.CheckConstraint(
            "paid_fen >= 0 AND carried_fen <= 0", name=op.f("ck_settlement_never_negative")
        ),
        sa.PrimaryKeyConstraint("settlement_id", name=op.f("pk_settlement")),
        sa.UniqueConstraint(
            "entity",
            "merchant",
            "settled_on",
            name=op.f("uq_settlement_entity_merchant_settled_on"),
        ),
        sqlite_strict=True,
    )
    op.create_index(
        op.f("ix_settlement_merchant_settlement_id"), "settlement", ["merchant", "settlement_id"]
    )


def _settlement_line() -> None:
    op.create_table(
        "settlement_line",
        sa.Column("line_id", sa.Text(), nullable=False),
        sa.Column("entity", sa.Text(), nullable=False),
        sa.Column("merchant", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("number", _FEN, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("amount_fen", _FEN, nullable=False),
        sa.Column("due_on", sa.Text(), nullable=False),
        sa.Column("settlement_id", sa.Text()),
        sa.PrimaryKeyConstraint("line_id", name=op.f("pk_settlement_line")),
        sa.UniqueConstraint(
            "source", "number", "kind", name=op.f("uq_settlement_line_source_number_kind")
        ),
        sqlite_strict=True,
    )
    op.create_index(
        op.f("ix_settlement_line_entity_settlement_id_merchant"),
        "settlement_line",
        ["entity", "settlement_id", "merchant"],
    )
    op.create_index(op.f("ix_settlement_line_settlement_id"), "settlement_line", ["settlement_id"])


def downgrade() -> None:
    """Undo."""
    for table in ("settlement_line", "settlement"):
        op.drop_table(table)
