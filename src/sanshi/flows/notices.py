"""Notices 通知: what a shop is told of its checkouts, made from the events of every use case.

A notice is thin: what happened to which object. Whoever wants to know more reads the object, as
it is then. One is kept for every such event, and queued for each address that the shop named.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from sanshi.flows.orders import GOODS_RETURN
from sanshi.flows.world import World
from sanshi.kernel.effects import Cell, Effects, Event, Insert, Json, Message
from sanshi.ports import Record

SEND = "webhook.send"
"""Outbox topic of notices on their way to a shop."""

TYPES: Mapping[tuple[str, str], str] = {
    ("se", "authorized"): "checkout_session.authorized",
    ("se", "cash_chosen"): "checkout_session.cash_chosen",
    ("se", "expired"): "checkout_session.expired",
    ("ln", "disbursed"): "capture.succeeded",
    ("ln", "refused"): "capture.failed",
    ("ln", "cancelled"): "authorization.voided",
    ("ln", "repaid"): "refund.succeeded",
    ("py", "succeeded"): "refund.succeeded",
    ("py", "failed"): "refund.failed",
    ("cs", "opened"): "return.requested",
}
"""(kind of object, what happened) → type of the notice. Of payments, refunds alone are meant; of
what is repaid, refunds that a settlement takes off; of cases, the wish to return goods."""


def with_notices(world: World, effects: Effects) -> Effects:
    """Return the effects with the notices that their events call for."""
    for event in effects.events:
        of_type = TYPES.get((event.stream.partition("_")[0], event.kind))
        if of_type is not None and (event.kind != "repaid" or "line_id" in event.data):
            effects = effects + _told(world, of_type, event)
    return effects


def queued(world: World, notice_id: str, endpoint_id: str) -> Effects:
    """Return the effects that send a notice to one address."""
    payload = {"notice_id": notice_id, "endpoint_id": endpoint_id}
    return Effects(messages=(Message(world.ids.new("mg"), SEND, payload),))


def wants(endpoint: Record, of_type: str) -> bool:
    """Say whether an address is to be told of this; one that names no types is told of all."""
    return endpoint["disabled_on"] is None and (
        not endpoint["types"] or of_type in endpoint["types"]
    )


def _told(world: World, of_type: str, event: Event) -> Effects:
    about = _about(world, event)
    if about is None:
        return Effects()
    shop, data = about
    notice_id = world.ids.new("nt")
    row: dict[str, Cell] = {
        "notice_id": notice_id,
        "entity": shop,
        "type": of_type,
        "at": world.clock.now(),
        "data": data,
    }
    effects = Effects(rows=(Insert("notice", row),))
    for endpoint in _endpoints(world, shop, of_type):
        effects = effects + queued(world, notice_id, endpoint["endpoint_id"])
    return effects


def _netted(event: Event) -> dict[str, Json]:
    """Return the refund that a loan's event is about, if a settlement takes it off."""
    return {"refund_id": event.data["line_id"]} if "line_id" in event.data else {}


def _endpoints(world: World, shop: str, of_type: str) -> Iterator[Record]:
    for endpoint in world.store.rows("webhook_endpoint", {"entity": shop}):
        if wants(endpoint, of_type):
            yield endpoint


def _about(world: World, event: Event) -> tuple[str, dict[str, Json]] | None:
    """Return the shop that an event concerns and what it is told; None: it concerns no shop."""
    match event.stream.partition("_")[0]:
        case "se":
            row = world.store.row("checkout_session", session_id=event.stream)
            data = {"session_id": event.stream}
            if "loan_id" in event.data:
                data["authorization_id"] = event.data["loan_id"]
        case "ln":
            row = world.store.row("loan", loan_id=event.stream)
            data = {"authorization_id": event.stream, **_netted(event)}
        case "cs":
            if event.data.get("about") != "goods_return":
                return None
            row = world.store.row("loan", loan_id=event.data["loan_id"])
            data = {"authorization_id": event.data["loan_id"], "price_fen": event.data["price_fen"]}
        case _:
            payment = world.store.row("payment", payment_id=event.stream)
            if payment is None or payment["purpose"] != GOODS_RETURN:
                return None
            row = world.store.row("loan", loan_id=payment["subject"])
            data = {"authorization_id": payment["subject"], "refund_id": event.stream}
    if row is None:
        return None
    session_id = row["session_id"]
    if session_id is None:  # bought without a checkout session: no shop waits for word
        return None
    session = world.store.row("checkout_session", session_id=session_id)
    if session is None:
        return None
    return session["entity"], {
        **data,
        "session_id": session_id,
        "reference": session["reference"],
    }
