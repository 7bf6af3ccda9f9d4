"""Routes that exist in a sandbox only: its front page, its shops, its phone, its clock."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import Response

from sanshi.flows.perform import perform
from sanshi.flows.sessions import OPEN_SESSION, link_of
from sanshi.flows.world import Actor
from sanshi.kernel.errors import NotFoundError
from sanshi.web.consumer import addresses as at
from sanshi.web.consumer.phone import phone
from sanshi.web.consumer.routes.visit import Visit, Visitor, VisitorForm
from sanshi.web.consumer.town import Sandbox, town

router = APIRouter()


@router.get(at.TOWN)
def show_town(visit: Visitor) -> Response:
    """Show what there is to try."""
    today = visit.world.clock.business_date()
    bought = "bought" in visit.request.query_params
    return visit.show(town(visit.reader, _sandbox(visit), today, bought=bought))


@router.post(at.TOWN_BUY)
def buy(visit: VisitorForm, request: Request) -> Response:
    """Open a checkout as the shop would, and go there."""
    _sandbox(visit)
    merchant = visit.form.get("merchant", "")
    home = f"{request.base_url}".rstrip("/") + at.TOWN
    order = {
        "reference": "demo",
        "items": [{"sku": visit.form.get("sku", "")}],
        "language": visit.language,
        "return_url": f"{home}?bought=1",
        "cancel_url": home,
    }
    shop = Actor(f"sandbox:{merchant}", "merchant", merchant)
    opened = perform(visit.world, shop, OPEN_SESSION, order)
    return visit.go(at.arrival(link_of(visit.world, str(opened["session_id"]))))


@router.post(at.TOWN_DAY)
def pass_day(visit: VisitorForm) -> Response:
    """Let a business date pass."""
    _sandbox(visit).next_day()
    return visit.go(at.TOWN)


@router.get(at.PHONE)
def show_phone(visit: Visitor) -> Response:
    """Show the latest text messages."""
    return visit.show(phone(_sandbox(visit).phone()))


def _sandbox(visit: Visit) -> Sandbox:
    """Return what the sandbox has; where there is none, these addresses lead nowhere."""
    if visit.site.sandbox is None:
        raise NotFoundError("page.no_sandbox", "This is no sandbox.")
    return visit.site.sandbox
