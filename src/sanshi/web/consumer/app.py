"""The site of the consumer pages: routes, shield, and one way to say what went wrong."""

from __future__ import annotations

from http import HTTPStatus
from importlib.resources import files

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
from sanshi.web.consumer import addresses as at
from sanshi.web.consumer.doors import problem, problem_of_status
from sanshi.web.consumer.reader import Shelf
from sanshi.web.consumer.routes import (
    asking,
    buying,
    deciding,
    owning,
    signing,
    signing_in,
    trying,
)
from sanshi.web.consumer.routes.visit import SignInNeededError, Site, visit_of
from sanshi.web.consumer.town import Sandbox
from sanshi.web.rendering import STATIC
from sanshi.web.serving.cookies import Jar
from sanshi.web.serving.shield import Shield

ROUTERS = (
    signing_in.router,
    buying.router,
    deciding.router,
    signing.router,
    owning.router,
    asking.router,
    trying.router,
)

log = structlog.get_logger()


def consumer_site(world: World, *, secure: bool, sandbox: Sandbox | None = None) -> FastAPI:
    """Return the site.

    Args:
        world: what its flows work with.
        secure: whether it is reached over https alone; cookies are kept to it then.
        sandbox: what there is beside it where everything outside is pretended.
    """
    app = FastAPI(title="Sanshi pages", openapi_url=None, docs_url=None, redoc_url=None)
    shelf = Shelf.of(world.catalogue, world.policies)
    app.state.site = Site(world, shelf, Jar("buyer", secure), sandbox=sandbox)
    for router in ROUTERS:
        app.include_router(router)
    folder = str(files("sanshi.web").joinpath("static"))
    app.mount(STATIC, StaticFiles(directory=folder), name="static")
    app.add_middleware(BodyLimit)
    app.add_middleware(GZipMiddleware, minimum_size=600)
    app.add_middleware(Shield, secure=secure)
    app.add_exception_handler(SignInNeededError, _sign_in_first)
    app.add_exception_handler(SanshiError, _refused)
    app.add_exception_handler(RequestValidationError, _unread)
    app.add_exception_handler(HTTPException, _no_page)
    app.add_exception_handler(Exception, _broken)
    return app


def _sign_in_first(_request: Request, error: Exception) -> Response:
    if not isinstance(error, SignInNeededError):
        raise TypeError from error
    return error.answer()


def _refused(request: Request, error: Exception) -> Response:
    if not isinstance(error, SanshiError):
        raise TypeError from error
    if error.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        log.error("page_failed", code=error.code, status=int(error.status))
    visit = visit_of(request)
    if error.status == HTTPStatus.FORBIDDEN:
        # Whose something is, is not told by the way it is refused.
        view = problem_of_status(visit.reader, HTTPStatus.NOT_FOUND)
        return visit.show(view, view.status, at.LOANS)
    view = problem(visit.reader, error)
    return visit.show(view, view.status, at.LOANS)


def _unread(request: Request, _error: Exception) -> Response:
    visit = visit_of(request)
    view = problem_of_status(visit.reader, HTTPStatus.UNPROCESSABLE_ENTITY)
    return visit.show(view, view.status, at.LOANS)


def _no_page(request: Request, error: Exception) -> Response:
    if not isinstance(error, HTTPException):
        raise TypeError from error
    visit = visit_of(request)
    view = problem_of_status(visit.reader, error.status_code)
    response = visit.show(view, error.status_code, at.LOANS)
    response.headers.update(error.headers or {})
    return response


def _broken(request: Request, error: Exception) -> Response:
    log.error("page_failed", error=type(error).__name__)
    visit = visit_of(request)
    view = problem_of_status(visit.reader, HTTPStatus.INTERNAL_SERVER_ERROR)
    return visit.show(view, view.status, at.LOANS)
