"""Schedules and annual rates of 36 monthly instalments, against pyxirr in the same run."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from statistics import median
from time import perf_counter_ns

import pyxirr

from benchmarks.figures import Figure
from sanshi.kernel.cashflow import Cash, laid_out
from sanshi.kernel.dates import due_dates
from sanshi.kernel.rates import (
    Flow,
    _bracket,
    _effective,
    _nominal,
    _solve,
    annual_rate,
)
from sanshi.kernel.schedules import Method, Terms, schedule

_START = date(2026, 11, 22)
_BATCH = 10
"""Calls timed together, so that the clock's own cost does not show."""


def measure(smoke: bool) -> list[Figure]:  # noqa: FBT001 - the signature every benchmark has
    rounds = 3 if smoke else 400
    return [
        *_rates("level instalments 等额本息", "equal_instalment", None, rounds, bound=3.0),
        *_rates(
            "level principal 等额本金, odd first period", "equal_principal", 5, rounds, bound=None
        ),
        *_schedules(rounds),
    ]


def _terms(method: Method, due_day: int | None = None) -> Terms:
    dates = due_dates(_START, 36, due_day)
    return Terms(699_900, 88_800, method, _START, dates, due_day=due_day)


def _rates(
    name: str, method: Method, due_day: int | None, rounds: int, *, bound: float | None
) -> list[Figure]:
    terms = _terms(method, due_day)
    rows = schedule(terms)
    flows = [Flow(_START, terms.principal_fen), *(Flow(r.due_date, -r.payment_fen) for r in rows)]
    amounts = [float(flow.amount_fen) for flow in flows]
    cash = laid_out(flows, 12)
    guess = _solve(cash)

    rival, solved, proof, whole = _medians(
        rounds,
        lambda: pyxirr.irr(amounts),
        lambda: _solve(laid_out(flows, 12)),
        lambda: _prove(cash, guess),
        lambda: annual_rate(flows),
    )
    return [
        Figure(
            f"rate, {name}: solved",
            solved,
            "µs",
            ratio=solved / rival,
            ratio_to="pyxirr.irr",
            at_most=bound,
            note="dated flows read, due dates seen before, solved in floats; the rival gets floats "
            "without dates",
        ),
        Figure(
            f"rate, {name}: integer proof",
            proof,
            "µs",
            at_most=100.0,
            note="bracket, exact signs at both ends, both disclosed figures",
        ),
        Figure(
            f"rate, {name}: solved and proven",
            whole,
            "µs",
            ratio=whole / rival,
            ratio_to="pyxirr.irr",
            note="annual_rate as callers call it",
        ),
    ]


def _prove(cash: Cash, guess: float) -> None:
    bracket = _bracket(cash, guess)
    if bracket is None:
        raise SystemExit("The benchmark's own loan has no rate.")
    _nominal(cash, *bracket)
    _effective(cash, *bracket)


def _schedules(rounds: int) -> list[Figure]:
    methods: tuple[Method, ...] = ("equal_instalment", "equal_principal", "interest_only")
    terms = [_terms(method) for method in methods]
    times = _medians(rounds, *(lambda t=t: schedule(t) for t in terms))
    return [
        Figure(f"schedule, {method}", time, "µs", note="36 rows")
        for method, time in zip(methods, times, strict=True)
    ]


def _medians(rounds: int, *calls: Callable[[], object]) -> Sequence[float]:
    """Return each call's median in µs; the calls take turns, so that they share the weather."""
    seen: list[list[float]] = [[] for _ in calls]
    for _ in range(rounds):
        for times, call in zip(seen, calls, strict=True):
            start = perf_counter_ns()
            for _ in range(_BATCH):
                call()
            times.append((perf_counter_ns() - start) / _BATCH / 1000)
    return [median(times) for times in seen]
