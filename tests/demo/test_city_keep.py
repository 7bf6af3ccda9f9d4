"""What a folder keeps of a city under way, and what it goes on from."""

from __future__ import annotations

import fcntl
import sqlite3
from datetime import date
from pathlib import Path

import pytest

from sanshi.demo import city_keep
from sanshi.demo.city_keep import Folder
from sanshi.demo.city_plan import Plan
from sanshi.kernel.errors import ConflictError
from sanshi.store.sqlite import take_write_lock

SMALL = Plan(seed=7, consumers=16, days=12)


def standing_for(folder: Folder, what: str) -> None:
    """Let both files hold one word."""
    for path in (folder.database, folder.outside / "sandbox.sqlite"):
        with sqlite3.connect(path) as database:
            database.execute("PRAGMA journal_mode = WAL")
            database.execute("CREATE TABLE IF NOT EXISTS word (word)")
            database.execute("DELETE FROM word")
            database.execute("INSERT INTO word VALUES (?)", (what,))
        database.close()


def words_in(folder: Folder) -> set[str]:
    found = set()
    for path in (folder.database, folder.outside / "sandbox.sqlite"):
        with sqlite3.connect(path) as database:
            found |= {word for (word,) in database.execute("SELECT word FROM word")}
        database.close()
    return found


def test_what_came_after_the_last_pair_is_forgotten(tmp_path: Path) -> None:
    folder = Folder(tmp_path / "city")
    folder.begin(SMALL, "these packs")
    for number, day in enumerate((date(2026, 11, 12), date(2026, 11, 14))):
        standing_for(folder, f"kept {number}")
        folder.keep(day)
    standing_for(folder, "later")
    folder.begin(SMALL, "these packs")
    assert words_in(folder) == {"kept 1"}


def test_a_city_half_made_under_other_packs_begins_anew(tmp_path: Path) -> None:
    folder = Folder(tmp_path / "city")
    folder.begin(SMALL, "these packs")
    standing_for(folder, "kept")
    folder.keep(date(2026, 11, 12))
    folder.begin(SMALL, "other packs")
    assert not folder.database.exists()
    assert folder.made(SMALL) is None


def test_nothing_is_undone_under_somebody_who_works_on_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = Folder(tmp_path / "city")
    folder.begin(SMALL, "these packs")
    standing_for(folder, "under way")
    with take_write_lock(folder.database), pytest.raises(ConflictError, match="being written"):
        folder.begin(SMALL, "these packs")
    monkeypatch.setattr(city_keep, "_PATIENCE_SECONDS", 0.1)
    with (folder.outside / "sandbox.lock").open("a+b") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        with pytest.raises(ConflictError, match="sandbox still runs"):
            folder.begin(SMALL, "these packs")
    assert words_in(folder) == {"under way"}
