"""A desk for tests of jobs, and a shop's server."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from receiver import Receiver, receiving
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
def receiver() -> Iterator[Receiver]:
    with receiving() as opened:
        yield opened
