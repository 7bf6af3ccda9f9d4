"""Tables of the doors: who may knock, what a shop asked for, and what it is told."""

from __future__ import annotations

from sqlalchemy import Column, Index, LargeBinary, Text, UniqueConstraint

from sanshi.store.columns import Instant, IsoDate, JsonText, entity_column, table

api_key = table(
    "api_key",
    Column("key_id", Text, primary_key=True),
    entity_column(),
    Column("role", Text, nullable=False),
    Column("label", Text, nullable=False),
    Column("issued_on", IsoDate, nullable=False),
    Column("revoked_on", IsoDate),
    Index(None, "entity"),
)
session = table(
    "checkout_session",
    Column("session_id", Text, primary_key=True),
    entity_column(),
    Column("host", Text, nullable=False),
    Column("reference", Text, nullable=False),
    Column("items", JsonText, nullable=False),
    Column("language", Text, nullable=False),
    Column("return_url", Text, nullable=False),
    Column("cancel_url", Text, nullable=False),
    Column("person_id", Text),
    Column("opened_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False),
    Index(None, "entity", "session_id"),
)
notice = table(
    "notice",
    Column("notice_id", Text, primary_key=True),
    entity_column(),
    Column("type", Text, nullable=False),
    Column("at", Instant, nullable=False),
    Column("data", JsonText, nullable=False),
    Index(None, "entity", "notice_id"),
)
webhook_endpoint = table(
    "webhook_endpoint",
    Column("endpoint_id", Text, primary_key=True),
    entity_column(),
    Column("url", Text, nullable=False),
    Column("types", JsonText, nullable=False),
    Column("disabled_on", IsoDate),
    Index(None, "entity", "endpoint_id"),
)

# ── People at the pages ──
one_time_code = table(
    "one_time_code",
    Column("code_id", Text, primary_key=True),
    Column("mobile_blind", Text, nullable=False),
    Column("sent_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False),
    Index(None, "mobile_blind", "sent_at"),
)
login = table(
    "login",
    Column("login_id", Text, primary_key=True),
    Column("token_blind", Text, nullable=False),
    # `consumer`: the subject is their person, once known; `staff`: it is their account.
    Column("kind", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("mobile_blind", Text, nullable=False),
    Column("wrapped_key", LargeBinary),
    Column("sealed", LargeBinary),
    Column("opened_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False),
    Column("ended_at", Instant),
    UniqueConstraint("token_blind"),
    Index(None, "kind", "subject"),
    Index(None, "ended_at", "expires_at"),
)
