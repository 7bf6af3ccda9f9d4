"""The annual cost of a loan, solved once more: one advance, then a payment every month."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import accumulate

STEPS = 60


def annual_costs(advance_fen: int, payments_fen: Sequence[int]) -> tuple[Fraction, Fraction]:
    """Return (nominal, effective): twelve times the monthly rate, and its twelvefold compound.

    The monthly rate is bisected on the balance left at the end: too low a rate leaves less.
    """
    low, high = -0.05, 0.2
    for _ in range(STEPS):
        middle = (low + high) / 2
        low, high = (
            (middle, high) if _left(advance_fen, payments_fen, middle) < 0 else (low, middle)
        )
    return Fraction(12 * low), Fraction((1 + low) ** 12 - 1)


def _left(advance_fen: int, payments_fen: Sequence[int], rate: float) -> float:
    *_, left = accumulate(
        payments_fen, lambda owed, paid: owed * (1 + rate) - paid, initial=float(advance_fen)
    )
    return left
