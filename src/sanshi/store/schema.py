"""The one schema, for SQLite and PostgreSQL alike; see `columns` for what both keep alike."""

from __future__ import annotations

from sqlalchemy import (
    CheckConstraint,
    Column,
    Index,
    LargeBinary,
    PrimaryKeyConstraint,
    Text,
    UniqueConstraint,
)

from sanshi.store import (
    schema_accruals,  # noqa: F401 - its tables belong to the same metadata
    schema_desk,  # noqa: F401 - its tables belong to the same metadata
    schema_doors,  # noqa: F401 - its tables belong to the same metadata
    schema_ledger,  # noqa: F401 - its tables belong to the same metadata
    schema_positions,  # noqa: F401 - its tables belong to the same metadata
    schema_settlement,  # noqa: F401 - its tables belong to the same metadata
)
from sanshi.store.columns import Instant, Int, IsoDate, JsonText, entity_column, metadata, table

__all__ = ["metadata"]

# ── Truth: events, and where each stream stands ──
stream = table(
    "stream",
    Column("stream", Text, primary_key=True),
    entity_column(),
    Column("version", Int, nullable=False),
    Column("stage", Text, nullable=False),
    Index(None, "entity", "stage"),
)
event = table(
    "event",
    Column("stream", Text, nullable=False),
    Column("version", Int, nullable=False),
    Column("kind", Text, nullable=False),
    Column("stage", Text, nullable=False),
    entity_column(),
    Column("value_date", IsoDate, nullable=False),
    Column("booking_date", IsoDate, nullable=False),
    Column("recorded_at", Instant, nullable=False),
    Column("data", JsonText, nullable=False),
    PrimaryKeyConstraint("stream", "version"),
)

# ── Books ──
posting = table(
    "posting",
    Column("posting_id", Int, primary_key=True, autoincrement=True),
    entity_column(),
    Column("source", Text, nullable=False),
    Column("component", Text, nullable=False),
    Column("payer", Text, nullable=False),
    Column("debit", Text, nullable=False),
    Column("credit", Text, nullable=False),
    Column("amount_fen", Int, nullable=False),
    Column("currency", Text, nullable=False),
    Column("value_date", IsoDate, nullable=False),
    Column("booking_date", IsoDate, nullable=False),
    CheckConstraint("amount_fen > 0", name="positive"),
    CheckConstraint("currency = 'CNY'", name="cny"),
    CheckConstraint("debit <> credit", name="two_accounts"),
    Index(None, "entity", "booking_date"),
    Index(None, "source"),
)
posted = table(
    "posted",
    Column("source", Text, nullable=False),
    Column("component", Text, nullable=False),
    Column("payer", Text, nullable=False),
    Column("account", Text, nullable=False),
    entity_column(),
    Column("amount_fen", Int, nullable=False),
    PrimaryKeyConstraint("source", "component", "payer", "account"),
    Index(None, "entity", "account"),
)
close_step = table(
    "close_step",
    entity_column(),
    Column("business_date", IsoDate, nullable=False),
    Column("step", Text, nullable=False),
    Column("shard", Int, nullable=False),
    Column("loans", Int, nullable=False),
    Column("debit_fen", Int, nullable=False),
    Column("quarantined", Int, nullable=False),
    PrimaryKeyConstraint("entity", "business_date", "step", "shard"),
)
business_day = table(
    "business_day",
    Column("name", Text, primary_key=True),
    Column("open_date", IsoDate, nullable=False),
)

# ── Guards and sending ──
used_key = table(
    "used_key",
    Column("scope", Text, nullable=False),
    Column("key", Text, nullable=False),
    Column("request_hash", Text, nullable=False),
    Column("answer", JsonText),
    PrimaryKeyConstraint("scope", "key"),
)
counter = table(
    "counter",
    Column("counter", Text, primary_key=True),
    Column("remaining", Int, nullable=False),
)
outbox = table(
    "outbox",
    Column("message_id", Text, primary_key=True),
    Column("topic", Text, nullable=False),
    Column("payload", JsonText, nullable=False),
    Column("status", Text, nullable=False),
    Column("attempts", Int, nullable=False),
    Column("next_attempt_at", Instant, nullable=False),
    Index(None, "status", "next_attempt_at"),
)

# ── Evidence log ──
leaf = table(
    "leaf",
    Column("leaf_id", Int, primary_key=True, autoincrement=True),
    Column("kind", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("content_hash", LargeBinary, nullable=False),
    Column("leaf_index", Int),
    UniqueConstraint("leaf_index"),
    Index(None, "subject", "kind"),
)
log_state = table(
    "log_state",
    Column("log_id", Text, primary_key=True),
    Column("size", Int, nullable=False),
    Column("peaks", LargeBinary, nullable=False),
)
tree_node = table(
    "tree_node",
    Column("level", Int, nullable=False),
    Column("position", Int, nullable=False),
    Column("hash", LargeBinary, nullable=False),
    PrimaryKeyConstraint("level", "position"),
)
tree_head = table(
    "tree_head",
    Column("size", Int, primary_key=True, autoincrement=False),
    Column("root", LargeBinary, nullable=False),
    Column("signed_at", Instant, nullable=False),
    Column("signature", LargeBinary, nullable=False),
)

# ── People: sealed under one key each; destroying the key is the erasure ──
person = table(
    "person",
    Column("person_id", Text, primary_key=True),
    Column("wrapped_key", LargeBinary),
    Column("sealed", LargeBinary, nullable=False),
    Column("id_number_blind", Text, nullable=False),
    Column("mobile_blind", Text),
    UniqueConstraint("id_number_blind"),
    Index(None, "mobile_blind"),
)
audit = table(
    "audit",
    Column("audit_id", Int, primary_key=True, autoincrement=True),
    Column("at", Instant, nullable=False),
    entity_column(),
    Column("actor", Text, nullable=False),
    Column("role", Text, nullable=False),
    Column("action", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("purpose", Text, nullable=False),
    Index(None, "subject"),
)
document = table(
    "document",
    Column("document_id", Text, primary_key=True),
    entity_column(),
    Column("kind", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("person_id", Text, nullable=False),
    Column("content_hash", LargeBinary, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    Index(None, "subject", "kind"),
    Index(None, "person_id", "kind"),
)

# ── What is looked up: one row an object, its stage in `stream` ──
quote = table(
    "quote",
    Column("quote_id", Text, primary_key=True),
    Column("person_id", Text, nullable=False),
    Column("merchant", Text, nullable=False),
    Column("quoted_on", IsoDate, nullable=False),
    Column("expires_at", Instant, nullable=False),
    Column("pack_hash", Text, nullable=False),
    Column("document_id", Text, nullable=False),
    Column("session_id", Text),
    Index(None, "person_id"),
)
consent = table(
    "consent",
    Column("consent_id", Text, primary_key=True),
    Column("person_id", Text, nullable=False),
    Column("purpose", Text, nullable=False),
    Column("recipient", Text, nullable=False),
    Column("document_id", Text, nullable=False),
    Column("withdrawn_on", IsoDate),
    Index(None, "person_id", "purpose"),
)
application = table(
    "application",
    Column("application_id", Text, primary_key=True),
    entity_column(),
    Column("person_id", Text, nullable=False),
    Column("quote_id", Text, nullable=False),
    Column("plan_key", Text, nullable=False),
    Column("applied_on", IsoDate, nullable=False),
    Column("device", Text),
    Column("document_id", Text, nullable=False),
    Column("session_id", Text),
    Index(None, "person_id"),
    Index(None, "device"),
    Index(None, "session_id"),
)
decision = table(
    "decision",
    Column("decision_id", Text, primary_key=True),
    entity_column(),
    Column("application_id", Text, nullable=False),
    Column("outcome", Text, nullable=False),
    Column("document_id", Text, nullable=False),
    Index(None, "application_id"),
)
policy_version = table(
    "policy_version",
    Column("policy_hash", Text, primary_key=True),
    Column("body", JsonText, nullable=False),
    Column("kept_on", IsoDate, nullable=False),
)
contract = table(
    "contract",
    Column("contract_id", Text, primary_key=True),
    entity_column(),
    Column("application_id", Text, nullable=False),
    Column("person_id", Text, nullable=False),
    Column("document_id", Text, nullable=False),
    Column("terms", JsonText, nullable=False),
    Index(None, "application_id"),
)
loan = table(
    "loan",
    Column("loan_id", Text, primary_key=True),
    entity_column(),
    Column("contract_id", Text, nullable=False),
    Column("person_id", Text, nullable=False),
    Column("merchant", Text, nullable=False),
    Column("shard", Int, nullable=False),
    Column("books_version", Int, nullable=False),
    Column("terms", JsonText, nullable=False),
    Column("session_id", Text),
    Index(None, "entity", "shard"),
    Index(None, "person_id"),
    Index(None, "merchant", "loan_id"),
    Index(None, "session_id"),
    UniqueConstraint("contract_id"),
)
payment = table(
    "payment",
    Column("payment_id", Text, primary_key=True),
    entity_column(),
    Column("subject", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("purpose", Text, nullable=False),
    Column("amount_fen", Int, nullable=False),
    Column("ordered_on", IsoDate, nullable=False),
    Column("value_date", IsoDate),
    Column("instruction", JsonText, nullable=False),
    Index(None, "subject"),
    Index(None, "entity", "value_date"),
)
case = table(
    "work_case",
    Column("case_id", Text, primary_key=True),
    entity_column(),
    Column("kind", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("opened_on", IsoDate, nullable=False),
    Column("body", JsonText, nullable=False),
    UniqueConstraint("kind", "subject", "opened_on"),
)

# ── Benefits: rights to them, what was given, and claims on those who fund them ──
voucher = table(
    "voucher",
    Column("voucher_id", Text, primary_key=True),
    Column("person_id", Text, nullable=False),
    Column("scheme", Text, nullable=False),
    Column("category", Text, nullable=False),
    Column("valid_from", IsoDate, nullable=False),
    Column("valid_to", IsoDate, nullable=False),
    Column("used_on", IsoDate),
    Index(None, "person_id"),
)
redemption = table(
    "redemption",
    Column("redemption_id", Text, primary_key=True),
    Column("loan_id", Text, nullable=False),
    Column("merchant", Text, nullable=False),
    Column("benefit", Text, nullable=False),
    Column("voucher_id", Text, nullable=False),
    Column("given_on", IsoDate, nullable=False),
    UniqueConstraint("loan_id", "benefit"),
)
claim = table(
    "claim",
    Column("claim_id", Text, primary_key=True),
    entity_column(),
    Column("funder", Text, nullable=False),
    Column("number", Int, nullable=False),
    Column("claimed_on", IsoDate, nullable=False),
    Column("amount_fen", Int, nullable=False),
    CheckConstraint("amount_fen > 0", name="positive"),
    UniqueConstraint("entity", "funder", "number"),
)
claim_line = table(
    "claim_line",
    Column("claim_id", Text, nullable=False),
    Column("source", Text, nullable=False),
    Column("component", Text, nullable=False),
    Column("amount_fen", Int, nullable=False),
    PrimaryKeyConstraint("claim_id", "source", "component"),
    Index(None, "source"),
)
