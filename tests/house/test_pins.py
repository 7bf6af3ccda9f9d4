"""constraints.txt pins everything that is installed, by version alone."""

from __future__ import annotations

import re
from collections.abc import Iterable
from importlib.metadata import distributions, requires, version
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from house.house import ROOT

PIN = re.compile(r"(?P<name>[a-z0-9][a-z0-9-]*)==(?P<version>[\w.+!-]+)( ; .+)?")


def read_pins(text: str) -> dict[str, str]:
    """Read `name==version` lines, refusing anything else."""
    pins = {}
    for line in text.splitlines():
        match = PIN.fullmatch(line)
        if match is None:
            raise ValueError(f"not a pin: {line!r}")
        pins[match["name"]] = match["version"]
    return pins


def unmet(requirements: Iterable[str], pins: dict[str, str]) -> list[str]:
    """Return the requirements that no pin satisfies."""
    parsed = [Requirement(text) for text in requirements]
    return [
        str(need)
        for need in parsed
        if canonicalize_name(need.name) not in {*pins, "sanshi"}
        or (
            need.name != "sanshi"
            and not need.specifier.contains(pins[canonicalize_name(need.name)], prereleases=True)
        )
    ]


def declared(project: dict[str, Any]) -> list[str]:
    """Return every requirement of the project, its extras and its build."""
    extras = project["project"]["optional-dependencies"].values()
    return [
        *project["project"]["dependencies"],
        *project["build-system"]["requires"],
        "editables",  # what hatchling asks for an editable install
        *(need for extra in extras for need in extra),
    ]


@pytest.fixture(scope="module")
def pins() -> dict[str, str]:
    return read_pins((ROOT / "constraints.txt").read_text(encoding="ascii"))


def test_every_requirement_is_pinned(project: dict[str, Any], pins: dict[str, str]) -> None:
    assert unmet(declared(project), pins) == []


def test_what_the_pins_need_is_pinned_too(pins: dict[str, str]) -> None:
    installed = {canonicalize_name(d.metadata["Name"]) for d in distributions()} & set(pins)
    needs = [
        need
        for name in sorted(installed)
        for need in requires(name) or []
        if applies_here(Requirement(need))
    ]
    assert len(installed) > 40
    assert unmet(needs, pins) == []


def applies_here(need: Requirement) -> bool:
    """Say whether a requirement applies without extras on this machine."""
    return need.marker is None or need.marker.evaluate({"extra": ""})


def test_what_is_installed_is_what_is_pinned(pins: dict[str, str]) -> None:
    installed = {canonicalize_name(d.metadata["Name"]) for d in distributions()} & set(pins)
    different = {n: (version(n), pins[n]) for n in installed if version(n) != pins[n]}
    assert different == {}, "run `make install`"


@pytest.mark.parametrize(
    "line",
    ["a>=1", "a @ git+https://example.org/a", "-e .", "a==1 --hash=sha256:00", "A==1", "# note"],
)
def test_anything_but_a_pin_is_refused(line: str) -> None:
    with pytest.raises(ValueError, match="not a pin"):
        read_pins(f"b==2\n{line}\n")


def test_a_missing_or_too_old_pin_is_seen() -> None:
    pins = read_pins("a-b==1.0\nc==2\n")
    assert unmet(["A_b>=1", "c>=3", "d"], pins) == ["c>=3", "d"]
