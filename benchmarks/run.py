"""Run every measurement in this folder, print the figures, and write docs/benchmarks.md.

A module here with a function `measure(smoke: bool) -> list[Figure]` takes part. With `--smoke`
the sizes are tiny and bounds are not judged: it only proves that the measurements still run.
"""

from __future__ import annotations

import argparse
import importlib
import os
import platform
import sys
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType
from unicodedata import east_asian_width

from benchmarks.figures import Figure

HERE = Path(__file__).parent
PAGE = HERE.parent / "docs/benchmarks.md"
NOT_MEASUREMENTS = {"figures", "run"}
HEADINGS = ("what", "value", "unit", "ratio", "bound", "kept")

HOW_TO_READ = (
    "Written by `make bench`. Values are medians; a ratio compares two things measured in the same "
    "run, so it means more on another machine than a time does. A bound applies to the ratio where "
    "there is one, else to the value."
)

Measure = Callable[[bool], Sequence[Figure]]


def discover(wanted: Sequence[str]) -> dict[str, tuple[str, Measure]]:
    """Return each measuring module's summary and function by name, in the order of names."""
    names = sorted(path.stem for path in HERE.glob("*.py"))
    names = [name for name in names if name not in NOT_MEASUREMENTS]
    unknown = set(wanted) - set(names)
    if unknown:
        raise SystemExit(f"No such measurement: {', '.join(sorted(unknown))}. There are: {names}")
    found = {}
    for name in names:
        if wanted and name not in wanted:
            continue
        module = importlib.import_module(f"benchmarks.{name}")
        measure = getattr(module, "measure", None)
        if callable(measure):
            found[name] = (summary(module), measure)
    return found


def summary(module: ModuleType) -> str:
    """Return the first line of a module's docstring."""
    return (module.__doc__ or "").strip().split("\n", maxsplit=1)[0]


def digits(number: float) -> str:
    """Write a figure with three significant digits, large ones whole with separators."""
    return f"{number:,.0f}" if abs(number) >= 100 else f"{number:.3g}"


def cells(figure: Figure) -> tuple[str, ...]:
    """Return one row of the table."""
    ratio = "" if figure.ratio is None else f"{digits(figure.ratio)} × {figure.ratio_to}".strip()
    bounds = [
        f"{sign} {digits(bound)}"
        for sign, bound in (("≥", figure.at_least), ("≤", figure.at_most))
        if bound is not None
    ]
    kept = {None: "", True: "yes", False: "NO"}[figure.kept]
    return figure.name, digits(figure.value), figure.unit, ratio, " and ".join(bounds), kept


def columns(text: str) -> int:
    """Return how wide a text is on a terminal, where a Chinese character takes two columns."""
    return sum(2 if east_asian_width(char) in "WF" else 1 for char in text)


def pad(text: str, width: int) -> str:
    """Fill a text with blanks to a width on a terminal."""
    return text + " " * (width - columns(text))


def table(figures: Sequence[Figure]) -> str:
    """Lay the figures out as a Markdown table, aligned to be read as plain text too."""
    rows = [HEADINGS, *map(cells, figures)]
    widths = [max(columns(row[index]) for row in rows) for index in range(len(HEADINGS))]
    lines = ["| " + " | ".join(map(pad, row, widths)) + " |" for row in rows]
    lines.insert(1, "|" + "|".join("-" * (width + 2) for width in widths) + "|")
    return "\n".join(lines)


def notes(figures: Sequence[Figure]) -> str:
    """List how the figures were measured, where one says so."""
    return "\n".join(f"- {figure.name}: {figure.note}" for figure in figures if figure.note)


def machine() -> str:
    """Say what it was measured on."""
    cores = os.cpu_count() or 1
    return (
        f"{cores} cores ({platform.machine()}), {platform.system()}, "
        f"Python {platform.python_version()}"
    )


def page(sections: Mapping[str, tuple[str, Sequence[Figure]]], measured_on: str) -> str:
    """Return docs/benchmarks.md."""
    parts = [
        "# Benchmarks",
        HOW_TO_READ,
        f"Measured {measured_on} on {machine()}.",
    ]
    for name, (about, figures) in sections.items():
        parts += [f"## {name}", about, table(figures), notes(figures)]
    return "\n\n".join(part for part in parts if part) + "\n"


def main(argv: Sequence[str] | None = None) -> int:
    """Measure, print, write; return 1 when a bound was not kept."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.run", description=__doc__)
    parser.add_argument("names", nargs="*", help="which measurements; all when none is named")
    parser.add_argument("--smoke", action="store_true", help="tiny sizes, no bounds, no page")
    options = parser.parse_args(argv)
    sections: dict[str, tuple[str, Sequence[Figure]]] = {}
    for name, (about, measure) in discover(options.names).items():
        sections[name] = (about, measure(options.smoke))
        print(f"\n{name}: {about}\n{table(sections[name][1])}", flush=True)
    if not sections:
        print("Nothing is measured yet.")
        return 0
    if options.smoke:
        return 0
    if not options.names:
        PAGE.write_text(page(sections, datetime.now(UTC).date().isoformat()), encoding="utf-8")
        print(f"\nWrote {PAGE.relative_to(HERE.parent)}")
    missed = [f.name for _, figures in sections.values() for f in figures if f.kept is False]
    for name in missed:
        print(f"Bound not kept: {name}", file=sys.stderr)
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
