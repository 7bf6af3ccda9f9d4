"""The SQLite store: what group commit costs one client and gives many.

Every request is what a repayment writes: an event, three postings and an idempotency key. The
limit of the machine is the same rows in one plain transaction each.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime
from itertools import count
from pathlib import Path
from statistics import median, quantiles
from tempfile import TemporaryDirectory
from time import perf_counter_ns

from benchmarks.figures import Figure
from sanshi.kernel.effects import Applied, Effects, Event, Posting, Unique
from sanshi.store.apply import apply
from sanshi.store.migrate import upgrade
from sanshi.store.sqlite import SqliteStore, open_engine

_DAY = date(2026, 11, 2)
_NOW = datetime(2026, 11, 2, 2, tzinfo=UTC)
_CLIENTS = 32
_US = 1_000
_SECOND = 1_000_000_000


def measure(smoke: bool) -> list[Figure]:  # noqa: FBT001 - the signature every benchmark has
    runs = 50 if smoke else 2_000
    with TemporaryDirectory(prefix="sanshi-bench-") as folder:
        one_commit = plain_commits(Path(folder), runs)
        direct, alone = _one_client(Path(folder), runs)
        crowd = _crowd(Path(folder), max(runs // 10, 10))
    rate = _SECOND / one_commit
    return [
        Figure("one small row, one commit (the disk's limit)", rate, "commits/s"),
        Figure("one Effects without the queue, p50", direct / _US, "µs"),
        Figure(
            "one client through the queue, p50",
            alone / _US,
            "µs",
            note="the row below is what the queue itself adds",
        ),
        Figure("group commit costs one client", (alone - direct) / _US, "µs", at_most=60),
        Figure("32 clients: Effects in a commit", crowd.per_commit, "Effects", at_least=8),
        Figure("32 clients: p50", crowd.p50 / _US, "µs"),
        Figure("32 clients: p99", crowd.p99 / _US, "µs", crowd.p99 / crowd.p50, "p50", at_most=10),
        Figure(
            "32 clients: Effects a second",
            crowd.rate,
            "Effects/s",
            crowd.rate / rate,
            "single commits",
        ),
    ]


def plain_commits(folder: Path, runs: int) -> float:
    """Return how many ns the smallest durable commit of this machine takes."""
    connection = sqlite3.connect(folder / "plain.db", isolation_level=None)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("CREATE TABLE t (x INTEGER)")

    def commit() -> None:
        connection.execute("INSERT INTO t VALUES (1)")

    took = _medians((commit,), runs)[0]
    connection.close()
    return took


def _one_client(folder: Path, runs: int) -> tuple[float, float]:
    """Time one Effects in a transaction of its own, and through the queue, turn by turn."""
    engine = open_engine(_database(folder, "direct"))
    numbers = count()
    with engine.connect() as connection, _store(folder, "alone") as store:

        def commit() -> None:
            connection.exec_driver_sql("BEGIN IMMEDIATE")
            apply(connection, _effects(next(numbers)), _NOW)
            connection.exec_driver_sql("COMMIT")

        took = _medians((commit, lambda: _must_apply(store, next(numbers))), runs)
    engine.dispose()
    return took[0], took[1]


class _Crowd:
    """What 32 clients saw."""

    def __init__(self, times: list[int], seconds: float, per_commit: float) -> None:
        cuts = quantiles(times, n=100)
        self.p50, self.p99 = cuts[49], cuts[98]
        self.rate = len(times) / seconds
        self.per_commit = per_commit


def _crowd(folder: Path, each: int) -> _Crowd:
    times: list[int] = []
    numbers = count()
    with _store(folder, "crowd") as store:

        def client() -> None:
            for _ in range(each):
                number = next(numbers)
                start = perf_counter_ns()
                _must_apply(store, number)
                times.append(perf_counter_ns() - start)

        threads = [threading.Thread(target=client) for _ in range(_CLIENTS)]
        start = perf_counter_ns()
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        seconds = (perf_counter_ns() - start) / _SECOND
        return _Crowd(times, seconds, store.applied / store.commits)


def _must_apply(store: SqliteStore, number: int) -> None:
    if store.apply(_effects(number)) != Applied():
        raise AssertionError(f"Effects {number} was refused")


def _effects(number: int) -> Effects:
    loan = f"ln_{number:08d}"
    postings = tuple(
        Posting("bank", loan, component, "customer", debit, credit, 100 + number, _DAY, _DAY)
        for component, debit, credit in (
            ("received", "rail_clearing", "overpayment"),
            ("principal_paid", "overpayment", "customer_loan"),
            ("interest_paid", "overpayment", "interest_receivable"),
        )
    )
    event = Event(loan, 1, "repaid", "active", "bank", _DAY, _DAY, {"amount_fen": number})
    return Effects(
        events=(event,), postings=postings, guards=(Unique("pay", loan, "hash", {"ok": True}),)
    )


def _database(folder: Path, name: str) -> str:
    url = f"sqlite:///{folder / name}.db"
    upgrade(url)
    return url


@contextmanager
def _store(folder: Path, name: str) -> Iterator[SqliteStore]:
    store = SqliteStore(_database(folder, name), lambda: _NOW)
    try:
        yield store
    finally:
        store.close()


def _medians(works: Sequence[Callable[[], None]], runs: int) -> list[float]:
    """Time each work once a round, so that whatever else the machine does falls on all alike."""
    times: list[list[int]] = [[] for _ in works]
    for number in range(10 + runs):
        for work, took in zip(works, times, strict=True):
            start = perf_counter_ns()
            work()
            if number >= 10:  # the first rounds warm the caches
                took.append(perf_counter_ns() - start)
    return [median(took) for took in times]
