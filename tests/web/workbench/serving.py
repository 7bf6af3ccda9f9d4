"""The workbench served for real, and the cookies of those who work there."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import httpx
from fastapi import FastAPI, Request
from limits import RateLimitItem

from faults.door import serving
from sanshi.api.patience import Patience
from sanshi.connectors.trust import trusted
from sanshi.web.serving import cookies, forms
from sanshi.web.workbench.app import desk_app
from sanshi.web.workbench.desk import Office
from web.workbench.lived import Lived

DEVICE = "0" * 32


class Unhurried(Patience):
    """Counts nobody: tests ask more often than any hand."""

    def ask(self, request: Request, allowed: RateLimitItem, who: str = "") -> None:
        """Let everybody ask."""


@dataclass(slots=True)
class House:
    """The site over a lived world; `browser` gives one of its people a way in."""

    lived: Lived
    app: FastAPI
    url: str
    open_clients: list[httpx.Client] = field(default_factory=list)

    @property
    def office(self) -> Office:
        office: Office = self.app.state.site
        return office

    def cookies(self, who: str | None, language: str = "zh") -> dict[str, str]:
        """Return what the browser of one of them holds; None: somebody unknown."""
        jar, world = self.office.jar, self.office.world
        found = {
            jar.name(cookies.DEVICE): cookies.device_text(world, cookies.Device(DEVICE)),
            jar.name(cookies.LANGUAGE): language,
        }
        if who is not None:
            found[jar.name(cookies.LOGIN)] = self.lived.tokens[who]
        return found

    def browser(self, who: str | None, language: str = "zh") -> httpx.Client:
        """Return a client with the cookies of one of them."""
        client = httpx.Client(
            base_url=self.url, cookies=self.cookies(who, language), verify=trusted()
        )
        self.open_clients.append(client)
        return client

    def csrf(self) -> str:
        """Return the proof that a page for this device would carry."""
        return forms.csrf_token(self.office.world, DEVICE)

    def send(self, client: httpx.Client, path: str, **fields: str | list[str]) -> httpx.Response:
        """Send a form as a page of ours would."""
        return client.post(path, data={"csrf": self.csrf(), **fields})


@contextmanager
def served(lived: Lived) -> Iterator[House]:
    """Serve on a free port of this machine."""
    app = desk_app(lived.desk.world, base_url="http://desk.test", secure=False, sandbox=True)
    app.state.site.patience = Unhurried()
    with serving(app) as port:
        house = House(lived, app, f"http://127.0.0.1:{port}")
        yield house
        for client in house.open_clients:
            client.close()
