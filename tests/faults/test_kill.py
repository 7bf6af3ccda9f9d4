"""kill -9 at random moments: no acknowledged answer is lost, and no resent key acts twice."""

from __future__ import annotations

import random
import sys
from pathlib import Path

import pytest

from faults.siege import MOMENTS, Siege, besieged
from sanshi.wiring import Content

Place = tuple[Path, Path, Content]
"""A folder, the nursery, and the packs."""


@pytest.fixture
def place(tmp_path: Path, nursery: Path, content: Content) -> Place:
    return tmp_path, nursery, content


def endure(
    url: str, place: Place, moments: list[str], seed: int, capfd: pytest.CaptureFixture[str]
) -> Siege:
    """Kill at each of the moments while people buy, and check everything each time."""
    with besieged(url, *place, seed) as siege:
        siege.expose()
        with siege.under_load():
            siege.wait_for(lambda: siege.client.journal.by_people >= 30)
            for moment in moments:
                siege.kill_at(moment)
        counts = siege.finish()
        with capfd.disabled():
            sys.stderr.write(f"\n{siege.report(counts)}\n")
    assert siege.kills.total() == len(moments)
    assert siege.in_flight.total() >= len(moments), "too little was under way at the kills"
    assert siege.client.resends >= siege.in_flight.total()
    return siege


def each(times: int, seed: int) -> list[str]:
    """Return every moment so many times, in no order."""
    moments = [*MOMENTS] * times
    random.Random(seed).shuffle(moments)
    return moments


def test_two_kills(sqlite_url: str, place: Place, capfd: pytest.CaptureFixture[str]) -> None:
    endure(sqlite_url, place, ["outbox", "close"], 1, capfd)


@pytest.mark.long
@pytest.mark.timeout(1200)
def test_twenty_kills(sqlite_url: str, place: Place, capfd: pytest.CaptureFixture[str]) -> None:
    siege = endure(sqlite_url, place, each(5, seed=24), 24, capfd)
    assert siege.between >= 200
    assert min(siege.kills[moment] for moment in MOMENTS) >= 3
    assert siege.unheard, "no kill fell between a commit and its answer"


@pytest.mark.long
@pytest.mark.timeout(1200)
@pytest.mark.postgres
def test_four_kills_on_postgresql(
    postgres_url: str, place: Place, capfd: pytest.CaptureFixture[str]
) -> None:
    siege = endure(postgres_url, place, each(1, seed=34), 34, capfd)
    assert len(siege.kills) >= 3
