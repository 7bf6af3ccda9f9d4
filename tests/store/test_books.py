"""Balances by both dates, and days that are closed, the same on both databases."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import count

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sanshi.flows.sealing import rows_of
from sanshi.kernel.effects import Applied, Conflict, Effects, Insert, Posting, Update
from sanshi.ledger.sealing import NO_DAY_BEFORE, seal
from sanshi.ports import closed_mark
from sanshi.store import ledger
from sanshi.store.postgres import PostgresStore
from sanshi.store.sqlite import SqliteStore
from sanshi.wiring import open_store

DAY = date(2026, 11, 2)
NOW = datetime(2026, 11, 2, 2, tzinfo=UTC)
Store = SqliteStore | PostgresStore
FRESH = count()
ACCOUNTS = ["cash", "income", "loan", "Über_konto", "a_b", "ab"]


@pytest.fixture
def store(database_url: str) -> Iterator[Store]:
    opened = open_store(database_url, lambda: NOW)
    yield opened
    opened.close()


def posting(day: date = DAY, entity: str = "bank", **changes: object) -> Posting:
    plain = Posting(entity, "ln_a", "disbursed", "customer", "loan", "cash", 500, day, day)
    return replace(plain, **changes)  # type: ignore[arg-type] # fields of a posting


def close_to(store: Store, entity: str, day: date) -> None:
    name = closed_mark(entity)
    row = (
        Update("business_day", {"name": name}, {"open_date": day})
        if store.row("business_day", name=name)
        else Insert("business_day", {"name": name, "open_date": day})
    )
    assert store.apply(Effects(rows=(row,))) == Applied()


def test_nothing_is_booked_on_a_closed_day(store: Store) -> None:
    close_to(store, "bank", DAY)
    late = Effects(postings=(posting(),))
    assert store.apply(late) == Conflict("closed", "bank 2026-11-02")
    assert store.balances("bank") == {}
    tomorrow = posting(DAY + timedelta(days=1), value_date=DAY)
    assert store.apply(Effects(postings=(tomorrow,))) == Applied()
    assert store.apply(Effects(postings=(posting(entity="other"),))) == Applied()
    mixed = Effects(postings=(posting(entity="other"), posting()))
    assert store.apply(mixed) == Conflict("closed", "bank 2026-11-02")


def test_a_day_that_is_being_closed_waits_for_who_is_booking(store: Store) -> None:
    """Whatever was answered with Applied stands there when the mark is set, and nothing after."""
    close_to(store, "bank", DAY - timedelta(days=1))
    outcomes: list[object] = []
    go = threading.Event()

    def book(number: int) -> None:
        go.wait()
        for n in range(12):
            one = posting(source=f"ln_{number}_{n}")
            outcomes.append(store.apply(Effects(postings=(one,))))

    writers = [threading.Thread(target=book, args=(number,)) for number in range(4)]
    for writer in writers:
        writer.start()
    go.set()
    close_to(store, "bank", DAY)
    seen = len(list(store.booked("bank", None, DAY)))
    for writer in writers:
        writer.join()
    assert len(list(store.booked("bank", None, DAY))) == seen
    assert outcomes.count(Applied()) == seen
    assert outcomes.count(Conflict("closed", "bank 2026-11-02")) == 48 - seen


POSTINGS = st.lists(
    st.builds(
        posting,
        entity=st.sampled_from(["bank", "other"]),
        debit=st.sampled_from(ACCOUNTS[:3]),
        credit=st.sampled_from(ACCOUNTS[3:]),
        amount_fen=st.integers(1, 10**12),
        value_date=st.integers(-5, 5).map(lambda n: DAY + timedelta(days=n)),
        booking_date=st.integers(0, 5).map(lambda n: DAY + timedelta(days=n)),
    ),
    max_size=12,
)


@settings(
    max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
@given(POSTINGS, st.lists(st.integers(0, 5), max_size=2, unique=True).map(sorted), st.data())
def test_balances_are_the_sums_by_both_dates_sealed_or_not(
    store: Store, postings: list[Posting], seals: list[int], data: st.DataObject
) -> None:
    mine = f"bank{next(FRESH)}"  # books of their own: examples share the database
    made = [replace(p, entity=mine) if p.entity == "bank" else p for p in postings]
    store.apply(Effects(postings=tuple(made)))
    after, previous = None, NO_DAY_BEFORE
    for end in (DAY + timedelta(days=n) for n in seals):
        done = seal(mine, end, store.booked(mine, after, end), previous)
        row, totals = rows_of(done)
        rows = (Insert("sealed_day", row), *(Insert("account_day", one) for one in totals))
        assert store.apply(Effects(rows=rows)) == Applied()
        after, previous = end, done.root
    whenever = st.none() | st.integers(-6, 6).map(lambda n: DAY + timedelta(days=n))
    to, value_to = data.draw(whenever), data.draw(whenever)
    expected: dict[str, list[int]] = {}
    for p in made:
        known = p.booking_date <= (to or p.booking_date)
        if p.entity == mine and known and p.value_date <= (value_to or p.value_date):
            expected.setdefault(p.debit, [0, 0])[0] += p.amount_fen
            expected.setdefault(p.credit, [0, 0])[1] += p.amount_fen
    assert store.balances(mine, to, value_to) == {
        name: tuple(fen) for name, fen in sorted(expected.items())
    }


def test_what_was_booked_is_read_page_by_page(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    days = [DAY + timedelta(days=n % 3) for n in range(10)]
    made = tuple(posting(day, source=f"ln_{n}") for n, day in enumerate(days))
    store.apply(Effects(postings=made))
    monkeypatch.setattr("sanshi.store.reading.PAGE", 3)
    monkeypatch.setattr("sanshi.store.reading.BOOKED", ledger.BOOKED.limit(3))
    last = DAY + timedelta(days=1)
    expected = [p for day in (DAY, last) for p in made if p.booking_date == day]
    assert list(store.booked("bank", None, last)) == expected
    assert list(store.booked("bank", DAY, last)) == [p for p in made if p.booking_date == last]
    assert list(store.booked("bank", last, last)) == []
