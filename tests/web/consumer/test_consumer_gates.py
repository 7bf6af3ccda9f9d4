"""Gates of the pages: every route says who may open it, and keeps everybody else out."""

from __future__ import annotations

import pytest
from fastapi.routing import APIRoute

from faults.door import serving
from routes import walk
from sanshi.flows.api_keys import key_text
from sanshi.flows.world import Actor
from sanshi.web.consumer.app import consumer_site
from sanshi.web.consumer.routes.visit import FormGate, Gate
from web.consumer.buyer import Buyer, Town
from worlds import XIAOMAN, Desk

MADE_UP = {
    "link": "se_x-0",
    "merchant": "haitai",
    "sku": "HT-FRIDGE-520",
    "quote_id": "qt_x",
    "application_id": "ap_x",
    "contract_id": "ct_x",
    "consent_id": "cn_x",
    "loan_id": "ln_x",
    "document_id": "dc_x",
}
LEVELS = ("visitor", "signed_in", "recognised")


def routes(desk: Desk) -> list[APIRoute]:
    found = list(walk(consumer_site(desk.world, secure=True).routes))
    assert len(found) >= 30
    return found


def gates(route: APIRoute) -> list[Gate | FormGate]:
    calls = [dependency.call for dependency in route.dependant.dependencies]
    return [call for call in calls if isinstance(call, Gate | FormGate)]


def test_every_route_has_one_gate_and_forms_have_a_form_s(town: Town) -> None:
    for route in routes(town.desk):
        (gate,) = gates(route)
        assert gate.level in LEVELS
        assert len(route.methods or ()) == 1
        assert isinstance(gate, FormGate) == (route.methods == {"POST"}), route.path


def at_level(buyer: Buyer, level: str) -> None:
    if level == "visitor":
        return
    buyer.opens("/sign-in")
    buyer.sends("/sign-in", mobile=XIAOMAN["mobile"])
    buyer.sends("/sign-in/code", code=buyer.code())
    if level == "recognised":
        buyer.says_who()


@pytest.mark.parametrize("level", LEVELS)
def test_every_route_lets_in_its_level_and_nobody_below(town: Town, level: str) -> None:
    checked = 0
    with town.buyer() as buyer:
        at_level(buyer, level)
        buyer.opens("/fees?lang=zh")
        buyer.client.follow_redirects = False
        for route in routes(town.desk):
            (gate,) = gates(route)
            path = route.path.format(**MADE_UP)
            if path == "/sign-out":
                continue
            allowed = LEVELS.index(level) >= LEVELS.index(gate.level)
            if route.methods == {"GET"}:
                answer = buyer.client.get(path)
                door = answer.headers.get("location", "").startswith("/sign-in")
                kept_out = answer.status_code == 303 and door and path != "/sign-in"
            else:
                answer = buyer.client.post(path, data={"csrf": "none"})
                kept_out = answer.status_code == 401
                assert answer.status_code in {401, 409, 429}, (path, answer.status_code)
            assert kept_out == (not allowed), (path, level, answer.status_code)
            assert answer.status_code < 500
            checked += 1
    assert checked >= 30


def test_only_a_sandbox_shows_its_phone(desk: Desk) -> None:
    with serving(consumer_site(desk.world, secure=False)) as port:
        town = Town(desk, f"http://127.0.0.1:{port}")
        with town.buyer() as buyer:
            assert buyer.opens("/sandbox/phone").status_code == 404
            assert "演示" not in buyer.opens("/sign-in").text


def test_over_https_cookies_stay_there(desk: Desk) -> None:
    with serving(consumer_site(desk.world, secure=True)) as port:
        town = Town(desk, f"http://127.0.0.1:{port}")
        with town.buyer() as buyer:
            answer = buyer.opens("/sign-in")
            assert answer.headers["strict-transport-security"] == "max-age=31536000"
            for cookie in answer.headers.get_list("set-cookie"):
                assert cookie.startswith("__Host-sanshi_buyer_")
                assert "Secure" in cookie
                assert "HttpOnly" in cookie
                assert "SameSite=lax" in cookie
                assert "Path=/" in cookie
                assert "Domain" not in cookie


def test_a_shop_s_key_opens_no_page_and_signs_nothing(town: Town) -> None:
    shop = Actor("test", "system")
    issued = town.desk.do("issue_api_key", shop, entity="haitai", role="merchant", label="test")
    key = key_text(town.desk.world, issued["key_id"], "test")
    with town.buyer(Authorization=f"Bearer {key}") as program:
        program.client.follow_redirects = False
        for path in ("/quotes/qt_x/consents", "/contracts/ct_x", "/loans/ln_x/pay"):
            answer = program.client.post(path, data={"csrf": "none", "confirmed": "yes"})
            assert answer.status_code == 401
            assert program.client.get(path).status_code in {303, 404, 405}
