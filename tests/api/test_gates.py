"""Gates: every route says who may call it, and keeps everybody else out."""

from __future__ import annotations

from fastapi.routing import APIRoute

from api.shops import ROLES, SYSTEM, Mall, sandbox_api
from routes import walk
from sanshi.api.gate import Gate
from worlds import Desk


def gates(route: APIRoute) -> list[Gate]:
    calls = [dependency.call for dependency in route.dependant.dependencies]
    return [call for call in calls if isinstance(call, Gate)]


def routes(desk: Desk) -> list[APIRoute]:
    app = sandbox_api(desk)
    found = list(walk(app.routes))
    assert len(found) >= 15
    return found


def test_every_route_has_one_gate(mall: Mall) -> None:
    for route in routes(mall.desk):
        assert len(gates(route)) == 1, f"{route.path} does not say who may call it"
        assert gates(route)[0].roles


def test_every_route_lets_in_its_roles_and_nobody_else(mall: Mall) -> None:
    keys = {role: mall.key(entity, role) for entity, role in ROLES}
    checked = 0
    for route in routes(mall.desk):
        path = route.path.format(
            session_id="se_x",
            authorization_id="ln_x",
            refund_id="py_x",
            endpoint_id="we_x",
            notice_id="nt_x",
            key_id="ak_x",
            loan_id="ln_x",
            application_id="ap_x",
            decision_id="de_x",
            case_id="cs_x",
            settlement_id="st_x",
            entity="shenpu_bank",
        )
        for method in route.methods or ():
            for role, key in keys.items():
                answer = mall.client.request(
                    method,
                    path,
                    headers={"Authorization": f"Bearer {key}", "Idempotency-Key": "k"},
                    json={} if method == "POST" else None,
                )
                allowed = role in gates(route)[0].roles
                assert (answer.status_code == 403) == (not allowed), (method, path, role)
                assert answer.status_code < 500
                checked += 1
    assert checked >= 100


def test_a_key_that_is_none_opens_nothing(mall: Mall) -> None:
    shop = mall.program()
    right = shop.key
    other_id = mall.program("puhui").key.rsplit("_", 1)[0]
    wrong = {
        "no key": None,
        "a word": "x",
        "another secret": right[:-1] + ("0" if right[-1] != "0" else "1"),
        "one's secret with another's id": f"{other_id}_{right.rsplit('_', 1)[1]}",
        "a live key in a sandbox": right.replace("sk_test_", "sk_live_"),
        "letters that are none": right + "é",
        "only the beginning": right[:40],
    }
    for what, key in wrong.items():
        headers = [] if key is None else [(b"Authorization", f"Bearer {key}".encode())]
        answer = mall.client.get("/v1/checkout-sessions", headers=headers)
        assert answer.status_code == 401, what
        assert answer.headers["www-authenticate"] == "Bearer"
        assert answer.json()["code"] == "access.key"


def test_a_revoked_key_opens_nothing_any_more(mall: Mall) -> None:
    shop = mall.program()
    assert shop.get("/v1/checkout-sessions").status_code == 200
    key_id = "ak_" + shop.key.split("_")[2]
    mall.desk.do("revoke_api_key", SYSTEM, key_id=key_id)
    assert shop.get("/v1/checkout-sessions").status_code == 401


def test_whoever_tries_keys_is_told_to_wait_and_a_right_one_still_opens(mall: Mall) -> None:
    right = mall.program()
    codes = [
        mall.client.get("/v1/loans", headers={"Authorization": f"Bearer sk_test_{n}"}).status_code
        for n in range(35)
    ]
    assert codes[:20] == [401] * 20
    assert codes[-1] == 429
    assert right.get("/v1/checkout-sessions").status_code == 200
