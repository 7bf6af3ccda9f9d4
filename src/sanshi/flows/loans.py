"""A loan as flows handle it: read, stepped on, and booked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sanshi.flows.positions import NOT_ACCRUED, Accrued, Whose, accrued_to, booked_to, kept
from sanshi.flows.shards import marked
from sanshi.flows.steps import Standing, standing
from sanshi.flows.world import World
from sanshi.kernel.effects import Cell, Effects, Event, Posting, Update
from sanshi.kernel.errors import NotFoundError
from sanshi.ledger.accounts import Chart
from sanshi.ledger.posting import Booking, Posted, Target, bring_to, moved
from sanshi.loan.books import components
from sanshi.loan.days import day_by_day, late_changes
from sanshi.loan.fold import fold
from sanshi.loan.state import LoanState
from sanshi.ports import Record, closed_mark
from sanshi.quote.terms import LoanTerms

ONE_DAY = timedelta(days=1)


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


@dataclass(frozen=True, slots=True)
class Held:
    """What the books hold of a loan: sums, the day it was last booked, and how far they are closed.

    Args:
        posted: in its own name.
        booked_on: the last day that its books include.
        closed: the last day on which nothing is booked any more.
        chart: the accounts to book on now; what was posted may stand on those of an older one.
        number: the loan's in the files of accruals.
        accrued: what closes booked of it over columns.
        relies_on: what must still hold when something is booked on this.

    A loan may be ahead of the day that is closed, for its shard is closed before the others.
    """

    posted: Posted
    booked_on: date | None
    closed: date | None
    chart: Chart
    number: int
    accrued: Accrued
    relies_on: Effects

    def own(self, state: LoanState) -> Target:
        """Return what a loan's books should say in its own name: all but what closes accrued."""
        accrued = self.accrued.components
        return {key: fen - accrued.get(key, 0) for key, fen in components(state).items()}

    def whose(self, loan: Record) -> Whose:
        """Return whose position it is."""
        return Whose(self.number, loan["entity"], loan["shard"])

    def booking(self, loan: LoanFile, value_date: date, booking_date: date) -> Booking:
        """Return what entries of a loan are booked under."""
        return Booking(loan.at.entity, loan.loan_id, value_date, booking_date, self.chart)


def booked(world: World, loan: LoanFile, events: Sequence[Event]) -> Effects:
    """Return new events of a loan with the postings that bring its books up to today."""
    today, held = world.clock.business_date(), held_of(world, loan.row)
    postings = entries(loan, events, held, today)
    now = fold(loan.terms, (*loan.events, *events), today)
    effects = Effects(events=tuple(events), postings=postings, rows=(turn(loan.row),))
    stage = events[-1].stage if events else loan.at.stage
    return held.relies_on + effects + kept(held.whose(loan.row), now, stage, held.accrued)


def entries(
    loan: LoanFile, events: Sequence[Event], held: Held, today: date
) -> tuple[Posting, ...]:
    """Return the postings that new events of a loan call for.

    What was earned on days that are over belongs to their books while these are open, even if the
    close has not come to this loan yet. What late events change about such days is booked today,
    under the date on which it should have been: so balances hold by both dates.
    """
    made = closing_entries(loan, held, today - ONE_DAY)
    since = min((event.value_date for event in events), default=today)
    late = late_changes(loan.terms, loan.events, events, since, today - ONE_DAY)
    for day, by in late:
        made += moved(by, held.booking(loan, day, today))
    now = held.own(fold(loan.terms, (*loan.events, *events), today))
    return made + bring_to(now, _after(held.posted, made), held.booking(loan, today, today))


def closing_entries(loan: LoanFile, held: Held, to: date) -> tuple[Posting, ...]:
    """Return day by day what the books lack up to a day, since the loan was last booked.

    Each day's is booked on that day, or on the first open one after it.
    """
    made: tuple[Posting, ...] = ()
    if held.booked_on is None:
        return made
    posted, first_open = held.posted, (held.closed or date.min) + ONE_DAY
    for day, state in day_by_day(loan.terms, loan.events, held.booked_on + ONE_DAY, to):
        booking = held.booking(loan, day, max(day, first_open))
        lacking = bring_to(held.own(state), posted, booking)
        posted = _after(posted, lacking)
        made += lacking
    return made


def brought_to(world: World, loan: LoanFile, day: date, steps: tuple[Event, ...] = ()) -> Effects:
    """Return what brings a loan's books and its position to a day that is being closed.

    `steps`: what the close itself says of the loan; the last is the stage it comes to.
    """
    held = held_of(world, loan.row)
    stage = steps[-1].stage if steps else loan.at.stage
    effects = Effects(steps, closing_entries(loan, held, day), (turn(loan.row),))
    return effects + kept(held.whose(loan.row), loan.on(day), stage, held.accrued)


def held_of(world: World, loan: Record) -> Held:
    """Read what the books hold of a loan."""
    loan_id, entity = loan["loan_id"], loan["entity"]
    shard_closed, relies_on = marked(world, entity, loan["shard"])
    row = world.store.row("position", loan_id=loan_id)
    to = booked_to(row, shard_closed) if row else None
    own: dict[str, Cell] = {"source": loan_id}
    last = world.store.rows("posting", own, order_by=("posting_id",), newest_first=True, limit=1)
    days = [*(posting["booking_date"] for posting in last), *([to] if to else [])]
    return Held(
        posted=world.store.posted(loan_id),
        booked_on=max(days, default=None),
        closed=closed_to(world, entity),
        chart=world.chart,
        number=row["loan"] if row else 0,
        accrued=accrued_to(world, row, to) if row else NOT_ACCRUED,
        relies_on=relies_on,
    )


def turn(loan: Record) -> Update:
    """Guard: no one else has booked this loan since it was read."""
    version = loan["books_version"]
    key = {"loan_id": loan["loan_id"], "books_version": version}
    return Update("loan", key, {"books_version": version + 1})


def _after(posted: Posted, postings: Sequence[Posting]) -> Posted:
    sums = dict(posted)
    for p in postings:
        for account, signed_fen in ((p.debit, p.amount_fen), (p.credit, -p.amount_fen)):
            key = (p.component, p.payer, account)
            sums[key] = sums.get(key, 0) + signed_fen
    return sums
