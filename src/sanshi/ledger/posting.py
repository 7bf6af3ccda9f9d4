"""Postings 分录 are differences: what the books should say, less what was actually posted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sanshi.kernel.effects import Posting
from sanshi.ledger.accounts import LEGS

Target = Mapping[tuple[str, str], int]
"""(component, payer) → cumulative fen."""

Posted = Mapping[tuple[str, str, str], int]
"""(component, payer, account) → signed cumulative fen; debits positive."""


@dataclass(frozen=True, slots=True)
class Booking:
    """Whose books, for which object, and on which dates."""

    entity: str
    source: str
    value_date: date
    booking_date: date


def bring_to(target: Target, posted: Posted, booking: Booking) -> tuple[Posting, ...]:
    """Return the postings that bring the books of one source from `posted` to `target`.

    A component that fell, or is not named any more, is corrected by the reverse entry; a closed
    day is never rewritten.
    """
    gone = sorted({(component, payer) for component, payer, _ in posted} - set(target))
    return tuple(
        _entry(component, payer, difference_fen, booking)
        for (component, payer), fen in {**target, **dict.fromkeys(gone, 0)}.items()
        if (difference_fen := fen - posted.get((component, payer, LEGS[component][0]), 0))
    )


def moved(by: Target, booking: Booking) -> tuple[Posting, ...]:
    """Return the postings that move the books of one source by so much, up or down."""
    return tuple(
        _entry(component, payer, fen, booking) for (component, payer), fen in by.items() if fen
    )


def _entry(component: str, payer: str, difference_fen: int, booking: Booking) -> Posting:
    debit, credit = LEGS[component]
    if difference_fen < 0:
        debit, credit = credit, debit
    return Posting(
        entity=booking.entity,
        source=booking.source,
        component=component,
        payer=payer,
        debit=debit,
        credit=credit,
        amount_fen=abs(difference_fen),
        value_date=booking.value_date,
        booking_date=booking.booking_date,
    )


def disagreements(target: Target, posted: Posted) -> tuple[tuple[str, str, int, int], ...]:
    """Return (component, payer, expected fen, posted fen) wherever the books differ."""
    known = set(target) | {(component, payer) for component, payer, _ in posted}
    rows = (
        (
            component,
            payer,
            target.get((component, payer), 0),
            posted.get((component, payer, LEGS[component][0]), 0),
        )
        for component, payer in sorted(known)
    )
    return tuple(row for row in rows if row[2] != row[3])
