"""Whoever commits for others may fail or be interrupted: nobody else waits for ever for it."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from sanshi.kernel.effects import Applied, Effects, Insert
from sanshi.kernel.errors import UnavailableError
from sanshi.store import sqlite
from sanshi.store.sqlite import SqliteStore

NOW = datetime(2026, 11, 2, tzinfo=UTC)


def row(name: str) -> Effects:
    return Effects(rows=(Insert("counter", {"counter": name, "remaining": 1}),))


@pytest.fixture
def store(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[SqliteStore]:
    monkeypatch.setattr(sqlite, "_BUSY_TIMEOUT_MS", 50)
    opened = SqliteStore(sqlite_url, lambda: NOW)
    yield opened
    opened.close()


def names(store: SqliteStore) -> list[str]:
    return [found["counter"] for found in store.rows("counter", order_by=("counter",))]


def test_a_lock_that_lasts_too_long_fails_once_and_the_store_goes_on(
    store: SqliteStore, sqlite_url: str
) -> None:
    other = sqlite3.connect(Path(sqlite_url.removeprefix("sqlite:///")), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(UnavailableError) as refused:
        store.apply(row("while locked"))
    assert refused.value.code == "store.commit_failed"
    other.execute("ROLLBACK")
    other.close()
    assert store.apply(row("after")) == Applied()
    assert names(store) == ["after"]


def test_a_transaction_that_the_database_ended_itself_leaves_the_store_alive(
    store: SqliteStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    say = store._say  # noqa: SLF001 - the moment lies inside the store

    def full(statement: str) -> None:
        if statement == "COMMIT":
            say("ROLLBACK")  # as SQLite does when the disk is full
            raise sqlite3.OperationalError("database or disk is full")
        say(statement)

    monkeypatch.setattr(store, "_say", full)
    with pytest.raises(UnavailableError) as refused:
        store.apply(row("lost"))
    assert refused.value.code == "store.commit_unknown"
    monkeypatch.undo()
    assert store.apply(row("kept")) == Applied()
    assert names(store) == ["kept"]


def test_one_who_is_interrupted_after_the_commit_is_told_that_nobody_knows(
    store: SqliteStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    say = store._say  # noqa: SLF001 - as above

    def interrupted(statement: str) -> None:
        say(statement)
        if statement == "COMMIT":
            raise KeyboardInterrupt

    monkeypatch.setattr(store, "_say", interrupted)
    with pytest.raises(KeyboardInterrupt):
        store.apply(row("durable"))
    monkeypatch.undo()
    assert store.apply(row("next")) == Applied()
    assert names(store) == ["durable", "next"]


def test_one_who_is_interrupted_while_waiting_leaves_the_queue(
    store: SqliteStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    inside, go_on = threading.Event(), threading.Event()
    say = store._say  # noqa: SLF001 - as above

    def slow(statement: str) -> None:
        if statement == "BEGIN IMMEDIATE" and not inside.is_set():
            inside.set()
            go_on.wait(10)
        say(statement)

    monkeypatch.setattr(store, "_say", slow)
    leader = threading.Thread(target=store.apply, args=(row("leader"),))
    leader.start()
    assert inside.wait(10)

    waited = store._wait_for_turn  # noqa: SLF001 - as above

    def impatient(ticket: sqlite._Ticket) -> None:
        ticket.turn.release()  # it wakes, but nobody has called it: an interrupt
        waited(ticket)
        raise KeyboardInterrupt

    monkeypatch.setattr(store, "_wait_for_turn", impatient)
    with pytest.raises(KeyboardInterrupt):
        store.apply(row("impatient"))
    monkeypatch.setattr(store, "_wait_for_turn", waited)
    last = threading.Thread(target=store.apply, args=(row("last"),))
    last.start()
    go_on.set()
    for thread in (leader, last):
        thread.join(10)
        assert not thread.is_alive(), "somebody waits for one who has left"
    assert names(store) == ["last", "leader"]
