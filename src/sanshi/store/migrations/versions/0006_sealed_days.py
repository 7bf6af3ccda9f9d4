"""Days of the books that are sealed, and each account's sums on them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    fen = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "sealed_day",
        sa.Column("entity", sa.Text(), nullable=False),
        sa.Column("booking_date", sa.Text(), nullable=False),
        sa.Column("postings", fen, nullable=False),
        sa.Column("amount_fen", fen, nullable=False),
        sa.Column("previous", sa.LargeBinary(), nullable=False),
        sa.Column("root", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("entity", "booking_date", name=op.f("pk_sealed_day")),
        sa.UniqueConstraint("entity", "previous", name=op.f("uq_sealed_day_entity_previous")),
        sqlite_strict=True,
    )
    op.create_table(
        "account_day",
        sa.Column("entity", sa.Text(), nullable=False),
        sa.Column("booking_date", sa.Text(), nullable=False),
        sa.Column("value_date", sa.Text(), nullable=False),
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("debit_fen", fen, nullable=False),
        sa.Column("credit_fen", fen, nullable=False),
        sa.PrimaryKeyConstraint(
            "entity", "booking_date", "value_date", "account", name=op.f("pk_account_day")
        ),
        sqlite_strict=True,
    )


def downgrade() -> None:
    """Undo."""
    for table in ("account_day", "sealed_day"):
        op.drop_table(table)
