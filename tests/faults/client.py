"""A client that loses no answer: it logs what was acknowledged and sends the rest again."""

from __future__ import annotations

import json
import os
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from faults.bell import Bell
from faults.engine import DiedError, Engine, RefusedError

AGAIN = ("conflict.", "reconcile.moving", "store.", "rail.", "identity.", "bureau.")
"""Beginnings of the codes after which the same command may be sent again."""

_PATIENCE_SECONDS = 120.0


@dataclass(frozen=True, slots=True)
class Acknowledged:
    """A command under a key, and the very text of its answer."""

    command: Mapping[str, Any]
    answer: str

    @property
    def key(self) -> str:
        """The Idempotency-Key."""
        return str(self.command["key"])


class Journal:
    """The client's own record on disk: an answer is in it before the client acts upon it."""

    def __init__(self, path: Path, bell: Bell) -> None:
        self.by_people = 0
        """How much was acknowledged to people, not to the calendar."""
        self._path = path
        self._bell = bell
        self._lock = threading.Lock()
        self._file = path.open("ab")

    def acknowledged(self, command: Mapping[str, Any], answer: str) -> None:
        """Write an acknowledgement through to the disk."""
        line = json.dumps({"command": command, "answer": answer}, ensure_ascii=False)
        with self._lock:
            self._file.write(line.encode() + b"\n")
            self._file.flush()
            os.fsync(self._file.fileno())
            self.by_people += str(command["key"])[0].isdigit()
        self._bell.ring()

    def read(self) -> list[Acknowledged]:
        """Read back everything that was ever acknowledged."""
        with self._lock:
            lines = self._path.read_text("utf-8").splitlines()
        return [Acknowledged(**json.loads(line)) for line in lines]

    def close(self) -> None:
        """Close the file."""
        self._file.close()


@dataclass(slots=True)
class Client:
    """Sends commands until they are answered, through the death of any number of workers."""

    engine: Engine
    journal: Journal
    resends: int = 0
    retries: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def do(
        self, flow: str, actor: Mapping[str, str], request: Mapping[str, Any], key: str
    ) -> dict[str, Any]:
        """Have a flow performed once, under a key; returns its answer."""
        command = {"flow": flow, "actor": actor, "request": request, "key": key}
        answer = self._answered(command)
        self.journal.acknowledged(command, answer)
        read: dict[str, Any] = json.loads(answer)
        return read

    def look(
        self, flow: str, actor: Mapping[str, str], request: Mapping[str, Any]
    ) -> dict[str, Any]:
        """Read something; no key, nothing to remember."""
        command = {"flow": flow, "actor": actor, "request": request}
        read: dict[str, Any] = json.loads(self._answered(command))
        return read

    def job(self, name: str, request: Mapping[str, Any]) -> dict[str, Any]:
        """Have a job run to its end, however often it has to be begun."""
        read: dict[str, Any] = json.loads(self._answered({"job": name, "request": request}))
        return read

    def _answered(self, command: Mapping[str, Any]) -> str:
        end = time.monotonic() + _PATIENCE_SECONDS
        while True:
            try:
                return self.engine.ask(command)
            except DiedError:
                with self.lock:
                    self.resends += 1
            except RefusedError as refused:
                if not refused.code.startswith(AGAIN) or time.monotonic() > end:
                    raise
                with self.lock:
                    self.retries += 1
                time.sleep(0.02)
