"""What every call shares: idempotency keys, pages, tags, and a limit on bodies."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Coroutine
from http import HTTPMethod, HTTPStatus
from typing import Annotated, Any

from fastapi import Depends, Header, Query, Request, Response
from fastapi.routing import APIRoute
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from sanshi.flows.listing import MAX_LIMIT

MAX_BODY_BYTES = 65_536
"""More than any request of this API needs."""

Key = Annotated[
    str,
    Header(
        alias="Idempotency-Key",
        min_length=1,
        max_length=255,
        pattern=r"^[\x21-\x7e]+$",
        description="Any text of yours; the same key and request give the same answer for ever.",
    ),
]
After = Annotated[str | None, Query(description="The `next` of the page before.")]
Limit = Annotated[int, Query(ge=1, le=MAX_LIMIT)]


def _paging(after: After = None, limit: Limit = 20) -> dict[str, Any]:
    return {"after": after, "limit": limit}


Paging = Annotated[dict[str, Any], Depends(_paging)]
"""What every list takes, as its flow does."""

NOT_MODIFIED: dict[int | str, dict[str, Any]] = {
    304: {"description": "It is as you know it: `If-None-Match` named its ETag."}
}


class TaggedRoute(APIRoute):
    """A route whose answers to GET carry an ETag, and are not sent again to who has them."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Wrap the route's own handler."""
        handle = super().get_route_handler()

        async def tagged(request: Request) -> Response:
            response = await handle(request)
            if request.method != HTTPMethod.GET or response.status_code != HTTPStatus.OK:
                return response
            tag = f'"{hashlib.sha256(bytes(response.body)).hexdigest()[:32]}"'
            headers = {"ETag": tag, "Cache-Control": "private, no-cache"}
            known = request.headers.get("if-none-match", "")
            if tag in {part.strip().removeprefix("W/") for part in known.split(",")}:
                return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=headers)
            response.headers.update(headers)
            return response

        return tagged


class BodyLimit:
    """Refuses bodies that are longer than any that makes sense, as soon as that is seen."""

    def __init__(self, app: ASGIApp, limit: int = MAX_BODY_BYTES) -> None:
        """Stand in front of `app`."""
        self._app = app
        self._limit = limit

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Count what comes in."""
        came = 0

        async def counted() -> Message:
            nonlocal came
            message = await receive()
            came += len(message.get("body", b""))
            if came > self._limit:
                # Raised where the body is read, so that it is answered like any other refusal.
                raise HTTPException(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
            return message

        await self._app(scope, counted if scope["type"] == "http" else receive, send)
