"""Tables of the desk: who works there, in which role, and what waits for a second opinion."""

from __future__ import annotations

from sqlalchemy import Column, Index, Text, UniqueConstraint

from sanshi.store.columns import Instant, Int, IsoDate, JsonText, entity_column, table

staff_account = table(
    "staff_account",
    Column("account_id", Text, primary_key=True),
    entity_column(),
    Column("user_name", Text, nullable=False),
    Column("display_name", Text, nullable=False),
    Column("roles", JsonText, nullable=False),
    Column("password_hash", Text, nullable=False),
    # 1: whoever handed the password over knows it, so it opens the way to a new one alone.
    Column("must_change", Int, nullable=False),
    Column("created_on", IsoDate, nullable=False),
    Column("disabled_on", IsoDate),
    UniqueConstraint("user_name"),
    Index(None, "entity", "account_id"),
)
# Counted by name and not by account, so that a name that nobody has is locked just the same.
sign_in_failure = table(
    "sign_in_failure",
    Column("name_blind", Text, primary_key=True),
    Column("failures", Int, nullable=False),
    Column("last_at", Instant, nullable=False),
)
staff_seat = table(
    "staff_seat",
    Column("login_id", Text, primary_key=True),
    Column("role", Text, nullable=False),
)
proposal = table(
    "proposal",
    Column("proposal_id", Text, primary_key=True),
    entity_column(),
    Column("flow", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("request", JsonText, nullable=False),
    Column("reason", Text, nullable=False),
    Column("maker", Text, nullable=False),
    Column("maker_role", Text, nullable=False),
    Column("made_on", IsoDate, nullable=False),
    Column("expires_on", IsoDate, nullable=False),
    Index(None, "entity", "proposal_id"),
    Index(None, "flow", "subject"),
)
