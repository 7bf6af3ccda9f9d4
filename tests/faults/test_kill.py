"""kill -9 at random moments: no acknowledged answer is lost, and no resent key acts twice."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from faults.siege import Siege, besieged
from sanshi.wiring import Content

Place = tuple[Path, Path, Content]
"""A folder, the nursery, and the packs."""


@pytest.fixture
def place(tmp_path: Path, nursery: Path, content: Content) -> Place:
    return tmp_path, nursery, content


def endure(url: str, place: Place, moments: list[str], seed: int) -> Siege:
    """Kill at each of the moments while people buy, and check everything each time."""
    with besieged(url, *place, seed) as siege:
        siege.expose()
        with siege.under_load():
            siege.wait_for(lambda: len(siege.client.journal.read()) >= 40)
            for moment in moments:
                siege.kill_at(moment)
        counts = siege.finish()
        sys.stdout.write(f"\n{siege.report(counts)}\n")
    assert siege.kills.total() == len(moments)
    assert siege.client.resends >= siege.in_flight.total()
    return siege


def test_two_kills(sqlite_url: str, place: Place) -> None:
    endure(sqlite_url, place, ["outbox", "close"], seed=1)
