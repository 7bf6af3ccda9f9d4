"""A million schedules over columns and what each costs a year, against pyxirr in the same run."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from statistics import median
from time import perf_counter
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyxirr

from benchmarks.figures import Figure
from sanshi.kernel.rate_columns import annual_rates
from sanshi.kernel.schedules import Remainder
from sanshi.kernel.schedules.batch import schedules
from sanshi.kernel.tables import SCHEDULE_TERMS

_SEED: Final = 20_261_122
_SHORTEST, _LONGEST = 12, 60
_SAMPLE: Final = 5_000


def measure(smoke: bool) -> list[Figure]:  # noqa: FBT001 - the signature every benchmark has
    count, rounds = (2_000, 1) if smoke else (1_000_000, 3)
    terms, smooth = _terms(count, "last"), _terms(count, "smooth")
    _scheduled(terms.slice(0, 100))  # tables of dates are made once in a process
    seen = [_scheduled(terms) for _ in range(rounds)]
    seen_smooth = [_scheduled(smooth) for _ in range(rounds)]
    lines = seen[0][1]
    how = f"level instalments 等额本息, {_SHORTEST} to {_LONGEST} monthly lines, {lines:,} in all"
    return [
        Figure(
            f"{count:,} schedules",
            median(seconds for seconds, _ in seen),
            "s",
            at_most=5.0,
            note=f"{how}; one process, one thread, terms and lines are Arrow columns, read batch "
            "by batch",
        ),
        Figure(
            f"{count:,} schedules, smoothest remainder",
            median(seconds for seconds, _ in seen_smooth),
            "s",
            note="the level whose last payment differs least is searched for each",
        ),
        _annual_costs(terms, rounds),
    ]


def _annual_costs(terms: pa.RecordBatch, rounds: int) -> Figure:
    count, fees = terms.num_rows, _fees(terms)
    sample = min(_SAMPLE, count)
    amounts = list(_amounts(terms.slice(0, sample), fees.slice(0, sample)))
    ours, rival = [], []
    for _ in range(rounds):
        seconds, proven = _rated(terms, fees)
        if proven != count:
            raise SystemExit(f"{count - proven} of the benchmark's own loans have no rate.")
        ours.append(seconds / count * 1e6)
        start = perf_counter()
        for flows in amounts:
            pyxirr.irr(flows)
        rival.append((perf_counter() - start) / sample * 1e6)
    return Figure(
        f"annual costs of {count:,} schedules, proven",
        median(ours),
        "µs a loan",
        ratio=median(ours) / median(rival),
        ratio_to="pyxirr.irr",
        at_most=0.2,
        note=f"nominal and effective, a third with an upfront fee; the rival solves {sample:,} of "
        "the same loans one by one, from lists of floats made before",
    )


def _scheduled(terms: pa.RecordBatch) -> tuple[float, int]:
    """Return the seconds that all schedules take, and how many lines they have."""
    start = perf_counter()
    lines = sum(batch.num_rows for batch in schedules(terms))
    return perf_counter() - start, lines


def _rated(terms: pa.RecordBatch, fees: pa.Array) -> tuple[float, int]:
    """Return the seconds that annual costs take beyond the schedules, and how many are proven."""
    clock = _Clock()
    start = perf_counter()
    rates = annual_rates(clock.beside(schedules(terms)), terms, fees)
    proven = sum(batch.column("proven").sum().as_py() for batch in rates)
    return perf_counter() - start - clock.seconds, proven


class _Clock:
    """How long the making of batches takes that somebody else consumes."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def beside(self, batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        iterator = iter(batches)
        while True:
            start = perf_counter()
            batch = next(iterator, None)
            self.seconds += perf_counter() - start
            if batch is None:
                return
            yield batch


def _amounts(terms: pa.RecordBatch, fees: pa.Array) -> Iterator[list[float]]:
    """Give what the rival is fed: an advance less its fee, and payments a period apart."""
    net = dict(zip(terms.column("row").to_pylist(), fees.to_pylist(), strict=True))
    for batch in schedules(terms):
        rows = batch.column("row").to_numpy()
        opening = batch.column("opening_fen").to_numpy()
        paid = batch.column("principal_fen").to_numpy() + batch.column("interest_fen").to_numpy()
        first = np.flatnonzero(np.diff(rows, prepend=rows[0] - 1))
        for begin, lines in zip(first, np.split(paid, first[1:]), strict=True):
            advance = int(opening[begin]) - net[int(rows[begin])]
            yield [-float(advance), *lines.astype(np.float64).tolist()]


def _fees(terms: pa.RecordBatch) -> pa.Array:
    """Return fees of 1 % of every third loan."""
    principal = terms.column("principal_fen").to_numpy()
    return pa.array(np.where(terms.column("row").to_numpy() % 3 == 0, principal // 100, 0))


def _terms(count: int, remainder: Remainder) -> pa.RecordBatch:
    """Draw loans paid out on any day of a year, due a month later and on."""
    chance = np.random.default_rng(_SEED)
    start = np.datetime64("2026-01-01") + chance.integers(0, 365, count)
    month = start.astype("M8[M]")
    due_day = np.minimum((start - month).astype(np.int64) + 1, 28)
    columns = {
        "row": np.arange(count),
        "principal_fen": chance.integers(100_000, 20_000_000, count),
        "rate_ppm": chance.integers(30, 240, count) * 1_000,
        "start_date": start,
        "first_due": (month + 1).astype("M8[D]") + (due_day - 1),
        "instalments": chance.integers(_SHORTEST, _LONGEST, count, endpoint=True),
        "every_months": _all(count, 1),
        "due_day": due_day,
        "round_to_fen": _all(count, 1),
    }
    words = {
        "method": "equal_instalment",
        "day_count": "30/360",
        "rounding": "half_up",
        "instalment_rounding": "half_up",
        "remainder": remainder,
        "interest_round": "instalment",
    }
    nothing = _all(count, 0)
    arrays = []
    for field in SCHEDULE_TERMS:
        if field.name in words:
            codes = pa.array(nothing, pa.int8())
            arrays.append(pa.DictionaryArray.from_arrays(codes, [words[field.name]]))
        elif pa.types.is_list(field.type):
            none = pa.array([], field.type.value_type)
            arrays.append(pa.ListArray.from_arrays(pa.array(_all(count + 1, 0), pa.int32()), none))
        else:
            arrays.append(pa.array(columns.get(field.name, nothing)).cast(field.type))
    return pa.RecordBatch.from_arrays(arrays, schema=SCHEDULE_TERMS)


def _all(count: int, value: int) -> npt.NDArray[np.int64]:
    return np.full(count, value)
