"""Export the books 账务导出: journal, daily summary and trial balance, row by row.

That somebody takes them is on record first. Rows come in pages from the store, in the order of
the books, so that the same books give the same rows.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import groupby, islice
from operator import itemgetter
from typing import Literal

from sanshi.flows.books import ledger_code, must_be_in_order
from sanshi.flows.closing import Day
from sanshi.flows.people import audited, must_be_entity
from sanshi.flows.world import Actor, Command, Decided, Flow, Role, World
from sanshi.kernel.dates import eve_of
from sanshi.kernel.effects import Json, Posting
from sanshi.kernel.reasons import Language
from sanshi.ledger.exports import What, yuan_text

Row = tuple[date | str | int, ...]
PART_ROWS = 20_000
"""Rows that are in memory at a time."""
Sums = tuple[int, int]
"""Debits and credits in fen."""


class ExportBooks(Command):
    """Whose books leave, what of them, of which booking dates (both included), and in which form.

    `value_to` keeps out what is of a later value date.
    """

    entity: str
    what: What
    since: Day | None = None
    to: Day | None = None
    value_to: Day | None = None
    form: Literal["csv", "parquet"] = "csv"


def _decide(world: World, actor: Actor, command: ExportBooks) -> Decided:
    """Put on record that books are taken away, before they are; without an end, up to today."""
    must_be_entity(actor, command.entity)
    must_be_in_order(command.since, command.to)
    to = command.to or world.clock.business_date()
    days = {
        "since": command.since.isoformat() if command.since else "",
        "to": to.isoformat(),
        "value_to": command.value_to.isoformat() if command.value_to else "",
    }
    seen = audited(
        world,
        actor,
        entity=command.entity,
        action="export_books",
        subject=f"{command.what} · {days['since']}–{days['to']} · {command.form}",
        purpose="export",
    )
    return Decided({"entity": command.entity, "what": command.what, **days}, seen)


@dataclass(frozen=True, slots=True)
class Extract:
    """A part of an entity's books, ready to be read; names of accounts are in one language."""

    world: World
    entity: str
    what: What
    since: date | None
    to: date
    value_to: date | None
    language: Language

    @property
    def eve(self) -> date | None:
        """The day before the first."""
        return eve_of(self.since)

    def parts(self) -> Iterator[list[Row]]:
        """Yield the rows in the order of the columns, so many at a time."""
        match self.what:
            case "journal":
                return _parts(self._journal())
            case "summary":
                return _parts(self._summary())
            case "trial-balance":
                return _parts(self._balances())

    def about(self) -> dict[str, str]:
        """Return what a file should say of itself."""
        days = {"since": self.since, "to": self.to, "value_to": self.value_to}
        said = {name: day.isoformat() for name, day in days.items() if day}
        return {"entity": self.entity, "what": self.what, "currency": "CNY", **said}

    def first_day(self) -> date | None:
        """Return the first day of what there is to read, or None."""
        if self.since is not None:
            return self.since
        order = ("booking_date", "posting_id")
        first = self.world.store.rows("posting", {"entity": self.entity}, order_by=order, limit=1)
        return first[0]["booking_date"] if first else None

    def _journal(self) -> Iterator[Row]:
        names = _Names(self)
        for p in self._booked(self.eve):
            amounts = (p.amount_fen, yuan_text(p.amount_fen))
            sides = (*names[p.debit], *names[p.credit])
            yield (
                p.booking_date,
                p.value_date,
                *names.whose,
                p.source,
                p.component,
                p.payer,
                *sides,
                *amounts,
            )

    def _booked(self, after: date | None) -> Iterator[Posting]:
        last = self.value_to or date.max
        booked = self.world.store.booked(self.entity, after, self.to)
        return (p for p in booked if p.value_date <= last)

    def _summary(self) -> Iterator[Row]:
        """Yield each day on which anything was booked, with every account that stands or moved."""
        names, opening = _Names(self), dict(self._standing(self.eve))
        for day, moves in groupby(self._moves(), key=itemgetter(0)):
            moved: dict[str, Sums] = defaultdict(lambda: (0, 0))
            for _, account, debit_fen, credit_fen in moves:
                before = moved[account]
                moved[account] = (before[0] + debit_fen, before[1] + credit_fen)
            for account in sorted({*opening, *moved}):
                sums = moved.get(account, (0, 0))
                before_fen = opening.get(account, 0)
                if before_fen or any(sums):
                    yield (day, *names.whose, *names[account], *_amounts(before_fen, sums))
                opening[account] = before_fen + sums[0] - sums[1]

    def _moves(self) -> Iterator[tuple[date, str, int, int]]:
        """Yield (day, account, debits, credits) in the order of the days.

        Sealed days come from their totals, the days since from their postings.
        """
        order = ("booking_date", "value_date", "account")
        where = {"entity": self.entity}
        last = self.world.store.rows(
            "sealed_day", where, order_by=("booking_date",), newest_first=True, limit=1
        )
        after = {} if self.eve is None else {"booking_date": self.eve}
        if last:
            for row in self.world.store.rows("account_day", where, order_by=order, after=after):
                if row["booking_date"] <= self.to and row["value_date"] <= (
                    self.value_to or date.max
                ):
                    sums = (row["debit_fen"], row["credit_fen"])
                    yield (row["booking_date"], row["account"], *sums)
        sealed_to = last[0]["booking_date"] if last else None
        beyond = max((day for day in (self.eve, sealed_to) if day is not None), default=None)
        for p in self._booked(beyond):
            yield p.booking_date, p.debit, p.amount_fen, 0
            yield p.booking_date, p.credit, 0, p.amount_fen

    def _balances(self) -> Iterator[Row]:
        names, opening = _Names(self), self._standing(self.eve)
        before = {} if self.eve is None else self._sums(self.eve)
        for account, (debit_fen, credit_fen) in self._sums(self.to).items():
            was = before.get(account, (0, 0))
            moved = (debit_fen - was[0], credit_fen - was[1])
            yield (*names.whose, *names[account], *_amounts(opening.get(account, 0), moved))

    def _standing(self, day: date | None) -> Mapping[str, int]:
        if day is None:
            return {}
        return {name: debit - credit for name, (debit, credit) in self._sums(day).items()}

    def _sums(self, day: date) -> Mapping[str, Sums]:
        return self.world.store.balances(self.entity, day, self.value_to)


def _amounts(opening_fen: int, moved: Sums) -> tuple[int | str, ...]:
    """Return opening, debits, credits and closing, in fen and then in yuan."""
    fen = (opening_fen, *moved, opening_fen + moved[0] - moved[1])
    return (*fen, *map(yuan_text, fen))


class _Names(dict[str, tuple[str, str, str]]):
    """Account → our name for it, the lender's own code or else our name, and its words."""

    def __init__(self, extract: Extract) -> None:
        super().__init__()
        self._extract = extract
        lender = extract.world.catalogue.lenders.get(extract.entity)
        branch = (lender.ledger_branch if lender else None) or ""
        self.whose = (extract.entity, branch)

    def __missing__(self, account: str) -> tuple[str, str, str]:
        extract = self._extract
        known = extract.world.chart.accounts.get(account)
        words = (known.zh if extract.language == "zh" else known.en) if known else account
        code = ledger_code(extract.world, extract.entity, account) or account
        self[account] = (account, code, words)
        return self[account]


def _parts(rows: Iterator[Row]) -> Iterator[list[Row]]:
    while part := list(islice(rows, PART_ROWS)):
        yield part


def extract(world: World, answer: Mapping[str, Json], language: Language) -> Extract:
    """Return what the answer of `export_books` let somebody take."""
    days = {
        name: date.fromisoformat(answer[name]) if answer[name] else None
        for name in ("since", "value_to")
    }
    to = date.fromisoformat(answer["to"])
    return Extract(world, answer["entity"], answer["what"], to=to, language=language, **days)


_WHO: frozenset[Role] = frozenset({"servicing", "audit", "system"})
EXPORT_BOOKS = Flow("export_books", _WHO, ExportBooks, _decide)
