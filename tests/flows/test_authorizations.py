"""Authorizations: captured in full or in part, refunded, voided, or too late."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from shutil import copyfile
from typing import Any

import pytest

from sanshi.connectors.process import SandboxProcess
from sanshi.flows.authorizations import lapsed
from sanshi.flows.world import Actor
from sanshi.jobs.close import close_day
from sanshi.jobs.outbox import deliver
from sanshi.kernel.errors import ConflictError, ForbiddenError, InputError, NotFoundError
from sanshi.wiring import Content
from worlds import LENDER, LIXIA, XIAOMAN, Desk, open_desk, staff

HAITAI = Actor("till", "merchant", "haitai")
PUJIANG = Actor("till", "merchant", "pujiang_auto")
SYSTEM = Actor("test", "system")
FRIDGE, FRIDGE_FEN = "HT-FRIDGE-520", 699_900
TV: dict[str, Any] = {"plan": "shenpu_smart_home.6.equal_principal", "sku": "HT-TV-75"}
TV_FEN = 600_000
TV_PAID_FEN = 484_500  # 300 yuan off by the shop, then 15 % by the city's voucher
TV_OWED_FEN = 85_500


def opened(desk: Desk, sku: str = FRIDGE, down_payment_fen: int = 0) -> str:
    answer = desk.do(
        "open_session",
        HAITAI,
        reference="order-1",
        items=[{"sku": sku, "down_payment_fen": down_payment_fen}],
        return_url="https://shop.example/thanks",
        cancel_url="https://shop.example/basket",
    )
    return str(answer["session_id"])


def fridge(desk: Desk, who: Actor | None = None, down_payment_fen: int = 0) -> str:
    session_id = opened(desk, down_payment_fen=down_payment_fen)
    buyer = who or desk.person(XIAOMAN)
    return desk.signed(buyer, session_id=session_id, down_payment_fen=down_payment_fen)


def television(desk: Desk, who: Actor) -> tuple[str, str]:
    """Have one bought with a voucher; returns the authorization and the voucher."""
    right = {"person_id": who.person_id, "benefit": "appliance_trade_in", "category": "television"}
    voucher_id = str(desk.do("issue_voucher", SYSTEM, **right)["voucher_id"])
    return desk.signed(who, session_id=opened(desk, "HT-TV-75"), **TV), voucher_id


def captured(desk: Desk, loan_id: str, price_fen: int | None = None) -> dict[str, Any]:
    answer = desk.do("capture", HAITAI, authorization_id=loan_id, price_fen=price_fen)
    deliver(desk.world)
    return dict(answer)


def returned(desk: Desk, loan_id: str, price_fen: int | None = None) -> dict[str, Any]:
    answer = desk.do("return_goods", HAITAI, loan_id=loan_id, price_fen=price_fen)
    deliver(desk.world)
    deliver(desk.world)  # what is left over goes back to the buyer
    return dict(answer)


def seen(desk: Desk, loan_id: str) -> dict[str, Any]:
    return dict(desk.do("view_authorization", HAITAI, authorization_id=loan_id))


def loan(desk: Desk, loan_id: str) -> dict[str, Any]:
    return dict(desk.do("view_loan", staff("servicing"), loan_id=loan_id))


def stage(desk: Desk, stream: str) -> str:
    return desk.world.store.standing(stream)[1]


def books_hold(desk: Desk) -> None:
    for entity in (LENDER, "platform"):
        assert desk.do("check_books", SYSTEM, entity=entity)["differences"] == []
        assert desk.do("trial_balance", SYSTEM, entity=entity)["balanced"]


def days_pass(desk: Desk, days: int) -> None:
    for _ in range(days):
        day = desk.world.clock.business_date()
        desk.do("switch_date", SYSTEM, business_date=day.isoformat())
        desk.time.move(days=1)


def test_all_is_captured_and_the_shop_is_paid(desk: Desk) -> None:
    loan_id = fridge(desk)
    before = seen(desk, loan_id)
    assert (before["stage"], before["captured_fen"]) == ("authorized", 0)
    assert before["amount_fen"] == before["price_fen"] == FRIDGE_FEN
    answer = desk.do("capture", HAITAI, authorization_id=loan_id)
    [payment] = desk.world.store.rows("payment", {"subject": loan_id})
    assert answer == {
        "authorization_id": loan_id,
        "ordered": True,
        "payment_id": payment["payment_id"],
        "amount_fen": FRIDGE_FEN,
    }
    assert seen(desk, loan_id)["stage"] == "capturing"
    deliver(desk.world)
    after = seen(desk, loan_id)
    assert after["stage"] == "captured"
    assert after["captured_fen"] == after["captured_price_fen"] == FRIDGE_FEN
    assert payment["instruction"]["payee_account"] == "acct:haitai"
    books_hold(desk)


def test_it_is_captured_once(desk: Desk) -> None:
    loan_id = fridge(desk)
    desk.do("capture", HAITAI, authorization_id=loan_id)
    for _ in range(2):
        with pytest.raises(ConflictError):
            desk.do("capture", HAITAI, authorization_id=loan_id)
        deliver(desk.world)
    assert len(desk.world.store.rows("payment", {"subject": loan_id})) == 1


def test_after_the_rail_refused_it_may_be_captured_again(desk: Desk) -> None:
    loan_id = fridge(desk)
    desk.outside.queue_fault("submit", "reject")
    captured(desk, loan_id, 500_000)
    assert seen(desk, loan_id)["stage"] == "authorized"
    assert captured(desk, loan_id)["amount_fen"] == FRIDGE_FEN
    after = seen(desk, loan_id)
    assert (after["stage"], after["captured_fen"]) == ("captured", FRIDGE_FEN)
    books_hold(desk)


def test_a_part_is_captured_and_the_buyer_owes_that_part(desk: Desk) -> None:
    loan_id = fridge(desk)
    assert captured(desk, loan_id, 500_000)["amount_fen"] == 500_000
    after = seen(desk, loan_id)
    assert (after["stage"], after["captured_fen"]) == ("captured", 500_000)
    assert after["captured_price_fen"] == 500_000
    assert after["refunds"] == []
    state = loan(desk, loan_id)
    assert state["stage"] == "active"
    assert state["outstanding_fen"] == 500_000
    assert sum(row["principal_fen"] for row in state["ahead"]) == 500_000
    [payment] = desk.world.store.rows("payment", {"subject": loan_id})
    assert payment["amount_fen"] == 500_000
    books_hold(desk)


def test_who_gave_a_benefit_owes_its_share_of_what_was_handed_over(desk: Desk) -> None:
    loan_id, voucher_id = television(desk, desk.person(XIAOMAN))
    assert seen(desk, loan_id)["owed_by_funders_fen"] == TV_OWED_FEN
    captured(desk, loan_id, TV_FEN * 2 // 3)
    after = seen(desk, loan_id)
    assert after["captured_fen"] == TV_PAID_FEN * 2 // 3
    assert after["owed_by_funders_fen"] == TV_OWED_FEN * 2 // 3
    assert stage(desk, voucher_id) == "redeemed"
    balances = desk.world.store.balances("platform")
    assert balances["funder_receivable"] == (TV_OWED_FEN * 2 // 3, 0)
    books_hold(desk)


def kept_of_a_television(desk: Desk, kept_fen: int, *, at_once: bool) -> dict[str, Any]:
    """Return what is left of a purchase of which a part was captured, or came back at once."""
    loan_id, _ = television(desk, desk.person(XIAOMAN))
    if at_once:
        captured(desk, loan_id, kept_fen)
    else:
        captured(desk, loan_id)
        returned(desk, loan_id, TV_FEN - kept_fen)
    books_hold(desk)
    state = loan(desk, loan_id)
    names = ("stage", "outstanding_fen", "goods_returned_fen", "ahead", "payoff_fen", "credit_fen")
    owed_fen = seen(desk, loan_id)["owed_by_funders_fen"]
    return {name: state[name] for name in names} | {"owed_fen": owed_fen}


@pytest.mark.parametrize("kept_fen", [1, 123_457, 599_999])
def test_a_part_captured_is_as_if_the_rest_came_back_at_once(
    sqlite_template: Path, tmp_path: Path, content: Content, outside: SandboxProcess, kept_fen: int
) -> None:
    left = []
    for at_once in (True, False):
        folder = tmp_path / str(at_once)
        folder.mkdir()
        url = f"sqlite:///{copyfile(sqlite_template, folder / 'sanshi.db')}"
        with open_desk(url, folder, content, outside) as desk:
            left.append(kept_of_a_television(desk, kept_fen, at_once=at_once))
    assert left[0] == left[1]
    assert left[0]["outstanding_fen"] > 0


def test_what_was_captured_in_part_comes_back_in_full(desk: Desk) -> None:
    loan_id, voucher_id = television(desk, desk.person(XIAOMAN))
    captured(desk, loan_id, 400_000)
    with pytest.raises(InputError, match="400000 fen by their price tag"):
        returned(desk, loan_id, 400_001)
    first, second = returned(desk, loan_id, 99_999), returned(desk, loan_id)
    assert first["refund_fen"] + second["refund_fen"] == TV_PAID_FEN * 2 // 3
    after, state = seen(desk, loan_id), loan(desk, loan_id)
    assert [refund["stage"] for refund in after["refunds"]] == ["succeeded"] * 2
    assert after["owed_by_funders_fen"] == 0
    assert (state["stage"], state["outstanding_fen"], state["credit_fen"]) == ("settled", 0, 0)
    assert stage(desk, voucher_id) == "issued"
    for entity in (LENDER, "platform"):
        balances = desk.world.store.balances(entity)
        assert all(debit == credit for debit, credit in balances.values())
    books_hold(desk)


def test_a_part_captured_reconciles_with_the_rail(living_desk: Desk) -> None:
    desk = living_desk
    loan_id = fridge(desk)
    captured(desk, loan_id, 500_000)
    day = desk.world.clock.business_date()
    close_day(desk.world, day, only=(LENDER, "platform"))
    assert desk.world.store.rows("work_case") == ()
    assert stage(desk, desk.world.store.rows("payment")[0]["payment_id"]) == "settled"
    books_hold(desk)


@pytest.mark.parametrize(
    ("price_fen", "code"),
    [
        (FRIDGE_FEN + 1, "capture.too_much"),
        (99_900, "capture.nothing_to_lend"),
        (1, "capture.nothing_to_lend"),
        (0, "request.malformed"),
        (-1, "request.malformed"),
    ],
)
def test_too_much_or_nothing_is_not_captured(desk: Desk, price_fen: int, code: str) -> None:
    loan_id = fridge(desk, down_payment_fen=99_900)
    with pytest.raises(InputError) as error:
        captured(desk, loan_id, price_fen)
    assert (error.value.code, error.value.field) == (code, "price_fen")
    assert seen(desk, loan_id)["stage"] == "authorized"
    assert captured(desk, loan_id, 99_901)["amount_fen"] == 1


def test_what_the_buyer_paid_at_once_stays_with_what_was_handed_over(desk: Desk) -> None:
    """The buyer paid 999 of 6,999; of goods of 5,000 the lender pays the remaining 4,001."""
    loan_id = fridge(desk, down_payment_fen=99_900)
    before = seen(desk, loan_id)
    assert (before["paid_by_buyer_fen"], before["amount_fen"]) == (99_900, 600_000)
    assert captured(desk, loan_id, 500_000)["amount_fen"] == 500_000 - 99_900
    assert loan(desk, loan_id)["outstanding_fen"] == 500_000 - 99_900
    books_hold(desk)


def test_a_void_sets_vouchers_free_and_ends_the_contract(desk: Desk) -> None:
    who = desk.person(XIAOMAN)
    loan_id, voucher_id = television(desk, who)
    assert stage(desk, voucher_id) == "reserved"
    answer = desk.do("void_authorization", HAITAI, authorization_id=loan_id)
    assert answer == {"authorization_id": loan_id, "stage": "voided"}
    assert seen(desk, loan_id)["stage"] == "voided"
    assert stage(desk, voucher_id) == "issued"
    [contract] = desk.world.store.rows("contract")
    assert stage(desk, contract["contract_id"]) == "cancelled"
    with pytest.raises(ConflictError):
        captured(desk, loan_id)
    with pytest.raises(ConflictError):
        desk.do("void_authorization", HAITAI, authorization_id=loan_id)
    assert desk.world.store.balances("platform") == {}
    books_hold(desk)
    again = desk.signed(who, session_id=opened(desk, "HT-TV-75"), **TV)
    assert seen(desk, again)["amount_fen"] == TV_PAID_FEN


def test_money_under_way_cannot_be_voided(desk: Desk) -> None:
    loan_id = fridge(desk)
    desk.do("capture", HAITAI, authorization_id=loan_id)
    for _ in range(2):
        with pytest.raises(ConflictError):
            desk.do("void_authorization", HAITAI, authorization_id=loan_id)
        deliver(desk.world)
    assert seen(desk, loan_id)["stage"] == "captured"


def test_a_buyer_voids_their_own_alone(desk: Desk) -> None:
    who, other = desk.person(XIAOMAN), desk.person(LIXIA)
    loan_id = fridge(desk, who)
    with pytest.raises(ForbiddenError):
        desk.do("void_authorization", other, authorization_id=loan_id)
    assert seen(desk, loan_id)["stage"] == "authorized"
    desk.do("void_authorization", who, authorization_id=loan_id)
    assert seen(desk, loan_id)["stage"] == "voided"


def test_after_its_last_day_it_may_only_be_voided(desk: Desk) -> None:
    loan_id = fridge(desk)
    rows = desk.world.store.rows("loan")
    days = desk.world.catalogue.lenders[LENDER].house.authorization_days
    first = desk.world.clock.business_date()
    last = first + timedelta(days=days)
    assert seen(desk, loan_id)["expires_on"] == last.isoformat()
    expired = {"authorization_id": loan_id, "because": "expired"}
    days_pass(desk, days)
    assert lapsed(desk.world, rows, last) == []
    with pytest.raises(ConflictError, match="may be paid out until"):
        desk.do("void_authorization", SYSTEM, **expired)
    days_pass(desk, 1)
    assert lapsed(desk.world, rows, desk.world.clock.business_date()) == [loan_id]
    with pytest.raises(ConflictError) as late:
        captured(desk, loan_id)
    assert late.value.code == "authorization.expired"
    assert desk.do("void_authorization", SYSTEM, **expired)["stage"] == "voided"
    assert desk.world.store.rows("payment") == ()


def test_on_its_last_day_it_is_still_captured(desk: Desk) -> None:
    loan_id = fridge(desk)
    days_pass(desk, desk.world.catalogue.lenders[LENDER].house.authorization_days)
    assert captured(desk, loan_id)["ordered"] is True
    assert seen(desk, loan_id)["stage"] == "captured"


def test_another_shops_ids_are_as_if_there_were_none(desk: Desk) -> None:
    loan_id = fridge(desk)
    captured(desk, loan_id)
    refund_id = returned(desk, loan_id, 1000)["payment_id"]
    attempts = [
        ("view_authorization", "authorization_id", loan_id),
        ("capture", "authorization_id", loan_id),
        ("void_authorization", "authorization_id", loan_id),
        ("view_refund", "refund_id", refund_id),
    ]
    for flow, name, known in attempts:
        with pytest.raises(NotFoundError) as other:
            desk.do(flow, PUJIANG, **{name: known})
        with pytest.raises(NotFoundError) as nothing:
            desk.do(flow, PUJIANG, **{name: "xx_none"})
        assert str(other.value) == str(nothing.value)
        assert other.value.field == name
    assert desk.do("view_refund", HAITAI, refund_id=refund_id)["price_fen"] == 1000


def test_a_refund_is_only_what_came_back_from_a_shop(desk: Desk) -> None:
    loan_id = fridge(desk)
    captured(desk, loan_id)
    [payment] = desk.world.store.rows("payment")
    with pytest.raises(NotFoundError):
        desk.do("view_refund", HAITAI, refund_id=payment["payment_id"])
    assert seen(desk, loan_id)["refunds"] == []


def test_the_shop_sees_nothing_of_what_credit_costs(desk: Desk) -> None:
    loan_id = fridge(desk)
    told = str(captured(desk, loan_id)) + str(seen(desk, loan_id))
    for word in ("interest", "rate", "instalment", "certificate", "person", "ps_"):
        assert word not in told


def test_another_lenders_staff_see_nothing(desk: Desk) -> None:
    loan_id = fridge(desk)
    with pytest.raises(NotFoundError):
        desk.do("view_authorization", staff("servicing", "pujiang_bank"), authorization_id=loan_id)
    assert desk.do("view_authorization", staff("servicing"), authorization_id=loan_id)
