"""Problems: every refusal is problem+json (RFC 9457) and names the field and the fix."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel, ConfigDict
from starlette.exceptions import HTTPException

from sanshi.kernel.errors import SanshiError

MEDIA_TYPE = "application/problem+json"

log = structlog.get_logger()


class Problem(BaseModel):
    """Why a request was refused.

    Args:
        code: stable, dotted: `quote.expired`.
        detail: one plain sentence.
        field: the field at fault, as it was sent; empty if none is.
        fix: what the caller can do about it.
    """

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "type": "about:blank",
                "title": "Conflict",
                "status": 409,
                "detail": "This Idempotency-Key was used for a different request.",
                "code": "idempotency.key_reused",
                "field": "Idempotency-Key",
                "fix": "Use a new key for a new request.",
            }
        }
    )

    type: str
    title: str
    status: int
    detail: str
    code: str
    field: str
    fix: str


class UnauthorizedError(SanshiError):
    """Nobody knows who is calling."""

    status = HTTPStatus.UNAUTHORIZED


def documented(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """Return what OpenAPI says of the ways in which a call may be refused."""
    content = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return {
        status: {"description": HTTPStatus(status).phrase, "content": content}
        for status in statuses
    }


def refuse_in_one_voice(app: FastAPI) -> None:
    """Let every refusal of an application be a problem."""
    app.add_exception_handler(SanshiError, _refused)
    app.add_exception_handler(RequestValidationError, _malformed)
    app.add_exception_handler(HTTPException, _no_route)
    app.add_exception_handler(Exception, _broken)


def problem(status: int, code: str, detail: str, field: str = "", fix: str = "") -> Response:
    """Return one problem."""
    document = Problem(
        type="about:blank",
        title=HTTPStatus(status).phrase,
        status=int(status),
        detail=detail,
        code=code,
        field=field,
        fix=fix,
    )
    headers = {"WWW-Authenticate": "Bearer"} if status == HTTPStatus.UNAUTHORIZED else {}
    return JSONResponse(
        document.model_dump(), status_code=status, media_type=MEDIA_TYPE, headers=headers
    )


def _refused(_request: Request, error: Exception) -> Response:
    if not isinstance(error, SanshiError):
        raise TypeError from error
    if error.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        log.error("request_failed", code=error.code, status=int(error.status))
    fix = error.fix
    if error.status == HTTPStatus.NOT_FOUND:
        fix = fix or "Check the id, and that the key belongs to whoever it was given to."
    return problem(error.status, error.code, error.message, error.field, fix)


def _malformed(_request: Request, error: Exception) -> Response:
    if not isinstance(error, RequestValidationError):
        raise TypeError from error
    first: Mapping[str, Any] = error.errors()[0]
    place = [str(part) for part in first["loc"]]
    unread = first["type"] in {"json_invalid", "model_attributes_type"}
    field = place[0] if unread else ".".join(place[1:]) or place[0]
    detail, fix = _WORDS.get(first["type"], (first["msg"], ""))
    return problem(
        HTTPStatus.UNPROCESSABLE_ENTITY,
        "request.malformed",
        f"{detail.removeprefix('Value error, ')}.",
        field,
        fix or "Send what the API's description asks for; see /openapi.json.",
    )


_WORDS: Mapping[str, tuple[str, str]] = {
    "missing": ("This is missing", "Send it."),
    "extra_forbidden": ("There is no such field here", "Leave it out; see /openapi.json."),
    "json_invalid": ("The body is no JSON that can be read", "Send one JSON object in UTF-8."),
    "model_attributes_type": (
        "The body is no JSON object",
        "Send one object, with `Content-Type: application/json`.",
    ),
    "too_short": ("This is too short or empty", "Send at least one."),
}
"""Kinds of malformed requests → what to say of them in plain words, and the fix."""


_UNREAD: Mapping[int, tuple[int, str, str, str, str]] = {
    400: (
        422,
        "request.malformed",
        "The body is no JSON that can be read.",
        "body",
        "Send one object.",
    ),
    413: (
        413,
        "request.too_large",
        "The body is longer than any request.",
        "body",
        "Send less at once.",
    ),
    429: (
        429,
        "request.too_many",
        "Too many calls came in a short time.",
        "Authorization",
        "Wait as long as Retry-After says.",
    ),
}
"""Requests that were not even taken apart: status → the problem's status, code, detail, field
and fix."""


def _no_route(_request: Request, error: Exception) -> Response:
    if not isinstance(error, HTTPException):
        raise TypeError from error
    if error.status_code in _UNREAD:
        refusal = problem(*_UNREAD[error.status_code])
    else:
        refusal = problem(error.status_code, "http.no_such_call", f"{error.detail}.")
    refusal.headers.update(error.headers or {})
    return refusal


def _broken(_request: Request, error: Exception) -> Response:
    log.error("request_failed", error=type(error).__name__)
    return problem(
        HTTPStatus.INTERNAL_SERVER_ERROR,
        "internal",
        "The request failed, and nobody but us can mend that.",
        fix="Send it again with the same Idempotency-Key.",
    )
