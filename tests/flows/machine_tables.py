"""One look at everything that the database holds, read from the tables and not through flows."""

from __future__ import annotations

import hashlib
import json
import marshal
from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Engine

from accrued import by_loan
from peers.loan.oracle import Deal, Money
from sanshi.kernel.effects import Event
from sanshi.quote.terms import LoanTerms
from sanshi.store import schema as s

KINDS = {
    "ps": "person",
    "qt": "quote",
    "cn": "consent",
    "ap": "application",
    "ct": "contract",
    "ln": "loan",
    "py": "payment",
    "cs": "case",
    "vo": "voucher",
    "rd": "redemption",
    "cl": "claim",
}


def content_hash(engine: Engine) -> str:
    """Hash every row of every table: the state that a refusal must leave alone."""
    names = [f"{table.name}" for table in s.metadata.sorted_tables]
    with engine.connect() as connection:
        if engine.dialect.name == "postgresql":
            return repr(_rows(connection, "*", f"({' UNION ALL '.join(map(HASHED, names))}) AS t"))
        digest = hashlib.blake2b()
        for name in names:
            rows = _rows(connection, "*", f'"{name}" ORDER BY rowid')
            digest.update(marshal.dumps([name, rows], WITHOUT_REFERENCES))
        return digest.hexdigest()


def commit_mark(watch: Connection) -> object:
    """Return what changes whenever somebody else commits, and perhaps more often.

    SQLite tells it to each connection, so it must be asked on one that is kept.
    """
    postgres = watch.dialect.name == "postgresql"
    ask = "SELECT pg_current_wal_insert_lsn()::text" if postgres else "PRAGMA data_version"
    return watch.exec_driver_sql(ask).scalar_one()


HASHED = (
    "SELECT '{0}' AS name, md5(string_agg(md5(r::text), '' ORDER BY md5(r::text)))"
    ' FROM "{0}" AS r'
).format
"""PostgreSQL hashes its own rows: they would be slow to fetch."""

Booked = tuple[str, str, str, str, str]
"""(entity, source, component, payer, account)"""

WITHOUT_REFERENCES = 2
"""The form of `marshal` that depends on the values alone, not on which of them are one object."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A posting."""

    posting_id: int
    entity: str
    source: str
    component: str
    payer: str
    debit: str
    credit: str
    amount_fen: int
    booking_date: str


ENTRY = "posting_id, entity, source, component, payer, debit, credit, amount_fen, booking_date"
POSTED = "entity, source, component, payer, account, amount_fen"


@dataclass(frozen=True, slots=True)
class Paid:
    """A payment order."""

    payment_id: str
    entity: str
    subject: str
    kind: str
    amount_fen: int
    value_date: str | None


PAID = "payment_id, entity, subject, kind, amount_fen, value_date"
LOAN = "loan_id, entity, person_id, shard, terms"


@dataclass(frozen=True, slots=True)
class Loan:
    """A loan's row and events."""

    loan_id: str
    entity: str
    person_id: str
    shard: int
    terms: LoanTerms
    events: tuple[Event, ...]

    @property
    def deal(self) -> Deal:
        return Deal.of_millionths(
            self.terms.principal_fen,
            self.terms.method,
            self.terms.term_months,
            rate=self.terms.rate_ppm,
            markup=self.terms.penalty_markup_ppm,
            grace_days=self.terms.grace_days,
        )

    @property
    def money(self) -> list[Money]:
        """What came in and what went back to the customer, in the order it was booked."""
        return [
            Money(
                e.value_date,
                e.data["amount_fen"],
                e.data["purpose"] if e.kind == "repaid" else e.kind,
            )
            for e in self.events
            if e.kind in {"repaid", "credit_returned"}
        ]

    @property
    def start(self) -> date | None:
        return next((e.value_date for e in self.events if e.kind == "disbursed"), None)


@dataclass(frozen=True, slots=True)
class Tables:
    """One look at everything.

    Args:
        today: the open business date.
        closed: the last closed day of each entity.
        by_source: what is posted, with what closes booked over columns under each loan.
        shards: the last closed day of each entity's shards.
        standing: the version and stage of each stream.
        free: each counter and what remains of it.
        quotes: the day of each quote.
        contracts: the application of each contract.
    """

    today: date
    closed: dict[str, date]
    shards: dict[tuple[str, int], date]
    standing: dict[str, tuple[int, str]]
    events: dict[str, tuple[Event, ...]]
    postings: list[Entry]
    posted: dict[Booked, int]
    by_source: dict[Booked, int]
    payments: list[Paid]
    loans: list[Loan]
    free: dict[str, int]
    quotes: dict[str, date]
    contracts: dict[str, str]

    @classmethod
    def read(cls, engine: Engine) -> Tables:
        with engine.connect() as connection:
            days = dict(_rows(connection, "name, open_date", "business_day"))
            last = "entity, shard, max(business_date) AS last"
            shards = _rows(connection, last, "close_step GROUP BY entity, shard")
            events = _events(connection)
            posted = {tuple(key): fen for *key, fen in _rows(connection, POSTED, "posted")}
            files = _rows(connection, "entity, shard, lines", "accrual")
            loan_ids = dict(_rows(connection, "loan, loan_id", "position"))
            return cls(
                today=day_of(days.pop("open")),
                closed={name.partition(":")[2]: day_of(day) for name, day in days.items()},
                shards={(entity, shard): day_of(day) for entity, shard, day in shards},
                standing={
                    n: (v, g) for n, v, g in _rows(connection, "stream, version, stage", "stream")
                },
                events=events,
                postings=[Entry(*row) for row in _rows(connection, ENTRY, "posting")],
                posted=posted,
                by_source=_whole(posted, by_loan(files, loan_ids)),
                payments=[Paid(*row) for row in _rows(connection, PAID, "payment")],
                loans=[
                    Loan(loan_id, entity, person_id, shard, _terms(terms), events[loan_id])
                    for loan_id, entity, person_id, shard, terms in _rows(
                        connection, LOAN, "loan ORDER BY loan_id"
                    )
                ],
                free=dict(_rows(connection, "counter, remaining", "counter")),
                contracts=dict(_rows(connection, "contract_id, application_id", "contract")),
                quotes={n: day_of(d) for n, d in _rows(connection, "quote_id, quoted_on", "quote")},
            )

    def stage(self, stream: str) -> str:
        return self.standing[stream][1]

    def in_stage(self, kind: str, *stages: str) -> list[str]:
        """Return the ids of a kind that stand in one of the stages, oldest first."""
        return sorted(
            name
            for name, (_, stage) in self.standing.items()
            if stage in stages and KINDS[name.partition("_")[0]] == kind
        )

    def booked_to(self, loan: Loan) -> date:
        """Return the day to which a loan's books have been brought: its last event or close."""
        closed = self.shards.get((loan.entity, loan.shard), date.min)
        return max(closed, *(event.booking_date for event in loan.events))


def _whole(posted: dict[Booked, int], accrued: Counter[Booked]) -> dict[Booked, int]:
    accrued.update(posted)
    return accrued


def _rows(connection: Connection, columns: str, rest: str) -> list[tuple[Any, ...]]:
    # Read past SQLAlchemy's types: they cost more than all the checks.
    statement = f"SELECT {columns} FROM {rest}"  # noqa: S608 - constants of this file
    return list(map(tuple, connection.exec_driver_sql(statement).cursor.fetchall()))


@lru_cache(maxsize=2_000)
def _terms(text: str) -> LoanTerms:
    return LoanTerms.from_json(json.loads(text))


def day_of(text: str | None) -> date:
    return date.min if text is None else date.fromisoformat(text)


def _events(connection: Connection) -> dict[str, tuple[Event, ...]]:
    found: dict[str, list[Event]] = defaultdict(list)
    columns = "stream, version, kind, stage, entity, value_date, booking_date, data"
    for row in _rows(connection, columns, "event ORDER BY stream, version"):
        found[row[0]].append(_event(row))
    return {stream: tuple(events) for stream, events in found.items()}


@lru_cache(maxsize=20_000)
def _event(row: tuple[Any, ...]) -> Event:
    """Read an event; the same row, to the last letter, is the same event."""
    stream, version, kind, stage, entity, valued, booked, data = row
    return Event(
        stream, version, kind, stage, entity, day_of(valued), day_of(booked), json.loads(data)
    )
