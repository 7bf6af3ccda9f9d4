"""The one schema, for SQLite (STRICT) and PostgreSQL alike.

Only what both databases do the same is used: 64-bit integers, text, bytes. Dates are ISO text,
instants fixed-width UTC text, JSON canonical text; all three sort as they should.
"""

from __future__ import annotations

import json
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
)
from sqlalchemy.engine import Dialect

from sanshi.kernel.dates import utc_text

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "pk": "pk_%(table_name)s",
    }
)

Int = BigInteger().with_variant(Integer, "sqlite")


class IsoDate(TypeDecorator[date]):
    """A date kept as '2026-11-22'."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: date | None, dialect: Dialect) -> str | None:  # noqa: ARG002 - SQLAlchemy's signature
        """Write ISO."""
        return None if value is None else value.isoformat()

    def process_result_value(self, value: Any, dialect: Dialect) -> date | None:  # noqa: ANN401, ARG002 - SQLAlchemy's signature
        """Read ISO."""
        return None if value is None else date.fromisoformat(value)


class Instant(TypeDecorator[datetime]):
    """An instant kept as '2026-11-22T05:00:00.000000Z'."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> str | None:  # noqa: ARG002 - SQLAlchemy's signature
        """Write UTC at fixed width."""
        return None if value is None else utc_text(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:  # noqa: ANN401, ARG002 - SQLAlchemy's signature
        """Read UTC."""
        return None if value is None else datetime.fromisoformat(value)


class JsonText(TypeDecorator[Any]):
    """JSON kept as canonical text: sorted keys, no blanks, integers only."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:  # noqa: ANN401, ARG002 - SQLAlchemy's signature
        """Write canonical JSON."""
        if value is None:
            return None
        return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))

    def process_result_value(self, value: Any, dialect: Dialect) -> Any:  # noqa: ANN401, ARG002 - SQLAlchemy's signature
        """Read JSON."""
        return None if value is None else json.loads(value)


def _key() -> Column[str]:
    return Column("entity", Text, nullable=False)


def _table(name: str, *columns: Any) -> Table:  # noqa: ANN401 - SQLAlchemy's schema items share no base
    return Table(name, metadata, *columns, sqlite_strict=True)


# ── Truth: events, and where each stream stands ──
stream = _table(
    "stream",
    Column("stream", Text, primary_key=True),
    _key(),
    Column("version", Int, nullable=False),
    Column("stage", Text, nullable=False),
    Index(None, "entity", "stage"),
)
event = _table(
    "event",
    Column("stream", Text, nullable=False),
    Column("version", Int, nullable=False),
    Column("kind", Text, nullable=False),
    Column("stage", Text, nullable=False),
    _key(),
    Column("value_date", IsoDate, nullable=False),
    Column("booking_date", IsoDate, nullable=False),
    Column("recorded_at", Instant, nullable=False),
    Column("data", JsonText, nullable=False),
    PrimaryKeyConstraint("stream", "version"),
)

# ── Books ──
posting = _table(
    "posting",
    Column("posting_id", Int, primary_key=True, autoincrement=True),
    _key(),
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
posted = _table(
    "posted",
    Column("source", Text, nullable=False),
    Column("component", Text, nullable=False),
    Column("payer", Text, nullable=False),
    Column("account", Text, nullable=False),
    _key(),
    Column("amount_fen", Int, nullable=False),
    PrimaryKeyConstraint("source", "component", "payer", "account"),
    Index(None, "entity", "account"),
)
close_step = _table(
    "close_step",
    _key(),
    Column("business_date", IsoDate, nullable=False),
    Column("step", Text, nullable=False),
    Column("shard", Int, nullable=False),
    Column("loans", Int, nullable=False),
    Column("debit_fen", Int, nullable=False),
    Column("quarantined", Int, nullable=False),
    PrimaryKeyConstraint("entity", "business_date", "step", "shard"),
)
business_day = _table(
    "business_day",
    Column("name", Text, primary_key=True),
    Column("open_date", IsoDate, nullable=False),
)

# ── Guards and sending ──
used_key = _table(
    "used_key",
    Column("scope", Text, nullable=False),
    Column("key", Text, nullable=False),
    Column("request_hash", Text, nullable=False),
    Column("answer", JsonText),
    PrimaryKeyConstraint("scope", "key"),
)
counter = _table(
    "counter",
    Column("counter", Text, primary_key=True),
    Column("remaining", Int, nullable=False),
)
outbox = _table(
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
leaf = _table(
    "leaf",
    Column("leaf_id", Int, primary_key=True, autoincrement=True),
    Column("kind", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("content_hash", LargeBinary, nullable=False),
    Column("leaf_index", Int),
    UniqueConstraint("leaf_index"),
    Index(None, "subject", "kind"),
)
log_state = _table(
    "log_state",
    Column("log_id", Text, primary_key=True),
    Column("size", Int, nullable=False),
    Column("peaks", LargeBinary, nullable=False),
)
tree_node = _table(
    "tree_node",
    Column("level", Int, nullable=False),
    Column("position", Int, nullable=False),
    Column("hash", LargeBinary, nullable=False),
    PrimaryKeyConstraint("level", "position"),
)
tree_head = _table(
    "tree_head",
    Column("size", Int, primary_key=True, autoincrement=False),
    Column("root", LargeBinary, nullable=False),
    Column("signed_at", Instant, nullable=False),
    Column("signature", LargeBinary, nullable=False),
)

# ── People: sealed under one key each; destroying the key is the erasure ──
person = _table(
    "person",
    Column("person_id", Text, primary_key=True),
    Column("wrapped_key", LargeBinary),
    Column("sealed", LargeBinary, nullable=False),
    Column("id_number_blind", Text, nullable=False),
    UniqueConstraint("id_number_blind"),
)
audit = _table(
    "audit",
    Column("audit_id", Int, primary_key=True, autoincrement=True),
    Column("at", Instant, nullable=False),
    _key(),
    Column("actor", Text, nullable=False),
    Column("role", Text, nullable=False),
    Column("action", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("purpose", Text, nullable=False),
    Index(None, "subject"),
)
document = _table(
    "document",
    Column("document_id", Text, primary_key=True),
    _key(),
    Column("kind", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("person_id", Text, nullable=False),
    Column("content_hash", LargeBinary, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    Index(None, "subject", "kind"),
)

# ── What is looked up: one row an object, its stage in `stream` ──
quote = _table(
    "quote",
    Column("quote_id", Text, primary_key=True),
    Column("person_id", Text, nullable=False),
    Column("merchant", Text, nullable=False),
    Column("quoted_on", IsoDate, nullable=False),
    Column("expires_at", Instant, nullable=False),
    Column("pack_hash", Text, nullable=False),
    Column("document_id", Text, nullable=False),
    Index(None, "person_id"),
)
consent = _table(
    "consent",
    Column("consent_id", Text, primary_key=True),
    Column("person_id", Text, nullable=False),
    Column("purpose", Text, nullable=False),
    Column("recipient", Text, nullable=False),
    Column("document_id", Text, nullable=False),
    Column("withdrawn_on", IsoDate),
    Index(None, "person_id", "purpose"),
)
application = _table(
    "application",
    Column("application_id", Text, primary_key=True),
    _key(),
    Column("person_id", Text, nullable=False),
    Column("quote_id", Text, nullable=False),
    Column("plan_key", Text, nullable=False),
    Column("applied_on", IsoDate, nullable=False),
    Column("device", Text),
    Column("document_id", Text, nullable=False),
    Index(None, "person_id"),
    Index(None, "device"),
)
decision = _table(
    "decision",
    Column("decision_id", Text, primary_key=True),
    _key(),
    Column("application_id", Text, nullable=False),
    Column("outcome", Text, nullable=False),
    Column("document_id", Text, nullable=False),
    Index(None, "application_id"),
)
contract = _table(
    "contract",
    Column("contract_id", Text, primary_key=True),
    _key(),
    Column("application_id", Text, nullable=False),
    Column("person_id", Text, nullable=False),
    Column("document_id", Text, nullable=False),
    Column("terms", JsonText, nullable=False),
    Index(None, "application_id"),
)
loan = _table(
    "loan",
    Column("loan_id", Text, primary_key=True),
    _key(),
    Column("contract_id", Text, nullable=False),
    Column("person_id", Text, nullable=False),
    Column("merchant", Text, nullable=False),
    Column("shard", Int, nullable=False),
    Column("books_version", Int, nullable=False),
    Column("terms", JsonText, nullable=False),
    Index(None, "entity", "shard"),
    Index(None, "person_id"),
    UniqueConstraint("contract_id"),
)
payment = _table(
    "payment",
    Column("payment_id", Text, primary_key=True),
    _key(),
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
case = _table(
    "work_case",
    Column("case_id", Text, primary_key=True),
    _key(),
    Column("kind", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("opened_on", IsoDate, nullable=False),
    Column("body", JsonText, nullable=False),
    UniqueConstraint("kind", "subject", "opened_on"),
)

# ── Benefits: rights to them, what was given, and claims on those who fund them ──
voucher = _table(
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
redemption = _table(
    "redemption",
    Column("redemption_id", Text, primary_key=True),
    Column("loan_id", Text, nullable=False),
    Column("merchant", Text, nullable=False),
    Column("benefit", Text, nullable=False),
    Column("voucher_id", Text, nullable=False),
    Column("given_on", IsoDate, nullable=False),
    UniqueConstraint("loan_id", "benefit"),
)
claim = _table(
    "claim",
    Column("claim_id", Text, primary_key=True),
    _key(),
    Column("funder", Text, nullable=False),
    Column("number", Int, nullable=False),
    Column("claimed_on", IsoDate, nullable=False),
    Column("amount_fen", Int, nullable=False),
    CheckConstraint("amount_fen > 0", name="positive"),
    UniqueConstraint("entity", "funder", "number"),
)
claim_line = _table(
    "claim_line",
    Column("claim_id", Text, nullable=False),
    Column("source", Text, nullable=False),
    Column("component", Text, nullable=False),
    Column("amount_fen", Int, nullable=False),
    PrimaryKeyConstraint("claim_id", "source", "component"),
    Index(None, "source"),
)
