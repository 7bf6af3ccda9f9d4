"""Places where one process serves: shops' API, buyers' pages, the lender's desk, each an origin."""

from __future__ import annotations

import socket
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http import HTTPStatus

from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from sanshi.kernel.errors import InputError
from sanshi.settings import Settings


@dataclass(frozen=True, slots=True)
class Place:
    """Where each part is served, and by which addresses others reach it.

    A browser keeps what belongs to one origin from another, so that a shop's program, a buyer's
    page and an officer's never meet; a firewall can tell them apart by their ports.
    """

    host: str
    port: int
    pages_port: int
    desk_port: int
    api_public: str = ""
    pages_public: str = ""
    desk_public: str = ""

    @classmethod
    def from_ports(
        cls, host: str, port: int, pages_port: int | None = None, desk_port: int | None = None
    ) -> Place:
        """Take the ports next to the API's where none is named."""
        return cls(host, port, pages_port or port + 1, desk_port or port + 2)

    @property
    def api_url(self) -> str:
        """The address that shops' programs use."""
        return self.api_public or self._at(self.port)

    @property
    def pages_url(self) -> str:
        """The address that buyers' browsers use."""
        return self.pages_public or self._at(self.pages_port)

    @property
    def desk_url(self) -> str:
        """The address that officers' browsers use."""
        return self.desk_public or self._at(self.desk_port)

    @property
    def ports(self) -> Mapping[str, int]:
        """Each port by the option that names it."""
        return {
            "--port": self.port,
            "--pages-port": self.pages_port,
            "--desk-port": self.desk_port,
        }

    def known_as(self, settings: Settings) -> Place:
        """Return the place under its public addresses."""
        public = (settings.base_url, settings.pages_url, settings.desk_url)
        return Place(self.host, self.port, self.pages_port, self.desk_port, *public)

    def _at(self, port: int) -> str:
        return f"http://{f'[{self.host}]' if ':' in self.host else self.host}:{port}"


class ByPort:
    """One server's applications, told apart by the port that a request came in at."""

    def __init__(self, apps: Mapping[int, ASGIApp]) -> None:
        """Serve each application at its port."""
        self._apps = dict(apps)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hand a request to its application."""
        server = scope.get("server") or ("", 0)
        app = self._apps.get(server[1])
        if app is None:
            app = PlainTextResponse("Nothing is served here.", HTTPStatus.MISDIRECTED_REQUEST)
        await app(scope, receive, send)


@contextmanager
def listening(place: Place) -> Iterator[list[socket.socket]]:
    """Listen at every port, or say which of them (named by its option) is taken."""
    opened: list[socket.socket] = []
    try:
        for option, port in place.ports.items():
            opened.append(_listen(place.host, port, option))
        yield opened
    finally:
        for one in opened:
            one.close()


def _listen(host: str, port: int, option: str) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # Named TCP, and not by default: asyncio looks for that before it turns Nagle's delay off, and
    # without it every answer of two packets waits 40 ms for the first to be acknowledged.
    one = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        one.bind((host, port))
    except OSError as error:
        one.close()
        raise InputError(
            "serve.port",
            f"Nothing can listen at {host}:{port} ({error.strerror}).",
            field=option,
            fix=f"Stop what listens there, or choose another port with {option}.",
        ) from error
    return one
