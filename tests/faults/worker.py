"""A worker: one process that owns a world, hears the rail, sends what waits, obeys commands.

Its first line of input says where everything is. After that each line is a command, a flow with
its request, actor and key, or a job; up to eight are performed at a time. A command is answered
by one line, written only after its effects are durable. The process ends with its input.

`python worker.py SOCKET` is the nursery: it reads the packs once and then turns every connection
into a worker of its own by forking, so that a test which kills twenty pays for one start.
"""

from __future__ import annotations

import json
import os
import select
import signal
import socket
import sys
import threading
import time
import traceback
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import structlog

from faults.door import rail_door, serving
from sanshi.flows.perform import perform
from sanshi.flows.registry import FLOWS
from sanshi.flows.world import Actor, World
from sanshi.jobs.close import close_day, collect_due
from sanshi.jobs.outbox import deliver, enquire_open
from sanshi.kernel.canonical import canonical_json
from sanshi.kernel.errors import SanshiError
from sanshi.settings import Settings
from sanshi.wiring import Content, open_world, read_content

HANDS = 8
ROUND_SECONDS = 0.03
ROUNDS_PER_ENQUIRY = 10
LOANS_PER_SHARD = 20
"""So few that a siege fills several."""


@dataclass(frozen=True, slots=True)
class Orders:
    """Where a worker finds everything; with the same orders another goes on where one died.

    Args:
        port: where the rail calls back; 0 takes a free one.
        first: the instant at which the clock stood, ISO, when the machine's stood at `began`.
        speed: how many seconds of business pass in one of the machine's.
    """

    database: str
    keys: str
    outside_url: str
    outside_secret: str
    first: str
    began: float
    speed: int = 60
    port: int = 0

    def at_port(self, port: int) -> Orders:
        """Return the same orders for a known port."""
        return replace(self, port=port)

    def line(self) -> bytes:
        """Return the first line of a worker's input."""
        return json.dumps(asdict(self)).encode() + b"\n"


@dataclass(frozen=True, slots=True)
class FastTime:
    """Time that passes faster than the machine's and outlives the process."""

    first: datetime
    began: float
    speed: int

    def now(self) -> datetime:
        """Return the instant."""
        return self.first + timedelta(
            seconds=(time.time() - self.began) * self.speed  # real clock: processes share it
        )  # real clock: as above

    @classmethod
    def of(cls, orders: Orders) -> FastTime:
        """Return the time that a worker's orders set."""
        return cls(datetime.fromisoformat(orders.first), orders.began, orders.speed)


class Worker:
    """A world and the line of communication."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._mouth = threading.Lock()
        self._ended = threading.Event()

    def work(self, port: int) -> None:
        """Say that everything is ready, then obey until the input ends."""
        sender = threading.Thread(target=self._keep_sending, name="sender")
        sender.start()
        self._say({"ready": True, "port": port, "pid": os.getpid()})
        with ThreadPoolExecutor(HANDS) as hands:
            for line in sys.stdin.buffer:
                hands.submit(self._obey, json.loads(line))
        self._ended.set()
        sender.join()

    def _obey(self, command: Mapping[str, Any]) -> None:
        try:
            said = {"answer": canonical_json(self._done(command)).decode()}
        except SanshiError as error:
            said = {"error": error.code, "message": str(error)}
        except Exception:  # noqa: BLE001 - the test has to learn of it
            said = {"error": "crash", "message": traceback.format_exc()}
        self._say({"id": command["id"], **said})

    def _done(self, command: Mapping[str, Any]) -> Mapping[str, Any]:
        request = command["request"]
        match command.get("job"):
            case "collect_due":
                return {"ordered": collect_due(self._world, request["entity"])}
            case "close_day":
                return close_day(self._world, date.fromisoformat(request["business_date"]))
        flow = FLOWS[command["flow"]]
        return perform(self._world, Actor(**command["actor"]), flow, request, command.get("key"))

    def _keep_sending(self) -> None:
        """Send what waits; now and then ask what became of what was not answered."""
        rounds = 0
        while not self._ended.wait(ROUND_SECONDS):
            rounds += 1
            try:
                deliver(self._world)
                if rounds % ROUNDS_PER_ENQUIRY == 0:
                    for entity in sorted(self._world.catalogue.lenders):
                        enquire_open(self._world, entity)
            except SanshiError as error:
                self._say({"sender": error.code, "message": str(error)})
            except Exception:  # noqa: BLE001 - as above
                self._say({"sender": "crash", "message": traceback.format_exc()})

    def _say(self, said: Mapping[str, Any]) -> None:
        with self._mouth:
            sys.stdout.buffer.write(json.dumps(said).encode() + b"\n")
            sys.stdout.buffer.flush()


def run(content: Content) -> None:
    """Be a worker on standard input and output."""
    structlog.configure(
        processors=[structlog.processors.JSONRenderer()],
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
    orders = Orders(**json.loads(sys.stdin.buffer.readline()))
    settings = Settings(
        database=orders.database,
        keys=Path(orders.keys),
        packs=(),
        outside_url=orders.outside_url,
        outside_secret=orders.outside_secret,
        loans_per_shard=LOANS_PER_SHARD,
    )
    with open_world(settings, content, FastTime.of(orders)) as world:
        worker = Worker(world)
        with serving(rail_door(world), orders.port) as port:
            worker.work(port)


def nurse(path: str) -> None:
    """Fork a worker for each connection, until standard input ends."""
    content = read_content()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # the dead leave no trace
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as door:
        door.bind(path)
        door.listen()
        os.write(1, b"ready\n")
        while door.fileno() in select.select([door.fileno(), 0], [], [])[0]:
            connection, _ = door.accept()
            if os.fork() == 0:
                door.close()
                _child(connection, lambda: run(content))
            connection.close()


def _child(connection: socket.socket, life: Callable[[], None]) -> None:
    """Live on a connection as on standard input and output, and never return."""
    code = 1
    try:
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        for descriptor in (0, 1):
            os.dup2(connection.fileno(), descriptor)
        connection.close()
        life()
        code = 0
    except BaseException:  # noqa: BLE001 - nothing may come back to the parent's loop
        traceback.print_exc()
    finally:
        sys.stderr.flush()
        os._exit(code)


def first_instant(day: date) -> str:
    """Return ten in the morning in Shanghai."""
    return (datetime.combine(day, datetime.min.time(), UTC) + timedelta(hours=2)).isoformat()


if __name__ == "__main__":
    nurse(sys.argv[1])
