"""The annual cost of a loan, solved once more: one advance, then payments at month's ends."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

STEPS = 100
ENOUGH = 1e-15
GRID = 10**12


def annual_costs(advance_fen: int, payments_fen: Sequence[int]) -> tuple[Fraction, Fraction]:
    """Return (nominal, effective): twelve times the monthly rate, and its twelvefold compound.

    `payments_fen` holds one entry a month. The monthly rate is the one at which the balance after
    the last payment is nothing, found by Newton's steps from above, where the balance is convex.
    """
    rate = 0.1
    for _ in range(STEPS):
        balance, slope = float(advance_fen), 0.0
        for paid in payments_fen:
            slope = slope * (1 + rate) + balance
            balance = balance * (1 + rate) - paid
        step = balance / slope
        rate -= step
        if abs(step) < ENOUGH:
            break
    return _exact(12 * rate), _exact((1 + rate) ** 12 - 1)


def _exact(rate: float) -> Fraction:
    """Take the noise of floats off, so that a cost of exactly a cap is not above it."""
    return Fraction(round(rate * GRID), GRID)
