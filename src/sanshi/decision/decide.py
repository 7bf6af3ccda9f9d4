"""Decide a request, with its trace; and replay a stored decision."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from sanshi.decision.counter import (
    Ask,
    Choices,
    CounterOffer,
    PlanCost,
    PlanFor,
    Proposal,
    cash,
    counter_offers,
)
from sanshi.decision.features import Features, Input, Reading, read_again, read_features
from sanshi.decision.judge import Judgement, judge
from sanshi.decision.policy import CompiledPolicy
from sanshi.decision.request import Request
from sanshi.decision.trace import ENGINE_VERSION, PlanAsked, Result, Trace

MAX_DIFFERENCES = 50


@dataclass(frozen=True, slots=True)
class Decision(Result):
    """A decision: its result, and the trace that proves it."""

    trace: Trace


def decide(
    features: Features,
    policy: CompiledPolicy,
    request: Request,
    *,
    pack_hash: str,
    choices: Choices | None = None,
    plan_for: PlanFor | None = None,
) -> Decision:
    """Decide a request. Every path gives reasons; what cannot be read is never approved.

    Args:
        features: what is known, by feature name; values without consent are not looked at.
        policy: the lender's compiled policy.
        request: what is asked.
        pack_hash: of all packs in force, for the trace.
        choices: what the quote room knows to be possible instead.
        plan_for: cost of another plan; without it the only alternative listed is cash.
    """
    reading = _reading(policy, request)
    inputs = read_features(features, policy.wanted, policy.features, reading)
    unused = tuple(sorted(features.keys() - policy.wanted))
    stated = Stated(request, choices or Choices(), inputs, unused, pack_hash)
    return _decide(policy, stated, plan_for)


@dataclass(frozen=True, slots=True)
class Stated:
    """Everything a decision starts from; a trace holds it all."""

    request: Request
    choices: Choices
    inputs: tuple[Input, ...]
    unused: tuple[str, ...]
    pack_hash: str


def _reading(policy: CompiledPolicy, request: Request) -> Reading:
    return Reading(request.business_date, frozenset(request.consents), policy.source.max_age_days)


def _decide(policy: CompiledPolicy, stated: Stated, plan_for: PlanFor | None) -> Decision:
    judgement = judge(policy, stated.inputs, stated.request)
    plans = _Plans(plan_for)
    result = _result(stated, judgement, _alternatives(policy, stated, judgement, plans))
    trace = Trace(
        engine_version=ENGINE_VERSION,
        pack_hash=stated.pack_hash,
        parts=policy.parts,
        request=stated.request,
        choices=stated.choices,
        inputs=stated.inputs,
        unused=stated.unused,
        computed=judgement.computed,
        rules=judgement.rules,
        points=judgement.score.points if judgement.score else (),
        plans=plans.in_order(),
        result=result,
    )
    return Decision(
        result.outcome,
        result.reasons,
        result.score,
        result.grade,
        result.pd_ppm,
        result.approved_fen,
        result.affordability,
        result.counter_offers,
        trace,
    )


def _result(stated: Stated, judgement: Judgement, offers: tuple[CounterOffer, ...]) -> Result:
    score = judgement.score
    return Result(
        judgement.outcome,
        judgement.reasons,
        score.total if score else None,
        score.band.grade if score else None,
        score.band.pd_ppm if score else None,
        stated.request.amount_fen if judgement.outcome == "approve" else 0,
        judgement.affordability,
        offers,
    )


@dataclass(frozen=True, slots=True)
class _Plans:
    """Asks the quote room, once for each plan, and remembers the answers for the trace."""

    plan_for: PlanFor | None
    answers: dict[tuple[int, int], PlanCost | None] = field(default_factory=dict)

    def ask(self, principal_fen: int, term_months: int) -> PlanCost | None:
        key = principal_fen, term_months
        if key not in self.answers and self.plan_for is not None:
            self.answers[key] = self.plan_for(principal_fen, term_months)
        return self.answers.get(key)

    def in_order(self) -> tuple[PlanAsked, ...]:
        return tuple(PlanAsked(*key, cost) for key, cost in sorted(self.answers.items()))


def _alternatives(
    policy: CompiledPolicy, stated: Stated, judgement: Judgement, plans: _Plans
) -> tuple[CounterOffer, ...]:
    """Return counter-offers, each of which this same policy would approve."""
    if judgement.outcome == "approve":
        return ()
    request = stated.request
    ask = Ask(
        request.cash_price_fen,
        request.amount_fen,
        request.term_months,
        request.business_date,
        min(request.instalment_fen, judgement.affordability.headroom_fen or 0),
        policy.source.max_wait_months,
    )
    if judgement.outcome == "refer":
        return (cash(ask, only=False),)

    def acceptable(proposal: Proposal) -> bool:
        asked = replace(
            request,
            amount_fen=proposal.principal_fen,
            term_months=proposal.term_months,
            instalment_fen=proposal.instalment_fen,
            cash_price_fen=proposal.price_fen,
        )
        return judge(policy, stated.inputs, asked).outcome == "approve"

    return counter_offers(ask, stated.choices, plans.ask, acceptable)


@dataclass(frozen=True, slots=True)
class Difference:
    """One place where a replay and the stored trace disagree."""

    path: str
    stored: str
    replayed: str


@dataclass(frozen=True, slots=True)
class ReplayResult:
    """Whether a stored decision is what its inputs and policy give."""

    same: bool
    differences: tuple[Difference, ...]


def replay(trace_json: Mapping[str, Any], policy: CompiledPolicy) -> ReplayResult:
    """Decide again from a stored trace and compare everything but the timings.

    A policy of another version shows up as a difference, with all that follows from it. What
    differs in the result comes first.
    """
    stored = Trace.from_json(trace_json)
    known = {(plan.principal_fen, plan.term_months): plan.cost for plan in stored.plans}
    reading = _reading(policy, stored.request)
    held = {item.name: item for item in stored.inputs}
    inputs = tuple(
        read_again(held.get(name, Input(name, "missing")), policy.features, reading)
        for name in sorted(policy.wanted)
    )
    stated = Stated(stored.request, stored.choices, inputs, stored.unused, stored.pack_hash)
    again = _decide(policy, stated, lambda principal, term: known.get((principal, term)))
    before, after = dict(trace_json), again.trace.as_json()
    for part in (before, after):
        part.pop("timings_us", None)
    found = _differences("", before, after)
    first = tuple(difference for _, difference in zip(range(MAX_DIFFERENCES), found, strict=False))
    return ReplayResult(not first, first)


def _differences(path: str, stored: object, replayed: object) -> Iterator[Difference]:
    if isinstance(stored, Mapping) and isinstance(replayed, Mapping):
        for name in sorted({*stored, *replayed}, key=lambda name: (name != "result", name)):
            below = f"{path}.{name}" if path else str(name)
            yield from _differences(below, stored.get(name), replayed.get(name))
    elif isinstance(stored, list | tuple) and isinstance(replayed, list | tuple):
        for index in range(max(len(stored), len(replayed))):
            yield from _differences(f"{path}[{index}]", _at(stored, index), _at(replayed, index))
    elif (type(stored), stored) != (type(replayed), replayed):
        yield Difference(path, repr(stored), repr(replayed))


def _at(items: list[object] | tuple[object, ...], index: int) -> object:
    return items[index] if index < len(items) else None
