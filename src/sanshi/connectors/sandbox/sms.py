"""Text messages 短信 of the sandbox: nobody is sent any; who should have been can look them up."""

from __future__ import annotations

from collections.abc import Callable

import structlog
from fastapi import FastAPI
from fastapi.responses import JSONResponse, Response

from sanshi.connectors.sandbox import faults, messages
from sanshi.connectors.sandbox.book import Book
from sanshi.party.identity import mask_mobile

SHOWN = 20
"""How many of the latest messages can be looked up."""

log = structlog.get_logger()


def add_routes(
    app: FastAPI,
    book: Book,
    rolls: faults.Faults,
    failure: Callable[[faults.Fault | None], Response | None],
) -> None:
    """Let the sandbox take text messages, and show them to whoever holds its secret."""

    @app.post("/sms")
    def send(body: messages.SmsBody) -> Response:
        with book.write() as db:
            fault = rolls.draw(db, "sms")
            if fault is None or fault.kind in {"timeout_after", "late", "garbled"}:
                db.execute(
                    "INSERT OR IGNORE INTO sms (message_id, mobile, text) VALUES (?, ?, ?)",
                    (body.message_id, body.mobile, body.text),
                )
        log.info("sms", message_id=body.message_id, mobile=mask_mobile(body.mobile))
        return failure(fault) or JSONResponse({"message_id": body.message_id})

    @app.get("/sms")
    def latest() -> list[dict[str, str]]:
        with book.write() as db:
            rows = db.execute(
                "SELECT message_id, mobile, text FROM sms ORDER BY seq DESC LIMIT ?", (SHOWN,)
            )
            return [dict(row) for row in rows]
