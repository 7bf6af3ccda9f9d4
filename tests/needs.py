"""What a test run has and wants: CI or a person's machine, fast or long."""

from __future__ import annotations

import os

import pytest

IN_CI = os.environ.get("CI", "").lower() in {"1", "true"}
LONG = os.environ.get("SANSHI_LONG") == "1"
"""Set by `make test-long`: tests may then try many more examples."""


def missing(what: str) -> None:
    """Fail in CI, skip elsewhere: something this test needs is not on this machine."""
    if IN_CI:
        pytest.fail(what)
    pytest.skip(what)
