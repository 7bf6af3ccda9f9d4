"""`make demo` on a fresh clone: what runs the city, and nothing that only tests need."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from house.house import ROOT


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """Return a folder with what the Makefile looks at."""
    for name in ("Makefile", "pyproject.toml", "constraints.txt", "hatch_build.py"):
        shutil.copy(ROOT / name, tmp_path)
    (tmp_path / "frontend").mkdir()
    shutil.copy(ROOT / "frontend/package-lock.json", tmp_path / "frontend")
    return tmp_path


def would_do(clone: Path, target: str) -> str:
    # The tests themselves may run under make, with settings of their own.
    own = ("MAKE", "ARGS", "WORKERS", "PYTHON")
    plain = {name: value for name, value in os.environ.items() if not name.startswith(own)}
    done = subprocess.run(
        ["make", "--dry-run", "--no-print-directory", target],
        cwd=clone,
        check=True,
        capture_output=True,
        text=True,
        env=plain,
    )
    return done.stdout


def test_a_fresh_clone_gets_no_tools_for_tests(clone: Path) -> None:
    said = would_do(clone, "demo")
    assert "--editable '.'" in said
    assert "[dev]" not in said
    assert said.rstrip().endswith("sanshi demo")


def test_tests_bring_their_tools_into_the_same_environment(clone: Path) -> None:
    (clone / ".venv").mkdir()
    (clone / ".venv/.installed-plain").touch()
    assert "--editable '.[dev]'" in would_do(clone, "test")
    assert "--editable" not in would_do(clone, "demo")


def test_where_tests_ran_nothing_is_taken_away(clone: Path) -> None:
    (clone / ".venv").mkdir()
    (clone / ".venv/.installed").touch()
    assert "--editable" not in would_do(clone, "demo")
