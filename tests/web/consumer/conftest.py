"""Answers for pages, made once a run."""

from __future__ import annotations

import pickle
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

import databases
from desks import content, desk, outside, packs
from sanshi.connectors.process import SandboxPlan, SandboxProcess, running_sandbox
from sanshi.web.reader import Shelf
from sanshi.wiring import Content
from web.consumer.answers import Answers, gather
from web.consumer.buyer import Town, open_town
from worlds import MONDAY, Desk, open_desk

__all__ = ["content", "desk", "outside"]


@pytest.fixture(scope="session")
def answers(
    run_folder: Path, sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory
) -> Answers:
    """Let the first process that asks live through it all, and the others read what it saw."""
    kept = run_folder / "answers"
    with databases.locked(run_folder / "answering"):
        if not kept.exists():
            made = gathered(sqlite_template, tmp_path_factory.mktemp("pages"))
            kept.write_bytes(pickle.dumps((made.grants, made.seen)))
        grants, seen = pickle.loads(kept.read_bytes())  # noqa: S301 - this run wrote it
    catalogue, policies = packs().catalogue, packs().policies
    return Answers(Shelf.of(catalogue, policies), catalogue, grants, seen)


def gathered(sqlite_template: Path, folder: Path) -> Answers:
    path = shutil.copyfile(sqlite_template, folder / "sanshi.db")
    plan = SandboxPlan(data=folder / "outside", value_date=MONDAY)
    content = packs()
    with (
        running_sandbox(plan) as outside,
        open_desk(f"sqlite:///{path}", folder, content, outside) as desk,
    ):
        return gather(desk)


@pytest.fixture
def each_town(desk: Desk) -> Iterator[Town]:
    """Serve the pages over either database."""
    with open_town(desk) as opened:
        yield opened


@pytest.fixture
def town(
    sqlite_url: str, tmp_path: Path, content: Content, outside: SandboxProcess
) -> Iterator[Town]:
    """Serve the pages; flows are tested on both databases elsewhere."""
    with open_desk(sqlite_url, tmp_path, content, outside) as desk, open_town(desk) as opened:
        yield opened
