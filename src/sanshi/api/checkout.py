"""Calls of a shop: open a checkout, look at it, have it paid out, void it, give money back."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request

from sanshi.api import models as m
from sanshi.api.gate import InWorld, Shop, ShopOrServicing, world_of
from sanshi.api.kit import NOT_MODIFIED, After, Key, Limit, Paging, TaggedRoute
from sanshi.api.problems import documented
from sanshi.flows import authorizations as a
from sanshi.flows import listing
from sanshi.flows import sessions as s
from sanshi.flows.perform import perform
from sanshi.flows.world import World

router = APIRouter(prefix="/v1", route_class=TaggedRoute)

Reference = Annotated[str | None, Query(description="The shop's own number of the order.")]
SessionId = Annotated[str, Path(examples=["se_01m6czr880qarb318pax7qg36d"])]
AuthorizationId = Annotated[str, Path(examples=["ln_01m6czrj0g2p6nd9refg75phjk"])]
RefundId = Annotated[str, Path(examples=["py_01m6czrj0g9g25k85hrj46cc99"])]


@router.post(
    "/checkout-sessions",
    status_code=201,
    tags=["checkout"],
    summary="Open a checkout session",
    responses=documented(401, 403, 409, 413, 422),
)
def open_session(
    body: s.OpenSession, key: Key, actor: Shop, world: InWorld, request: Request
) -> m.Session:
    """Say what is bought; send the buyer's browser to the `url` of the answer."""
    answer = perform(world, actor, s.OPEN_SESSION, body.model_dump(mode="json"), key)
    return session_answer(world, request, answer)


@router.get(
    "/checkout-sessions",
    tags=["checkout"],
    summary="List checkout sessions",
    responses=documented(401, 403, 422) | NOT_MODIFIED,
)
def list_sessions(
    actor: Shop, request: Request, paging: Paging, reference: Reference = None
) -> m.Page[m.Session]:
    """List the shop's sessions, newest first; `reference` finds those of one order."""
    world = world_of(request)
    asked = {**paging, "reference": reference}
    page = perform(world, actor, listing.LIST_SESSIONS, asked)
    data = [session_answer(world, request, one) for one in page["data"]]
    return m.Page[m.Session](data=data, next=page["next"])


@router.get(
    "/checkout-sessions/{session_id}",
    tags=["checkout"],
    summary="See a checkout session",
    responses=documented(401, 403, 404) | NOT_MODIFIED,
)
def view_session(session_id: SessionId, actor: Shop, world: InWorld, request: Request) -> m.Session:
    """Return the session and the authorizations that came of it."""
    answer = perform(world, actor, s.VIEW_SESSION, {"session_id": session_id})
    return session_answer(world, request, answer)


@router.post(
    "/checkout-sessions/{session_id}/cancel",
    tags=["checkout"],
    summary="Cancel a checkout session",
    responses=documented(401, 403, 404, 409, 422),
)
def cancel_session(
    session_id: SessionId, key: Key, actor: Shop, world: InWorld, request: Request
) -> m.Session:
    """End a session before anything is signed in it."""
    answer = perform(world, actor, s.CANCEL_SESSION, {"session_id": session_id}, key)
    return session_answer(world, request, answer)


@router.get(
    "/authorizations",
    tags=["checkout"],
    summary="List authorizations",
    responses=documented(401, 403, 422) | NOT_MODIFIED,
)
def list_authorizations(
    actor: Shop, world: InWorld, after: After = None, limit: Limit = 20
) -> m.Page[m.Authorization]:
    """List signed loans that pay this shop, newest first."""
    asked = {"after": after, "limit": limit}
    page = perform(world, actor, listing.LIST_AUTHORIZATIONS, asked)
    return m.Page[m.Authorization].model_validate(page)


@router.get(
    "/authorizations/{authorization_id}",
    tags=["checkout"],
    summary="See an authorization",
    responses=documented(401, 403, 404) | NOT_MODIFIED,
)
def view_authorization(
    authorization_id: AuthorizationId, actor: ShopOrServicing, world: InWorld
) -> m.Authorization:
    """Return what the shop will receive, what it has received, and what was given back."""
    asked = {"authorization_id": authorization_id}
    return m.Authorization.model_validate(perform(world, actor, a.VIEW_AUTHORIZATION, asked))


@router.post(
    "/authorizations/{authorization_id}/void",
    tags=["checkout"],
    summary="Void an authorization",
    responses=documented(401, 403, 404, 409, 422),
)
def void(authorization_id: AuthorizationId, key: Key, actor: Shop, world: InWorld) -> m.Voided:
    """Give it up before money is on its way: the buyer owes nothing and keeps any voucher."""
    asked = {"authorization_id": authorization_id}
    return m.Voided.model_validate(perform(world, actor, a.VOID, asked, key))


@router.post(
    "/captures",
    status_code=201,
    tags=["checkout"],
    summary="Capture an authorization",
    responses=documented(401, 403, 404, 409, 413, 422),
)
def capture(body: a.Capture, key: Key, actor: Shop, world: InWorld) -> m.CaptureOrdered:
    """Say that goods were handed over, all or some; the lender then pays for these.

    The buyer never owes anything for what was not handed over. One capture ends it.
    """
    return m.CaptureOrdered.model_validate(
        perform(world, actor, a.CAPTURE, body.model_dump(mode="json"), key)
    )


@router.post(
    "/refunds",
    status_code=201,
    tags=["checkout"],
    summary="Refund goods",
    responses=documented(401, 403, 404, 409, 413, 422),
)
def refund(body: a.RefundGoods, key: Key, actor: Shop, world: InWorld) -> m.RefundOrdered:
    """Say that goods came back, all or some; what was paid for them is collected from the shop.

    That is the buyer's whole share, what was paid at once included: pay nothing back beside it.
    """
    return m.RefundOrdered.model_validate(
        perform(world, actor, a.REFUND, body.model_dump(mode="json"), key)
    )


@router.get(
    "/refunds/{refund_id}",
    tags=["checkout"],
    summary="See a refund",
    responses=documented(401, 403, 404) | NOT_MODIFIED,
)
def view_refund(refund_id: RefundId, actor: ShopOrServicing, world: InWorld) -> m.Refund:
    """Return how far a refund is."""
    return m.Refund.model_validate(perform(world, actor, a.VIEW_REFUND, {"refund_id": refund_id}))


def session_answer(world: World, request: Request, answer: Any) -> m.Session:  # noqa: ANN401 - a flow's answer
    """Return a session with the address of its page."""
    link = s.link_of(world, answer["session_id"])
    return m.Session(**answer, url=f"{request.app.state.pages_url}/checkout/{link}")
