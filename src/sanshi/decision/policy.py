"""A lender's decision policy 决策政策: one pack file with rules, scorecard and house limits."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any, Self

from pydantic import Field, ValidationError, model_validator

from sanshi.catalogue.packed import Packed
from sanshi.catalogue.packs import FileKind, ReasonText
from sanshi.catalogue.policies import Name, Words
from sanshi.decision.affordability import AffordabilityPolicy
from sanshi.decision.conditions import REGISTRY, Values
from sanshi.decision.features import Registry, Source, may_refuse
from sanshi.decision.rules import (
    CompiledRule,
    RuleSet,
    Version,
    compile_rules,
    content_hash,
    run_rules,
)
from sanshi.decision.scorecard import CompiledScorecard, Scorecard, compile_scorecard
from sanshi.decision.vocabulary import DERIVED, FEATURES
from sanshi.kernel.canonical import canonical_json
from sanshi.kernel.errors import InputError

ENGINE_REASONS = (
    "decision.approved",
    "decision.missing_value",
    "decision.grade_declined",
    "decision.grade_referred",
    "decision.amount_above_limit",
    "decision.no_recognised_income",
    "decision.debt_service_above_limit",
    "decision.debt_service_close_to_limit",
    "decision.counter.cash",
    "decision.counter.only_cash",
    "decision.counter.larger_down_payment",
    "decision.counter.cheaper_item",
    "decision.counter.later",
    "decision.counter.longer_term",
)
"""Reasons that the engine itself gives; every lender's packs must word them."""

_MUST_STOP: Mapping[str, tuple[Values, frozenset[str]]] = {
    "an identity that does not match must be declined": (
        {"identity_matched": False},
        frozenset({"decline"}),
    ),
    "a sanctions hit must be referred or declined": (
        {"sanctions_hits": 1},
        frozenset({"decline", "refer"}),
    ),
}
"""What no lender's rules may let pass, whatever else is known or not."""


class DecisionPolicy(Packed):
    """How one lender decides, in force from a day to a day (both included).

    `max_age_days` is how old a value of a source may be; older ones count as absent.
    `principal_reasons` is how many attributes a score's reasons name. `max_wait_months` is how
    far ahead a counter-offer may suggest to wait.
    """

    id: Name
    version: Version
    lender: Name
    zh: Words
    en: Words
    effective_from: date
    effective_to: date | None = None
    rules: RuleSet
    scorecard: Scorecard
    affordability: AffordabilityPolicy
    max_age_days: Mapping[Source, Annotated[int, Field(ge=0)]] = Field(default_factory=dict)
    principal_reasons: int = Field(ge=1, le=10)
    max_wait_months: int = Field(ge=0, le=60)

    @model_validator(mode="after")
    def _check(self) -> Self:
        for rule in self.rules.rules:
            # Computed incomes may be looked at: the declared income stands in for a verified one.
            for name in rule.when.features():
                if may_refuse(FEATURES[name]):
                    raise ValueError(f"rule {rule.id}: {name} needs a consent that may be declined")
        compiled = compile_rules(self.rules, FEATURES)
        for duty, (values, outcomes) in _MUST_STOP.items():
            answers = zip(compiled, run_rules(compiled, values), strict=True)
            if not any(r.outcome in outcomes and a.answer == "hit" for r, a in answers):
                raise ValueError(f"no rule ensures this: {duty}")
        return self

    def reason_codes(self) -> frozenset[str]:
        """Return every reason code that a decision under this policy may give."""
        own = (rule.reason for rule in self.rules.rules)
        scored = (part.reason for part in self.scorecard.attributes)
        return frozenset({*own, *scored, *ENGINE_REASONS})


FILE_KINDS = (
    FileKind("decision/*.yaml", "decision_policies", DecisionPolicy, "id"),
    FileKind("reasons-decision.yaml", "reasons", ReasonText, "code"),
)
"""What the pack loader finds for this room."""


@dataclass(frozen=True, slots=True)
class Part:
    """What a decision was made with: a part of the policy, its version and its content hash."""

    kind: str
    part_id: str
    version: int
    content_hash: str


@dataclass(frozen=True, slots=True)
class CompiledPolicy:
    """A policy ready to run. `wanted` are the given features it reads, and no others are kept."""

    source: DecisionPolicy
    features: Registry
    rules: tuple[CompiledRule, ...]
    scorecard: CompiledScorecard
    wanted: frozenset[str]
    parts: tuple[Part, ...]


def parse_policy(raw: Mapping[str, Any]) -> DecisionPolicy:
    """Check a policy's data; InputError names the first field at fault.

    Pack files come through the pack loader instead, which adds file and line.
    """
    try:
        return DecisionPolicy.model_validate(raw, context={REGISTRY: FEATURES})
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        raise InputError(
            "decision.policy_malformed",
            str(first["msg"]).removeprefix("Value error, "),
            field=".".join(str(step) for step in first["loc"]) or "policy",
            fix="Correct this part of the decision policy.",
        ) from error


def policy_from_json(stored: Mapping[str, Any]) -> DecisionPolicy:
    """Read a policy back from its stored form, which `model_dump(mode="json")` gave."""
    return DecisionPolicy.model_validate_json(canonical_json(stored), context={REGISTRY: FEATURES})


def compile_policy(policy: DecisionPolicy) -> CompiledPolicy:
    """Compile a checked policy; do this once, not per decision."""
    return CompiledPolicy(
        policy,
        FEATURES,
        compile_rules(policy.rules, FEATURES),
        compile_scorecard(policy.scorecard, FEATURES),
        frozenset(_wanted(policy)),
        (
            Part("policy", policy.id, policy.version, content_hash(policy)),
            Part("rules", policy.rules.id, policy.rules.version, content_hash(policy.rules)),
            Part(
                "scorecard",
                policy.scorecard.id,
                policy.scorecard.version,
                content_hash(policy.scorecard),
            ),
            Part(
                "affordability",
                policy.affordability.id,
                policy.affordability.version,
                content_hash(policy.affordability),
            ),
        ),
    )


def roots(names: Iterable[str]) -> Iterator[str]:
    """Yield the given features behind some features; those of the request have none."""
    for name in names:
        yield from DERIVED.get(name, () if FEATURES[name].computed else (name,))


def _wanted(policy: DecisionPolicy) -> Iterator[str]:
    """Yield the given features that the rules, the card and the affordability look at."""
    named = {part.feature for part in policy.scorecard.attributes}
    for rule in policy.rules.rules:
        named.update(rule.when.features(), rule.show)
    named.add("debt_service_ppm")
    yield from roots(named)
