"""The sandbox's own book: one SQLite file that keeps all it has acknowledged.

WAL with synchronous=FULL: an answer leaves only after its transaction is on disk, so killing
the process at any moment loses nothing that was answered.
"""

from __future__ import annotations

import fcntl
import os
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sanshi.kernel.errors import ConflictError

_SCHEMA = """
CREATE TABLE IF NOT EXISTS state (
    name TEXT PRIMARY KEY, value TEXT NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS instructions (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    instruction_id TEXT NOT NULL UNIQUE,
    body TEXT NOT NULL,
    kind TEXT NOT NULL,
    amount_fen INTEGER NOT NULL,
    payer_account TEXT NOT NULL,
    payee_account TEXT NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('accepted', 'succeeded', 'failed')),
    value_date TEXT,
    failure_code TEXT NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS instructions_settled ON instructions (value_date, status);
CREATE TABLE IF NOT EXISTS accounts (
    account TEXT PRIMARY KEY, balance_fen INTEGER NOT NULL CHECK (balance_fen >= 0)
) STRICT;
CREATE TABLE IF NOT EXISTS faults (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    at TEXT NOT NULL, kind TEXT NOT NULL, hold_ms INTEGER NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS rates (
    at TEXT NOT NULL, kind TEXT NOT NULL, ppm INTEGER NOT NULL, hold_ms INTEGER NOT NULL,
    PRIMARY KEY (at, kind)
) STRICT;
CREATE TABLE IF NOT EXISTS callbacks (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    instruction_id TEXT NOT NULL,
    body TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('due', 'held', 'lost', 'sent', 'given_up')),
    copies_left INTEGER NOT NULL,
    failures INTEGER NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS sms (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    message_id TEXT NOT NULL UNIQUE, mobile TEXT NOT NULL, text TEXT NOT NULL
) STRICT;
"""


class Book:
    """One connection, one writer at a time, every write durable before it returns."""

    def __init__(self, folder: Path) -> None:
        """Open or create the book in a folder; refuse a folder that another sandbox holds."""
        folder.mkdir(parents=True, exist_ok=True)
        self._lock_file = _hold(folder / "sandbox.lock")
        self._mutex = threading.Lock()
        self._db = sqlite3.connect(
            folder / "sandbox.sqlite", isolation_level=None, check_same_thread=False
        )
        self._db.row_factory = sqlite3.Row
        self._db.execute("PRAGMA journal_mode = WAL")
        self._db.execute("PRAGMA synchronous = FULL")
        self._db.executescript(_SCHEMA)

    @contextmanager
    def write(self) -> Iterator[sqlite3.Connection]:
        """Run a transaction: durable on leaving, undone by an exception."""
        with self._mutex:
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield self._db
            except BaseException:
                self._db.execute("ROLLBACK")
                raise
            self._db.execute("COMMIT")

    def close(self) -> None:
        """Close the file and let another process have the folder."""
        with self._mutex:
            self._db.close()
            os.close(self._lock_file)


def get_state(db: sqlite3.Connection, name: str) -> str | None:
    """Read a named setting."""
    row = db.execute("SELECT value FROM state WHERE name = ?", (name,)).fetchone()
    return None if row is None else str(row["value"])


def set_state(db: sqlite3.Connection, name: str, value: str | None) -> None:
    """Write or, with None, forget a named setting."""
    if value is None:
        db.execute("DELETE FROM state WHERE name = ?", (name,))
        return
    db.execute(
        "INSERT INTO state (name, value) VALUES (?, ?)"
        " ON CONFLICT (name) DO UPDATE SET value = excluded.value",
        (name, value),
    )


def _hold(path: Path) -> int:
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        holder = os.read(descriptor, 20).decode(errors="replace").strip() or "unknown"
        os.close(descriptor)
        raise ConflictError(
            "sandbox.in_use",
            f"Another sandbox (process {holder}) holds {path.parent}.",
            field="data",
            fix="Stop it first, or name another folder.",
        ) from error
    os.ftruncate(descriptor, 0)
    os.pwrite(descriptor, str(os.getpid()).encode(), 0)
    return descriptor
