"""The commands that documents name exist, and setting up names what is missing."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from house.house import ROOT, tracked_paths

APT = "apt-get install python3.11 python3.11-venv"
PROMISED = {"test", "test-long", "bench", "bench-smoke", "lint", "install", "clean"}
CI_STEPS = ["make lint", "make test", "make test-long", "make bench-smoke"]


def targets(makefile: str) -> set[str]:
    """Return the targets that a Makefile defines."""
    return set(re.findall(r"(?m)^([a-z][\w-]*):(?!=)", makefile))


def commands_named(text: str) -> set[str]:
    """Return the targets X of every `make X` in code marks or code blocks."""
    code = "\n".join(re.findall(r"```.*?```|`[^`\n]+`", text, re.DOTALL))
    return set(re.findall(r"(?m)(?:^|`|\s)make ([a-z][\w-]*)", code))


@pytest.fixture(scope="module")
def makefile() -> str:
    return (ROOT / "Makefile").read_text(encoding="utf-8")


def test_targets_exist_and_are_explained(makefile: str) -> None:
    assert targets(makefile) >= PROMISED
    explained = set(re.findall(r"@echo 'make ([\w-]+)  ", makefile))
    assert explained == targets(makefile) - {"help"}


def test_no_target_shares_its_name_with_a_file(makefile: str) -> None:
    phony = re.search(r"(?m)^\.PHONY: (.+)$", makefile)
    assert phony is not None
    assert set(phony[1].split()) == targets(makefile)


def test_documents_name_only_targets_that_exist(makefile: str) -> None:
    for path in tracked_paths():
        if path.endswith(".md"):
            named = commands_named((ROOT / path).read_text(encoding="utf-8"))
            assert named <= targets(makefile), path


def test_targets_and_commands_are_read_right() -> None:
    assert targets("X := 1\na: b\n\tc: d\nb-c:\n$(Y): z\n.PHONY: a\n") == {"a", "b-c"}
    assert commands_named("make tea, `make test`\n```\ngit x\nmake lint\n```\n") == {"test", "lint"}


def test_ci_runs_what_a_person_runs() -> None:
    script = ROOT / ".ci/run"
    lines = script.read_text(encoding="utf-8").splitlines()
    steps = [line.split('" ', 1)[1] for line in lines if line.startswith('step "make')]
    assert [step for step in steps if step in CI_STEPS] == CI_STEPS
    assert "set -euo pipefail" in lines
    assert "exec </dev/null" in lines
    assert any(line.startswith("export CI=true") for line in lines)
    assert os.access(script, os.X_OK)
    subprocess.run(["bash", "-n", script], check=True)


def test_both_readmes_name_the_command_that_ci_runs() -> None:
    for name in ("README.md", "README.zh-CN.md"):
        assert "test" in commands_named((ROOT / name).read_text(encoding="utf-8"))


# ── setting up ────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """Return a folder with what `make install` looks at before it installs anything."""
    for name in ("Makefile", "pyproject.toml", "constraints.txt", "hatch_build.py"):
        shutil.copy(ROOT / name, tmp_path)
    (tmp_path / "frontend").mkdir()
    shutil.copy(ROOT / "frontend/package-lock.json", tmp_path / "frontend")
    (tmp_path / "bin").mkdir()
    for tool in ("sh", "make", "rm", "touch", "echo"):
        (tmp_path / "bin" / tool).symlink_to(found(tool))
    return tmp_path


def found(tool: str) -> str:
    path = shutil.which(tool)
    assert path is not None, f"{tool} is not installed"
    return path


def program(clone: Path, name: str, script: str) -> None:
    path = clone / "bin" / name
    path.write_text(f"#!/bin/sh\n{script}\n", encoding="ascii")
    path.chmod(0o755)


def install(clone: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["make", "install", *arguments],
        cwd=clone,
        check=False,
        capture_output=True,
        text=True,
        env={"PATH": str(clone / "bin")},
    )


def test_without_python_the_line_to_install_it_is_named(clone: Path) -> None:
    done = install(clone)
    assert done.returncode != 0
    assert APT in done.stdout
    assert "PYTHON=" in done.stdout


def test_a_shim_that_exists_and_fails_is_no_python(clone: Path) -> None:
    program(clone, "python3.11", "echo 'command not found' >&2; exit 127")
    done = install(clone)
    assert done.returncode != 0
    assert "no Python 3.11, 3.12 or 3.13 works here" in done.stdout
    assert APT in done.stdout


def test_a_python_without_venv_is_named_with_its_line(clone: Path) -> None:
    program(clone, "python3.12", 'case "$2" in *ensurepip*) exit 1;; esac')
    done = install(clone)
    assert done.returncode != 0
    assert "python3.12 cannot make virtual environments" in done.stdout
    assert APT in done.stdout


def test_the_first_python_that_can_do_it_all_is_taken(clone: Path) -> None:
    program(clone, "python3.11", "exit 127")
    program(clone, "python3.12", 'case "$2" in *ensurepip*) exit 1;; esac')
    program(clone, "python3.13", 'case "$1" in -m) echo "asked: $*"; exit 3;; esac')
    done = install(clone)
    assert done.returncode != 0
    assert "asked: -m venv .venv" in done.stdout


def test_the_named_python_is_the_only_one_tried(clone: Path) -> None:
    program(clone, "python3.11", 'case "$1" in -m) echo "asked: $*"; exit 3;; esac')
    done = install(clone, "PYTHON=mine")
    assert "asked" not in done.stdout
    assert "tried: mine" in done.stdout
