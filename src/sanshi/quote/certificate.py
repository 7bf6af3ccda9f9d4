"""The certificate: each plan against every dated rule that binds it 合规检查清单.

Pure and closed on failure: what a blocking rule cannot see, or sees in the wrong type, fails.
A plan whose certificate is not lawful is never offered.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from sanshi.catalogue.active import ActiveRule, ActiveRules
from sanshi.catalogue.policies import Instrument
from sanshi.catalogue.rulebook import Context, Rulebook
from sanshi.catalogue.rules import Level
from sanshi.catalogue.units import LprFormula, formula_text
from sanshi.catalogue.vocabulary import VERIFIED
from sanshi.kernel.reasons import Reason
from sanshi.quote import checklist

Result = Literal["pass", "warn", "fail", "unknown"]
Observed = Mapping[str, object]
"""Observable → what was measured on the plan; see `catalogue.observables`."""

COST = "cost.nominal_ppm"
CANNOT_PROVE = "certificate.cannot_prove"

_MISSING = object()


@dataclass(frozen=True, slots=True)
class Finding:
    """What one rule says of one plan.

    `fail` always withholds the plan: rules that do not block say `warn`. `unknown` neither
    passes nor fails: no value is known, or an advisory rule could not see what it needed.
    """

    active: ActiveRule
    result: Result
    observed: tuple[tuple[str, object], ...]
    code: str
    unseen: str = ""

    @property
    def rule_id(self) -> str:
        """Id of the rule."""
        return self.active.rule.id

    @property
    def fact_key(self) -> str:
        """Key of the policy fact."""
        return self.active.rule.fact

    @property
    def level(self) -> Level:
        """How strongly the rule speaks."""
        return self.active.level

    @property
    def reason(self) -> Reason:
        """Why, with the figures in both languages."""
        return checklist.reason(self.as_json())

    def as_json(self) -> dict[str, object]:
        """Return the stored form, complete without the packs; `checklist.words` words it."""
        stated = self.active.stated
        if not stated:
            stated.update(_stated_json(self.active))
        return {
            **stated,
            "result": self.result,
            "observed": [{"name": name, "value": _jsonable(seen)} for name, seen in self.observed],
            "unseen": self.unseen,
            "reason": self.code,
        }


@dataclass(frozen=True, slots=True)
class Certificate:
    """Every finding on one plan, under which packs and day. `later`: checked at a later stage."""

    findings: tuple[Finding, ...]
    context: Context
    pack_hash: str
    later: tuple[str, ...]

    @property
    def lawful(self) -> bool:
        """Whether no blocking rule fails. A certificate without findings proves nothing."""
        return bool(self.findings) and not self.failures

    @property
    def cost_cap_ppm(self) -> int | None:
        """The lowest cap on annualised cost that binds this plan; None: no cap binds 无适用上限."""
        caps = [
            finding.active.limit
            for finding in self.findings
            if finding.active.blocking
            and finding.active.kind == "compared"
            and COST in finding.active.rule.observable
            and isinstance(finding.active.limit, int)
        ]
        return min(caps, default=None)

    @property
    def policy_date(self) -> date:
        """The day under whose policy it was made."""
        return self.context.policy_date

    @property
    def failures(self) -> tuple[Finding, ...]:
        """The findings that withhold the plan."""
        return tuple(finding for finding in self.findings if finding.result == "fail")

    def as_json(self) -> dict[str, object]:
        """Return the stored form."""
        return {
            "pack_hash": self.pack_hash,
            "policy_date": self.policy_date.isoformat(),
            "stage": self.context.stage,
            "lender_type": self.context.lender_type,
            "product_kind": self.context.product_kind,
            "region": self.context.region,
            "attributes": dict(sorted(self.context.attributes.items())),
            "lawful": self.lawful,
            "findings": [finding.as_json() for finding in self.findings],
            "later": list(self.later),
        }


def certify(
    rulebook: Rulebook, observed: Observed, context: Context, active: ActiveRules | None = None
) -> Certificate:
    """Check one plan. Pass `rulebook.in_force(context)` when many plans share a context."""
    rules = active if active is not None else rulebook.in_force(context)
    findings = [finding for one in rules.rules if (finding := examine(one, observed)) is not None]
    return Certificate(
        tuple(findings), context, rules.pack_hash, tuple(rule.id for rule in rules.later)
    )


def examine(active: ActiveRule, observed: Observed) -> Finding | None:
    """Hold one rule against one plan; None when the plan is not what the rule is about."""
    unseen = ""
    for condition in active.pending:
        seen = observed.get(condition.name, _MISSING)
        if seen is _MISSING or not condition.known.accepts(seen):
            unseen = unseen or condition.name
        elif seen not in condition.allowed:
            return None
    if active.kind != "compared":
        return _without_value(active, unseen)
    if unseen:
        return _cannot_prove(active, unseen)
    return _compare(active, observed)


def _compare(active: ActiveRule, observed: Observed) -> Finding:
    seen = []
    kept = True
    for observable in active.observables:
        value = observed.get(observable.name, _MISSING)
        if value is _MISSING or not observable.accepts(value):
            return _cannot_prove(active, observable.name)
        seen.append((observable.name, value))
        kept = kept and active.operator.keeps(value, active.limit)
    if kept:
        return Finding(active, "pass", tuple(seen), active.kept)
    result: Result = "fail" if active.blocking else "warn"
    return Finding(active, result, tuple(seen), active.rule.reason)


def _cannot_prove(active: ActiveRule, name: str) -> Finding:
    if active.blocking:
        return Finding(active, "fail", (), CANNOT_PROVE, name)
    return Finding(active, "unknown", (), "certificate.not_seen", name)


_WITHOUT: Mapping[str, tuple[Result, str]] = {
    "lapsed": ("pass", "certificate.lapsed"),
    "not_yet": ("pass", "certificate.not_yet"),
    "no_value": ("unknown", "certificate.no_value"),
    "no_house_value": ("fail", "certificate.no_house_value"),
    "no_lpr": ("fail", "certificate.no_lpr"),
}


def _without_value(active: ActiveRule, unseen: str) -> Finding:
    if active.kind == "withheld":
        if unseen:
            return _cannot_prove(active, unseen)
        return Finding(active, "fail", (), _WITHHELD[active.value.found.state])
    result, code = _WITHOUT[active.kind]
    if result == "fail" and not active.blocking:
        result = "unknown"
    return Finding(active, result, (), code)


_WITHHELD: Mapping[str, str] = {
    "lapsed": "certificate.withheld_lapsed",
    "not_yet": "certificate.withheld_not_yet",
    "out_of_reach": "certificate.withheld_out_of_reach",
    "in_force": "certificate.withheld_part",
}


def _stated_json(active: ActiveRule) -> dict[str, object]:
    """Return what is the same for every plan of a context."""
    value, rule = active.value, active.rule
    version = value.found.stated.version if value.found.stated is not None else None
    instrument = value.instrument
    return {
        "rule": rule.id,
        "title": {"zh": rule.zh, "en": rule.en},
        "fact": rule.fact,
        "part": list(rule.part),
        "kind": active.kind,
        "level": active.level,
        "blocking": active.blocking,
        "standing": _standing(active),
        "operator": rule.operator,
        "limit": _jsonable(active.limit),
        "unit": value.dimension,
        "source_unit": version.unit if version is not None else None,
        "date_basis": value.fact.date_basis,
        "date_used": value.day.isoformat(),
        "effective_from": _iso(version.effective_from if version is not None else None),
        "effective_to": _iso(version.effective_to if version is not None else None),
        "confidence": value.confidence,
        "instrument": _instrument_json(instrument) if instrument is not None else None,
        "article": version.article if version is not None else None,
    }


def _instrument_json(instrument: Instrument) -> dict[str, object]:
    return {
        "id": instrument.id,
        "doc_no": instrument.doc_no,
        "zh": instrument.zh,
        "en": instrument.en,
    }


def _standing(active: ActiveRule) -> str:
    """Say how the source must be introduced: law is never claimed for what is unverified."""
    instrument = active.value.instrument
    if active.level == "warning":
        binding = instrument is None or instrument.binding
        return "warning_unverified" if binding else "warning_advisory"
    if active.level != "house":
        return active.level
    stated = active.value.found.stated
    if stated is not None and stated.version.value_kind == "set_by_lender":
        return "house_own"
    return "house_wider" if active.value.confidence in VERIFIED else "house_unverified"


def _jsonable(value: object) -> object:
    if isinstance(value, LprFormula):
        return formula_text(value, "en")
    if isinstance(value, frozenset | set):
        return sorted(str(item) for item in value)
    if isinstance(value, tuple | list):
        return [_jsonable(item) for item in value]
    if isinstance(value, Mapping):
        return {str(name): _jsonable(item) for name, item in value.items()}
    return value


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day is not None else None
