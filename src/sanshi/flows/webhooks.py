"""Webhooks: where a shop wants its notices sent, and sending one again."""

from __future__ import annotations

import base64
from typing import Annotated

from pydantic import Field

from sanshi.flows.notices import TYPES, queued, wants
from sanshi.flows.sessions import Url, merchant_of
from sanshi.flows.world import Actor, Command, Decided, Flow, World
from sanshi.kernel.dates import utc_text
from sanshi.kernel.effects import Cell, Effects, Insert, Json, Update
from sanshi.kernel.errors import ConflictError, InputError, NotFoundError
from sanshi.ports import Record

MAX_ENDPOINTS = 10


class AddEndpoint(Command):
    """An address, and the types of notices it wants; none named: all."""

    url: Url
    types: Annotated[tuple[str, ...], Field(strict=False, max_length=len(TYPES))] = ()


class OneEndpoint(Command):
    """The address that is meant."""

    endpoint_id: str


class OneNotice(Command):
    """The notice that is meant."""

    notice_id: str


class Resend(Command):
    """A notice, and the address it is to be sent to once more; all that want it, if left out."""

    notice_id: str
    endpoint_id: str | None = None


def _add(world: World, actor: Actor, command: AddEndpoint) -> Decided:
    shop = merchant_of(world, actor).id
    known = set(TYPES.values())
    for number, of_type in enumerate(command.types):
        if of_type not in known:
            raise InputError(
                "webhook.type",
                f"There is no notice {of_type!r}.",
                field=f"types.{number}",
                fix=f"Known: {', '.join(sorted(known))}.",
            )
    live = [row for row in _of(world, shop) if row["disabled_on"] is None]
    if command.url in {row["url"] for row in live}:
        raise ConflictError(
            "webhook.twice",
            "Notices are sent to this address already.",
            field="url",
            fix="Remove it first if you want another secret or other types.",
        )
    if len(live) >= MAX_ENDPOINTS:
        raise ConflictError(
            "webhook.too_many",
            f"A shop has at most {MAX_ENDPOINTS} addresses.",
            field="url",
            fix="Remove one that is no longer used.",
        )
    row: dict[str, Cell] = {
        "endpoint_id": world.ids.new("we"),
        "entity": shop,
        "url": command.url,
        "types": list(command.types),
        "disabled_on": None,
    }
    return Decided(endpoint_json(row), Effects(rows=(Insert("webhook_endpoint", row),)))


def _remove(world: World, actor: Actor, command: OneEndpoint) -> Decided:
    row = _endpoint(world, actor, command.endpoint_id)
    day = row["disabled_on"] or world.clock.business_date()
    key = {"endpoint_id": command.endpoint_id}
    effects = Effects(rows=(Update("webhook_endpoint", key, {"disabled_on": day}),))
    return Decided(endpoint_json({**row, "disabled_on": day}), effects)


def _view(world: World, actor: Actor, command: OneEndpoint) -> Decided:
    return Decided(endpoint_json(_endpoint(world, actor, command.endpoint_id)))


def _view_notice(world: World, actor: Actor, command: OneNotice) -> Decided:
    return Decided(notice_json(_notice(world, actor, command.notice_id)))


def _resend(world: World, actor: Actor, command: Resend) -> Decided:
    notice = _notice(world, actor, command.notice_id)
    if command.endpoint_id is None:
        chosen = [row for row in _of(world, notice["entity"]) if wants(row, notice["type"])]
    else:
        chosen = [_endpoint(world, actor, command.endpoint_id)]
        if chosen[0]["disabled_on"] is not None:
            raise ConflictError(
                "webhook.disabled", "This address is no longer used.", field="endpoint_id"
            )
    effects = Effects()
    for row in chosen:
        effects = effects + queued(world, notice["notice_id"], row["endpoint_id"])
    sent_to = [row["endpoint_id"] for row in chosen]
    return Decided({"notice_id": notice["notice_id"], "sent_to": sent_to}, effects)


def signing_secret(world: World, endpoint_id: str) -> str:
    """Return the secret that signs what is sent to an address, in the form of Standard Webhooks.

    It follows from the installation's keys and the address's id, and is stored nowhere.
    """
    digest = bytes.fromhex(world.keys.blind("webhook_secret", endpoint_id))
    return "whsec_" + base64.b64encode(digest).decode()


def endpoint_json(row: Record) -> dict[str, Json]:
    """Return an address as its shop sees it."""
    disabled = row["disabled_on"]
    return {
        "endpoint_id": row["endpoint_id"],
        "url": row["url"],
        "types": row["types"],
        "disabled_on": disabled.isoformat() if disabled else None,
    }


def notice_json(row: Record) -> dict[str, Json]:
    """Return a notice as it is sent: the same bytes every time."""
    return {
        "notice_id": row["notice_id"],
        "type": row["type"],
        "timestamp": utc_text(row["at"]),
        "data": row["data"],
    }


def _of(world: World, shop: str) -> tuple[Record, ...]:
    return world.store.rows("webhook_endpoint", {"entity": shop}, order_by=("endpoint_id",))


def _endpoint(world: World, actor: Actor, endpoint_id: str) -> Record:
    row = world.store.row("webhook_endpoint", endpoint_id=endpoint_id)
    # A job acts for the installation: it takes an address out of use that says it is gone.
    if row is None or (actor.role != "system" and row["entity"] != actor.entity):
        raise NotFoundError("webhook.unknown", "There is no such address.", field="endpoint_id")
    return row


def _notice(world: World, actor: Actor, notice_id: str) -> Record:
    row = world.store.row("notice", notice_id=notice_id)
    if row is None or row["entity"] != actor.entity:
        raise NotFoundError("notice.unknown", "There is no such notice.", field="notice_id")
    return row


ADD_ENDPOINT = Flow("add_webhook_endpoint", frozenset({"merchant"}), AddEndpoint, _add)
REMOVE_ENDPOINT = Flow(
    "remove_webhook_endpoint", frozenset({"merchant", "system"}), OneEndpoint, _remove
)
VIEW_ENDPOINT = Flow("view_webhook_endpoint", frozenset({"merchant"}), OneEndpoint, _view)
VIEW_NOTICE = Flow("view_notice", frozenset({"merchant"}), OneNotice, _view_notice)
RESEND = Flow("resend_notice", frozenset({"merchant"}), Resend, _resend)
