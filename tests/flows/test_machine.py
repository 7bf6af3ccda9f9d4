"""The state machine on both databases; see `machine_rules` for what happens and what must hold."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator

import databases
import pytest
import os
from hypothesis import HealthCheck, settings, Phase
from hypothesis.stateful import run_state_machine_as_test

from flows.machine_home import Home, PostgresDatabases, SqliteFiles, quick_folder
from flows.machine_rules import Machine
from flows.machine_walk import lived
from needs import LONG
from sanshi.wiring import read_content


@pytest.fixture(scope="module", params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def machine(request: pytest.FixtureRequest) -> Iterator[type[Machine]]:
    with quick_folder() as folder:
        if request.param == "sqlite":
            (folder / "databases").mkdir()
            kind = SqliteFiles(folder / "databases", request.getfixturevalue("sqlite_template"))
        else:
            kind = PostgresDatabases(request.getfixturevalue("postgres_server"))
        made = Home(folder, kind, read_content())
        people = lived(made)

        class Running(Machine):
            home = made
            buyers = people
            fired = Counter()
            came = Counter()

        yield Running


def run(machine: type[Machine], examples: int, steps: int) -> None:
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        ),
    )


def test_short(machine: type[Machine], capfd: pytest.CaptureFixture[str]) -> None:
    run(machine, int(os.environ.get('EX','5')), 30)
    with capfd.disabled():
        for n, c in sorted(machine.fired.items()): sys.stderr.write(f"{n} {c}\n")
        for n, c in sorted(machine.came.items()): sys.stderr.write(f"   {n} {c}\n")
