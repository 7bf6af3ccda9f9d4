"""The client's end: starts workers, sends them commands, kills them, starts the next."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import Future
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from faults.bell import Bell
from faults.worker import Orders

TESTS = Path(__file__).parent.parent
_START_SECONDS = 120.0


class DiedError(Exception):
    """The worker ended before it answered: nobody knows whether it acted."""


class AbandonedError(Exception):
    """The test has failed: nobody needs an answer any more."""


class RefusedError(Exception):
    """The worker answered with an error."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code


Reply = Future[str]


@dataclass(slots=True)
class Running:
    """A worker that runs: its connection and what it has not answered yet."""

    connection: socket.socket
    pid: int
    port: int
    bell: Bell
    pending: dict[int, tuple[Mapping[str, Any], Reply]] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)
    dead: bool = False

    def send(self, number: int, command: Mapping[str, Any]) -> Reply:
        reply: Reply = Future()
        with self.lock:
            if self.dead:
                raise DiedError
            self.pending[number] = (command, reply)
            try:
                self.connection.sendall(json.dumps({"id": number, **command}).encode() + b"\n")
            except OSError as error:
                del self.pending[number]
                raise DiedError from error
        self.bell.ring()
        return reply

    def in_flight(self) -> list[Mapping[str, Any]]:
        with self.lock:
            return [command for command, _ in self.pending.values()]


class Engine:
    """One worker at a time over one database."""

    def __init__(self, nursery: Path, orders: Orders) -> None:
        self.orders = orders
        self.bell = Bell()
        self.complaints: list[str] = []
        self.abandoned = False
        self._nursery = nursery
        self._running: Running | None = None
        self._there = threading.Event()
        self._numbers = threading.Lock()
        self._number = 0
        self._reader: threading.Thread | None = None

    @property
    def running(self) -> Running:
        """The worker that runs; it is an error to ask when none does."""
        assert self._running is not None
        return self._running

    def in_flight(self) -> list[Mapping[str, Any]]:
        """Return what the worker has not answered yet; nothing when none runs."""
        return [] if self._running is None else self._running.in_flight()

    def start(self) -> None:
        """Start a worker and wait until it is ready; it keeps the port of the one before."""
        connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        connection.settimeout(_START_SECONDS)
        connection.connect(str(self._nursery))
        connection.sendall(self.orders.line())
        lines = _lines(connection)
        ready = json.loads(next(lines, b"{}"))
        assert ready.get("ready"), "the worker did not start; see the nursery's log"
        connection.settimeout(None)
        self.orders = self.orders.at_port(ready["port"])
        self._running = Running(connection, ready["pid"], ready["port"], self.bell)
        self._reader = threading.Thread(target=self._read, args=(self._running, lines))
        self._reader.start()
        self._there.set()

    def ask(self, command: Mapping[str, Any]) -> str:
        """Send a command to the worker that runs; DiedError when that was in vain."""
        while not self._there.wait(0.1) and not self.abandoned:
            pass
        if self.abandoned:
            raise AbandonedError
        with self._numbers:
            self._number += 1
            number = self._number
        running = self._running
        if running is None:
            raise DiedError
        return running.send(number, command).result()

    def kill(self) -> Running:
        """Kill the worker as a power cut would; returns what is left of it."""
        return self._end(lambda running: os.kill(running.pid, signal.SIGKILL))

    def stop(self) -> None:
        """Let the worker end by itself: its input ends."""
        if self._running is not None:
            self._end(lambda running: running.connection.shutdown(socket.SHUT_WR))

    def _end(self, how: Any) -> Running:  # noqa: ANN401 - a callable of Running
        running, self._running = self.running, None
        self._there.clear()
        how(running)
        assert self._reader is not None
        self._reader.join()
        running.connection.close()
        while Path(f"/proc/{running.pid}").exists():
            time.sleep(0.001)
        return running

    def _read(self, running: Running, lines: Iterator[bytes]) -> None:
        for line in lines:
            said = json.loads(line)
            if "sender" in said:
                self.complaints.append(f"{said['sender']} {said['message']}")
                continue
            with running.lock:
                _, reply = running.pending.pop(said["id"])
            if "answer" in said:
                reply.set_result(said["answer"])
            else:
                reply.set_exception(RefusedError(said["error"], said["message"]))
        with running.lock:
            running.dead = True
            left = list(running.pending.values())
        for _, reply in left:
            reply.set_exception(DiedError())


def _lines(connection: socket.socket) -> Iterator[bytes]:
    """Give whole lines; what a killed worker began to write does not count."""
    rest = b""
    while True:
        try:
            read = connection.recv(65536)
        except ConnectionError:
            return
        if not read:
            return
        *whole, rest = (rest + read).split(b"\n")
        yield from whole


@contextmanager
def running_nursery(folder: Path) -> Iterator[Path]:
    """Run the process that workers are forked from; gives its socket."""
    path = folder / "nursery"
    python_path = os.pathsep.join([str(TESTS), os.environ.get("PYTHONPATH", "")])
    with (folder / "workers.log").open("ab") as log:
        process = subprocess.Popen(
            [sys.executable, str(TESTS / "faults/worker.py"), str(path)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=log,
            env=os.environ | {"PYTHONPATH": python_path},
            start_new_session=True,
        )
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        assert process.stdout.readline() == b"ready\n", (folder / "workers.log").read_text()
        yield path
    finally:
        process.stdin.close()
        process.wait(20)
        process.stdout.close()
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)  # workers of a test that failed half-way


def listening(port: int) -> list[str]:
    """Return the sockets of this machine that listen on a port, as /proc tells them."""
    found = []
    for table in ("/proc/net/tcp", "/proc/net/tcp6"):
        for row in Path(table).read_text().splitlines()[1:]:
            _, local, _, state, *_ = row.split()
            if state == "0A" and int(local.rpartition(":")[2], 16) == port:
                found.append(local)
    return found
