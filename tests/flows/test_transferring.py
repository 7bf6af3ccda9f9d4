"""Sales of loans: what goes over to the buyer, what the seller keeps, and the price paid."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest

from flows.leaving_desk import (
    CHECKER,
    LATE,
    MAKER,
    Late,
    balances,
    books_hold,
    live_until,
    postings,
    seen,
    two_people,
    undone,
)
from sanshi.flows.transferring import TRANSFER, TransferLoan
from sanshi.flows.world import Actor
from sanshi.jobs.close import collect_due
from sanshi.jobs.outbox import JOB
from sanshi.kernel.effects import Conflict
from sanshi.kernel.errors import ConflictError, ForbiddenError, InputError, NotFoundError
from worlds import LENDER, XIAOMAN, Desk, staff

BUYER = "申江资产（虚构）"
PRICE = 500_000


def sold(desk: Desk, loan_id: str, price_fen: int = PRICE) -> Mapping[str, Any]:
    """Have two people sell a loan."""
    asked: dict[str, Any] = {
        "loan_id": loan_id,
        "buyer": BUYER,
        "price_fen": price_fen,
        "reason": "Out of region.",
    }
    return two_people(desk, "transfer_loan", **asked)


def received(desk: Desk, loan_id: str, amount_fen: int, **more: Any) -> Mapping[str, Any]:  # noqa: ANN401 - a request
    """Have two people record what the buyer paid."""
    asked = {"received_on": desk.world.clock.business_date().isoformat(), "reference": "BT-1"}
    return two_people(
        desk, "record_transfer_price", loan_id=loan_id, amount_fen=amount_fen, **(asked | more)
    )


def test_everything_owed_goes_over_and_the_price_comes_in(late: Late) -> None:
    """7,037.87 owed (see the write-off) for 5,000.00: the sale loses 2,037.87."""
    desk, who, loan_id = late
    answer = sold(desk, loan_id)
    assert (answer["total_fen"], answer["loss_fen"]) == (703_787, 203_787)
    assert postings(desk, loan_id, "transfer") == {
        ("transferred_principal", "transfer_receivable", "customer_loan"): 699_900,
        ("transferred_interest", "transfer_receivable", "interest_receivable"): 3_423,
        ("transferred_penalty", "transfer_receivable", "penalty_receivable"): 464,
        ("transfer_loss", "transfer_result", "transfer_receivable"): 203_787,
    }
    loan = seen(desk, loan_id)
    assert (loan["stage"], loan["outstanding_fen"], loan["due_fen"]) == ("transferred", 0, 0)
    assert (loan["days_past_due"], loan["payoff_fen"]) == (0, 0)
    books_hold(desk)
    assert received(desk, loan_id, 200_000)["open_fen"] == 300_000
    assert balances(desk)["transfer_receivable"] == 300_000
    live_until(desk, LATE + timedelta(days=2), collecting=True)
    received(desk, loan_id, 300_000, reference="BT-2", received_on="2026-12-13")
    assert postings(desk, loan_id, "transfer") == {
        ("transfer_price_paid", "bank_deposit", "transfer_receivable"): 300_000
    }
    assert balances(desk) == {
        "transfer_result": 203_787,
        "bank_deposit": PRICE - 699_900,
        "interest_income": -3_423,
        "penalty_income": -464,
    }
    assert seen(desk, loan_id)["left"]["price_paid_fen"] == PRICE
    live_until(desk, LATE + timedelta(days=4))
    assert balances(desk)["transfer_result"] == 203_787
    books_hold(desk)
    assert not desk.world.store.rows("payment", {"subject": loan_id, "kind": "collect"})
    own = desk.do("see_own_loan", who, loan_id=loan_id)["seen"]
    assert own["left"]["buyer"] == BUYER
    inner = {"price_fen", "price_paid_fen", "reason", "by", "reference"}
    assert not inner & own["left"].keys()
    for event in own["events"][-3:]:
        assert not inner & event["data"].keys()
    notice = desk.do("get_receipt", who, document_id=answer["document_id"])["receipt"]
    assert (notice["kind"], notice["content"]["buyer"]) == ("transfer_notice", BUYER)
    assert "price_fen" not in notice["content"]


def test_a_price_above_what_is_owed_is_a_gain(late: Late) -> None:
    """7,500.00 for 7,037.87: 462.13 on the other side of the result."""
    desk, _, loan_id = late
    assert sold(desk, loan_id, 750_000)["loss_fen"] == -46_213
    assert postings(desk, loan_id, "transfer_loss") == {
        ("transfer_loss", "transfer_receivable", "transfer_result"): 46_213
    }
    received(desk, loan_id, 750_000)
    assert "transfer_receivable" not in balances(desk)
    books_hold(desk)


def test_the_seller_takes_no_money_for_it_any_more(late: Late) -> None:
    desk, who, loan_id = late
    version = sold(desk, loan_id)["version"]
    for actor in (who, staff("servicing")):
        with pytest.raises(ConflictError, match=BUYER) as refused:
            desk.do("pay", actor, loan_id=loan_id, amount_fen=100)
        assert refused.value.code == "loan.sold"
    assert collect_due(desk.world, LENDER) == 0
    with pytest.raises(ConflictError) as by_itself:
        desk.do("pay", JOB, loan_id=loan_id)
    assert by_itself.value.code == "loan.not_active"  # what a round of direct debits passes over
    with pytest.raises(ConflictError, match=BUYER):
        undone(desk, loan_id, version)
    with pytest.raises(ConflictError):
        desk.do("write_off_loan", MAKER, loan_id=loan_id, reason="x", evidence="x")
    with pytest.raises(ConflictError):
        sold(desk, loan_id)
    assert seen(desk, loan_id)["stage"] == "transferred"


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"amount_fen": PRICE + 1}, "amount_fen"),
        ({"amount_fen": 0}, "amount_fen"),
        ({"received_on": "2026-12-11"}, "received_on"),
        ({"received_on": "2026-12-13"}, "received_on"),
        ({"reference": ""}, "reference"),
    ],
)
def test_a_price_is_recorded_as_the_bank_has_it(
    desk: Desk, more: dict[str, Any], field: str
) -> None:
    loan_id = desk.paid_out(desk.person(XIAOMAN))
    sold(desk, loan_id)
    asked: dict[str, Any] = {
        "loan_id": loan_id,
        "amount_fen": 1,
        "received_on": "2026-11-02",
        "reference": "BT-1",
    }
    with pytest.raises(InputError) as refused:
        desk.do("record_transfer_price", MAKER, **(asked | more))
    assert refused.value.field == field


def test_one_payment_of_the_bank_is_recorded_once(desk: Desk) -> None:
    loan_id = desk.paid_out(desk.person(XIAOMAN))
    with pytest.raises(ConflictError) as not_sold:
        received(desk, loan_id, 1)
    assert not_sold.value.code == "loan.not_sold"
    sold(desk, loan_id)
    received(desk, loan_id, 100_000)
    with pytest.raises(ConflictError) as twice:
        received(desk, loan_id, 100_000)
    assert twice.value.code == "transfer.recorded"
    assert balances(desk)["transfer_receivable"] == PRICE - 100_000
    books_hold(desk)


def test_a_payment_under_way_comes_before_a_sale(desk: Desk) -> None:
    who = desk.person(XIAOMAN)
    loan_id = desk.paid_out(who)
    asked: dict[str, Any] = {"loan_id": loan_id, "buyer": BUYER, "price_fen": PRICE, "reason": "x"}
    effects = TRANSFER.decide(desk.world, MAKER, TransferLoan(**asked)).effects
    desk.do("pay", who, loan_id=loan_id, purpose="settle")
    with pytest.raises(ConflictError) as refused:
        desk.do("transfer_loan", MAKER, **asked)
    assert refused.value.code == "loan.payment_under_way"
    assert desk.world.store.apply(effects) == Conflict("counter", f"order:{loan_id}")


def test_two_of_the_lenders_own_people_sell(desk: Desk) -> None:
    who = desk.person(XIAOMAN)
    loan_id = desk.paid_out(who)
    asked: dict[str, Any] = {"loan_id": loan_id, "buyer": BUYER, "price_fen": PRICE, "reason": "x"}
    for actor in (who, staff("risk"), staff("servicing", "pujiang_bank"), JOB):
        with pytest.raises(ForbiddenError):
            desk.do("transfer_loan", actor, **asked)
    made = desk.do("propose", MAKER, what="transfer_loan", request=asked, reason="x")
    other_house = Actor("sa_other", "servicing", "pujiang_bank")
    for checker, error in (
        (MAKER, ForbiddenError),
        (staff("audit"), ForbiddenError),
        (other_house, NotFoundError),
    ):
        with pytest.raises(error):
            desk.do("approve_proposal", checker, proposal_id=made["proposal_id"], reason="x")
    assert seen(desk, loan_id)["stage"] == "active"
    desk.do("approve_proposal", CHECKER, proposal_id=made["proposal_id"], reason="x")
    assert seen(desk, loan_id)["stage"] == "transferred"
    own_house: dict[str, Any] = {
        "loan_id": loan_id,
        "amount_fen": 1,
        "received_on": "2026-11-02",
        "reference": "B",
    }
    with pytest.raises(ForbiddenError):
        desk.do("record_transfer_price", staff("servicing", "pujiang_bank"), **own_house)
