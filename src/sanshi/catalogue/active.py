"""Rules that bind in a context, with the value in force: what is left to do is to compare."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from sanshi.catalogue.context import Context
from sanshi.catalogue.observables import Attribute, Observable
from sanshi.catalogue.operators import Operator
from sanshi.catalogue.policies import Found, Instrument, PolicyFact, Stated, Tree
from sanshi.catalogue.rules import Level, Rule
from sanshi.catalogue.units import Dimension
from sanshi.catalogue.vocabulary import CONFIDENCES, Confidence

Kind = Literal["compared", "lapsed", "not_yet", "withheld", "no_value", "no_house_value", "no_lpr"]
"""What a rule comes to before any plan is looked at: `compared` with a value; `lapsed` or
`not_yet` in force; `withheld`: it permits something that is not to be had; or no value."""


@dataclass(frozen=True, slots=True)
class Value:
    """A policy value looked up: what is in force, or why nothing is.

    Args:
        limit: ready to compare; None unless the state is `in_force` and a value is stated.
        lpr: the version of the loan prime rate that a multiple of it was computed with.
    """

    fact: PolicyFact
    found: Found
    limit: Tree
    dimension: Dimension
    day: date
    instrument: Instrument | None
    lpr: Stated | None = None

    @property
    def confidence(self) -> Confidence:
        """How sure it is; of a multiple of LPR, the less sure of the two."""
        sure: list[Confidence] = [
            one.version.confidence for one in (self.found.stated, self.lpr) if one is not None
        ]
        return max(sure, key=CONFIDENCES.index, default="X")


@dataclass(frozen=True, slots=True)
class Condition:
    """A condition on an observable, or on an attribute that the context did not give."""

    name: str
    allowed: frozenset[bool | str]
    known: Attribute | Observable


@dataclass(frozen=True, slots=True)
class ActiveRule:
    """A rule that binds in a context, with everything a comparison needs.

    `kept` is the reason code when it is kept; `stated` is room for its stored form, worked out
    once when first asked for.
    """

    rule: Rule
    value: Value
    kind: Kind
    level: Level
    blocking: bool
    operator: Operator
    observables: tuple[Observable, ...]
    pending: tuple[Condition, ...]
    limit: Tree
    kept: str
    stated: dict[str, object] = field(default_factory=dict, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class ActiveRules:
    """The rules that bind in a context. `later` names those checked at a later stage only."""

    context: Context
    pack_hash: str
    rules: tuple[ActiveRule, ...]
    later: tuple[Rule, ...]

    def limiting(self, observable: str) -> tuple[ActiveRule, ...]:
        """Return the blocking rules that compare this observable with a value now in force."""
        return tuple(
            active
            for active in self.rules
            if active.blocking
            and active.kind == "compared"
            and observable in active.rule.observable
        )
