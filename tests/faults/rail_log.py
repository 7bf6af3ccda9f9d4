"""The sandbox's own log: what the rail was told and asked, in order."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any


def entries(log: Path) -> Iterator[dict[str, Any]]:
    """Give the log's entries, without what else a process may print there."""
    yield from Tail(log, 0).new()


class Tail:
    """What is written to the log from now on: a long log is not read again and again."""

    def __init__(self, log: Path, start: int | None = None) -> None:
        self._log = log
        self._read_to = log.stat().st_size if start is None else start

    def new(self) -> Iterator[dict[str, Any]]:
        """Give the entries since the last time; a line that is being written waits."""
        with self._log.open("rb") as file:
            file.seek(self._read_to)
            for line in file:
                if not line.endswith(b"\n"):
                    return
                self._read_to += len(line)
                try:
                    entry = json.loads(line)
                except ValueError:
                    continue
                if isinstance(entry, dict):
                    yield entry


def talk_about(log: Path, instruction_id: str) -> list[str]:
    """Return `submit` and `enquire` as the rail met them for one instruction."""
    return [
        entry["event"]
        for entry in entries(log)
        if entry.get("instruction_id") == instruction_id and entry["event"] != "callback"
    ]
