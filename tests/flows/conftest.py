"""A desk for tests of flows."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from desks import content, desk, outside
from flows.leaving_desk import late
from sanshi.connectors.process import SandboxPlan, running_sandbox
from sanshi.wiring import Content
from worlds import MONDAY, Desk, open_desk

__all__ = ["content", "desk", "late", "outside"]


@pytest.fixture
def living_desk(database_url: str, tmp_path: Path, content: Content) -> Iterator[Desk]:
    """A desk whose days may pass: its rail is its own, for a rail's date never goes back."""
    plan = SandboxPlan(data=tmp_path / "outside", value_date=MONDAY)
    with running_sandbox(plan) as own, open_desk(database_url, tmp_path, content, own) as opened:
        yield opened


SQLITE_FIRST = {
    "test_answers.py",
    "test_benefits.py",
    "test_bundles.py",
    "test_desk.py",
    "test_notices.py",
    "test_proposals.py",
    "test_sign_in.py",
    "test_staff.py",
}
"""Tests that live through months, or are many: on PostgreSQL in the long run."""


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Leave the second database of these to the long tests."""
    for item in items:
        if item.path.name in SQLITE_FIRST and item.get_closest_marker("postgres"):
            item.add_marker(pytest.mark.long)
