"""A shop's server for notices: real, on this machine, and as ill-behaved as a test wants it."""

from __future__ import annotations

import json
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from standardwebhooks import Webhook

Answer = Callable[[BaseHTTPRequestHandler], None]


@dataclass(frozen=True)
class Heard:
    """One request, as it came."""

    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def notice_id(self) -> str:
        return self.headers["webhook-id"]

    def verified(self, secret: str) -> dict[str, Any]:
        """Check the signature as a shop would, and read the notice."""
        said: dict[str, Any] = Webhook(secret).verify(self.body, dict(self.headers))
        return said


@dataclass
class Receiver:
    """What was heard, and how the next requests are answered: one by one, then always the last."""

    url: str = ""
    port: int = 0
    got: list[Heard] = field(default_factory=list)
    answers: list[Answer] = field(default_factory=list)
    connections: int = 0
    cut_off: threading.Event = field(default_factory=threading.Event)
    over: threading.Event = field(default_factory=threading.Event)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def answer(self, *answers: Answer) -> None:
        self.answers[:] = answers

    def bodies(self) -> list[Any]:
        return [json.loads(heard.body) for heard in list(self.got)]

    def types(self) -> list[str]:
        return [body["type"] for body in self.bodies()]

    def next_answer(self) -> Answer:
        with self.lock:
            return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]


def status(code: int, **headers: str) -> Answer:
    """Answer with a status and nothing else."""

    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(code)
        for name, value in headers.items():
            handler.send_header(name, value)
        handler.send_header("content-length", "0")
        handler.end_headers()

    return answer


def raw(*parts: bytes, pause_seconds: float = 0.0) -> Answer:
    """Answer with these very bytes, and a pause after each part."""

    def answer(handler: BaseHTTPRequestHandler) -> None:
        receiver = handler.server.receiver  # type: ignore[attr-defined] # set by `receiving`
        for part in parts:
            handler.wfile.write(part)
            receiver.over.wait(pause_seconds)

    return answer


def silence(handler: BaseHTTPRequestHandler) -> None:
    """Say nothing until the test is over."""
    handler.server.receiver.over.wait(30)  # type: ignore[attr-defined] # set by `receiving`


def endless(handler: BaseHTTPRequestHandler) -> None:
    """Begin a good answer that never ends."""
    handler.wfile.write(b"HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\n\r\n")
    receiver = handler.server.receiver  # type: ignore[attr-defined] # set by `receiving`
    try:
        while not receiver.over.is_set():
            handler.wfile.write(b"x" * 65536)
    except OSError:
        receiver.cut_off.set()


class _Handler(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        receiver = self.server.receiver  # type: ignore[attr-defined] # set by `receiving`
        body = self.rfile.read(int(self.headers["content-length"]))
        headers = {name.lower(): value for name, value in self.headers.items()}
        with receiver.lock:
            receiver.got.append(Heard(self.path, headers, body))
        with suppress(OSError):  # whoever called may have hung up
            receiver.next_answer()(self)

    def log_message(self, *_: object) -> None:
        pass


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    receiver: Receiver

    def process_request(self, request: Any, client_address: Any) -> None:  # noqa: ANN401 - as the library has it
        self.receiver.connections += 1
        super().process_request(request, client_address)

    def handle_error(self, *_: object) -> None:
        """Say nothing of connections that break off in mid-greeting."""


@contextmanager
def receiving(
    host: str = "127.0.0.1", port: int = 0, tls: ssl.SSLContext | None = None
) -> Iterator[Receiver]:
    """Run a receiver that takes everything, until it is told to answer otherwise."""
    receiver = Receiver(answers=[status(204)])
    server = _Server((host, port), _Handler)
    server.receiver = receiver
    if tls is not None:
        # The greeting is made in the thread of the request: a bad one hurts no other.
        server.socket = tls.wrap_socket(
            server.socket, server_side=True, do_handshake_on_connect=False
        )
    receiver.port = int(server.server_address[1])
    receiver.url = f"{'https' if tls else 'http'}://{host}:{receiver.port}/hooks"
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), name="receiver")
    thread.start()
    try:
        yield receiver
    finally:
        receiver.over.set()
        server.shutdown()
        thread.join()
        server.server_close()
