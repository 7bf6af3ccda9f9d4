"""SQLite: one writing connection with group commit, readers beside it.

Exactly one process owns writing: it holds an OS lock on a file beside the database. Callers
hand `Effects` to one queue. Whoever finds nobody committing leads: it takes what waits (up to 512),
applies each under its own savepoint, commits once, only then answers, and passes the lead to the
first who came meanwhile. A refused one rolls back alone. There is no writer thread, because handing
over to one and back costs a lone caller more than the commit does on a fast disk.
"""

from __future__ import annotations

import fcntl
import os
import sqlite3
import threading
from collections import deque
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import IO, Any

import structlog
from sqlalchemy import Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError

from sanshi.kernel.effects import Applied, Effects, Outcome
from sanshi.kernel.errors import ConflictError, SanshiError, UnavailableError
from sanshi.store.apply import RefusedError, apply
from sanshi.store.evidence import sequence_leaves
from sanshi.store.reading import Reads

MAX_GROUP = 512
_BUSY_TIMEOUT_MS = 10_000

log = structlog.get_logger()


def open_engine(url: str) -> Engine:
    """Open a pool of connections with the durability a ledger needs."""
    engine = create_engine(url, isolation_level="AUTOCOMMIT", hide_parameters=True)

    @event.listens_for(engine, "connect")
    def _prepare(connection: Any, _record: object) -> None:  # noqa: ANN401 - the driver's own type
        for pragma in (
            "journal_mode=WAL",
            "synchronous=FULL",
            "foreign_keys=ON",
            "temp_store=MEMORY",  # else every savepoint that changes some pages makes a file
            f"busy_timeout={_BUSY_TIMEOUT_MS}",
        ):
            connection.execute(f"PRAGMA {pragma}")

    return engine


class _Ticket:
    """One caller's effects, the place where the answer will be, and whether it is its turn."""

    __slots__ = ("answer", "effects", "leads", "turn")

    def __init__(self, effects: Effects) -> None:
        self.effects = effects
        self.answer: Outcome | BaseException | None = None
        self.leads = False
        # A bare lock hands over in a few microseconds; an Event or Future costs several times it.
        self.turn = threading.Lock()
        self.turn.acquire()


class SqliteStore(Reads):
    """The store on one SQLite file."""

    def __init__(self, url: str, now: Callable[[], datetime]) -> None:
        """Open `url` and take the write lock."""
        path = make_url(url).database
        if path is None or path == ":memory:":
            raise UnavailableError("store.no_file", "A database file is needed.", field="database")
        self._lock_file = take_write_lock(Path(path))
        self._engine = open_engine(url)
        super().__init__(self._engine)
        self._now = now
        self._writer = self._engine.connect()
        self._waiting: deque[_Ticket] = deque()
        self._led = False
        self._closed = False
        self._gate = threading.Lock()
        self._rest = threading.Condition(self._gate)
        self.commits = 0
        self.applied = 0

    def apply(self, effects: Effects) -> Outcome:
        """Make the effects durable, or say which guard did not hold."""
        ticket = _Ticket(effects)
        try:
            self._wait_for_turn(ticket)
            if ticket.answer is None:
                self._lead()
        except BaseException:  # interrupted: whoever comes next must not wait for this caller
            self._leave(ticket)
            raise
        if isinstance(ticket.answer, BaseException):
            raise ticket.answer
        assert ticket.answer is not None  # noqa: S101 - who led or was led has an answer
        return ticket.answer

    def close(self) -> None:
        """Finish what is queued, refuse the rest and give the lock back."""
        with self._gate:
            if self._closed:
                return
            self._closed = True
            self._rest.wait_for(lambda: not self._led)
        self._writer.close()
        self._engine.dispose()
        self._lock_file.close()

    def _wait_for_turn(self, ticket: _Ticket) -> None:
        """Wait until somebody has an answer for the ticket, or it is its turn to lead."""
        with self._gate:
            if self._closed:
                raise UnavailableError(
                    "store.closed", "The store is closed.", fix="Try again later."
                )
            self._waiting.append(ticket)
            ticket.leads, self._led = not self._led, True
        if not ticket.leads:
            ticket.turn.acquire()

    def _leave(self, ticket: _Ticket) -> None:
        """Take a ticket back that nobody works on; if it was to lead, the next one does."""
        with self._gate:
            if ticket not in self._waiting:
                return
            self._waiting.remove(ticket)
            if ticket.leads:
                self._next_leads()

    def _lead(self) -> None:
        """Commit for everyone who waits, the caller first, then pass the lead on."""
        with self._gate:
            size = min(len(self._waiting), MAX_GROUP)
            group = [self._waiting.popleft() for _ in range(size)]
        try:
            self._commit_group(group)
        finally:
            with self._gate:
                self._next_leads()
            for ticket in group[1:]:
                ticket.turn.release()

    def _next_leads(self) -> None:
        """Let the first who waits lead; the caller holds the gate."""
        if self._waiting:
            self._waiting[0].leads = True
            self._waiting[0].turn.release()
        else:
            self._led = False
            self._rest.notify_all()

    def _commit_group(self, group: list[_Ticket]) -> None:
        committing = False
        answers: list[Outcome | BaseException] = [_failed() for _ in group]
        try:
            self._say("BEGIN IMMEDIATE")
            now = self._now()
            decided = [self._apply_one(ticket.effects, now) for ticket in group]
            if any(ticket.effects.leaves for ticket in group):
                sequence_leaves(self._writer)
            committing = True
            self._say("COMMIT")
            answers = decided
        except BaseException as error:
            log.error("commit_failed", error=type(error).__name__)  # noqa: TRY400 - values are people's
            rolled_back = self._roll_back()
            if committing and not rolled_back:
                answers = [_unknown() for _ in group]
            if not isinstance(error, Exception):  # the leader's own thread was interrupted
                raise
        else:
            self.commits += 1
            self.applied += len(group)
        finally:
            for ticket, answer in zip(group, answers, strict=True):
                ticket.answer = answer

    def _apply_one(self, effects: Effects, now: datetime) -> Outcome | BaseException:
        self._say("SAVEPOINT one")
        try:
            apply(self._writer, effects, now)
        except RefusedError as refused:
            self._say("ROLLBACK TO one")
            return refused.conflict
        except Exception as error:  # noqa: BLE001 - a malformed effect must not sink its neighbours
            self._say("ROLLBACK TO one")
            return error
        finally:
            self._say("RELEASE one")
        return Applied()

    def _say(self, statement: str) -> None:
        """Say a word of the transaction straight to the driver, which takes a tenth of the time."""
        driver = self._writer.connection.driver_connection
        assert driver is not None  # noqa: S101 - an open connection has one
        driver.execute(statement)

    def _roll_back(self) -> bool:
        """End a transaction that failed; False: none was open, it had ended one way or another."""
        try:
            driver = self._writer.connection.driver_connection
            if driver is not None and driver.in_transaction:
                driver.execute("ROLLBACK")
                return True
        except (sqlite3.Error, SQLAlchemyError):
            self._writer.invalidate()
            self._writer.close()
            self._writer = self._engine.connect()
        return False


_AGAIN = "Send the request again with the same Idempotency-Key."


def _failed() -> SanshiError:
    return UnavailableError(
        "store.commit_failed", "The commit failed, nothing was changed.", fix=_AGAIN
    )


def _unknown() -> SanshiError:
    return UnavailableError(
        "store.commit_unknown", "Nobody knows whether the commit came through.", fix=_AGAIN
    )


def take_write_lock(database: Path) -> IO[str]:
    """Lock the file beside the database for this process, or say who holds it."""
    path = database.with_name(database.name + ".lock")
    file = path.open("a+", encoding="utf-8")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        file.seek(0)
        holder = file.read().strip() or "another process"
        file.close()
        raise ConflictError(
            "store.locked",
            f"The database is being written by {holder}.",
            field="database",
            fix="Use that process (its API or pages), or stop it first.",
        ) from error
    file.truncate(0)
    file.write(f"process {os.getpid()}")
    file.flush()
    return file
