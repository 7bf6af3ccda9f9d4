"""Answers for pages, made once a process."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from desks import content, desk, outside
from sanshi.connectors.process import SandboxPlan, running_sandbox
from sanshi.wiring import read_content
from web.consumer.answers import Answers, gather
from worlds import MONDAY, open_desk

__all__ = ["content", "desk", "outside"]


@pytest.fixture(scope="session")
def answers(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Answers:
    folder = tmp_path_factory.mktemp("pages")
    path = shutil.copyfile(sqlite_template, folder / "sanshi.db")
    plan = SandboxPlan(data=folder / "outside", value_date=MONDAY)
    content = read_content()
    with (
        running_sandbox(plan) as outside,
        open_desk(f"sqlite:///{path}", folder, content, outside) as desk,
    ):
        return gather(desk)
