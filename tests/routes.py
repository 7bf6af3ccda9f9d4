"""Every route of a FastAPI application, those of included routers too."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from fastapi.routing import APIRoute
from starlette.routing import BaseRoute


def walk(routes: Iterable[BaseRoute]) -> Iterator[APIRoute]:
    """Give every route of an application's `routes`."""
    for route in routes:
        if isinstance(route, APIRoute):
            yield route
        else:
            yield from walk(getattr(getattr(route, "original_router", None), "routes", ()))
