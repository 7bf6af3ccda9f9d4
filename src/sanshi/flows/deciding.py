"""Decide 决策: data read with consent, rules, scorecard, affordability; closed on doubt."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from sanshi.catalogue.catalogue import Catalogue
from sanshi.consent.grants import Grant, covering, missing
from sanshi.decision.counter import Choices, Item, PlanCost
from sanshi.decision.decide import Decision, decide, replay
from sanshi.decision.features import Known
from sanshi.decision.request import Request
from sanshi.flows.certify_again import candidate_of
from sanshi.flows.consents import grants_of
from sanshi.flows.papers import file_paper, read_paper
from sanshi.flows.parts import views
from sanshi.flows.people import Person, audited, must_be_entity, read_person
from sanshi.flows.policies import kept, policy_then
from sanshi.flows.sessions import open_again
from sanshi.flows.steps import standing, today
from sanshi.flows.world import Actor, Command, Decided, Flow, World
from sanshi.kernel.effects import Effects, Insert
from sanshi.kernel.errors import ConflictError, NotFoundError, UnavailableError
from sanshi.ports import Record, Report
from sanshi.quote.plan import Plan
from sanshi.quote.purchase import Candidate
from sanshi.quote.quote import plan_of, terms_of

STAGES = {"approve": "approved", "refer": "referred", "decline": "declined"}
"""The stage that each outcome of a decision leads an application to."""

_UNDECIDED = frozenset({"draft", "referred"})
_SOURCES = ("credit_report", "housing_fund")
_LEFT_OUT = ("cheaper_item", "longer_term")
"""Counter-offers that nobody looks for when several things are decided together."""


class DecideApplication(Command):
    """The application to decide."""

    application_id: str


class ReplayDecision(Command):
    """The decision to work out again from its record."""

    decision_id: str


def _decide(world: World, actor: Actor, command: DecideApplication) -> Decided:
    row = world.store.row("application", application_id=command.application_id)
    if row is None:
        raise NotFoundError(
            "application.unknown", "There is no such application.", field="application_id"
        )
    must_be_entity(actor, row["entity"])
    at = standing(world, "application", row["application_id"], row["entity"])
    if at.stage not in _UNDECIDED:  # nobody's data are looked at for what cannot be decided
        raise ConflictError(
            "application.wrong_stage",
            f"The application is {at.stage}; there is nothing to decide.",
            field="application_id",
        )
    day = world.clock.business_date()
    grants = grants_of(world, row["person_id"])
    lacking = missing(grants, row["entity"], day)
    if lacking:
        raise ConflictError(
            "application.consent_missing",
            f"The person has not agreed to: {', '.join(lacking)}.",
            field="consent",
            fix="Ask the person; without it this application cannot be decided.",
        )
    held = {
        purpose: grant
        for purpose in _SOURCES
        if (grant := covering(grants, purpose, row["entity"], day)) is not None
    }
    asked = read_paper(world, row["document_id"]).content
    person = read_person(world, row["person_id"])
    instead = _Instead(world.catalogue, candidate_of(world, row, asked), tuple(asked["also"]))
    decision = decide(
        _features(world, person, asked["declared"], held),
        world.policies[row["entity"]],
        _request(world, asked, day, tuple(held)),
        pack_hash=world.catalogue.pack_hash,
        choices=_choices(world, asked),
        plan_for=instead.cost,
    )
    filed = _filed(world, row, person, decision)
    outcome = STAGES[decision.outcome]
    decided = today(world, at, "decided", outcome)
    left_out = list(_LEFT_OUT) if asked["also"] else []
    answer = {**filed.answer, "outcome": outcome, "counter_offers_left_out": left_out}
    if outcome == "declined":
        decided = decided + open_again(world, row["session_id"], row["application_id"])
    policy = kept(world, world.policies[row["entity"]])
    return Decided(answer, decided + filed.effects + policy)


def _filed(world: World, row: Record, person: Person, decision: Decision) -> Decided:
    """Store the trace sealed, its hash in the evidence log, and say what was decided and why."""
    decision_id = world.ids.new("de")
    trace = decision.trace.as_json()
    paper = file_paper(
        world,
        entity=row["entity"],
        person_id=person.person_id,
        wrapped_key=person.wrapped_key,
        kind="decision",
        subject=decision_id,
        content=trace,
    )
    entry = Insert(
        "decision",
        {
            "decision_id": decision_id,
            "entity": row["entity"],
            "application_id": row["application_id"],
            "outcome": decision.outcome,
            "document_id": paper.document_id,
        },
    )
    answer = {
        "decision_id": decision_id,
        "reasons": [reason.as_json() for reason in decision.reasons],
        "counter_offers": trace["result"]["counter_offers"],
        "approved_fen": decision.approved_fen,
    }
    return Decided(answer, paper.effects + Effects(rows=(entry,)))


def _features(
    world: World, person: Person, declared: Mapping[str, Any], held: Mapping[str, Grant]
) -> dict[str, Known]:
    """Gather what may be looked at. A source that does not answer leaves its values missing."""
    day = world.clock.business_date()
    identified = world.store.events(person.person_id)[0]
    values: dict[str, object] = {
        "identity_matched": identified.kind == "identified",
        "sanctions_hits": len(identified.data["sanctions_hits"]),
        "court_dishonest": identified.data["court_dishonest"],
        "is_student": declared["student"],
        "second_repayment_source": declared["second_repayment_source"],
        "job_tenure_months": declared["job_months"],
        "declared_income_fen": declared["monthly_income_fen"],
        "income_evidence": "declared",
        "device_applications_30d": _from_device(world, declared["device"], day),
        "device_tampered": declared["device_tampered"],
    }
    known = {name: Known(value, day) for name, value in values.items() if value is not None}
    for purpose, grant in held.items():
        report = _ask(world, person, purpose, grant.consent_id)
        if report is None:
            # Its values are missing, and what the income rests on is not known either:
            # an outage must never let a lower figure stand in for a higher one.
            known.pop("income_evidence", None)
        else:
            known |= {
                name: Known(value, report.as_of)
                for name, value in report.values.items()
                if name in grant.fields  # nothing that was not agreed to is looked at
            }
    return known


def _ask(world: World, person: Person, purpose: str, consent_id: str) -> Report | None:
    bureau = world.bureau
    query = bureau.credit_report if purpose == "credit_report" else bureau.public_data
    try:
        return query(full_name=person.full_name, id_number=person.id_number, consent_id=consent_id)
    except UnavailableError:
        return None


def _from_device(world: World, device: str | None, day: date) -> int | None:
    """Count this device's applications within 30 days, this one included."""
    if device is None:
        return None
    rows = world.store.rows("application", {"device": world.keys.blind("device", device)})
    since = day - timedelta(days=30)
    return len([row for row in rows if row["applied_on"] > since])


def _request(
    world: World, asked: Mapping[str, Any], day: date, consents: tuple[str, ...]
) -> Request:
    plans = [view["plan"] for view in views(asked)]
    merchant = world.catalogue.merchants[asked["merchant"]]
    good = next(good for good in merchant.goods if good.sku == asked["sku"])
    scenario = world.catalogue.scenarios[good.scenario]
    return Request(
        amount_fen=sum(plan["terms"]["principal_fen"] for plan in plans),
        term_months=max(plan["terms"]["term_months"] for plan in plans),
        instalment_fen=sum(plan["affordability"]["monthly_payment_fen"] for plan in plans),
        cash_price_fen=sum(plan["net_price_fen"] for plan in plans),
        purchase_category=scenario.id,
        purpose=scenario.purpose,
        business_date=day,
        consents=consents,
    )


def _choices(world: World, asked: Mapping[str, Any]) -> Choices:
    """Return what else would complete the purchase: same product, same merchant.

    Of things bought together only the first one's loan is made smaller.
    """
    product = world.catalogue.products[asked["plan"]["product"]]
    if asked["also"]:
        rest_fen = sum(part["plan"]["terms"]["principal_fen"] for part in asked["also"])
        return Choices(min_amount_fen=rest_fen + max(product.amount_min_fen, 1))
    merchant = world.catalogue.merchants[asked["merchant"]]
    wanted = next(good for good in merchant.goods if good.sku == asked["sku"])
    term = asked["plan"]["terms"]["term_months"]
    return Choices(
        min_amount_fen=max(product.amount_min_fen, 1),
        longer_terms=tuple(months for months in product.terms_months if months > term),
        cheaper_items=tuple(
            Item(good.sku, good.zh, good.en, good.price_fen)
            for good in merchant.goods
            if good.price_fen < wanted.price_fen
            and good.attributes.get("category") == wanted.attributes.get("category")
        ),
    )


@dataclass(frozen=True, slots=True)
class _Instead:
    """What the first thing would cost with another plan of its product, beside what stays."""

    catalogue: Catalogue
    first: Candidate
    others: tuple[Mapping[str, Any], ...]

    def cost(self, principal_fen: int, term_months: int) -> PlanCost | None:
        """Return the cost of all together, or None if such a plan may not be offered."""
        rest = [part["plan"] for part in self.others]
        left_fen = principal_fen - sum(plan["terms"]["principal_fen"] for plan in rest)
        first = self.first
        # Beside others the longest term is asked for, which need not be the first one's.
        months = first.terms.term_months if rest else term_months
        terms = terms_of(self.catalogue, first.product, left_fen, months, first.terms.method)
        if terms is None:
            return None
        plan = plan_of(self.catalogue, replace(first, terms=terms))
        if not isinstance(plan, Plan):
            return None
        return PlanCost(
            plan.affordability.monthly_payment_fen
            + sum(other["affordability"]["monthly_payment_fen"] for other in rest),
            plan.disclosure.total_cost_fen
            + sum(other["disclosure"]["total_cost_fen"] for other in rest),
        )


def _replay(world: World, actor: Actor, command: ReplayDecision) -> Decided:
    row = world.store.row("decision", decision_id=command.decision_id)
    if row is None:
        raise NotFoundError("decision.unknown", "There is no such decision.", field="decision_id")
    must_be_entity(actor, row["entity"])
    trace = read_paper(world, row["document_id"]).content
    result = replay(trace, policy_then(world, row["entity"], trace))
    differences = [
        {"path": d.path, "stored": d.stored, "replayed": d.replayed} for d in result.differences
    ]
    seen = audited(
        world,
        actor,
        entity=row["entity"],
        action="replay_decision",
        subject=command.decision_id,
        purpose="audit",
    )
    return Decided({"same": result.same, "differences": differences}, seen)


DECIDE = Flow("decide_application", frozenset({"risk", "system"}), DecideApplication, _decide)
REPLAY = Flow("replay_decision", frozenset({"risk", "audit"}), ReplayDecision, _replay)
