"""Schedules that others published, read from YAML: terms, their figures, and where ours differ."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

from ruamel.yaml import YAML
from typer.testing import CliRunner

from sanshi.cli.main import app

HERE = Path(__file__).parent

Figures: TypeAlias = dict[str, int]
"""By the field's name: `principal_fen`, `interest_fen`, `payment_fen`, `balance_fen`."""


@dataclass(frozen=True, slots=True)
class Case:
    """One document.

    Args:
        terms: what `sanshi schedule` reads.
        lines: published figures by due date.
        sums: published figures by the numbers of the first and the last line added up.
        ours: of `lines`, only what ours are where they differ; `our_sums` likewise.
        whole: whether every line of the schedule is published.
    """

    name: str
    source: str
    why: str
    terms: Mapping[str, Any]
    lines: dict[str, Figures]
    sums: dict[tuple[int, int], Figures]
    ours: dict[str, Figures]
    our_sums: dict[tuple[int, int], Figures]
    whole: bool

    @property
    def differs(self) -> bool:
        return bool(self.ours or self.our_sums)


def read(folder: str) -> list[Case]:
    """Read all documents of a folder beside this file."""
    return [case for path in sorted((HERE / folder).glob("*.yaml")) for case in _cases(path)]


def _cases(path: Path) -> Iterator[Case]:
    for one in YAML(typ="safe", pure=True).load_all(path):
        given = json.loads(json.dumps(one, default=str))  # days as text, as a caller writes them
        yield Case(
            name=given.pop("name"),
            source=given.pop("source"),
            why=given.pop("why", ""),
            terms=given.pop("terms"),
            lines=_by_due(given.pop("lines", [])),
            sums=_by_span(given.pop("sums", [])),
            ours=_by_due(given.pop("ours", [])),
            our_sums=_by_span(given.pop("ours_sums", [])),
            whole=not given.pop("part", False),
        )
        given.pop("note", None)
        assert not given, f"{path.name}: unknown fields {sorted(given)}"


def _by_due(rows: list[dict[str, Any]]) -> dict[str, Figures]:
    return {row.pop("due"): row for row in rows}


def _by_span(rows: list[dict[str, Any]]) -> dict[tuple[int, int], Figures]:
    return {(row.pop("first"), row.pop("last")): row for row in rows}


def worked_out(terms: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Give the lines that the command prints for these terms."""
    asked = CliRunner().invoke(app, ["schedule", "-", "--json"], input=json.dumps(terms))
    assert asked.exit_code == 0, asked.output
    lines: list[dict[str, Any]] = json.loads(asked.stdout)["lines"]
    return lines


def shown(case: Case, lines: list[dict[str, Any]]) -> dict[str, Figures]:
    """Give our figures in the shape of the published ones: the same lines and fields."""
    ours = {line["due"]: line for line in lines}
    assert len(ours) == len(lines), "two lines on one day cannot be told apart"
    if case.whole:
        assert list(ours) == list(case.lines)
    return {
        due: {field: ours[due][field] for field in figures} for due, figures in case.lines.items()
    }


def summed(case: Case, lines: list[dict[str, Any]]) -> dict[tuple[int, int], Figures]:
    """Give sums of our lines, for the spans that were published."""
    return {
        (first, last): {
            field: sum(line[field] for line in lines if first <= line["no"] <= last)
            for field in figures
        }
        for (first, last), figures in case.sums.items()
    }
