"""Routes that exist in a sandbox only."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import Response

from sanshi.kernel.errors import NotFoundError
from sanshi.web.consumer import addresses as at
from sanshi.web.consumer.phone import phone
from sanshi.web.consumer.routes.visit import Visitor

router = APIRouter()


@router.get(at.PHONE)
def show_phone(visit: Visitor) -> Response:
    """Show the latest text messages."""
    if visit.site.phone is None:
        raise NotFoundError("page.no_sandbox", "This is no sandbox.")
    return visit.show(phone(visit.site.phone()))
