"""The state machine on both databases; see `machine_rules` for what happens and what must hold.

How often each rule fired is printed. The fast run is the same on every machine, the long one
finds its own way each time. Each named mutant must be caught within the fast run's budget.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, ClassVar

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from flows.machine_base import RULES
from flows.machine_home import Databases, Home, PostgresDatabases, SqliteFiles, quick_folder
from flows.machine_mutants import MUTANTS
from flows.machine_rules import Machine
from flows.machine_walk import Buyer, lived
from sanshi.wiring import read_content

FAST = {"sqlite": (26, 3), "postgres": (13, 1)}
"""Examples of 30 steps, and how often each rule must have fired in them."""
REPEATABLE: Mapping[str, Any] = {
    "derandomize": True,
    "database": None,
    # Looking for a shorter way to fail takes minutes: only the long run does.
    "phases": [Phase.generate],
}
LONG_EXAMPLES, LONG_STEPS, ENOUGH = 200, 60, 100

Past = tuple[Home, tuple[Buyer, ...]]


@contextmanager
def lived_on(kind: str, request: pytest.FixtureRequest) -> Iterator[Past]:
    """Live through the past that every machine begins with."""
    with quick_folder() as folder:
        copies: Databases
        if kind == "sqlite":
            copies = SqliteFiles(folder, request.getfixturevalue("sqlite_template"))
        else:
            copies = PostgresDatabases(request.getfixturevalue("postgres_server"))
        home = Home(folder, copies, read_content())
        yield home, lived(home)
        home.end()


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def past(request: pytest.FixtureRequest) -> Iterator[Past]:
    with lived_on(request.param, request) as made:
        yield made


def machine_on(past: Past) -> type[Machine]:
    """Return a machine that begins with a past and counts for itself."""

    class Running(Machine):
        home, buyers = past
        fired: ClassVar[Counter[str]] = Counter()
        came: ClassVar[Counter[str]] = Counter()

    return Running


def run(machine: type[Machine], examples: int, steps: int, **more: Any) -> None:  # noqa: ANN401 - settings
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            # A step is a few commits: slow for hypothesis, which thinks of functions.
            suppress_health_check=list(HealthCheck),
            **more,
        ),
    )


def show(machine: type[Machine], what: str, capfd: pytest.CaptureFixture[str]) -> None:
    """Print how often each rule fired, and what came of it."""
    lines = [f"\nState machine, {what}: {machine.fired.total()} steps"]
    lines += [f"  {count:>6}  {name}" for name, count in sorted(machine.fired.items())]
    lines += [f"  {count:>6}    {name}" for name, count in sorted(machine.came.items())]
    with capfd.disabled():
        sys.stderr.write("\n".join(lines) + "\n")


def rarest(machine: type[Machine]) -> int:
    """Return how often the rule that fired least has fired."""
    return min(machine.fired[name] for name in RULES)


def test_everything_holds_after_every_step(
    request: pytest.FixtureRequest, past: Past, capfd: pytest.CaptureFixture[str]
) -> None:
    kind = request.node.callspec.params["past"]
    examples, enough = FAST[kind]
    machine = machine_on(past)
    run(machine, examples, 30, **REPEATABLE)
    show(machine, kind, capfd)
    assert rarest(machine) >= enough


@pytest.mark.long
@pytest.mark.timeout(1200)
def test_everything_holds_for_long(
    request: pytest.FixtureRequest, past: Past, capfd: pytest.CaptureFixture[str]
) -> None:
    machine = machine_on(past)
    run(machine, LONG_EXAMPLES, LONG_STEPS)
    show(machine, request.node.callspec.params["past"], capfd)
    assert rarest(machine) >= ENOUGH


@pytest.mark.parametrize("name", sorted(MUTANTS))
def test_a_mutant_is_caught(
    name: str, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The very examples that hold above fail where the engine was always wrong by so little."""
    examples, _ = FAST["sqlite"]
    MUTANTS[name](monkeypatch)
    with lived_on("sqlite", request) as past, pytest.raises(AssertionError):
        run(machine_on(past), examples, 30, **REPEATABLE)
