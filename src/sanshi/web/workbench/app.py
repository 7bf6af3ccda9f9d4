"""The site of the workbench."""

from __future__ import annotations

from urllib.parse import urlsplit

from fastapi import FastAPI, Request
from fastapi.responses import Response

from sanshi.flows.world import World
from sanshi.kernel.errors import SanshiError
from sanshi.web.reader import Shelf
from sanshi.web.serving.building import Trouble, site_app
from sanshi.web.serving.cookies import Jar
from sanshi.web.workbench.desk import ElsewhereError, Office, arriving
from sanshi.web.workbench.doors import problem, problem_of_status
from sanshi.web.workbench.routes import (
    acting,
    bookkeeping,
    changing,
    entering,
    leaving,
    listing,
    reading,
)

ROUTERS = (
    entering.router,
    acting.router,
    changing.router,
    leaving.router,
    listing.router,
    reading.router,
    bookkeeping.router,
)
"""`acting` comes before `reading`: /accounts/new is no account."""


def desk_app(world: World, *, base_url: str, secure: bool, sandbox: bool = False) -> FastAPI:
    """Return the site.

    Args:
        world: what its flows work with.
        base_url: where browsers reach it, without a slash at the end.
        secure: whether it is reached over https alone; cookies are kept to it then.
        sandbox: whether everything outside is pretended; pages say so, keys are `sk_test_…`.
    """
    app = site_app("Sanshi workbench", ROUTERS, Trouble(_of_error, _of_status), secure=secure)
    room = f"desk{urlsplit(base_url).port or ''}"  # sites of one host share its cookies
    app.state.site = Office(
        world=world,
        shelf=Shelf.of(world.catalogue, world.policies),
        jar=Jar(room, secure),
        key_kind="test" if sandbox else "live",
    )
    app.add_exception_handler(ElsewhereError, _elsewhere)
    return app


def _elsewhere(_request: Request, error: Exception) -> Response:
    if not isinstance(error, ElsewhereError):
        raise TypeError from error
    return error.visit.go(error.address)


def _of_error(request: Request, error: SanshiError) -> Response:
    visit = arriving(request)
    return visit.show(problem(visit.reader, error), error.status)


def _of_status(request: Request, status: int) -> Response:
    visit = arriving(request)
    return visit.show(problem_of_status(visit.reader, status), status)
