"""Postings 分录 are differences: what the books should say, less what was actually posted."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from sanshi.kernel.effects import Posting
from sanshi.ledger.accounts import Chart

Target = Mapping[tuple[str, str], int]
"""(component, payer) → cumulative fen."""

Posted = Mapping[tuple[str, str, str], int]
"""(component, payer, account) → signed cumulative fen; debits positive."""

Sums = dict[str, int]
"""Account → signed fen; debits positive."""


@dataclass(frozen=True, slots=True)
class Booking:
    """Whose books, for which object, on which dates, and on the accounts of which chart."""

    entity: str
    source: str
    value_date: date
    booking_date: date
    chart: Chart


def bring_to(target: Target, posted: Posted, booking: Booking) -> tuple[Posting, ...]:
    """Return the postings that bring the books of one source from `posted` to `target`.

    A component that fell, or is not named any more, is corrected by the reverse entry; a closed
    day is never rewritten. What stands on accounts that an older chart gave a component moves
    from there to those it has now.
    """
    stands = _by_component(posted)
    gone = dict.fromkeys(sorted(set(stands) - set(target)), 0)
    return tuple(
        entry(component, payer, one, booking)
        for (component, payer), fen in {**target, **gone}.items()
        for one in _entries(_lacking(booking.chart, component, fen, stands.get((component, payer))))
    )


def moved(by: Target, booking: Booking) -> tuple[Posting, ...]:
    """Return the postings that move the books of one source by so much, up or down."""
    return tuple(
        entry(component, payer, one, booking)
        for (component, payer), fen in by.items()
        for one in _entries(_lacking(booking.chart, component, fen, None))
    )


def _by_component(posted: Posted) -> dict[tuple[str, str], Sums]:
    stands: dict[tuple[str, str], Sums] = {}
    for (component, payer, account), fen in posted.items():
        stands.setdefault((component, payer), {})[account] = fen
    return stands


def _lacking(chart: Chart, component: str, fen: int, stands: Sums | None) -> Sums:
    """Return what each account lacks; accounts that the component is not booked on come first."""
    lacks = {account: -stands[account] for account in sorted(stands)} if stands else {}
    if fen:
        debit, credit = chart.legs[component]
        # Taken out and put in again, so that those of now stand last.
        lacks[debit] = lacks.pop(debit, 0) + fen
        lacks[credit] = lacks.pop(credit, 0) - fen
    return lacks


def _entries(lacks: Sums) -> Iterator[tuple[str, str, int]]:
    """Yield (debit, credit, fen) until no account lacks anything."""
    debits = [(account, fen) for account, fen in lacks.items() if fen > 0]
    credited = [(account, -fen) for account, fen in lacks.items() if fen < 0]
    while debits and credited:
        (debit, debit_fen), (credit, credit_fen) = debits.pop(0), credited.pop(0)
        fen = min(debit_fen, credit_fen)
        yield debit, credit, fen
        if debit_fen > fen:
            debits.insert(0, (debit, debit_fen - fen))
        if credit_fen > fen:
            credited.insert(0, (credit, credit_fen - fen))


def entry(component: str, payer: str, by: tuple[str, str, int], booking: Booking) -> Posting:
    """Return the posting that moves (debit, credit, fen); below zero it goes the other way."""
    debit, credit, amount_fen = by if by[2] > 0 else (by[1], by[0], -by[2])
    return Posting(
        entity=booking.entity,
        source=booking.source,
        component=component,
        payer=payer,
        debit=debit,
        credit=credit,
        amount_fen=amount_fen,
        value_date=booking.value_date,
        booking_date=booking.booking_date,
    )


def disagreements(
    target: Target, posted: Posted, chart: Chart
) -> tuple[tuple[str, str, int, int], ...]:
    """Return (component, payer, expected fen, posted fen) wherever the books differ.

    They agree where the amount stands on both accounts that the chart gives the component, and
    on no other.
    """
    stands = _by_component(posted)
    found = []
    for component, payer in sorted({*target, *stands}):
        fen, sums = target.get((component, payer), 0), stands.get((component, payer), {})
        if any(_lacking(chart, component, fen, sums).values()):
            found.append((component, payer, fen, _posted_fen(chart, component, fen, sums)))
    return tuple(found)


def _posted_fen(chart: Chart, component: str, fen: int, sums: Sums) -> int:
    """Return what is posted of a component where that is not `fen`: a side, or what is astray."""
    debit, credit = chart.legs.get(component, ("", ""))
    sides = (sums.get(debit, 0), -sums.get(credit, 0))
    astray_fen = sum(abs(own) for account, own in sums.items() if account not in {debit, credit})
    return next((side for side in sides if side != fen), fen + astray_fen)
