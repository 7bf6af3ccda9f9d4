"""A trial says what the deed then does, to the fen, and writes nothing; a replay is the past."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any, get_args

import pytest

from dumps import state_hash
from sanshi.flows.changing import Change
from sanshi.flows.world import Actor
from sanshi.jobs.close import close_day
from sanshi.jobs.outbox import deliver
from sanshi.kernel.errors import ConflictError, ForbiddenError, InputError, NotFoundError
from worlds import LENDER, XIAOMAN, Desk, staff

OFFICER = Actor("sa_maker", "servicing", LENDER)
REASON = "The customer asked."
OVERDUE_DAYS = 36
CHANGES: tuple[dict[str, Any], ...] = (
    {"kind": "rate_changed", "rate_ppm": 12_000},
    {"kind": "due_day_changed", "due_day": 20},
    {"kind": "extended", "instalments": 3},
    {"kind": "grace_given", "instalments": 1},
    {"kind": "paused", "months": 2},
    {"kind": "paused", "months": 1, "waive": True},
    {"kind": "reaged", "instalments": 4, "waive_penalty": True},
    {"kind": "restructured", "rate_ppm": 10_000, "method": "equal_principal", "instalments": 6},
    {"kind": "waived", "interest_fen": 100},
)
"""Each is reversed before the next one, which tries `reversed` as often."""


def days_pass(desk: Desk, days: int) -> None:
    for _ in range(days):
        close_day(desk.world, desk.world.clock.business_date(), only=(LENDER, "platform"))
        desk.time.move(days=1)


def seen(desk: Desk, loan_id: str) -> Mapping[str, Any]:
    return desk.do("view_loan", staff("servicing"), loan_id=loan_id)


def tried(desk: Desk, loan_id: str, **asked: Any) -> Mapping[str, Any]:  # noqa: ANN401 - any field
    """Try something and see that nothing was written."""
    before = state_hash(desk.url)
    answer = desk.do("try_change", OFFICER, loan_id=loan_id, **asked)
    assert state_hash(desk.url) == before
    return answer


def interest_in_all(view: Mapping[str, Any]) -> int:
    return sum(one["interest_fen"] for one in (*view["due"], *view["ahead"]))


def posted(desk: Desk, loan_id: str) -> list[dict[str, Any]]:
    rows = desk.world.store.rows("posting", {"source": loan_id}, order_by=("posting_id",))
    names = ("component", "payer", "debit", "credit", "amount_fen")
    dates = ("value_date", "booking_date")
    return [
        {**{name: row[name] for name in names}, **{name: row[name].isoformat() for name in dates}}
        for row in rows
    ]


def assert_done_as_tried(desk: Desk, loan_id: str, **asked: Any) -> Mapping[str, Any]:  # noqa: ANN401 - any field
    """Try a change, make it, and compare all that was said with all that came of it."""
    view, books = seen(desk, loan_id), posted(desk, loan_id)
    trial = tried(desk, loan_id, **asked)
    made = desk.do("change_loan", OFFICER, loan_id=loan_id, **asked, reason=REASON)
    after = seen(desk, loan_id)
    assert {name: trial[name] for name in made} == made
    assert trial["lines_before"] == view["ahead"]
    assert trial["lines_after"] == after["ahead"]
    assert posted(desk, loan_id) == books + trial["postings"]
    told = trial["differences"]
    assert told["interest_before_fen"] == interest_in_all(view)
    assert told["interest_after_fen"] == interest_in_all(after)
    assert told["interest_fen"] == interest_in_all(after) - interest_in_all(view)
    assert told["penalty_fen"] == after["penalty_earned_fen"] - view["penalty_earned_fen"]
    return trial


def test_every_kind_of_change_does_what_its_trial_said(desk: Desk) -> None:
    """A loan with one instalment overdue and two ahead; every change is undone by the next."""
    loan_id = desk.paid_out(desk.person(XIAOMAN))
    days_pass(desk, OVERDUE_DAYS)
    kinds, whole = set(), seen(desk, loan_id)
    moved = 0
    for change in CHANGES:
        trial = assert_done_as_tried(desk, loan_id, change=change)
        moved += trial["before"] != trial["after"]
        back = {"kind": "reversed", "reverses": trial["version"]}
        undone = assert_done_as_tried(desk, loan_id, change=back)
        assert undone["after"] == trial["before"]
        assert seen(desk, loan_id)["ahead"] == whole["ahead"]
        kinds |= {change["kind"], "reversed"}
    assert moved == len(CHANGES)
    assert kinds == {get_args(one.model_fields["kind"].annotation)[0] for one in get_args(Change)}
    assert desk.do("check_books", staff("audit"), entity=LENDER)["differences"] == []


def test_a_change_dated_back_is_tried_with_the_entries_of_the_open_day(desk: Desk) -> None:
    loan_id = desk.paid_out(desk.person(XIAOMAN))
    began = desk.world.clock.business_date()
    days_pass(desk, 20)
    trial = assert_done_as_tried(
        desk,
        loan_id,
        change={"kind": "rate_changed", "rate_ppm": 0},
        value_date=(began + timedelta(days=1)).isoformat(),
    )
    corrected = [one for one in trial["postings"] if one["debit"] == "interest_income"]
    assert corrected
    today = desk.world.clock.business_date().isoformat()
    assert {one["booking_date"] for one in trial["postings"]} == {today}
    assert trial["value_date"] == "2026-11-03" <= min(one["value_date"] for one in corrected)
    assert trial["differences"]["interest_fen"] < 0


@pytest.mark.parametrize("kind", ["prepay_lower", "prepay_shorten", "settle"])
def test_a_payment_does_what_its_trial_said(living_desk: Desk, kind: str) -> None:
    desk = living_desk
    loan_id = desk.paid_out(desk.person(XIAOMAN), "shenpu_appliance.12.equal_instalment")
    for _ in range(12):
        day = desk.world.clock.business_date()
        close_day(desk.world, day, only=(LENDER, "platform"))
        desk.time.move(days=1)
        desk.outside.set_date(day + timedelta(days=1))
    view = seen(desk, loan_id)
    payment = {"kind": kind} if kind == "settle" else {"kind": kind, "amount_fen": 200_000}
    trial = tried(desk, loan_id, payment=payment)
    assert tried(desk, loan_id, payment={**payment, "amount_fen": trial["amount_fen"]}) == trial
    asked = {"purpose": kind, "amount_fen": trial["amount_fen"]}
    desk.do("pay", desk.person(XIAOMAN), loan_id=loan_id, **asked)
    deliver(desk.world)
    after = seen(desk, loan_id)
    assert trial["stage"] == after["stage"]
    assert trial["lines_after"] == after["ahead"]
    assert trial["after"]["outstanding_fen"] == after["outstanding_fen"]
    assert trial["differences"]["interest_fen"] == interest_in_all(after) - interest_in_all(view)
    assert trial["differences"]["interest_fen"] < 0
    assert trial["postings"] == []
    if kind == "prepay_shorten":
        assert trial["differences"]["last_due_days"] < 0
        assert abs(trial["differences"]["next_payment_fen"]) < 100
    if kind == "prepay_lower":
        assert trial["differences"]["last_due_days"] == 0
        assert trial["differences"]["next_payment_fen"] < 0


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({}, "change"),
        (
            {
                "change": {"kind": "paused", "months": 1},
                "payment": {"kind": "settle"},
            },
            "change",
        ),
        ({"payment": {"kind": "settle"}, "value_date": "2026-11-02"}, "change"),
        ({"change": {"kind": "rate_changed", "rate_ppm": 999_999}}, "change.rate_ppm"),
        ({"change": {"kind": "waived", "interest_fen": 1}}, "change"),
        ({"change": {"kind": "reversed", "reverses": 3}}, "change.reverses"),
        ({"change": {"kind": "paused", "months": 99}}, "change.paused.months"),
        ({"payment": {"kind": "prepay_lower"}}, "amount_fen"),
        ({"payment": {"kind": "prepay_lower", "amount_fen": 999_999_999}}, "amount_fen"),
        ({"payment": {"kind": "settle", "amount_fen": 1}}, "amount_fen"),
        ({"payment": {"kind": "instalment"}}, "payment.kind"),
    ],
)
def test_what_the_deed_would_refuse_its_trial_refuses(
    desk: Desk, asked: dict[str, Any], field: str
) -> None:
    loan_id = desk.paid_out(desk.person(XIAOMAN))
    with pytest.raises(InputError) as raised:
        tried(desk, loan_id, **asked)
    assert raised.value.field == field
    assert raised.value.fix


def test_nothing_is_tried_on_what_was_not_paid_out_or_is_not_theirs(desk: Desk) -> None:
    loan_id = desk.signed(desk.person(XIAOMAN))
    for refused in (
        {"change": {"kind": "extended", "instalments": 1}},
        {"payment": {"kind": "settle"}},
    ):
        with pytest.raises(ConflictError):
            tried(desk, loan_id, **refused)
    asked: dict[str, Any] = {"change": {"kind": "extended", "instalments": 1}}
    trials: tuple[tuple[str, dict[str, Any]], ...] = (
        ("try_change", asked),
        ("loan_at", {"on": "2026-11-02"}),
    )
    for name, more in trials:
        with pytest.raises(NotFoundError):
            desk.do(name, staff("servicing", "pujiang_bank"), loan_id=loan_id, **more)
        with pytest.raises(ForbiddenError):
            desk.do(name, staff("risk"), loan_id=loan_id, **more)
    with pytest.raises(ForbiddenError):
        desk.do("try_change", staff("conduct"), loan_id=loan_id, **asked)


def test_a_replay_as_known_is_what_was_seen_then(desk: Desk) -> None:
    """Seen every few days of a life with a change dated back, then replayed from the end."""
    loan_id = desk.paid_out(desk.person(XIAOMAN))
    began = desk.world.clock.business_date()
    album: dict[date, Mapping[str, Any]] = {}
    for step in range(6):
        album[desk.world.clock.business_date()] = seen(desk, loan_id)
        days_pass(desk, 7)
        if step == 2:
            change = {"kind": "rate_changed", "rate_ppm": 0}
            back = (began + timedelta(days=3)).isoformat()
            request: dict[str, Any] = {"change": change, "value_date": back, "reason": REASON}
            desk.do("change_loan", OFFICER, loan_id=loan_id, **request)
    last = seen(desk, loan_id)
    figures = set(last) - {"events", "loan_id"}
    changed = 0
    for day, view in album.items():
        asked = {"loan_id": loan_id, "on": day.isoformat()}
        then = desk.do("loan_at", staff("audit"), **asked, known=day.isoformat())
        assert {name: then[name] for name in figures} == {name: view[name] for name in figures}
        unknown = {one["version"] for one in then["events"] if one["mark"] == "unknown"}
        assert {one["version"] for one in then["events"]} - unknown == {
            one["version"] for one in view["events"]
        }
        now = desk.do("loan_at", staff("audit"), **asked)
        changed += now["interest_earned_fen"] != then["interest_earned_fen"]
    assert changed == 2, "the third day and the second week were lived at the old rate"
    today = desk.world.clock.business_date().isoformat()
    now = desk.do("loan_at", staff("audit"), loan_id=loan_id, on=today)
    assert {name: now[name] for name in figures} == {name: last[name] for name in figures}


def test_a_replay_marks_what_counts_and_is_on_record(desk: Desk) -> None:
    loan_id = desk.paid_out(desk.person(XIAOMAN))
    began = desk.world.clock.business_date()
    days_pass(desk, 5)
    for change in ({"kind": "paused", "months": 1}, {"kind": "reversed", "reverses": 4}):
        desk.do("change_loan", OFFICER, loan_id=loan_id, change=change, reason=REASON)
    days_pass(desk, 1)

    def marks(**asked: str) -> list[str]:
        answer = desk.do("loan_at", staff("conduct"), loan_id=loan_id, **asked)
        return [one["mark"] for one in answer["events"]]

    today = desk.world.clock.business_date()
    count = ["counted"] * 3
    assert marks(on=today.isoformat()) == [*count, "undone", "counted"]
    assert marks(on=began.isoformat()) == [*count, "undone", "later"]
    known = began.isoformat()
    assert marks(on=today.isoformat(), known=known) == [*count, "unknown", "unknown"]
    rows = desk.world.store.rows("audit", {"action": "view_loan", "role": "conduct"})
    assert [row["subject"] for row in rows] == [loan_id] * 3


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({"on": "2026-11-01"}, "on"),
        ({"on": "2036-01-01"}, "on"),
        ({"on": "2026-11-02", "known": "2026-11-01"}, "known"),
        ({"on": "2026-11-02", "known": "2026-11-03"}, "known"),
        ({"on": "yesterday"}, "on"),
    ],
)
def test_a_replay_keeps_to_the_days_of_the_loan(
    desk: Desk, asked: dict[str, str], field: str
) -> None:
    loan_id = desk.paid_out(desk.person(XIAOMAN))
    with pytest.raises(InputError) as raised:
        desk.do("loan_at", staff("servicing"), loan_id=loan_id, **asked)
    assert raised.value.field == field
    assert raised.value.fix


def test_a_replay_reaches_to_the_last_day_of_the_schedule(desk: Desk) -> None:
    loan_id = desk.paid_out(desk.person(XIAOMAN))
    last = seen(desk, loan_id)["ahead"][-1]["due_date"]
    answer = desk.do("loan_at", staff("servicing"), loan_id=loan_id, on=last)
    assert answer["last_day"] == last
    assert answer["ahead"] == []
    assert answer["days_past_due"] > 50
