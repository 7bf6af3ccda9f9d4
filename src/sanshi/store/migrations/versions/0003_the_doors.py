"""The doors: API keys, checkout sessions, notices; and decision policies as they were."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

OF_A_SESSION = ("quote", "application", "loan")


def upgrade() -> None:
    """Apply."""
    for name in OF_A_SESSION:
        op.execute(f"ALTER TABLE {name} ADD COLUMN session_id TEXT")
    op.create_index(op.f("ix_loan_merchant_loan_id"), "loan", ["merchant", "loan_id"])
    op.create_index(op.f("ix_loan_session_id"), "loan", ["session_id"])
    op.create_index(op.f("ix_application_session_id"), "application", ["session_id"])
    op.create_table(
        "api_key",
        sa.Column("key_id", sa.Text(), nullable=False),
        sa.Column("entity", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("issued_on", sa.Text(), nullable=False),
        sa.Column("revoked_on", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("key_id", name=op.f("pk_api_key")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_api_key_entity"), "api_key", ["entity"])
    op.create_table(
        "checkout_session",
        sa.Column("session_id", sa.Text(), nullable=False),
        sa.Column("entity", sa.Text(), nullable=False),
        sa.Column("host", sa.Text(), nullable=False),
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("items", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("return_url", sa.Text(), nullable=False),
        sa.Column("cancel_url", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Text(), nullable=True),
        sa.Column("opened_at", sa.Text(), nullable=False),
        sa.Column("expires_at", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("session_id", name=op.f("pk_checkout_session")),
        sqlite_strict=True,
    )
    op.create_index(
        op.f("ix_checkout_session_entity_session_id"), "checkout_session", ["entity", "session_id"]
    )
    op.create_table(
        "notice",
        sa.Column("notice_id", sa.Text(), nullable=False),
        sa.Column("entity", sa.Text(), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("data", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("notice_id", name=op.f("pk_notice")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_notice_entity_notice_id"), "notice", ["entity", "notice_id"])
    op.create_table(
        "webhook_endpoint",
        sa.Column("endpoint_id", sa.Text(), nullable=False),
        sa.Column("entity", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("types", sa.Text(), nullable=False),
        sa.Column("disabled_on", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("endpoint_id", name=op.f("pk_webhook_endpoint")),
        sqlite_strict=True,
    )
    op.create_index(
        op.f("ix_webhook_endpoint_entity_endpoint_id"),
        "webhook_endpoint",
        ["entity", "endpoint_id"],
    )

    op.create_table(
        "policy_version",
        sa.Column("policy_hash", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("kept_on", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("policy_hash", name=op.f("pk_policy_version")),
        sqlite_strict=True,
    )


def downgrade() -> None:
    """Undo."""
    for name in ("policy_version", "webhook_endpoint", "notice", "checkout_session", "api_key"):
        op.drop_table(name)
    op.drop_index(op.f("ix_application_session_id"), table_name="application")
    op.drop_index(op.f("ix_loan_session_id"), table_name="loan")
    op.drop_index(op.f("ix_loan_merchant_loan_id"), table_name="loan")
    for name in OF_A_SESSION:
        op.execute(f"ALTER TABLE {name} DROP COLUMN session_id")
