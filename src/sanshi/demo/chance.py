"""Chance that repeats itself, for the demo city alone: ids, salts and time that follow from a seed.

Whoever knows the seed knows every salt and id, so nothing here may ever serve a real person: a
commitment under such a salt can be guessed. Keys and nonces stay random, in the demo as well.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta

from sanshi.connectors.clock import HandTime
from sanshi.connectors.keyfile import KEY_BYTES, KeyMaterial
from sanshi.connectors.keys import LocalKeys
from sanshi.kernel.dates import SHANGHAI
from sanshi.kernel.ids import RANDOM_BYTES, make_id


def stream(*what: object) -> random.Random:
    """Return a generator of its own for (seed, what, which): one more draw moves no other."""
    return random.Random("|".join(map(str, what)))  # noqa: S311 - repeatable, not secret


class SeededIds:
    """The `Ids` port of a demo city: time first, then bits that follow from seed, day and order."""

    def __init__(self, now: Callable[[], datetime], seed: int) -> None:
        """Take the time from `now`."""
        self._now = now
        self._seed = seed
        self._bits = stream(seed, "ids")

    def begin(self, day: date) -> None:
        """Begin a day's ids."""
        self._bits = stream(self._seed, "ids", day)

    def new(self, prefix: str) -> str:
        """Return a fresh id."""
        return make_id(prefix, self._now(), self._bits.randbytes(RANDOM_BYTES))


class SeededKeys(LocalKeys):
    """Keys of a demo city: random as always, but for salts, which follow from the seed."""

    def __init__(self, material: KeyMaterial, seed: int) -> None:
        """Derive the working keys."""
        super().__init__(material)
        self._seed = seed
        self._salts = stream(seed, "salts")

    def begin(self, day: date) -> None:
        """Begin a day's salts."""
        self._salts = stream(self._seed, "salts", day)

    def salt(self) -> bytes:
        """Return the next salt."""
        return self._salts.randbytes(KEY_BYTES)


class CityTime(HandTime):
    """Time that is set to an hour of a day in Shanghai, and stands still in between."""

    def __init__(self, day: date) -> None:
        """Stand at midnight of a day."""
        super().__init__(_instant(day, time()))

    def stand_at(self, day: date, hour: int) -> None:
        """Stand at an hour of a day."""
        self.move(seconds=(_instant(day, time(hour)) - self.now()) // timedelta(seconds=1))


def _instant(day: date, at: time) -> datetime:
    return datetime.combine(day, at, SHANGHAI).astimezone(UTC)
