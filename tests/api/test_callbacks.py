"""Callbacks from the real sandbox over TCP: duplicate, late, lost; forged and malformed ones."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import httpx
from standardwebhooks import Webhook

from dumps import rows_of, state_hash
from faults.door import SECRET
from sanshi.api.callbacks import MAX_BODY_BYTES
from sanshi.jobs.outbox import deliver, enquire_open
from worlds import LENDER, XIAOMAN, Desk, staff


def ordered(desk: Desk) -> str:
    """Order a disbursement that has not been sent yet; returns the payment's id."""
    loan_id = desk.signed(desk.person(XIAOMAN))
    answer = desk.do("order_disbursement", staff("servicing"), loan_id=loan_id)
    return str(answer["payment_id"])


def accepted(desk: Desk) -> str:
    """Let the rail take the order without settling it."""
    payment_id = ordered(desk)
    desk.outside.queue_fault("submit", "unsettled")
    assert deliver(desk.world).sent == 1
    assert stage(desk, payment_id) == "sent"
    return payment_id


def stage(desk: Desk, stream: str) -> str:
    return desk.world.store.standing(stream)[1]


def loan_stage(desk: Desk, payment_id: str) -> str:
    row = desk.world.store.row("payment", payment_id=payment_id)
    assert row is not None
    return stage(desk, row["subject"])


def kinds(desk: Desk, stream: str) -> list[str]:
    return [event.kind for event in desk.world.store.events(stream)]


def callback_state(desk: Desk, payment_id: str) -> str:
    found = [c["state"] for c in desk.outside.callbacks() if c["instruction_id"] == payment_id]
    assert len(found) <= 1
    return str(found[0]) if found else ""


def until(condition: Callable[[], bool], seconds: float = 20.0) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "waited too long"
        time.sleep(0.02)


def body_of(payment_id: str, **changes: object) -> str:
    data = {
        "instruction_id": payment_id,
        "kind": "pay",
        "amount_fen": 699900,
        "status": "succeeded",
        "rail_reference": "R1",
        "value_date": "2026-11-02",
        "failure_code": "",
    }
    return json.dumps({"type": "instruction.succeeded", "data": data | changes})


def send(
    door: str, body: str, message_id: str = "msg_test", secret: str = SECRET
) -> httpx.Response:
    now = datetime.now(UTC)  # real clock: the signature library compares with it
    headers = {
        "content-type": "application/json",
        "webhook-id": message_id,
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": Webhook(secret).sign(message_id, now, body),
    }
    return httpx.post(door, content=body.encode(), headers=headers, trust_env=False, timeout=20)


def problem(response: httpx.Response) -> tuple[int, str]:
    assert response.headers["content-type"] == "application/problem+json"
    document = response.json()
    assert document.keys() == {"type", "title", "status", "detail", "code", "field", "fix"}
    assert document["status"] == response.status_code
    return response.status_code, document["code"]


def test_a_settlement_is_heard(desk: Desk, door: str) -> None:
    assert door
    payment_id = accepted(desk)
    desk.outside.settle([payment_id])
    until(lambda: callback_state(desk, payment_id) == "sent")
    assert stage(desk, payment_id) == "succeeded"
    assert loan_stage(desk, payment_id) == "active"


def test_a_duplicate_is_taken_and_changes_nothing(desk: Desk, door: str) -> None:
    assert door
    payment_id = accepted(desk)
    desk.outside.queue_fault("callback", "duplicate")
    desk.outside.settle([payment_id])
    until(lambda: callback_state(desk, payment_id) == "sent")
    assert kinds(desk, payment_id) == ["intended", "sent", "succeeded"]
    before = state_hash(desk.url)
    desk.outside.release("sent")  # a third time
    until(lambda: callback_state(desk, payment_id) == "sent")
    assert state_hash(desk.url) == before


def test_a_late_one_comes_after_the_enquiry_and_changes_nothing(desk: Desk, door: str) -> None:
    assert door
    payment_id = accepted(desk)
    desk.outside.queue_fault("callback", "late")
    desk.outside.settle([payment_id])
    assert enquire_open(desk.world, LENDER) == 1
    assert stage(desk, payment_id) == "succeeded"
    before = state_hash(desk.url, without=frozenset({"used_key"}))
    desk.outside.release("held")
    until(lambda: callback_state(desk, payment_id) == "sent")
    assert state_hash(desk.url, without=frozenset({"used_key"})) == before


def test_one_that_overtakes_the_answer_is_heard_first(desk: Desk, door: str) -> None:
    assert door
    payment_id = ordered(desk)
    desk.outside.queue_fault("submit", "late", hold_ms=500)
    assert deliver(desk.world).sent == 1  # the answer came half a second after the callback
    until(lambda: callback_state(desk, payment_id) == "sent")
    assert kinds(desk, payment_id) == ["intended", "succeeded"]
    assert loan_stage(desk, payment_id) == "active"


def test_a_lost_one_never_comes_and_the_enquiry_tells(desk: Desk, door: str) -> None:
    assert door
    payment_id = accepted(desk)
    desk.outside.queue_fault("callback", "lost")
    desk.outside.settle([payment_id])
    assert callback_state(desk, payment_id) == "lost"
    assert stage(desk, payment_id) == "sent"
    assert enquire_open(desk.world, LENDER) == 1
    assert stage(desk, payment_id) == "succeeded"


def test_a_wrong_amount_is_a_case_and_books_nothing(desk: Desk, door: str) -> None:
    assert door
    payment_id = accepted(desk)
    books = desk.world.store.balances(LENDER)
    desk.outside.queue_fault("callback", "wrong_amount")
    desk.outside.settle([payment_id])
    until(lambda: callback_state(desk, payment_id) == "sent")
    assert stage(desk, payment_id) == "sent"
    assert desk.world.store.balances(LENDER) == books
    [case] = desk.world.store.rows("work_case", {"subject": payment_id})
    assert case["kind"] == "rail_amount"


def test_a_replayed_message_is_answered_the_same_and_done_once(desk: Desk, door: str) -> None:
    payment_id = accepted(desk)
    first = send(door, body_of(payment_id))
    assert (first.status_code, stage(desk, payment_id)) == (200, "succeeded")
    before = state_hash(desk.url)
    again = send(door, body_of(payment_id))
    assert (again.status_code, again.json()) == (200, first.json())
    assert state_hash(desk.url) == before


def test_one_message_id_with_other_contents_is_refused(desk: Desk, door: str) -> None:
    payment_id = accepted(desk)
    assert send(door, body_of(payment_id)).status_code == 200
    before = state_hash(desk.url)
    other = send(door, body_of(payment_id, status="failed", value_date=None))
    assert problem(other) == (409, "idempotency.key_reused")
    assert state_hash(desk.url) == before


def test_an_unknown_payment_is_not_found_and_may_come_again_later(desk: Desk, door: str) -> None:
    payment_id = accepted(desk)
    unknown = payment_id[:-4] + "zzzz"
    for name in (unknown, "", "py_1", "ln_" + payment_id[3:], "a" * 9000, "py_\x00"):
        assert problem(send(door, body_of(name))) == (404, "payment.unknown")
    # Nothing was remembered under that message id: the same message may be right another time.
    assert send(door, body_of(payment_id)).status_code == 200


def test_a_forged_or_stale_message_is_not_authorised(desk: Desk, door: str) -> None:
    payment_id = accepted(desk)
    before = state_hash(desk.url)
    other = "whsec_" + "b3RoZXI="
    bare = httpx.post(door, content=body_of(payment_id), trust_env=False)
    for response in (send(door, body_of(payment_id), secret=other), bare):
        assert problem(response) == (401, "rail.callback_refused")
    assert state_hash(desk.url) == before


MALFORMED = [
    "",
    "null",
    "[]",
    "{}",
    '{"data": 1}',
    '{"data": {}}',
    "[" * 5000,
    '{"data": ' * 1000,
    "9" * 6000,
    body_of("py_x", amount_fen=-1),
    body_of("py_x", amount_fen=1.5),
    body_of("py_x", amount_fen="1"),
    body_of("py_x", status="done"),
    body_of("py_x", status="succeeded", value_date=None),
    body_of("py_x", value_date="2026-13-01"),
    body_of("py_x", kind="gift"),
]


def test_a_genuine_but_malformed_message_is_unprocessable(desk: Desk, door: str) -> None:
    before = state_hash(desk.url)
    for body in MALFORMED:
        status, code = problem(send(door, body))
        assert (status, code) in {(422, "rail.callback_malformed"), (422, "callback.malformed")}
    assert state_hash(desk.url) == before


def test_strange_texts_and_amounts_never_break_it(desk: Desk, door: str) -> None:
    payment_id = accepted(desk)
    strange: list[tuple[str, dict[str, Any], int]] = [
        ("m1", {"rail_reference": "\ud800"}, 422),
        ("m2", {"rail_reference": "\x00", "amount_fen": 10**40}, 200),
        ("m3", {"failure_code": "x" * 9000, "amount_fen": 1}, 200),
        ("m" * 300, {}, 422),
        ("m4", {"value_date": "9999-12-31", "amount_fen": 1}, 200),
    ]
    for message_id, change, status in strange:
        assert send(door, body_of(payment_id, **change), message_id).status_code == status
    assert stage(desk, payment_id) == "sent", "none of them named the amount that was ordered"
    assert rows_of(desk.url)["posting"]


def test_what_is_no_callback_is_a_problem_too(desk: Desk, door: str) -> None:
    before = state_hash(desk.url)
    too_large = "x" * (MAX_BODY_BYTES + 1)
    assert problem(send(door, too_large)) == (413, "callback.too_large")
    assert problem(httpx.get(door, trust_env=False)) == (405, "http.no_such_call")
    elsewhere = httpx.post(door + "/more", trust_env=False)
    assert problem(elsewhere) == (404, "http.no_such_call")
    assert state_hash(desk.url) == before
