"""Interest that others pay 贴息: each payer's part of every line, exact, then whole fen."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from fractions import Fraction
from itertools import pairwise

from sanshi.kernel.dates import YEAR_UNITS, year_place
from sanshi.kernel.money import PPM
from sanshi.kernel.schedules.engine import Instalment
from sanshi.kernel.schedules.periods import Periods, parts
from sanshi.kernel.schedules.terms import Terms

Paid = tuple[tuple[str, int], ...]
"""(payer, interest_fen), in the order of the windows."""


def paid_by_others(terms: Terms, rows: Sequence[Instalment]) -> tuple[Paid, ...]:
    """Return what each payer bears of each row's interest; the customer bears the rest.

    A part is rounded down, and never more than is left of the row's interest. Interest that waits
    for a later row takes its payers' parts along.
    """
    if not any(window.treatment == "payer" for window in terms.windows):
        return ((),) * len(rows)
    bills = Periods.known(terms, 0, terms.accrued).bills
    waiting: dict[str, Fraction] = {}
    paid: list[Paid] = []
    for row, collects in zip(rows, bills, strict=False):
        for payer, part in _parts(terms, row):
            waiting[payer] = waiting.get(payer, Fraction(0)) + part
        paid.append(_settled(waiting, row.interest_fen) if collects else ())
        waiting = {} if collects else waiting
    return tuple(paid)


def _settled(waiting: dict[str, Fraction], interest_fen: int) -> Paid:
    paid = []
    for payer, part in waiting.items():
        fen = min(int(part), interest_fen)
        interest_fen -= fen
        if fen:
            paid.append((payer, fen))
    return tuple(paid)


def _parts(terms: Terms, row: Instalment) -> Iterator[tuple[str, Fraction]]:
    """Give the payers' exact parts of a period, stretch by stretch."""
    windows = (day for w in terms.windows for day in (w.start_date, w.end_date))
    changes = (change.start_date for change in terms.rate_changes)
    draws = {draw.on: draw.amount_fen for draw in terms.draws}
    inner = {day for day in (*windows, *changes, *draws) if row.start_date < day < row.due_date}
    before = sum(fen for on, fen in draws.items() if on <= row.start_date)
    flat = (terms.flat_base_fen or terms.principal_fen) + before
    balance = flat if terms.method == "flat" else row.opening_fen
    bounds = (row.start_date, *sorted(inner), row.due_date)
    for start, end in pairwise(bounds):
        if start > row.start_date:
            balance += draws.get(start, 0)
        places = [year_place(day, terms.day_count, terms.anchor_day) for day in (start, end)]
        exact = Fraction(balance * (places[1] - places[0]), YEAR_UNITS[terms.day_count] * PPM)
        for payer, rate_ppm in _rates(terms, start):
            yield payer, exact * rate_ppm


def _rates(terms: Terms, day: date) -> Iterator[tuple[str, int]]:
    """Give each payer's part of the rate on a day."""
    in_force = [c.rate_ppm for c in terms.rate_changes if c.start_date <= day]
    rate_ppm = in_force[-1] if in_force else terms.rate_ppm
    for window, part in parts(terms, day, rate_ppm):
        if window.payer:
            yield window.payer, part
