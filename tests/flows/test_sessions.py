"""Checkout sessions: what a shop asks for, how they end, and what it never learns."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from sanshi.connectors.process import SandboxProcess
from sanshi.flows.sessions import SESSION_HOURS
from sanshi.flows.world import Actor
from sanshi.kernel.errors import ConflictError, ForbiddenError, InputError, NotFoundError
from sanshi.wiring import Content
from worlds import LIXIA, PLAN, XIAOMAN, Desk, open_desk, staff

HAITAI = Actor("till", "merchant", "haitai")
PUJIANG = Actor("till", "merchant", "pujiang_auto")
BUYER = Actor("browser", "consumer")  # nobody has signed in
SYSTEM = Actor("test", "system")
FRIDGE, FRIDGE_FEN = "HT-FRIDGE-520", 699_900
ORDER: dict[str, Any] = {
    "reference": "order-1",
    "items": [{"sku": FRIDGE}],
    "return_url": "https://shop.example/thanks",
    "cancel_url": "https://shop.example/basket",
}
LIFE = timedelta(hours=SESSION_HOURS)
PAGE_RULE = "marketing.payment_page_loans"


def opened(desk: Desk, **more: object) -> str:
    return str(desk.do("open_session", HAITAI, **{**ORDER, **more})["session_id"])


def seen(desk: Desk, session_id: str) -> dict[str, Any]:
    return dict(desk.do("view_session", HAITAI, session_id=session_id))


def stage(desk: Desk, stream: str) -> str:
    return desk.world.store.standing(stream)[1]


def later(desk: Desk, wait: timedelta) -> None:
    desk.time.move(seconds=int(wait.total_seconds()))


def decided(desk: Desk, application_id: str) -> str:
    answer = desk.do("decide_application", staff("risk"), application_id=application_id)
    return str(answer["outcome"])


def declined_in(desk: Desk, session_id: str) -> None:
    who = desk.person(LIXIA)
    application_id = desk.applied(who, session_id=session_id, monthly_income_fen=600_000)
    assert decided(desk, application_id) == "declined"


def test_a_session_names_the_goods_at_the_catalogues_prices(desk: Desk) -> None:
    answer = desk.do("open_session", HAITAI, **ORDER)
    assert answer == seen(desk, answer["session_id"])
    assert answer["stage"] == "open"
    assert answer["merchant"] == "haitai"
    assert answer["authorizations"] == []
    [item] = answer["items"]
    assert (item["sku"], item["price_fen"], item["down_payment_fen"]) == (FRIDGE, FRIDGE_FEN, 0)


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"items": []}, "items"),
        ({"items": [{"sku": FRIDGE}, {"sku": FRIDGE}]}, "items"),
        ({"items": [{"sku": "HT-TV-75"}, {"sku": "PJ-BEV-E5"}]}, "items.1.sku"),
        ({"items": [{"sku": FRIDGE, "price_fen": 1}]}, "items.0.price_fen"),
        ({"items": [{"sku": FRIDGE, "down_payment_fen": -1}]}, "items.0.down_payment_fen"),
        (
            {"items": [{"sku": FRIDGE, "down_payment_fen": FRIDGE_FEN}]},
            "items.0.down_payment_fen",
        ),
        ({"reference": ""}, "reference"),
        ({"reference": "x" * 65}, "reference"),
        ({"host": "elsewhere"}, "host"),
        ({"return_url": "http://shop.example/thanks"}, "return_url"),
        ({"cancel_url": "javascript:alert(1)"}, "cancel_url"),
    ],
)
def test_what_makes_no_session_names_its_field(
    desk: Desk, more: dict[str, object], field: str
) -> None:
    with pytest.raises(InputError) as error:
        opened(desk, **more)
    assert error.value.field == field
    assert desk.world.store.rows("checkout_session") == ()


def test_only_a_shop_of_the_packs_opens_one(desk: Desk) -> None:
    with pytest.raises(ForbiddenError):
        desk.do("open_session", Actor("till", "merchant", "nobody"), **ORDER)
    with pytest.raises(ForbiddenError):
        desk.do("open_session", staff("servicing"), **ORDER)


def test_another_shops_session_is_as_if_there_were_none(desk: Desk) -> None:
    session_id = opened(desk)
    for flow in ("view_session", "cancel_session"):
        with pytest.raises(NotFoundError) as other:
            desk.do(flow, PUJIANG, session_id=session_id)
        with pytest.raises(NotFoundError) as nothing:
            desk.do(flow, PUJIANG, session_id="se_none")
        assert str(other.value) == str(nothing.value)
    assert seen(desk, session_id)["stage"] == "open"


def test_cash_needs_no_sign_in_and_ends_the_session(desk: Desk) -> None:
    session_id = opened(desk)
    answer = desk.do("choose_cash", BUYER, session_id=session_id)
    assert answer["stage"] == "cash"
    assert seen(desk, session_id)["stage"] == "cash"
    assert desk.world.store.rows("person") == ()
    for flow, actor in (("cancel_session", HAITAI), ("choose_cash", BUYER)):
        with pytest.raises(ConflictError):
            desk.do(flow, actor, session_id=session_id)
    with pytest.raises(ConflictError, match="has ended"):
        desk.quoted(desk.person(XIAOMAN), session_id=session_id)


def test_a_buyer_who_pays_in_full_after_all_signs_no_plan(desk: Desk) -> None:
    session_id, who = opened(desk), desk.person(XIAOMAN)
    offer = desk.offered(who, session_id=session_id)
    desk.do("serve_contract", who, contract_id=offer["contract_id"])
    desk.time.move(seconds=10)
    desk.do("choose_cash", BUYER, session_id=session_id)
    confirmed = {"content_hash": offer["content_hash"], "confirmed": True}
    with pytest.raises(ConflictError):
        desk.do("sign_contract", who, contract_id=offer["contract_id"], **confirmed)
    assert desk.world.store.rows("loan") == ()
    assert seen(desk, session_id)["stage"] == "cash"


def test_a_signed_plan_is_the_sessions_authorization(desk: Desk) -> None:
    session_id = opened(desk)
    loan_id = desk.signed(desk.person(XIAOMAN), session_id=session_id)
    answer = seen(desk, session_id)
    assert answer["stage"] == "authorized"
    assert answer["authorizations"] == [loan_id]
    later(desk, LIFE)
    refused = [("choose_cash", BUYER), ("cancel_session", HAITAI), ("expire_session", SYSTEM)]
    for flow, actor in refused:
        with pytest.raises(ConflictError):
            desk.do(flow, actor, session_id=session_id)
    assert seen(desk, session_id) == answer


def test_the_shop_never_sees_that_somebody_is_looked_at_or_refused(desk: Desk) -> None:
    session_id = opened(desk)
    before = seen(desk, session_id)
    application_id = desk.applied(desk.person(XIAOMAN), session_id=session_id)
    assert stage(desk, session_id) == "in_review"
    assert seen(desk, session_id) == before
    desk.outside.queue_fault("bureau", "http_500")
    assert decided(desk, application_id) == "referred"
    assert stage(desk, session_id) == "in_review"
    assert seen(desk, session_id) == before
    other_id = opened(desk)
    before = seen(desk, other_id)
    declined_in(desk, other_id)
    assert stage(desk, other_id) == "open"
    assert seen(desk, other_id) == before


def test_after_a_no_the_buyer_may_still_pay_in_full(desk: Desk) -> None:
    session_id = opened(desk)
    declined_in(desk, session_id)
    assert desk.do("choose_cash", BUYER, session_id=session_id)["stage"] == "cash"


def test_after_a_no_the_same_buyer_may_try_again_and_nobody_else(desk: Desk) -> None:
    session_id = opened(desk)
    declined_in(desk, session_id)
    with pytest.raises(ConflictError, match="Somebody else"):
        desk.applied(desk.person(XIAOMAN), session_id=session_id)
    desk.applied(desk.person(LIXIA), session_id=session_id, monthly_income_fen=600_000)
    assert stage(desk, session_id) == "in_review"


def test_a_quote_is_for_what_the_session_lists(desk: Desk) -> None:
    session_id, who = opened(desk), desk.person(XIAOMAN)
    for more in ({"sku": "HT-TV-75"}, {"down_payment_fen": 1}, {"also": [{"sku": "HT-TV-75"}]}):
        with pytest.raises(InputError, match="other things"):
            desk.quoted(who, session_id=session_id, **more)
    with pytest.raises(InputError, match="other things"):
        desk.quoted(who, session_id=session_id, merchant="pujiang_auto", sku="PJ-BEV-E5")
    with pytest.raises(NotFoundError):
        desk.quoted(who, session_id="se_none")
    paid_at_once = opened(desk, items=[{"sku": FRIDGE, "down_payment_fen": 99_900}])
    quote = desk.quoted(who, session_id=paid_at_once, down_payment_fen=99_900)
    assert quote["plans"][0]["terms"]["principal_fen"] == FRIDGE_FEN - 99_900


def test_when_its_time_is_over_nothing_more_happens_in_it(desk: Desk) -> None:
    session_id, who = opened(desk), desk.person(XIAOMAN)
    later(desk, LIFE - timedelta(minutes=10))
    with pytest.raises(ConflictError, match="still stands"):
        desk.do("expire_session", SYSTEM, session_id=session_id)
    offer = desk.offered(who, session_id=session_id)
    desk.do("serve_contract", who, contract_id=offer["contract_id"])
    later(desk, timedelta(minutes=10))
    confirmed = {"content_hash": offer["content_hash"], "confirmed": True}
    with pytest.raises(ConflictError, match="too long ago"):
        desk.do("sign_contract", who, contract_id=offer["contract_id"], **confirmed)
    with pytest.raises(ConflictError, match="too long ago"):
        desk.do("choose_cash", BUYER, session_id=session_id)
    with pytest.raises(ConflictError, match="too long ago"):
        desk.quoted(who, session_id=session_id)
    assert desk.do("expire_session", SYSTEM, session_id=session_id)["stage"] == "expired"
    with pytest.raises(ConflictError):
        desk.do("expire_session", SYSTEM, session_id=session_id)
    assert desk.world.store.rows("loan") == ()


def test_a_cancelled_session_is_over(desk: Desk) -> None:
    session_id = opened(desk)
    assert desk.do("cancel_session", HAITAI, session_id=session_id)["stage"] == "cancelled"
    with pytest.raises(ConflictError):
        desk.do("choose_cash", BUYER, session_id=session_id)
    with pytest.raises(ConflictError, match="has ended"):
        desk.quoted(desk.person(XIAOMAN), session_id=session_id)


@pytest.mark.parametrize("day", [date(2026, 9, 29), date(2026, 9, 30)])
def test_from_a_payment_firms_page_plans_are_shown_on_the_lenders_own(
    sqlite_url: str, tmp_path: Path, content: Content, outside: SandboxProcess, day: date
) -> None:
    """The Measures for Online Marketing of Financial Products apply from 2026-09-30."""
    with open_desk(sqlite_url, tmp_path, content, outside, day) as desk:
        quote = desk.quoted(desk.person(XIAOMAN), session_id=opened(desk, host="payment_firm"))
        plans = {plan["key"]: plan["certificate"] for plan in quote["plans"]}
        assert PLAN in plans
        for certificate in plans.values():
            assert certificate["attributes"]["at_checkout"] is False
            assert certificate["attributes"]["payment_page_operator"] == "payment_institution"
            [found] = [one for one in certificate["findings"] if one["rule"] == PAGE_RULE]
            in_force = day >= date.fromisoformat(found["effective_from"])
            assert found["kind"] == ("compared" if in_force else "not_yet")
            assert found["blocking"] is in_force
            assert found["result"] == "pass"
            seen_there = [{"name": "payment_page.lists_loans", "value": False}]
            assert found["observed"] == (seen_there if in_force else [])
        own = desk.quoted(desk.person(XIAOMAN), session_id=opened(desk))
        rules = {one["rule"] for one in own["plans"][0]["certificate"]["findings"]}
        assert PAGE_RULE not in rules  # a shop's own page is no payment firm's


def test_a_plan_from_a_payment_firms_page_is_checked_as_such_to_the_end(desk: Desk) -> None:
    loan_id = desk.signed(
        desk.person(XIAOMAN), session_id=opened(desk, host="payment_firm", reference="order-2")
    )
    answer = desk.do("capture", HAITAI, authorization_id=loan_id)
    assert answer["ordered"] is True
