"""A desk for tests of flows."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from desks import content, desk, outside
from sanshi.connectors.process import SandboxPlan, running_sandbox
from sanshi.wiring import Content
from worlds import MONDAY, Desk, open_desk

__all__ = ["content", "desk", "outside"]


@pytest.fixture
def living_desk(database_url: str, tmp_path: Path, content: Content) -> Iterator[Desk]:
    """A desk whose days may pass: its rail is its own, for a rail's date never goes back."""
    plan = SandboxPlan(data=tmp_path / "outside", value_date=MONDAY)
    with running_sandbox(plan) as own, open_desk(database_url, tmp_path, content, own) as opened:
        yield opened
