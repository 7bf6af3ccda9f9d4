"""Put an invented purchase to the engine, and describe what it answered to the oracle."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from peers.law.costs import annual_costs
from peers.law.deals import CARD, CARD_INSTALMENT, COST_TABLE, LEASE, LOAN, Deal
from quote.described import (
    ENTRIES,
    PURPOSES,
    REGION,
    STEPS,
    house_values,
    of_interest_subsidy,
    of_trade_in,
    of_vehicle,
    vehicle_attributes,
)
from quote.drafts import Draft, Offer
from sanshi.catalogue.catalogue import Catalogue
from sanshi.catalogue.products import Good, HouseLimits, Lender, Merchant, Price, Product, Scenario
from sanshi.kernel.money import MAX_FEN
from sanshi.quote.certificate import Certificate, certify
from sanshi.quote.observe import context_of, observe
from sanshi.quote.plan import Plan, Withheld
from sanshi.quote.purchase import Borrower, Candidate, Purchase
from sanshi.quote.quote import candidates, costs_of, make_quote
from sanshi.quote.terms import LoanTerms

KINDS = {
    "instalment_loan": LOAN,
    "credit_line": LOAN,
    "card_instalment": CARD_INSTALMENT,
    "card_account": CARD,
    "finance_lease": LEASE,
}
AT_END = frozenset({"interest_only", "bullet"})
HOUSE = HouseLimits(reading_seconds=10, quote_minutes=30)


@dataclass(frozen=True, slots=True)
class Answer:
    """One plan, offered or withheld, with what the oracle is told of it."""

    name: str
    offered: bool
    certificate: Certificate
    deal: Deal


def answers(law: Catalogue, draft: Draft) -> tuple[Answer, ...]:
    """Return every plan of a purchase: from a quote, or certified with what a quote cannot see."""
    catalogue, purchase, borrower = said(law, draft)
    if draft.described:
        return tuple(_certified(catalogue, purchase, borrower, draft))
    found = {
        f"{one.product.id}.{one.terms.term_months}.{one.terms.method}": one
        for one in candidates(catalogue, purchase, borrower)
    }
    quote = make_quote(catalogue, purchase, borrower)
    made: tuple[Plan | Withheld, ...] = (*quote.plans, *quote.withheld)
    return tuple(
        Answer(
            plan.key,
            isinstance(plan, Plan),
            plan.certificate,
            deal_of(draft, found[plan.key]),
        )
        for plan in made
    )


def _certified(
    catalogue: Catalogue, purchase: Purchase, borrower: Borrower, draft: Draft
) -> Iterator[Answer]:
    for candidate in candidates(catalogue, purchase, borrower):
        terms = candidate.terms
        rows = terms.schedule_from(draft.signed_on or draft.on)
        disclosure = costs_of(candidate.product, terms, rows)
        context = context_of(candidate)
        if draft.signed_on is not None:
            context = context_of(candidate, "sign", signed_on=draft.signed_on)
        context = replace(
            context,
            attributes={**context.attributes, **vehicle_attributes(draft.vehicle)},
            house_values=house_values(draft.vehicle),
        )
        steps = frozenset(STEPS[step] for step in draft.steps)
        deal = deal_of(draft, candidate)
        seen = {**observe(candidate, disclosure, steps), **_more(draft, deal)}
        certificate = certify(catalogue.rulebook, seen, context)
        name = f"{candidate.product.id}.{terms.term_months}.{terms.method}"
        yield Answer(name, certificate.lawful, certificate, deal)


def _more(draft: Draft, deal: Deal) -> dict[str, object]:
    """Return what a quote does not measure yet."""
    more = {
        **of_vehicle(deal),
        **of_interest_subsidy(deal.interest_subsidy),
        **of_trade_in(deal.trade_in),
    }
    if draft.table != COST_TABLE:
        more["disclosure.fields"] = frozenset(ENTRIES[entry] for entry in draft.table)
    if not draft.on_page:
        more["disclosure.places"] = frozenset()
    return more


def deal_of(draft: Draft, candidate: Candidate) -> Deal:
    """Describe a plan from the draft; of the engine only its payments are taken."""
    number = int(candidate.product.id.removeprefix("product_"))
    offer = draft.offers[number]
    least_fen = -(-draft.price_fen * offer.down_payment_min_ppm // 1_000_000)
    amount_fen = draft.price_fen - max(draft.down_payment_fen, least_fen)
    on = draft.signed_on or draft.on
    nominal, effective = annual_costs(amount_fen, _monthly_fen(candidate.terms, on))
    return Deal(
        on=on,
        quoted_on=draft.on,
        lender=offer.lender_type,
        amount_fen=amount_fen,
        term_months=candidate.terms.term_months,
        nominal_cost=nominal,
        effective_cost=effective,
        kind=KINDS[offer.kind],
        online=draft.online,
        purpose=draft.purpose,
        age=draft.age,
        student=draft.student,
        second_source_agreed=draft.second_source,
        owed_fen=draft.owed_fen.get(number, 0),
        principal_at_end=candidate.terms.method in AT_END,
        entrusted=offer.entrusted,
        facilitated=offer.facilitated,
        vehicle=draft.vehicle,
        pays_for_plate=draft.pays_for_plate,
        cost_table=draft.table,
        at_checkout=draft.at_checkout,
        table_on_payment_page=draft.on_page,
        payment_firm_lists_loan=draft.at_checkout and draft.operator == "payment_institution",
        signing=draft.signed_on is not None,
        steps=draft.steps,
        interest_subsidy=draft.interest_subsidy,
        trade_in=draft.trade_in,
    )


def _monthly_fen(terms: LoanTerms, start: date) -> list[int]:
    """Return what is paid after one month, after two, and so on."""
    paid_fen = [0] * terms.term_months
    for row in terms.schedule_from(start):
        due = row.due_date
        months = (due.year - start.year) * 12 + due.month - start.month
        paid_fen[months - 1] += row.payment_fen
    return paid_fen


def said(law: Catalogue, draft: Draft) -> tuple[Catalogue, Purchase, Borrower]:
    """Say a draft in the engine's types, under the law of `law`; each offer has its own lender."""
    lenders = {f"lender_{n}": _lender(n, offer) for n, offer in enumerate(draft.offers)}
    products = {f"product_{n}": _product(n, offer) for n, offer in enumerate(draft.offers)}
    scenario, merchant = _shop(draft, tuple(lenders))
    catalogue = replace(
        law,
        lenders=lenders,
        products=products,
        merchants={"shop": merchant},
        scenarios={"scene": scenario},
    )
    purchase = Purchase(
        merchant=merchant,
        good=merchant.goods[0],
        scenario=scenario,
        quoted_on=draft.on,
        down_payment_fen=draft.down_payment_fen,
        channel="online" if draft.online else "branch",
        at_checkout=draft.at_checkout,
        payment_page_operator=draft.operator,
    )
    borrower = Borrower(
        age_years=draft.age,
        student=draft.student,
        second_repayment_source=draft.second_source,
        live_credit_fen={f"lender_{n}": owed for n, owed in draft.owed_fen.items()},
    )
    return catalogue, purchase, borrower


def _shop(draft: Draft, lenders: tuple[str, ...]) -> tuple[Scenario, Merchant]:
    scenario = Scenario(
        id="scene",
        zh="场景（虚构）",
        en="Scene (fictional)",
        purpose=PURPOSES[draft.purpose],
        category="appliance",
        paid="at_once",
    )
    good = Good(
        sku="SKU-1",
        zh="商品（虚构）",
        en="Good (fictional)",
        scenario="scene",
        price_fen=draft.price_fen,
    )
    merchant = Merchant(
        id="shop",
        zh="商家（虚构）",
        en="Shop (fictional)",
        region=REGION,
        rail_account="acct:shop",
        lenders=lenders,
        goods=(good,),
    )
    return scenario, merchant


def _lender(number: int, offer: Offer) -> Lender:
    return Lender.model_validate(
        {
            "id": f"lender_{number}",
            "zh": f"机构{number}（虚构）",
            "en": f"Lender {number} (fictional)",
            "lender_type": offer.lender_type,
            "region": REGION,
            "rail_account": f"acct:lender_{number}",
            "decision_policy": "none",
            "house": HOUSE,
        }
    )


def _product(number: int, offer: Offer) -> Product:
    longest = max(offer.terms_months)
    return Product.model_validate(
        {
            "id": f"product_{number}",
            "zh": f"产品{number}（虚构）",
            "en": f"Product {number} (fictional)",
            "lender": f"lender_{number}",
            "kind": offer.kind,
            "scenarios": ("scene",),
            "effective_from": date(2000, 1, 1),
            "amount_min_fen": 0,
            "amount_max_fen": MAX_FEN,
            "down_payment_min_ppm": offer.down_payment_min_ppm,
            "terms_months": offer.terms_months,
            "methods": offer.methods,
            "prices": (Price(up_to_months=longest, rate_ppm=offer.rate_ppm),),
            "entrusted_payment": offer.entrusted,
            "facilitated": offer.facilitated,
            "day_count": offer.day_count,
            "rounding": "half_up",
            "instalment_rounding": "half_up",
            "remainder": "last",
            "penalty_markup_ppm": 500_000,
            "penalty_day_count": "act/360",
            "grace_days": 0,
        }
    )
