"""Put an invented purchase to the engine, and describe what it answered to the oracle."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date

from peers.law.costs import annual_costs
from peers.law.deals import (
    CARD,
    CARD_INSTALMENT,
    LEASE,
    LOAN,
    PLATE,
    Deal,
    InterestSubsidy,
    TradeIn,
    Vehicle,
)
from quote.drafts import Draft, Offer
from quote.earnings import Earned, claim_of
from quote.shops import category, said
from sanshi.benefit.lines import Line, Stack
from sanshi.catalogue.catalogue import Catalogue
from sanshi.quote.bundle import make_bundle
from sanshi.quote.certificate import Certificate
from sanshi.quote.plan import Plan, Withheld
from sanshi.quote.purchase import Candidate
from sanshi.quote.quote import Quote, candidates, make_quote
from sanshi.quote.terms import LoanTerms

KINDS = {
    "instalment_loan": LOAN,
    "credit_line": LOAN,
    "card_instalment": CARD_INSTALMENT,
    "card_account": CARD,
    "finance_lease": LEASE,
}
AT_END = frozenset({"interest_only", "bullet"})


@dataclass(frozen=True, slots=True)
class Answer:
    """One plan, offered or withheld, with what the oracle is told of it.

    `part` is the draft of its good: of a bundle the car or the plate. `stack` is what lowers the
    price, with what comes with the plan itself if it is offered.
    """

    name: str
    made: Plan | Withheld
    deal: Deal
    part: Draft
    candidate: Candidate
    stack: Stack

    @property
    def offered(self) -> bool:
        """Whether it is a plan."""
        return isinstance(self.made, Plan)

    @property
    def certificate(self) -> Certificate:
        """What the engine found."""
        return self.made.certificate

    @property
    def offer(self) -> Offer:
        """Whose plan it is."""
        return self.part.offers[number_of(self.candidate)]


def answers(law: Catalogue, draft: Draft) -> tuple[Answer, ...]:
    """Return every plan of a purchase's quote; of a car and a plate, of their bundle."""
    catalogue, purchases, borrower = said(law, draft)
    quotes: tuple[Quote, ...]
    if len(purchases) > 1:
        quotes = make_bundle(catalogue, purchases, borrower).quotes
    else:
        quotes = (make_quote(catalogue, purchases[0], borrower),)
    found: list[Answer] = []
    for part, quote in zip(parts(draft), quotes, strict=True):
        lent_fen = {number_of(a.candidate): a.deal.amount_fen for a in found if a.offered}
        owing = replace(part, owed_fen=_sum(part.owed_fen, lent_fen))
        whole: tuple[Plan | Withheld, ...] = (*quote.plans, *quote.withheld)
        made = {plan.key: plan for plan in whole}
        for one in candidates(catalogue, quote.purchase, borrower, quote.benefits):
            plan = made.pop(key_of(one))
            stack = plan.benefits if isinstance(plan, Plan) else quote.benefits
            deal = deal_of(owing, one, stack)
            name = f"{one.purchase.good.sku} {plan.key}"
            found.append(Answer(name, plan, deal, owing, one, stack))
        assert not made, "every plan of a quote is a candidate"
    return tuple(found)


def parts(draft: Draft) -> Iterator[Draft]:
    """Give the drafts of the goods bought together, in order."""
    yield draft
    if draft.plate_fen is not None:
        yield replace(
            draft,
            price_fen=draft.plate_fen,
            down_payment_fen=0,
            purpose=PLATE,
            plate_in_price=False,
        )


def _sum(owed_fen: Mapping[int, int], lent_fen: Mapping[int, int]) -> dict[int, int]:
    return {n: owed_fen.get(n, 0) + lent_fen.get(n, 0) for n in {*owed_fen, *lent_fen}}


def key_of(candidate: Candidate) -> str:
    """Return the key of its plan."""
    terms = candidate.terms
    return f"{candidate.product.id}.{terms.term_months}.{terms.method}"


def number_of(candidate: Candidate) -> int:
    """Return which offer of the draft it is."""
    return int(candidate.product.id.removeprefix("product_"))


def deal_of(draft: Draft, candidate: Candidate, stack: Stack) -> Deal:
    """Describe a plan from the draft; of the engine only payments and amounts given are taken."""
    number = number_of(candidate)
    offer = draft.offers[number]
    held = next((line for line in trade_ins(stack) if line.reduces_price), None)
    net_fen = draft.discounted_fen - (held.amount_fen if held else 0)
    least_fen = -(-net_fen * offer.down_payment_min_ppm // 1_000_000)
    amount_fen = net_fen - max(draft.down_payment_fen, least_fen)
    nominal, effective = annual_costs(amount_fen, monthly_fen(candidate.terms, draft.on))
    deal = Deal(
        on=draft.on,
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
        vehicle=_vehicle(draft, net_fen),
        pays_for_plate=draft.purpose == PLATE or draft.plate_in_price,
        at_checkout=draft.at_checkout,
        payment_firm_lists_loan=draft.at_checkout and draft.operator == "payment_institution",
        trade_in=swapped(draft, held.amount_fen) if held else None,
    )
    return replace(deal, interest_subsidy=_interest(draft, candidate, deal, stack))


def trade_ins(stack: Stack) -> list[Line]:
    """Return the lines of trade-in schemes, held or not."""
    return [line for line in stack.lines if line.kind == "trade_in"]


def swapped(draft: Draft, amount_fen: int) -> TradeIn | None:
    """Describe a claim for the good of a draft: on the price after every other discount."""
    swap = draft.swap
    if swap is None:
        return None
    return TradeIn(
        scheme=swap.scheme,
        tier=swap.tier,
        amount_fen=amount_fen,
        price_fen=draft.discounted_fen,
        items_in_category=draft.this_use,
        cars_this_year=draft.this_use,
        goods=category(swap),
    )


def _interest(
    draft: Draft, candidate: Candidate, deal: Deal, stack: Stack
) -> InterestSubsidy | None:
    """Describe what a plan foresees of the interest subsidy, if it does."""
    foreseen = [line for line in stack.lines if line.kind == "interest_subsidy"]
    if not foreseen:
        return None
    number = number_of(candidate)
    earned = Earned.of(draft, draft.offers[number], deal, candidate.terms.schedule_from(draft.on))
    return claim_of(draft, number, earned, foreseen[0].amount_fen)


def _vehicle(draft: Draft, net_fen: int) -> Vehicle | None:
    """Describe the car: its price without subsidies, or what it is listed or valued at if less."""
    car = draft.car
    if car is None:
        return None
    known_fen = (net_fen, car.list_price_fen, car.valuation_fen)
    basis_fen = min(fen for fen in known_fen if fen is not None)
    return Vehicle(car.energy, car.private, car.new, basis_fen, car.own_limit_percent)


def monthly_fen(terms: LoanTerms, start: date) -> list[int]:
    """Return what is paid after one month, after two, and so on."""
    paid_fen = [0] * terms.term_months
    for row in terms.schedule_from(start):
        due = row.due_date
        months = (due.year - start.year) * 12 + due.month - start.month
        paid_fen[months - 1] += row.payment_fen
    return paid_fen
