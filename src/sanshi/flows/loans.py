"""A loan as flows handle it: read, stepped on, and booked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sanshi.flows.steps import Standing, standing
from sanshi.flows.world import World
from sanshi.kernel.effects import Effects, Event, Posting, Update
from sanshi.kernel.errors import NotFoundError
from sanshi.ledger.posting import Booking, Posted, bring_to, moved
from sanshi.loan.books import components
from sanshi.loan.days import day_by_day, late_changes
from sanshi.loan.fold import fold
from sanshi.loan.state import LoanState
from sanshi.ports import Record, closed_mark
from sanshi.quote.terms import LoanTerms

ONE_DAY = timedelta(days=1)
SHARDS = 4
"""Loans are spread over shards by borrower; a close works through them one by one."""


@dataclass(frozen=True, slots=True)
class LoanFile:
    """A loan's row, terms, events and standing, read together."""

    row: Record
    terms: LoanTerms
    events: tuple[Event, ...]
    at: Standing

    @property
    def loan_id(self) -> str:
        """The loan's id."""
        return self.at.stream

    def on(self, day: date) -> LoanState:
        """Return the loan's state on a day."""
        return fold(self.terms, self.events, day)

    def touched_after(self, day: date) -> bool:
        """Say whether the loan had an event since: its books were brought to `day` with that."""
        return any(event.booking_date > day for event in self.events)


def open_file(world: World, loan_id: str) -> LoanFile:
    """Read a loan."""
    row = world.store.row("loan", loan_id=loan_id)
    if row is None:
        raise NotFoundError("loan.unknown", f"There is no loan {loan_id}.", field="loan_id")
    return file_of(world, row)


def file_of(world: World, row: Record) -> LoanFile:
    """Read the rest of a loan whose row is at hand."""
    loan_id = row["loan_id"]
    return LoanFile(
        row=row,
        terms=LoanTerms.from_json(row["terms"]),
        events=world.store.events(loan_id),
        at=standing(world, "loan", loan_id, row["entity"]),
    )


def closed_to(world: World, entity: str) -> date | None:
    """Return the last closed booking date of an entity's books."""
    row = world.store.row("business_day", name=closed_mark(entity))
    return None if row is None else row["open_date"]


def booked(world: World, loan: LoanFile, events: Sequence[Event]) -> Effects:
    """Return new events of a loan with the postings that bring its books up to today."""
    postings = entries(
        loan,
        events,
        world.store.posted(loan.loan_id),
        today=world.clock.business_date(),
        closed=closed_to(world, loan.at.entity),
    )
    return Effects(events=tuple(events), postings=postings, rows=(_turn(loan),))


def entries(
    loan: LoanFile, events: Sequence[Event], posted: Posted, *, today: date, closed: date | None
) -> tuple[Posting, ...]:
    """Return the postings that new events of a loan call for.

    What was earned on days that are over belongs to their books while these are open, even if the
    close has not come to this loan yet. What late events change about such days is booked today,
    under the date on which it should have been: so balances hold by both dates.
    """
    made = tuple(_caught_up(loan, posted, closed, today - ONE_DAY))
    since = min((event.value_date for event in events), default=today)
    late = late_changes(loan.terms, loan.events, events, since, today - ONE_DAY)
    for day, by in late:
        made += moved(by, _booking(loan, day, today))
    now = components(fold(loan.terms, (*loan.events, *events), today))
    return made + bring_to(now, _after(posted, made), _booking(loan, today, today))


def _caught_up(loan: LoanFile, posted: Posted, closed: date | None, to: date) -> Iterator[Posting]:
    """Yield day by day what the days that are not closed lack, up to one and since the last event.

    That event has brought the books to its own day.
    """
    since = max((event.booking_date for event in loan.events), default=to + ONE_DAY)
    if closed is not None:
        since = max(since, closed + ONE_DAY)
    for day, state in day_by_day(loan.terms, loan.events, since, to):
        made = bring_to(components(state), posted, _booking(loan, day, day))
        posted = _after(posted, made)
        yield from made


def brought_to(world: World, loan: LoanFile, day: date) -> Effects:
    """Return the postings that bring a loan's books to a day that is being closed."""
    closed = closed_to(world, loan.at.entity)
    postings = closing_entries(loan, world.store.posted(loan.loan_id), closed, day)
    return Effects(postings=postings, rows=(_turn(loan),)) if postings else Effects()


def closing_entries(
    loan: LoanFile, posted: Posted, closed: date | None, day: date
) -> tuple[Posting, ...]:
    """Return what a day that is being closed still lacks, and days before that nobody closed."""
    return tuple(_caught_up(loan, posted, closed, day))


def _booking(loan: LoanFile, value_date: date, booking_date: date) -> Booking:
    return Booking(loan.at.entity, loan.loan_id, value_date, booking_date)


def _turn(loan: LoanFile) -> Update:
    """Guard: no one else has booked this loan since it was read."""
    version = loan.row["books_version"]
    key = {"loan_id": loan.loan_id, "books_version": version}
    return Update("loan", key, {"books_version": version + 1})


def _after(posted: Posted, postings: Sequence[Posting]) -> Posted:
    sums = dict(posted)
    for p in postings:
        for account, signed_fen in ((p.debit, p.amount_fen), (p.credit, -p.amount_fen)):
            key = (p.component, p.payer, account)
            sums[key] = sums.get(key, 0) + signed_fen
    return sums
