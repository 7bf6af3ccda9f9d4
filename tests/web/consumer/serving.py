"""A tiny server for tests: given pages under the strictest policy, and the real static files."""

from __future__ import annotations

import gzip
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.resources import files
from threading import Thread
from urllib.parse import urlsplit

from sanshi.web.consumer.pages import CONTENT_SECURITY_POLICY, DOCUMENT_SECURITY_POLICY, STATIC

KINDS = {"css": "text/css", "js": "text/javascript", "svg": "image/svg+xml"}


@dataclass(slots=True)
class Site:
    """What is served, by path or path and query; `bytes_sent` went over the wire, compressed."""

    url: str = ""
    pages: dict[str, str] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)
    asked_for: list[str] = field(default_factory=list)
    bytes_sent: int = 0

    def show(self, path: str, html: str) -> str:
        """Serve a page; returns its address."""
        self.pages[path] = html
        self.asked_for.clear()
        self.bytes_sent = 0
        return f"{self.url}{path}"


class _Handler(BaseHTTPRequestHandler):
    def __init__(self, site: Site, *args: object) -> None:
        self.site = site
        super().__init__(*args)  # type: ignore[arg-type] # as socketserver calls it

    def do_GET(self) -> None:
        path = urlsplit(self.path).path
        self.site.asked_for.append(self.path)
        if path.startswith(f"{STATIC}/"):
            name = path.removeprefix(f"{STATIC}/")
            body = files("sanshi.web").joinpath("static", name).read_bytes()
            self._send(200, KINDS[name.rpartition(".")[2]], body, {})
        elif path in self.site.texts:
            policy = {"Content-Security-Policy": DOCUMENT_SECURITY_POLICY}
            text = self.site.texts[path]
            self._send(200, "text/html; charset=utf-8", text.encode(), policy)
        else:
            found = self.site.pages.get(self.path, self.site.pages.get(path))
            policy = {"Content-Security-Policy": CONTENT_SECURITY_POLICY}
            body = (found or "").encode()
            self._send(200 if found else 404, "text/html; charset=utf-8", body, policy)

    def _send(self, status: int, kind: str, body: bytes, more: Mapping[str, str]) -> None:
        packed = gzip.compress(body)
        self.site.bytes_sent += len(packed)
        self.send_response(status)
        headers = {"Content-Type": kind, "Content-Encoding": "gzip", **more}
        for name, value in {**headers, "Content-Length": str(len(packed))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(packed)

    def log_message(self, *_args: object) -> None:
        """Say nothing: tests read `asked_for`."""


@contextmanager
def serving() -> Iterator[Site]:
    """Serve on a free port of this machine."""
    site = Site()
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Handler, site))
    server.daemon_threads = True
    site.url = f"http://127.0.0.1:{server.server_port}"
    thread = Thread(target=partial(server.serve_forever, poll_interval=0.02), daemon=True)
    thread.start()
    try:
        yield site
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
