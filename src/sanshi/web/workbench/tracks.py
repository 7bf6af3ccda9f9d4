"""Two balances over the same days, drawn to one true scale: a loan as it is and as it would be."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sanshi.kernel.dates import add_months
from sanshi.web.workbench.chart import LEFT, RIGHT, TOP, WIDTH, Tick, ticks

PLOT_HEIGHT = 220
HEIGHT = TOP + PLOT_HEIGHT + 24
MOST_LABELS = 8
Lines = Sequence[Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Month:
    """A month's first day along the bottom."""

    x: float
    text: str


@dataclass(frozen=True, slots=True)
class Tracks:
    """What the template draws; all lengths in the picture's own units. Empty: nothing is owed."""

    before: str
    after: str
    area: str
    ticks: tuple[Tick, ...]
    months: tuple[Month, ...]
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    right: int = WIDTH - RIGHT
    top: int = TOP
    bottom: int = TOP + PLOT_HEIGHT


def tracks(begin: date, before: Lines, after: Lines) -> Tracks | None:
    """Place two schedules that are ahead of a day; None: there is nothing to draw."""
    last = max((_due(line) for line in (*before, *after)), default=begin)
    largest_fen = max((_opening_fen(lines) for lines in (before, after) if lines), default=0)
    if last <= begin or largest_fen <= 0:
        return None
    marks = ticks(largest_fen, TOP + PLOT_HEIGHT, PLOT_HEIGHT)
    scale = _Scale(begin, (last - begin).days, marks[-1].amount_fen)
    old, new = (list(scale.along(lines)) for lines in (before, after))
    bottom = TOP + PLOT_HEIGHT
    area = f"{LEFT},{bottom} {_path(new)} {new[-1][0]:.1f},{bottom}" if new else ""
    return Tracks(_path(old), _path(new), area, marks, tuple(scale.months(last)))


@dataclass(frozen=True, slots=True)
class _Scale:
    begin: date
    days: int
    top_fen: int

    def x(self, day: date) -> float:
        return LEFT + (WIDTH - LEFT - RIGHT) * (day - self.begin).days / self.days

    def y(self, balance_fen: int) -> float:
        return TOP + PLOT_HEIGHT * (1 - balance_fen / self.top_fen)

    def along(self, lines: Lines) -> Iterator[tuple[float, float]]:
        """Go along a balance: level until an instalment falls due, then straight down."""
        if not lines:
            return
        y = self.y(_opening_fen(lines))
        yield float(LEFT), y
        for line in lines:
            x = self.x(_due(line))
            yield x, y
            y = self.y(line["closing_fen"])
            yield x, y

    def months(self, last: date) -> Iterator[Month]:
        first = add_months(self.begin.replace(day=1), 1)
        count = (last.year - first.year) * 12 + last.month - first.month + 1
        every = max(-(-count // MOST_LABELS), 1)
        for number in range(0, count, every):
            day = add_months(first, number)
            yield Month(round(self.x(day), 1), day.strftime("%Y-%m"))


def _due(line: Mapping[str, Any]) -> date:
    return date.fromisoformat(line["due_date"])


def _opening_fen(lines: Lines) -> int:
    return int(lines[0]["closing_fen"] + lines[0]["principal_fen"])


def _path(points: Sequence[tuple[float, float]]) -> str:
    return " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
