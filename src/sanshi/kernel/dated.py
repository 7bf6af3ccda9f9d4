"""Dated values: a fact of law or of a product is a list of versions, one in force on a day."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Protocol, TypeVar


class Dated(Protocol):
    """Anything with a first and a last day; None means without limit. Both days included."""

    @property
    def effective_from(self) -> date | None:
        """First day in force."""

    @property
    def effective_to(self) -> date | None:
        """Last day in force."""


D = TypeVar("D", bound=Dated)


def covers(version: Dated, day: date) -> bool:
    """Say whether a version is in force on a day."""
    begun = version.effective_from is None or version.effective_from <= day
    ended = version.effective_to is not None and version.effective_to < day
    return begun and not ended


def in_force(versions: Iterable[D], day: date) -> D | None:
    """Return the version in force on a day; of several, the one that began last."""
    live = [version for version in versions if covers(version, day)]
    return max(live, key=lambda v: v.effective_from or date.min, default=None)


def lapsed_before(versions: Sequence[D], day: date) -> D | None:
    """Return the version that ended most recently before a day, if none is in force on it."""
    if in_force(versions, day) is not None:
        return None
    ended = [v for v in versions if v.effective_to is not None and v.effective_to < day]
    return max(ended, key=lambda v: v.effective_to or date.min, default=None)


def next_change(versions: Iterable[Dated], day: date) -> date | None:
    """Return the next day after `day` on which the value in force may change."""
    starts = (v.effective_from for v in versions if v.effective_from is not None)
    ends = (v.effective_to for v in versions if v.effective_to is not None)
    candidates = [*starts, *(end + timedelta(days=1) for end in ends)]
    return min((c for c in candidates if c > day), default=None)
