"""Shards fill one after the other, and a close never meets one that it did not count."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from alembic import command
from sqlalchemy import create_engine, text

from flows.leaving_desk import live_until
from sanshi.flows import passing
from sanshi.flows.closing import CLOSE_SHARD, FINISH, SWITCH
from sanshi.flows.perform import perform
from sanshi.flows.positions import AT_REST, TOGETHER
from sanshi.flows.shards import begun, closed_shards
from sanshi.flows.world import Actor
from sanshi.jobs.close import close_day
from sanshi.kernel.effects import Applied, Conflict
from sanshi.kernel.errors import ConflictError, NotFoundError
from sanshi.loan.passing import pass_day as real_pass_day
from sanshi.store.migrate import config
from worlds import LENDER, MONDAY, XIAOMAN, Desk, staff

SYSTEM = Actor("job:close", "system")
DAY = timedelta(days=1)
EVE = MONDAY - DAY


def differences(desk: Desk) -> list[Any]:
    found: list[Any] = desk.do("check_books", staff("audit"), entity=LENDER)["differences"]
    return found


def close(desk: Desk, day: date, shard: int) -> Any:  # noqa: ANN401 - an answer
    request = {"entity": LENDER, "business_date": day.isoformat(), "shard": shard}
    return perform(desk.world, SYSTEM, CLOSE_SHARD, request)


def finish(desk: Desk, day: date) -> None:
    perform(desk.world, SYSTEM, FINISH, {"entity": LENDER, "business_date": day.isoformat()})


def switch(desk: Desk, day: date) -> None:
    perform(desk.world, SYSTEM, SWITCH, {"business_date": day.isoformat()})
    desk.time.move(days=1)


def test_loans_fill_one_shard_after_the_other(living_desk: Desk) -> None:
    desk = living_desk
    person = desk.person(XIAOMAN)
    assert closed_shards(desk.world, LENDER) == {}
    for _ in range(3):
        desk.paid_out(person)
    rows = desk.world.store.rows("position", order_by=("loan",))
    assert [row["shard"] for row in rows] == [0, 0, 1]
    assert [row["shard"] for row in desk.world.store.rows("loan", order_by=("loan_id",))].count(
        0
    ) == 2
    assert closed_shards(desk.world, LENDER) == {0: EVE, 1: EVE}
    report = close_day(desk.world, MONDAY, only=(LENDER, "platform"))
    assert report["entities"][LENDER]["loans"] == 3
    assert closed_shards(desk.world, LENDER) == {0: MONDAY, 1: MONDAY}
    desk.time.move(days=1)
    live_until(desk, MONDAY + 4 * DAY)
    assert differences(desk) == []


def test_a_day_is_not_finished_while_a_shard_lags(living_desk: Desk) -> None:
    desk = living_desk
    person = desk.person(XIAOMAN)
    for _ in range(3):
        desk.paid_out(person)
    switch(desk, MONDAY)
    close(desk, MONDAY, 0)
    with pytest.raises(ConflictError, match="not closed yet in shard 1"):
        finish(desk, MONDAY)
    with pytest.raises(NotFoundError, match="no shard 2"):
        close(desk, MONDAY, 2)
    assert closed_shards(desk.world, LENDER) == {0: MONDAY, 1: EVE}
    assert differences(desk) == []
    close(desk, MONDAY, 1)
    finish(desk, MONDAY)
    assert differences(desk) == []


def test_a_shard_begun_during_a_close_has_nothing_of_that_day(living_desk: Desk) -> None:
    desk = living_desk
    person = desk.person(XIAOMAN)
    for _ in range(2):
        desk.paid_out(person)
    switch(desk, MONDAY)
    close(desk, MONDAY, 0)
    desk.paid_out(person)
    assert closed_shards(desk.world, LENDER) == {0: MONDAY, 1: MONDAY}
    assert close(desk, MONDAY, 1) == {"loans": 0, "debit_fen": 0, "quarantined": 0}
    finish(desk, MONDAY)
    live_until(desk, MONDAY + 4 * DAY)
    assert differences(desk) == []


def test_no_shard_begins_on_a_day_that_is_over(living_desk: Desk) -> None:
    desk = living_desk
    late = begun(desk.world, LENDER, 0)
    switch(desk, MONDAY)
    assert desk.world.store.apply(late) == Conflict("exists", "business_day")
    assert isinstance(desk.world.store.apply(begun(desk.world, LENDER, 0)), Applied)
    finish(desk, MONDAY)


def test_one_broken_loan_is_found_by_halves(
    living_desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = living_desk
    person = desk.person(XIAOMAN)
    for _ in range(2):
        desk.paid_out(person)
    live_until(desk, MONDAY + 3 * DAY)
    engine = create_engine(desk.url)
    with engine.begin() as connection:
        connection.execute(text("UPDATE position SET scale = 9999 WHERE loan = 2"))
    engine.dispose()
    tried: list[list[int]] = []

    def pass_day(day: Any, positions: Any, *more: Any) -> Any:  # noqa: ANN401 - handed on
        tried.append(positions.column("loan").to_pylist())
        return real_pass_day(day, positions, *more)

    monkeypatch.setattr(passing, "pass_day", pass_day)
    close_day(desk.world, MONDAY + 3 * DAY, only=(LENDER, "platform"))
    assert tried == [[1, 2], [1], [2]]
    assert differences(desk) == []


def test_what_a_book_held_before_is_held_after_the_migration(living_desk: Desk) -> None:
    desk = living_desk
    person = desk.person(XIAOMAN)
    desk.paid_out(person)
    desk.signed(person)
    live_until(desk, date(2026, 12, 6))
    names, by_loan = ("position", "open_due", "course"), ("loan",)
    held = {name: desk.world.store.rows(name, order_by=by_loan) for name in names}
    assert {row["handling"] for row in held["position"]} == {TOGETHER, AT_REST}
    assert held["open_due"]
    command.downgrade(config(desk.url), "0009")
    command.upgrade(config(desk.url), "head")
    assert {name: desk.world.store.rows(name, order_by=by_loan) for name in names} == held
    live_until(desk, date(2027, 1, 5))
    assert differences(desk) == []
