"""Fixtures of a desk, shared by the folders whose tests need one."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from sanshi.connectors.process import SandboxPlan, SandboxProcess, running_sandbox
from sanshi.wiring import Content, read_content
from worlds import MONDAY, Desk, open_desk

packs = cache(read_content)
"""Read the packs once in a process, whichever folder's tests ask first."""


@pytest.fixture(scope="session")
def content() -> Content:
    """Read the packs once."""
    return packs()


@pytest.fixture(scope="session")
def outside(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SandboxProcess]:
    """Run one sandbox for all tests of a folder: persons and payments have fresh ids each time."""
    plan = SandboxPlan(data=tmp_path_factory.mktemp("outside"), value_date=MONDAY)
    with running_sandbox(plan) as process:
        yield process


@pytest.fixture
def desk(
    database_url: str, tmp_path: Path, content: Content, outside: SandboxProcess
) -> Iterator[Desk]:
    """Open a world of one's own on the shared sandbox."""
    with open_desk(database_url, tmp_path, content, outside) as opened:
        yield opened
