"""The rulebook: which rules bind a purchase, product, lender and day, with the value in force.

`in_force` does the work that does not depend on a plan, once per context; checking thirty plans
is then a few dozen comparisons each (see `quote.certificate`).
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from datetime import date

from sanshi.catalogue.active import ActiveRule, ActiveRules, Condition, Kind, Value
from sanshi.catalogue.context import Context
from sanshi.catalogue.observables import ATTRIBUTES, OBSERVABLES, Observable
from sanshi.catalogue.operators import OPERATORS, Operator
from sanshi.catalogue.packs import Library
from sanshi.catalogue.policies import (
    Found,
    Instrument,
    Part,
    PolicyFact,
    Stated,
    dimension_of,
    find,
    part_of,
    stated,
)
from sanshi.catalogue.rules import Level, Rule, Stage, severity
from sanshi.catalogue.units import LprFormula
from sanshi.kernel.errors import NotFoundError

__all__ = ["LPR", "Context", "Rulebook"]

LPR = "lpr"
"""Key of the dated loan prime rate 贷款市场报价利率."""

_MAX_KEPT = 512
"""Contexts whose rules are kept; more than a day's products, terms and kinds of borrower."""

_MAX_KEPT_VALUES = 20_000

_STAGES: tuple[Stage, ...] = ("quote", "sign", "disburse")


@dataclass(frozen=True, slots=True)
class _Entry:
    rule: Rule
    fact: PolicyFact
    operator: Operator
    observables: tuple[Observable, ...]
    conditions: tuple[Condition, ...]


class Rulebook:
    """Facts and rules of the packs in use, indexed. Build once per set of packs."""

    def __init__(self, library: Library, pack_hash: str = "") -> None:
        """Index a checked library; `pack_hash` if it is already known."""
        self.pack_hash = pack_hash or library.hash()
        self.texts = library.texts
        self._facts = library.facts
        self._instruments = library.instruments
        self._stated = {
            key: stated(fact, library.territories[key]) for key, fact in self._facts.items()
        }
        self._entries = tuple(self._entry(rule) for rule in library.rules)
        self._kept: dict[Hashable, ActiveRules] = {}
        self._values: dict[Hashable, Value] = {}

    @property
    def facts(self) -> Mapping[str, PolicyFact]:
        """Every dated fact by key."""
        return self._facts

    @property
    def instruments(self) -> Mapping[str, Instrument]:
        """Every instrument by id."""
        return self._instruments

    def _entry(self, rule: Rule) -> _Entry:
        return _Entry(
            rule=rule,
            fact=self._facts[rule.fact],
            operator=OPERATORS[rule.operator],
            observables=tuple(OBSERVABLES[name] for name in rule.observable),
            conditions=tuple(
                Condition(name, frozenset(allowed), ATTRIBUTES.get(name) or OBSERVABLES[name])
                for name, allowed in rule.when.items()
            ),
        )

    def value(
        self, key: str, context: Context, part: Part = (), *, party: str | None = None
    ) -> Value:
        """Look up a fact for a context; `party` is who is bound, if not the lender."""
        fact = self._facts.get(key)
        if fact is None:
            raise NotFoundError(
                "policy.unknown_key",
                f"No policy fact has the key {key!r}.",
                field="key",
                fix="`sanshi packs check` lists the keys.",
            )
        day = context.day(fact.date_basis, grandfather=fact.grandfather)
        who = party or context.lender_type
        looked_up = (key, part, day, who, context.region, context.product_kind)
        value = self._values.get(looked_up)
        if value is None:
            if len(self._values) >= _MAX_KEPT_VALUES:
                self._values.clear()
            value = self._values[looked_up] = self._look_up(fact, part, day, who, context)
        return value

    def _look_up(
        self, fact: PolicyFact, part: Part, day: date, who: str, context: Context
    ) -> Value:
        found = find(
            self._stated[fact.key],
            day,
            lender_type=who,
            region=context.region,
            product_kind=context.product_kind,
        )
        return self._valued(fact, found, part, day, context)

    def _valued(
        self, fact: PolicyFact, found: Found, part: Part, day: date, context: Context
    ) -> Value:
        if found.stated is None:
            latest = self._instruments.get(fact.versions[-1].instrument) if fact.versions else None
            return Value(fact, found, None, "text", day, latest)
        version = found.stated.version
        limit = part_of(found.stated.value, part) if found.state == "in_force" else None
        lpr = None
        if isinstance(limit, LprFormula):
            lpr = self._lpr(day, context.region)
            prime = part_of(lpr.value, (limit.tenor,)) if lpr is not None else None
            limit = limit.at(prime) if isinstance(prime, int) else limit
        dimension = dimension_of(version, part)
        instrument = self._instruments.get(version.instrument)
        return Value(fact, found, limit, dimension, day, instrument, lpr)

    def _lpr(self, day: date, region: str) -> Stated | None:
        versions = self._stated.get(LPR, ())
        found = find(versions, day, lender_type="", region=region, product_kind="")
        return found.stated if found.state == "in_force" else None

    def in_force(self, context: Context) -> ActiveRules:
        """Return the rules that bind in a context; plans that share one share the answer."""
        key = context.key()
        kept = self._kept.get(key)
        if kept is None:
            if len(self._kept) >= _MAX_KEPT:
                self._kept.clear()
            kept = self._kept[key] = self._bind(context)
        return kept

    def forget(self) -> None:
        """Drop what was kept; answers stay the same, the next ones take longer."""
        self._kept.clear()
        self._values.clear()

    def _bind(self, context: Context) -> ActiveRules:
        active: list[ActiveRule] = []
        later: list[Rule] = []
        for entry in self._entries:
            pending = _pending(entry.conditions, context)
            if pending is None:
                continue
            one = self._active(entry, pending, context)
            if one is None:
                continue
            if context.stage in entry.rule.stages:
                active.append(one)
            elif one.kind == "compared" and _comes_later(entry.rule, context.stage):
                later.append(entry.rule)
        return ActiveRules(context, self.pack_hash, tuple(active), tuple(later))

    def _active(
        self, entry: _Entry, pending: tuple[Condition, ...], context: Context
    ) -> ActiveRule | None:
        rule = entry.rule
        if not self._in_scope(rule, context):
            return None
        value = self.value(rule.fact, context, rule.part, party=_party(rule, context))
        kind = _kind(rule, value, context)
        if kind is None:
            return None
        level = _level(rule, value, kind)
        limit = context.house_values.get(rule.fact) if _is_house(value) else value.limit
        return ActiveRule(
            rule=rule,
            value=value,
            kind=kind,
            level=level,
            blocking=level in {"law", "house"},
            operator=entry.operator,
            observables=entry.observables,
            pending=pending,
            limit=limit,
            kept=rule.kept or f"certificate.kept.{rule.operator}",
        )

    def _in_scope(self, rule: Rule, context: Context) -> bool:
        """Say whether the scope fact names this lender; an absent scope fact binds everyone."""
        if rule.scope is None:
            return True
        codes = self.value(rule.scope, context).limit
        return not isinstance(codes, frozenset) or context.lender_type in codes


def _pending(conditions: tuple[Condition, ...], context: Context) -> tuple[Condition, ...] | None:
    """Return the conditions left to the plan, or None if one is known not to hold."""
    left = []
    for condition in conditions:
        given = context.attribute(condition.name)
        if given is None:
            left.append(condition)
        elif given not in condition.allowed and condition.known.accepts(given):
            return None
        elif not condition.known.accepts(given):
            left.append(condition)
    return tuple(left)


def _party(rule: Rule, context: Context) -> str:
    """Return who is bound. Unknown: as if it were the one the rule is about, to fail closed."""
    given = context.attribute(rule.party)
    if isinstance(given, str):
        return given
    return str(next(iter(rule.when.get(rule.party, ("",)))))


def _comes_later(rule: Rule, stage: Stage) -> bool:
    return any(_STAGES.index(other) > _STAGES.index(stage) for other in rule.stages)


def _is_house(value: Value) -> bool:
    found = value.found
    return (
        found.state == "in_force"
        and found.stated is not None
        and found.stated.version.value_kind == "set_by_lender"
    )


def _kind(rule: Rule, value: Value, context: Context) -> Kind | None:
    """Say what the rule comes to in this context; None: it does not bind at all."""
    state = value.found.state
    if state == "in_force" and value.confidence == "X":
        return "no_value"
    if _is_house(value):
        return "compared" if rule.fact in context.house_values else "no_house_value"
    if state == "in_force":
        return _kind_in_force(rule, value)
    if rule.absent == "forbid":
        return "withheld"
    return None if state == "out_of_reach" else state


def _kind_in_force(rule: Rule, value: Value) -> Kind | None:
    if isinstance(value.limit, LprFormula):
        return "no_lpr"
    if value.limit is None or isinstance(value.limit, Mapping):
        return "withheld" if rule.part_missing == "forbid" else None
    return "compared" if _binds(value) else None


def _binds(value: Value) -> bool:
    stated_version = value.found.stated
    return stated_version is not None and stated_version.version.value_kind == "limit"


def _level(rule: Rule, value: Value, kind: Kind) -> Level:
    if kind in {"lapsed", "not_yet", "no_value"}:
        return "information"
    version = value.found.stated
    if version is None:  # a permission that never reached this lender
        return "law"
    return severity(
        value.confidence,
        version.version.value_kind,
        prohibition=rule.prohibition or kind == "withheld",
        house=rule.house,
        binding=value.instrument is None or value.instrument.binding,
    )
