"""The rail's callbacks 回调: signed, heard once, refused in a form that the rail can act on.

One route, `POST /rail/callbacks`. 200 means that the word was taken in durably, so the rail need
not send it again; anything else is problem+json (RFC 9457), and the rail may try again.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any, Protocol

import structlog
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse, Response
from starlette.concurrency import run_in_threadpool

from sanshi.api.problems import UnauthorizedError
from sanshi.flows.hearing import HEAR
from sanshi.flows.perform import perform
from sanshi.flows.world import Actor, World
from sanshi.jobs.outbox import heard
from sanshi.kernel.errors import ForbiddenError, InputError, NotFoundError
from sanshi.kernel.ids import check_id
from sanshi.ports import RailAnswer

MAX_BODY_BYTES = 16_384
MAX_MESSAGE_ID_CHARS = 255
RAIL = Actor("rail", "system")

log = structlog.get_logger()


class SignedCallback(Protocol):
    """A callback whose signature holds. The message id is the same in every repetition."""

    @property
    def message_id(self) -> str:
        """The sender's id of this message."""

    @property
    def answer(self) -> RailAnswer:
        """What the rail says of the instruction."""


ReadCallback = Callable[[Mapping[str, str], bytes], SignedCallback]
"""Checks signature and age of (headers, body) and reads it; ForbiddenError, InputError if not."""


class TooLargeError(InputError):
    """The body is longer than any callback."""

    status = HTTPStatus.REQUEST_ENTITY_TOO_LARGE


def hear_rail(app: FastAPI, world: World, read: ReadCallback) -> None:
    """Let an application hear the rail; `read` holds the rail's secret, which is the gate here."""

    @app.post("/rail/callbacks", include_in_schema=False)
    async def take(request: Request) -> Response:
        body = await _body(request)
        answer = await run_in_threadpool(_hear, world, read, dict(request.headers), body)
        return JSONResponse(dict(answer))


async def _body(request: Request) -> bytes:
    """Read the body, but never more than a callback may have."""
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > MAX_BODY_BYTES:
            raise TooLargeError(
                "callback.too_large",
                f"A callback has at most {MAX_BODY_BYTES} bytes.",
                field="body",
                fix="Send one message a request.",
            )
    return body


def _hear(
    world: World, read: ReadCallback, headers: Mapping[str, str], body: bytes
) -> Mapping[str, Any]:
    try:
        callback = read(headers, body)
    except ForbiddenError as error:
        # A wrong signature means that we do not know who is calling: 401, not 403.
        raise UnauthorizedError(
            error.code, error.message, field=error.field, fix=error.fix
        ) from error
    except RecursionError as error:
        raise InputError(
            "callback.malformed", "The body is nested too deeply.", field="body"
        ) from error
    if len(callback.message_id) > MAX_MESSAGE_ID_CHARS:
        raise InputError(
            "callback.message_id",
            f"A message id has at most {MAX_MESSAGE_ID_CHARS} characters.",
            field="webhook-id",
        )
    request = {"payment_id": _payment_id(callback.answer), **heard(callback.answer)}
    answer = perform(world, RAIL, HEAR, request, callback.message_id)
    log.info("rail_called_back", payment_id=answer["payment_id"], heard=answer["heard"])
    return answer


def _payment_id(answer: RailAnswer) -> str:
    """Return the id of our payment; what is no id of ours names no payment of ours."""
    try:
        return check_id(answer.instruction_id, "py", "instruction_id")
    except InputError as error:
        raise NotFoundError(
            "payment.unknown", "There is no such payment.", field="instruction_id"
        ) from error
