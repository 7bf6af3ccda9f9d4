"""The demo pack's shops, and what a lawyer is told of a plan that they offer or withhold."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import cache
from typing import Any, TypeVar

from pydantic import BaseModel

from desks import packs
from peers.law.costs import annual_costs
from peers.law.deals import LEASE, LOAN, Deal, Vehicle
from peers.law.oracle import judge
from quote.described import ENERGIES, PURPOSES, forbidding, warning
from sanshi.catalogue.catalogue import Catalogue
from sanshi.catalogue.products import Good
from sanshi.quote.certificate import Certificate, Finding
from sanshi.quote.checklist import words
from sanshi.quote.plan import Plan, Withheld
from sanshi.quote.purchase import Borrower, Candidate, Purchase
from sanshi.quote.quote import Quote, candidates, make_quote

TODAY = date(2026, 11, 22)
YUAN = 100
DEALER, SHOP = "pujiang_auto", "puhui"
BEV, PETROL, PLATE = "PJ-BEV-E5", "PJ-ICE-P15", "PJ-PLATE"
BANK, AUTO, LEASING = "shenpu_bank", "shenxing_auto", "shenzu_leasing"
CONSUMER, MICROLOAN = "shenrong_consumer", "xiaohe_microloan"
BUYER = Borrower(
    age_years=34,
    student=False,
    second_repayment_source=False,
    monthly_income_fen=25_000 * YUAN,
    monthly_debt_service_fen=0,
    total_debt_fen=0,
    live_loans=0,
)

Fields = Mapping[str, Any]
P = TypeVar("P", bound=BaseModel)


@cache
def demo() -> Catalogue:
    return packs().catalogue


def changed(
    *,
    products: Mapping[str, Fields] | None = None,
    lenders: Mapping[str, Fields] | None = None,
    merchants: Mapping[str, Fields] | None = None,
) -> Catalogue:
    """Return the demo catalogue with other fields, each item checked as a pack's is."""
    packs = demo()
    return replace(
        packs,
        products=_changed(packs.products, products or {}),
        lenders=_changed(packs.lenders, lenders or {}),
        merchants=_changed(packs.merchants, merchants or {}),
    )


def _changed(items: Mapping[str, P], changes: Mapping[str, Fields]) -> dict[str, P]:
    assert changes.keys() <= items.keys()
    return {
        name: like(item, **changes[name]) if name in changes else item
        for name, item in items.items()
    }


def like(item: P, **fields: Any) -> P:  # noqa: ANN401 - fields of a model
    return type(item).model_validate({**item.model_dump(), **fields})


def good(catalogue: Catalogue, merchant: str, sku: str, **attributes: object) -> Good:
    """Return a good on sale; other attributes make it another one, None takes one away."""
    (found,) = (one for one in catalogue.merchants[merchant].goods if one.sku == sku)
    kept = {k: v for k, v in {**found.attributes, **attributes}.items() if v is not None}
    return like(found, attributes=kept)


def buys(
    catalogue: Catalogue,
    sku: str,
    *,
    merchant: str = DEALER,
    down_payment_fen: int = 0,
    attributes: Mapping[str, object] | None = None,
    **more: Any,  # noqa: ANN401 - fields of a purchase
) -> Purchase:
    bought = good(catalogue, merchant, sku, **(attributes or {}))
    return Purchase(
        **{
            "merchant": catalogue.merchants[merchant],
            "good": bought,
            "scenario": catalogue.scenarios[bought.scenario],
            "quoted_on": TODAY,
            "down_payment_fen": down_payment_fen,
            **more,
        }
    )


def judged(catalogue: Catalogue, purchase: Purchase, borrower: Borrower = BUYER) -> Quote:
    """Quote, and let the oracle say the same of every plan, offered or withheld."""
    quote = make_quote(catalogue, purchase, borrower)
    agreed(catalogue, quote, borrower)
    return quote


def agreed(catalogue: Catalogue, quote: Quote, borrower: Borrower) -> None:
    """Hold every plan against the oracle, and every refusal against the duty to say why."""
    stack = quote.benefits
    found = {
        f"{one.product.id}.{one.terms.term_months}.{one.terms.method}": one
        for one in candidates(catalogue, quote.purchase, borrower, stack)
    }
    made: Sequence[Plan | Withheld] = (*quote.plans, *quote.withheld)
    assert sorted(found) == sorted(plan.key for plan in made)
    for plan in made:
        deal = deal_of(found[plan.key])
        verdict = judge(deal)
        assert isinstance(plan, Plan) == verdict.allowed, (plan.key, verdict.forbidding)
        assert forbidding(plan.certificate) == verdict.forbidding, plan.key
        assert warning(plan.certificate) == verdict.warning, plan.key
    for withheld in quote.withheld:
        says_why(catalogue, withheld.certificate)


def says_why(catalogue: Catalogue, certificate: Certificate) -> None:
    assert certificate.failures
    for failure in certificate.failures:
        stored = failure.as_json()
        assert stored["rule"]
        assert stored["instrument"]
        for language in ("zh", "en"):
            sentence = words(stored, catalogue.texts, language)
            assert len(sentence) > 10
            assert "{" not in sentence


def deal_of(candidate: Candidate) -> Deal:
    """Describe a plan as a lawyer would, from what the packs and the buyer say."""
    purchase, borrower, terms = candidate.purchase, candidate.borrower, candidate.terms
    rows = terms.schedule_from(purchase.quoted_on)
    nominal, effective = annual_costs(terms.principal_fen, [row.payment_fen for row in rows])
    purpose = _word(PURPOSES, purchase.scenario.purpose)
    online = (purchase.channel or purchase.merchant.channel) == "online"
    return Deal(
        on=purchase.quoted_on,
        lender=candidate.lender.lender_type,
        amount_fen=terms.principal_fen,
        term_months=terms.term_months,
        nominal_cost=nominal,
        effective_cost=effective,
        kind=LEASE if candidate.product.kind == "finance_lease" else LOAN,
        online=online,
        purpose=purpose,
        age=borrower.age_years,
        student=borrower.student,
        second_source_agreed=borrower.second_repayment_source,
        owed_fen=borrower.live_credit_fen.get(candidate.lender.id, 0),
        entrusted=candidate.product.entrusted_payment,
        facilitated=candidate.product.facilitated,
        vehicle=_vehicle(candidate),
        pays_for_plate=purpose == "plate" or "includes_plate" in purchase.good.attributes,
        at_checkout=online,
    )


def _vehicle(candidate: Candidate) -> Vehicle | None:
    goods = (candidate.purchase.good, *candidate.purchase.of_bundle)
    cars = [one for one in goods if "energy" in one.attributes]
    if not cars:
        return None
    told = cars[0].attributes
    energy = _word(ENERGIES, str(told["energy"]))
    own = "auto.ltv.private_ice" if told["energy"] == "ice" else "auto.ltv.private_nev"
    limit = candidate.lender.house.values.get(own)
    basis_fen = told.get("valuation_fen", cars[0].price_fen)
    assert isinstance(basis_fen, int)
    return Vehicle(
        energy,
        private=told["vehicle_use"] == "private",
        new=told["vehicle_state"] == "new",
        price_basis_fen=min(basis_fen, cars[0].price_fen),
        own_limit_percent=None if limit is None else limit // 10_000,
    )


def _word(table: Mapping[str, str], ours: str) -> str:
    (theirs,) = (key for key, value in table.items() if value == ours)
    return theirs


def keys(plans: Sequence[Plan | Withheld], lender: str) -> set[str]:
    return {plan.key for plan in plans if plan.lender == lender}


def failed(quote: Quote, lender: str) -> set[str]:
    """Return the rules for which a lender's plans are withheld."""
    return {
        failure.rule_id
        for plan in quote.withheld
        if plan.lender == lender
        for failure in plan.certificate.failures
    }


def finding(certificate: Certificate, rule: str) -> Finding:
    (found,) = (one for one in certificate.findings if one.rule_id == rule)
    return found
