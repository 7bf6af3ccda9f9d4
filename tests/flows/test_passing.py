"""The close lets loans pass a day in columns, and books what their events call for."""

from __future__ import annotations

from collections import Counter
from dataclasses import astuple, replace
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import create_engine, text

from flows.leaving_desk import live_until, two_people
from sanshi.flows import closing, passing
from sanshi.flows.accruals import entries_of
from sanshi.flows.passing import carried, read_shard
from sanshi.flows.positions import ALONE
from sanshi.jobs.close import close_day
from worlds import LENDER, MONDAY, XIAOMAN, Desk, staff

LAST = date(2027, 1, 20)
"""Two instalments have fallen due, and nobody paid them."""


def differences(desk: Desk) -> list[Any]:
    found: list[Any] = desk.do("check_books", staff("audit"), entity=LENDER)["differences"]
    return found


def books(desk: Desk, loan_id: str) -> list[tuple[object, ...]]:
    return [astuple(replace(one, source="")) for one in entries_of(desk.world, loan_id)]


def altered(desk: Desk, statement: str) -> None:
    engine = create_engine(desk.url)
    with engine.begin() as connection:
        connection.execute(text(statement))
    engine.dispose()


def counted(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many loans each shard carried in columns."""
    seen: list[int] = []
    real = passing.passed

    def passed(world: Any, whose: Any, shard: Any, day: Any) -> Any:  # noqa: ANN401 - handed on as they are
        seen.append(len(shard.loans))
        return real(world, whose, shard, day)

    monkeypatch.setattr(closing, "passed", passed)
    return seen


def test_columns_carry_a_loan_that_nobody_pays(
    living_desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = living_desk
    loan_id = desk.paid_out(desk.person(XIAOMAN))
    seen = counted(monkeypatch)
    live_until(desk, LAST)
    assert sum(seen) == (LAST - MONDAY).days
    assert differences(desk) == []
    dues = desk.world.store.rows("open_due", order_by=("number",))
    assert [due["number"] for due in dues] == [1, 2]
    earned = Counter(one.component for one in entries_of(desk.world, loan_id))
    assert earned["penalty_earned"] > 30
    assert not desk.world.store.rows("posting", {"source": loan_id, "component": "penalty_earned"})


def test_by_columns_and_one_by_one_the_books_are_the_same(
    living_desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = living_desk
    person = desk.person(XIAOMAN)
    one, other = (desk.paid_out(person) for _ in range(2))
    real = passing.carried
    row = desk.world.store.row("position", loan_id=one)
    assert row is not None
    monkeypatch.setattr(
        closing, "carried", lambda shard, day: (shard.loans == row["loan"]) & real(shard, day)
    )
    live_until(desk, LAST)
    assert books(desk, one) == books(desk, other)
    assert differences(desk) == []


TAMPERED = {
    "a balance": ("UPDATE position SET opening_fen = opening_fen + 1", "opening_fen"),
    "what is carried": ("UPDATE position SET rest = rest + 1", "rest"),
    "an instalment that is open": (
        "UPDATE open_due SET interest_fen = interest_fen - 1",
        "open_due:1:739952",
    ),
    "an instalment ahead": ("UPDATE course SET lines = '[]'", "lines"),
    "no course": ("DELETE FROM course", "lines"),
}


@pytest.mark.parametrize("what", TAMPERED)
def test_a_position_that_its_events_do_not_lead_to_is_named(living_desk: Desk, what: str) -> None:
    desk = living_desk
    desk.paid_out(desk.person(XIAOMAN))
    live_until(desk, date(2026, 12, 20))
    statement, name = TAMPERED[what]
    altered(desk, statement)
    found = differences(desk)
    assert [one["kind"] for one in found] == ["position"]
    assert found[0]["component"] == name


def test_a_loan_that_fell_behind_its_dates_is_worked_out_anew(living_desk: Desk) -> None:
    desk = living_desk
    desk.paid_out(desk.person(XIAOMAN))
    live_until(desk, MONDAY + timedelta(days=5))
    altered(desk, "UPDATE position SET due = as_of - 1")
    day = desk.world.clock.business_date()
    shard = read_shard(desk.world, LENDER, 0, day)
    assert carried(shard, day).tolist() == [False]
    report = close_day(desk.world, day, only=(LENDER, "platform"))
    assert report["entities"][LENDER]["quarantined"] == 0
    assert differences(desk) == []


def test_a_pause_is_closed_by_itself_until_it_is_over(living_desk: Desk) -> None:
    desk = living_desk
    loan_id = desk.paid_out(desk.person(XIAOMAN))
    live_until(desk, MONDAY + timedelta(days=3))
    change = {"kind": "paused", "months": 1, "waive": True}
    two_people(desk, "change_loan", loan_id=loan_id, change=change, reason="Ill.")
    alone = []
    while desk.world.clock.business_date() < date(2026, 12, 20):
        (row,) = desk.world.store.rows("position")
        alone.append(row["handling"] == ALONE)
        live_until(desk, desk.world.clock.business_date() + timedelta(days=1))
    assert alone[0]
    assert alone == sorted(alone, reverse=True)
    assert not alone[-1]
    assert differences(desk) == []
