"""Clocks: real time, or time moved by hand for stories, demos and tests."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Protocol

from sanshi.kernel.dates import SHANGHAI


class Time(Protocol):
    """Where instants come from."""

    def now(self) -> datetime:
        """Return the instant, in UTC."""


class Moving(Time, Protocol):
    """Time that can be moved forward, in stories and sandboxes."""

    def move(self, *, seconds: int = 0, days: int = 0) -> None:
        """Move forward."""


class RealTime:
    """The computer's clock."""

    def now(self) -> datetime:
        """Return the instant."""
        return datetime.now(UTC)


class HandTime:
    """Time that stands still until it is moved."""

    def __init__(self, start: datetime) -> None:
        """Stand at `start`."""
        self._now = start

    def now(self) -> datetime:
        """Return where it stands."""
        return self._now

    def move(self, *, seconds: int = 0, days: int = 0) -> None:
        """Move forward."""
        self._now += timedelta(seconds=seconds, days=days)


class SandboxTime:
    """Time that passes as the computer's does, from the morning of a sandbox's business date on.

    Without that, a sandbox that opens on a past date would date its instants years later.
    """

    def __init__(self, business_date: date, time: Time | None = None) -> None:
        """Let it be `business_date` in Shanghai, at this very time of day."""
        self._time = time or RealTime()
        self._shift = business_date - self._time.now().astimezone(SHANGHAI).date()

    def now(self) -> datetime:
        """Return the instant."""
        return self._time.now() + self._shift

    def move(self, *, seconds: int = 0, days: int = 0) -> None:
        """Move forward."""
        self._shift += timedelta(seconds=seconds, days=days)


class BusinessClock:
    """The `Clock` port: instants of a `Time`, and the business date open in the database."""

    def __init__(self, time: Time, open_date: Callable[[], date]) -> None:
        """Read the open business date through `open_date`."""
        self._time = time
        self._open_date = open_date

    def now(self) -> datetime:
        """Return the instant."""
        return self._time.now()

    def business_date(self) -> date:
        """Return the open business date."""
        return self._open_date()
