"""A bell that rings when something has happened, for those who wait for it."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

PULSE_SECONDS = 0.05
"""How often those who wait look for themselves: not everything outside can ring."""


class Bell:
    """Wakes everybody who waits; a condition is looked at only when there is news."""

    def __init__(self) -> None:
        self._news = threading.Condition()

    def ring(self) -> None:
        """Wake everybody."""
        with self._news:
            self._news.notify_all()

    def wait_for(self, condition: Callable[[], bool], seconds: float) -> bool:
        """Wait until the condition holds; False when the time is over."""
        end = time.monotonic() + seconds
        while not condition():
            if time.monotonic() > end:
                return False
            with self._news:
                self._news.wait(PULSE_SECONDS)
        return True
