"""A shop's program: an HTTP client with a key, and the buyer who does their part at the lender."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from typing import Any

import httpx
from fastapi import FastAPI

from faults.door import serving
from sanshi.api.app import api_app
from sanshi.connectors.trust import trusted
from sanshi.demo.personas import Stage
from sanshi.flows.api_keys import key_text
from sanshi.flows.world import Actor
from sanshi.jobs.outbox import deliver
from worlds import LENDER, XIAOMAN, Desk

SYSTEM = Actor("test", "system")
FRIDGE = "HT-FRIDGE-520"
FRIDGE_FEN = 699_900
ORDER: dict[str, Any] = {
    "reference": "order-1",
    "items": [{"sku": FRIDGE}],
    "return_url": "https://shop.example/thanks",
    "cancel_url": "https://shop.example/basket",
}


@dataclass(slots=True)
class Program:
    """Sends requests with one key, and a fresh idempotency key for each POST unless told."""

    client: httpx.Client
    key: str
    numbers: Iterator[int] = field(default_factory=count)

    def get(self, path: str, **more: Any) -> httpx.Response:  # noqa: ANN401 - as httpx takes it
        return self.client.get(path, headers=self.headers(**more.pop("headers", {})), **more)

    def post(
        self,
        path: str,
        body: object = None,
        key: str | None = None,
    ) -> httpx.Response:
        own = key or f"{id(self)}-{next(self.numbers)}"
        return self.client.post(path, json=body, headers=self.headers(**{"Idempotency-Key": own}))

    def delete(self, path: str) -> httpx.Response:
        return self.client.delete(path, headers=self.headers())

    def headers(self, **more: str) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.key}", **more}


@dataclass(slots=True)
class Mall:
    """A running API over a desk."""

    desk: Desk
    url: str
    client: httpx.Client

    def key(self, entity: str, role: str) -> str:
        """Issue a key; returns what a program sends."""
        issued = self.desk.do("issue_api_key", SYSTEM, entity=entity, role=role, label="test")
        return key_text(self.desk.world, issued["key_id"], "test")

    def program(self, entity: str = "haitai", role: str = "merchant") -> Program:
        """Return a program that acts for a shop or lender."""
        return Program(self.client, self.key(entity, role))

    def bought(self, shop: Program, **order: object) -> tuple[str, str]:
        """Open a session and let the buyer sign; returns session and authorization."""
        session_id = shop.post("/v1/checkout-sessions", {**ORDER, **order}).json()["session_id"]
        who = self.desk.person(XIAOMAN)
        return session_id, self.desk.signed(who, session_id=session_id)

    def paid(self, shop: Program, price_fen: int | None = None) -> str:
        """Have a purchase captured and paid; returns the authorization."""
        _, authorization_id = self.bought(shop)
        body = {"authorization_id": authorization_id, "price_fen": price_fen}
        assert shop.post("/v1/captures", body).status_code == 201
        deliver(self.desk.world)
        return authorization_id


def sandbox_api(desk: Desk) -> FastAPI:
    """Return the API of a desk, with personas and test clock."""
    stage = Stage(desk.world, desk.time, desk.outside)
    return api_app(
        desk.world, base_url="https://api.example", pages_url="https://pay.example", stage=stage
    )


@contextmanager
def open_mall(desk: Desk) -> Iterator[Mall]:
    """Serve the API of a desk over TCP."""
    app = sandbox_api(desk)
    with serving(app) as port:
        url = f"http://127.0.0.1:{port}"
        with httpx.Client(base_url=url, timeout=20, verify=trusted()) as client:
            yield Mall(desk, url, client)


ROLES = (
    ("haitai", "merchant"),
    *((LENDER, role) for role in ("product", "risk", "servicing", "conduct", "audit", "admin")),
)
"""Everybody who may have a key."""
