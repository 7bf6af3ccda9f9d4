"""Faults on purpose: a queue consumed in order, then seeded rates.

Where and what:
    submit     timeout_before (dropped, not taken) · timeout_after (taken, answer dropped) ·
               http_500 (not taken) · reject · unsettled (stays accepted) · late (answer held) ·
               wrong_amount (in the answer) · garbled (answer is no JSON)
    enquire    timeout_before · http_500 · late · lost (says not found) · wrong_amount · garbled
    callback   duplicate · late (held until released) · lost · wrong_amount
    statement  timeout_before · http_500 · late · duplicate · lost (a line) · wrong_amount ·
               unknown_line · garbled
    identity   timeout_before · http_500 · late · garbled
    sms        timeout_before · http_500 (not sent) · timeout_after · late · garbled
    bureau, public_data   timeout_before · http_500 (query not on record) · timeout_after · late ·
               garbled
"""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, get_args

from sanshi.kernel.errors import InputError
from sanshi.kernel.money import PPM

FaultPoint = Literal[
    "submit", "enquire", "callback", "statement", "identity", "bureau", "public_data", "sms"
]
FaultKind = Literal[
    "timeout_before",
    "timeout_after",
    "http_500",
    "reject",
    "duplicate",
    "late",
    "lost",
    "wrong_amount",
    "unsettled",
    "unknown_line",
    "garbled",
]

MAX_HOLD_MS = 60_000

_TALK: frozenset[FaultKind] = frozenset({"timeout_before", "http_500", "late", "garbled"})
ALLOWED: dict[FaultPoint, frozenset[FaultKind]] = {
    "submit": _TALK | {"timeout_after", "reject", "unsettled", "wrong_amount"},
    "enquire": _TALK | {"timeout_after", "lost", "wrong_amount"},
    "callback": frozenset({"duplicate", "late", "lost", "wrong_amount"}),
    "statement": _TALK | {"timeout_after", "duplicate", "lost", "wrong_amount", "unknown_line"},
    "identity": _TALK | {"timeout_after"},
    "bureau": _TALK | {"timeout_after"},
    "public_data": _TALK | {"timeout_after"},
    "sms": _TALK | {"timeout_after"},
}
"""Where an answer changes nothing, timeout_before and timeout_after are the same."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault that is happening now. `hold_ms` is how long `late` holds an answer."""

    kind: FaultKind
    hold_ms: int


class Faults:
    """Decides, inside the caller's transaction, whether a fault happens now."""

    def __init__(self, seed: str) -> None:
        """Seed the rates: the same seed and order of requests give the same faults."""
        self._random = random.Random(seed)  # noqa: S311  repeatable, not secret

    def draw(self, db: sqlite3.Connection, at: FaultPoint) -> Fault | None:
        """Take the next queued fault for this place, else draw by the rates."""
        row = db.execute(
            "SELECT seq, kind, hold_ms FROM faults WHERE at = ? ORDER BY seq LIMIT 1", (at,)
        ).fetchone()
        if row is not None:
            db.execute("DELETE FROM faults WHERE seq = ?", (row["seq"],))
            return Fault(row["kind"], row["hold_ms"])
        rates = db.execute(
            "SELECT kind, ppm, hold_ms FROM rates WHERE at = ? ORDER BY kind", (at,)
        ).fetchall()
        return self._by_rate(rates) if rates else None

    def pick(self, count: int) -> int:
        """Choose one of `count` things, for a fault that has to hit something."""
        return self._random.randrange(count)

    def _by_rate(self, rates: Iterable[sqlite3.Row]) -> Fault | None:
        point = self._random.randrange(PPM)
        for rate in rates:
            point -= rate["ppm"]
            if point < 0:
                return Fault(rate["kind"], rate["hold_ms"])
        return None


def queue(db: sqlite3.Connection, faults: Iterable[tuple[FaultPoint, FaultKind, int]]) -> None:
    """Add faults (place, kind, hold in ms) to the end of the queue."""
    for at, kind, hold_ms in faults:
        _check(at, kind)
        db.execute("INSERT INTO faults (at, kind, hold_ms) VALUES (?, ?, ?)", (at, kind, hold_ms))


def set_rates(
    db: sqlite3.Connection, rates: Iterable[tuple[FaultPoint, FaultKind, int, int]]
) -> None:
    """Replace all rates (place, kind, ppm, hold in ms)."""
    db.execute("DELETE FROM rates")
    for at, kind, ppm, hold_ms in rates:
        _check(at, kind)
        db.execute(
            "INSERT INTO rates (at, kind, ppm, hold_ms) VALUES (?, ?, ?, ?)"
            " ON CONFLICT (at, kind) DO UPDATE SET ppm = excluded.ppm",
            (at, kind, ppm, hold_ms),
        )
    for at in get_args(FaultPoint):
        total = db.execute("SELECT sum(ppm) AS ppm FROM rates WHERE at = ?", (at,)).fetchone()
        if (total["ppm"] or 0) > PPM:
            raise InputError(
                "sandbox.rates",
                f"The rates at {at} add up to {total['ppm']} ppm.",
                field="rates",
                fix=f"Let them add up to at most {PPM}.",
            )


def _check(at: FaultPoint, kind: FaultKind) -> None:
    if kind not in ALLOWED[at]:
        raise InputError(
            "sandbox.fault",
            f"Nothing can be {kind} at {at}.",
            field="kind",
            fix=f"At {at} use one of: {', '.join(sorted(ALLOWED[at]))}.",
        )
