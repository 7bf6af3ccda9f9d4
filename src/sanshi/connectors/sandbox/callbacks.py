"""Callbacks: results of settlement, signed per Standard Webhooks, sent again when not taken.

Rows wait in the book, so a killed sandbox goes on where it stopped. The message id is the same
in every attempt and duplicate: a receiver that has seen it can leave it.
"""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import httpx
import structlog
from standardwebhooks import Webhook

from sanshi.connectors.sandbox.book import Book, get_state, set_state
from sanshi.connectors.sandbox.faults import Faults
from sanshi.connectors.trust import trusted
from sanshi.kernel.canonical import canonical_json
from sanshi.kernel.errors import InputError

MAX_ATTEMPTS = 6
FIRST_RETRY_SECONDS = 0.1
_SEND_SECONDS = 5.0
_IDLE_SECONDS = 0.5
_URL = "callback_url"
_SECRET = "callback_secret"  # noqa: S105  the name of a setting, not a secret

_STATE_OF = {"lost": "lost", "late": "held"}

log = structlog.get_logger()


def announce(db: sqlite3.Connection, faults: Faults, answer: Mapping[str, object]) -> None:
    """Queue the callback of an ended instruction, if anybody listens."""
    if get_state(db, _URL) is None:
        return
    fault = faults.draw(db, "callback")
    kind = "" if fault is None else fault.kind
    data = dict(answer)
    if kind == "wrong_amount" and isinstance(data["amount_fen"], int):
        data["amount_fen"] = data["amount_fen"] + 1
    body = canonical_json({"type": f"instruction.{answer['status']}", "data": data}).decode()
    db.execute(
        "INSERT INTO callbacks (instruction_id, body, state, copies_left, failures)"
        " VALUES (?, ?, ?, ?, 0)",
        (
            answer["instruction_id"],
            body,
            _STATE_OF.get(kind, "due"),
            2 if kind == "duplicate" else 1,
        ),
    )


def set_target(book: Book, url: str | None, secret: str) -> None:
    """Say where callbacks go from now on, and what signs them."""
    if url is not None:
        _check_url(url)
        _check_secret(secret)
    with book.write() as db:
        set_state(db, _URL, url)
        set_state(db, _SECRET, None if url is None else secret)


def release(book: Book, states: Sequence[str]) -> int:
    """Make callbacks in these states due again; says how many."""
    released = 0
    with book.write() as db:
        for state in states:
            released += db.execute(
                "UPDATE callbacks SET state = 'due', failures = 0,"
                " copies_left = max(copies_left, 1) WHERE state = ?",
                (state,),
            ).rowcount
    return released


def listed(book: Book) -> list[dict[str, object]]:
    """Return every callback with its state, oldest first."""
    with book.write() as db:
        rows = db.execute("SELECT instruction_id, state, failures FROM callbacks ORDER BY seq")
        return [dict(row) for row in rows]


@dataclass(slots=True)
class _Due:
    seq: int
    instruction_id: str
    body: str
    failures: int
    copies_left: int


class Sender:
    """A thread that sends what is due."""

    def __init__(self, book: Book) -> None:
        """Prepare; `start` begins."""
        self._book = book
        self._wake = threading.Event()
        self._ended = threading.Event()
        self._not_before: dict[int, float] = {}
        self._thread = threading.Thread(target=self._run, name="callbacks", daemon=True)

    def start(self) -> None:
        """Begin sending."""
        self._thread.start()

    def wake(self) -> None:
        """Say that something may be due."""
        self._wake.set()

    def stop(self) -> None:
        """End after the send in hand."""
        self._ended.set()
        self._wake.set()
        self._thread.join(_SEND_SECONDS + 1)

    def _run(self) -> None:
        with httpx.Client(timeout=_SEND_SECONDS, verify=trusted(), trust_env=False) as client:
            while not self._ended.is_set():
                self._wake.clear()
                self._round(client)
                self._wake.wait(self._pause())

    def _round(self, client: httpx.Client) -> None:
        with self._book.write() as db:
            url, secret = get_state(db, _URL), get_state(db, _SECRET)
            rows = db.execute(
                "SELECT seq, instruction_id, body, failures, copies_left FROM callbacks"
                " WHERE state = 'due' ORDER BY seq"
            ).fetchall()
        if url is None or secret is None:
            return
        for row in rows:
            if self._ended.is_set():
                return
            if self._not_before.get(row["seq"], 0.0) <= time.monotonic():
                self._send(client, url, secret, _Due(*row))

    def _send(self, client: httpx.Client, url: str, secret: str, due: _Due) -> None:
        taken = _post(client, url, secret, due)
        copies_left = due.copies_left - taken
        failures = due.failures + (not taken)
        state = "sent" if copies_left == 0 else "given_up" if failures >= MAX_ATTEMPTS else "due"
        self._not_before.pop(due.seq, None)
        if state == "due" and not taken:
            pause = FIRST_RETRY_SECONDS * 2 ** (failures - 1)
            self._not_before[due.seq] = time.monotonic() + pause
        with self._book.write() as db:
            db.execute(
                "UPDATE callbacks SET state = ?, copies_left = ?, failures = ? WHERE seq = ?",
                (state, copies_left, failures, due.seq),
            )
        if state == "due" and taken:
            self._wake.set()  # the duplicate goes out in the next round
        log.info("callback", instruction_id=due.instruction_id, taken=taken, state=state)

    def _pause(self) -> float:
        now = time.monotonic()
        return max(0.0, min((at - now for at in self._not_before.values()), default=_IDLE_SECONDS))


def _post(client: httpx.Client, url: str, secret: str, due: _Due) -> bool:
    now = datetime.now(UTC)
    message_id = f"msg_{due.instruction_id}"
    headers = {
        "content-type": "application/json",
        "webhook-id": message_id,
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": Webhook(secret).sign(message_id, now, due.body),
    }
    try:
        return client.post(url, content=due.body.encode(), headers=headers).is_success
    except httpx.HTTPError:
        return False


def _check_url(url: str) -> None:
    try:
        good = httpx.URL(url).scheme in {"http", "https"} and bool(httpx.URL(url).host)
    except httpx.InvalidURL:
        good = False
    if not good:
        raise InputError(
            "sandbox.callback_url",
            f"{url!r} is no address to call.",
            field="url",
            fix="Write http://127.0.0.1:PORT/path.",
        )


def _check_secret(secret: str) -> None:
    try:
        Webhook(secret)
    except Exception as error:
        # The library raises several kinds for one fault: a secret that is no base64.
        raise InputError(
            "sandbox.callback_secret",
            "The callback secret is not base64, or is empty.",
            field="secret",
            fix="Use whsec_ and base64, as Standard Webhooks writes it.",
        ) from error
