"""A loan that cannot be closed is set aside and shown; it stops neither the others nor the day."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest
from sqlalchemy import create_engine, text

from flows.leaving_desk import live_until
from sanshi.flows.accruals import entries_of
from sanshi.flows.loans import ONE_DAY
from sanshi.jobs.close import close_day
from worlds import LENDER, XIAOMAN, Desk, staff

FIRST_DUE = date(2026, 12, 2)


def altered(desk: Desk, statement: str, **given: object) -> None:
    engine = create_engine(desk.url)
    with engine.begin() as connection:
        connection.execute(text(statement), given)
    engine.dispose()


def next_day(desk: Desk) -> dict[str, Any]:
    day = desk.world.clock.business_date()
    report = close_day(desk.world, day, only=(LENDER, "platform"))
    desk.time.move(days=1)
    desk.outside.set_date(day + ONE_DAY)
    found: dict[str, Any] = report["entities"][LENDER]
    return found


def differences(desk: Desk) -> list[Any]:
    found: list[Any] = desk.do("check_books", staff("audit"), entity=LENDER)["differences"]
    return found


def open_cases(desk: Desk) -> list[str]:
    cases = desk.world.store.in_stage("work_case", "case_id", ("open",), {})
    return [case["subject"] for case in cases if case["kind"] == "close_quarantine"]


BROKEN = {
    "terms that are none": "UPDATE loan SET terms = '{}' WHERE loan_id = :loan",
    "a method nobody knows": (
        "UPDATE loan SET terms = replace(terms, 'equal_instalment', 'none') WHERE loan_id = :loan"
    ),
    "an event without its amount": (
        "UPDATE event SET data = '{}' WHERE stream = :loan AND kind = 'disbursed'"
    ),
}


@pytest.mark.parametrize("what", BROKEN)
def test_a_broken_loan_is_set_aside_and_comes_back(living_desk: Desk, what: str) -> None:
    desk = living_desk
    person = desk.person(XIAOMAN)
    whole, broken = (desk.paid_out(person) for _ in range(2))
    live_until(desk, date(2026, 11, 6))
    (row,) = desk.world.store.rows("loan", {"loan_id": broken})
    events = desk.world.store.events(broken)
    data = next(event.data for event in events if event.kind == "disbursed")
    altered(desk, BROKEN[what], loan=broken)
    # Columns need neither terms nor events: this loan alone is looked at by itself.
    altered(desk, "UPDATE position SET due = as_of - 1 WHERE loan_id = :loan", loan=broken)
    assert next_day(desk)["quarantined"] == 1
    assert open_cases(desk) == [broken]
    assert next_day(desk)["quarantined"] == 1
    assert open_cases(desk) == [broken], "one case, however often it fails"
    booked = [one.booking_date for one in entries_of(desk.world, whole)]
    assert date(2026, 11, 7) in booked, "the other loan earned its interest"
    restored(desk, broken, row["terms"], data)
    assert next_day(desk)["quarantined"] == 0
    assert open_cases(desk) == []
    assert differences(desk) == []


def restored(desk: Desk, loan_id: str, terms: Any, data: Any) -> None:  # noqa: ANN401 - stored JSON
    altered(
        desk,
        "UPDATE loan SET terms = :terms WHERE loan_id = :loan",
        terms=json.dumps(terms),
        loan=loan_id,
    )
    altered(
        desk,
        "UPDATE event SET data = :data WHERE stream = :loan AND kind = 'disbursed'",
        data=json.dumps(dict(data)),
        loan=loan_id,
    )


def test_columns_that_cannot_go_on_leave_it_to_the_events(living_desk: Desk) -> None:
    desk = living_desk
    person = desk.person(XIAOMAN)
    for _ in range(2):
        desk.paid_out(person)
    live_until(desk, FIRST_DUE)
    altered(desk, "DELETE FROM course")
    altered(desk, "UPDATE position SET scale = 9999 WHERE loan = 1")
    assert next_day(desk)["quarantined"] == 0
    assert differences(desk) == []
    live_until(desk, date(2027, 1, 5))
    assert differences(desk) == []
