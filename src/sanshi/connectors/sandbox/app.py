"""The sandbox's HTTP face: rail, identity verifier, and the controls that make them fail."""

from __future__ import annotations

import hmac
import secrets
import time
from collections.abc import Mapping
from typing import Any

import structlog
from fastapi import Depends, FastAPI, Header, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from sanshi.connectors.sandbox import callbacks, data, faults, messages, persons, sms
from sanshi.connectors.sandbox.book import Book
from sanshi.connectors.sandbox.rail import Rail, bent, statement_text
from sanshi.connectors.sandbox.wire import NOT_FOUND, SECRET_HEADER
from sanshi.kernel.dates import parse_date
from sanshi.kernel.errors import ForbiddenError, SanshiError
from sanshi.party.identity import mask_id_number, mask_mobile, mask_name

_TRANSPORT = "sanshi.transport"

log = structlog.get_logger()


class World:
    """What the routes work on."""

    def __init__(self, book: Book, rolls: faults.Faults) -> None:
        """Put rail, faults and sender over one book."""
        self.book = book
        self.faults = rolls
        self.rail = Rail(book, rolls)
        self.sender = callbacks.Sender(book)


class DropResponse(Response):
    """No answer at all: the connection is cut."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002  ASGI's form
        """Cut the connection and wait until the server has noticed."""
        scope[_TRANSPORT].abort()
        message: Message = {"type": ""}
        while message["type"] != "http.disconnect":
            message = await receive()


def create_app(world: World, secret: str) -> ASGIApp:
    """Build the application; every request must carry the shared secret."""

    def check_secret(given: str = Header("", alias=SECRET_HEADER)) -> None:
        if not hmac.compare_digest(given.encode(), secret.encode()):
            raise ForbiddenError(
                "sandbox.secret",
                "The shared secret is missing or wrong.",
                field=SECRET_HEADER,
                fix="Send the secret that the sandbox was started with.",
            )

    app = FastAPI(title="Sanshi sandbox", docs_url=None, redoc_url=None, openapi_url=None)
    app.router.dependencies.append(Depends(check_secret))
    app.add_exception_handler(SanshiError, _problem)
    app.add_exception_handler(RequestValidationError, _malformed)
    _rail_routes(app, world)
    _rail_controls(app, world)
    _fault_controls(app, world)
    _identity_routes(app, world)
    data.add_routes(app, world.book, world.faults, _failure)
    sms.add_routes(app, world.book, world.faults, _failure)
    return _with_transport(app)


def _rail_routes(app: FastAPI, world: World) -> None:
    @app.post("/rail/instructions")
    def submit(body: messages.InstructionBody) -> Response:
        told = world.rail.submit(body)
        world.sender.wake()
        log.info("submit", instruction_id=body.instruction_id, fault=_kind(told.fault))
        return _say(told.answer, told.fault)

    @app.get("/rail/instructions/{instruction_id}")
    def enquire(instruction_id: str) -> Response:
        told = world.rail.enquire(instruction_id)
        log.info("enquire", instruction_id=instruction_id, fault=_kind(told.fault))
        return _say(told.answer, told.fault)

    @app.get("/rail/statements/{day}")
    def statement(day: str) -> Response:
        asked = parse_date(day, "date")
        lines, fault = world.rail.statement(asked)
        log.info("statement", date=day, lines=len(lines), fault=_kind(fault))
        failed = _failure(fault)
        return failed or PlainTextResponse(
            statement_text(lines, asked), media_type="application/x-ndjson"
        )


def _rail_controls(app: FastAPI, world: World) -> None:
    @app.get("/health")
    def health() -> dict[str, bool]:
        return {"ready": True}

    @app.post("/rail/date")
    def set_date(body: messages.DateBody) -> dict[str, str]:
        world.rail.set_date(body.date)
        return {"date": body.date}

    @app.post("/rail/accounts")
    def set_accounts(body: messages.AccountsBody) -> dict[str, int]:
        world.rail.set_accounts(body.accounts)
        return world.rail.accounts()

    @app.get("/rail/accounts")
    def accounts() -> dict[str, int]:
        return world.rail.accounts()

    @app.post("/rail/limit")
    def set_limit(body: messages.LimitBody) -> dict[str, int | None]:
        world.rail.set_limit(body.max_amount_fen)
        return {"max_amount_fen": body.max_amount_fen}

    @app.post("/rail/settle")
    def settle(body: messages.SettleBody) -> dict[str, int]:
        settled = world.rail.settle(body.instruction_ids)
        world.sender.wake()
        return {"settled": settled}


def _fault_controls(app: FastAPI, world: World) -> None:
    @app.post("/faults")
    def queue(body: messages.FaultsBody) -> dict[str, int]:
        with world.book.write() as db:
            faults.queue(db, [(f.at, f.kind, f.hold_ms) for f in body.faults])
        return {"queued": len(body.faults)}

    @app.get("/faults")
    def waiting() -> list[dict[str, Any]]:
        with world.book.write() as db:
            rows = db.execute("SELECT at, kind, hold_ms FROM faults ORDER BY seq")
            return [dict(row) for row in rows]

    @app.delete("/faults")
    def clear() -> dict[str, int]:
        with world.book.write() as db:
            return {"cleared": db.execute("DELETE FROM faults").rowcount}

    @app.post("/faults/rates")
    def set_rates(body: messages.RatesBody) -> dict[str, int]:
        with world.book.write() as db:
            faults.set_rates(db, [(r.at, r.kind, r.ppm, r.hold_ms) for r in body.rates])
        return {"rates": len(body.rates)}

    @app.post("/callbacks/target")
    def set_target(body: messages.TargetBody) -> dict[str, bool]:
        callbacks.set_target(world.book, body.url, body.secret)
        return {"listening": body.url is not None}

    @app.post("/callbacks/release")
    def release(body: messages.ReleaseBody) -> dict[str, int]:
        released = callbacks.release(world.book, body.states)
        world.sender.wake()
        return {"released": released}

    @app.get("/callbacks")
    def listed() -> list[dict[str, object]]:
        return callbacks.listed(world.book)


def _identity_routes(app: FastAPI, world: World) -> None:
    @app.post("/identity/verify")
    def verify(body: messages.PersonBody) -> Response:
        with world.book.write() as db:
            fault = world.faults.draw(db, "identity")
        found = persons.verify(body.full_name, body.id_number, body.mobile)
        reference = f"idv_{secrets.token_hex(12)}"
        log.info(
            "identity",
            reference=reference,
            name=mask_name(body.full_name),
            id_number=mask_id_number(body.id_number),
            mobile=mask_mobile(body.mobile),
            matched=found.matched,
            hits=len(found.sanctions_hits),
            fault=_kind(fault),
        )
        answer = {
            "reference": reference,
            "matched": found.matched,
            "sanctions_hits": list(found.sanctions_hits),
            "court_dishonest": found.court_dishonest,
        }
        return _say(answer, fault)


def _say(answer: Mapping[str, object] | None, fault: faults.Fault | None) -> Response:
    """Answer as the fault has it; no answer means that the rail knows nothing of it."""
    failed = _failure(fault)
    if failed is not None:
        return failed
    if answer is None:
        return _problem_json(404, NOT_FOUND, "No such instruction has arrived.", "", "")
    if fault is not None and fault.kind == "wrong_amount":
        answer = bent(answer)
    return JSONResponse(dict(answer))


def _failure(fault: faults.Fault | None) -> Response | None:
    if fault is None:
        return None
    if fault.kind in {"timeout_before", "timeout_after"}:
        return DropResponse()
    if fault.kind == "http_500":
        return _problem_json(500, "sandbox.on_purpose", "Failed on purpose.", "", "")
    if fault.kind == "garbled":
        return PlainTextResponse("<html><body>Gateway", media_type="text/html")
    if fault.kind == "late":
        time.sleep(fault.hold_ms / 1000)  # routes run in worker threads: only this one waits
    return None


def _kind(fault: faults.Fault | None) -> str:
    return "" if fault is None else fault.kind


def _problem(_request: Request, error: Exception) -> Response:
    if not isinstance(error, SanshiError):
        raise TypeError from error
    return _problem_json(error.status, error.code, error.message, error.field, error.fix)


def _malformed(_request: Request, error: Exception) -> Response:
    """Name the field, never what was sent: it may be a person's."""
    if not isinstance(error, RequestValidationError):
        raise TypeError from error
    first = error.errors()[0]
    field = ".".join(str(part) for part in first["loc"])
    return _problem_json(422, "sandbox.malformed", str(first["msg"]), field, "See the field.")


def _problem_json(status: int, code: str, message: str, field: str, fix: str) -> Response:
    return JSONResponse(
        {"code": code, "message": message, "field": field, "fix": fix},
        status_code=status,
        media_type="application/problem+json",
    )


def _with_transport(app: ASGIApp) -> ASGIApp:
    """Let a route cut its connection: uvicorn's `send` is a method of what holds the socket."""

    async def wrapped(scope: Scope, receive: Receive, send: Send) -> None:
        cycle: object = getattr(send, "__self__", None)
        scope[_TRANSPORT] = getattr(cycle, "transport", None)
        await app(scope, receive, send)

    return wrapped
