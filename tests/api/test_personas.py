"""Personas in the sandbox: each behaves as the quickstart says, and days pass for all."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from api.shops import ORDER, Mall, Program, open_mall
from sanshi.connectors.process import SandboxPlan, running_sandbox
from sanshi.jobs.outbox import deliver
from sanshi.wiring import Content
from worlds import MONDAY, open_desk, staff


@pytest.fixture
def town(sqlite_url: str, tmp_path: Path, content: Content) -> Iterator[Mall]:
    """A sandbox of its own, whose days pass."""
    plan = SandboxPlan(data=tmp_path / "outside", value_date=MONDAY)
    with (
        running_sandbox(plan) as own,
        open_desk(sqlite_url, tmp_path, content, own) as desk,
        open_mall(desk) as mall,
    ):
        yield mall


def session(shop: Program, persona: str, key: str = "buyer", **order: object) -> dict[str, Any]:
    session_id = shop.post("/v1/checkout-sessions", {**ORDER, **order}).json()["session_id"]
    path = f"/v1/sandbox/checkout-sessions/{session_id}/complete"
    answer = shop.post(path, {"persona": persona}, f"{key}-{persona}")
    assert answer.status_code == 200, answer.text
    seen: dict[str, Any] = answer.json()
    return seen


ENDS = {
    "approve": "authorized",
    "decline": "open",
    "refer": "open",
    "opt_out": "cash",
    "hardship": "authorized",
    "rail_timeout": "authorized",
    "coupon": "authorized",
    "coupon_exhausted": "authorized",
    "partial_refund": "authorized",
}


@pytest.mark.parametrize("persona", ENDS)
def test_each_persona_ends_as_promised(mall: Mall, persona: str) -> None:
    assert session(mall.program(), persona)["stage"] == ENDS[persona]


def test_a_coupon_is_paid_by_its_funders_until_it_is_used_up(mall: Mall) -> None:
    shop = mall.program()
    owed = {}
    for persona in ("approve", "coupon", "coupon_exhausted"):
        seen = session(shop, persona, items=[{"sku": "HT-TV-75"}])
        (authorization_id,) = seen["authorizations"]
        found = shop.get(f"/v1/authorizations/{authorization_id}").json()
        owed[persona] = found["owed_by_funders_fen"]
    assert owed["approve"] == owed["coupon_exhausted"] == 0
    assert owed["coupon"] > 0


def test_a_buyer_asks_for_a_part_to_be_taken_back(mall: Mall) -> None:
    shop = mall.program()
    seen = session(shop, "partial_refund")
    (authorization_id,) = seen["authorizations"]
    shop.post("/v1/captures", {"authorization_id": authorization_id})
    deliver(mall.desk.world)
    path = f"/v1/sandbox/checkout-sessions/{seen['session_id']}/complete"
    assert shop.post(path, {"persona": "partial_refund"}).status_code == 200
    (told,) = [
        one for one in shop.get("/v1/notices").json()["data"] if one["type"] == "return.requested"
    ]
    assert told["data"]["price_fen"] == 349_950
    refund = {"authorization_id": authorization_id, "price_fen": told["data"]["price_fen"]}
    assert shop.post("/v1/refunds", refund).status_code == 201


def test_two_buyers_at_once_leave_one_loan_for_a_thing(mall: Mall) -> None:
    shop = mall.program()
    session_id = shop.post("/v1/checkout-sessions", ORDER).json()["session_id"]
    path = f"/v1/sandbox/checkout-sessions/{session_id}/complete"
    with ThreadPoolExecutor(3) as buyers:
        keys = ("one", "two", "three")
        codes = [a.status_code for a in buyers.map(lambda k: shop.post(path, {}, k), keys)]
    assert codes.count(200) >= 1
    assert set(codes) <= {200, 409}
    seen = shop.get(f"/v1/checkout-sessions/{session_id}").json()
    assert len(seen["authorizations"]) == 1


def test_a_buyer_sent_again_under_the_same_key_is_the_same_buyer(mall: Mall) -> None:
    shop = mall.program()
    session_id = shop.post("/v1/checkout-sessions", ORDER).json()["session_id"]
    path = f"/v1/sandbox/checkout-sessions/{session_id}/complete"
    first = shop.post(path, {"persona": "approve"}, "same")
    assert shop.post(path, {"persona": "approve"}, "same").json() == first.json()
    other = shop.post(path, {"persona": "decline"}, "same")
    assert (other.status_code, other.json()["code"]) == (409, "idempotency.key_reused")


def test_a_failed_attempt_leaves_its_key_free(mall: Mall) -> None:
    shop = mall.program()
    session_id = shop.post("/v1/checkout-sessions", ORDER).json()["session_id"]
    shop.post(f"/v1/checkout-sessions/{session_id}/cancel")
    path = f"/v1/sandbox/checkout-sessions/{session_id}/complete"
    codes = [shop.post(path, {}, "again").json()["code"] for _ in range(2)]
    assert codes == ["session.over", "session.over"]


def test_hardship_is_overdue_after_a_month_and_approve_is_not(town: Mall) -> None:
    shop = town.program()
    loans = {}
    for persona in ("approve", "hardship"):
        loan_id = session(shop, persona)["authorizations"][0]
        assert shop.post("/v1/captures", {"authorization_id": loan_id}).status_code == 201
        loans[persona] = loan_id
    deliver(town.desk.world)
    assert shop.post("/v1/sandbox/clock", {"days": 31}, "a month").status_code == 422
    first = shop.post("/v1/sandbox/clock", {"days": 31}, "a-month").json()
    assert first == {"business_date": "2026-12-03"}
    assert shop.post("/v1/sandbox/clock", {"days": 31}, "a-month").json() == first
    assert shop.get("/v1/sandbox/clock").json() == first
    late = {
        persona: town.desk.do("view_loan", staff("servicing"), loan_id=loan_id)["days_past_due"]
        for persona, loan_id in loans.items()
    }
    assert late["approve"] == 0
    assert late["hardship"] > 0
