"""Columns of whole numbers: the 64-bit side of exact arithmetic.

What 64 bits do not hold wraps silently in NumPy, so whoever multiplies columns first proves that
the products fit (`fits`), and sends the rows that do not through plain integers.
"""

from __future__ import annotations

from typing import TypeAlias, assert_never

import numpy as np
import numpy.typing as npt

from sanshi.kernel.money import Rounding

Column: TypeAlias = npt.NDArray[np.int64]
Mask: TypeAlias = npt.NDArray[np.bool_]

BATCH_ROWS = 8_192
"""Rows worked on at a time: a few columns of them stay in a core's cache."""

_ROOM = 1 << 62
_SURE = 1 << 50


class Many:
    """Columns of amounts that are not negative."""

    @staticmethod
    def div_round(numerator: Column, denominator: Column, rounding: Rounding) -> Column:
        """Divide and round by the named policy, as `money.div_round` does with one number."""
        quotient, rest = _divmod(numerator, denominator)
        if rounding == "down":
            return quotient
        match rounding:
            case "half_up":
                up = rest + rest >= denominator
            case "half_even":
                twice = rest + rest
                up = (twice > denominator) | ((twice == denominator) & (quotient & 1 == 1))
            case "up":
                up = rest > 0
            case _:
                assert_never(rounding)
        return quotient + up

    @staticmethod
    def within(value: Column, top: Column) -> Column:
        """Return the value, at most `top` and at least nothing."""
        return np.maximum(np.minimum(value, top), 0)


MANY = Many()


def _divmod(numerator: Column, denominator: Column) -> tuple[Column, Column]:
    """Divide as `divmod` does, several times as fast.

    A float quotient below 2^50 is less than one off, and the integer rest says which way.
    """
    estimate = numerator / denominator
    if not estimate.max(initial=0) < _SURE:
        return np.divmod(numerator, denominator)
    quotient = estimate.astype(np.int64)
    rest = numerator - quotient * denominator
    if (over := rest >= denominator).any():
        quotient, rest = quotient + over, rest - over * denominator
    if (under := rest < 0).any():
        quotient, rest = quotient - under, rest + under * denominator
    return quotient, rest


Floats: TypeAlias = npt.NDArray[np.float64]
MOST_DIVIDED = 1 << 47
"""Quotients up to here are exact in `divided`."""


def inverses(denominator: Column) -> Floats:
    """Return what `divided` multiplies by: a hair less than one over each denominator."""
    return (1 - 2.0**-50) / denominator


def divided(numerator: Column, denominator: Column, inverse: Floats) -> Column:
    """Divide, rounding down, where denominators recur and their `inverses` are at hand.

    The estimate is never above the quotient and less than one below it, if none exceeds
    `MOST_DIVIDED`: of the rest one comparison is left.
    """
    quotient: Column = (numerator * inverse).astype(np.int64)
    quotient += numerator - quotient * denominator >= denominator
    return quotient


def fits(*factors: Column) -> Mask:
    """Say of which rows the product of non-negative columns stays well within 64 bits.

    Worked out in floats, whose error is far below the room that is left.
    """
    product = np.ones(len(factors[0]))
    for factor in factors:
        product *= factor
    return product < _ROOM
