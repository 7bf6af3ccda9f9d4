"""Calls of a shop that is paid T+n: what was settled with it, line by line."""

from __future__ import annotations

import csv
import io
from typing import Annotated, Any

from fastapi import APIRouter, Path, Response

from sanshi.api import models as m
from sanshi.api.gate import InWorld, Shop, ShopOrServicing
from sanshi.api.kit import NOT_MODIFIED, Paging, TaggedRoute
from sanshi.api.problems import documented
from sanshi.flows.perform import perform
from sanshi.flows.settlements import LIST_SETTLEMENTS, VIEW_SETTLEMENT

router = APIRouter(prefix="/v1", route_class=TaggedRoute)

SettlementId = Annotated[str, Path(examples=["st_01m6czrj0g2p6nd9refg75phjk"])]
COLUMNS = ("line_id", "kind", "source", "amount_fen", "due_on")
_AS_FILE: dict[int | str, dict[str, Any]] = {
    200: {"description": "The lines.", "content": {"text/csv": {"schema": {"type": "string"}}}}
}


@router.get(
    "/settlements",
    tags=["settlements"],
    summary="List settlements",
    responses=documented(401, 403, 422) | NOT_MODIFIED,
)
def list_settlements(actor: Shop, world: InWorld, paging: Paging) -> m.Page[m.SettlementInList]:
    """List what was settled with the shop, newest first."""
    page = perform(world, actor, LIST_SETTLEMENTS, paging)
    return m.Page[m.SettlementInList].model_validate(page)


@router.get(
    "/settlements/{settlement_id}",
    tags=["settlements"],
    summary="See a settlement",
    responses=documented(401, 403, 404) | NOT_MODIFIED,
)
def view_settlement(
    settlement_id: SettlementId, actor: ShopOrServicing, world: InWorld
) -> m.Settlement:
    """Return a settlement with its lines; they sum to what was paid and carried."""
    asked = {"settlement_id": settlement_id}
    return m.Settlement.model_validate(perform(world, actor, VIEW_SETTLEMENT, asked))


@router.get(
    "/settlements/{settlement_id}/lines.csv",
    tags=["settlements"],
    summary="Take a settlement's lines as a file",
    response_class=Response,
    responses=documented(401, 403, 404) | NOT_MODIFIED | _AS_FILE,
)
def settlement_lines(
    settlement_id: SettlementId, actor: ShopOrServicing, world: InWorld
) -> Response:
    """Return the lines as CSV, amounts in fen."""
    answer = perform(world, actor, VIEW_SETTLEMENT, {"settlement_id": settlement_id})
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS)
    writer.writeheader()
    writer.writerows(answer["lines"])
    return Response(text.getvalue(), media_type="text/csv; charset=utf-8")
