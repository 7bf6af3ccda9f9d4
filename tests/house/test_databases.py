"""The fixtures that other tests rest on: databases that are fresh, shared and cleaned up."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import create_engine, inspect, text

import databases

TESTS = Path(databases.__file__).parent


def tables(url: str) -> set[str]:
    engine = create_engine(url)
    try:
        return set(inspect(engine).get_table_names())
    finally:
        engine.dispose()


def leave_a_mark(url: str) -> None:
    engine = create_engine(url)
    with engine.begin() as connection:
        assert "mark" not in tables(url)
        connection.execute(text("CREATE TABLE mark (a integer)"))
    engine.dispose()
    assert "mark" in tables(url)


@pytest.mark.parametrize("turn", [1, 2])
def test_each_test_gets_a_fresh_migrated_database(database_url: str, turn: int) -> None:
    assert turn
    assert "event" in tables(database_url)
    leave_a_mark(database_url)


def test_addresses_have_the_form_the_store_takes(sqlite_url: str) -> None:
    assert sqlite_url.startswith("sqlite:////")


@pytest.mark.postgres
def test_postgres_address(postgres_url: str, run_folder: Path) -> None:
    assert postgres_url.startswith("postgresql+psycopg://postgres@/")
    assert postgres_url.endswith(f"?host={run_folder}")


@pytest.mark.postgres
def test_a_copy_is_dropped_though_a_client_still_holds_it(
    postgres_server: databases.Server,
) -> None:
    name = postgres_server.clone()
    address = postgres_server.url(name).replace("+psycopg", "")
    with psycopg.connect(address, autocommit=True) as client:
        postgres_server.drop(name)
        with pytest.raises(psycopg.OperationalError):
            client.execute("SELECT 1")
    with pytest.raises(psycopg.OperationalError, match="does not exist"):
        psycopg.connect(address)


ABANDON = """
import sys, time
sys.path.insert(0, sys.argv[1])
import databases
run = databases.RunFolder()
databases.Server(run.path, lambda url: None)
print(run.path, flush=True)
time.sleep(60)
"""


@pytest.mark.postgres
def test_a_killed_run_leaves_no_server_behind(postgres_server: databases.Server) -> None:
    assert postgres_server.folder.exists()  # says first whether PostgreSQL can run here at all
    command = [sys.executable, "-c", ABANDON, str(TESTS)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as killed:
        assert killed.stdout is not None
        folder = Path(killed.stdout.readline().strip())
        killed.kill()
    with psycopg.connect(host=str(folder), user="postgres", autocommit=True) as client:
        client.execute("SELECT 1")

        databases.clear_abandoned()

        with pytest.raises(psycopg.OperationalError):
            client.execute("SELECT 1")
    assert not folder.exists()


def test_a_living_run_is_left_alone() -> None:
    run = databases.RunFolder()
    try:
        databases.clear_abandoned()
        assert run.path.exists()
    finally:
        run.close()
    assert not run.path.exists()


def test_a_template_with_an_open_connection_is_refused(tmp_path: Path) -> None:
    engines = []

    def forgetful(url: str) -> None:
        engine = create_engine(url)
        connection = engine.connect()
        connection.exec_driver_sql("PRAGMA journal_mode=WAL")
        connection.exec_driver_sql("CREATE TABLE a (b integer)")
        connection.exec_driver_sql("INSERT INTO a VALUES (1)")
        connection.commit()
        connection.exec_driver_sql("BEGIN")
        connection.exec_driver_sql("SELECT * FROM a").fetchall()
        engines.append((engine, connection))

    try:
        with pytest.raises(AssertionError, match="still holds changes"):
            databases.sqlite_template(tmp_path / "template.db", forgetful)
    finally:
        for engine, connection in engines:
            connection.close()
            engine.dispose()
