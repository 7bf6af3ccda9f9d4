"""What the fault tests share: packs read once, one sandbox for the tests in this process."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from desks import packs
from faults.engine import running_nursery
from sanshi.connectors.process import SandboxPlan, SandboxProcess, running_sandbox
from sanshi.wiring import Content
from worlds import MONDAY, Desk, open_desk

pytest.register_assert_rewrite("faults.audit")


@pytest.fixture(scope="session")
def content() -> Content:
    return packs()


@pytest.fixture(scope="session")
def outside(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SandboxProcess]:
    plan = SandboxPlan(data=tmp_path_factory.mktemp("outside"), value_date=MONDAY)
    with running_sandbox(plan) as process:
        yield process


@pytest.fixture(scope="session")
def nursery(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Run the process from which all workers of these tests are forked."""
    with running_nursery(tmp_path_factory.mktemp("nursery")) as path:
        yield path


@pytest.fixture
def desk(
    sqlite_url: str, tmp_path: Path, content: Content, outside: SandboxProcess
) -> Iterator[Desk]:
    with open_desk(sqlite_url, tmp_path, content, outside) as opened:
        yield opened
