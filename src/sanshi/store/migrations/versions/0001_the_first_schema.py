"""The first schema."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

INT = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "application",
        sa.Column("application_id", sa.Text(), nullable=False),
        sa.Column("entity", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Text(), nullable=False),
        sa.Column("quote_id", sa.Text(), nullable=False),
        sa.Column("plan_key", sa.Text(), nullable=False),
        sa.Column("applied_on", sa.Text(), nullable=False),
        sa.Column("device", sa.Text(), nullable=True),
        sa.Column("document_id", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("application_id", name=op.f("pk_application")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_application_device"), "application", ["device"], unique=False)
    op.create_index(op.f("ix_application_person_id"), "application", ["person_id"], unique=False)
    op.create_table(
        "audit",
        sa.Column("audit_id", INT, autoincrement=True, nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("entity", sa.Text(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("audit_id", name=op.f("pk_audit")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_audit_subject"), "audit", ["subject"], unique=False)
    op.create_table(
        "business_day",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("open_date", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_business_day")),
        sqlite_strict=True,
    )
    op.create_table(
        "close_step",
        sa.Column("entity", sa.Text(), nullable=False),
        sa.Column("business_date", sa.Text(), nullable=False),
        sa.Column("step", sa.Text(), nullable=False),
        sa.Column("shard", INT, nullable=False),
        sa.Column("loans", INT, nullable=False),
        sa.Column("debit_fen", INT, nullable=False),
        sa.Column("quarantined", INT, nullable=False),
        sa.PrimaryKeyConstraint(
            "entity", "business_date", "step", "shard", name=op.f("pk_close_step")
        ),
        sqlite_strict=True,
    )
    op.create_table(
        "consent",
        sa.Column("consent_id", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Text(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("recipient", sa.Text(), nullable=False),
        sa.Column("document_id", sa.Text(), nullable=False),
        sa.Column("withdrawn_on", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("consent_id", name=op.f("pk_consent")),
        sqlite_strict=True,
    )
    op.create_index(
        op.f("ix_consent_person_id_purpose"), "consent", ["person_id", "purpose"], unique=False
    )
    op.create_table(
        "contract",
        sa.Column("contract_id", sa.Text(), nullable=False),
        sa.Column("entity", sa.Text(), nullable=False),
        sa.Column("application_id", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Text(), nullable=False),
        sa.Column("document_id", sa.Text(), nullable=False),
        sa.Column("terms", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("contract_id", name=op.f("pk_contract")),
        sqlite_strict=True,
    )
    op.create_index(
        op.f("ix_contract_application_id"), "contract", ["application_id"], unique=False
    )
    op.create_table(
        "counter",
        sa.Column("counter", sa.Text(), nullable=False),
        sa.Column("remaining", INT, nullable=False),
        sa.PrimaryKeyConstraint("counter", name=op.f("pk_counter")),
        sqlite_strict=True,
    )
    op.create_table(
        "decision",
        sa.Column("decision_id", sa.Text(), nullable=False),
        sa.Column("entity", sa.Text(), nullable=False),
        sa.Column("application_id", sa.Text(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("document_id", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("decision_id", name=op.f("pk_decision")),
        sqlite_strict=True,
    )
    op.create_index(
        op.f("ix_decision_application_id"), "decision", ["application_id"], unique=False
    )
    op.create_table(
        "document",
        sa.Column("document_id", sa.Text(), nullable=False),
        sa.Column("entity", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Text(), nullable=False),
        sa.Column("content_hash", sa.LargeBinary(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("document_id", name=op.f("pk_document")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_document_subject_kind"), "document", ["subject", "kind"], unique=False)
    op.create_table(
        "event",
        sa.Column("stream", sa.Text(), nullable=False),
        sa.Column("version", INT, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("stage", sa.Text(), nullable=False),
        sa.Column("entity", sa.Text(), nullable=False),
        sa.Column("value_date", sa.Text(), nullable=False),
        sa.Column("booking_date", sa.Text(), nullable=False),
        sa.Column("recorded_at", sa.Text(), nullable=False),
        sa.Column("data", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("stream", "version", name=op.f("pk_event")),
        sqlite_strict=True,
    )
    op.create_table(
        "leaf",
        sa.Column("leaf_id", INT, autoincrement=True, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("content_hash", sa.LargeBinary(), nullable=False),
        sa.Column("leaf_index", INT, nullable=True),
        sa.PrimaryKeyConstraint("leaf_id", name=op.f("pk_leaf")),
        sa.UniqueConstraint("leaf_index", name=op.f("uq_leaf_leaf_index")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_leaf_subject_kind"), "leaf", ["subject", "kind"], unique=False)
    op.create_table(
        "loan",
        sa.Column("loan_id", sa.Text(), nullable=False),
        sa.Column("entity", sa.Text(), nullable=False),
        sa.Column("contract_id", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Text(), nullable=False),
        sa.Column("merchant", sa.Text(), nullable=False),
        sa.Column("shard", INT, nullable=False),
        sa.Column("books_version", INT, nullable=False),
        sa.Column("terms", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("loan_id", name=op.f("pk_loan")),
        sa.UniqueConstraint("contract_id", name=op.f("uq_loan_contract_id")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_loan_entity_shard"), "loan", ["entity", "shard"], unique=False)
    op.create_index(op.f("ix_loan_person_id"), "loan", ["person_id"], unique=False)
    op.create_table(
        "log_state",
        sa.Column("log_id", sa.Text(), nullable=False),
        sa.Column("size", INT, nullable=False),
        sa.Column("peaks", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("log_id", name=op.f("pk_log_state")),
        sqlite_strict=True,
    )
    op.create_table(
        "outbox",
        sa.Column("message_id", sa.Text(), nullable=False),
        sa.Column("topic", sa.Text(), nullable=False),
        sa.Column("payload", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("attempts", INT, nullable=False),
        sa.Column("next_attempt_at", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("message_id", name=op.f("pk_outbox")),
        sqlite_strict=True,
    )
    op.create_index(
        op.f("ix_outbox_status_next_attempt_at"),
        "outbox",
        ["status", "next_attempt_at"],
        unique=False,
    )
    op.create_table(
        "payment",
        sa.Column("payment_id", sa.Text(), nullable=False),
        sa.Column("entity", sa.Text(), nullable=False),
        sa.Column("loan_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("amount_fen", INT, nullable=False),
        sa.Column("ordered_on", sa.Text(), nullable=False),
        sa.Column("value_date", sa.Text(), nullable=True),
        sa.Column("instruction", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("payment_id", name=op.f("pk_payment")),
        sqlite_strict=True,
    )
    op.create_index(
        op.f("ix_payment_entity_value_date"), "payment", ["entity", "value_date"], unique=False
    )
    op.create_index(op.f("ix_payment_loan_id"), "payment", ["loan_id"], unique=False)
    op.create_table(
        "person",
        sa.Column("person_id", sa.Text(), nullable=False),
        sa.Column("wrapped_key", sa.LargeBinary(), nullable=True),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("id_number_blind", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_person")),
        sa.UniqueConstraint("id_number_blind", name=op.f("uq_person_id_number_blind")),
        sqlite_strict=True,
    )
    op.create_table(
        "posted",
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("component", sa.Text(), nullable=False),
        sa.Column("payer", sa.Text(), nullable=False),
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("entity", sa.Text(), nullable=False),
        sa.Column("amount_fen", INT, nullable=False),
        sa.PrimaryKeyConstraint("source", "component", "payer", "account", name=op.f("pk_posted")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_posted_entity_account"), "posted", ["entity", "account"], unique=False)
    op.create_table(
        "posting",
        sa.Column("posting_id", INT, autoincrement=True, nullable=False),
        sa.Column("entity", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("component", sa.Text(), nullable=False),
        sa.Column("payer", sa.Text(), nullable=False),
        sa.Column("debit", sa.Text(), nullable=False),
        sa.Column("credit", sa.Text(), nullable=False),
        sa.Column("amount_fen", INT, nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("value_date", sa.Text(), nullable=False),
        sa.Column("booking_date", sa.Text(), nullable=False),
        sa.CheckConstraint("currency = 'CNY'", name=op.f("ck_posting_cny")),
        sa.CheckConstraint("amount_fen > 0", name=op.f("ck_posting_positive")),
        sa.CheckConstraint("debit <> credit", name=op.f("ck_posting_two_accounts")),
        sa.PrimaryKeyConstraint("posting_id", name=op.f("pk_posting")),
        sqlite_strict=True,
    )
    op.create_index(
        op.f("ix_posting_entity_booking_date"), "posting", ["entity", "booking_date"], unique=False
    )
    op.create_index(op.f("ix_posting_source"), "posting", ["source"], unique=False)
    op.create_table(
        "quote",
        sa.Column("quote_id", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Text(), nullable=False),
        sa.Column("merchant", sa.Text(), nullable=False),
        sa.Column("quoted_on", sa.Text(), nullable=False),
        sa.Column("expires_at", sa.Text(), nullable=False),
        sa.Column("pack_hash", sa.Text(), nullable=False),
        sa.Column("document_id", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("quote_id", name=op.f("pk_quote")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_quote_person_id"), "quote", ["person_id"], unique=False)
    op.create_table(
        "stream",
        sa.Column("stream", sa.Text(), nullable=False),
        sa.Column("entity", sa.Text(), nullable=False),
        sa.Column("version", INT, nullable=False),
        sa.Column("stage", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("stream", name=op.f("pk_stream")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_stream_entity_stage"), "stream", ["entity", "stage"], unique=False)
    op.create_table(
        "tree_head",
        sa.Column("size", INT, autoincrement=False, nullable=False),
        sa.Column("root", sa.LargeBinary(), nullable=False),
        sa.Column("signed_at", sa.Text(), nullable=False),
        sa.Column("signature", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("size", name=op.f("pk_tree_head")),
        sqlite_strict=True,
    )
    op.create_table(
        "tree_node",
        sa.Column("level", INT, nullable=False),
        sa.Column("position", INT, nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("level", "position", name=op.f("pk_tree_node")),
        sqlite_strict=True,
    )
    op.create_table(
        "used_key",
        sa.Column("scope", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("request_hash", sa.Text(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("scope", "key", name=op.f("pk_used_key")),
        sqlite_strict=True,
    )
    op.create_table(
        "work_case",
        sa.Column("case_id", sa.Text(), nullable=False),
        sa.Column("entity", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("opened_on", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("case_id", name=op.f("pk_work_case")),
        sa.UniqueConstraint(
            "kind", "subject", "opened_on", name=op.f("uq_work_case_kind_subject_opened_on")
        ),
        sqlite_strict=True,
    )
    op.bulk_insert(
        sa.table("log_state", sa.column("log_id"), sa.column("size"), sa.column("peaks")),
        [{"log_id": "main", "size": 0, "peaks": b""}],
    )


def downgrade() -> None:
    """Undo."""
    op.drop_table("work_case")
    op.drop_table("used_key")
    op.drop_table("tree_node")
    op.drop_table("tree_head")
    op.drop_index(op.f("ix_stream_entity_stage"), table_name="stream")
    op.drop_table("stream")
    op.drop_index(op.f("ix_quote_person_id"), table_name="quote")
    op.drop_table("quote")
    op.drop_index(op.f("ix_posting_source"), table_name="posting")
    op.drop_index(op.f("ix_posting_entity_booking_date"), table_name="posting")
    op.drop_table("posting")
    op.drop_index(op.f("ix_posted_entity_account"), table_name="posted")
    op.drop_table("posted")
    op.drop_table("person")
    op.drop_index(op.f("ix_payment_loan_id"), table_name="payment")
    op.drop_index(op.f("ix_payment_entity_value_date"), table_name="payment")
    op.drop_table("payment")
    op.drop_index(op.f("ix_outbox_status_next_attempt_at"), table_name="outbox")
    op.drop_table("outbox")
    op.drop_table("log_state")
    op.drop_index(op.f("ix_loan_person_id"), table_name="loan")
    op.drop_index(op.f("ix_loan_entity_shard"), table_name="loan")
    op.drop_table("loan")
    op.drop_index(op.f("ix_leaf_subject_kind"), table_name="leaf")
    op.drop_table("leaf")
    op.drop_table("event")
    op.drop_index(op.f("ix_document_subject_kind"), table_name="document")
    op.drop_table("document")
    op.drop_index(op.f("ix_decision_application_id"), table_name="decision")
    op.drop_table("decision")
    op.drop_table("counter")
    op.drop_index(op.f("ix_contract_application_id"), table_name="contract")
    op.drop_table("contract")
    op.drop_index(op.f("ix_consent_person_id_purpose"), table_name="consent")
    op.drop_table("consent")
    op.drop_table("close_step")
    op.drop_table("business_day")
    op.drop_index(op.f("ix_audit_subject"), table_name="audit")
    op.drop_table("audit")
    op.drop_index(op.f("ix_application_person_id"), table_name="application")
    op.drop_index(op.f("ix_application_device"), table_name="application")
    op.drop_table("application")
