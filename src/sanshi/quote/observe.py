"""What a certificate looks at: the plan as measured, and the context it stands in."""

from __future__ import annotations

from datetime import date

from sanshi.catalogue.rulebook import Context
from sanshi.catalogue.rules import Stage
from sanshi.quote.benefits import Subsidy, claims_observed
from sanshi.quote.cars import good_attributes, observe_car
from sanshi.quote.certificate import Observed
from sanshi.quote.disclosure import Disclosure
from sanshi.quote.purchase import Candidate


def context_of(
    candidate: Candidate,
    stage: Stage = "quote",
    *,
    signed_on: date | None = None,
    disbursed_on: date | None = None,
) -> Context:
    """Return everything but the plan that decides which rules bind.

    The days of signing and paying out are those of this very loan, as far as they are known:
    a value that is grandfathered is read on the day of signing for ever after.
    """
    purchase, product = candidate.purchase, candidate.product
    attributes: dict[str, bool | str] = {
        **good_attributes(purchase),
        "channel": purchase.loan_channel,
        "purpose": purchase.scenario.purpose,
        "category": purchase.scenario.category,
        "method": candidate.terms.method,
        "at_checkout": purchase.on_payment_page,
        "payment_page_operator": purchase.payment_page_operator,
        "facilitated": product.facilitated,
        "student": candidate.borrower.student,
    }
    return Context(
        quote_date=purchase.quoted_on,
        lender_type=candidate.lender.lender_type,
        product_kind=product.kind,
        region=purchase.merchant.region,
        attributes=attributes,
        house_values=candidate.lender.house.values,
        stage=stage,
        sign_date=signed_on,
        disburse_date=disbursed_on,
    )


def observe(
    candidate: Candidate,
    disclosure: Disclosure,
    confirmation_steps: frozenset[str] = frozenset(),
    subsidy: Subsidy | None = None,
) -> Observed:
    """Measure a plan. What is not known is left out, so that a rule that needs it fails closed."""
    purchase, borrower, terms = candidate.purchase, candidate.borrower, candidate.terms
    before_fen = borrower.live_credit_fen.get(candidate.lender.id, 0)
    with_this_fen = before_fen + terms.principal_fen
    seen: dict[str, object] = {
        "borrower.age_years": borrower.age_years,
        "borrower.student": borrower.student,
        "borrower.second_repayment_source": borrower.second_repayment_source,
        "purchase.purpose": purchase.scenario.purpose,
        "borrower.internet_consumer_balance_fen": with_this_fen,
        "borrower.credit_balance_fen": with_this_fen,
        "loan.term_months": terms.term_months,
        "loan.over_one_month": terms.term_months > 1,
        "loan.self_paid_draw_fen": 0
        if candidate.product.entrusted_payment
        else terms.principal_fen,
        "cost.nominal_ppm": disclosure.cap_nominal_ppm,
        "cost.effective_ppm": disclosure.cap_effective_ppm,
        "disclosure.fields": disclosure.fields(),
        "disclosure.places": frozenset({"payment_page"} if purchase.on_payment_page else ()),
        "payment_page.lists_loans": purchase.on_payment_page,
        "confirmation.steps": confirmation_steps,
        **claims_observed(candidate, subsidy),
        **observe_car(candidate, candidate.stack.still_to_come_fen if candidate.stack else 0),
    }
    return {name: value for name, value in seen.items() if value is not None}
