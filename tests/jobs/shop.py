"""A shop that listens, and the cheapest things it can hear of."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from receiver import Receiver
from sanshi.connectors.webhooks import HttpWebhooks
from sanshi.flows.notices import SEND
from sanshi.flows.world import Actor
from sanshi.jobs.webhooks import Told, deliver_notices
from worlds import Desk

HAITAI = Actor("till", "merchant", "haitai")
PUJIANG = Actor("till", "merchant", "pujiang_auto")
BUYER = Actor("browser", "consumer")
FRIDGE, CAR = "HT-FRIDGE-520", "PJ-BEV-E5"
SENDER = HttpWebhooks(allow_local=True, total_seconds=2)
IMPATIENT = HttpWebhooks(allow_local=True, total_seconds=0.3)


def opened(desk: Desk, reference: str = "order-1", shop: Actor = HAITAI, sku: str = FRIDGE) -> str:
    answer = desk.do(
        "open_session",
        shop,
        reference=reference,
        items=[{"sku": sku}],
        return_url="https://shop.example/thanks",
        cancel_url="https://shop.example/basket",
    )
    return str(answer["session_id"])


def cash(desk: Desk, *references: str, shop: Actor = HAITAI, sku: str = FRIDGE) -> None:
    """Have buyers pay in full: the cheapest notice there is. Ids of one instant have no order."""
    for reference in references:
        session_id = opened(desk, reference, shop, sku)
        desk.do("choose_cash", BUYER, session_id=session_id)
        desk.time.move(seconds=1)


def listen(desk: Desk, url: str, *types: str, shop: Actor = HAITAI) -> str:
    answer = desk.do("add_webhook_endpoint", shop, url=url, types=list(types))
    return str(answer["endpoint_id"])


def waiting(desk: Desk) -> list[dict[str, Any]]:
    rows = desk.world.store.rows("outbox", {"topic": SEND}, order_by=("message_id",))
    return [dict(row) for row in rows]


def states(desk: Desk) -> list[str]:
    return [row["status"] for row in waiting(desk)]


def told(desk: Desk, sender: HttpWebhooks = SENDER) -> Told:
    return deliver_notices(desk.world, sender.send)


def references(receiver: Receiver) -> list[str]:
    return [body["data"]["reference"] for body in receiver.bodies()]


def later(desk: Desk, wait: timedelta) -> None:
    desk.time.move(seconds=int(wait.total_seconds()))
