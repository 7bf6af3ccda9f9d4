"""The chart of a loan: balance above, instalments below, both drawn to true scale by the server."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

WIDTH, LEFT, RIGHT = 760, 74, 16
TOP, BALANCE_HEIGHT, BARS_TOP, BARS_HEIGHT = 22, 110, 156, 64
HEIGHT = BARS_TOP + BARS_HEIGHT + 24
MOST_LABELS = 12
_TICKS = 3
_MOST_BAR = 22


@dataclass(frozen=True, slots=True)
class Instalment:
    """One instalment: what of it is principal and interest, and what is owed after it."""

    number: int
    principal_fen: int
    interest_fen: int
    balance_fen: int
    over: bool


@dataclass(frozen=True, slots=True)
class Tick:
    """A line across with its amount."""

    y: float
    amount_fen: int


@dataclass(frozen=True, slots=True)
class Bar:
    """One instalment's two bars, principal below interest."""

    x: float
    width: float
    middle: float
    number: int
    labelled: bool
    over: bool
    principal_y: float
    principal_height: float
    interest_y: float
    interest_height: float


@dataclass(frozen=True, slots=True)
class Chart:
    """What the template draws; all lengths in the picture's own units."""

    line: str
    area: str
    bars: tuple[Bar, ...]
    balance_ticks: tuple[Tick, ...]
    bar_ticks: tuple[Tick, ...]
    today_x: float
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    right: int = WIDTH - RIGHT
    top: int = TOP
    balance_bottom: int = TOP + BALANCE_HEIGHT
    bars_bottom: int = BARS_TOP + BARS_HEIGHT


def chart(lent_fen: int, instalments: Sequence[Instalment]) -> Chart | None:
    """Place a loan's instalments; None: there is nothing to draw."""
    if not instalments or lent_fen <= 0:
        return None
    step = (WIDTH - LEFT - RIGHT) / len(instalments)
    top_fen = nice_step_fen(lent_fen) * _steps(lent_fen)
    largest_fen = max(one.principal_fen + one.interest_fen for one in instalments)
    bar_top_fen = nice_step_fen(largest_fen) * _steps(largest_fen)
    points = list(_points(lent_fen, instalments, step, top_fen))
    line = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    bottom = TOP + BALANCE_HEIGHT
    return Chart(
        line=line,
        area=f"{LEFT},{bottom} {line} {points[-1][0]:.1f},{bottom}",
        bars=tuple(_bars(instalments, step, bar_top_fen)),
        balance_ticks=ticks(lent_fen, bottom, BALANCE_HEIGHT),
        bar_ticks=ticks(largest_fen, BARS_TOP + BARS_HEIGHT, BARS_HEIGHT),
        today_x=LEFT + step * sum(one.over for one in instalments),
    )


def nice_step_fen(largest_fen: int) -> int:
    """Return a round amount of which about three reach the largest one."""
    wanted_fen = max(-(-largest_fen // _TICKS), 1)
    unit_fen: int = 10 ** (len(str(wanted_fen)) - 1)
    for times in (1, 2, 5):
        if unit_fen * times >= wanted_fen:
            return unit_fen * times
    return unit_fen * 10


def _steps(largest_fen: int) -> int:
    return -(-largest_fen // nice_step_fen(largest_fen))


def ticks(largest_fen: int, bottom: int, height: int) -> tuple[Tick, ...]:
    """Return the lines across from nothing to a round amount that the largest one fits under."""
    step_fen, steps = nice_step_fen(largest_fen), _steps(largest_fen)
    return tuple(
        Tick(round(bottom - height * number / steps, 1), step_fen * number)
        for number in range(steps + 1)
    )


def _points(
    lent_fen: int, instalments: Sequence[Instalment], step: float, top_fen: int
) -> Iterator[tuple[float, float]]:
    """Go along the balance: level until an instalment falls due, then straight down."""
    balance_fen = lent_fen

    def y() -> float:
        return TOP + BALANCE_HEIGHT * (1 - balance_fen / top_fen)

    x = float(LEFT)
    yield x, y()
    for one in instalments:
        x += step
        yield x, y()
        balance_fen = one.balance_fen
        yield x, y()


def _bars(instalments: Sequence[Instalment], step: float, top_fen: int) -> Iterator[Bar]:
    every = -(-len(instalments) // MOST_LABELS)
    width = min(step * 0.6, _MOST_BAR)
    bottom = BARS_TOP + BARS_HEIGHT
    for place, one in enumerate(instalments):
        # An instalment stands where it falls due: at the end of its period.
        middle = LEFT + step * (place + 1)
        principal = BARS_HEIGHT * one.principal_fen / top_fen
        interest = BARS_HEIGHT * one.interest_fen / top_fen
        yield Bar(
            x=round(middle - width, 2),
            width=round(width, 2),
            middle=round(middle - width / 2, 2),
            number=one.number,
            labelled=one.number % every == 0 or one.number == 1,
            over=one.over,
            principal_y=round(bottom - principal, 2),
            principal_height=round(principal, 2),
            interest_y=round(bottom - principal - interest, 2),
            interest_height=round(interest, 2),
        )
