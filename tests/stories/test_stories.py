"""Every story runs on both databases, over a real sandbox process, with nothing unexpected."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from desks import packs
from sanshi.connectors.clock import HandTime
from sanshi.connectors.process import SandboxPlan, running_sandbox
from sanshi.connectors.sandbox.control import SandboxControl
from sanshi.demo.run import StoryRun
from sanshi.demo.story import read_story
from sanshi.settings import Settings
from sanshi.wiring import Content, open_world, set_up

STORIES = sorted(Path(__file__).parent.glob("*.yaml"))
QUICK = {"appliance_prepaid_and_settled", "payout_refused"}
"""What `make test` runs on PostgreSQL too; the long tests run every story there."""


def on_both() -> Iterator[Any]:
    """Give every story on both databases."""
    for path in STORIES:
        yield pytest.param((path, "sqlite"), id=f"{path.stem}-sqlite")
        marks = [pytest.mark.postgres] + [pytest.mark.long] * (path.stem not in QUICK)
        yield pytest.param((path, "postgres"), id=f"{path.stem}-postgres", marks=marks)


@pytest.fixture(scope="session")
def content() -> Content:
    return packs()


@pytest.fixture
def story_run(
    request: pytest.FixtureRequest, tmp_path: Path, content: Content
) -> Iterator[StoryRun]:
    path, database = request.param
    story = read_story(path)
    database_url = request.getfixturevalue(f"{database}_url")
    set_up(database_url, story.business_date)
    # Ten in the morning in Shanghai.
    time = HandTime(
        datetime.combine(story.business_date, datetime.min.time(), UTC) + timedelta(hours=2)
    )
    with running_sandbox(SandboxPlan(data=tmp_path / "outside")) as outside:
        settings = Settings(
            database=database_url,
            keys=tmp_path / "keys.json",
            packs=(),
            outside_url=outside.base_url,
            outside_secret=outside.secret,
        )
        control = SandboxControl(outside.base_url, outside.secret)
        with open_world(settings, content, time) as world:
            yield StoryRun(world, time, control, story)
        control.close()


@pytest.mark.parametrize("story_run", list(on_both()), indirect=True)
def test_a_story_comes_out_as_written(story_run: StoryRun) -> None:
    assert story_run.run() == []
