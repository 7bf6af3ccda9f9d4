"""What house tests share: the project's own settings."""

from __future__ import annotations

import re
import tomllib
from typing import Any

import pytest

from house.house import ROOT


@pytest.fixture(scope="session")
def project() -> dict[str, Any]:
    """Return pyproject.toml."""
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


@pytest.fixture(scope="session")
def contracts(project: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Return the import contracts by name."""
    found = project["tool"]["importlinter"]["contracts"]
    return {contract["name"]: contract for contract in found}


@pytest.fixture(scope="session")
def shell_in_contracts(contracts: dict[str, dict[str, Any]]) -> set[str]:
    """Return the rooms that the contracts let do input and output."""
    ignored = contracts["Core and flows do no input or output"]["ignore_imports"]
    return {match[1] for line in ignored if (match := re.fullmatch(r"sanshi\.(\w+) -> \*", line))}
