"""Recoveries: what is still paid on a loan that was written off, and money that came across it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from flows.leaving_desk import (
    CHECKER,
    LATE,
    MAKER,
    WHY,
    Late,
    balances,
    books_hold,
    live_until,
    paid,
    postings,
    seen,
    two_people,
    undone,
    written_off,
)
from sanshi.flows.people import read_person
from sanshi.flows.quoting import QuotePurchase, borrower_of
from sanshi.flows.writing_off import WRITE_OFF, WriteOffLoan
from sanshi.jobs.close import collect_due
from sanshi.jobs.outbox import JOB, deliver
from sanshi.kernel.effects import Conflict, Effects
from sanshi.kernel.errors import ConflictError, InputError
from worlds import LENDER, staff


@pytest.fixture
def unguarded(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a loan be written off while a payment is under way, to see that its money is kept."""
    monkeypatch.setattr("sanshi.flows.writing_off.nothing_under_way", lambda *_: Effects())


def test_parts_and_then_all_of_it_are_recovered(late: Late) -> None:
    """Of 7,037.87 written off 1,000.00 by the customer, then 6,037.87 at the desk: all of it."""
    desk, who, loan_id = late
    written_off(desk, loan_id)
    paid(desk, who, loan_id, 100_000)
    assert postings(desk, loan_id, "received", "recovered") == {
        ("received", "rail_clearing", "overpayment"): 100_000,
        ("recovered", "overpayment", "loan_loss_allowance"): 100_000,
    }
    assert seen(desk, loan_id)["due_fen"] == 603_787
    books_hold(desk)
    live_until(desk, LATE + timedelta(days=3))
    for purpose, amount_fen, field in (
        ("instalment", 603_788, "amount_fen"),
        ("settle", 603_786, "amount_fen"),
        ("prepay_lower", 100, "purpose"),
    ):
        with pytest.raises(InputError) as refused:
            desk.do("pay", who, loan_id=loan_id, purpose=purpose, amount_fen=amount_fen)
        assert refused.value.field == field
        assert refused.value.fix
    paid(desk, staff("servicing"), loan_id)
    loan = seen(desk, loan_id)
    assert (loan["stage"], loan["due_fen"], loan["days_past_due"]) == ("written_off", 0, 0)
    assert loan["left"]["recovered_fen"] == 703_787
    assert "loan_loss_allowance" not in balances(desk)
    nothing = desk.do("pay", who, loan_id=loan_id)
    assert (nothing["payment_id"], nothing["amount_fen"]) == (None, 0)
    live_until(desk, LATE + timedelta(days=5))
    books_hold(desk)


def test_nobody_is_debited_unasked(late: Late) -> None:
    desk, _, loan_id = late
    written_off(desk, loan_id)
    assert collect_due(desk.world, LENDER) == 0
    with pytest.raises(ConflictError) as refused:  # the list was read just before the write-off
        desk.do("pay", JOB, loan_id=loan_id)
    assert refused.value.code == "loan.not_active"


@pytest.mark.usefixtures("unguarded")
def test_money_on_its_way_during_a_write_off_is_a_recovery(late: Late) -> None:
    """Due were 2,351.69 and 5.11 of penalty; 7,038.97 - 2,356.80 = 4,682.17 are still owed.

    The rail is a day behind, and dates the payment before the write-off.
    """
    desk, who, loan_id = late
    desk.do("switch_date", JOB, business_date=LATE.isoformat())
    desk.do("pay", who, loan_id=loan_id)
    written_off(desk, loan_id)
    deliver(desk.world)
    loan = seen(desk, loan_id)
    assert loan["left"]["recovered_fen"] == 235_680
    assert loan["due_fen"] == 468_217
    row = desk.world.store.rows("payment", {"subject": loan_id, "kind": "collect"})[0]
    assert (row["value_date"], loan["left"]["on"]) == (LATE, "2026-12-13")
    assert loan["events"][-1]["value_date"] == "2026-12-13"
    books_hold(desk)


@pytest.mark.usefixtures("unguarded")
def test_what_is_paid_beyond_what_is_owed_goes_back(late: Late) -> None:
    """7,037.87 are on their way; 4.64 of penalty are waived before 7,033.23 are written off."""
    desk, who, loan_id = late
    desk.do("pay", who, loan_id=loan_id, purpose="settle")
    change = {"kind": "waived", "penalty_fen": 464}
    two_people(desk, "change_loan", loan_id=loan_id, change=change, reason="Our mistake.")
    version = written_off(desk, loan_id)["version"]
    deliver(desk.world)
    deliver(desk.world)
    loan = seen(desk, loan_id)
    assert loan["left"]["recovered_fen"] == loan["left"]["total_fen"] == 703_323
    assert (loan["due_fen"], loan["credit_fen"]) == (0, 0)
    assert postings(desk, loan_id, "received", "recovered", "credit") == {
        ("received", "rail_clearing", "overpayment"): 703_787,
        ("recovered", "overpayment", "loan_loss_allowance"): 703_323,
        ("credit_returned", "overpayment", "rail_clearing"): 464,
    }
    books_hold(desk)
    # Without the waiver 4.64 are still owed; without the write-off they would have been used.
    waiver = next(event for event in loan["events"] if event["kind"] == "waived")
    assert undone(desk, loan_id, waiver["version"])["stage"] == "written_off"
    assert seen(desk, loan_id)["due_fen"] == 464
    with pytest.raises(InputError) as refused:
        undone(desk, loan_id, version)
    assert refused.value.code == "change.money_gone"
    books_hold(desk)


@pytest.mark.usefixtures("unguarded")
def test_a_surplus_that_the_rail_would_not_take_back_is_kept_for_its_owner(late: Late) -> None:
    desk, who, loan_id = late
    desk.do("pay", who, loan_id=loan_id, purpose="settle")
    change = {"kind": "waived", "penalty_fen": 464}
    two_people(desk, "change_loan", loan_id=loan_id, change=change, reason="Our mistake.")
    written_off(desk, loan_id)
    deliver(desk.world, limit=1)  # the refund that this calls for is not sent yet
    desk.outside.queue_fault("submit", "reject")
    deliver(desk.world)
    assert seen(desk, loan_id)["credit_fen"] == 464
    assert desk.do("return_credit", who, loan_id=loan_id)["amount_fen"] == 464
    deliver(desk.world)
    assert seen(desk, loan_id)["credit_fen"] == 0
    books_hold(desk)


def test_an_order_and_a_write_off_at_once_do_not_both_come_through(late: Late) -> None:
    desk, who, loan_id = late
    effects = WRITE_OFF.decide(desk.world, MAKER, WriteOffLoan(loan_id=loan_id, **WHY)).effects
    desk.do("pay", who, loan_id=loan_id)
    refused = desk.world.store.apply(effects)
    assert refused == Conflict("counter", f"order:{loan_id}")


def test_a_collection_under_way_comes_first(late: Late) -> None:
    desk, who, loan_id = late
    made = desk.do(
        "propose", MAKER, what="write_off_loan", request={"loan_id": loan_id, **WHY}, reason="x"
    )
    check = {"proposal_id": made["proposal_id"], "reason": "Seen."}
    order = desk.do("pay", who, loan_id=loan_id)
    for do, actor, request in (
        ("approve_proposal", CHECKER, check),
        ("write_off_loan", MAKER, {"loan_id": loan_id, **WHY}),
    ):
        with pytest.raises(ConflictError) as refused:
            desk.do(do, actor, **request)
        assert refused.value.code == "loan.payment_under_way"
        assert order["payment_id"] in refused.value.message
    assert seen(desk, loan_id)["stage"] == "active"
    deliver(desk.world)
    desk.do("approve_proposal", CHECKER, **check)
    assert seen(desk, loan_id)["left"]["total_fen"] == seen(desk, loan_id)["due_fen"]
    books_hold(desk)


def test_who_still_owes_what_was_written_off_is_no_new_customer(late: Late) -> None:
    desk, who, loan_id = late
    command = QuotePurchase(
        person_id=who.person_id, merchant="haitai", sku="HT-FRIDGE-520", student=False
    )
    person = read_person(desk.world, who.person_id)
    before = borrower_of(desk.world, person, command)
    written_off(desk, loan_id)
    assert borrower_of(desk.world, person, command) == before
    paid(desk, who, loan_id)
    free = borrower_of(desk.world, person, command)
    assert (before.live_loans, free.live_loans, free.live_credit_fen) == (1, 0, {})
