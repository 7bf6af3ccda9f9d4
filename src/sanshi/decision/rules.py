"""Rule sets: ordered rules as data; each is hit, missed or unknown, and none is skipped."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Annotated, Literal, Self

from pydantic import Field, ValidationInfo, model_validator

from sanshi.catalogue.packed import Packed
from sanshi.catalogue.policies import Key, Name
from sanshi.decision.conditions import (
    Compiled,
    Condition,
    Values,
    compile_condition,
    features_of,
    known_feature,
)
from sanshi.decision.features import Registry
from sanshi.kernel.canonical import digest

Version = Annotated[int, Field(ge=1)]
Effect = Literal["decline", "refer", "note"]
RuleAnswer = Literal["hit", "missed", "unknown"]


class Rule(Packed):
    """One rule: when it is hit, what follows, and the reason with the values to show."""

    id: Name
    when: Condition
    outcome: Effect
    reason: Key
    show: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _check(self, info: ValidationInfo) -> Self:
        for name in self.show:
            known_feature(name, features_of(info))
        return self


class RuleSet(Packed):
    """Ordered rules under one id and version."""

    id: Name
    version: Version
    rules: tuple[Rule, ...] = Field(min_length=1, max_length=500)

    @model_validator(mode="after")
    def _check(self) -> Self:
        check_unique("rule", (rule.id for rule in self.rules))
        return self


def check_unique(what: str, names: Iterable[str]) -> None:
    """Raise ValueError (for the pack loader) when a name comes twice."""
    seen: set[str] = set()
    for name in names:
        if name in seen:
            raise ValueError(f"{what} {name} comes twice")
        seen.add(name)


def content_hash(packed: Packed) -> str:
    """Return the hash of everything a pack value says."""
    return digest(packed.model_dump(mode="json", by_alias=True))


@dataclass(frozen=True, slots=True)
class CompiledRule:
    """A rule ready to run."""

    rule_id: str
    when: Compiled
    outcome: Effect
    reason: str
    show: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RuleResult:
    """What became of one rule; `waits_for` names the absent values of an unknown one."""

    rule_id: str
    answer: RuleAnswer
    waits_for: tuple[str, ...] = ()


def compile_rules(rule_set: RuleSet, features: Registry) -> tuple[CompiledRule, ...]:
    """Compile every rule of a set."""
    return tuple(
        CompiledRule(
            rule.id, compile_condition(rule.when, features), rule.outcome, rule.reason, rule.show
        )
        for rule in rule_set.rules
    )


_ANSWERS: Mapping[bool, RuleAnswer] = {True: "hit", False: "missed"}


def run_rule(rule: CompiledRule, values: Values) -> RuleResult:
    """Answer one rule."""
    answer = rule.when.test(values)
    if answer is None:
        waits_for = dict.fromkeys(rule.when.waits_for(values))
        return RuleResult(rule.rule_id, "unknown", tuple(waits_for))
    return RuleResult(rule.rule_id, _ANSWERS[answer])


def run_rules(rules: tuple[CompiledRule, ...], values: Values) -> tuple[RuleResult, ...]:
    """Answer every rule, in order."""
    return tuple(run_rule(rule, values) for rule in rules)
