"""A desk for tests of jobs, and a shop's server."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from desks import content, desk, outside
from receiver import Receiver, receiving

__all__ = ["content", "desk", "outside"]


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as opened:
        yield opened
