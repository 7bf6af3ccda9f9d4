"""Callbacks over TCP: signed, repeated until taken, duplicated, held, lost; replays refused."""

from __future__ import annotations

import base64
import json
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from standardwebhooks import Webhook

from sanshi.connectors.payments import HttpPayments, RailCallback, read_callback
from sanshi.connectors.process import SandboxPlan, SandboxProcess, running_sandbox
from sanshi.connectors.sandbox.callbacks import MAX_ATTEMPTS
from sanshi.connectors.sandbox.control import SandboxControl
from sanshi.kernel.errors import ForbiddenError, InputError
from sanshi.ports import Instruction

_SECRET = "whsec_" + base64.b64encode(b"callback secret of the tests").decode()
_DAY = date(2026, 11, 22)


@dataclass
class Listener:
    """A receiver that takes callbacks, or answers 500 so many times first."""

    got: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    failures_left: int = 0
    url: str = ""

    def bodies(self) -> list[bytes]:
        return [body for _, body in list(self.got)]


@dataclass
class Scene:
    """A sandbox shared by the tests of this file; each counts its own callbacks only."""

    payments: HttpPayments
    control: SandboxControl
    listener: Listener
    before: int = 0

    def pay(self, number: int) -> Instruction:
        order = Instruction(self.name(number), "pay", 100 + number, "CNY", "a", "b", "")
        self.payments.submit(order)
        return order

    def name(self, number: int) -> str:
        return f"py_{self.before}_{number}"

    def states(self) -> list[object]:
        return [row["state"] for row in self.control.callbacks()[self.before :]]


@pytest.fixture
def listener() -> Iterator[Listener]:
    state = Listener()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            state.got.append((dict(self.headers.items()), body))
            failing = state.failures_left > 0
            state.failures_left -= failing
            self.send_response(500 if failing else 204)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    state.url = f"http://127.0.0.1:{server.server_address[1]}/hooks/rail"
    yield state
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    with running_sandbox(SandboxPlan(tmp_path_factory.mktemp("rail"), value_date=_DAY)) as process:
        payments = HttpPayments(process.base_url, process.secret, timeout_seconds=10)
        control = SandboxControl(process.base_url, process.secret)
        yield Scene(payments, control, Listener())
        payments.close()
        control.close()


@pytest.fixture
def scene(shared: Scene, listener: Listener) -> Iterator[Scene]:
    shared.control.clear_faults()
    shared.control.listen(listener.url, _SECRET)
    before = len(shared.control.callbacks())
    yield Scene(shared.payments, shared.control, listener, before)
    shared.control.listen(None)


def test_a_settlement_is_called_back_signed_and_reads_like_the_enquiry(scene: Scene) -> None:
    order = scene.pay(1)
    _until(lambda: scene.states() == ["sent"])
    [(headers, body)] = scene.listener.got
    read = read_callback(_SECRET, headers, body)
    assert read == RailCallback(
        f"msg_{order.instruction_id}", "pay", 101, scene.payments.enquire(order.instruction_id)
    )
    assert json.loads(body)["type"] == "instruction.succeeded"


def test_a_failed_instruction_is_called_back_too(scene: Scene) -> None:
    scene.control.queue_fault("submit", "reject")
    scene.pay(1)
    _until(lambda: scene.states() == ["sent"])
    read = read_callback(_SECRET, *scene.listener.got[0])
    assert (read.answer.status, read.answer.failure_code) == ("failed", "rejected")


def test_it_is_sent_again_until_it_is_taken(scene: Scene) -> None:
    scene.listener.failures_left = 2
    scene.pay(1)
    _until(lambda: scene.states() == ["sent"])
    reads = [read_callback(_SECRET, *got) for got in scene.listener.got]
    assert len(reads) == 3
    assert len(set(reads)) == 1, "every attempt carries the same id and contents"


def test_attempts_are_bounded_and_a_given_up_callback_can_be_released(scene: Scene) -> None:
    scene.listener.failures_left = 1000
    scene.pay(1)
    _until(lambda: scene.states() == ["given_up"])
    assert len(scene.listener.got) == MAX_ATTEMPTS
    scene.listener.failures_left = 0
    assert scene.control.release("given_up") == 1
    _until(lambda: scene.states() == ["sent"])
    assert len(scene.listener.got) == MAX_ATTEMPTS + 1


def test_one_that_fails_does_not_hold_up_the_next(scene: Scene) -> None:
    scene.listener.failures_left = 1
    scene.pay(1)
    scene.pay(2)
    _until(lambda: scene.states() == ["sent", "sent"])
    assert len(scene.listener.got) == 3


def test_fault_duplicate_comes_twice_with_one_id(scene: Scene) -> None:
    scene.control.queue_fault("callback", "duplicate")
    scene.pay(1)
    _until(lambda: scene.states() == ["sent"])
    first, second = [read_callback(_SECRET, *got) for got in scene.listener.got]
    assert first == second


def test_fault_late_waits_until_released_while_the_next_goes_out(scene: Scene) -> None:
    scene.control.queue_fault("callback", "late")
    scene.pay(1)
    scene.pay(2)
    _until(lambda: scene.states() == ["held", "sent"])
    assert [read_callback(_SECRET, *got).amount_fen for got in scene.listener.got] == [102]
    assert scene.control.release() == 1
    _until(lambda: scene.states() == ["sent", "sent"])
    assert [read_callback(_SECRET, *got).amount_fen for got in scene.listener.got] == [102, 101]


def test_fault_lost_never_comes_and_the_enquiry_tells(scene: Scene) -> None:
    scene.control.queue_fault("callback", "lost")
    order = scene.pay(1)
    scene.pay(2)
    _until(lambda: scene.states() == ["lost", "sent"])
    assert [read_callback(_SECRET, *got).message_id for got in scene.listener.got] == [
        f"msg_{scene.name(2)}"
    ]
    assert scene.payments.enquire(order.instruction_id).status == "succeeded"


def test_fault_wrong_amount_differs_from_what_was_booked(scene: Scene) -> None:
    scene.control.queue_fault("callback", "wrong_amount")
    order = scene.pay(1)
    _until(lambda: scene.states() == ["sent"])
    assert read_callback(_SECRET, *scene.listener.got[0]).amount_fen == order.amount_fen + 1
    booked = {x.instruction_id: x.amount_fen for x in scene.payments.statement(_DAY)}
    assert booked[order.instruction_id] == order.amount_fen


def test_an_unsettled_instruction_calls_back_when_it_settles(scene: Scene) -> None:
    scene.control.queue_fault("submit", "unsettled")
    scene.pay(1)
    assert scene.states() == []
    scene.control.settle()
    _until(lambda: scene.states() == ["sent"])


def test_waiting_callbacks_survive_a_kill_and_go_out_after_the_restart(
    tmp_path: Path, listener: Listener
) -> None:
    listener.failures_left = 1000
    plan = SandboxPlan(
        tmp_path, value_date=_DAY, callback_url=listener.url, callback_secret=_SECRET
    )
    process = SandboxProcess(plan)
    process.start()
    payments = HttpPayments(process.base_url, process.secret, timeout_seconds=10)
    payments.submit(Instruction("py_1", "pay", 101, "CNY", "a", "b", ""))
    payments.close()
    process.kill()
    listener.failures_left = 0
    listener.got.clear()
    process.start()
    try:
        _until(lambda: len(listener.got) == 1)
        assert read_callback(_SECRET, *listener.got[0]).answer.instruction_id == "py_1"
    finally:
        process.stop()


def test_nobody_listening_queues_nothing_and_listening_can_begin_later(scene: Scene) -> None:
    scene.control.listen(None)
    scene.pay(1)
    assert scene.states() == []
    scene.control.listen(scene.listener.url, _SECRET)
    scene.pay(2)
    _until(lambda: scene.states() == ["sent"])


@pytest.mark.parametrize(
    ("url", "secret", "code"),
    [
        ("ftp://127.0.0.1/x", _SECRET, "sandbox.callback_url"),
        ("no address", _SECRET, "sandbox.callback_url"),
        ("http://127.0.0.1:1/x", "", "sandbox.callback_secret"),
        ("http://127.0.0.1:1/x", "whsec_é", "sandbox.callback_secret"),
    ],
)
def test_a_target_that_cannot_work_is_refused(
    scene: Scene, url: str, secret: str, code: str
) -> None:
    with pytest.raises(InputError) as caught:
        scene.control.listen(url, secret)
    assert caught.value.code == code


# ── verification ──

_BODY = json.dumps(
    {
        "type": "instruction.succeeded",
        "data": {
            "instruction_id": "py_1",
            "kind": "pay",
            "amount_fen": 100,
            "status": "succeeded",
            "rail_reference": "R1",
            "value_date": "2026-11-22",
            "failure_code": "",
        },
    }
)


def _signed(
    body: str = _BODY, *, age: timedelta = timedelta(), secret: str = _SECRET
) -> dict[str, str]:
    moment = datetime.now(UTC) - age  # real clock: the signature library compares with it
    return {
        "Webhook-Id": "msg_1",
        "Webhook-Timestamp": str(int(moment.timestamp())),
        "Webhook-Signature": Webhook(secret).sign("msg_1", moment, body),
    }


def test_a_fresh_signature_is_accepted() -> None:
    assert read_callback(_SECRET, _signed(), _BODY.encode()).message_id == "msg_1"
    recent = _signed(age=timedelta(minutes=4))
    assert read_callback(_SECRET, recent, _BODY.encode()).amount_fen == 100


@pytest.mark.parametrize("age", [timedelta(minutes=6), timedelta(minutes=-6), timedelta(days=900)])
def test_a_replay_betrays_itself_by_its_time(age: timedelta) -> None:
    with pytest.raises(ForbiddenError, match=r"too (old|new)"):
        read_callback(_SECRET, _signed(age=age), _BODY.encode())


def test_a_replay_with_a_fresh_time_has_no_signature() -> None:
    old = _signed(age=timedelta(minutes=6))
    with pytest.raises(ForbiddenError):
        read_callback(
            _SECRET,
            {**old, "Webhook-Timestamp": _signed()["Webhook-Timestamp"]},
            _BODY.encode(),
        )


@pytest.mark.parametrize(
    "change",
    [
        {"Webhook-Id": "msg_2"},
        {"Webhook-Id": ""},
        {"Webhook-Timestamp": "soon"},
        {"Webhook-Timestamp": "1e400"},
        {"Webhook-Signature": ""},
        {"Webhook-Signature": "v1"},
        {"Webhook-Signature": "v1,%%%"},
        {"Webhook-Signature": "v2,AAAA"},
        {"Webhook-Signature": "v1," + base64.b64encode(bytes(32)).decode()},
    ],
)
def test_changed_headers_are_refused(change: dict[str, str]) -> None:
    with pytest.raises(ForbiddenError, match=r"rail\.callback_refused"):
        read_callback(_SECRET, {**_signed(), **change}, _BODY.encode())


def test_a_changed_body_another_secret_or_no_headers_are_refused() -> None:
    other = "whsec_" + base64.b64encode(b"somebody else").decode()
    for headers, body in [
        (_signed(), _BODY.replace("100", "101").encode()),
        (_signed(), b"\xff\xfe"),
        (_signed(secret=other), _BODY.encode()),
        ({}, _BODY.encode()),
    ]:
        with pytest.raises(ForbiddenError):
            read_callback(_SECRET, headers, body)


@pytest.mark.parametrize("body", ["", "[]", "{}", '{"data": 1}', '{"data": {"kind": "pay"}}'])
def test_a_genuine_but_unreadable_callback_is_an_input_error(body: str) -> None:
    with pytest.raises(InputError, match=r"rail\.callback_malformed"):
        read_callback(_SECRET, _signed(body), body.encode())


def _until(condition: Callable[[], bool], seconds: float = 15.0) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "waited too long"
        time.sleep(0.02)
