"""Subsidies of loans whose terms change or that leave the books, through the daily round."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from flows.leaving_desk import MAKER, WHY, balances, books_hold, live_until, seen, written_off
from sanshi.flows import subsidies
from sanshi.flows.loans import file_of
from sanshi.flows.world import World
from sanshi.jobs.close import collect_due
from sanshi.jobs.outbox import JOB, deliver
from sanshi.ports import Record
from worlds import LENDER, MONDAY, XIAOMAN, Desk, staff

TV: dict[str, Any] = {"plan": "shenpu_smart_home.6.equal_principal", "sku": "HT-TV-75"}
DUE = MONDAY.replace(month=12)
"""The day on which a television's first instalment falls due: 17.10 of interest."""


@pytest.fixture
def late_tv(living_desk: Desk) -> tuple[Desk, str]:
    """A television of 5,700.00 at 3.60 %: 4.75 of a month's 17.10 are granted, and none paid."""
    desk, who = living_desk, living_desk.person(XIAOMAN)
    loan_id = desk.paid_out(who, **TV)
    live_until(desk, MONDAY + timedelta(days=1))
    while (day := desk.world.clock.business_date()) < DUE:
        desk.do("switch_date", JOB, business_date=day.isoformat())
        desk.time.move(days=1)
    desk.outside.set_date(DUE)
    desk.outside.set_accounts({f"acct:{who.person_id}": 0})
    collect_due(desk.world, LENDER)
    deliver(desk.world)
    live_until(desk, DUE + timedelta(days=1))
    assert seen(desk, loan_id)["subsidy_fen"] == 475
    return desk, loan_id


def test_interest_that_was_re_aged_is_not_granted_again(late_tv: tuple[Desk, str]) -> None:
    """17.10 - 4.75 = 12.35 go to the next instalment, beside a day's and a month's own interest.

    Interest after 2026-12-31 earns nothing: of its own, 1.00 in 3.60 of what 5,700.00 bear in
    29 days (to 2027-01-01), 5,700.00 × 3.60 % ÷ 360 × 29 = 16.53, makes 4.59 at most.
    """
    desk, loan_id = late_tv
    desk.do(
        "change_loan",
        MAKER,
        loan_id=loan_id,
        change={"kind": "reaged", "waive_penalty": True},
        reason="x",
    )
    next_due = seen(desk, loan_id)["ahead"][0]["due_date"]
    while (day := desk.world.clock.business_date()).isoformat() < next_due:
        desk.do("switch_date", JOB, business_date=day.isoformat())
        desk.time.move(days=1)
    collect_due(desk.world, LENDER)
    granted = [e for e in seen(desk, loan_id)["events"] if e["kind"] == "subsidy_granted"]
    assert [event["data"]["number"] for event in granted] == [1, 2]
    assert 440 < granted[1]["data"]["amount_fen"] <= 475
    books_hold(desk)


def test_what_has_left_the_books_is_granted_nothing(late_tv: tuple[Desk, str]) -> None:
    desk, loan_id = late_tv
    written_off(desk, loan_id)
    receivable = balances(desk)["funder_receivable"]
    assert receivable == 475  # it stays the seller's, or the lender's, to claim
    while (day := desk.world.clock.business_date()) < DUE + timedelta(days=40):
        desk.do("switch_date", JOB, business_date=day.isoformat())
        desk.time.move(days=1)
    collect_due(desk.world, LENDER)
    assert seen(desk, loan_id)["subsidy_fen"] == 475
    claim = desk.do("make_claim", staff("servicing"), entity=LENDER, funder="central_treasury")
    assert claim["amount_fen"] > 0
    books_hold(desk)


def test_a_loan_that_leaves_while_grants_are_made_holds_up_nobody(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is written off between the reading of the list and of the loan itself."""
    loan_id = desk.paid_out(desk.person(XIAOMAN), **TV)
    row = desk.world.store.row("loan", loan_id=loan_id)
    assert row is not None

    def meanwhile(world: World, found: Record) -> object:
        if world.store.standing(loan_id)[1] == "active":
            desk.do("write_off_loan", MAKER, loan_id=loan_id, **WHY)
        return file_of(world, found)

    monkeypatch.setattr(subsidies, "file_of", meanwhile)
    answer = desk.do("grant_subsidies", JOB, entity=LENDER, shard=row["shard"])
    assert answer == {"loans": 0, "granted_fen": 0}
    assert seen(desk, loan_id)["stage"] == "written_off"
