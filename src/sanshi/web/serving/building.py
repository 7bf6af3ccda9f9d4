"""Building a site: routes, files, shield, and one way to say what went wrong."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from importlib.resources import files

import structlog
from fastapi import APIRouter, FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from starlette.exceptions import HTTPException
from starlette.middleware.gzip import GZipMiddleware
from starlette.staticfiles import StaticFiles

from sanshi.api.kit import BodyLimit
from sanshi.kernel.errors import SanshiError
from sanshi.web.rendering import STATIC
from sanshi.web.serving.shield import Shield

_SMALL_BYTES = 600
"""Answers below this are not worth compressing."""

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Trouble:
    """The pages that say what went wrong: of an error of ours, and of a bare HTTP status."""

    of_error: Callable[[Request, SanshiError], Response]
    of_status: Callable[[Request, int], Response]

    def refused(self, request: Request, error: Exception) -> Response:
        """Answer an error that names its field and its fix."""
        if not isinstance(error, SanshiError):
            raise TypeError from error
        if error.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            log.error("page_failed", code=error.code, status=int(error.status))
        return self.of_error(request, error)

    def unread(self, request: Request, _error: Exception) -> Response:
        """Answer an address that cannot be read."""
        return self.of_status(request, HTTPStatus.UNPROCESSABLE_ENTITY)

    def no_page(self, request: Request, error: Exception) -> Response:
        """Answer where there is no page, or not for this method."""
        if not isinstance(error, HTTPException):
            raise TypeError from error
        response = self.of_status(request, error.status_code)
        response.headers.update(error.headers or {})
        return response

    def broken(self, request: Request, error: Exception) -> Response:
        """Answer what nobody foresaw; of it the log gets its kind, and none of its values."""
        log.error("page_failed", error=type(error).__name__)
        return self.of_status(request, HTTPStatus.INTERNAL_SERVER_ERROR)


def site_app(
    title: str, routers: Sequence[APIRouter], trouble: Trouble, *, secure: bool
) -> FastAPI:
    """Return a site; `secure`: it is reached over https alone."""
    app = FastAPI(title=title, openapi_url=None, docs_url=None, redoc_url=None)
    for router in routers:
        app.include_router(router)
    folder = str(files("sanshi.web").joinpath("static"))
    app.mount(STATIC, StaticFiles(directory=folder), name="static")
    app.add_middleware(BodyLimit)
    app.add_middleware(GZipMiddleware, minimum_size=_SMALL_BYTES)
    app.add_middleware(Shield, secure=secure)
    app.add_exception_handler(SanshiError, trouble.refused)
    app.add_exception_handler(RequestValidationError, trouble.unread)
    app.add_exception_handler(HTTPException, trouble.no_page)
    app.add_exception_handler(Exception, trouble.broken)
    return app
