"""The walk from line to line, written once for one loan and for columns of loans.

A number here is a whole number, or a column of them with a loan in each row: `ONE` works on plain
integers, `kernel.columns.MANY` on 64-bit ones. Whatever a line owes follows from this file alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, NamedTuple, Protocol, TypeVar

from sanshi.kernel.money import Rounding, div_round

if TYPE_CHECKING:
    from sanshi.kernel.columns import Column

N = TypeVar("N", int, "Column")

EVERYTHING_FEN = 1 << 60
"""A payment that surely ends a loan: what is wanted of a closing line."""


class Arithmetic(Protocol[N]):
    """What differs between one number and a column of them."""

    def div_round(self, numerator: N, denominator: N, rounding: Rounding) -> N:
        """Divide and round by the named policy."""

    def within(self, value: N, top: N) -> N:
        """Return the value, at most `top` and at least nothing."""


class One:
    """Plain integers, without bounds."""

    div_round = staticmethod(div_round)

    @staticmethod
    def within(value: int, top: int) -> int:
        """Return the value, at most `top` and at least nothing."""
        return max(min(value, top), 0)


ONE = One()


class Line(NamedTuple, Generic[N]):
    """One line to walk.

    Args:
        pieces: its stretches: what is drawn at the beginning, and the interest of one fen.
        wanted_fen: the payment, or the principal.
        is_payment: whether interest comes out of what is wanted.
        floor_fen: what must stay owed.
        bills: whether interest is collected now, or left to the next line that does.
    """

    pieces: tuple[tuple[N, N], ...]
    wanted_fen: N
    is_payment: bool
    floor_fen: N
    bills: bool = True


class Standing(NamedTuple, Generic[N]):
    """Where the walk stands between two lines.

    Args:
        owed_fen: principal.
        carried: numerator of interest earned and not yet collected.
        flat_base_fen: what a flat rate is taken on; None: what is owed.
    """

    owed_fen: N
    carried: N
    flat_base_fen: N | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """How interest becomes whole fen: rounded by the line, or by each of its stretches."""

    rounding: Rounding
    by_stretch: bool


class Step(NamedTuple, Generic[N]):
    """What a line pays, and where the loan stands after it."""

    principal_fen: N
    interest_fen: N
    owed_fen: N
    carried: N
    flat_base_fen: N | None

    @property
    def after(self) -> Standing[N]:
        """Where the loan stands."""
        return Standing(self.owed_fen, self.carried, self.flat_base_fen)


def walk(
    on: Arithmetic[N],
    start: Standing[N],
    lines: Iterable[Line[N]],
    denominator: N,
    rule: Rule,
) -> Iterator[Step[N]]:
    """Give each line's principal and interest.

    Principal is never negative and never more than what is owed: a payment too small for the
    interest repays nothing yet.
    """
    owed, carried, flat = start
    div_round, within, rounding = on.div_round, on.within, rule.rounding
    for pieces, wanted, is_payment, floor, bills in lines:
        for drawn, numerator in pieces:
            owed = owed + drawn
            if flat is not None:
                flat = flat + drawn
            earned = (owed if flat is None else flat) * numerator
            if rule.by_stretch:
                earned = div_round(earned, denominator, rounding) * denominator
            carried = carried + earned
        interest = div_round(carried, denominator, rounding)
        if bills:
            carried = carried * 0
        else:
            interest = interest * 0
        principal = within(wanted - interest if is_payment else wanted, owed - floor)
        owed = owed - principal
        yield Step(principal, interest, owed, carried, flat)
