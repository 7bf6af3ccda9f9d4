"""The whole content of a database as one hash, to show that nothing changed."""

from __future__ import annotations

import hashlib

from sqlalchemy import create_engine, select

from sanshi.store.schema import metadata


def rows_of(url: str) -> dict[str, list[tuple[object, ...]]]:
    """Return every row of every table, in a fixed order."""
    engine = create_engine(url)
    try:
        with engine.connect() as connection:
            return {
                table.name: sorted(
                    (tuple(row) for row in connection.execute(select(table))), key=repr
                )
                for table in metadata.sorted_tables
            }
    finally:
        engine.dispose()


def state_hash(url: str, *, without: frozenset[str] = frozenset()) -> str:
    """Hash everything in the database but the named tables."""
    content = {name: rows for name, rows in rows_of(url).items() if name not in without}
    return hashlib.sha256(repr(sorted(content.items())).encode()).hexdigest()
