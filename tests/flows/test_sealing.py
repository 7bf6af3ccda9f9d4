"""Closed days stay as they are: nothing is booked on them, and what is changed shows."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import create_engine, text

from sanshi.evidence.merkle import leaf_hash
from sanshi.flows.loans import open_file
from sanshi.flows.perform import perform
from sanshi.flows.shards import closed_shards
from sanshi.flows.world import Actor, Command, Decided, Flow, World
from sanshi.jobs.close import close_day
from sanshi.kernel.effects import Effects, Posting
from sanshi.kernel.errors import ConflictError, ForbiddenError, InputError
from sanshi.ledger.sealing import NO_DAY_BEFORE
from sanshi.loan.fold import fold
from worlds import LENDER, MONDAY, XIAOMAN, Desk, staff

SYSTEM = Actor("job", "system")


def days_pass(desk: Desk, days: int) -> None:
    for _ in range(days):
        close_day(desk.world, desk.world.clock.business_date(), only=(LENDER, "platform"))
        desk.time.move(days=1)


def sealed(desk: Desk, entity: str = LENDER) -> list[Any]:
    return list(desk.world.store.rows("sealed_day", {"entity": entity}, order_by=("booking_date",)))


def differences(desk: Desk) -> list[Any]:
    found: list[Any] = desk.do("check_books", staff("audit"), entity=LENDER)["differences"]
    return found


def test_each_closed_day_is_sealed_and_leads_to_the_next(desk: Desk) -> None:
    desk.paid_out(desk.person(XIAOMAN))
    days_pass(desk, 3)
    days = sealed(desk)
    assert [day["booking_date"] for day in days] == [MONDAY + timedelta(days=n) for n in range(3)]
    assert [bytes(day["previous"]) for day in days] == [
        NO_DAY_BEFORE,
        *(bytes(day["root"]) for day in days[:-1]),
    ]
    assert sum(day["postings"] for day in days) == len(
        desk.world.store.rows("posting", {"entity": LENDER})
    )
    leaves = {row["subject"]: row for row in desk.world.store.rows("leaf", {"kind": "ledger_day"})}
    for day in days:
        leaf = leaves[f"{LENDER}:{day['booking_date']}"]
        assert leaf_hash(bytes(leaf["content_hash"])) == leaf_hash(bytes(day["root"]))
    assert differences(desk) == []


TAMPERED: dict[str, tuple[str, str]] = {
    "an amount": (
        "UPDATE posting SET amount_fen = amount_fen + 1 WHERE {one}",
        "seal",
    ),
    "an account": ("UPDATE posting SET credit = 'suspense' WHERE {one}", "seal"),
    "a date": ("UPDATE posting SET value_date = '2026-01-01' WHERE {one}", "seal"),
    "a posting": ("DELETE FROM posting WHERE {one}", "seal"),
    "a sum": ("UPDATE account_day SET debit_fen = debit_fen + 1 WHERE debit_fen > 0", "seal"),
    "a root": ("UPDATE sealed_day SET root = previous WHERE booking_date = '2026-11-02'", "seal"),
    "a sub-ledger": ("UPDATE posted SET amount_fen = amount_fen + 1", "control"),
}


@pytest.mark.parametrize("what", TAMPERED)
def test_what_was_tampered_with_is_named(desk: Desk, what: str) -> None:
    desk.paid_out(desk.person(XIAOMAN))
    days_pass(desk, 2)
    statement, kind = TAMPERED[what]
    one = desk.world.store.rows("posting", {"entity": LENDER}, order_by=("posting_id",))[0]
    engine = create_engine(desk.url)
    with engine.begin() as connection:
        connection.execute(text(statement.format(one=f"posting_id = {one['posting_id']}")))
    engine.dispose()
    assert kind in {found["kind"] for found in differences(desk)}


class Nothing(Command):
    """No request."""


def test_who_read_the_date_before_the_close_books_on_the_open_day(desk: Desk) -> None:
    """The flow reads Monday, Monday is closed under its feet, and its posting is of Tuesday."""
    read: list[date] = []

    def decide(world: World, _actor: Actor, _command: Nothing) -> Decided:
        day = world.clock.business_date()
        read.append(day)
        if len(read) == 1:
            close_day(desk.world, day, only=(LENDER,))
        posting = Posting(
            LENDER, "late", "unmatched_in", "rail", "rail_clearing", "suspense", 7, MONDAY, day
        )
        return Decided({}, Effects(postings=(posting,)))

    perform(desk.world, SYSTEM, Flow("late", frozenset({"system"}), Nothing, decide), {})
    tuesday = MONDAY + timedelta(days=1)
    assert read == [MONDAY, tuesday]
    [booked] = desk.world.store.rows("posting", {"source": "late"})
    assert (booked["value_date"], booked["booking_date"]) == (MONDAY, tuesday)


def test_a_day_is_sealed_once_and_only_when_closed(desk: Desk) -> None:
    desk.paid_out(desk.person(XIAOMAN))
    request = {"entity": LENDER, "business_date": MONDAY.isoformat()}
    with pytest.raises(ConflictError, match="not closed"):
        desk.do("seal_day", SYSTEM, **request)
    days_pass(desk, 2)
    before = sealed(desk)
    again = desk.do("seal_day", SYSTEM, **request)
    assert again["root"] == bytes(before[0]["root"]).hex()
    assert sealed(desk) == before
    with pytest.raises(ForbiddenError):
        desk.do("seal_day", staff("servicing", "pujiang_bank"), **request)


def test_days_that_nobody_sealed_are_sealed_with_the_next(desk: Desk) -> None:
    """Books that were closed before days were sealed: one seal covers them all."""
    desk.paid_out(desk.person(XIAOMAN))
    for _ in range(3):
        day = desk.world.clock.business_date()
        desk.do("switch_date", SYSTEM, business_date=day.isoformat())
        for shard in closed_shards(desk.world, LENDER):
            desk.do(
                "close_shard",
                SYSTEM,
                entity=LENDER,
                business_date=day.isoformat(),
                shard=shard,
            )
        desk.do("finish_close", SYSTEM, entity=LENDER, business_date=day.isoformat())
        desk.time.move(days=1)
    assert sealed(desk) == []
    last = MONDAY + timedelta(days=2)
    answer = desk.do("seal_day", SYSTEM, entity=LENDER, business_date=last.isoformat())
    assert answer["postings"] == len(desk.world.store.rows("posting", {"entity": LENDER}))
    assert differences(desk) == []


def test_a_trial_balance_of_a_period_opens_and_closes(desk: Desk) -> None:
    desk.paid_out(desk.person(XIAOMAN))
    days_pass(desk, 5)
    audit = staff("audit")
    days = [(MONDAY + timedelta(days=n)).isoformat() for n in range(5)]
    whole = desk.do("trial_balance", audit, entity=LENDER)
    early = desk.do("trial_balance", audit, entity=LENDER, to=days[1])
    later = desk.do("trial_balance", audit, entity=LENDER, since=days[2])
    closing = {row["account"]: row["balance_fen"] for row in early["accounts"]}
    assert {
        row["account"]: row["opening_fen"] for row in later["accounts"] if row["opening_fen"]
    } == {name: fen for name, fen in closing.items() if fen}
    for row in later["accounts"]:
        assert row["balance_fen"] == row["opening_fen"] + row["debit_fen"] - row["credit_fen"]
    assert {r["account"]: r["balance_fen"] for r in later["accounts"]} == {
        r["account"]: r["balance_fen"] for r in whole["accounts"]
    }
    assert later["balanced"]
    assert later["debit_fen"] + early["debit_fen"] == whole["debit_fen"]
    assert desk.do("trial_balance", audit, entity=LENDER, since="0001-01-01") == whole
    with pytest.raises(InputError, match="after"):
        desk.do("trial_balance", audit, entity=LENDER, since=days[2], to=days[1])


def test_books_say_what_was_known_on_a_day_of_another(desk: Desk) -> None:
    """A rate halved on the sixth day from the first on: the interest of the first five days, as
    the books had it then, and as they have it now for the same days.
    """
    loan_id = desk.paid_out(desk.person(XIAOMAN))
    days_pass(desk, 5)
    friday = MONDAY + timedelta(days=4)
    row = desk.world.store.row("loan", loan_id=loan_id)
    assert row is not None
    half = row["terms"]["rate_ppm"] // 2
    desk.do(
        "change_loan",
        staff("servicing"),
        loan_id=loan_id,
        change={"kind": "rate_changed", "rate_ppm": half},
        value_date=MONDAY.isoformat(),
        reason="Agreed at once, recorded late.",
    )

    def income(**days: str) -> int:
        books = desk.do("trial_balance", staff("audit"), entity=LENDER, **days)
        [line] = [one for one in books["accounts"] if one["account"] == "interest_income"]
        return -int(line["balance_fen"])

    known_then = income(to=friday.isoformat(), value_to=friday.isoformat())
    known_now = income(value_to=friday.isoformat())
    loan = open_file(desk.world, loan_id)
    assert known_then == fold(loan.terms, loan.events[:-1], friday).interest_earned_fen
    assert known_now == fold(loan.terms, loan.events, friday).interest_earned_fen
    assert known_now < known_then
