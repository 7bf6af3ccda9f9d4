"""The API keeps what its description promises: every answer is documented, and every one occurs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from limits import parse
from schemathesis.checks import (
    content_type_conformance,
    not_a_server_error,
    response_schema_conformance,
    status_code_conformance,
)

from api.recorder import Seen, documented, recorded
from api.shops import ORDER, ROLES, Mall, Program, sandbox_api
from faults.door import serving
from sanshi.api.gate import Allowed
from sanshi.connectors.process import SandboxPlan, running_sandbox
from sanshi.connectors.trust import trusted
from sanshi.flows.cases import opened
from sanshi.jobs.outbox import deliver
from sanshi.kernel.effects import Cell, Effects, Insert
from sanshi.wiring import Content
from worlds import LENDER, LIXIA, MONDAY, XIAOMAN, Desk, open_desk, staff

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
NOBODY = "01m6czrj0g2p6nd9refg75phjk"


@dataclass(slots=True)
class Town:
    """A mall in which one of everything has happened, and the requests that made it happen."""

    mall: Mall
    app: Any
    seen: Seen
    made: list[tuple[Program, str, dict[str, Any] | None, str]] = field(default_factory=list)
    ids: dict[str, list[str]] = field(default_factory=dict)

    def post(self, who: Program, path: str, body: dict[str, Any] | None = None) -> Any:  # noqa: ANN401 - any JSON answer
        """Send a request that succeeds, and remember it."""
        key = f"made-{len(self.made)}"
        answer = who.post(path, body, key)
        assert answer.status_code in {200, 201}, (path, answer.text)
        self.made.append((who, path, body, key))
        for name, value in answer.json().items():
            if name.endswith("_id") and isinstance(value, str):
                self.ids.setdefault(name, []).append(value)
        return answer.json()


@pytest.fixture
def town(sqlite_url: str, tmp_path: Path, content: Content) -> Iterator[Town]:
    """A sandbox of its own: its days pass, and a rail's date never goes back."""
    plan = SandboxPlan(data=tmp_path / "outside", value_date=MONDAY)
    with (
        running_sandbox(plan) as own,
        open_desk(sqlite_url, tmp_path, content, own) as desk,
        built_town(desk) as made,
    ):
        yield made


@contextmanager
def built_town(desk: Desk) -> Iterator[Town]:
    app = sandbox_api(desk)
    app.state.allowed = UNHURRIED  # what is tried here in a minute is more than anybody sends
    recording, seen = recorded(app)
    with serving(recording) as port:
        url = f"http://127.0.0.1:{port}"
        with httpx.Client(base_url=url, timeout=20, verify=trusted()) as client:
            yield built(Town(Mall(desk, url, client), app, seen))


def built(town: Town) -> Town:
    """Let everything happen once."""
    mall, desk = town.mall, town.mall.desk
    shop = mall.program()
    by = {role: mall.program(entity, role) for entity, role in ROLES}
    town.post(shop, "/v1/webhooks", {"url": "https://shop.example/hear"})
    endpoint_id = town.post(shop, "/v1/webhooks", {"url": "https://shop.example/2"})["endpoint_id"]
    assert shop.delete(f"/v1/webhooks/{endpoint_id}").status_code == 200
    session_id = town.post(shop, "/v1/checkout-sessions", ORDER)["session_id"]
    other = town.post(shop, "/v1/checkout-sessions", ORDER)["session_id"]
    town.post(shop, f"/v1/checkout-sessions/{other}/cancel")
    town.post(shop, f"/v1/sandbox/checkout-sessions/{session_id}/complete", {"persona": "approve"})
    bought = shop.get(f"/v1/checkout-sessions/{session_id}").json()["authorizations"][0]
    town.post(shop, "/v1/captures", {"authorization_id": bought, "price_fen": 600_000})
    deliver(desk.world)
    town.post(shop, "/v1/refunds", {"authorization_id": bought, "price_fen": 100})
    deliver(desk.world)
    notice_id = shop.get("/v1/notices").json()["data"][0]["notice_id"]
    town.post(shop, f"/v1/notices/{notice_id}/resend", {})
    town.ids["settlement_id"] = [_settled(town, shop)]
    _, void = mall.bought(shop)
    town.post(shop, f"/v1/authorizations/{void}/void")
    paid = desk.signed(desk.person(XIAOMAN))
    town.post(by["servicing"], f"/v1/loans/{paid}/disbursement")
    deliver(desk.world)
    town.post(by["servicing"], "/v1/repayments", {"loan_id": bought, "purpose": "settle"})
    town.post(shop, "/v1/sandbox/clock", {"days": 1})
    application_id = desk.applied(desk.person(LIXIA))
    decided = town.post(by["risk"], "/v1/decisions", {"application_id": application_id})
    desk.world.store.apply(opened(desk.world, LENDER, "rail_answer", paid, {"code": "x"}))
    case_id = by["servicing"].get("/v1/cases").json()["data"][0]["case_id"]
    town.post(by["servicing"], f"/v1/cases/{case_id}/close", {"finding": "nothing"})
    _answered(town, by["servicing"])
    issued = {"entity": LENDER, "role": "audit", "label": "books"}
    key_id = town.post(by["admin"], "/v1/api-keys", issued)["key_id"]
    assert by["admin"].delete(f"/v1/api-keys/{key_id}").status_code == 200
    for name, value in {
        "authorization_id": bought,
        "loan_id": paid,
        "notice_id": notice_id,
        "case_id": case_id,
        "key_id": key_id,
        "application_id": application_id,
        "decision_id": decided["decision_id"],
    }.items():
        town.ids.setdefault(name, []).append(value)
    return town


def _settled(town: Town, shop: Program) -> str:
    """Let something be due to the shop, and be settled."""
    desk = town.mall.desk
    row: dict[str, Cell] = {
        "line_id": desk.world.ids.new("sl"),
        "entity": LENDER,
        "merchant": "haitai",
        "source": "ln_agreed_elsewhere",
        "number": 1,
        "kind": "capture",
        "amount_fen": 100,
        "due_on": MONDAY,
        "settlement_id": None,
    }
    desk.world.store.apply(Effects(rows=(Insert("settlement_line", row),)))
    asked = {"entity": LENDER, "merchant": "haitai"}
    made = desk.do("settle_merchant", staff("servicing"), **asked)
    shown = shop.get("/v1/settlements").json()["data"]
    assert [one["settlement_id"] for one in shown] == [made["settlement_id"]]
    return str(made["settlement_id"])


def _answered(town: Town, officer: Program) -> None:
    """Let a customer ask something, and be answered."""
    desk = town.mall.desk
    asked = {"about": "enquiry", "lender": LENDER, "text": "What does paying early cost?"}
    case_id = desk.do("ask_lender", desk.person(XIAOMAN), **asked)["case_id"]
    path, text = f"/v1/cases/{case_id}", {"text": "Nothing; see the contract, section 4."}
    answer_id = town.post(officer, f"{path}/answers", text)["answer_id"]
    town.post(officer, f"{path}/close", {"finding": "answered", "answer_id": answer_id})


UNHURRIED = Allowed(calls=parse("100000/minute"), wrong_keys=parse("100000/minute"))


def _too_many(town: Town, program: Program) -> None:
    """Let no more calls through, and see that each operation says so and for how long."""
    town.app.state.allowed = Allowed(calls=parse("0/minute"))
    for path, operations in town.app.openapi()["paths"].items():
        real = _with(path, lambda name: town.ids[name][0])
        for method in operations:
            body: dict[str, str] | None = {} if method == "post" else None
            headers = program.headers(**{"Idempotency-Key": "k"})
            answer = town.mall.client.request(method, real, json=body, headers=headers)
            assert answer.status_code == 429, (method, path, answer.text)
            assert answer.json()["code"] == "request.too_many"
            assert answer.headers["retry-after"] == "60"
    town.app.state.allowed = UNHURRIED


def test_every_answer_that_is_documented_occurs_and_no_other(town: Town) -> None:
    programs = {role: town.mall.program(entity, role) for entity, role in ROLES}
    for path, operations in town.app.openapi()["paths"].items():
        real = _with(path, lambda name: town.ids[name][0])
        missing = _with(path, lambda name: f"{_PREFIX[name]}_{NOBODY}")
        for method in operations:
            for program in programs.values():
                _PROBES[method](program, real, missing)
            town.mall.client.request(method, real, json={} if method == "post" else None)
    _unknown_in_bodies(programs)
    for who, path, body, key in town.made:
        _same_key_for_something_else(who, path, body, key)
        if path.endswith("/complete"):
            who.post(path, body)  # a session that has ended
    _too_many(town, programs["merchant"])
    promised = documented(town.app)
    assert promised - set(town.seen) == set(), "documented, but never seen"
    surplus = {answer for answer in town.seen if answer not in promised and answer[2] != 304}
    assert surplus == set(), "seen, but not documented"


def _probe_get(program: Program, real: str, missing: str) -> None:
    program.get(real)
    program.get(real, params={"limit": 0, "to": "x"})
    program.get(missing)


def _probe_delete(program: Program, real: str, missing: str) -> None:
    assert real
    program.delete(missing)


def _probe_post(program: Program, real: str, missing: str) -> None:
    headers = program.headers(**{"Idempotency-Key": "probe"})
    program.client.post(real, content=b" " * 70_000, headers=headers)
    program.client.post(real, json={"x": 1}, headers=program.headers())
    for body in ({"finding": "x"}, {"text": "x"}, {}):
        program.post(missing, body)


_PROBES = {"get": _probe_get, "delete": _probe_delete, "post": _probe_post}


def _unknown_in_bodies(programs: dict[str, Program]) -> None:
    unknown = f"ln_{NOBODY}"
    for path, name in (("/v1/captures", "authorization_id"), ("/v1/refunds", "authorization_id")):
        programs["merchant"].post(path, {name: unknown})
    programs["servicing"].post("/v1/repayments", {"loan_id": unknown})
    programs["risk"].post("/v1/decisions", {"application_id": f"ap_{NOBODY}"})


def _same_key_for_something_else(
    who: Program, path: str, body: dict[str, Any] | None, key: str
) -> None:
    changed = dict(body) if body else body
    for name in ("reference", "url", "price_fen", "loan_id", "application_id", "label", "days"):
        if changed and name in changed:
            changed[name] = 7 if isinstance(changed[name], int) else f"{changed[name]}0"
            break
    if body == {}:
        changed = {"endpoint_id": f"we_{NOBODY}"}
    who.post(re.sub(r"([a-z]{2})_[0-9a-z]{26}", rf"\1_{NOBODY}", path), changed, key)


_PREFIX = {
    "session_id": "se", "authorization_id": "ln", "refund_id": "py", "endpoint_id": "we",
    "notice_id": "nt", "loan_id": "ln", "decision_id": "de", "case_id": "cs", "key_id": "ak",
    "settlement_id": "st",
}  # fmt: skip


def _with(path: str, value: Any) -> str:  # noqa: ANN401 - a callable on names
    return re.sub(r"\{(\w+)\}", lambda found: value(found[1]), path)


@pytest.mark.timeout(600)
@pytest.mark.parametrize("examples", [5, pytest.param(60, marks=pytest.mark.long)])
def test_whatever_is_sent_the_description_holds(town: Town, examples: int) -> None:
    programs = [town.mall.program(entity, role) for entity, role in ROLES]
    schema = schemathesis.openapi.from_asgi("/openapi.json", town.app)
    for found in schema.get_all_operations():
        operation: Any = found.ok()  # type: ignore[union-attr] # an Err would fail here, as it should

        @settings(max_examples=examples, deadline=None, suppress_health_check=list(HealthCheck))
        @given(
            case=operation.as_strategy(),
            who=st.sampled_from(programs),
            real=st.booleans(),
            number=st.integers(0, 5),
        )
        def fuzz(case: Any, who: Program, *, real: bool, number: int) -> None:  # noqa: ANN401 - a generated request
            if real:
                for name in case.path_parameters or {}:
                    known = town.ids.get(name, [])
                    if known:
                        case.path_parameters[name] = known[number % len(known)]
            if isinstance(case.body, dict) and case.body.get("days") in range(1, 32):
                case.body["days"] = 1  # days pass slowly, and one is like the next
            response = case.call(headers=who.headers(), base_url=town.mall.url)
            case.validate_response(response, checks=CHECKS)

        fuzz()
