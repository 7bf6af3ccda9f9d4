"""A shop's way through the API: over TCP, on both databases, with a real rail."""

from __future__ import annotations

import json

import pytest

from api.shops import FRIDGE, FRIDGE_FEN, ORDER, Mall
from sanshi.flows.world import Actor
from sanshi.jobs.outbox import deliver
from sanshi.party.identity import check_digit
from worlds import LENDER, XIAOMAN, staff

SECRETS = ("score", "grade", "band", "reason", "rate", "ppm", "instalment", "person", "income")
"""What must not stand in anything that a shop can read."""


def test_session_authorization_partial_capture_partial_refund(each_mall: Mall) -> None:
    mall = each_mall
    shop = mall.program()
    opened = shop.post("/v1/checkout-sessions", ORDER)
    assert opened.status_code == 201
    session = opened.json()
    assert session["stage"] == "open"
    assert session["url"].startswith(f"https://pay.example/checkout/{session['session_id']}-")
    loan_id = mall.desk.signed(mall.desk.person(XIAOMAN), session_id=session["session_id"])

    seen = shop.get(f"/v1/checkout-sessions/{session['session_id']}").json()
    assert (seen["stage"], seen["authorizations"]) == ("authorized", [loan_id])
    authorization = shop.get(f"/v1/authorizations/{loan_id}").json()
    assert authorization["stage"] == "authorized"
    assert authorization["amount_fen"] == FRIDGE_FEN

    handed_over = {"authorization_id": loan_id, "price_fen": 500_000}
    captured = shop.post("/v1/captures", handed_over)
    assert (captured.status_code, captured.json()["amount_fen"]) == (201, 500_000)
    assert shop.get(f"/v1/authorizations/{loan_id}").json()["stage"] == "capturing"
    deliver(mall.desk.world)
    came_back = {"authorization_id": loan_id, "price_fen": 100_000}
    refund_id = shop.post("/v1/refunds", came_back).json()["refund_id"]
    assert shop.get(f"/v1/refunds/{refund_id}").json()["stage"] == "pending"
    deliver(mall.desk.world)

    assert shop.get(f"/v1/refunds/{refund_id}").json()["stage"] == "succeeded"
    after = shop.get(f"/v1/authorizations/{loan_id}").json()
    assert (after["stage"], after["captured_fen"]) == ("captured", 500_000)
    assert [refund["amount_fen"] for refund in after["refunds"]] == [100_000]
    owed = mall.desk.do("view_loan", staff("servicing"), loan_id=loan_id)["outstanding_fen"]
    assert owed == 400_000, "the buyer owes what was handed over and kept, from the first day on"
    assert mall.desk.do("check_books", staff("audit"), entity=LENDER)["differences"] == []
    told = [notice["type"] for notice in shop.get("/v1/notices").json()["data"]]
    assert sorted(told) == ["capture.succeeded", "checkout_session.authorized", "refund.succeeded"]


def test_a_void_authorization_is_paid_to_nobody(mall: Mall) -> None:
    shop = mall.program()
    _, loan_id = mall.bought(shop)
    assert shop.post(f"/v1/authorizations/{loan_id}/void").json()["stage"] == "voided"
    refused = shop.post("/v1/captures", {"authorization_id": loan_id})
    assert (refused.status_code, refused.json()["code"]) == (409, "authorization.wrong_stage")
    assert shop.get(f"/v1/authorizations/{loan_id}").json()["stage"] == "voided"


def test_how_a_loan_goes_on_after_its_capture_is_not_for_the_shop(mall: Mall) -> None:
    shop = mall.program()
    loan_id = mall.paid(shop)
    paths = (f"/v1/authorizations/{loan_id}", f"/v1/authorizations/{loan_id}/void", "/v1/captures")

    def told() -> list[str]:
        body = {"authorization_id": loan_id}
        return [
            shop.get(paths[0]).text,
            shop.post(paths[1]).text,
            shop.post(paths[2], body).text,
        ]

    before = told()
    assert "authorization.wrong_stage" in before[1]
    mall.desk.do("pay", mall.desk.person(XIAOMAN), loan_id=loan_id, purpose="settle")
    deliver(mall.desk.world)
    settled = mall.desk.do("view_loan", staff("servicing"), loan_id=loan_id)["stage"]
    assert (settled, told()) == ("settled", before)


def test_sessions_are_found_by_the_number_of_the_order(mall: Mall) -> None:
    shop = mall.program()
    for reference in ("a-1", "a-2", "a-1"):
        shop.post("/v1/checkout-sessions", {**ORDER, "reference": reference})
    found = shop.get("/v1/checkout-sessions", params={"reference": "a-1"}).json()["data"]
    assert [session["reference"] for session in found] == ["a-1", "a-1"]


def test_what_has_lapsed_says_so_before_anybody_sweeps(mall: Mall) -> None:
    shop = mall.program()
    session_id, _ = mall.bought(shop)
    other = shop.post("/v1/checkout-sessions", ORDER).json()["session_id"]
    mall.desk.time.move(days=2)
    stages = [
        shop.get(f"/v1/checkout-sessions/{one}").json()["stage"] for one in (session_id, other)
    ]
    assert stages == ["authorized", "expired"]


def test_a_second_refund_waits_for_the_first_and_says_so(mall: Mall) -> None:
    shop = mall.program()
    body = {"authorization_id": mall.paid(shop), "price_fen": 1_000}
    assert shop.post("/v1/refunds", body).status_code == 201
    early = shop.post("/v1/refunds", body, "second")
    assert (early.status_code, early.json()["code"]) == (409, "conflict.counter")
    assert "under way" in early.json()["detail"]
    deliver(mall.desk.world)
    assert shop.post("/v1/refunds", body, "second").status_code == 201


def test_a_shop_learns_nothing_of_why(mall: Mall) -> None:
    shop = mall.program()
    session_id, loan_id = mall.bought(shop)
    told = [
        shop.get(path).text
        for path in (
            f"/v1/checkout-sessions/{session_id}",
            f"/v1/authorizations/{loan_id}",
            "/v1/authorizations",
            "/v1/notices",
        )
    ]
    told.append(shop.post("/v1/captures", {"authorization_id": loan_id}).text)
    for text in told:
        names = _names(json.loads(text))
        assert not [name for name in names for secret in SECRETS if secret in name]


def _names(value: object) -> list[str]:
    if isinstance(value, dict):
        return [*value, *(name for inner in value.values() for name in _names(inner))]
    if isinstance(value, list):
        return [name for inner in value for name in _names(inner)]
    return []


def test_a_refused_buyer_looks_like_one_who_still_thinks(mall: Mall) -> None:
    shop = mall.program()
    session_id = shop.post("/v1/checkout-sessions", ORDER).json()["session_id"]
    desk = mall.desk
    body = "99000019800101001"
    listed = desk.person(
        {
            "full_name": "钱大雪",
            "id_number": body + check_digit(body),
            "mobile": "16100000099",
        }
    )
    application_id = desk.applied(listed, session_id=session_id)
    looks = [shop.get(f"/v1/checkout-sessions/{session_id}").json()["stage"]]
    decided = desk.do("decide_application", staff("risk"), application_id=application_id)
    assert decided["outcome"] == "declined"
    looks.append(shop.get(f"/v1/checkout-sessions/{session_id}").json()["stage"])
    assert looks == ["open", "open"]
    desk.do("choose_cash", Actor("visitor", "consumer"), session_id=session_id)
    assert shop.get(f"/v1/checkout-sessions/{session_id}").json()["stage"] == "cash"


def test_the_same_key_gives_the_same_answer_and_another_request_is_refused(mall: Mall) -> None:
    shop = mall.program()
    first = shop.post("/v1/checkout-sessions", ORDER, key="once")
    again = shop.post("/v1/checkout-sessions", ORDER, key="once")
    assert first.json() == again.json()
    other = shop.post("/v1/checkout-sessions", {**ORDER, "reference": "other"}, key="once")
    assert (other.status_code, other.json()["code"]) == (409, "idempotency.key_reused")
    assert len(shop.get("/v1/checkout-sessions").json()["data"]) == 1
    without = mall.client.post("/v1/checkout-sessions", json=ORDER, headers=shop.headers())
    assert (without.status_code, without.json()["field"]) == (422, "Idempotency-Key")


def test_another_shop_sees_nothing_and_can_do_nothing(mall: Mall) -> None:
    shop, other = mall.program(), mall.program("puhui")
    session_id, loan_id = mall.bought(shop)
    endpoint = shop.post("/v1/webhooks", {"url": "https://shop.example/hear"}).json()
    notice_id = shop.get("/v1/notices").json()["data"][0]["notice_id"]
    answers = [
        other.get(f"/v1/checkout-sessions/{session_id}"),
        other.post(f"/v1/checkout-sessions/{session_id}/cancel"),
        other.get(f"/v1/authorizations/{loan_id}"),
        other.post(f"/v1/authorizations/{loan_id}/void"),
        other.post("/v1/captures", {"authorization_id": loan_id}),
        other.post("/v1/refunds", {"authorization_id": loan_id}),
        other.get(f"/v1/webhooks/{endpoint['endpoint_id']}"),
        other.delete(f"/v1/webhooks/{endpoint['endpoint_id']}"),
        other.get(f"/v1/notices/{notice_id}"),
        other.post(f"/v1/notices/{notice_id}/resend", {}),
    ]
    assert [answer.status_code for answer in answers] == [404] * len(answers)
    for listed in ("checkout-sessions", "authorizations", "webhooks", "notices"):
        assert other.get(f"/v1/{listed}").json() == {"data": [], "next": None}
    assert shop.get(f"/v1/authorizations/{loan_id}").json()["stage"] == "authorized"


def test_pages_lead_through_everything_once_newest_first(mall: Mall) -> None:
    shop = mall.program()
    made = []
    for number in range(5):
        mall.desk.time.move(seconds=1)  # ids of one millisecond have no order
        order = {**ORDER, "reference": f"order-{number}"}
        made.append(shop.post("/v1/checkout-sessions", order).json()["session_id"])
    read, after = [], None
    for _ in range(5):
        params = {"limit": 2} | ({"after": after} if after else {})
        page = shop.get("/v1/checkout-sessions", params=params).json()
        read += [session["session_id"] for session in page["data"]]
        after = page["next"]
        if after is None:
            break
    assert read == made[::-1]
    wrong = shop.get("/v1/checkout-sessions", params={"after": "ln_1"})
    assert (wrong.status_code, wrong.json()["code"]) == (422, "list.cursor")


def test_what_has_not_changed_is_not_sent_again(mall: Mall) -> None:
    shop = mall.program()
    session_id = shop.post("/v1/checkout-sessions", ORDER).json()["session_id"]
    path = f"/v1/checkout-sessions/{session_id}"
    tag = shop.get(path).headers["etag"]
    same = shop.get(path, headers={"If-None-Match": f'"other", {tag}'})
    assert (same.status_code, same.content) == (304, b"")
    shop.post(f"{path}/cancel")
    assert shop.get(path, headers={"If-None-Match": tag}).status_code == 200


BAD = {
    "an unknown field": ({**ORDER, "price_fen": 1}, 422, "price_fen"),
    "an unknown thing": ({**ORDER, "items": [{"sku": "HT-NOTHING"}]}, 422, "items.0.sku"),
    "nothing at all": ({**ORDER, "items": []}, 422, "items"),
    "the same twice": ({**ORDER, "items": [{"sku": FRIDGE}] * 2}, 422, "items"),
    "paid at once in full": (
        {**ORDER, "items": [{"sku": FRIDGE, "down_payment_fen": FRIDGE_FEN}]},
        422,
        "items.0.down_payment_fen",
    ),
    "money with a point": (
        {**ORDER, "items": [{"sku": FRIDGE, "down_payment_fen": 1.5}]},
        422,
        "items.0.down_payment_fen",
    ),
    "a script as address": ({**ORDER, "return_url": "javascript:alert(1)"}, 422, "return_url"),
    "a name in the address": ({**ORDER, "return_url": "https://a@b.example/"}, 422, "return_url"),
    "plain http": ({**ORDER, "cancel_url": "http://shop.example/"}, 422, "cancel_url"),
    "no object": ([1, 2], 422, "body"),
}


@pytest.mark.parametrize("what", BAD)
def test_bad_orders_are_refused_and_name_the_field(mall: Mall, what: str) -> None:
    body, status, field = BAD[what]
    refused = mall.program().post("/v1/checkout-sessions", body)
    assert refused.headers["content-type"] == "application/problem+json"
    problem = refused.json()
    assert (refused.status_code, problem["field"]) == (status, field), problem
    assert problem["detail"]
    assert problem["fix"]


def test_strange_bodies_are_refused(mall: Mall) -> None:
    shop = mall.program()
    headers = shop.headers(**{"Idempotency-Key": "strange"})
    path = "/v1/checkout-sessions"

    def sent(content: bytes, kind: str = "application/json") -> int:
        more = {**headers, "Content-Type": kind}
        return mall.client.post(path, content=content, headers=more).status_code

    assert sent(b"{") == 422
    assert sent(b"") == 422
    assert sent(json.dumps(ORDER).encode(), "text/plain") == 422
    assert sent(b"\xff\xfe{}") == 422
    assert sent(b"[" * 60_000) == 422
    assert sent(b" " * 70_000) == 413
    assert shop.get(path).json()["data"] == []
