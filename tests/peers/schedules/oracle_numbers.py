"""The oracle's numbers: fractions for what is small and exact, 80-digit decimals for the rest."""

from __future__ import annotations

import decimal
from contextlib import AbstractContextManager
from decimal import Decimal
from fractions import Fraction

DIGITS = 80
ROUNDINGS = {
    "half_up": decimal.ROUND_HALF_UP,
    "half_even": decimal.ROUND_HALF_EVEN,
    "up": decimal.ROUND_UP,
    "down": decimal.ROUND_DOWN,
}
_NEAR = Decimal("1e-30")


def CONTEXT() -> AbstractContextManager[decimal.Context]:  # noqa: N802 - reads like the constant it is
    return decimal.localcontext(prec=DIGITS)


def exactly(value: Fraction) -> Decimal:
    """Write a fraction with 80 digits."""
    return Decimal(value.numerator) / Decimal(value.denominator)


def whole(value: Fraction, rounding: str) -> int:
    """Round to an integer. A tie has one decimal, so 80 digits show it as what it is."""
    return int(exactly(value).to_integral_value(rounding=ROUNDINGS[rounding]))


def floor_fen(value: Fraction) -> int:
    return int(exactly(value).to_integral_value(rounding=decimal.ROUND_FLOOR))


def near_tie(value: Decimal) -> bool:
    """Say whether a value is so near a whole or half number that its last digits decide."""
    doubled = value * 2
    return abs(doubled - doubled.to_integral_value()) < _NEAR
