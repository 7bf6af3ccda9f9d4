"""The schema, the write lock, and what a closed store answers."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine, text

from sanshi.kernel.effects import Effects
from sanshi.kernel.errors import ConflictError, UnavailableError
from sanshi.store.migrate import upgrade
from sanshi.store.schema import metadata
from sanshi.store.sqlite import SqliteStore, open_engine
from sanshi.wiring import open_store, set_up

NOW = datetime(2026, 11, 2, 2, tzinfo=UTC)


def test_the_migrations_lead_to_the_schema(database_url: str) -> None:
    engine = create_engine(database_url)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []
    engine.dispose()


def test_upgrading_twice_changes_nothing(database_url: str) -> None:
    upgrade(database_url)
    set_up(database_url, date(2026, 11, 2))
    set_up(database_url, date(2027, 1, 4))
    store = open_store(database_url, lambda: NOW)
    row = store.row("business_day", name="open")
    store.close()
    assert row is not None
    assert row["open_date"] == date(2026, 11, 2)


def test_sqlite_keeps_what_it_acknowledged(sqlite_url: str) -> None:
    engine = open_engine(sqlite_url)
    with engine.connect() as connection:
        settings = {
            name: connection.execute(text(f"PRAGMA {name}")).scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys")
        }
        tables = connection.execute(
            text("SELECT name FROM pragma_table_list WHERE type = 'table' AND strict = 0")
        ).scalars()
        loose = {name for name in tables if not name.startswith("sqlite_")} - {"alembic_version"}
    engine.dispose()
    assert settings == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}
    assert loose == set()


def test_a_second_writer_is_refused_and_told_who_writes(sqlite_url: str) -> None:
    store = SqliteStore(sqlite_url, lambda: NOW)
    with pytest.raises(ConflictError, match=r"process \d+") as refused:
        SqliteStore(sqlite_url, lambda: NOW)
    assert refused.value.code == "store.locked"
    store.close()
    SqliteStore(sqlite_url, lambda: NOW).close()


def test_another_process_is_refused_too_and_a_dead_one_lets_go(sqlite_url: str) -> None:
    code = (
        "import sys; from pathlib import Path; from sanshi.store.sqlite import take_write_lock;"
        "held = take_write_lock(Path(sys.argv[1])); print('held', flush=True); sys.stdin.read()"
    )
    path = sqlite_url.removeprefix("sqlite:///")
    with subprocess.Popen(
        [sys.executable, "-c", code, path], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"held\n"
        with pytest.raises(ConflictError, match=f"process {holder.pid}"):
            SqliteStore(sqlite_url, lambda: NOW)
        holder.kill()
        holder.wait()
        SqliteStore(sqlite_url, lambda: NOW).close()


def test_a_closed_store_says_so(sqlite_url: str) -> None:
    store = SqliteStore(sqlite_url, lambda: NOW)
    store.close()
    store.close()
    with pytest.raises(UnavailableError, match="closed"):
        store.apply(Effects())


def test_a_store_in_memory_is_refused(tmp_path: Path) -> None:
    assert tmp_path.is_dir()
    with pytest.raises(UnavailableError, match="file is needed"):
        SqliteStore("sqlite://", lambda: NOW)
