"""The points scorecard 评分卡: bins, points, bands; and which attributes cost the most points.

A missing value never scores better than the worst known one: that is checked at load, so leaving
a value out cannot raise a score.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal, Self

from pydantic import Field, ValidationInfo, model_validator

from sanshi.catalogue.packed import Packed
from sanshi.catalogue.policies import Key, Name
from sanshi.decision.conditions import Values, features_of, known_feature
from sanshi.decision.features import Feature, Registry, Value, may_refuse
from sanshi.decision.rules import Version, check_unique
from sanshi.kernel.money import MAX_FEN, PPM

Grade = Literal["A", "B", "C", "D", "E"]
Outcome = Literal["approve", "refer", "decline"]
SEVERITY: dict[Outcome, int] = {"approve": 0, "refer": 1, "decline": 2}


class Bin(Packed):
    """Points for numbers below a bound; the last bin has no bound."""

    below: int | None = None
    points: int


class Group(Packed):
    """Points for some codes, or for true or false."""

    of: tuple[bool | str, ...] = Field(min_length=1)
    points: int


class Otherwise(Packed):
    """Points when the value is absent, or is a free text that no group lists."""

    points: int


class Attribute(Packed):
    """One feature of the card, with bins (numbers) or groups (codes, flags).

    `direction` promises that points rise or fall with the value, and is checked.
    `neutral_points` is what reasons measure a shortfall from; by default the best bin.
    """

    feature: str
    reason: Key
    bins: tuple[Bin, ...] | None = Field(None, min_length=2)
    groups: tuple[Group, ...] | None = Field(None, min_length=1)
    other: Otherwise | None = None
    missing: Otherwise
    neutral_points: int | None = None
    direction: Literal["rising", "falling"] | None = None

    @model_validator(mode="after")
    def _check(self, info: ValidationInfo) -> Self:
        feature = known_feature(self.feature, features_of(info))
        if (self.bins is None) == (self.groups is None):
            raise ValueError("give either bins or groups")
        if feature.ordered != (self.bins is not None):
            raise ValueError(f"{feature.name} needs {'bins' if feature.ordered else 'groups'}")
        if (feature.kind == "str" and not feature.codes) != (self.other is not None):
            raise ValueError("give `other` for free text, and only there")
        if self.bins is not None:
            _check_bins(feature, self.bins)
        if self.groups is not None:
            _check_groups(feature, self.groups)
        self._check_points(may_refuse=may_refuse(feature))
        return self

    def _check_points(self, *, may_refuse: bool) -> None:
        points = self.points
        if self.missing.points > min(points):
            raise ValueError("missing must not score more than the worst known value")
        if may_refuse and self.missing.points < min(points):
            raise ValueError("whoever declines an optional consent must not score lower for it")
        if self.neutral_points is not None and not min(points) <= self.neutral_points <= max(
            points
        ):
            raise ValueError("neutral_points lie outside the points of the bins")
        rising = all(a <= b for a, b in pairwise(points))
        falling = all(a >= b for a, b in pairwise(points))
        if (self.direction == "rising" and not rising) or (
            self.direction == "falling" and not falling
        ):
            raise ValueError(f"the points are not {self.direction}")

    @property
    def points(self) -> tuple[int, ...]:
        """Points of every bin or group, in order, those of `other` last."""
        parts: tuple[Bin | Group | Otherwise, ...] = (*(self.bins or ()), *(self.groups or ()))
        parts = (*parts, self.other) if self.other else parts
        return tuple(part.points for part in parts)

    @property
    def reference_points(self) -> int:
        """What a shortfall is measured from."""
        return max(self.points) if self.neutral_points is None else self.neutral_points


def _check_bins(feature: Feature, bins: tuple[Bin, ...]) -> None:
    bounds = [part.below for part in bins[:-1]]
    if bins[-1].below is not None or any(bound is None for bound in bounds):
        raise ValueError("every bin but the last has `below`, the last has none")
    limits = [feature.low, *(bound for bound in bounds if bound is not None), feature.high + 1]
    if any(high <= low for low, high in pairwise(limits)):
        raise ValueError(
            f"bounds must rise and split {feature.low}..{feature.high}; one bin is unreachable"
        )


def _check_groups(feature: Feature, groups: tuple[Group, ...]) -> None:
    listed = [value for group in groups for value in group.of]
    allowed: set[Value] = {True, False} if feature.kind == "bool" else set(feature.codes)
    for value in listed:
        if fault := feature.fault(value):
            raise ValueError(f"{feature.name} can never be {value!r} ({fault})")
    if len(set(listed)) != len(listed):
        raise ValueError(f"a value of {feature.name} is listed twice")
    if absent := sorted(str(value) for value in allowed - set(listed)):  # free text allows none
        raise ValueError(f"no group for {', '.join(absent)}")


class Band(Packed):
    """A grade: from which score, with which probability of default, and what follows.

    `limit_fen` is the most this grade is lent; the last band has no floor.
    """

    grade: Grade
    floor: int | None = None
    pd_ppm: int = Field(ge=0, le=PPM)
    outcome: Outcome
    limit_fen: int = Field(ge=0, le=MAX_FEN)


class Scorecard(Packed):
    """A points scorecard under one id and version."""

    id: Name
    version: Version
    base_points: int
    attributes: tuple[Attribute, ...] = Field(min_length=1, max_length=100)
    bands: tuple[Band, ...] = Field(min_length=2, max_length=5)

    @model_validator(mode="after")
    def _check(self) -> Self:
        check_unique("attribute", (part.feature for part in self.attributes))
        floors = [band.floor for band in self.bands[:-1]]
        if self.bands[-1].floor is not None or any(floor is None for floor in floors):
            raise ValueError("every band but the last has a floor, the last has none")
        highest = self.base_points + sum(max(part.points) for part in self.attributes)
        lowest = self.base_points + sum(part.missing.points for part in self.attributes)
        steps = [highest + 1, *(floor for floor in floors if floor is not None), lowest]
        if any(low >= high for high, low in pairwise(steps)):
            raise ValueError(f"floors must fall within {lowest}..{highest}: a band is unreachable")
        for better, worse in pairwise(self.bands):
            _check_order(better, worse)
        return self


def _check_order(better: Band, worse: Band) -> None:
    if worse.grade <= better.grade:
        raise ValueError(f"grade {worse.grade} comes after {better.grade}")
    if worse.pd_ppm < better.pd_ppm:
        raise ValueError(f"grade {worse.grade} has a lower probability of default than the better")
    if SEVERITY[worse.outcome] < SEVERITY[better.outcome]:
        raise ValueError(f"grade {worse.grade} leads to a better outcome than {better.grade}")
    if worse.limit_fen > better.limit_fen:
        raise ValueError(f"grade {worse.grade} has a higher limit than {better.grade}")


@dataclass(frozen=True, slots=True)
class Points:
    """Points of one attribute; `bin_number` counts from 0, None when the value was absent."""

    feature: str
    bin_number: int | None
    points: int
    reference_points: int


@dataclass(frozen=True, slots=True)
class Score:
    """A score with the points behind it.

    `band` is for the score as it stands, absent values at their worst. `best_band` is what they
    could still lift it to, `waits_for` names them; data that a person may keep back are left at
    their worst in both.
    """

    total: int
    points: tuple[Points, ...]
    band: Band
    best_band: Band
    waits_for: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CompiledAttribute:
    """An attribute ready to run: which bin a value falls into, and what each is worth."""

    feature: str
    reason: str
    bin_of: Callable[[Value], int]
    points: tuple[int, ...]
    missing_points: int
    reference_points: int
    optional: bool


@dataclass(frozen=True, slots=True)
class CompiledScorecard:
    """A scorecard ready to run."""

    base_points: int
    attributes: tuple[CompiledAttribute, ...]
    bands: tuple[Band, ...]


def compile_scorecard(card: Scorecard, features: Registry) -> CompiledScorecard:
    """Compile a checked scorecard."""
    attributes = tuple(_compile(part, features[part.feature]) for part in card.attributes)
    return CompiledScorecard(card.base_points, attributes, card.bands)


def _compile(attribute: Attribute, feature: Feature) -> CompiledAttribute:
    bin_of = _bin_finder(attribute) if feature.ordered else _group_finder(attribute)
    return CompiledAttribute(
        attribute.feature,
        attribute.reason,
        bin_of,
        attribute.points,
        attribute.missing.points,
        attribute.reference_points,
        may_refuse(feature),
    )


def _bin_finder(attribute: Attribute) -> Callable[[Value], int]:
    bounds = [part.below for part in attribute.bins or () if part.below is not None]
    return lambda value: bisect_right(bounds, value)


def _group_finder(attribute: Attribute) -> Callable[[Value], int]:
    index: dict[Value, int] = {
        value: k for k, group in enumerate(attribute.groups or ()) for value in group.of
    }
    others = len(attribute.groups or ())
    return lambda value: index.get(value, others)


def score(card: CompiledScorecard, values: Values) -> Score:
    """Score known values; an absent one takes the points of the missing bin."""
    rows = tuple(_points(part, values) for part in card.attributes)
    total = card.base_points + sum(row.points for row in rows)
    absent = [p for p in card.attributes if p.feature not in values and not p.optional]
    best_total = total + sum(max(part.points) - part.missing_points for part in absent)
    waits_for = tuple(part.feature for part in absent)
    return Score(total, rows, _band(card, total), _band(card, best_total), waits_for)


def _band(card: CompiledScorecard, total: int) -> Band:
    floored = (band for band in card.bands if band.floor is None or total >= band.floor)
    return next(floored)


def _points(attribute: CompiledAttribute, values: Values) -> Points:
    value = values.get(attribute.feature)
    if value is None:
        return Points(attribute.feature, None, attribute.missing_points, attribute.reference_points)
    number = attribute.bin_of(value)
    return Points(attribute.feature, number, attribute.points[number], attribute.reference_points)


def principal(rows: tuple[Points, ...], count: int) -> Iterator[Points]:
    """Yield the attributes farthest below their reference points; ties keep the card's order."""
    short = [row for row in rows if row.points < row.reference_points]
    yield from sorted(short, key=lambda row: row.points - row.reference_points)[:count]
