"""The desk: staff accounts, the roles they sit in, failed sign-ins, and proposals."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "staff_account",
        sa.Column("account_id", sa.Text(), nullable=False),
        sa.Column("entity", sa.Text(), nullable=False),
        sa.Column("user_name", sa.Text(), nullable=False),
        sa.Column("display_name", sa.Text(), nullable=False),
        sa.Column("roles", sa.Text(), nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=False),
        sa.Column(
            "must_change", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("created_on", sa.Text(), nullable=False),
        sa.Column("disabled_on", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_staff_account")),
        sa.UniqueConstraint("user_name", name=op.f("uq_staff_account_user_name")),
        sqlite_strict=True,
    )
    op.create_index(
        op.f("ix_staff_account_entity_account_id"), "staff_account", ["entity", "account_id"]
    )
    op.create_table(
        "sign_in_failure",
        sa.Column("name_blind", sa.Text(), nullable=False),
        sa.Column("failures", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("last_at", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("name_blind", name=op.f("pk_sign_in_failure")),
        sqlite_strict=True,
    )
    op.create_table(
        "staff_seat",
        sa.Column("login_id", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("login_id", name=op.f("pk_staff_seat")),
        sqlite_strict=True,
    )
    op.create_table(
        "proposal",
        sa.Column("proposal_id", sa.Text(), nullable=False),
        sa.Column("entity", sa.Text(), nullable=False),
        sa.Column("flow", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("request", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("maker", sa.Text(), nullable=False),
        sa.Column("maker_role", sa.Text(), nullable=False),
        sa.Column("made_on", sa.Text(), nullable=False),
        sa.Column("expires_on", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("proposal_id", name=op.f("pk_proposal")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_proposal_entity_proposal_id"), "proposal", ["entity", "proposal_id"])
    op.create_index(op.f("ix_proposal_flow_subject"), "proposal", ["flow", "subject"])


def downgrade() -> None:
    """Undo."""
    for table in ("proposal", "staff_seat", "sign_in_failure", "staff_account"):
        op.drop_table(table)
