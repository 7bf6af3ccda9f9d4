"""kill -9 at random moments: no acknowledged answer is lost, and no resent key acts twice."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from faults.siege import MOMENTS, Siege, besieged
from sanshi.wiring import Content


def endure(url: str, folder: Path, content: Content, moments: list[str], seed: int) -> Siege:
    """Kill at each of the moments while people buy, and check everything each time."""
    with besieged(url, folder, content, seed) as siege:
        siege.expose()
        with siege.under_load():
            siege.wait_for(lambda: len(siege.client.journal.read()) >= 40)
            for moment in moments:
                siege.kill_at(moment)
        counts = siege.finish()
        sys.stdout.write(f"\n{siege.report(counts)}\n")
    assert siege.kills.total() == len(moments)
    assert siege.in_flight.total() >= len(moments), "too little was under way at the kills"
    assert siege.client.resends >= siege.in_flight.total()
    return siege


def test_two_kills(sqlite_url: str, tmp_path: Path, content: Content) -> None:
    endure(sqlite_url, tmp_path, content, ["outbox", "close"], seed=1)


@pytest.mark.long
def test_twenty_kills(sqlite_url: str, tmp_path: Path, content: Content) -> None:
    siege = endure(sqlite_url, tmp_path, content, [*MOMENTS] * 5, seed=2)
    assert siege.between >= 200


@pytest.mark.long
@pytest.mark.postgres
def test_four_kills_on_postgresql(postgres_url: str, tmp_path: Path, content: Content) -> None:
    endure(postgres_url, tmp_path, content, [*MOMENTS], seed=3)
