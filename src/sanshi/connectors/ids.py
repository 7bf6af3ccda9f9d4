"""New identifiers from the operating system's randomness."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import datetime

from sanshi.kernel.ids import RANDOM_BYTES, make_id


class RandomIds:
    """Sortable ids: time first, then 80 random bits."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        """Take the time from `now`."""
        self._now = now

    def new(self, prefix: str) -> str:
        """Return a fresh id."""
        return make_id(prefix, self._now(), secrets.token_bytes(RANDOM_BYTES))
