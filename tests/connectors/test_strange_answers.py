"""Clients against a TCP server that answers whatever it is told: an error, never a crash."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date

import pytest

from sanshi.connectors.identity import HttpIdentity
from sanshi.connectors.payments import HttpPayments, unknown_outcome
from sanshi.kernel.errors import ConflictError, ImpossibleError, UnavailableError
from sanshi.ports import IdentityAnswer, Instruction, RailAnswer

_ORDER = Instruction("py_1", "pay", 100, "CNY", "a", "b", "")
_GOOD = {
    "instruction_id": "py_1",
    "kind": "pay",
    "amount_fen": 100,
    "status": "succeeded",
    "rail_reference": "R1",
    "value_date": "2026-11-22",
    "failure_code": "",
}
_DAY = date(2026, 11, 22)


@contextmanager
def _server(*answers: bytes) -> Iterator[str]:
    """Answer each connection in turn with these bytes, then close it."""
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        for answer in answers:
            connection, _ = listener.accept()
            with connection:
                _read_request(connection)
                connection.sendall(answer)

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        thread.join(10)
        listener.close()


def _read_request(connection: socket.socket) -> None:
    read = b""
    while b"\r\n\r\n" not in read:
        read += connection.recv(65536)
    head, _, body = read.partition(b"\r\n\r\n")
    lengths = [x for x in head.lower().split(b"\r\n") if x.startswith(b"content-length:")]
    wanted = int(lengths[0].split(b":")[1]) if lengths else 0
    while len(body) < wanted:
        body += connection.recv(65536)


def _http(body: object, status: str = "200 OK", *, extra: int = 0) -> bytes:
    text = body if isinstance(body, bytes) else json.dumps(body).encode()
    head = f"HTTP/1.1 {status}\r\ncontent-length: {len(text) + extra}\r\nconnection: close\r\n\r\n"
    return head.encode() + text


_UNUSABLE = {
    "no bytes": b"",
    "no http": b"SSH-2.0-OpenSSH\r\n",
    "half a header": b"HTTP/1.1 200",
    "cut body": _http(_GOOD, extra=10),
    "empty": _http(b""),
    "html": _http(b"<html>"),
    "no utf-8": _http(b"\xff\xfe\x00"),
    "list": _http([_GOOD]),
    "number": _http(7),
    "huge nesting": _http(b"[" * 100_000),
    "redirect": _http(_GOOD, "302 Found"),
    "created": _http(_GOOD, "201 Created"),
    "html 404": _http(b"<html>", "404 Not Found"),
    "foreign 404": _http({"detail": "Not Found"}, "404 Not Found"),
    "409 of another kind": _http({"code": "other"}, "409 Conflict"),
    "teapot": _http(_GOOD, "418 Teapot"),
    "502": _http(b"<html>", "502 Bad Gateway"),
    "503": _http(_GOOD, "503 Unavailable"),
    **{f"no {name}": _http({k: v for k, v in _GOOD.items() if k != name}) for name in
       ("instruction_id", "status", "rail_reference", "value_date", "failure_code", "amount_fen")},
    "amount a text": _http({**_GOOD, "amount_fen": "100"}),
    "status unknown": _http({**_GOOD, "status": "done"}),
    "status not_found": _http({**_GOOD, "status": "not_found"}),
    "status a list": _http({**_GOOD, "status": []}),
    "date malformed": _http({**_GOOD, "value_date": "2026-02-30"}),
    "date a number": _http({**_GOOD, "value_date": 20261122}),
    "reference a number": _http({**_GOOD, "rail_reference": 1}),
}  # fmt: skip


@pytest.mark.parametrize("answer", _UNUSABLE.values(), ids=_UNUSABLE.keys())
def test_an_unusable_answer_leaves_the_outcome_unknown(answer: bytes) -> None:
    calls: list[Callable[[HttpPayments], RailAnswer]] = [
        lambda rail: rail.submit(_ORDER),
        lambda rail: rail.enquire("py_1"),
    ]
    for call in calls:
        with _server(answer) as url:
            rail = HttpPayments(url, "s", timeout_seconds=5)
            with pytest.raises(UnavailableError) as caught:
                call(rail)
            rail.close()
        assert unknown_outcome(caught.value)
        assert caught.value.fix


def test_a_good_answer_of_the_same_server_is_read() -> None:
    with _server(_http(_GOOD), _http(_GOOD)) as url:
        rail = HttpPayments(url, "s", timeout_seconds=5)
        expected = RailAnswer("py_1", "succeeded", "R1", _DAY, "", _ORDER.amount_fen)
        assert rail.submit(_ORDER) == expected
        assert rail.enquire("py_1") == expected
        rail.close()


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"instruction_id": "py_2"}, "rail.other_instruction"),
        ({"amount_fen": 99}, "rail.other_amount"),
        ({"kind": "refund"}, "rail.other_amount"),
    ],
)
def test_an_answer_about_something_else_is_impossible(change: dict[str, object], code: str) -> None:
    with _server(_http({**_GOOD, **change})) as url:
        rail = HttpPayments(url, "s", timeout_seconds=5)
        with pytest.raises(ImpossibleError) as caught:
            rail.submit(_ORDER)
        rail.close()
    assert caught.value.code == code


def test_an_enquiry_answered_for_another_id_is_impossible() -> None:
    with _server(_http({**_GOOD, "instruction_id": "py_2"})) as url:
        rail = HttpPayments(url, "s", timeout_seconds=5)
        with pytest.raises(ImpossibleError, match=r"rail\.other_instruction"):
            rail.enquire("py_1")
        rail.close()


def test_only_the_rails_own_words_count_as_not_found_or_reused() -> None:
    with _server(
        _http({"code": "rail.not_found"}, "404 Not Found"),
        _http({"code": "rail.id_reused"}, "409 Conflict"),
    ) as url:
        rail = HttpPayments(url, "s", timeout_seconds=5)
        assert rail.enquire("py_1").status == "not_found"
        with pytest.raises(ConflictError):
            rail.submit(_ORDER)
        rail.close()


def test_nobody_listening_means_that_nothing_was_sent() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    rail = HttpPayments(f"http://127.0.0.1:{port}", "s", timeout_seconds=5)
    with pytest.raises(UnavailableError) as caught:
        rail.submit(_ORDER)
    assert caught.value.code == "rail.not_reached"
    assert not unknown_outcome(caught.value)
    rail.close()


def test_a_listener_that_never_answers_runs_into_the_time_out() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}"
        rail = HttpPayments(url, "s", timeout_seconds=0.2)
        with pytest.raises(UnavailableError, match="ReadTimeout") as caught:
            rail.submit(_ORDER)
        assert unknown_outcome(caught.value)
        rail.close()


_LINE = {k: v for k, v in _GOOD.items() if k not in {"status", "failure_code"}}
_END = {"end": True, "value_date": "2026-11-22", "lines": 1, "total_fen": 100}


def _file(*rows: object) -> bytes:
    return _http(b"".join(json.dumps(row).encode() + b"\n" for row in rows))


@pytest.mark.parametrize(
    "answer",
    [
        _http(b""),
        _file(_LINE),
        _file(_END),
        _file(_LINE, _LINE, _END),
        _file(_LINE, {**_END, "total_fen": 99}),
        _file(_LINE, {**_END, "lines": 2}),
        _file(_LINE, {**_END, "value_date": "2026-11-23"}),
        _file({**_LINE, "value_date": "2026-11-21"}, _END),
        _file({**_LINE, "amount_fen": 0}, {**_END, "total_fen": 0}),
        _file({**_LINE, "amount_fen": 100.0}, _END),
        _file({**_LINE, "amount_fen": "100"}, _END),
        _file({**_LINE, "kind": "gift"}, _END),
        _file(7, _END),
        _http(b"{}\n<html>\n"),
        _http(b"", "204 No Content"),
        _http(b"x", "404 Not Found"),
    ],
    ids=range(16),
)
def test_a_statement_that_is_not_whole_is_refused(answer: bytes) -> None:
    with _server(answer) as url:
        rail = HttpPayments(url, "s", timeout_seconds=5)
        with pytest.raises(UnavailableError, match=r"rail\.malformed"):
            rail.statement(_DAY)
        rail.close()


def test_a_whole_statement_of_the_same_server_is_read() -> None:
    with _server(_file(_LINE, _END)) as url:
        rail = HttpPayments(url, "s", timeout_seconds=5)
        assert [line.amount_fen for line in rail.statement(_DAY)] == [100]
        rail.close()


_PERSON = {
    "reference": "idv_1",
    "matched": True,
    "sanctions_hits": [],
    "court_dishonest": False,
}


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        _http(b"<html>"),
        _http(_PERSON, "500 Oops"),
        _http(_PERSON, "404 Not Found"),
        _http({**_PERSON, "matched": "yes"}),
        _http({**_PERSON, "matched": 1}),
        _http({**_PERSON, "reference": None}),
        _http({**_PERSON, "sanctions_hits": None}),
        _http({**_PERSON, "sanctions_hits": [1]}),
        _http({**_PERSON, "sanctions_hits": "a"}),
        _http({**_PERSON, "court_dishonest": None}),
    ],
)
def test_an_unusable_identity_answer_is_never_a_match(answer: bytes) -> None:
    with _server(answer) as url:
        verifier = HttpIdentity(url, "s", timeout_seconds=5)
        with pytest.raises(UnavailableError) as caught:
            verifier.verify(full_name="林小满", id_number="1", mobile="2")
        verifier.close()
    assert "林小满" not in str(caught.value)


def test_a_good_identity_answer_is_read() -> None:
    with _server(_http({**_PERSON, "sanctions_hits": ["x"]})) as url:
        verifier = HttpIdentity(url, "s", timeout_seconds=5)
        answer = verifier.verify(full_name="林小满", id_number="1", mobile="2")
        verifier.close()
    assert answer == IdentityAnswer("idv_1", True, ("x",), False)  # noqa: FBT003 - the port's own order
