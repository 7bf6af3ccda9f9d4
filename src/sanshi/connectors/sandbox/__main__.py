"""Start the sandbox: `python -m sanshi.connectors.sandbox --port 0 --data FOLDER`.

Prints one JSON line with the bound port when it is ready to answer. The shared secret comes
from SANSHI_SANDBOX_SECRET and the callback secret from SANSHI_SANDBOX_CALLBACK_SECRET unless
given as options, which other users of the machine can read. SIGTERM ends it gracefully.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import socket
import sys
import threading
from pathlib import Path

import structlog
import uvicorn

from sanshi.connectors.sandbox import callbacks, faults
from sanshi.connectors.sandbox.app import World, create_app
from sanshi.connectors.sandbox.book import Book, get_state, set_state
from sanshi.connectors.sandbox.wire import CALLBACK_SECRET_VARIABLE, SECRET_VARIABLE
from sanshi.kernel.errors import SanshiError

_GRACE_SECONDS = 5


class AnnouncingServer(uvicorn.Server):
    """Says on standard output when it answers, and where."""

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start as usual, then print one JSON line."""
        await super().startup(sockets)
        if self.started and sockets:
            port = sockets[0].getsockname()[1]
            _print({"ready": True, "port": port, "pid": os.getpid()})


def main(arguments: list[str] | None = None) -> int:
    """Run until told to end; 0 when that was graceful."""
    options = _parser().parse_args(arguments)
    structlog.configure(
        processors=[
            structlog.processors.TimeStamper(utc=True),
            structlog.processors.JSONRenderer(),
        ],
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
    if not options.secret:
        _print({"ready": False, "code": "sandbox.no_secret", "fix": f"Set {SECRET_VARIABLE}."})
        return 2
    try:
        return _run(options)
    except (SanshiError, OSError) as error:
        _print({"ready": False, "code": getattr(error, "code", "os"), "message": str(error)})
        return 2


def _run(options: argparse.Namespace) -> int:
    listener = _listener(options.port)
    book = Book(options.data)
    world = World(book, faults.Faults(f"{options.seed}:{_boots(book)}"))
    if options.date:
        world.rail.set_date(options.date)
    if options.callback_url:
        callbacks.set_target(book, options.callback_url, options.callback_secret)
    config = uvicorn.Config(
        create_app(world, options.secret),
        http="h11",
        log_config=None,
        access_log=False,
        timeout_graceful_shutdown=_GRACE_SECONDS,
    )
    server = AnnouncingServer(config)
    # After a graceful end uvicorn raises the signal again; it has then done its work.
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: None)
    if options.until_stdin_closes:
        threading.Thread(target=_watch_stdin, args=(server,), daemon=True).start()
    world.sender.start()
    try:
        server.run(sockets=[listener])
    finally:
        world.sender.stop()
        book.close()
    return 0


def _listener(port: int) -> socket.socket:
    # The protocol is named because asyncio turns off Nagle's delay only where it is: without
    # it every answer waits some 40 ms for the client's acknowledgement.
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind(("127.0.0.1", port))
    return listener


def _boots(book: Book) -> int:
    """Count starts, so that a restarted sandbox does not repeat its run of luck."""
    with book.write() as db:
        boots = int(get_state(db, "boots") or "0") + 1
        set_state(db, "boots", str(boots))
        return boots


def _watch_stdin(server: uvicorn.Server) -> None:
    """End when the starter has died: its end of the pipe closes with it."""
    while os.read(0, 4096):
        pass
    server.should_exit = True


def _print(document: dict[str, object]) -> None:
    sys.stdout.write(json.dumps(document) + "\n")
    sys.stdout.flush()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="sanshi.connectors.sandbox", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one")
    parser.add_argument("--data", type=Path, required=True, help="folder of the sandbox's book")
    parser.add_argument("--seed", type=int, default=0, help="of the fault rates")
    parser.add_argument("--date", help="value date to begin with, YYYY-MM-DD")
    parser.add_argument("--callback-url", help="where results are posted")
    parser.add_argument("--secret", default=os.environ.get(SECRET_VARIABLE, ""))
    parser.add_argument(
        "--callback-secret", default=os.environ.get(CALLBACK_SECRET_VARIABLE, ""), help="whsec_…"
    )
    parser.add_argument(
        "--until-stdin-closes", action="store_true", help="end when standard input closes"
    )
    return parser


if __name__ == "__main__":
    raise SystemExit(main())
