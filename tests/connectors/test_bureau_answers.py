"""The bureau's client against a TCP server that answers whatever it is told."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from sanshi.connectors.bureau import NO_RECORD, HttpBureau
from sanshi.kernel.errors import UnavailableError
from sanshi.kernel.ids import RANDOM_BYTES, make_id
from sanshi.ports import Report

_DAY = date(2026, 11, 22)
_CONSENT = make_id("cn", datetime(2026, 11, 22, tzinfo=UTC), bytes(RANDOM_BYTES))
_CREDIT = {"reference": "cr_1", "as_of": "2026-11-22", "values": {"live_loans": 2}}
_NO_VALUES = {"reference": "cr_1", "as_of": "2026-11-22"}
_PUBLIC = {**_CREDIT, "values": {"income_evidence": "tax", "verified_income_fen": 1}}


@contextmanager
def _server(body: object, status: int = 200) -> Iterator[HttpBureau]:
    """A bureau behind a TCP server that gives one answer to everything."""
    text = body if isinstance(body, bytes) else json.dumps(body).encode()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["content-length"]))
            self.send_response(status)
            self.send_header("content-length", str(len(text)))
            self.end_headers()
            self.wfile.write(text)

        def log_message(self, *_: object) -> None:
            """Keep the test's output clean."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    bureau = HttpBureau(f"http://127.0.0.1:{server.server_port}", "s", timeout_seconds=5)
    try:
        yield bureau
    finally:
        bureau.close()
        server.shutdown()
        thread.join()
        server.server_close()


def _values(change: dict[str, object]) -> dict[str, object]:
    return {**_CREDIT, "values": change}


_UNUSABLE: dict[str, tuple[object, int]] = {
    "html": (b"<html>", 200),
    "empty": (b"", 200),
    "list": ([_CREDIT], 200),
    "huge number": (b'{"values": {"live_loans": ' + b"9" * 5000 + b"}}", 200),
    "created": (_CREDIT, 201),
    "redirect": (_CREDIT, 302),
    "server error": (_CREDIT, 500),
    "a stranger's 404": ({"detail": "Not Found", **_CREDIT}, 404),
    "404 without its day": ({"code": NO_RECORD, "reference": "cr_1"}, 404),
    "200 that says no record": ({"code": NO_RECORD, **_NO_VALUES}, 200),
    **{f"no {name}": ({k: v for k, v in _CREDIT.items() if k != name}, 200) for name in _CREDIT},
    "reference empty": ({**_CREDIT, "reference": ""}, 200),
    "reference a number": ({**_CREDIT, "reference": 1}, 200),
    "day malformed": ({**_CREDIT, "as_of": "2026-02-30"}, 200),
    "day out of range": ({**_CREDIT, "as_of": "1999-12-31"}, 200),
    "day a number": ({**_CREDIT, "as_of": 20261122}, 200),
    "values a list": ({**_CREDIT, "values": []}, 200),
    "text": (_values({"live_loans": "2"}), 200),
    "truth": (_values({"live_loans": True}), 200),
    "float": (_values({"live_loans": 2.0}), 200),
    "null": (_values({"live_loans": None}), 200),
    "nested": (_values({"live_loans": {"value": 2}}), 200),
    "negative": (_values({"live_loans": -1}), 200),
    "too many": (_values({"live_loans": 10_001}), 200),
    "one of two": (_values({"live_loans": 2, "total_debt_fen": "1"}), 200),
}  # fmt: skip


@pytest.mark.parametrize("name", _UNUSABLE)
def test_an_unusable_report_is_none_at_all(name: str) -> None:
    with _server(*_UNUSABLE[name]) as bureau, pytest.raises(UnavailableError) as caught:
        bureau.credit_report(full_name="林小满", id_number="1", consent_id=_CONSENT)
    assert caught.value.code in {"bureau.malformed", "bureau.no_answer"}
    assert caught.value.fix
    assert "林小满" not in str(caught.value)


@pytest.mark.parametrize("evidence", ["declared", "rumour", 1, ["tax"]])
def test_public_data_cannot_pass_on_a_persons_own_statement(evidence: object) -> None:
    answer = {**_PUBLIC, "values": {"income_evidence": evidence}}
    with _server(answer) as bureau, pytest.raises(UnavailableError, match="income_evidence"):
        bureau.public_data(full_name="林小满", id_number="1", consent_id=_CONSENT)


def test_unknown_fields_and_other_sources_features_are_ignored() -> None:
    foreign = {"identity_matched": "yes", "amount_fen": 1, "housing_fund_months": 3, "colour": []}
    credit = {**_CREDIT, "more": 1, "values": {"live_loans": 2, **foreign}}
    with _server(credit) as bureau:
        told = bureau.credit_report(full_name="林小满", id_number="1", consent_id=_CONSENT)
    assert told == Report("cr_1", _DAY, {"live_loans": 2})
    public = {**_PUBLIC, "values": {"housing_fund_months": 3, "live_loans": "x", "is_student": 0}}
    with _server(public) as bureau:
        told = bureau.public_data(full_name="林小满", id_number="1", consent_id=_CONSENT)
    assert told == Report("cr_1", _DAY, {"housing_fund_months": 3})


def test_a_404_in_the_sources_own_words_is_an_empty_report() -> None:
    with _server({**_CREDIT, "code": NO_RECORD}, 404) as bureau:
        for query in (bureau.credit_report, bureau.public_data):
            told = query(full_name="林小满", id_number="1", consent_id=_CONSENT)
            assert told == Report("cr_1", _DAY, {})
