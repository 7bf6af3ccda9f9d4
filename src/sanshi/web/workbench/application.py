"""One application: why it was decided as it was, rule by rule, value beside threshold."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from markupsafe import Markup

from sanshi.decision.words import percent_text
from sanshi.documents.words import word
from sanshi.kernel.reasons import Reason
from sanshi.kernel.reasons import say as say_reason
from sanshi.web.language import mark
from sanshi.web.reader import Reader
from sanshi.web.workbench.cells import Cell, staged
from sanshi.web.workbench.conditions import condition, feature, value
from sanshi.web.workbench.words import Tone, named_code

Answer = Mapping[str, Any]

_OUTCOMES: Mapping[str, tuple[str, Tone]] = {
    "approve": (mark("通过"), "good"),
    "refer": (mark("转人工"), "wait"),
    "decline": (mark("未通过"), "bad"),
    "note": (mark("提示"), "info"),
}
_ANSWERS: Mapping[str, tuple[str, Tone]] = {
    "hit": (mark("命中"), "bad"),
    "unknown": (mark("值缺失"), "wait"),
    "missed": (mark("未命中"), "plain"),
}
_EVIDENCE = "income_evidence"


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: its condition, what it saw, what it answered, and what follows from a hit."""

    rule_id: str
    condition: Markup
    seen: Markup
    answer: Cell
    outcome: Cell
    called: bool


@dataclass(frozen=True, slots=True)
class Points:
    """One attribute of the scorecard; `share` is drawn to scale, of the largest reference."""

    feature: str
    value: Markup
    points: int
    reference: int
    width: int
    reference_width: int


@dataclass(frozen=True, slots=True)
class Ability:
    """Capacity to repay, in words: what was counted and the house's own limit."""

    debt_service: str
    limit: str
    width: int
    limit_at: int
    over: bool
    income_fen: int
    existing_fen: int
    instalment_fen: int
    evidence: Markup


@dataclass(frozen=True, slots=True)
class Part:
    """A thing that was applied for, with the plan that was chosen."""

    name: str
    product: str
    principal_fen: int
    term_months: int
    rate_ppm: int
    method: str
    monthly_fen: int


@dataclass(frozen=True, slots=True)
class Decision:
    """What was decided, and everything it rests on."""

    decision_id: str
    outcome: Cell
    business_date: str
    score: int | None
    grade: str
    pd: str
    approved_fen: int
    reasons: tuple[str, ...]
    offers: tuple[str, ...]
    called: tuple[Rule, ...]
    missed: tuple[Rule, ...]
    points: tuple[Points, ...]
    ability: Ability | None
    absent: tuple[tuple[str, Markup], ...]
    consents: tuple[Markup, ...]
    policy: tuple[tuple[str, int, str], ...]
    pack_hash: str
    replay_hash: str


@dataclass(frozen=True, slots=True)
class Application:
    """The page. `replayed`: what a replay has just shown; None: nobody asked for one."""

    template: ClassVar[str] = "application"

    application_id: str
    stage: Cell
    applied_on: str
    person_id: str
    merchant: str
    parts: tuple[Part, ...]
    declared: tuple[tuple[Markup, Markup], ...]
    decision: Decision | None
    earlier: tuple[str, ...]
    contracts: tuple[tuple[str, Cell, str], ...]
    replayed: bool | None
    differences: int


def application(reader: Reader, seen: Answer, replayed: Answer | None = None) -> Application:
    """Make the page from the answer of `desk_application`, and of `replay_decision` if asked."""
    return Application(
        application_id=seen["application_id"],
        stage=staged(reader, "application", seen["stage"]),
        applied_on=seen["applied_on"],
        person_id=seen["person_id"],
        merchant=reader.name(reader.merchant(seen["merchant"])),
        parts=tuple(_part(reader, seen["merchant"], one) for one in seen["parts"]),
        declared=_declared(reader, seen["declared"]),
        decision=_decision(reader, seen["decision"]) if seen["decision"] else None,
        earlier=tuple(seen["earlier"]),
        contracts=tuple(
            (one["contract_id"], staged(reader, "contract", one["stage"]), one["loan_id"])
            for one in seen["contracts"]
        ),
        replayed=None if replayed is None else replayed["same"],
        differences=0 if replayed is None else len(replayed["differences"]),
    )


def _part(reader: Reader, merchant: str, one: Answer) -> Part:
    product = reader.catalogue.products.get(one["product"])
    return Part(
        name=reader.name(reader.good(merchant, one["sku"])),
        product=reader.name(product) if product else one["product"],
        principal_fen=one["principal_fen"],
        term_months=one["term_months"],
        rate_ppm=one["rate_ppm"],
        method=word(f"method.{one['method']}", reader.language),
        monthly_fen=one["monthly_fen"],
    )


def _declared(reader: Reader, told: Answer) -> tuple[tuple[Markup, Markup], ...]:
    say = reader.say
    return (
        (say("月收入"), value(reader, "declared_income_fen", told["monthly_income_fen"])),
        (
            say("每月已有还款"),
            value(reader, "monthly_debt_service_fen", told["monthly_debt_service_fen"]),
        ),
        (say("负债合计"), value(reader, "total_debt_fen", told["total_debt_fen"])),
        (say("在职时间"), value(reader, "job_tenure_months", told["job_months"])),
        (say("在校学生"), value(reader, "is_student", told["student"])),
    )


def _decision(reader: Reader, made: Answer) -> Decision:
    result = made["result"]
    rules = [_rule(reader, one, made) for one in made["rules"]]
    called = [rule for rule in rules if rule.called]
    missed = [rule for rule in rules if not rule.called]
    return Decision(
        decision_id=made["decision_id"],
        outcome=_tagged(reader, _OUTCOMES, made["outcome"]),
        business_date=made["business_date"],
        score=result["score"],
        grade=result["grade"] or "—",
        pd=percent_text(result["pd_ppm"]) if result["pd_ppm"] is not None else "—",
        approved_fen=result["approved_fen"],
        reasons=tuple(_sentence(reader, one) for one in result["reasons"]),
        offers=tuple(_sentence(reader, one["words"]) for one in result["counter_offers"]),
        called=tuple(called),
        missed=tuple(missed),
        points=_points(reader, made),
        ability=_ability(reader, result["affordability"]),
        absent=tuple(
            (feature(reader, name), named_code(reader.say, "state", state))
            for name, state in sorted(made["states"].items())
            if state != "known"
        ),
        consents=tuple(named_code(reader.say, "consent", one) for one in made["consents"]),
        policy=tuple((p["part_id"], p["version"], p["content_hash"]) for p in made["parts"]),
        pack_hash=made["pack_hash"],
        replay_hash=made["replay_hash"],
    )


def _rule(reader: Reader, one: Answer, made: Answer) -> Rule:
    values = made["values"]
    seen = [
        Markup("{} {}").format(
            feature(reader, name), Markup("<b>{}</b>").format(value(reader, name, values.get(name)))
        )
        for name in one["looked_at"]
    ]
    called = one["answer"] != "missed"
    outcome = _tagged(reader, _OUTCOMES, one["outcome"])
    return Rule(
        rule_id=one["rule_id"],
        condition=condition(reader, one["when"]) if one["when"] else Markup("—"),
        seen=reader.say.joined(seen),
        answer=_tagged(reader, _ANSWERS, one["answer"]),
        outcome=outcome if called else Cell(outcome.text),  # what did not happen has no colour
        called=called,
    )


def _tagged(reader: Reader, table: Mapping[str, tuple[str, Tone]], code: str) -> Cell:
    if code not in table:
        return Cell(Markup("—"))
    text, tone = table[code]
    return Cell(reader.say(text), tone=tone)


def _points(reader: Reader, made: Answer) -> tuple[Points, ...]:
    largest = max((abs(one["reference_points"]) for one in made["points"]), default=1) or 1
    largest = max(largest, *(abs(one["points"]) for one in made["points"]), 1)
    return tuple(
        Points(
            feature=feature(reader, one["feature"]),
            value=value(reader, one["feature"], made["values"].get(one["feature"])),
            points=one["points"],
            reference=one["reference_points"],
            width=max(one["points"], 0) * 100 // largest,
            reference_width=max(one["reference_points"], 0) * 100 // largest,
        )
        for one in made["points"]
    )


def _ability(reader: Reader, found: Answer) -> Ability | None:
    share_ppm, limit_ppm = found["debt_service_ppm"], found["limit_ppm"]
    if share_ppm is None or limit_ppm is None:
        return None
    scale_ppm = max(share_ppm, limit_ppm, 1_000_000)
    return Ability(
        debt_service=percent_text(share_ppm),
        limit=percent_text(limit_ppm),
        width=share_ppm * 1000 // scale_ppm,
        limit_at=limit_ppm * 1000 // scale_ppm,
        over=share_ppm > limit_ppm,
        income_fen=found["recognised_fen"] or 0,
        existing_fen=found["existing_fen"] or 0,
        instalment_fen=found["instalment_fen"],
        evidence=value(reader, _EVIDENCE, found["evidence"] or None),
    )


def _sentence(reader: Reader, stored: Answer) -> str:
    reason = Reason(stored["code"], stored["values"])
    return say_reason(reason, reader.catalogue.texts, reader.language)
