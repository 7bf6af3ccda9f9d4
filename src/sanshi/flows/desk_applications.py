"""One application on the desk: why it was decided as it was, value beside threshold."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sanshi.flows.desk_loans import own_row
from sanshi.flows.papers import read_paper
from sanshi.flows.parts import views
from sanshi.flows.people import audited
from sanshi.flows.policies import policy_then
from sanshi.flows.world import Actor, Command, Decided, Flow, World
from sanshi.kernel.effects import Json
from sanshi.ports import Record


class DeskApplication(Command):
    """The application to look at."""

    application_id: str


def _decide(world: World, actor: Actor, command: DeskApplication) -> Decided:
    row = own_row(world, actor, "application", "application_id", command.application_id)
    application_id = row["application_id"]
    asked = read_paper(world, row["document_id"]).content
    decisions = world.store.rows(
        "decision", {"application_id": application_id}, order_by=("decision_id",)
    )
    contracts = world.store.rows(
        "contract", {"application_id": application_id}, order_by=("contract_id",)
    )
    answer: dict[str, Json] = {
        "application_id": application_id,
        "stage": world.store.standing(application_id)[1],
        "applied_on": row["applied_on"].isoformat(),
        "person_id": row["person_id"],
        "merchant": asked["merchant"],
        "parts": [_part(view) for view in views(asked)],
        "declared": {
            name: asked["declared"][name]
            for name in (
                "monthly_income_fen",
                "monthly_debt_service_fen",
                "total_debt_fen",
                "job_months",
                "student",
            )
        },
        "events": [
            {"kind": event.kind, "stage": event.stage, "day": event.booking_date.isoformat()}
            for event in world.store.events(application_id)
        ],
        "decision": _decision(world, decisions[-1]) if decisions else None,
        "earlier": [one["decision_id"] for one in decisions[:-1]],
        "contracts": [_contract(world, one) for one in contracts],
    }
    seen = audited(
        world,
        actor,
        entity=actor.entity,
        action="view_application",
        subject=application_id,
        purpose=actor.role,
    )
    return Decided(answer, seen)


def _part(view: Mapping[str, Any]) -> dict[str, Json]:
    plan = view["plan"]
    terms = plan["terms"]
    return {
        "sku": view["sku"],
        "product": plan["product"],
        "principal_fen": terms["principal_fen"],
        "term_months": terms["term_months"],
        "rate_ppm": terms["rate_ppm"],
        "method": terms["method"],
        "monthly_fen": plan["affordability"]["monthly_payment_fen"],
    }


def _contract(world: World, row: Record) -> dict[str, Json]:
    loan = world.store.row("loan", contract_id=row["contract_id"])
    return {
        "contract_id": row["contract_id"],
        "stage": world.store.standing(row["contract_id"])[1],
        "loan_id": loan["loan_id"] if loan else "",
    }


def _decision(world: World, row: Record) -> dict[str, Json]:
    """Return what a decision was made from, each rule with its threshold and what it saw."""
    trace = read_paper(world, row["document_id"]).content
    policy = policy_then(world, row["entity"], trace)
    by_id = {rule.id: rule for rule in policy.source.rules.rules}
    values = _values(trace)
    rules: list[Json] = []
    for result in trace["rules"]:
        rule = by_id.get(result["rule_id"])
        about: dict[str, Json] = {"when": None, "outcome": "", "reason": "", "looked_at": []}
        if rule is not None:
            about = {
                "when": rule.when.model_dump(mode="json", by_alias=True, exclude_none=True),
                "outcome": rule.outcome,
                "reason": rule.reason,
                "looked_at": sorted(set(rule.when.features())),
            }
        rules.append({**result, **about})
    return {
        "decision_id": row["decision_id"],
        "outcome": row["outcome"],
        "business_date": trace["request"]["business_date"],
        "parts": trace["parts"],
        "pack_hash": trace["pack_hash"],
        "replay_hash": trace["replay_hash"],
        "consents": trace["request"]["consents"],
        "rules": rules,
        "points": trace["points"],
        "values": values,
        "states": {one["name"]: one["state"] for one in trace["inputs"]},
        "result": trace["result"],
    }


def _values(trace: Mapping[str, Any]) -> dict[str, Json]:
    """Return every value the decision looked at, by feature; what was absent is not there."""
    known = {
        one["name"]: one["value"]
        for one in (*trace["inputs"], *trace["computed"])
        if one["state"] == "known"
    }
    return {**{k: v for k, v in trace["request"].items() if isinstance(v, int | str)}, **known}


DESK_APPLICATION = Flow("desk_application", frozenset({"risk", "audit"}), DeskApplication, _decide)
