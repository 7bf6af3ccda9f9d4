"""Each import contract breaks when it should, shown on a small package with the same rooms."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from house.house import ROOT

ROOMS = "Rooms see only what lies below them"
LEDGER = "The ledger sees the kernel only"
PURE = "Core and flows do no input or output"
STORE = "Only the store and wiring speak to a database"
PAGES = "Pages and API reach no table and no connector"
DAYS = "The holiday calendar is read in kernel.dates alone"
SQLITE = "One SQLite library per process"

WELL_BEHAVED = {
    "cli": "import sanshi.wiring, sanshi.settings, typer",
    "wiring": "import sanshi.store.schema, sanshi.connectors, sanshi.flows, sanshi.settings",
    "settings": "import os",
    "api/routes": "import sanshi.flows, sanshi.wiring, fastapi",
    "store/schema": "import sqlalchemy, sanshi.kernel.money",
    "connectors/rail": "import sanshi.ports, httpx",
    "flows/apply": "import sanshi.loan, sanshi.ledger, sanshi.ports",
    "ports": "import sanshi.kernel.money",
    "loan/fold": "import sanshi.decision, sanshi.kernel.dates",
    "decision/rules": "import sanshi.consent, sanshi.quote",
    "consent/grants": "import sanshi.party",
    "quote/plan": "import sanshi.catalogue",
    "catalogue/packs": "import sanshi.party.identity, sanshi.life",
    "party/identity": "import sanshi.kernel.money",
    "evidence/merkle": "import hashlib",
    "ledger/posting": "import sanshi.kernel.money",
    "life": "import sanshi.kernel.errors",
    "kernel/errors": "import enum",
    "kernel/money": "import sanshi.kernel.errors",
    "kernel/dates": "import chinese_calendar",
}

BREAKS = [
    (ROOMS, "kernel/money", "import sanshi.loan"),
    (ROOMS, "loan/fold", "import sanshi.ports"),
    (ROOMS, "loan/fold", "import sanshi.ledger"),
    (ROOMS, "loan/fold", "import sanshi.flows"),
    (ROOMS, "decision/rules", "import sanshi.loan"),
    (ROOMS, "evidence/merkle", "import sanshi.party"),
    (ROOMS, "store/schema", "import sanshi.connectors"),
    (ROOMS, "store/schema", "import sanshi.settings"),
    (ROOMS, "flows/apply", "import sanshi.store"),
    (ROOMS, "a_new_room/thing", "import sanshi.kernel"),
    (LEDGER, "ledger/posting", "import sanshi.evidence"),
    (LEDGER, "ledger/posting", "import sanshi.party.identity"),
    (PURE, "loan/fold", "import sqlalchemy"),
    (PURE, "evidence/merkle", "from os import environ"),
    (PURE, "kernel/money", "import random"),
    (PURE, "life", "import time"),
    (PURE, "flows/apply", "import httpx"),
    (PURE, "ports", "import pathlib"),
    (STORE, "connectors/rail", "import sqlite3"),
    (STORE, "api/routes", "from sqlalchemy import text"),
    (PAGES, "api/routes", "import sanshi.store.schema"),
    (PAGES, "web/pages", "import sanshi.connectors.rail"),
    (DAYS, "loan/fold", "import chinese_calendar"),
    (DAYS, "cli", "import chinese_calendar"),
    (SQLITE, "store/schema", "import apsw"),
    (SQLITE, "cli", "import adbc_driver_sqlite"),
]


def build(folder: Path, modules: dict[str, str]) -> None:
    """Write a package `sanshi` with these modules, and the project's contracts beside it."""
    shutil.copy(ROOT / "pyproject.toml", folder)
    for name, imports in modules.items():
        path = folder / "sanshi" / f"{name}.py"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(imports + "\n", encoding="utf-8")
    for room in {path.parent for path in (folder / "sanshi").rglob("*.py")}:
        (room / "__init__.py").touch()


def broken_contracts(folder: Path) -> set[str]:
    """Return the contracts that import-linter reports as broken."""
    program = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run(
        [program, "--no-cache", "--no-logo"],
        cwd=folder,
        check=False,
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": str(folder), "COLUMNS": "200"},
    )
    judged = [line.rsplit(" BROKEN", 1) for line in done.stdout.splitlines() if " BROKEN" in line]
    assert "Contracts: " in done.stdout, done.stdout + done.stderr
    assert (done.returncode != 0) == bool(judged)
    return {name for name, *_ in judged}


def test_a_well_behaved_package_keeps_every_contract(tmp_path: Path) -> None:
    build(tmp_path, WELL_BEHAVED)
    assert broken_contracts(tmp_path) == set()


@pytest.mark.parametrize(("contract", "module", "imports"), BREAKS)
def test_contract_breaks(contract: str, module: str, imports: str, tmp_path: Path) -> None:
    build(tmp_path, {**WELL_BEHAVED, module: f"{WELL_BEHAVED.get(module, '')}\n{imports}"})
    assert contract in broken_contracts(tmp_path)


def test_every_contract_is_shown_to_break(contracts: dict[str, Any]) -> None:
    assert {contract for contract, *_ in BREAKS} == set(contracts)
