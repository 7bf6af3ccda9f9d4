"""Every house rule catches its bad examples, lets its good ones pass, and holds everywhere."""

from __future__ import annotations

import pytest

from house import core_rules, python_rules, text_rules
from house.house import MIDDLE, PACKAGE, SHELL, Rule, Source, tracked_paths, tracked_sources

RULES = (*python_rules.RULES, *core_rules.RULES, *text_rules.RULES)
BAD = [(rule, Source(*example)) for rule in RULES for example in rule.bad]
GOOD = [(rule, Source(*example)) for rule in RULES for example in rule.good]


def name(value: object) -> str:
    return value.name if isinstance(value, Rule) else ""


@pytest.fixture(scope="module")
def sources() -> list[Source]:
    return tracked_sources()


@pytest.mark.parametrize(("rule", "example"), BAD, ids=name)
def test_rule_catches_a_bad_example(rule: Rule, example: Source) -> None:
    assert rule.findings(example)


@pytest.mark.parametrize(("rule", "example"), GOOD, ids=name)
def test_rule_lets_a_good_example_pass(rule: Rule, example: Source) -> None:
    assert rule.findings(example) == []


@pytest.mark.parametrize("rule", RULES, ids=name)
def test_rule_holds_in_the_repository(rule: Rule, sources: list[Source]) -> None:
    findings = [finding for source in sources for finding in rule.findings(source)]
    assert not findings, "\n".join(findings)


def test_rules_have_examples_of_both_kinds() -> None:
    assert all(rule.bad and rule.good for rule in RULES)
    assert len({rule.name for rule in RULES}) == len(RULES)


def test_the_rules_see_the_repository(sources: list[Source]) -> None:
    paths = {source.path for source in sources}
    assert {"README.md", "Makefile", "src/sanshi/kernel/money.py", "constraints.txt"} <= paths
    assert any(source.is_core for source in sources)
    assert not any(path.startswith((".venv/", "src/sanshi/web/static/vendor")) for path in paths)


def test_every_package_folder_holds_code() -> None:
    rooms: dict[str, list[str]] = {}
    for path in tracked_paths():
        if path.startswith(PACKAGE) and path.endswith(".py"):
            rooms.setdefault(path.rpartition("/")[0], []).append(path)
    empty = [room for room, files in rooms.items() if empty_room(room, files, list(rooms))]
    assert not empty, f"only an __init__.py in {empty}: a room comes when something needs it"


def empty_room(room: str, files: list[str], rooms: list[str]) -> bool:
    """Say whether a folder has an __init__.py and nothing else, in it or below it."""
    below = any(other.startswith(room + "/") for other in rooms)
    return not below and all(path.endswith("/__init__.py") for path in files)


def test_an_empty_room_is_seen() -> None:
    assert empty_room("a", ["a/__init__.py"], ["a"])
    assert not empty_room("a", ["a/__init__.py", "a/b.py"], ["a"])
    assert not empty_room("a", ["a/__init__.py"], ["a", "a/b"])


def test_the_shell_of_the_rules_is_the_shell_of_the_import_contracts(
    shell_in_contracts: set[str],
) -> None:
    assert SHELL - {"__init__"} == shell_in_contracts
    assert not SHELL & MIDDLE
