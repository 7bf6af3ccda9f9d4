"""Kinds of columns that SQLite (STRICT) and PostgreSQL keep and sort alike.

Only what both databases do the same is used: 64-bit integers, text, bytes. Dates are ISO text,
instants fixed-width UTC text, JSON canonical text; all three sort as they should.
"""

from __future__ import annotations

import json
from datetime import date, datetime
from typing import Any

from sqlalchemy import BigInteger, Column, Integer, MetaData, Table, Text, TypeDecorator
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


def entity_column() -> Column[str]:
    """Return the column that says whose row it is."""
    return Column("entity", Text, nullable=False)


def table(name: str, *columns: Any) -> Table:  # noqa: ANN401 - SQLAlchemy's schema items share no base
    """Add a table to the schema."""
    return Table(name, metadata, *columns, sqlite_strict=True)
