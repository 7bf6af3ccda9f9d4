"""The site of the workbench: routes, shield, and one way to say what went wrong."""

from __future__ import annotations

from http import HTTPStatus
from importlib.resources import files
from urllib.parse import urlsplit

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from starlette.exceptions import HTTPException
from starlette.middleware.gzip import GZipMiddleware
from starlette.staticfiles import StaticFiles

from sanshi.api.kit import BodyLimit
from sanshi.flows.world import World
from sanshi.kernel.errors import SanshiError
from sanshi.web.consumer.reader import Shelf
from sanshi.web.rendering import STATIC
from sanshi.web.serving.cookies import Jar
from sanshi.web.serving.shield import Shield
from sanshi.web.workbench.desk import ElsewhereError, Office, arriving
from sanshi.web.workbench.doors import problem, problem_of_status
from sanshi.web.workbench.routes import acting, entering, listing, reading

ROUTERS = (entering.router, acting.router, listing.router, reading.router)
"""`acting` comes before `reading`: /accounts/new is no account."""

log = structlog.get_logger()


def desk_app(world: World, *, base_url: str, secure: bool, sandbox: bool = False) -> FastAPI:
    """Return the site.

    Args:
        world: what its flows work with.
        base_url: where browsers reach it, without a slash at the end.
        secure: whether it is reached over https alone; cookies are kept to it then.
        sandbox: whether everything outside is pretended; pages say so, keys are `sk_test_…`.
    """
    app = FastAPI(title="Sanshi workbench", openapi_url=None, docs_url=None, redoc_url=None)
    shelf = Shelf.of(world.catalogue, world.policies)
    room = f"desk{urlsplit(base_url).port or ''}"  # sites of one host share its cookies
    app.state.office = Office(world, shelf, Jar(room, secure), "test" if sandbox else "live")
    for router in ROUTERS:
        app.include_router(router)
    folder = str(files("sanshi.web").joinpath("static"))
    app.mount(STATIC, StaticFiles(directory=folder), name="static")
    app.add_middleware(BodyLimit)
    app.add_middleware(GZipMiddleware, minimum_size=600)
    app.add_middleware(Shield, secure=secure)
    app.add_exception_handler(ElsewhereError, _elsewhere)
    app.add_exception_handler(SanshiError, _refused)
    app.add_exception_handler(RequestValidationError, _unread)
    app.add_exception_handler(HTTPException, _no_page)
    app.add_exception_handler(Exception, _broken)
    return app


def _elsewhere(_request: Request, error: Exception) -> Response:
    if not isinstance(error, ElsewhereError):
        raise TypeError from error
    return error.visit.go(error.address)


def _refused(request: Request, error: Exception) -> Response:
    if not isinstance(error, SanshiError):
        raise TypeError from error
    if error.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        log.error("desk_page_failed", code=error.code, status=int(error.status))
    visit = arriving(request)
    return visit.show(problem(visit.reader, error), error.status)


def _of_status(request: Request, status: int) -> Response:
    visit = arriving(request)
    return visit.show(problem_of_status(visit.reader, status), status)


def _unread(request: Request, _error: Exception) -> Response:
    return _of_status(request, HTTPStatus.UNPROCESSABLE_ENTITY)


def _no_page(request: Request, error: Exception) -> Response:
    if not isinstance(error, HTTPException):
        raise TypeError from error
    response = _of_status(request, error.status_code)
    response.headers.update(error.headers or {})
    return response


def _broken(request: Request, error: Exception) -> Response:
    log.error("desk_page_failed", error=type(error).__name__)
    return _of_status(request, HTTPStatus.INTERNAL_SERVER_ERROR)
