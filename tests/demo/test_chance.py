"""Chance that repeats itself, and what is left to real chance."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path

from sanshi.connectors.keyfile import read_key_file
from sanshi.demo.chance import CityTime, SeededIds, SeededKeys


def test_ids_and_salts_follow_from_seed_and_day(tmp_path: Path) -> None:
    material = read_key_file(tmp_path / "keys.json", create=True)
    day = date(2026, 11, 2)

    def drawn(seed: int, on: date) -> Mapping[str, object]:
        time = CityTime(on)
        ids, keys = SeededIds(time.now, seed), SeededKeys(material, seed)
        ids.begin(on)
        keys.begin(on)
        return {"ids": [ids.new("ln") for _ in range(3)], "salts": [keys.salt() for _ in range(3)]}

    assert drawn(1, day) == drawn(1, day)
    assert drawn(1, day)["salts"] != drawn(2, day)["salts"]
    assert drawn(1, day)["salts"] != drawn(1, day + timedelta(days=1))["salts"]
    assert len(set(drawn(1, day)["ids"])) == 3  # type: ignore[call-overload] # a list of texts


def test_keys_and_nonces_are_left_to_real_chance(tmp_path: Path) -> None:
    material = read_key_file(tmp_path / "keys.json", create=True)
    one, other = SeededKeys(material, 1), SeededKeys(material, 1)
    key = one.new_data_key()
    assert key != other.new_data_key()
    assert one.seal(key, b"text", "here") != other.seal(key, b"text", "here")


def test_a_day_begins_at_its_hour_in_shanghai() -> None:
    time = CityTime(date(2026, 11, 2))
    time.stand_at(date(2026, 11, 3), 9)
    assert time.now().isoformat() == "2026-11-03T01:00:00+00:00"
    time.stand_at(date(2026, 11, 2), 20)
    assert time.now().isoformat() == "2026-11-02T12:00:00+00:00"
