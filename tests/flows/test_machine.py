"""The state machine on both databases; see `machine_rules` for what happens and what must hold.

How often each rule fired is printed. The fast run is the same on every machine, the long one
finds its own way each time.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from flows.machine_home import Home, PostgresDatabases, SqliteFiles, quick_folder
from flows.machine_mutants import MUTANTS
from flows.machine_rules import Machine
from flows.machine_walk import Buyer, lived
from sanshi.wiring import read_content

BOTH = ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)]
FAST = {"sqlite": (25, 3), "postgres": (12, 1)}
"""Examples of 30 steps, and how often each rule must at least have fired in them."""
LONG_EXAMPLES = 150
ENOUGH = 100

Past = tuple[Home, tuple[Buyer, ...]]


@pytest.fixture(scope="module")
def pasts(request: pytest.FixtureRequest) -> Iterator[dict[str, Past]]:
    """Keep the past that each database's machines begin with, once it has been lived through."""
    made: dict[str, Past] = {}
    yield made
    for home, _ in made.values():
        home.databases.drop(home.url)


@pytest.fixture
def machine(request: pytest.FixtureRequest) -> Iterator[type[Machine]]:
    with quick_folder() as folder:
        if request.param == "sqlite":
            (folder / "databases").mkdir()
            kind = SqliteFiles(folder / "databases", request.getfixturevalue("sqlite_template"))
        else:
            kind = PostgresDatabases(request.getfixturevalue("postgres_server"))
        made = Home(folder, kind, read_content())
