"""Differences with the rail stand as cases, grow old in the open, and close once they agree."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from sanshi.flows.world import Actor
from sanshi.jobs.close import close_day
from sanshi.jobs.outbox import JOB
from worlds import LENDER, MONDAY, XIAOMAN, Desk, staff


def lost_line(desk: Desk) -> str:
    """Pay a loan out on a day whose file lacks the line; returns the case about it."""
    desk.paid_out(desk.person(XIAOMAN))
    desk.outside.queue_fault("statement", "lost")
    close_day(desk.world, MONDAY, only=(LENDER,))
    desk.time.move(days=1)
    [case] = desk.world.store.rows("work_case", {"entity": LENDER})
    assert case["kind"] == "rail_missing_in_statement"
    return str(case["case_id"])


def ages(desk: Desk, who: Actor | None = None) -> list[tuple[int, int, int]]:
    """Return (days from, count, fen) of the classes in which anything stands."""
    seen = desk.do("desk_close", who or staff("servicing"))["breaks"]
    return [(one["since"], one["count"], one["amount_fen"]) for one in seen if one["count"]]


def reconciled(desk: Desk) -> Mapping[str, Any]:
    return desk.do("reconcile", JOB, entity=LENDER, value_date=MONDAY.isoformat())


def test_a_difference_grows_old_and_closes_when_the_file_agrees(living_desk: Desk) -> None:
    desk = living_desk
    case_id = lost_line(desk)
    amount_fen = desk.world.store.rows("payment", {"entity": LENDER})[0]["amount_fen"]
    assert ages(desk) == [(0, 1, amount_fen)]
    assert ages(desk, staff("servicing", "pujiang_bank")) == []
    for since in (2, 4, 8, 31):
        while desk.world.clock.business_date() < MONDAY + timedelta(days=since + 1):
            day = desk.world.clock.business_date()
            desk.do("switch_date", JOB, business_date=day.isoformat())
            desk.time.move(days=1)
        assert ages(desk) == [(since, 1, amount_fen)]
    answer = reconciled(desk)
    assert (answer["settled"], answer["agreed"]) == (1, [case_id])
    assert ages(desk) == []
    last = desk.world.store.events(case_id)[-1]
    assert (last.kind, last.data) == ("closed", {"agreed_with": MONDAY.isoformat()})
    assert reconciled(desk)["agreed"] == []


def test_what_somebody_closed_stays_closed_as_they_said(living_desk: Desk) -> None:
    desk = living_desk
    case_id = lost_line(desk)
    desk.do("close_case", staff("servicing"), case_id=case_id, finding="The rail sends it again.")
    answer = reconciled(desk)
    assert (answer["settled"], answer["agreed"]) == (1, [])
    assert desk.world.store.events(case_id)[-1].data["finding"] == "The rail sends it again."


def test_a_case_about_something_else_stays_open(living_desk: Desk) -> None:
    """A payment whose line came late, and a line of which we know nothing."""
    desk = living_desk
    lost_line(desk)
    desk.outside.queue_fault("statement", "unknown_line")
    answer = reconciled(desk)
    assert len(answer["agreed"]) == 1
    [strange] = [found["subject"] for found in answer["breaks"]]
    assert reconciled(desk)["agreed"] == []
    case = desk.world.store.row("work_case", subject=strange)
    assert case is not None
    assert desk.world.store.standing(case["case_id"])[1] == "open"
