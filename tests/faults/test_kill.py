"""kill -9 at random moments: no acknowledged answer is lost, and no resent key acts twice."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from faults.siege import MOMENTS, besieged
from sanshi.wiring import Content


def endure(url: str, folder: Path, content: Content, moments: list[str], seed: int) -> None:
    with besieged(url, folder, content, seed) as siege:
        with siege.under_load():
            siege.wait_for(lambda: len(siege.client.journal.read()) >= 40)
            for moment in moments:
                siege.kill_at(moment)
        counts = siege.finish()
        sys.stdout.write(f"\n{siege.report(counts)}\n")


def test_two_kills(sqlite_url: str, tmp_path: Path, content: Content) -> None:
    endure(sqlite_url, tmp_path, content, ["outbox", "close"], seed=1)


@pytest.mark.long
def test_twenty_kills(sqlite_url: str, tmp_path: Path, content: Content) -> None:
    endure(sqlite_url, tmp_path, content, [*MOMENTS] * 5, seed=2)


@pytest.mark.long
@pytest.mark.postgres
def test_four_kills_on_postgresql(postgres_url: str, tmp_path: Path, content: Content) -> None:
    endure(postgres_url, tmp_path, content, [*MOMENTS], seed=3)
