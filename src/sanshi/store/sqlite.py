"""SQLite: one writer thread with group commit, readers beside it.

Exactly one process owns writing: it holds an OS lock on a file beside the database. Callers
hand `Effects` to one queue; the writer gathers what waits (up to 512), applies each under its own
savepoint, commits once and only then answers. A refused one rolls back alone.
"""

from __future__ import annotations

import fcntl
import os
import queue
import threading
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import IO, Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError

from sanshi.kernel.effects import Applied, Effects, Outcome
from sanshi.kernel.errors import ConflictError, SanshiError, UnavailableError
from sanshi.store.apply import RefusedError, apply
from sanshi.store.evidence import sequence_leaves
from sanshi.store.reading import Reads

MAX_GROUP = 512
_BUSY_TIMEOUT_MS = 10_000


def open_engine(url: str) -> Engine:
    """Open a pool of connections with the durability a ledger needs."""
    engine = create_engine(url, isolation_level="AUTOCOMMIT")

    @event.listens_for(engine, "connect")
    def _prepare(connection: Any, _record: object) -> None:  # noqa: ANN401 - the driver's own type
        for pragma in (
            "journal_mode=WAL",
            "synchronous=FULL",
            "foreign_keys=ON",
            f"busy_timeout={_BUSY_TIMEOUT_MS}",
        ):
            connection.execute(f"PRAGMA {pragma}")

    return engine


class _Ticket:
    """One caller's effects and the place where the answer will be."""

    __slots__ = ("answer", "done", "effects")

    def __init__(self, effects: Effects) -> None:
        self.effects = effects
        self.answer: Outcome | BaseException | None = None
        # A bare lock hands over in a few microseconds; an Event or Future costs several times it.
        self.done = threading.Lock()
        self.done.acquire()

    def settle(self, answer: Outcome | BaseException) -> None:
        self.answer = answer
        self.done.release()


class SqliteStore(Reads):
    """The store on one SQLite file."""

    def __init__(self, url: str, now: Callable[[], datetime]) -> None:
        """Open `url`, take the write lock, start the writer thread."""
        path = make_url(url).database
        if path is None or path == ":memory:":
            raise UnavailableError("store.no_file", "A database file is needed.", field="database")
        self._lock_file = take_write_lock(Path(path))
        self._engine = open_engine(url)
        super().__init__(self._engine)
        self._now = now
        self._queue: queue.SimpleQueue[_Ticket | None] = queue.SimpleQueue()
        self._closed = False
        self._gate = threading.Lock()
        self.commits = 0
        self.applied = 0
        self._writer = threading.Thread(target=self._write_forever, name="writer", daemon=True)
        self._writer.start()

    def apply(self, effects: Effects) -> Outcome:
        """Make the effects durable, or say which guard did not hold."""
        ticket = _Ticket(effects)
        with self._gate:  # nobody may queue behind the writer's end, and wait for ever
            if self._closed or not self._writer.is_alive():
                raise UnavailableError(
                    "store.closed", "The store is closed.", fix="Try again later."
                )
            self._queue.put(ticket)
        ticket.done.acquire()
        if isinstance(ticket.answer, BaseException):
            raise ticket.answer
        assert ticket.answer is not None  # noqa: S101 - settle() always sets it before releasing
        return ticket.answer

    def close(self) -> None:
        """Finish what is queued, stop the writer and give the lock back."""
        with self._gate:
            if self._closed:
                return
            self._closed = True
            self._queue.put(None)
        self._writer.join()
        self._engine.dispose()
        self._lock_file.close()

    def _write_forever(self) -> None:
        with self._engine.connect() as connection:
            stopping = False
            while not stopping:
                group, stopping = self._gather()
                if group:
                    self._commit_group(connection, group)

    def _gather(self) -> tuple[list[_Ticket], bool]:
        group: list[_Ticket] = []
        ticket = self._queue.get()
        while ticket is not None:
            group.append(ticket)
            if len(group) == MAX_GROUP:
                return group, False
            try:
                ticket = self._queue.get_nowait()
            except queue.Empty:
                return group, False
        return group, True

    def _commit_group(self, connection: Connection, group: list[_Ticket]) -> None:
        answers: list[tuple[_Ticket, Outcome | BaseException]] = []
        try:
            connection.exec_driver_sql("BEGIN IMMEDIATE")
            now = self._now()
            answers.extend((t, self._apply_one(connection, t.effects, now)) for t in group)
            sequence_leaves(connection)
            connection.exec_driver_sql("COMMIT")
        except BaseException as error:  # noqa: BLE001 - every waiting caller must get an answer
            _roll_back(connection)
            failure = _unavailable(error)
            answers = [(ticket, failure) for ticket in group]
        else:
            self.commits += 1
            self.applied += len(group)
        for ticket, answer in answers:
            ticket.settle(answer)

    def _apply_one(
        self, connection: Connection, effects: Effects, now: datetime
    ) -> Outcome | BaseException:
        connection.exec_driver_sql("SAVEPOINT one")
        try:
            apply(connection, effects, now)
        except RefusedError as refused:
            connection.exec_driver_sql("ROLLBACK TO one")
            return refused.conflict
        except Exception as error:  # noqa: BLE001 - a malformed effect must not sink its neighbours
            connection.exec_driver_sql("ROLLBACK TO one")
            return error
        finally:
            connection.exec_driver_sql("RELEASE one")
        return Applied()


def _roll_back(connection: Connection) -> None:
    try:
        connection.exec_driver_sql("ROLLBACK")
    except DBAPIError:
        connection.invalidate()


def _unavailable(error: BaseException) -> SanshiError:
    failure = UnavailableError(
        "store.commit_failed",
        f"The commit failed, nothing was changed: {error}",
        fix="Send the request again with the same Idempotency-Key.",
    )
    failure.__cause__ = error
    return failure


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
