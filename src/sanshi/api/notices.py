"""Calls about webhooks: addresses, what was sent to them, and sending it again."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path

from sanshi.api import models as m
from sanshi.api.gate import InWorld, Shop
from sanshi.api.kit import NOT_MODIFIED, After, Key, Limit, TaggedRoute
from sanshi.api.problems import documented
from sanshi.flows import listing
from sanshi.flows import webhooks as w
from sanshi.flows.perform import perform
from sanshi.flows.world import Command

router = APIRouter(prefix="/v1", route_class=TaggedRoute, tags=["webhooks"])

EndpointId = Annotated[str, Path(examples=["we_01m6czrj0g2p6nd9refg75phjk"])]
NoticeId = Annotated[str, Path(examples=["nt_01m6czrj0g2p6nd9refg75phjk"])]


class To(Command):
    """The one address to send to; all that want it, if left out."""

    endpoint_id: str | None = None


@router.post(
    "/webhooks",
    status_code=201,
    summary="Add an address",
    responses=documented(401, 403, 409, 413, 422),
)
def add(body: w.AddEndpoint, key: Key, actor: Shop, world: InWorld) -> m.EndpointWithSecret:
    """Name an address for notices. What is sent there is signed with the secret of the answer."""
    answer = perform(world, actor, w.ADD_ENDPOINT, body.model_dump(mode="json"), key)
    return m.EndpointWithSecret(**answer, secret=w.signing_secret(world, answer["endpoint_id"]))


@router.get(
    "/webhooks", summary="List addresses", responses=documented(401, 403, 422) | NOT_MODIFIED
)
def list_addresses(
    actor: Shop, world: InWorld, after: After = None, limit: Limit = 20
) -> m.Page[m.Endpoint]:
    """List the shop's addresses, newest first."""
    asked = {"after": after, "limit": limit}
    return m.Page[m.Endpoint].model_validate(perform(world, actor, listing.LIST_ENDPOINTS, asked))


@router.get(
    "/webhooks/{endpoint_id}",
    summary="See an address",
    responses=documented(401, 403, 404) | NOT_MODIFIED,
)
def view(endpoint_id: EndpointId, actor: Shop, world: InWorld) -> m.Endpoint:
    """Return one address."""
    asked = {"endpoint_id": endpoint_id}
    return m.Endpoint.model_validate(perform(world, actor, w.VIEW_ENDPOINT, asked))


@router.delete(
    "/webhooks/{endpoint_id}",
    summary="Remove an address",
    responses=documented(401, 403, 404),
)
def remove(endpoint_id: EndpointId, actor: Shop, world: InWorld) -> m.Endpoint:
    """Send nothing more to an address."""
    asked = {"endpoint_id": endpoint_id}
    return m.Endpoint.model_validate(perform(world, actor, w.REMOVE_ENDPOINT, asked))


@router.get("/notices", summary="List notices", responses=documented(401, 403, 422) | NOT_MODIFIED)
def list_notices(
    actor: Shop, world: InWorld, after: After = None, limit: Limit = 20
) -> m.Page[m.Notice]:
    """List what happened, newest first: for whoever missed a webhook."""
    asked = {"after": after, "limit": limit}
    return m.Page[m.Notice].model_validate(perform(world, actor, listing.LIST_NOTICES, asked))


@router.get(
    "/notices/{notice_id}",
    summary="See a notice",
    responses=documented(401, 403, 404) | NOT_MODIFIED,
)
def view_notice(notice_id: NoticeId, actor: Shop, world: InWorld) -> m.Notice:
    """Return one notice."""
    return m.Notice.model_validate(perform(world, actor, w.VIEW_NOTICE, {"notice_id": notice_id}))


@router.post(
    "/notices/{notice_id}/resend",
    summary="Send a notice again",
    responses=documented(401, 403, 404, 409, 413, 422),
)
def resend(
    notice_id: NoticeId, key: Key, actor: Shop, world: InWorld, body: To | None = None
) -> m.Resent:
    """Send a notice once more, with the same id and the same bytes."""
    asked = {"notice_id": notice_id, "endpoint_id": body.endpoint_id if body else None}
    return m.Resent.model_validate(perform(world, actor, w.RESEND, asked, key))
