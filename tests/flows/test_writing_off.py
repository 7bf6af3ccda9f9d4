"""Write-offs: what leaves the books, what is still owed, who may, and how one is undone."""

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
from sanshi.flows.world import Actor
from sanshi.jobs.outbox import JOB
from sanshi.kernel.errors import ConflictError, ForbiddenError, InputError
from worlds import XIAOMAN, Desk, staff


def test_all_that_is_owed_leaves_the_books_and_is_still_owed(late: Late) -> None:
    """6,999.00 of principal; interest 28.00 of a month (6,999.00 × 4.80 % ÷ 12 = 27.996) and
    6.23 of ten days since (4,675.31 × 4.80 % ÷ 360 × 10 = 6.2337); penalty 4.64
    (2,323.69 × 7.20 % ÷ 360 × 10 = 4.64738, floored): 7,037.87 in all.
    """
    desk, who, loan_id = late
    answer = written_off(desk, loan_id)
    left = {name: answer[name] for name in ("principal_fen", "interest_fen", "penalty_fen")}
    assert left == {"principal_fen": 699_900, "interest_fen": 2_800 + 623, "penalty_fen": 464}
    assert postings(desk, loan_id, "written_off") == {
        ("written_off_principal", "loan_loss_allowance", "customer_loan"): 699_900,
        ("written_off_interest", "loan_loss_allowance", "interest_receivable"): 3_423,
        ("written_off_penalty", "loan_loss_allowance", "penalty_receivable"): 464,
    }
    assert balances(desk) == {
        "loan_loss_allowance": 703_787,
        "interest_income": -3_423,
        "penalty_income": -464,
        "bank_deposit": -699_900,
    }
    loan = seen(desk, loan_id)
    assert (loan["stage"], loan["outstanding_fen"], loan["due_fen"]) == ("written_off", 0, 703_787)
    assert loan["left"]["open_fen"] == loan["payoff_fen"] == 703_787
    told = loan["events"][-1]["data"]
    assert (told["by"], told["evidence"]) == (MAKER.actor_id, WHY["evidence"])
    books_hold(desk)
    # Days pass, and nothing is earned, debited or booked any more.
    before = balances(desk)
    live_until(desk, LATE + timedelta(days=25), collecting=True)
    assert seen(desk, loan_id)["due_fen"] == 703_787
    assert balances(desk) == before
    assert not desk.world.store.rows("payment", {"subject": loan_id, "kind": "collect"})
    books_hold(desk)
    own = desk.do("see_own_loan", who, loan_id=loan_id)["seen"]
    assert not {"reason", "evidence", "by"} & own["events"][-1]["data"].keys()


def test_what_was_written_off_is_evidenced_and_can_be_proven(late: Late) -> None:
    desk, who, loan_id = late
    answer = written_off(desk, loan_id)
    receipt = desk.do("get_receipt", who, document_id=answer["document_id"])["receipt"]
    assert receipt["kind"] == "write_off"
    assert receipt["content"]["total_fen"] == 703_787
    assert "reason" not in receipt["content"]


def test_a_mistaken_write_off_is_undone_to_the_fen(late: Late) -> None:
    """The books stand as they stood, with the open day's interest and penalty, which went along.

    28.00 + 6.85 of interest (4,675.31 × 4.80 % ÷ 360 × 11 = 6.857, floored while it runs) and
    5.11 of penalty (2,323.69 × 7.20 % ÷ 360 × 11 = 5.112).
    """
    desk, _, loan_id = late
    live_until(desk, LATE + timedelta(days=1))
    before, loan_before = balances(desk), seen(desk, loan_id)
    version = written_off(desk, loan_id)["version"]
    assert balances(desk) != before
    answer = undone(desk, loan_id, version)
    assert answer["stage"] == "active"
    after = seen(desk, loan_id)
    earned = {"interest": 3_485, "penalty": 511}
    accounts = {f"{kind}_receivable": fen for kind, fen in earned.items()}
    accounts |= {f"{kind}_income": -fen for kind, fen in earned.items()}
    assert balances(desk) == before | accounts
    assert {**after, "events": 0} == {**loan_before, "events": 0}
    books_hold(desk)
    live_until(desk, LATE + timedelta(days=3), collecting=True)
    assert seen(desk, loan_id)["days_past_due"] == 0
    books_hold(desk)
    with pytest.raises(InputError, match="undone already"):
        undone(desk, loan_id, version)


def test_what_was_recovered_meanwhile_pays_the_loan_like_any_payment(late: Late) -> None:
    """1,000.00 pay 4.64 of penalty, 28.00 of interest and 967.36 of principal, as agreed."""
    desk, who, loan_id = late
    version = written_off(desk, loan_id)["version"]
    paid(desk, who, loan_id, 100_000)
    live_until(desk, LATE + timedelta(days=2))
    undone(desk, loan_id, version)
    loan = seen(desk, loan_id)
    paid_fen = [loan[f"{part}_paid_fen"] for part in ("penalty", "interest", "principal")]
    assert paid_fen == [464, 2_800, 96_736]
    assert (loan["stage"], loan["days_past_due"], loan["left"]) == ("active", 12, None)
    # 2,323.69 - 967.36 = 1,356.33 are overdue for two days more: × 7.20 % ÷ 360 × 2 = 0.54
    assert loan["due_fen"] == 135_633 + 54
    assert not {"loan_loss_allowance", "overpayment"} & balances(desk).keys()
    books_hold(desk)


def test_all_recovered_and_undone_on_the_day_is_settled(late: Late) -> None:
    desk, who, loan_id = late
    version = written_off(desk, loan_id)["version"]
    paid(desk, who, loan_id)
    assert undone(desk, loan_id, version)["stage"] == "settled"
    assert balances(desk).keys() == {
        "bank_deposit",
        "interest_income",
        "penalty_income",
        "rail_clearing",
    }
    books_hold(desk)


def test_an_earlier_waiver_may_be_undone_and_the_loan_stays_written_off(late: Late) -> None:
    desk, _, loan_id = late
    change = {"kind": "waived", "penalty_fen": 464}
    asked = {"loan_id": loan_id, "change": change, "reason": "x"}
    waived = two_people(desk, "change_loan", **asked)["version"]
    written_off(desk, loan_id)
    assert undone(desk, loan_id, waived)["stage"] == "written_off"
    assert seen(desk, loan_id)["due_fen"] == 703_787
    books_hold(desk)


def test_who_may_write_off_what(late: Late) -> None:
    desk, who, loan_id = late
    request = {"loan_id": loan_id, **WHY}
    for actor in (who, staff("conduct"), staff("risk"), staff("servicing", "pujiang_bank"), JOB):
        with pytest.raises(ForbiddenError):
            desk.do("write_off_loan", actor, **request)
    for role in ("conduct", "risk", "audit", "admin"):
        with pytest.raises(ForbiddenError):
            desk.do("propose", staff(role), what="write_off_loan", request=request, reason="x")
    made = desk.do("propose", MAKER, what="write_off_loan", request=request, reason="x")
    for checker in (MAKER, staff("risk")):
        with pytest.raises(ForbiddenError):
            desk.do("approve_proposal", checker, proposal_id=made["proposal_id"], reason="x")
    assert seen(desk, loan_id)["stage"] == "active"
    desk.do("approve_proposal", CHECKER, proposal_id=made["proposal_id"], reason="x")
    with pytest.raises(ConflictError) as twice:
        desk.do("write_off_loan", MAKER, **request)
    assert twice.value.code == "loan.not_active"
    for change in ({"kind": "paused", "months": 1}, {"kind": "waived", "penalty_fen": 1}):
        with pytest.raises(ConflictError):
            desk.do("change_loan", MAKER, loan_id=loan_id, change=change, reason="x")
    with pytest.raises(ConflictError) as by_hand:
        desk.do("return_goods", Actor("shop", "merchant", "haitai"), loan_id=loan_id)
    assert "written" not in by_hand.value.message  # that is not for the shop
    seen_by_shop = desk.do(
        "view_authorization", Actor("shop", "merchant", "haitai"), authorization_id=loan_id
    )
    assert seen_by_shop["stage"] == "captured"


@pytest.mark.parametrize("field", ["reason", "evidence"])
def test_without_a_reason_or_evidence_nothing_is_written_off(desk: Desk, field: str) -> None:
    loan_id = desk.paid_out(desk.person(XIAOMAN))
    with pytest.raises(InputError) as refused:
        desk.do("write_off_loan", MAKER, loan_id=loan_id, **{**WHY, field: " "})
    assert refused.value.field == field
    signed = desk.signed(desk.person(XIAOMAN))
    with pytest.raises(ConflictError):
        desk.do("write_off_loan", MAKER, loan_id=signed, **WHY)
