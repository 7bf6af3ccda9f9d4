"""Let a day pass for many loans at once: what `fold.advance` does to one, over columns.

Nothing is written for a loan on a day that only earns interest: what it has earned by any day
follows from its position, so that closing day by day, or once after many days, earns the same.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

import numpy as np
import pyarrow as pa

from sanshi.kernel.columns import MOST_DIVIDED, Column, divided, inverses
from sanshi.kernel.errors import ImpossibleError
from sanshi.kernel.money import PPM
from sanshi.loan.position import (
    NEVER,
    NO_CAP,
    OPEN_DUES,
    POSITIONS,
    YEARS,
    places_on,
)

Columns = Mapping[str, Column]

BLOCK_ROWS: Final = 16_384
"""Rows worked on at a time."""

INTEREST, PENALTY = 0, 1
COMPONENTS: Final = ("interest_earned", "penalty_earned")
"""The components of a loan's books that time moves, by their code."""

EARNED: Final = pa.schema(
    [
        pa.field("loan", pa.int64(), nullable=False),
        pa.field("component", pa.int8(), nullable=False),
        pa.field("amount_fen", pa.int64(), nullable=False),
    ]
)
"""What the books of a loan lack at a day's end: an entry for each component that moved."""

STANDING: Final = pa.schema(
    [
        pa.field(name, pa.int64(), nullable=False)
        for name in ("loan", "days_past_due", "principal_fen", "interest_fen", "penalty_fen")
    ]
)
"""What a loan owes that fell due and is not paid, and for how long."""


@dataclass(frozen=True, slots=True)
class Passed:
    """What a day made of loans.

    Args:
        earned: `EARNED`: what to book.
        positions: `POSITIONS` of the loans of which an instalment fell due.
        open_dues: `OPEN_DUES`: those instalments.
    """

    earned: pa.RecordBatch
    positions: pa.RecordBatch
    open_dues: pa.RecordBatch


def falling(day: date, positions: pa.RecordBatch) -> Column:
    """Return the loans of which an instalment falls due: the day needs their `NEXT_LINES`."""
    at = _columns(positions)
    loans: Column = at["loan"][np.flatnonzero(at["due"] == day.toordinal())]
    return loans


def pass_day(
    day: date, positions: pa.RecordBatch, open_dues: pa.RecordBatch, next_lines: pa.RecordBatch
) -> Passed:
    """Let a day pass that follows the one to which the loans' books were brought.

    Positions written on the day itself, or later, have had their share of it.

    Args:
        day: the day that ends.
        positions: `POSITIONS`, by loan.
        open_dues: `OPEN_DUES` of these loans, by loan.
        next_lines: `NEXT_LINES` of the loans that are `falling`, by loan.
    """
    at, due = _columns(positions), _columns(open_dues)
    if (at["due"] < day.toordinal()).any():
        raise ImpossibleError("position.left_behind", f"Something fell due before {day}.")
    falls = np.flatnonzero(at["due"] == day.toordinal())
    interest = _interest(day, at)
    loans, penalty = _by_loan(due["loan"], _penalty_moved(day, due))
    fallen = {name: values[falls] for name, values in at.items()}
    following = _columns(next_lines)
    if not np.array_equal(fallen["loan"], following["loan"]):
        raise ImpossibleError("position.next_lines", f"Next lines of other loans on {day}.")
    return Passed(
        earned=_earned(at["loan"], interest, loans, penalty),
        positions=_batch(POSITIONS, _moved_on(day, fallen, following)),
        open_dues=_batch(OPEN_DUES, _opened(day, fallen, following)),
    )


def standing(day: date, open_dues: pa.RecordBatch) -> pa.RecordBatch:
    """Return what is overdue or due at a day's end (`STANDING`), of each loan that owes any."""
    due = _columns(open_dues)
    penalty = _penalty(day, due) - due["penalty_paid_fen"]
    late = (due["principal_fen"] + due["interest_fen"]) > 0
    age = np.where(late, day.toordinal() - due["due"], 0)
    starts = _starts(due["loan"])
    sums = (due["principal_fen"], due["interest_fen"], penalty)
    values = [
        due["loan"][starts],
        np.maximum.reduceat(age, starts) if len(starts) else age,
        *(_sum_from(starts, one) for one in sums),
    ]
    return _batch(STANDING, dict(zip(STANDING.names, values, strict=True)))


def _interest(day: date, at: Columns) -> Column:
    """Return what each loan's interest moved on a day."""
    moved = np.empty(len(at["loan"]), np.int64)
    now, before = places_on(day), places_on(day - timedelta(days=1))
    for rows in _blocks(len(moved)):
        block = {name: values[rows] for name, values in at.items()}
        scale, since = block["scale"], block["since"]
        growing = _Growing(block["rest"], block["opening_fen"], block["rate_ppm"], scale)
        held = growing.over(np.maximum(before[scale] - since, 0))
        grown = growing.over(np.maximum(now[scale] - since, 0))
        # At its end a period has earned what was planned of it, whatever its days had come to.
        planned = block["interest_fen"] - block["running_fen"]
        moved[rows] = np.where(block["due"] == day.toordinal(), planned, grown) - held
    return moved


def _penalty_moved(day: date, due: Columns) -> Column:
    return _penalty(day, due) - _penalty(day - timedelta(days=1), due)


def _penalty(day: date, due: Columns) -> Column:
    """Return the penalty of each open instalment by a day, less what was forgiven."""
    scale = due["scale"]
    share = np.maximum(places_on(day)[scale] - due["since"], 0)
    share = np.where(day.toordinal() > due["grace_to"], share, 0)
    growing = _Growing(due["rest"], due["principal_fen"], due["rate_ppm"], scale)
    earned = due["penalty_fen"] + growing.over(share)
    capped = np.where(due["cap_fen"] == NO_CAP, earned, np.minimum(earned, due["cap_fen"]))
    return capped - due["waived_fen"]


class _Growing:
    """Amounts that earn interest, with what is carried of it."""

    def __init__(self, rest: Column, balance_fen: Column, rate_ppm: Column, scale: Column) -> None:
        self._rest = rest
        self._factors = balance_fen, rate_ppm
        self._a_share = balance_fen * rate_ppm  # wraps only where no share is small enough
        self._years, self._inverse = YEARS[scale], _INVERSES[scale]
        most = int(balance_fen.max(initial=0)) * int(rate_ppm.max(initial=0))
        self._most_share = min(_ROOM, MOST_DIVIDED * int(YEARS.min())) // max(most, 1)

    def over(self, share: Column) -> Column:
        """Return the whole fen of (rest + balance × rate × share) ÷ years, however large."""
        if int(share.max(initial=0)) > self._most_share:
            columns = (one.tolist() for one in (self._rest, *self._factors, share, self._years))
            rows = zip(*columns, strict=True)
            return np.array([(r + b * p * s) // y for r, b, p, s, y in rows], np.int64)
        numerator = self._a_share * share
        numerator += self._rest
        return divided(numerator, self._years, self._inverse)


_ROOM: Final = 1 << 61
_INVERSES: Final = inverses(YEARS)


def _moved_on(day: date, fallen: Columns, following: Columns) -> Columns:
    """Return the positions of loans of which an instalment has fallen due."""
    nothing = np.zeros_like(fallen["loan"])
    changes = {
        "as_of": nothing + day.toordinal(),
        "opening_fen": fallen["opening_fen"] - fallen["principal_fen"],
        "since": places_on(day)[fallen["scale"]],
        "running_fen": nothing,
        "rest": nothing,
        "fallen_interest_fen": fallen["fallen_interest_fen"] + fallen["interest_fen"],
        "number": np.where(following["due"] == NEVER, 0, fallen["number"] + 1),
        **{name: following[name] for name in ("due", "principal_fen", "interest_fen")},
    }
    return {**fallen, **changes}


def _opened(day: date, fallen: Columns, following: Columns) -> Columns:
    """Return the instalments that fell due, as far as there is anything to pay."""
    nothing = np.zeros_like(fallen["loan"])
    cap_ppm, scale = following["penalty_cap_ppm"], following["penalty_scale"]
    made = {
        **dict.fromkeys(OPEN_DUES.names, nothing),
        **{name: fallen[name] for name in ("loan", "number", "principal_fen", "interest_fen")},
        "due": nothing + day.toordinal(),
        "grace_to": day.toordinal() + following["grace_days"],
        "cap_fen": np.where(cap_ppm == NO_CAP, NO_CAP, _share(fallen["principal_fen"], cap_ppm)),
        "scale": scale,
        "rate_ppm": following["penalty_rate_ppm"],
        "since": places_on(day)[scale],
    }
    owed = made["principal_fen"] + made["interest_fen"] > 0
    return {name: values[owed] for name, values in made.items()}


def _share(amount_fen: Column, share_ppm: Column) -> Column:
    """Return a share in millionths, rounded down, without leaving 64 bits on the way."""
    whole, rest = np.divmod(amount_fen, PPM)
    shares: Column = whole * share_ppm + rest * share_ppm // PPM
    return shares


def _earned(loans: Column, interest: Column, late: Column, penalty: Column) -> pa.RecordBatch:
    moved, charged = np.flatnonzero(interest), np.flatnonzero(penalty)
    count, more = len(moved), len(charged)
    whose, amounts = np.empty((2, count + more), np.int64)
    for values, earned in ((loans, whose), (interest, amounts)):
        np.take(values, moved, out=earned[:count], mode="clip")  # in range; unbuffered so
    for values, earned in ((late, whose), (penalty, amounts)):
        np.take(values, charged, out=earned[count:], mode="clip")
    codes = np.full(count + more, INTEREST, np.int8)
    codes[count:] = PENALTY
    return pa.RecordBatch.from_arrays([whose, codes, amounts], schema=EARNED)


def _by_loan(loans: Column, amounts: Column) -> tuple[Column, Column]:
    starts = _starts(loans)
    return loans[starts], _sum_from(starts, amounts)


def _starts(loans: Column) -> Column:
    """Return where each loan's rows begin."""
    if not len(loans):
        return np.zeros(0, np.int64)
    return np.flatnonzero(np.concatenate([[True], loans[1:] != loans[:-1]]))


def _sum_from(starts: Column, amounts: Column) -> Column:
    return np.add.reduceat(amounts, starts) if len(starts) else amounts


def _blocks(rows: int) -> Iterator[slice]:
    for start in range(0, rows, BLOCK_ROWS):
        yield slice(start, start + BLOCK_ROWS)


def _columns(batch: pa.RecordBatch) -> dict[str, Any]:
    return {name: batch.column(name).to_numpy() for name in batch.schema.names}


def _batch(schema: pa.Schema, columns: Columns) -> pa.RecordBatch:
    return pa.RecordBatch.from_arrays([pa.array(columns[n]) for n in schema.names], schema=schema)
