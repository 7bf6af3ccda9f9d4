"""A day passes for a million loans, over columns, against the memory copy of what moves."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from statistics import median
from time import perf_counter
from typing import Final

import numpy as np
import pyarrow as pa

from benchmarks.figures import Figure
from sanshi.loan.passing import Passed, pass_day, standing
from sanshi.loan.position import (
    NEXT_LINES,
    NO_CAP,
    OPEN_DUES,
    POSITIONS,
    YEARS,
    places_on,
    scale_of,
)

_SEED: Final = 20_261_122
_DAY: Final = date(2026, 11, 22)
_LATE: Final = 20
"""One loan in so many owes an instalment that fell due."""


def measure(smoke: bool) -> list[Figure]:  # noqa: FBT001 - the signature every benchmark has
    count, rounds = (5_000, 2) if smoke else (1_000_000, 9)
    positions, dues, lines = _book(count)
    passed = pass_day(_DAY, positions, dues, lines)
    moved = [positions, dues, lines, passed.earned, passed.positions, passed.open_dues]
    size = sum(batch.nbytes for batch in moved)
    kernel, floor = [], []
    copy = _copying(size)
    for _ in range(rounds):
        floor.append(_seconds(copy))
        kernel.append(_seconds(lambda: _close(positions, dues, lines)))
    return [
        Figure(
            f"a day of {count:,} loans: interest, penalty, what falls due, ageing",
            median(kernel) * 1e3,
            "ms",
            ratio=median(kernel) / median(floor),
            ratio_to="a copy of what goes in and out",
            at_most=8.0,
            note=f"one thread; {size / 1e6:.0f} MB in and out as Arrow columns of 64 bits; "
            f"{lines.num_rows:,} loans with an instalment that falls due, {dues.num_rows:,} "
            f"with one that is open; {passed.earned.num_rows:,} entries come out",
        ),
    ]


def _close(positions: pa.RecordBatch, dues: pa.RecordBatch, lines: pa.RecordBatch) -> Passed:
    passed = pass_day(_DAY, positions, dues, lines)
    standing(_DAY, dues)
    return passed


def _copying(size: int) -> Callable[[], None]:
    """Return work that reads and writes as many bytes, in memory that was touched before."""
    source, target = np.ones((2, size // 16), np.int64)
    return lambda: np.copyto(target, source)


def _seconds(work: Callable[[], object]) -> float:
    start = perf_counter()
    work()
    return perf_counter() - start


def _book(count: int) -> tuple[pa.RecordBatch, pa.RecordBatch, pa.RecordBatch]:
    """Make a book of monthly loans: one in thirty falls due on a day, one in twenty is late."""
    rng = np.random.default_rng(_SEED)
    loans = np.arange(1, count + 1)
    opening = rng.integers(50_000, 20_000_000, count)
    scales = np.array([scale_of("30/360", day) for day in range(1, 29)])
    which = rng.integers(0, 28, count)
    begun = _DAY - timedelta(days=20)
    next_due = _DAY.toordinal() + rng.integers(0, 30, count)
    positions = {
        "loan": loans,
        "as_of": np.full(count, begun.toordinal()),
        "scale": scales[which],
        "rate_ppm": rng.integers(30_000, 240_000, count),
        "opening_fen": opening,
        "since": places_on(begun)[scales[which]],
        "running_fen": rng.integers(0, 50_000, count),
        "rest": rng.integers(0, int(YEARS[scales[0]]), count),
        "fallen_interest_fen": rng.integers(0, 500_000, count),
        "penalty_fen": np.zeros(count, np.int64),
        "number": rng.integers(1, 60, count),
        "due": next_due,
        "principal_fen": opening // 12,
        "interest_fen": opening // 100,
    }
    late = loans[rng.integers(0, _LATE, count) == 0]
    falls = loans[next_due == _DAY.toordinal()]
    return (
        _batch(POSITIONS, positions),
        _batch(OPEN_DUES, _late_ones(late, opening)),
        _batch(NEXT_LINES, _followers(falls)),
    )


def _late_ones(late: np.ndarray, opening: np.ndarray) -> dict[str, np.ndarray]:
    scale = scale_of("act/360")
    due = _DAY - timedelta(days=25)
    return {name: np.zeros(len(late), np.int64) for name in OPEN_DUES.names} | {
        "loan": late,
        "number": np.ones(len(late), np.int64),
        "due": np.full(len(late), due.toordinal()),
        "grace_to": np.full(len(late), due.toordinal() + 3),
        "principal_fen": opening[late - 1] // 12,
        "interest_fen": opening[late - 1] // 100,
        "cap_fen": np.full(len(late), NO_CAP),
        "scale": np.full(len(late), scale),
        "rate_ppm": np.full(len(late), 180_000),
        "since": np.full(len(late), places_on(due)[scale]),
    }


def _followers(falls: np.ndarray) -> dict[str, np.ndarray]:
    count = len(falls)
    return {
        "loan": falls,
        "due": np.full(count, _DAY.toordinal() + 30),
        "principal_fen": np.full(count, 100_000),
        "interest_fen": np.full(count, 10_000),
        "grace_days": np.full(count, 3),
        "penalty_rate_ppm": np.full(count, 180_000),
        "penalty_scale": np.full(count, scale_of("act/360")),
        "penalty_cap_ppm": np.full(count, NO_CAP),
    }


def _batch(schema: pa.Schema, columns: dict[str, np.ndarray]) -> pa.RecordBatch:
    return pa.RecordBatch.from_arrays([pa.array(columns[n]) for n in schema.names], schema=schema)
