"""Figures are judged and written down as they were measured."""

from __future__ import annotations

import importlib
import re

import pytest

from benchmarks import run
from benchmarks.figures import Figure
from house.house import ROOT


@pytest.mark.parametrize(
    ("figure", "kept"),
    [
        (Figure("a", 5.0, "ms"), None),
        (Figure("a", 5.0, "ms", at_most=5.0), True),
        (Figure("a", 5.1, "ms", at_most=5.0), False),
        (Figure("a", 8.0, "", at_least=8.0), True),
        (Figure("a", 7.9, "", at_least=8.0), False),
        (Figure("a", 5.0, "", at_least=4.0, at_most=4.5), False),
        (Figure("a", 900.0, "µs", ratio=2.9, ratio_to="b", at_most=3.0), True),
        (Figure("a", 1.0, "µs", ratio=3.1, ratio_to="b", at_most=3.0), False),
    ],
)
def test_a_bound_is_judged(figure: Figure, kept: object) -> None:
    assert figure.kept is kept


def test_a_row_says_all_of_a_figure() -> None:
    figure = Figure("quote", 61.25, "ms", ratio=1234.5, ratio_to="x", at_least=1, at_most=60)
    assert run.cells(figure) == ("quote", "61.2", "ms", "1,234 × x", "≥ 1 and ≤ 60", "NO")
    assert run.cells(Figure("plain", 0.00123, "s")) == ("plain", "0.00123", "s", "", "", "")


def test_the_page_is_a_table_that_markdown_reads() -> None:
    sections = {"rates": ("About.", [Figure("one", 1.0, "µs", note="how"), Figure("two", 2, "s")])}
    page = run.page(sections, "2026-11-22")
    assert "Measured 2026-11-22 on " in page
    assert "- one: how" in page
    rows = [line for line in page.splitlines() if line.startswith("|")]
    assert len(rows) == 4
    assert {row.count("|") for row in rows} == {len(run.HEADINGS) + 1}
    assert re.fullmatch(r"\|(-+\|)+", rows[1])


def test_chinese_takes_two_columns() -> None:
    assert run.columns("利率 a") == 6
    assert run.pad("利率", 6) == "利率  "


def test_every_module_measures_and_says_what() -> None:
    names = [path.stem for path in (ROOT / "benchmarks").glob("*.py")]
    for name in set(names) - run.NOT_MEASUREMENTS:
        module = importlib.import_module(f"benchmarks.{name}")
        assert callable(getattr(module, "measure", None)), name
        assert run.summary(module), name


def test_an_unknown_measurement_is_refused() -> None:
    with pytest.raises(SystemExit, match="No such measurement: nothing"):
        run.discover(["nothing"])
