"""Shops that are paid T+n: lent at once, paid in batches, and the books say so at every step."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from flows.settling_desk import (
    SHOP,
    agreed_with,
    balance,
    captured,
    differences,
    next_day,
    settle,
)
from sanshi.jobs.close import close_day
from sanshi.jobs.outbox import JOB, deliver, enquire_open
from sanshi.kernel.effects import Effects, Update
from sanshi.kernel.errors import ConflictError, ForbiddenError, InputError
from worlds import LENDER, MONDAY, XIAOMAN, Desk, staff

LENT = 699_900
# 699,900 × 0.60 % = 4,199.4 → 4,199 = 3,961 + 238 of VAT; × 10 % = 69,990 held back.
FEE, VAT, HELD = 3_961, 238, 69_990
FIRST = LENT - FEE - VAT - HELD
WASHER = "HT-WASHER-10"
TUESDAY = MONDAY + timedelta(days=1)


@pytest.fixture
def shop(living_desk: Desk) -> Desk:
    agreed_with(living_desk)
    return living_desk


def payments(desk: Desk) -> list[tuple[str, int, str]]:
    stages = ("intended", "sent", "unknown", "succeeded", "failed", "settled")
    rows = desk.world.store.in_stage("payment", "payment_id", stages, {"entity": LENDER})
    return [(row["purpose"], row["amount_fen"], row["stage"]) for row in rows]


def test_the_buyer_owes_at_once_and_no_payment_goes_out(shop: Desk) -> None:
    loan_id = captured(shop)
    deliver(shop.world)
    state = shop.do("view_loan", staff("servicing"), loan_id=loan_id)
    assert (state["stage"], state["outstanding_fen"]) == ("active", LENT)
    assert payments(shop) == []
    assert balance(shop, "merchant_payable") == LENT
    assert balance(shop, "customer_loan") == -LENT
    assert balance(shop, "disbursement_in_transit") == 0
    assert settle(shop)["settlement_id"] is None  # it is due tomorrow
    assert differences(shop) == []
    with pytest.raises(ConflictError):
        shop.do("order_disbursement", staff("servicing"), loan_id=loan_id)


def test_a_batch_pays_once_less_fee_and_reserve_which_comes_back(shop: Desk) -> None:
    captured(shop)
    next_day(shop)
    first = settle(shop)
    assert settle(shop) == first
    assert first["paid_fen"] == FIRST
    next_day(shop)  # its own run finds Tuesday settled
    assert payments(shop) == [("settlement", FIRST, "succeeded")]
    _, stage = shop.world.store.standing(first["settlement_id"])
    assert stage == "paid"
    books = {
        "merchant_payable": 0,
        "merchant_fee_income": FEE,
        "vat_payable": VAT,
        "merchant_reserve": HELD,
    }
    assert {account: balance(shop, account) for account in books} == books
    assert differences(shop) == []
    for _ in range(4):  # released on Friday, three days after the batch
        next_day(shop)
    assert [fen for _, fen, _ in payments(shop)] == [FIRST, HELD]
    assert balance(shop, "merchant_reserve") == balance(shop, "merchant_payable") == 0
    assert balance(shop, "bank_deposit") == LENT - FEE - VAT
    assert differences(shop) == []


def test_captures_of_a_day_are_paid_together(shop: Desk) -> None:
    agreed_with(shop, fee_ppm=0, vat_ppm=0, reserve_ppm=0, reserve_days=0, days=0)
    captured(shop)
    captured(shop, sku=WASHER)
    assert settle(shop)["paid_fen"] == LENT + 329_900
    deliver(shop.world)
    assert payments(shop) == [("settlement", LENT + 329_900, "succeeded")]


def test_what_the_rail_refuses_is_paid_with_the_next_batch(shop: Desk) -> None:
    captured(shop)
    next_day(shop)
    first = settle(shop)
    shop.outside.queue_fault("submit", "reject")
    deliver(shop.world)
    assert shop.world.store.standing(first["settlement_id"])[1] == "failed"
    assert balance(shop, "merchant_payable") == FIRST
    assert balance(shop, "rail_clearing") == 0
    assert differences(shop) == []
    assert settle(shop) == first  # not twice on one day
    next_day(shop)
    second = settle(shop)
    assert second["paid_fen"] == FIRST
    next_day(shop)
    assert payments(shop) == [
        ("settlement", FIRST, "failed"),
        ("settlement", FIRST, "succeeded"),
    ]
    assert balance(shop, "merchant_payable") == 0
    assert differences(shop) == []


def test_a_time_out_is_enquired_and_never_paid_again(shop: Desk) -> None:
    captured(shop)
    next_day(shop)
    first = settle(shop)
    shop.outside.queue_fault("submit", "timeout_after")
    deliver(shop.world)
    assert payments(shop) == [("settlement", FIRST, "unknown")]
    assert shop.world.store.standing(first["settlement_id"])[1] == "ordered"
    next_day(shop)
    assert settle(shop)["settlement_id"] is None
    enquire_open(shop.world, LENDER)
    assert payments(shop) == [("settlement", FIRST, "succeeded")]
    assert shop.world.store.standing(first["settlement_id"])[1] == "paid"
    assert differences(shop) == []


def test_only_what_was_handed_over_is_owed(shop: Desk) -> None:
    agreed_with(shop, fee_ppm=0, vat_ppm=0, reserve_ppm=0, reserve_days=0, refunds="collected")
    loan_id = shop.signed(shop.person(XIAOMAN))
    bought = shop.world.store.events(loan_id)[0].data
    half_fen = bought["price_fen"] // 2
    seller = staff("merchant", SHOP)
    answer = shop.do("capture", seller, authorization_id=loan_id, price_fen=half_fen)
    assert answer["amount_fen"] == balance(shop, "merchant_payable") == LENT - half_fen
    assert balance(shop, "rail_clearing") == 0
    seen = shop.do("view_authorization", seller, authorization_id=loan_id)
    assert (seen["stage"], seen["captured_fen"]) == ("captured", LENT - half_fen)
    assert differences(shop) == []
    next_day(shop)
    assert settle(shop)["paid_fen"] == LENT - half_fen


def test_a_refund_comes_off_the_next_batch(shop: Desk) -> None:
    loan_id = captured(shop)
    seller = staff("merchant", SHOP)
    refund = shop.do("refund_goods", seller, authorization_id=loan_id, price_fen=100_000)
    assert (refund["stage"], refund["amount_fen"]) == ("succeeded", 100_000)
    viewed = shop.do("view_refund", seller, refund_id=refund["refund_id"])
    assert viewed == {**refund, "ordered_on": MONDAY.isoformat()}
    seen = shop.do("view_authorization", seller, authorization_id=loan_id)
    assert seen["refunds"] == [viewed]
    state = shop.do("view_loan", staff("servicing"), loan_id=loan_id)
    assert state["outstanding_fen"] == LENT - 100_000
    assert payments(shop) == []
    assert balance(shop, "merchant_payable") == LENT - 100_000
    assert balance(shop, "rail_clearing") == 0
    assert differences(shop) == []
    next_day(shop)
    assert settle(shop)["paid_fen"] == FIRST - 100_000
    assert differences(shop) == []


def test_all_goods_back_after_payment_leave_the_shop_owing(shop: Desk) -> None:
    agreed_with(shop, days=0)
    loan_id = captured(shop)
    settle(shop)
    next_day(shop)
    shop.do("return_goods", staff("servicing"), loan_id=loan_id)
    deliver(shop.world)  # what is over goes back to the buyer, by the rail
    assert shop.world.store.standing(loan_id)[1] in {"settled", "active"}
    assert balance(shop, "merchant_payable") == -LENT
    # A day's interest came first: 6,999.00 × 4.80 % ÷ 360 = 0.9332.
    assert balance(shop, "customer_loan") == -93
    owing = settle(shop)
    assert (owing["paid_fen"], owing["carried_fen"]) == (0, -LENT)
    assert differences(shop) == []
    captured(shop, sku=WASHER)
    for _ in range(3):  # Monday's reserve is due on Thursday
        next_day(shop)
    assert balance(shop, "merchant_payable") < 0
    assert [fen for purpose, fen, _ in payments(shop) if purpose == "settlement"] == [FIRST]
    assert differences(shop) == []


def test_refunds_may_be_collected_all_the_same(shop: Desk) -> None:
    agreed_with(shop, refunds="collected")
    loan_id = captured(shop)
    shop.do("return_goods", staff("servicing"), loan_id=loan_id, price_fen=100_000)
    deliver(shop.world)
    assert payments(shop) == [("goods_return", 100_000, "succeeded")]
    assert balance(shop, "merchant_payable") == LENT
    assert differences(shop) == []


def test_nothing_else_is_under_way_when_a_refund_is_netted(shop: Desk) -> None:
    loan_id = captured(shop)
    shop.do("pay", JOB, loan_id=loan_id, purpose="settle")
    with pytest.raises(ConflictError) as refused:
        shop.do("return_goods", staff("servicing"), loan_id=loan_id)
    assert refused.value.code == "loan.payment_under_way"


def test_what_was_agreed_at_the_capture_holds(shop: Desk) -> None:
    captured(shop)
    agreed_with(shop, days=20, fee_ppm=900_000, reserve_ppm=0, reserve_days=0)
    next_day(shop)
    assert settle(shop)["paid_fen"] == FIRST


def test_a_close_that_is_cut_short_settles_no_second_time(shop: Desk) -> None:
    agreed_with(shop, days=0)
    captured(shop)
    shop.do("switch_date", JOB, business_date=MONDAY.isoformat())
    close_day(shop.world, MONDAY, only=(LENDER,))
    assert payments(shop) == []
    shop.time.move(days=1)
    close_day(shop.world, TUESDAY, only=(LENDER,))
    close_day(shop.world, TUESDAY, only=(LENDER,))
    assert [fen for _, fen, _ in payments(shop)] == [FIRST]
    assert differences(shop) == []


def test_others_do_not_settle_for_a_lender(shop: Desk) -> None:
    with pytest.raises(ForbiddenError):
        settle(shop, staff("servicing", "pujiang_bank"))
    with pytest.raises(InputError, match="no shop"):
        shop.do("settle_merchant", JOB, entity=LENDER, merchant="nobody")


@pytest.mark.parametrize(
    ("table", "changed", "kinds"),
    [
        ("settlement", {"paid_fen": FIRST - 1}, {"projection", "settlement_total"}),
        ("fee", {"amount_fen": -1}, {"projection", "settlement_total"}),
        ("capture", {"amount_fen": 1}, {"settlement_lines", "settlement_total"}),
        ("capture", {"settlement_id": None}, {"merchant_payable", "settlement_total"}),
        ("reserve_held", {"settlement_id": None}, {"projection", "merchant_reserve"}),
    ],
)
def test_the_check_finds_what_was_tampered_with(
    shop: Desk, table: str, changed: dict[str, int], kinds: set[str]
) -> None:
    captured(shop)
    next_day(shop)
    settlement_id = settle(shop)["settlement_id"]
    assert differences(shop) == []
    if table == "settlement":
        update = Update(table, {"settlement_id": settlement_id}, changed)
    else:
        [line] = shop.world.store.rows("settlement_line", {"kind": table})
        update = Update("settlement_line", {"line_id": line["line_id"]}, changed)
    shop.world.store.apply(Effects(rows=(update,)))
    assert kinds <= {one["kind"] for one in differences(shop)}


def test_a_day_off_is_not_settled(shop: Desk) -> None:
    friday = date(2026, 11, 6)
    while shop.world.clock.business_date() < friday:
        next_day(shop)
    captured(shop)
    for _ in range(3):
        assert payments(shop) == []
        next_day(shop)
    assert shop.world.clock.business_date() == date(2026, 11, 9)
    assert settle(shop)["paid_fen"] == FIRST
