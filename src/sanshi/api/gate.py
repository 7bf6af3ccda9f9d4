"""The gate: every route says which roles may call it; who calls is read from the API key."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from limits import RateLimitItem, parse

from sanshi.api.patience import Patience
from sanshi.api.problems import UnauthorizedError
from sanshi.flows.api_keys import holder_of_key
from sanshi.flows.world import Actor, Role, World
from sanshi.kernel.errors import ForbiddenError

BEARER = HTTPBearer(
    auto_error=False,
    scheme_name="api_key",
    description="An API key: `sk_test_…` in a sandbox, `sk_live_…` where money moves.",
)


@dataclass(frozen=True, slots=True)
class Allowed:
    """How often a key may call, and an address try keys that open nothing."""

    calls: RateLimitItem = parse("1200/minute")  # noqa: RUF009 - a value that never changes
    wrong_keys: RateLimitItem = parse("30/minute")  # noqa: RUF009 - as above


def world_of(request: Request) -> World:
    """Return the world that an application was made for."""
    world: World = request.app.state.world
    return world


InWorld = Annotated[World, Depends(world_of)]


class Gate:
    """Lets the named roles in. House tests read `roles` to know that a route has a gate."""

    def __init__(self, *roles: Role) -> None:
        """Let these roles in; none named: nobody."""
        self.roles = frozenset(roles)

    def __call__(
        self,
        request: Request,
        world: InWorld,
        sent: Annotated[HTTPAuthorizationCredentials | None, Depends(BEARER)],
    ) -> Actor:
        """Return who is calling, or refuse."""
        kind: str = request.app.state.key_kind
        actor = holder_of_key(world, sent.credentials, kind) if sent else None
        patience: Patience = request.app.state.patience
        allowed: Allowed = request.app.state.allowed
        if actor is None:
            patience.ask(request, allowed.wrong_keys)
            raise UnauthorizedError(
                "access.key",
                "This call needs an API key that is in use.",
                field="Authorization",
                fix=f"Send `Authorization: Bearer sk_{kind}_…`.",
            )
        patience.ask(request, allowed.calls, actor.actor_id)
        if actor.role not in self.roles:
            raise ForbiddenError(
                "access.role",
                f"Role {actor.role} may not do this.",
                field="Authorization",
                fix="Use a key that was issued for this kind of work.",
            )
        return actor


Shop = Annotated[Actor, Depends(Gate("merchant"))]
"""A merchant's program."""

ShopOrServicing = Annotated[Actor, Depends(Gate("merchant", "servicing"))]
Risk = Annotated[Actor, Depends(Gate("risk"))]
Servicing = Annotated[Actor, Depends(Gate("servicing"))]
Viewer = Annotated[Actor, Depends(Gate("servicing", "conduct", "audit"))]
Auditor = Annotated[Actor, Depends(Gate("audit", "servicing"))]
Replayer = Annotated[Actor, Depends(Gate("risk", "audit"))]
CaseWorker = Annotated[Actor, Depends(Gate("servicing", "conduct"))]
Admin = Annotated[Actor, Depends(Gate("admin"))]
