"""A desk whose rail calls back over TCP."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from api.shops import Mall, open_mall
from faults.door import PATH, SECRET, rail_door, serving
from sanshi.connectors.process import SandboxPlan, SandboxProcess, running_sandbox
from sanshi.wiring import Content, read_content
from worlds import MONDAY, Desk, open_desk


@pytest.fixture(scope="session")
def content() -> Content:
    return read_content()


@pytest.fixture(scope="session")
def outside(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SandboxProcess]:
    plan = SandboxPlan(data=tmp_path_factory.mktemp("outside"), value_date=MONDAY)
    with running_sandbox(plan) as process:
        yield process


@pytest.fixture
def desk(
    database_url: str, tmp_path: Path, content: Content, outside: SandboxProcess
) -> Iterator[Desk]:
    with open_desk(database_url, tmp_path, content, outside) as opened:
        yield opened


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
