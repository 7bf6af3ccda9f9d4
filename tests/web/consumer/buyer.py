"""A buyer's browser without its engine: cookies, redirects, and forms as a page wrote them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

import httpx

from faults.door import serving
from sanshi.connectors.trust import trusted
from sanshi.flows.sessions import link_of
from sanshi.flows.world import Actor
from sanshi.web.consumer.app import consumer_site
from sanshi.web.consumer.town import Sandbox
from worlds import XIAOMAN, Desk

SHOP = Actor("shop", "merchant", "haitai")
DECLARED = {
    "monthly_income": "15000",
    "monthly_debt_service": "1000",
    "total_debt": "10000",
    "student": "no",
}


@dataclass(slots=True)
class Form:
    """A form of a page: where it goes, and what it would send if nobody touched it."""

    method: str
    action: str
    fields: dict[str, str] = field(default_factory=dict)
    names: set[str] = field(default_factory=set)


class _Forms(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.open: Form | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.open = Form(given.get("method", "get"), given.get("action", ""))
            self.forms.append(self.open)
        elif tag == "input" and self.open is not None:
            self.open.names.add(given["name"])
            kind = given.get("type", "text")
            if kind not in {"radio", "checkbox"} or "checked" in given:
                self.open.fields[given["name"]] = given.get("value", "")

        elif tag == "textarea" and self.open is not None:
            self.open.names.add(given["name"])

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.open = None


@dataclass(slots=True)
class Buyer:
    """Somebody with a browser at the lender's pages."""

    desk: Desk
    client: httpx.Client
    page: httpx.Response = field(init=False)

    def opens(self, path: str) -> httpx.Response:
        """Go to an address, and wherever it leads."""
        self.page = self.client.get(path)
        return self.page

    @property
    def forms(self) -> list[Form]:
        """The forms of the page that is open."""
        parser = _Forms()
        parser.feed(self.page.text)
        return parser.forms

    def form(self, action: str) -> Form:
        """Return the form whose address ends so."""
        found = [form for form in self.forms if form.action.partition("?")[0].endswith(action)]
        assert found, (action, [form.action for form in self.forms], self.page.url)
        return found[0]

    def sends(self, action: str, **filled: str) -> httpx.Response:
        """Fill a form of the page in and send it."""
        form = self.form(action)
        unknown = filled.keys() - form.names
        assert not unknown, (unknown, form.names)
        return self.posts(form.action, {**form.fields, **filled})

    def posts(self, path: str, fields: dict[str, str]) -> httpx.Response:
        """Send whatever, wherever."""
        self.page = self.client.post(path, data=fields)
        return self.page

    def signs_in(self, elements: dict[str, str] = XIAOMAN, onward: str = "") -> None:
        """Sign in with the code that was sent, and say who it is."""
        self.opens(f"/sign-in?onward={onward}" if onward else "/sign-in")
        self.sends("/sign-in", mobile=elements["mobile"])
        self.sends("/sign-in/code", code=self.code(elements["mobile"]))
        self.says_who(elements)

    def says_who(self, elements: dict[str, str] = XIAOMAN) -> None:
        """Answer the question who it is."""
        if any(form.action == "/sign-in/confirm" for form in self.forms):
            self.sends("/sign-in/confirm", id_tail=elements["id_number"][-6:])
        else:
            three = {name: elements[name] for name in ("full_name", "id_number")}
            self.sends("/sign-in/prove", **three)

    def code(self, mobile: str = XIAOMAN["mobile"]) -> str:
        """Read the newest code on the phone."""
        newest = next(
            text for text in self.desk.outside.text_messages() if text["mobile"] == mobile
        )
        found = re.search(r"[0-9]{6}", newest["text"])
        assert found
        return found[0]


@dataclass(slots=True)
class Town:
    """The site, and who comes to it."""

    desk: Desk
    url: str

    def session(self, *skus: str, **more: Any) -> str:  # noqa: ANN401 - fields of an order
        """Let a shop open a checkout; returns the link's path."""
        order: dict[str, Any] = {
            "reference": "order-1",
            "items": [{"sku": sku} for sku in skus or ("HT-FRIDGE-520",)],
            "return_url": "https://shop.example/thanks",
            "cancel_url": "https://shop.example/basket",
        }
        opened = self.desk.do("open_session", SHOP, **{**order, **more})
        return f"/checkout/{link_of(self.desk.world, opened['session_id'])}"

    @contextmanager
    def buyer(self, **headers: str) -> Iterator[Buyer]:
        """Let somebody come with a browser of their own."""
        with httpx.Client(
            base_url=self.url,
            follow_redirects=True,
            timeout=20,
            headers=headers,
            verify=trusted(),
        ) as client:
            yield Buyer(self.desk, client)


@contextmanager
def open_town(desk: Desk) -> Iterator[Town]:
    """Serve the consumer pages of a desk."""
    app = consumer_site(
        desk.world, secure=False, sandbox=Sandbox(desk.outside.text_messages, lambda: None)
    )
    with serving(app) as port:
        yield Town(desk, f"http://127.0.0.1:{port}")
