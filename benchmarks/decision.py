"""Decisions under the demo bank's policy: one decision with its trace, 100 rules, replay."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from random import Random
from statistics import median
from time import thread_time_ns
from typing import Any, cast

from benchmarks.figures import Figure
from sanshi.decision.conditions import Values
from sanshi.decision.counter import Choices, PlanCost
from sanshi.decision.decide import decide, replay
from sanshi.decision.features import Features, Known, Value
from sanshi.decision.policy import CompiledPolicy, compile_policy, parse_policy
from sanshi.decision.request import Request
from sanshi.decision.rules import RuleSet, compile_rules, run_rules
from sanshi.decision.scorecard import score
from sanshi.decision.vocabulary import FEATURES
from sanshi.store.packs import packs_root, read_document

_DAY = date(2026, 11, 22)
_REQUEST = Request(
    amount_fen=600_000,
    term_months=12,
    instalment_fen=51_270,
    cash_price_fen=699_900,
    purchase_category="green_appliance",
    purpose="consumption",
    business_date=_DAY,
    consents=("credit_report", "housing_fund"),
)
_LARGE = replace(_REQUEST, amount_fen=9_000_000, cash_price_fen=9_900_000, instalment_fen=786_000)
_RANGES: Mapping[str, tuple[Value, ...]] = {
    "identity_matched": (True,) * 19 + (False,),
    "sanctions_hits": (0,) * 19 + (1,),
    "court_dishonest": (False,) * 19 + (True,),
    "is_student": (False, False, False, True),
    "second_repayment_source": (False, True),
    "job_tenure_months": (0, 12, 30, 90),
    "declared_income_fen": (500_000, 1_200_000),
    "income_evidence": ("tax", "payroll", "bank_statement", "declared"),
    "verified_income_fen": (400_000, 1_000_000, 2_500_000),
    "housing_fund_months": (0, 12, 30, 90),
    "current_dpd_days": (0,) * 9 + (12,),
    "max_dpd_12m_days": (0, 0, 0, 15, 45),
    "inquiries_6m": (0, 2, 5, 8),
    "live_loans": (0, 1, 3, 7),
    "oldest_account_months": (6, 20, 40, 120),
    "utilisation_ppm": (100_000, 400_000, 950_000),
    "total_debt_fen": (0, 1_000_000, 5_000_000),
    "monthly_debt_service_fen": (0, 100_000, 300_000),
    "device_applications_30d": (0, 1, 1, 6),
    "device_tampered": (False,) * 9 + (True,),
}


def measure(smoke: bool) -> list[Figure]:  # noqa: FBT001 - the signature every benchmark has
    policy = demo_policy()
    people = applicants(20 if smoke else 2_000)
    return [
        *_decisions(policy, people),
        *_hundred_rules(people),
        *_after(policy, people, 3 if smoke else 200),
    ]


def demo_policy() -> CompiledPolicy:
    """Return the invented bank's policy, compiled."""
    content = read_document(packs_root() / "demo/decision/shenpu_bank.yaml").content
    return compile_policy(parse_policy(cast("dict[str, Any]", content)["decision_policies"][0]))


def applicants(count: int) -> list[Features]:
    """Draw applicants, each without one of the values now and then."""
    random = Random(2026)
    people: list[Features] = []
    for _ in range(count):
        values = {name: Known(random.choice(among), _DAY) for name, among in _RANGES.items()}
        if random.random() < 0.1:
            del values[random.choice(sorted(values))]
        people.append(values)
    return people


def _decisions(policy: CompiledPolicy, people: Sequence[Features]) -> list[Figure]:
    times = _times([_bound(decide_one, policy, person) for person in people])
    outcomes = [decide_one(policy, person).outcome for person in people]
    mix = ", ".join(f"{o} {outcomes.count(o)}" for o in ("approve", "refer", "decline"))
    return [
        Figure(
            "decision, p50",
            median(times),
            "µs",
            note=f"20 features, 16 rules, 8 attributes, trace as values; {mix}",
        ),
        Figure(
            "decision, p99",
            _p99(times),
            "µs",
            ratio=_p99(times) / median(times),
            ratio_to="p50",
            note="the same run; reading features and storing the trace excluded",
        ),
    ]


def decide_one(policy: CompiledPolicy, person: Features) -> Any:  # noqa: ANN401 - a Decision
    return decide(person, policy, _REQUEST, pack_hash="benchmark")


def _hundred_rules(people: Sequence[Features]) -> list[Figure]:
    rules = compile_rules(RuleSet.model_validate(_many_rules(100)), FEATURES)
    card = demo_policy().scorecard
    rows = [_plain(person) for person in people]
    by_rules = _times([_bound(run_rules, rules, row) for row in rows])
    by_card = _times([_bound(score, card, row) for row in rows])
    return [
        Figure(
            "100 rules, p99",
            _p99(by_rules),
            "µs",
            at_most=1_000.0,
            note=f"p50 {median(by_rules):.0f} µs; every rule answered, none skipped",
        ),
        Figure("scorecard, p50", median(by_card), "µs", note="8 attributes, points kept"),
    ]


def _many_rules(count: int) -> dict[str, Any]:
    """Build rules of two comparisons each over the ordered features, with differing bounds."""
    names = [n for n, f in FEATURES.items() if f.ordered and not f.computed]
    rules = [
        {
            "id": f"rule_{k}",
            "when": {
                "all": (
                    {"feature": names[k % len(names)], "gt": k + 1},
                    {"feature": names[(k + 3) % len(names)], "lt": 900 - k},
                )
            },
            "outcome": "refer",
            "reason": "decision.too_many_loans",
        }
        for k in range(count)
    ]
    return {"id": "hundred", "version": 1, "rules": tuple(rules)}


def _after(policy: CompiledPolicy, people: Sequence[Features], rounds: int) -> list[Figure]:
    trace = decide_one(policy, people[0]).trace
    stored = trace.as_json()
    able = {**people[0], **{n: Known(v, _DAY) for n, v in _ABLE.items()}}
    declined = _times([_bound(_decide_large, policy, able)] * rounds)
    asked = len(_decide_large(policy, able).trace.plans)
    return [
        Figure(
            "trace written",
            median(_times([trace.as_json] * rounds)),
            "µs",
            note="plain JSON values and the replay hash",
        ),
        Figure("replay", median(_times([_bound(replay, stored, policy)] * rounds)), "µs"),
        Figure(
            "decline with counter-offers",
            median(declined),
            "µs",
            note=f"{asked} plans tried, each judged in full; their pricing excluded",
        ),
    ]


_ABLE: Mapping[str, Value] = {
    **{name: among[0] for name, among in _RANGES.items()},
    "job_tenure_months": 30,
    "housing_fund_months": 30,
    "income_evidence": "payroll",
    "verified_income_fen": 1_000_000,
    "oldest_account_months": 40,
}


def _decide_large(policy: CompiledPolicy, person: Features) -> Any:  # noqa: ANN401 - a Decision
    return decide(
        person,
        policy,
        _LARGE,
        pack_hash="benchmark",
        choices=Choices(10_000, 50_000, (24, 36)),
        plan_for=lambda fen, months: PlanCost(-(-fen // months), fen * months // 250),
    )


def _plain(person: Features) -> Values:
    return {
        name: known.value for name, known in person.items() if isinstance(known.value, int | str)
    }


def _bound(call: Callable[..., object], *arguments: object) -> Callable[[], object]:
    return lambda: call(*arguments)


def _times(calls: Sequence[Callable[[], object]]) -> list[float]:
    """Return microseconds of each call on its processor, after one untimed call.

    Nothing here waits for anything, so the time others take from a shared core is left out.
    """
    calls[0]()
    times = []
    for call in calls:
        start = thread_time_ns()
        call()
        times.append((thread_time_ns() - start) / 1_000)
    return times


def _p99(times: Sequence[float]) -> float:
    return sorted(times)[len(times) * 99 // 100]
