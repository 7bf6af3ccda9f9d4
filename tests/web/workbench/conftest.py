"""A lived world and its workbench, made once a process; what changes it has a world of its own."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from desks import content, outside
from sanshi.connectors.process import SandboxPlan, running_sandbox
from sanshi.wiring import Content
from web.workbench.lived import Lived, live
from web.workbench.serving import House, served
from worlds import MONDAY, open_desk

__all__ = ["content", "outside"]


@pytest.fixture(scope="session")
def lived(
    sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory, content: Content
) -> Iterator[Lived]:
    folder = tmp_path_factory.mktemp("desk")
    path = shutil.copyfile(sqlite_template, folder / "sanshi.db")
    plan = SandboxPlan(data=folder / "outside", value_date=MONDAY)
    with (
        running_sandbox(plan) as outside,
        open_desk(f"sqlite:///{path}", folder, content, outside) as desk,
    ):
        yield live(desk)


@pytest.fixture(scope="session")
def house(lived: Lived) -> Iterator[House]:
    with served(lived) as opened:
        yield opened
