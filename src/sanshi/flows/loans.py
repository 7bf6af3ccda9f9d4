"""A loan as flows handle it: read, stepped on, and booked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sanshi.flows.steps import Standing, standing
from sanshi.flows.world import World
from sanshi.kernel.effects import Effects, Event, Posting, Update
from sanshi.kernel.errors import NotFoundError
from sanshi.ledger.posting import Booking, Posted, bring_to
from sanshi.loan.books import components
from sanshi.loan.fold import fold
from sanshi.loan.state import LoanState
from sanshi.ports import Record
from sanshi.quote.terms import LoanTerms

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
    row = world.store.row("business_day", name=f"closed:{entity}")
    return None if row is None else row["open_date"]


def booked(world: World, loan: LoanFile, events: Sequence[Event]) -> Effects:
    """Return new events of a loan with the postings that bring its books up to today.

    What was earned up to yesterday belongs to yesterday's books while these are open, even if
    the close has not come to this loan yet.
    """
    today = world.clock.business_date()
    yesterday = today - timedelta(days=1)
    posted = world.store.posted(loan.loan_id)
    caught_up: tuple[Posting, ...] = ()
    closed = closed_to(world, loan.at.entity)
    if closed is not None and closed < yesterday and not _touched_after(loan, yesterday):
        before = components(loan.on(yesterday))
        caught_up = bring_to(before, posted, _booking(loan, yesterday, yesterday))
    now = components(fold(loan.terms, (*loan.events, *events), today))
    value_date = min((event.value_date for event in events), default=today)
    postings = bring_to(now, _after(posted, caught_up), _booking(loan, value_date, today))
    return Effects(events=tuple(events), postings=caught_up + postings, rows=(_turn(loan),))


def brought_to(world: World, loan: LoanFile, day: date) -> Effects:
    """Return the postings that bring a loan's books to a day that is being closed."""
    postings = bring_to(
        components(loan.on(day)), world.store.posted(loan.loan_id), _booking(loan, day, day)
    )
    return Effects(postings=postings, rows=(_turn(loan),)) if postings else Effects()


def _touched_after(loan: LoanFile, day: date) -> bool:
    return any(event.booking_date > day for event in loan.events)


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
