"""What a close earned over columns: files and their sum agree, and nobody books past each other."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import create_engine, text

from flows.leaving_desk import CHECKER, MAKER, live_until, two_people
from sanshi.flows.accruals import entries_of
from sanshi.flows.closing import CLOSE_SHARD, SWITCH, CloseShard
from sanshi.flows.perform import perform
from sanshi.flows.registry import FLOWS
from sanshi.flows.world import Actor
from sanshi.jobs.close import close_day
from sanshi.kernel.effects import Cell, Conflict
from sanshi.ledger.accruals import source
from worlds import LENDER, MONDAY, XIAOMAN, Desk, staff

SYSTEM = Actor("job:close", "system")
DAY = timedelta(days=1)


def differences(desk: Desk) -> list[Any]:
    found: list[Any] = desk.do("check_books", staff("audit"), entity=LENDER)["differences"]
    return found


def altered(desk: Desk, statement: str, **given: object) -> None:
    engine = create_engine(desk.url)
    with engine.begin() as connection:
        connection.execute(text(statement), given)
    engine.dispose()


def test_the_shard_is_posted_with_the_sum_of_its_loans(living_desk: Desk) -> None:
    desk = living_desk
    person = desk.person(XIAOMAN)
    loans = [desk.paid_out(person) for _ in range(2)]
    live_until(desk, MONDAY + 6 * DAY)
    day = MONDAY + 4 * DAY
    earned = [
        one
        for loan_id in loans
        for one in entries_of(desk.world, loan_id)
        if one.booking_date == day
    ]
    assert [one.component for one in earned] == ["interest_earned"] * 2
    (loan,) = {row["shard"] for row in desk.world.store.rows("loan")}
    under: dict[str, Cell] = {"source": source(LENDER, loan), "booking_date": day}
    (posted,) = desk.world.store.rows("posting", under)
    assert posted["amount_fen"] == sum(one.amount_fen for one in earned)
    assert (posted["debit"], posted["credit"]) == (earned[0].debit, earned[0].credit)
    assert differences(desk) == []


TAMPERED = {
    "a file is gone": ("DELETE FROM accrual WHERE business_date = :day", {"accruals", "accrued"}),
    "a file is torn": (
        "UPDATE accrual SET lines = substr(lines, 1, 40) WHERE business_date = :day",
        {"accruals", "accrued", "seal"},
    ),
    "a file is another day's": (
        (
            "UPDATE accrual SET lines = (SELECT lines FROM accrual WHERE business_date = :eve)"
            " WHERE business_date = :day"
        ),
        {"accruals", "accrued", "seal"},
    ),
    "its sum is another": (
        "UPDATE accrual SET sums = '{}' WHERE business_date = :day",
        {"accruals"},
    ),
    "the total is another": (
        "UPDATE accrual SET to_date = sums WHERE business_date = :day",
        {"accruals"},
    ),
}


@pytest.mark.parametrize("what", TAMPERED)
def test_a_file_that_was_tampered_with_is_named(living_desk: Desk, what: str) -> None:
    desk = living_desk
    desk.paid_out(desk.person(XIAOMAN))
    # Interest is not the same on both days.
    live_until(desk, date(2026, 12, 8))
    statement, kinds = TAMPERED[what]
    given = {"day": "2026-12-05", "eve": "2026-11-09"}
    altered(desk, statement, **{k: v for k, v in given.items() if f":{k}" in statement})
    assert kinds <= {one["kind"] for one in differences(desk)}


def a_shard_to_close(desk: Desk) -> tuple[str, CloseShard]:
    """Two days lived, the third is over; returns a loan and the close of its shard."""
    loan_id = desk.paid_out(desk.person(XIAOMAN))
    live_until(desk, MONDAY + 2 * DAY)
    day = desk.world.clock.business_date()
    perform(desk.world, SYSTEM, SWITCH, {"business_date": day.isoformat()})
    (loan,) = desk.world.store.rows("loan")
    return loan_id, CloseShard(entity=LENDER, business_date=day, shard=loan["shard"])


def a_lower_rate(desk: Desk, loan_id: str) -> None:
    change = {"kind": "rate_changed", "rate_ppm": 30_000}
    two_people(desk, "change_loan", loan_id=loan_id, change=change, reason="Agreed.")


def test_a_close_waits_for_whoever_booked_since_it_read(living_desk: Desk) -> None:
    desk = living_desk
    loan_id, command = a_shard_to_close(desk)
    decided = CLOSE_SHARD.decide(desk.world, SYSTEM, command)
    a_lower_rate(desk, loan_id)
    assert desk.world.store.apply(decided.effects) == Conflict("count", "position")
    again = CLOSE_SHARD.decide(desk.world, SYSTEM, command)
    desk.world.store.apply(again.effects)
    assert differences(desk) == []


def test_who_read_before_a_close_reads_again(
    living_desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = living_desk
    loan_id, command = a_shard_to_close(desk)
    store = desk.world.store
    met: list[Any] = []
    real = store.apply

    def apply(effects: Any) -> Any:  # noqa: ANN401 - handed on as they are
        touches = any(row.table == "position" for row in effects.rows)
        if touches and not met:  # the close comes between what was read and what is written
            met.append(real(CLOSE_SHARD.decide(desk.world, SYSTEM, command).effects))
            met.append(real(effects))
            return met[-1]
        return real(effects)

    monkeypatch.setattr(type(store), "apply", lambda _self, effects: apply(effects))
    a_lower_rate(desk, loan_id)
    assert met[1] == Conflict("exists", "close_mark")
    monkeypatch.undo()
    close_day(desk.world, command.business_date, only=(LENDER, "platform"))
    assert differences(desk) == []


class SwitchedBetween:
    """The world's clock; the date is switched once somebody has read it so many times."""

    def __init__(self, desk: Desk, reads: int) -> None:
        self._desk, self._clock = desk, desk.world.clock
        self._left = reads

    def now(self) -> datetime:
        return self._clock.now()

    def business_date(self) -> date:
        day = self._clock.business_date()
        self._left -= 1
        if self._left == 0:
            perform(self._desk.world, SYSTEM, SWITCH, {"business_date": day.isoformat()})
        return day


@pytest.mark.parametrize("reads", [1, 2, 3])
def test_the_date_is_switched_while_a_loan_is_booked(living_desk: Desk, reads: int) -> None:
    desk = living_desk
    loan_id = desk.paid_out(desk.person(XIAOMAN))
    live_until(desk, MONDAY + DAY)
    change = {"kind": "rate_changed", "rate_ppm": 30_000}
    request = {"loan_id": loan_id, "change": change, "reason": "Agreed."}
    made = desk.do("propose", MAKER, what="change_loan", request=request, reason="Agreed.")
    seen = {"proposal_id": made["proposal_id"], "reason": "Seen."}
    world = replace(desk.world, clock=SwitchedBetween(desk, reads))
    perform(world, CHECKER, FLOWS["approve_proposal"], seen)
    event = desk.world.store.events(loan_id)[-1]
    assert (event.kind, event.booking_date) == ("rate_changed", MONDAY + DAY)
    assert differences(desk) == []
    close_day(desk.world, MONDAY + DAY, only=(LENDER, "platform"))
    assert differences(desk) == []
