"""A door for the rail's callbacks: the real application behind a real server in a thread."""

from __future__ import annotations

import base64
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

import uvicorn
from fastapi import FastAPI

from sanshi.api.callbacks import hear_rail
from sanshi.api.problems import refuse_in_one_voice
from sanshi.connectors.payments import read_callback
from sanshi.flows.world import World

SECRET = "whsec_" + base64.b64encode(b"callback secret of the tests").decode()
PATH = "/rail/callbacks"


def rail_door(world: World) -> FastAPI:
    """Return the application with the reader that knows the tests' secret."""
    app = FastAPI()
    refuse_in_one_voice(app)
    hear_rail(app, world, partial(read_callback, SECRET))
    return app


@contextmanager
def serving(app: FastAPI, port: int = 0) -> Iterator[int]:
    """Serve on a port of this machine (0: a free one) until the block ends; gives the port."""
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind(("127.0.0.1", port))
    config = uvicorn.Config(
        app,
        http="h11",
        ws="none",
        lifespan="off",
        log_config=None,
        access_log=False,
        timeout_graceful_shutdown=2,
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, args=([listener],), name="door", daemon=True)
    thread.start()
    try:
        while not server.started:
            assert thread.is_alive(), "the server did not start"
            time.sleep(0.005)
        yield int(listener.getsockname()[1])
    finally:
        server.should_exit = True
        thread.join()
        listener.close()
