"""Remembers which operation of an API answered with which status."""

from __future__ import annotations

from collections import Counter
from typing import Any

from fastapi import FastAPI
from starlette.types import ASGIApp, Message, Receive, Scope, Send

Seen = Counter[tuple[str, str, int]]
"""(method, path as the description has it, status) → how often."""


class Recorder:
    """Stands in front of an application and writes down what it answers."""

    def __init__(self, app: ASGIApp, seen: Seen, paths: list[str]) -> None:
        self._app = app
        self._seen = seen
        self._paths = [(path, path.split("/")) for path in paths]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def noted(message: Message) -> None:
            if message["type"] == "http.response.start":
                path = self._described(scope["path"])
                self._seen[scope["method"], path, message["status"]] += 1
            await send(message)

        await self._app(scope, receive, noted)

    def _described(self, path: str) -> str:
        parts = path.split("/")
        for described, own in self._paths:
            if len(own) == len(parts) and all(
                a == b or a.startswith("{") for a, b in zip(own, parts, strict=True)
            ):
                return described
        return path


def documented(app: FastAPI) -> set[tuple[str, str, int]]:
    """Return every answer that the description of an API promises, but for 304."""
    return {
        (method.upper(), path, int(status))
        for path, operations in app.openapi()["paths"].items()
        for method, operation in operations.items()
        for status in operation["responses"]
        if status != "304"
    }


def recorded(app: FastAPI) -> tuple[Any, Seen]:
    """Return an application that records, and what it has recorded."""
    seen: Seen = Counter()
    return Recorder(app, seen, sorted(app.openapi()["paths"])), seen
