"""A desk whose rail calls back over TCP."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from api.shops import Mall, open_mall
from desks import content, desk, outside
from faults.door import PATH, SECRET, rail_door, serving
from sanshi.connectors.process import SandboxProcess
from sanshi.wiring import Content
from worlds import Desk, open_desk

__all__ = ["content", "desk", "outside"]


@pytest.fixture
def door(desk: Desk) -> Iterator[str]:
    """Give the address at which the rail is heard."""
    with serving(rail_door(desk.world)) as port:
        url = f"http://127.0.0.1:{port}{PATH}"
        desk.outside.listen(url, SECRET)
        yield url
        desk.outside.listen(None)


@pytest.fixture
def mall(
    sqlite_url: str, tmp_path: Path, content: Content, outside: SandboxProcess
) -> Iterator[Mall]:
    """Serve the API of a desk over TCP; flows are tested on both databases elsewhere."""
    with open_desk(sqlite_url, tmp_path, content, outside) as desk, open_mall(desk) as opened:
        yield opened


@pytest.fixture
def each_mall(desk: Desk) -> Iterator[Mall]:
    """The same on both databases."""
    with open_mall(desk) as opened:
        yield opened
