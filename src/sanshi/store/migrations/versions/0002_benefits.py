"""Benefits: vouchers, redemptions, claims; a payment may be about more than a loan."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

INT = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.drop_index(op.f("ix_payment_loan_id"), table_name="payment")
    op.execute("ALTER TABLE payment RENAME COLUMN loan_id TO subject")
    op.create_index(op.f("ix_payment_subject"), "payment", ["subject"], unique=False)
    op.create_table(
        "voucher",
        sa.Column("voucher_id", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Text(), nullable=False),
        sa.Column("scheme", sa.Text(), nullable=False),
        sa.Column("category", sa.Text(), nullable=False),
        sa.Column("valid_from", sa.Text(), nullable=False),
        sa.Column("valid_to", sa.Text(), nullable=False),
        sa.Column("used_on", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("voucher_id", name=op.f("pk_voucher")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_voucher_person_id"), "voucher", ["person_id"], unique=False)
    op.create_table(
        "redemption",
        sa.Column("redemption_id", sa.Text(), nullable=False),
        sa.Column("loan_id", sa.Text(), nullable=False),
        sa.Column("merchant", sa.Text(), nullable=False),
        sa.Column("benefit", sa.Text(), nullable=False),
        sa.Column("voucher_id", sa.Text(), nullable=False),
        sa.Column("given_on", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("redemption_id", name=op.f("pk_redemption")),
        sa.UniqueConstraint("loan_id", "benefit", name=op.f("uq_redemption_loan_id_benefit")),
        sqlite_strict=True,
    )
    op.create_table(
        "claim",
        sa.Column("claim_id", sa.Text(), nullable=False),
        sa.Column("entity", sa.Text(), nullable=False),
        sa.Column("funder", sa.Text(), nullable=False),
        sa.Column("number", INT, nullable=False),
        sa.Column("claimed_on", sa.Text(), nullable=False),
        sa.Column("amount_fen", INT, nullable=False),
        sa.CheckConstraint("amount_fen > 0", name=op.f("ck_claim_positive")),
        sa.PrimaryKeyConstraint("claim_id", name=op.f("pk_claim")),
        sa.UniqueConstraint(
            "entity", "funder", "number", name=op.f("uq_claim_entity_funder_number")
        ),
        sqlite_strict=True,
    )
    op.create_table(
        "claim_line",
        sa.Column("claim_id", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("component", sa.Text(), nullable=False),
        sa.Column("amount_fen", INT, nullable=False),
        sa.PrimaryKeyConstraint("claim_id", "source", "component", name=op.f("pk_claim_line")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_claim_line_source"), "claim_line", ["source"], unique=False)


def downgrade() -> None:
    """Undo."""
    for name in ("claim_line", "claim", "redemption", "voucher"):
        op.drop_table(name)
    op.drop_index(op.f("ix_payment_subject"), table_name="payment")
    op.execute("ALTER TABLE payment RENAME COLUMN subject TO loan_id")
    op.create_index(op.f("ix_payment_loan_id"), "payment", ["loan_id"], unique=False)
