"""One measured figure, and whether it keeps the bound that was promised for it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Figure:
    """What one measurement found.

    A bound (`at_most`, `at_least`) applies to `ratio` when there is one, else to `value`: on
    another machine the ratio of two things measured in one run says more than a time.

    Args:
        name: what was measured, as a reader would say it.
        value: the median of the runs.
        unit: the unit of `value`: "µs", "ms", "Effects/s".
        ratio: `value` over what it is compared with, if it is.
        ratio_to: what it is compared with: "pyxirr", "p50", "one commit".
        at_most: the highest that was promised.
        at_least: the lowest that was promised.
        note: how it was measured, or where the time goes.
    """

    name: str
    value: float
    unit: str
    ratio: float | None = None
    ratio_to: str = ""
    at_most: float | None = None
    at_least: float | None = None
    note: str = ""

    @property
    def kept(self) -> bool | None:
        """Say whether the bound holds; None when nothing was promised."""
        if self.at_most is None and self.at_least is None:
            return None
        seen = self.value if self.ratio is None else self.ratio
        above = self.at_least is None or seen >= self.at_least
        return above and (self.at_most is None or seen <= self.at_most)
