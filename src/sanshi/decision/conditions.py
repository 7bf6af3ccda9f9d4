"""Conditions: trees of comparisons over features, as data; checked at load, run as closures.

Three-valued (Kleene): a comparison with an absent value is unknown (None), and a tree is unknown
only while the absent value could still change the answer.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Self

from pydantic import Field, ValidationInfo, model_validator

from sanshi.catalogue.packed import Packed
from sanshi.decision.features import Feature, Registry, Value
from sanshi.decision.vocabulary import FEATURES

Values = Mapping[str, Value]
"""Known values by feature name; an absent name is an absent value."""

REGISTRY = "features"
"""Key of the validation context that replaces the built-in features by another registry."""

_BOUNDS = ("lt", "le", "gt", "ge", "between")
_OPERATORS = (*_BOUNDS, "eq", "within")


def features_of(info: ValidationInfo) -> Registry:
    """Return the registry that a pack file is checked against."""
    context: Mapping[str, Registry] = info.context or {}
    return context.get(REGISTRY, FEATURES)


def known_feature(name: str, features: Registry) -> Feature:
    """Return a registered feature; ValueError (for the pack loader) when there is none."""
    if name not in features:
        raise ValueError(f"no feature is called {name!r}")
    return features[name]


class Condition(Packed):
    """Either one of `all`, `any`, `not`, or a feature with exactly one comparison.

    Whole numbers compare by `lt le gt ge eq between in` (`between` includes both ends), texts by
    `eq in`, flags by `eq`.
    """

    all_of: tuple[Condition, ...] | None = Field(None, alias="all", min_length=1, max_length=50)
    any_of: tuple[Condition, ...] | None = Field(None, alias="any", min_length=1, max_length=50)
    negated: Condition | None = Field(None, alias="not")
    feature: str | None = None
    lt: int | None = None
    le: int | None = None
    gt: int | None = None
    ge: int | None = None
    between: tuple[int, int] | None = None
    eq: bool | int | str | None = None
    within: tuple[int | str, ...] | None = Field(None, alias="in", min_length=1)

    @model_validator(mode="after")
    def _check(self, info: ValidationInfo) -> Self:
        forms = (self.all_of, self.any_of, self.negated, self.feature)
        if sum(form is not None for form in forms) != 1:
            raise ValueError("give exactly one of all, any, not, feature")
        operators = [name for name in _OPERATORS if getattr(self, name) is not None]
        if self.feature is None and operators:
            raise ValueError(f"{operators[0]} needs a feature to compare")
        if self.feature is not None:
            if len(operators) != 1:
                raise ValueError("give exactly one of lt, le, gt, ge, eq, between, in")
            self._check_comparison(known_feature(self.feature, features_of(info)), operators[0])
        if self.all_of is not None:
            _check_reachable_together(self.all_of, features_of(info))
        return self

    def _check_comparison(self, feature: Feature, operator: str) -> None:
        if operator == "within":
            self._check_within(feature)
        elif operator in _BOUNDS and not feature.ordered:
            raise ValueError(f"{feature.name} is no number; {operator} cannot compare it")
        elif feature.ordered and (operator != "eq" or _is_number(self.eq)):
            self._check_interval(feature)
        elif fault := feature.fault(self.eq):
            raise ValueError(f"{feature.name} can never be {self.eq!r} ({fault})")

    def _check_within(self, feature: Feature) -> None:
        wanted = self.within or ()
        for value in wanted:
            if fault := feature.fault(value):
                raise ValueError(f"{feature.name} can never be {value!r} ({fault})")
        if len(set(wanted)) != len(wanted):
            raise ValueError(f"the values of {feature.name} repeat")
        if feature.codes and len(wanted) == len(feature.codes):
            raise ValueError(f"every value of {feature.name} is listed: this always holds")

    def _check_interval(self, feature: Feature) -> None:
        low, high = self.interval(feature)
        if low > high:
            raise ValueError(
                f"{feature.name} lies within {feature.low}..{feature.high}: this can never hold"
            )
        if (low, high) == (feature.low, feature.high):
            raise ValueError(
                f"{feature.name} lies within {feature.low}..{feature.high}: this always holds"
            )

    def interval(self, feature: Feature) -> tuple[int, int]:
        """Return the values of a number that satisfy this comparison, both ends included."""
        low, high = feature.low, feature.high
        if self.between is not None:
            return max(low, self.between[0]), min(high, self.between[1])
        if _is_number(self.eq):
            return max(low, int(self.eq or 0)), min(high, int(self.eq or 0))
        if self.lt is not None:
            high = min(high, self.lt - 1)
        if self.le is not None:
            high = min(high, self.le)
        if self.gt is not None:
            low = max(low, self.gt + 1)
        if self.ge is not None:
            low = max(low, self.ge)
        return low, high

    def features(self) -> Iterator[str]:
        """Yield the features compared, in order of writing."""
        if self.feature is not None:
            yield self.feature
        for part in self.parts:
            yield from part.features()

    @property
    def parts(self) -> tuple[Condition, ...]:
        """The conditions below this one."""
        if self.negated is not None:
            return (self.negated,)
        return self.all_of or self.any_of or ()


def _is_number(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _check_reachable_together(parts: Sequence[Condition], features: Registry) -> None:
    """Refuse bounds on one number that exclude each other within one `all`."""
    seen: dict[str, tuple[int, int]] = {}
    for part in parts:
        feature = features.get(part.feature or "")
        if feature is None or not feature.ordered or part.within is not None:
            continue
        low, high = part.interval(feature)
        low_before, high_before = seen.get(feature.name, (low, high))
        seen[feature.name] = low, high = max(low, low_before), min(high, high_before)
        if low > high:
            raise ValueError(f"the bounds on {feature.name} exclude each other")


Answer = bool | None
"""True, False, or None: unknown."""

Test = Callable[[Values], Answer]


@dataclass(frozen=True, slots=True)
class Compiled:
    """A condition ready to run; `parts` are kept to find what an unknown answer waited for."""

    test: Test
    feature: str = ""
    parts: tuple[Compiled, ...] = ()

    def waits_for(self, values: Values) -> Iterator[str]:
        """Yield the absent features that make the answer unknown."""
        if self.test(values) is not None:
            return
        if self.feature:
            yield self.feature
        for part in self.parts:
            yield from part.waits_for(values)


def compile_condition(condition: Condition, features: Registry) -> Compiled:
    """Turn a checked condition into closures."""
    if condition.feature is not None:
        test = _comparison(condition, features[condition.feature])
        return Compiled(test, condition.feature)
    parts = tuple(compile_condition(part, features) for part in condition.parts)
    tests = tuple(part.test for part in parts)
    if condition.negated is not None:
        return Compiled(_not(tests[0]), parts=parts)
    return Compiled(_until(tests, stop=condition.any_of is not None), parts=parts)


def _until(tests: tuple[Test, ...], *, stop: bool) -> Test:
    """Return all (stop at False) or any (stop at True)."""

    def run(values: Values) -> Answer:
        answer: Answer = not stop
        for test in tests:
            part = test(values)
            if part is stop:
                return stop
            if part is None:
                answer = None
        return answer

    return run


def _not(test: Test) -> Test:
    def run(values: Values) -> Answer:
        part = test(values)
        return None if part is None else not part

    return run


def _comparison(condition: Condition, feature: Feature) -> Test:
    name = feature.name
    if condition.within is not None:
        wanted = frozenset(condition.within)
        return lambda values: values[name] in wanted if name in values else None
    if not feature.ordered:
        only = condition.eq
        return lambda values: values[name] == only if name in values else None
    return _between(name, *condition.interval(feature))


def _between(name: str, low: int, high: int) -> Test:
    def run(values: Values) -> Answer:
        value = values.get(name)
        return None if value is None else low <= value <= high  # type: ignore[operator] # a number: read_features checked it

    return run
