"""The sandbox's own log: what the rail was told and asked, in order."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any


def entries(log: Path) -> Iterator[dict[str, Any]]:
    """Give the log's entries, without what else a process may print there."""
    for line in log.read_text(errors="replace").splitlines():
        try:
            entry = json.loads(line)
        except ValueError:
            continue  # a line that is still being written
        if isinstance(entry, dict):
            yield entry


def talk_about(log: Path, instruction_id: str) -> list[str]:
    """Return `submit` and `enquire` as the rail met them for one instruction."""
    return [
        entry["event"]
        for entry in entries(log)
        if entry.get("instruction_id") == instruction_id and entry["event"] != "callback"
    ]
