"""Level payments and level principal: exact, then rounded, then smoothed where that is agreed."""

from __future__ import annotations

from collections.abc import Callable, Container, Sequence
from fractions import Fraction
from functools import cache

from sanshi.kernel.money import Rounding, div_round, split_fen
from sanshi.kernel.schedules.periods import Piece
from sanshi.kernel.schedules.walk import Standing


def exact_level(
    pieces: Sequence[Sequence[Piece]],
    bills: Sequence[bool],
    start: Standing[int],
    denominator: int,
    balance_fen: int,
    *,
    starved: Container[int] = (),
) -> tuple[int, int]:
    """Return the exact payment that leaves `balance_fen` after these lines, as a fraction.

    What is owed after k lines is (a − b·level) / denominator^k, interest that waits to be
    collected (c − d·level) / denominator^(k+1): four whole numbers carried from line to line.
    `starved` lines pay their interest and nothing else, whatever the level.
    """
    owed, paid, waits, unpaid, power = start.owed_fen, 0, start.carried, 0, 1
    for index, (row, collects) in enumerate(zip(pieces, bills, strict=True)):
        for drawn, numerator in row:
            owed += drawn * power
            waits += owed * numerator
            unpaid += paid * numerator
        power *= denominator
        owed, paid = owed * denominator, paid * denominator
        if index in starved:
            waits = unpaid = 0
            continue
        paid += power
        if collects:
            owed, paid, waits, unpaid = owed + waits, paid + unpaid, 0, 0
        else:
            waits, unpaid = waits * denominator, unpaid * denominator
    return owed - balance_fen * power, paid


def starving(
    pieces: Sequence[Sequence[Piece]],
    bills: Sequence[bool],
    start: Standing[int],
    denominator: int,
    level: Fraction,
    *,
    starved: Container[int],
) -> set[int]:
    """Return the lines, but the last, whose interest is above the level: all without rounding."""
    owed, waits = Fraction(start.owed_fen), Fraction(start.carried, denominator)
    found = set()
    for index, (row, collects) in enumerate(zip(pieces, bills, strict=True)):
        for drawn, numerator in row:
            owed += drawn
            waits += owed * Fraction(numerator, denominator)
        if not collects:
            owed -= level
            continue
        if waits > level and index < len(pieces) - 1:
            found.add(index)
        if index not in starved:
            owed += waits - level
        waits = Fraction(0)
    return found


def rounded_to(numerator: int, denominator: int, unit_fen: int, rounding: Rounding) -> int:
    """Return a fraction as a multiple of a unit; nothing rather than less."""
    return max(div_round(numerator, denominator * unit_fen, rounding), 0) * unit_fen


def level_principals(
    total_fen: int, count: int, unit_fen: int, rounding: Rounding, *, smooth: bool
) -> tuple[int, ...]:
    """Return level principal 等额本金 of each line; the last line takes what these leave."""
    total_fen = max(total_fen, 0)
    if smooth:
        return tuple(unit_fen * part for part in split_fen(total_fen // unit_fen, [1] * count))
    return (rounded_to(total_fen, count, unit_fen, rounding),) * count


def smoothest(level: int, unit_fen: int, gap: Callable[[int], int]) -> int:
    """Return the level whose last payment differs least: the rounded one, unless one is better.

    `gap` is the last payment less the level. A higher level never leaves a larger last payment,
    so one search finds where the difference changes its sign: strides from the rounded level,
    then halves. At level 0 all is left over. Of two better ones it is the lower.
    """
    gap = cache(gap)
    low = high = level
    step = unit_fen
    while gap(high) > 0:
        low, high, step = high, high + step, 2 * step
    while low and gap(low) <= 0:
        low, high, step = max(low - step, 0), low, 2 * step
    while high - low > unit_fen:
        middle = (low + high) // (2 * unit_fen) * unit_fen
        low, high = (middle, high) if gap(middle) > 0 else (low, middle)
    if abs(gap(level)) <= min(abs(gap(low)), abs(gap(high))):
        return level
    return low if gap(low) <= -gap(high) else high
