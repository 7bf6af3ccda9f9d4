"""People at the pages: one-time codes, logins, and who has which mobile number."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.execute("ALTER TABLE person ADD COLUMN mobile_blind TEXT")
    op.create_index(op.f("ix_person_mobile_blind"), "person", ["mobile_blind"])
    op.create_index(op.f("ix_document_person_id_kind"), "document", ["person_id", "kind"])
    op.create_table(
        "one_time_code",
        sa.Column("code_id", sa.Text(), nullable=False),
        sa.Column("mobile_blind", sa.Text(), nullable=False),
        sa.Column("sent_at", sa.Text(), nullable=False),
        sa.Column("expires_at", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("code_id", name=op.f("pk_one_time_code")),
        sqlite_strict=True,
    )
    op.create_index(
        op.f("ix_one_time_code_mobile_blind_sent_at"),
        "one_time_code",
        ["mobile_blind", "sent_at"],
    )
    op.create_table(
        "login",
        sa.Column("login_id", sa.Text(), nullable=False),
        sa.Column("token_blind", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("mobile_blind", sa.Text(), nullable=False),
        sa.Column("wrapped_key", sa.LargeBinary(), nullable=True),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.Column("opened_at", sa.Text(), nullable=False),
        sa.Column("expires_at", sa.Text(), nullable=False),
        sa.Column("ended_at", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("login_id", name=op.f("pk_login")),
        sa.UniqueConstraint("token_blind", name=op.f("uq_login_token_blind")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_login_kind_subject"), "login", ["kind", "subject"])
    op.create_index(op.f("ix_login_ended_at_expires_at"), "login", ["ended_at", "expires_at"])


def downgrade() -> None:
    """Undo."""
    op.drop_table("login")
    op.drop_table("one_time_code")
    op.drop_index(op.f("ix_document_person_id_kind"), table_name="document")
    op.drop_index(op.f("ix_person_mobile_blind"), table_name="person")
    op.execute("ALTER TABLE person DROP COLUMN mobile_blind")
