"""The judgement: rules, then score, then affordability; the worst finding decides.

A stage that declines ends it: nothing later is looked at. Absent values refer.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from sanshi.decision.affordability import Affordability, assess, compute
from sanshi.decision.features import Input, Value, may_refuse
from sanshi.decision.policy import CompiledPolicy
from sanshi.decision.request import Request, request_inputs
from sanshi.decision.rules import RuleResult, run_rules
from sanshi.decision.scorecard import SEVERITY, Outcome, Score, principal, score
from sanshi.decision.words import missing_value, percent_text, shortfall, shown
from sanshi.kernel.errors import ImpossibleError
from sanshi.kernel.money import yuan
from sanshi.kernel.reasons import Reason, Scalar


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing found; None is a note that changes nothing."""

    outcome: Outcome | None
    reason: Reason


@dataclass(frozen=True, slots=True)
class Judgement:
    """What the stages found. `score` is None when the rules had declined already."""

    outcome: Outcome
    reasons: tuple[Reason, ...]
    rules: tuple[RuleResult, ...]
    score: Score | None
    affordability: Affordability
    computed: tuple[Input, ...]


@dataclass(frozen=True, slots=True)
class _Case:
    policy: CompiledPolicy
    request: Request
    inputs: Mapping[str, Input]
    values: Mapping[str, Value]
    affordability: Affordability


def judge(policy: CompiledPolicy, given: tuple[Input, ...], request: Request) -> Judgement:
    """Judge a request on the inputs as read."""
    read = {item.name: item for item in (*given, *request_inputs(request, policy.features))}
    values = _known(read.values())
    affordability = assess(values, request.instalment_fen, policy.source.affordability)
    computed = compute(values, request, affordability)
    read |= {item.name: item for item in computed}
    case = _Case(policy, request, read, values | _known(computed), affordability)
    results = run_rules(policy.rules, case.values)
    findings = list(_from_rules(case, results))
    points = None
    if not _declined(findings):
        points = score(policy.scorecard, case.values)
        findings += _from_score(case, points)
    if points is not None and not _declined(findings):
        findings += _from_size(case, points)
    outcome, reasons = _conclude(case, findings, points)
    return Judgement(outcome, reasons, results, points, affordability, computed)


def _known(inputs: Iterable[Input]) -> dict[str, Value]:
    return {item.name: item.value for item in inputs if item.value is not None}


def _declined(findings: Iterable[Finding]) -> bool:
    return any(finding.outcome == "decline" for finding in findings)


def _from_rules(case: _Case, results: tuple[RuleResult, ...]) -> Iterator[Finding]:
    for rule, result in zip(case.policy.rules, results, strict=True):
        if result.answer == "hit":
            outcome = None if rule.outcome == "note" else rule.outcome
            yield Finding(outcome, Reason(rule.reason, _shown(case, rule.show)))
        for name in result.waits_for:
            yield from _absent(case, name)


def _from_score(case: _Case, points: Score) -> Iterator[Finding]:
    """An absent value has its own bin, but no one is declined for it: a person looks.

    One that cannot be read is a fault and refers in any case.
    """
    band = points.band
    uncertain = band.outcome == "decline" != points.best_band.outcome
    for name in points.waits_for:
        if uncertain or case.inputs[name].state == "mistyped":
            yield from _absent(case, name)
    if band.outcome != "approve" and not uncertain:
        past = "declined" if band.outcome == "decline" else "referred"
        yield Finding(band.outcome, Reason(f"decision.grade_{past}", {"grade": band.grade}))
        for reason in _principal_reasons(case, points):
            yield Finding(band.outcome, reason)


def _principal_reasons(case: _Case, points: Score) -> Iterator[Reason]:
    """Say what cost most points; keeping optional data to oneself is no reason."""
    codes = {part.feature: part.reason for part in case.policy.scorecard.attributes}
    rows = tuple(
        row
        for row in points.points
        if row.bin_number is not None or not may_refuse(case.policy.features[row.feature])
    )
    for row in principal(rows, case.policy.source.principal_reasons):
        feature = case.policy.features[row.feature]
        value = case.values.get(row.feature)
        yield shortfall(feature, codes[row.feature], value, row.reference_points - row.points)


def _from_size(case: _Case, points: Score) -> Iterator[Finding]:
    amount_fen = case.request.amount_fen
    if amount_fen > points.best_band.limit_fen:
        values = {
            "amount": yuan(amount_fen),
            "limit": yuan(points.best_band.limit_fen),
            "grade": points.best_band.grade,
        }
        yield Finding("decline", Reason("decision.amount_above_limit", values))
    elif amount_fen > points.band.limit_fen:
        for name in points.waits_for:
            yield from _absent(case, name)
    for name in case.affordability.waits_for:
        yield from _absent(case, name)
    if case.affordability.debt_service_ppm is not None:
        yield from _from_debt_service(case, case.affordability.debt_service_ppm)


def _from_debt_service(case: _Case, debt_service_ppm: int) -> Iterator[Finding]:
    limits = case.policy.source.affordability
    if not case.affordability.recognised_fen:
        yield Finding("decline", Reason("decision.no_recognised_income"))
    elif debt_service_ppm > limits.debt_service_limit_ppm:
        yield Finding(
            "decline",
            Reason(
                "decision.debt_service_above_limit",
                _debt_service_words(case, debt_service_ppm, limits.debt_service_limit_ppm),
            ),
        )
    elif debt_service_ppm > limits.refer_above_ppm:
        yield Finding(
            "refer",
            Reason(
                "decision.debt_service_close_to_limit",
                _debt_service_words(case, debt_service_ppm, limits.refer_above_ppm),
            ),
        )


def _debt_service_words(case: _Case, debt_service_ppm: int, limit_ppm: int) -> dict[str, Scalar]:
    return {
        "debt_service": percent_text(debt_service_ppm),
        "limit": percent_text(limit_ppm),
        "existing": yuan(case.affordability.existing_fen or 0),
        "instalment": yuan(case.affordability.instalment_fen),
        "income": yuan(case.affordability.recognised_fen or 0),
    }


def _absent(case: _Case, name: str) -> Iterator[Finding]:
    """Refer, naming the value; of a computed one, the given values it waits for."""
    for root in case.inputs[name].needs or (name,):
        yield Finding("refer", missing_value(case.policy.features[root], case.inputs[root]))


def _shown(case: _Case, names: tuple[str, ...]) -> dict[str, Scalar]:
    return {
        key: words
        for name in names
        for key, words in shown(case.policy.features[name], case.values.get(name)).items()
    }


def _conclude(
    case: _Case, findings: list[Finding], points: Score | None
) -> tuple[Outcome, tuple[Reason, ...]]:
    """Return the worst outcome with its reasons, then the notes; each reason once."""
    outcomes = [finding.outcome for finding in findings if finding.outcome is not None]
    outcome: Outcome = max(outcomes, key=SEVERITY.__getitem__, default="approve")
    reasons = [finding.reason for finding in findings if finding.outcome == outcome]
    if outcome == "approve":
        reasons.append(_approved(case, points))
    notes = [finding.reason for finding in findings if finding.outcome is None]
    once: list[Reason] = []
    for reason in (*reasons, *notes):
        if reason not in once:
            once.append(reason)
    return outcome, tuple(once)


def _approved(case: _Case, points: Score | None) -> Reason:
    """Word an approval, once more proving that every stage spoke and none objected."""
    ratio_ppm = case.affordability.debt_service_ppm
    if points is None or points.band.outcome != "approve" or ratio_ppm is None:
        raise ImpossibleError("decision.unproven_approval", "A stage was silent on an approval.")
    words = _debt_service_words(case, ratio_ppm, case.affordability.limit_ppm)
    values: dict[str, Scalar] = {
        "amount": yuan(case.request.amount_fen),
        "grade": points.band.grade,
        "term_months": case.request.term_months,
    }
    return Reason("decision.approved", {**words, **values})
