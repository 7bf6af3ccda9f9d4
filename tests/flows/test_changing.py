"""Changes of running loans by the people of a lender: two of them, any day, books that follow."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

import pytest

from sanshi.flows.accruals import entries_of
from sanshi.flows.world import Actor
from sanshi.jobs.close import close_day
from sanshi.kernel.errors import ConflictError, ForbiddenError, InputError
from worlds import LENDER, XIAOMAN, Desk, staff

MAKER, CHECKER = (Actor(f"sa_{name}", "servicing", LENDER) for name in ("maker", "checker"))


def days_pass(desk: Desk, days: int) -> None:
    for _ in range(days):
        close_day(desk.world, desk.world.clock.business_date(), only=(LENDER, "platform"))
        desk.time.move(days=1)


def changed(desk: Desk, loan_id: str, day: date | None = None, **change: Any) -> Mapping[str, Any]:  # noqa: ANN401 - any value
    """Propose a change and have a colleague approve it."""
    request: dict[str, Any] = {
        "loan_id": loan_id,
        "change": change,
        "reason": "The customer asked.",
    }
    if day is not None:
        request["value_date"] = day.isoformat()
    made = desk.do("propose", MAKER, what="change_loan", request=request, reason="See the letter.")
    answer = desk.do(
        "approve_proposal", CHECKER, proposal_id=made["proposal_id"], reason="I looked too."
    )
    done: Mapping[str, Any] = answer["answer"]
    return done


def seen(desk: Desk, loan_id: str) -> Mapping[str, Any]:
    return desk.do("view_loan", staff("servicing"), loan_id=loan_id)


def books_differ(desk: Desk) -> list[Any]:
    answer = desk.do("check_books", staff("audit"), entity=LENDER)
    differences: list[Any] = answer["differences"]
    return differences


def test_two_people_pause_a_loan_and_its_books_follow(desk: Desk) -> None:
    loan_id = desk.paid_out(desk.person(XIAOMAN))
    days_pass(desk, 10)
    before = seen(desk, loan_id)
    answer = changed(desk, loan_id, kind="paused", months=2)
    after = seen(desk, loan_id)
    assert answer["before"]["next_due"] == before["ahead"][0]["due_date"]
    assert answer["after"]["next_due"] == after["ahead"][0]["due_date"]
    assert len(after["ahead"]) == len(before["ahead"])
    moved = date.fromisoformat(answer["after"]["next_due"])
    assert moved > date.fromisoformat(answer["before"]["next_due"]) + timedelta(days=55)
    told = after["events"][-1]
    assert (told["kind"], told["data"]["by"]) == ("paused", MAKER.actor_id)
    days_pass(desk, 3)
    assert books_differ(desk) == []


def test_a_change_dated_back_is_replayed_and_posted_today(desk: Desk) -> None:
    """Half the rate from the second day on: what was posted too much comes back on the open day,
    under the days to which it belongs.
    """
    loan_id = desk.paid_out(desk.person(XIAOMAN))
    began = desk.world.clock.business_date()
    days_pass(desk, 20)
    earned = seen(desk, loan_id)["interest_earned_fen"]
    about = {"source": loan_id, "component": "interest_earned"}
    entries = entries_of(desk.world, loan_id)
    posted = sum(one.amount_fen for one in entries if one.component == "interest_earned")
    rate = desk.world.store.row("loan", loan_id=loan_id)
    assert rate is not None
    half = rate["terms"]["rate_ppm"] // 2
    changed(desk, loan_id, began + timedelta(days=1), kind="rate_changed", rate_ppm=half)
    after = seen(desk, loan_id)
    assert desk.do("desk_loan", staff("servicing"), loan_id=loan_id)["terms"]["rate_ppm"] == half
    assert earned // 2 - 1 <= after["interest_earned_fen"] < earned
    today = desk.world.clock.business_date()
    rows = desk.world.store.rows("posting", {**about, "booking_date": today})
    back = [row for row in rows if row["value_date"] < today]
    assert {(row["debit"], row["credit"]) for row in back} == {
        ("interest_income", "interest_receivable")
    }
    days = [row["value_date"] for row in back]
    assert days == sorted(set(days))
    assert began < days[0] <= days[-1] == today - timedelta(days=1)
    ahead = sum(row["amount_fen"] for row in rows if row["value_date"] == today)
    assert sum(row["amount_fen"] for row in back) == posted + ahead - after["interest_earned_fen"]
    assert books_differ(desk) == []
    undone = changed(desk, loan_id, kind="reversed", reverses=after["events"][-1]["version"])
    assert seen(desk, loan_id)["interest_earned_fen"] == earned
    assert undone["stage"] == "active"
    assert books_differ(desk) == []
    with pytest.raises(InputError, match="undone already"):
        changed(desk, loan_id, kind="reversed", reverses=after["events"][-1]["version"])
    with pytest.raises(InputError, match="is reversed"):
        changed(desk, loan_id, kind="reversed", reverses=undone["version"])


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"kind": "rate_changed", "rate_ppm": 999_999}, "change.rate_ppm"),
        ({"kind": "restructured", "rate_ppm": 999_999}, "change.rate_ppm"),
        ({"kind": "waived", "interest_fen": 1}, "change"),
        ({"kind": "reversed", "reverses": 99}, "change.reverses"),
        ({"kind": "reversed", "reverses": 3}, "change.reverses"),
        ({"kind": "due_day_changed", "due_day": 32}, "change.due_day_changed.due_day"),
        ({"kind": "forgiven"}, "change"),
        ({"kind": "paused", "months": 1, "colour": 1}, "change.paused.colour"),
    ],
)
def test_what_cannot_be_done_is_said_and_changes_nothing(
    desk: Desk, change: dict[str, Any], field: str
) -> None:
    loan_id = desk.paid_out(desk.person(XIAOMAN))
    before = seen(desk, loan_id)
    with pytest.raises(InputError) as raised:
        changed(desk, loan_id, **change)
    assert raised.value.field == field
    assert raised.value.fix
    assert seen(desk, loan_id) == before


def test_no_day_before_the_money_and_none_that_has_not_come(desk: Desk) -> None:
    loan_id = desk.paid_out(desk.person(XIAOMAN))
    today = desk.world.clock.business_date()
    for day in (today - timedelta(days=1), today + timedelta(days=1)):
        with pytest.raises(InputError) as raised:
            changed(desk, loan_id, day, kind="extended", instalments=1)
        assert raised.value.field == "value_date"


def test_a_loan_that_was_not_paid_out_has_nothing_to_change(desk: Desk) -> None:
    loan_id = desk.signed(desk.person(XIAOMAN))
    with pytest.raises(ConflictError):
        changed(desk, loan_id, kind="extended", instalments=1)


def test_only_the_lenders_own_people_change_it(desk: Desk) -> None:
    loan_id = desk.paid_out(desk.person(XIAOMAN))
    request: dict[str, Any] = {
        "loan_id": loan_id,
        "change": {"kind": "extended", "instalments": 1},
        "reason": "The customer asked.",
    }
    with pytest.raises(ForbiddenError):
        desk.do("change_loan", staff("conduct"), **request)
    with pytest.raises(ForbiddenError):
        desk.do("change_loan", staff("servicing", "pujiang_bank"), **request)
