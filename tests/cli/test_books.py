"""Books taken along by the command line: whole files, and nothing is written over."""

from __future__ import annotations

import csv
import io
import json
from contextlib import nullcontext
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner, Result

from desks import content, desk, outside
from sanshi.cli import books
from sanshi.cli.main import app
from sanshi.ledger.exports import SCHEMAS, WHATS, What
from worlds import LENDER, XIAOMAN, Desk

__all__ = ["content", "desk", "outside"]


@pytest.fixture
def lived(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """A desk that the command line works on: a second process could not open its SQLite file."""
    desk.paid_out(desk.person(XIAOMAN))
    monkeypatch.setattr(books, "open_world", lambda _settings: nullcontext(desk.world))
    return desk


def export(out: Path, what: str, *more: str) -> Result:
    words = ["books", "export", "--entity", LENDER, "--what", what, "--out", str(out), *more]
    return CliRunner().invoke(app, words)


@pytest.mark.parametrize("what", WHATS)
@pytest.mark.usefixtures("lived")
def test_both_forms_hold_the_same_rows(tmp_path: Path, what: What) -> None:
    folder = tmp_path / "out"
    folder.mkdir()
    plain, columns = folder / "b.csv", folder / "b.parquet"
    answer = export(plain, what, "--lang", "en")
    assert answer.exit_code == 0, answer.output
    assert export(columns, what, "--format", "parquet").exit_code == 0
    head, *lines = csv.reader(io.StringIO(plain.read_bytes().decode("utf-8-sig"), newline=""))
    assert head == [field.metadata[b"en"].decode() for field in SCHEMAS[what]]
    assert json.loads(answer.stdout)["rows"] == len(lines) == pq.read_table(columns).num_rows > 0
    assert {path.name for path in folder.iterdir()} == {"b.csv", "b.parquet"}


def test_nothing_is_written_over_and_nothing_is_left_half(lived: Desk, tmp_path: Path) -> None:
    out = tmp_path / "b.csv"
    out.write_text("mine")
    refused = export(out, "journal")
    assert refused.exit_code == 1
    assert out.read_text() == "mine"
    backwards = export(tmp_path / "c.csv", "journal", "--since", "2026-11-03", "--to", "2026-11-02")
    assert backwards.exit_code == 1
    assert export(tmp_path / "none" / "c.csv", "journal").exit_code == 1
    assert not list(tmp_path.glob("*.part"))
    assert not (tmp_path / "c.csv").exists()
    assert not lived.world.store.rows("audit", {"action": "export_books"})
