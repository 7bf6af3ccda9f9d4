from __future__ import annotations

import json
from collections.abc import Callable
from copy import deepcopy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from decision.cases import (
    DEMO_POLICY,
    GOOD,
    WRONG,
    applicants,
    flat_plan,
    known,
    raw_policy,
    request,
    requests,
)
from sanshi.decision.counter import Choices, Item
from sanshi.decision.decide import Decision, decide, replay
from sanshi.decision.features import Value
from sanshi.decision.policy import compile_policy, parse_policy
from sanshi.decision.request import Request
from sanshi.decision.trace import ENGINE_VERSION, Trace
from sanshi.kernel.canonical import canonical_json
from sanshi.kernel.errors import InputError

CHOICES = Choices(
    longer_terms=(24, 48),
    cheaper_items=(Item("HT-1", "小冰箱（虚构）", "small fridge (fictional)", 300_000),),
)
BIG = request(amount_fen=10_000_000, cash_price_fen=12_000_000, instalment_fen=880_000)


def decided(values: dict[str, Any], asked: Request) -> Decision:
    return decide(
        known(values), DEMO_POLICY, asked, pack_hash="p", choices=CHOICES, plan_for=flat_plan
    )


def stored(values: dict[str, Any], asked: Request) -> dict[str, Any]:
    """Return the trace as a database gives it back."""
    loaded: dict[str, Any] = json.loads(json.dumps(decided(values, asked).trace.as_json()))
    return loaded


@given(values=applicants(), asked=requests(), data=st.data())
def test_a_stored_decision_replays_bit_for_bit(
    values: dict[str, Value], asked: Request, data: st.DataObject
) -> None:
    given_values: dict[str, Any] = dict(values)
    for name in data.draw(st.sets(st.sampled_from(sorted(values)), max_size=3)):
        given_values[name] = data.draw(st.sampled_from(WRONG))
    text = stored(given_values, asked)
    again = replay(text, DEMO_POLICY)
    assert again.same, again.differences
    assert canonical_json(Trace.from_json(text).as_json()) == canonical_json(text)


def test_a_declined_decision_replays_its_counter_offers_without_the_quote_room() -> None:
    text = stored(dict(GOOD), BIG)
    assert len(text["plans"]) > 5
    assert len(text["result"]["counter_offers"]) >= 3
    assert replay(text, DEMO_POLICY).same


def test_the_trace_says_what_it_was_made_from() -> None:
    text = stored(dict(GOOD), BIG)
    assert text["engine_version"] == ENGINE_VERSION
    assert [part["kind"] for part in text["parts"]] == [
        "policy",
        "rules",
        "scorecard",
        "affordability",
    ]
    assert text["pack_hash"] == "p"
    assert {item["name"] for item in text["inputs"]} == DEMO_POLICY.wanted
    assert all(item["as_of"] == "2026-11-22" for item in text["inputs"])
    assert [rule["rule_id"] for rule in text["rules"]] == [r.rule_id for r in DEMO_POLICY.rules]
    assert {rule["answer"] for rule in text["rules"]} == {"hit", "missed"} or {
        rule["answer"] for rule in text["rules"]
    } == {"missed"}


def test_a_value_nobody_looks_at_is_named_but_not_kept() -> None:
    raw = raw_policy()
    rules = raw["rules"]["rules"]
    raw["rules"]["rules"] = tuple(rule for rule in rules if rule["id"] != "court_dishonest")
    policy = compile_policy(parse_policy(raw))
    found = decide(known(GOOD), policy, request(), pack_hash="p")
    assert found.trace.unused == ("court_dishonest",)
    assert "court_dishonest" not in {item.name for item in found.trace.inputs}


def test_timings_are_kept_and_count_for_nothing() -> None:
    trace = decided(dict(GOOD), request()).trace
    timed = trace.timed({"features": 120, "decide": 260})
    assert timed.replay_hash == trace.replay_hash
    assert timed.as_json()["timings_us"] == {"features": 120, "decide": 260}
    assert Trace.from_json(timed.as_json()) == timed
    assert replay(timed.as_json(), DEMO_POLICY).same


def test_equal_requests_have_equal_traces_whatever_the_order_of_what_was_given() -> None:
    backwards = dict(reversed(list(GOOD.items())))
    one = decided(dict(GOOD), request(consents=("credit_report", "housing_fund")))
    two = decided(backwards, request(consents=("housing_fund", "credit_report", "housing_fund")))
    assert one.trace.as_json() == two.trace.as_json()


Tamper = Callable[[dict[str, Any]], None]


def put(*path: str | int, value: object) -> Tamper:
    def tamper(text: dict[str, Any]) -> None:
        target: Any = text
        for step in path[:-1]:
            target = target[step]
        target[path[-1]] = value

    return tamper


def input_named(name: str, **fields: object) -> Tamper:
    def tamper(text: dict[str, Any]) -> None:
        next(item for item in text["inputs"] if item["name"] == name).update(fields)

    return tamper


@pytest.mark.parametrize(
    ("tamper", "path"),
    [
        (put("result", "outcome", value="approve"), "result.outcome"),
        (put("result", "approved_fen", value=10_000_000), "result.approved_fen"),
        (put("result", "score", value=700), "result.score"),
        (put("result", "reasons", value=[]), "result.reasons[0]"),
        (put("rules", 0, "answer", value="hit"), "rules[0].answer"),
        (put("points", 0, "points", value=60), "points[0].points"),
        (put("parts", 0, "content_hash", value="0" * 64), "parts[0].content_hash"),
        (put("replay_hash", value="0" * 64), "replay_hash"),
        (put("engine_version", value=2), "engine_version"),
        (input_named("verified_income_fen", value=900_000), "result.affordability.recognised_fen"),
        (input_named("live_loans", value=-1), "inputs[11].state"),
        (put("request", "consents", value=["housing_fund"]), "result.affordability.waits_for"),
        (put("plans", 0, "cost", value=None), "result.counter_offers"),
    ],
)
def test_a_tampered_trace_does_not_replay(tamper: Tamper, path: str) -> None:
    text = stored(dict(GOOD), BIG)
    changed = deepcopy(text)
    tamper(changed)
    result = replay(changed, DEMO_POLICY)
    assert not result.same
    paths = [difference.path for difference in result.differences]
    assert path in paths or any(found.startswith(path) for found in paths), paths


def test_another_version_of_the_policy_shows_as_a_difference() -> None:
    raw = raw_policy()
    raw["affordability"]["debt_service_limit_ppm"] = 550_000
    result = replay(stored(dict(GOOD), BIG), compile_policy(parse_policy(raw)))
    paths = {difference.path for difference in result.differences}
    assert {"parts[0].content_hash", "parts[3].content_hash"} <= paths
    assert "result.affordability.limit_ppm" in paths
    assert "parts[1].content_hash" not in paths


def test_a_policy_that_looks_at_more_replays_with_the_value_missing() -> None:
    raw = raw_policy()
    rules = raw["rules"]["rules"]
    raw["rules"]["rules"] = tuple(rule for rule in rules if rule["id"] != "court_dishonest")
    found = decide(known(GOOD), compile_policy(parse_policy(raw)), request(), pack_hash="p")
    result = replay(found.trace.as_json(), DEMO_POLICY)
    assert any(d.path == "result.outcome" and "refer" in d.replayed for d in result.differences)


@pytest.mark.parametrize(
    "tamper",
    [
        put("result", "score", value="685"),
        put("result", "score", value=True),
        put("result", "outcome", value="maybe"),
        put("request", "business_date", value="22.11.2026"),
        put("request", "amount_fen", value=-1),
        put("comment", value="hello"),
        put("result", "comment", value="hello"),
        put("inputs", value=None),
        lambda text: text.pop("rules"),
        lambda text: text["request"].pop("consents"),
    ],
)
def test_what_is_no_trace_is_refused(tamper: Tamper) -> None:
    text = stored(dict(GOOD), BIG)
    tamper(text)
    with pytest.raises(InputError):
        Trace.from_json(text)
