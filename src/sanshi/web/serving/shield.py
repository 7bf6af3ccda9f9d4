"""The shield: headers that every page is sent with, and how often one may ask."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus

from limits import parse
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from sanshi.web.rendering import CONTENT_SECURITY_POLICY, STATIC

PAGES = parse("240/minute")
"""How often one address may ask for pages: a hand never does, a program soon does."""
DOORS = parse("20/minute")
"""How often one address may try a door: codes, passwords, identity numbers."""

_HEADERS: Mapping[str, str] = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",
    "Cache-Control": "no-store",
}
_SECURE = {"Strict-Transport-Security": "max-age=31536000"}
_STATIC_CACHE = "public, max-age=600"


class Shield:
    """Adds the headers to every answer; what an answer says for itself stays."""

    def __init__(self, app: ASGIApp, *, secure: bool) -> None:
        """Stand in front of `app`; `secure`: it is reached over https alone."""
        self._app = app
        self._headers = {**_HEADERS, **(_SECURE if secure else {})}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on, and add."""
        is_static = scope.get("path", "").startswith(f"{STATIC}/")

        async def shielded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                if is_static and message["status"] == HTTPStatus.OK:
                    headers["Cache-Control"] = _STATIC_CACHE
                for name, value in self._headers.items():
                    headers.setdefault(name, value)
            await send(message)

        await self._app(scope, receive, shielded if scope["type"] == "http" else send)
