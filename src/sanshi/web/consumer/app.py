"""The site of the consumer pages."""

from __future__ import annotations

from http import HTTPStatus

from fastapi import FastAPI, Request
from fastapi.responses import Response

from sanshi.flows.world import World
from sanshi.kernel.errors import SanshiError
from sanshi.web.consumer import addresses as at
from sanshi.web.consumer.doors import problem, problem_of_status
from sanshi.web.consumer.routes import (
    asking,
    buying,
    deciding,
    owning,
    signing,
    signing_in,
    trying,
)
from sanshi.web.consumer.routes.visit import Pages, SignInNeededError, visit_of
from sanshi.web.consumer.town import Sandbox
from sanshi.web.reader import Shelf
from sanshi.web.serving.building import Trouble, site_app
from sanshi.web.serving.cookies import Jar

ROUTERS = (
    signing_in.router,
    buying.router,
    deciding.router,
    signing.router,
    owning.router,
    asking.router,
    trying.router,
)


def consumer_site(world: World, *, secure: bool, sandbox: Sandbox | None = None) -> FastAPI:
    """Return the site.

    Args:
        world: what its flows work with.
        secure: whether it is reached over https alone; cookies are kept to it then.
        sandbox: what there is beside it where everything outside is pretended.
    """
    app = site_app("Sanshi pages", ROUTERS, Trouble(_of_error, _of_status), secure=secure)
    shelf = Shelf.of(world.catalogue, world.policies)
    app.state.site = Pages(world=world, shelf=shelf, jar=Jar("buyer", secure), sandbox=sandbox)
    app.add_exception_handler(SignInNeededError, _sign_in_first)
    return app


def _sign_in_first(_request: Request, error: Exception) -> Response:
    if not isinstance(error, SignInNeededError):
        raise TypeError from error
    return error.answer()


def _of_error(request: Request, error: SanshiError) -> Response:
    if error.status == HTTPStatus.FORBIDDEN:
        # Whose something is, is not told by the way it is refused.
        return _of_status(request, HTTPStatus.NOT_FOUND)
    visit = visit_of(request)
    view = problem(visit.reader, error)
    return visit.show(view, view.status, at.LOANS)


def _of_status(request: Request, status: int) -> Response:
    visit = visit_of(request)
    return visit.show(problem_of_status(visit.reader, status), status, at.LOANS)
