"""Operators of rules: small pure comparisons of an observed value with the value in force.

`at_most`, `at_least`, `required` and `not_allowed` are plain comparisons and work on NumPy or
Arrow columns as they stand; `over` runs any operator down a column of Python values.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sanshi.catalogue.units import Dimension

Compare = Callable[[Any, Any], Any]
"""(observed, value in force) → True where the rule is kept."""


def required(observed: Any, wanted: Any) -> Any:  # noqa: ANN401 - scalars and columns alike
    """Keep what the law demands: where it demands (True), it must be observed."""
    return observed >= wanted


def not_allowed(observed: Any, banned: bool) -> Any:  # noqa: ANN401, FBT001 - same; flag is data
    """Keep what the law bans: where it bans (True), it must not be observed."""
    return observed <= (not banned)


def among(observed: str, allowed: frozenset[str]) -> bool:
    """Keep a closed list."""
    return observed in allowed


def not_among(observed: str, barred: frozenset[str]) -> bool:
    """Keep off a black list."""
    return observed not in barred


def contains_all(observed: Iterable[str], demanded: frozenset[str]) -> bool:
    """Keep a list of duties: each one was done."""
    return demanded <= frozenset(observed)


def rated_at_least(observed: str, lowest: str) -> bool:
    """Keep a lowest supervisory rating: 1 is best, A before C; a bare figure is its worst third."""
    return _rank(observed) <= _rank(lowest)


def _rank(rating: str) -> tuple[str, str]:
    return rating[0], rating[1:] or "C"


@dataclass(frozen=True, slots=True)
class Operator:
    """A registered operator.

    Args:
        limits: dimensions of policy values it can compare with.
        observes: dimensions of observables it can read; None: the same as the limit's.
    """

    name: str
    keeps: Compare
    limits: frozenset[Dimension]
    observes: frozenset[Dimension] | None
    zh: str
    en: str


_NUMBERS: frozenset[Dimension] = frozenset({"fen", "ppm", "months", "days", "years", "count"})
_FLAG: frozenset[Dimension] = frozenset({"flag"})
_CODES: frozenset[Dimension] = frozenset({"codes"})
_TEXT: frozenset[Dimension] = frozenset({"text"})
_RATING: frozenset[Dimension] = frozenset({"rating"})

OPERATORS: Mapping[str, Operator] = {
    item.name: item
    for item in (
        Operator("at_most", operator.le, _NUMBERS, None, "不高于", "at most"),
        Operator("at_least", operator.ge, _NUMBERS, None, "不低于", "at least"),
        Operator("required", required, _FLAG, _FLAG, "须具备", "required"),
        Operator("not_allowed", not_allowed, _FLAG, _FLAG, "不得", "not allowed"),
        Operator("among", among, _CODES, _TEXT, "须属于", "one of"),
        Operator("not_among", not_among, _CODES, _TEXT, "不得属于", "none of"),
        Operator("contains_all", contains_all, _CODES, _CODES, "须包含全部", "all of"),
        Operator("rated_at_least", rated_at_least, _RATING, _RATING, "评级不低于", "at least"),
    )
}


def over(name: str, column: Iterable[object], limit: object) -> tuple[bool, ...]:
    """Run an operator down a column."""
    keeps = OPERATORS[name].keeps
    return tuple(bool(keeps(observed, limit)) for observed in column)
