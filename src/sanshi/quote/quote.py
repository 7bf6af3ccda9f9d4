"""Quote: every lawful plan for a purchase, beside paying in full. Nothing is preselected."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product as pairs
from typing import Any

from sanshi.benefit.lines import Dropped, Stack
from sanshi.catalogue.catalogue import Catalogue
from sanshi.catalogue.products import Product
from sanshi.kernel import dated
from sanshi.kernel.errors import InputError
from sanshi.kernel.money import PPM, div_round
from sanshi.kernel.rates import Flow, annual_rate
from sanshi.kernel.schedules import Instalment, Method
from sanshi.quote.affordability import affordability
from sanshi.quote.benefits import Subsidy, after_subsidy, checkout_stack, subsidy_of
from sanshi.quote.certificate import certify
from sanshi.quote.disclosure import Disclosure, disclose
from sanshi.quote.observe import context_of, observe
from sanshi.quote.plan import Plan, Withheld, three_fits
from sanshi.quote.purchase import Borrower, Candidate, Purchase
from sanshi.quote.terms import LoanTerms


@dataclass(frozen=True, slots=True)
class Quote:
    """The answer to one purchase: lawful plans, withheld ones with reasons, and cash."""

    purchase: Purchase
    plans: tuple[Plan, ...]
    withheld: tuple[Withheld, ...]
    pack_hash: str
    benefits: Stack

    @property
    def best_with_credit(self) -> Plan | None:
        """The plan that costs least in all; of equals the shorter one."""
        return min(self.plans, key=lambda p: (p.total_fen, p.terms.term_months), default=None)

    def as_json(self) -> dict[str, Any]:
        """Return the stored form."""
        best = self.best_with_credit
        purchase = self.purchase
        return {
            "merchant": purchase.merchant.id,
            "sku": purchase.good.sku,
            "scenario": purchase.scenario.id,
            "price_fen": purchase.good.price_fen,
            "net_price_fen": self.benefits.net_price_fen,
            "benefits": self.benefits.as_json(),
            "down_payment_fen": purchase.down_payment_fen,
            "quoted_on": purchase.quoted_on.isoformat(),
            "pack_hash": self.pack_hash,
            "plans": [plan.as_json() for plan in self.plans],
            "withheld": [plan.as_json() for plan in self.withheld],
            "best": {
                "with_credit": best.key if best else None,
                "without_credit": {"total_fen": self.benefits.net_price_fen},
            },
        }


def make_quote(catalogue: Catalogue, purchase: Purchase, borrower: Borrower) -> Quote:
    """Work out every plan that the merchant's lenders have for this purchase."""
    stack = checkout_stack(catalogue, purchase, borrower)
    made = [plan_of(catalogue, one) for one in candidates(catalogue, purchase, borrower, stack)]
    return Quote(
        purchase,
        tuple(plan for plan in made if isinstance(plan, Plan)),
        tuple(plan for plan in made if isinstance(plan, Withheld)),
        catalogue.pack_hash,
        stack,
    )


def candidates(
    catalogue: Catalogue, purchase: Purchase, borrower: Borrower, stack: Stack | None = None
) -> Iterator[Candidate]:
    """Return every product, term and method on sale for this scene at this merchant.

    `stack` is what lowers the price, if it is known already.
    """
    stack = stack or checkout_stack(catalogue, purchase, borrower)
    _must_leave_something(purchase, stack)
    for product in catalogue.products.values():
        fits = purchase.scenario.id in product.scenarios
        sold_here = product.lender in purchase.merchant.lenders
        if not (fits and sold_here and dated.covers(product, purchase.quoted_on)):
            continue
        down_fen = down_payment_fen(purchase, product, stack.net_price_fen)
        principal_fen = stack.net_price_fen - down_fen
        for term_months, method in pairs(product.terms_months, product.methods):
            terms = terms_of(catalogue, product, principal_fen, term_months, method)
            if terms is not None:
                lender = catalogue.lenders[product.lender]
                yield Candidate(purchase, borrower, lender, product, terms, stack)


def _must_leave_something(purchase: Purchase, stack: Stack) -> None:
    if purchase.down_payment_fen and purchase.down_payment_fen >= stack.net_price_fen:
        raise InputError(
            "quote.down_payment",
            f"A down payment of {purchase.down_payment_fen} fen does not leave a part of the "
            f"{stack.net_price_fen} fen that remain after benefits to lend.",
            field="down_payment_fen",
            fix="Send less than the price after benefits, or choose to pay in full.",
        )


def down_payment_fen(purchase: Purchase, product: Product, net_price_fen: int) -> int:
    """Return what is paid at once: what the buyer offers, at least what the product asks."""
    least_fen = div_round(net_price_fen * product.down_payment_min_ppm, PPM, "up")
    return max(purchase.down_payment_fen, least_fen)


def terms_of(
    catalogue: Catalogue, product: Product, principal_fen: int, term_months: int, method: Method
) -> LoanTerms | None:
    """Return the terms of a product for an amount, or None where it has none to offer."""
    rate_ppm = product.rate_ppm(term_months)
    if (
        rate_ppm is None
        or not max(product.amount_min_fen, 1) <= principal_fen <= product.amount_max_fen
    ):
        return None
    return LoanTerms(
        entity=product.lender,
        principal_fen=principal_fen,
        rate_ppm=rate_ppm,
        method=method,
        term_months=term_months,
        due_day=product.due_day,
        day_count=product.day_count,
        rounding=product.rounding,
        instalment_rounding=product.instalment_rounding,
        remainder=product.remainder,
        penalty_markup_ppm=product.penalty_markup_ppm,
        penalty_day_count=product.penalty_day_count,
        grace_days=product.grace_days,
        pack_hash=catalogue.pack_hash,
    )


def plan_of(catalogue: Catalogue, candidate: Candidate) -> Plan | Withheld:
    """Work out one candidate: schedule, cost, certificate; withheld if a blocking rule fails."""
    purchase, product, terms = candidate.purchase, candidate.product, candidate.terms
    rows = terms.schedule_from(purchase.quoted_on)
    disclosure = costs_of(product, terms, rows)
    context = context_of(candidate)
    subsidy = subsidy_of(catalogue, candidate, context, rows)
    claimed = subsidy if isinstance(subsidy, Subsidy) else None
    observed = observe(candidate, disclosure, subsidy=claimed)
    certificate = certify(catalogue.rulebook, observed, context)
    key = f"{product.id}.{terms.term_months}.{terms.method}"
    if not certificate.lawful:
        return Withheld(key, product.id, product.lender, certificate)
    largest_fen = max(row.payment_fen for row in rows)
    affordable = affordability(candidate.borrower, largest_fen, terms.principal_fen)
    stack = _with_subsidy(candidate, subsidy, disclosure.total_cost_fen)
    return Plan(
        key=key,
        product=product.id,
        lender=product.lender,
        price_fen=purchase.good.price_fen,
        down_payment_fen=candidate.net_price_fen - terms.principal_fen,
        terms=terms,
        rows=rows,
        disclosure=disclosure,
        affordability=affordable,
        certificate=certificate,
        fits=three_fits(
            disclosure,
            affordable,
            certificate,
            stack=stack,
            live_loans=candidate.borrower.live_loans,
            lpr_1y_ppm=catalogue.lpr_ppm("1y", purchase.quoted_on),
        ),
        benefits=stack,
        after_subsidy=after_subsidy(rows, claimed),
    )


def _with_subsidy(
    candidate: Candidate, subsidy: Subsidy | Dropped | None, interest_fen: int
) -> Stack:
    stack = candidate.stack or Stack(candidate.purchase.good.price_fen)
    if subsidy is None:
        return stack
    if isinstance(subsidy, Dropped):
        return stack.with_more((), (subsidy,))
    return stack.with_more((subsidy.line(interest_fen),), ())


def costs_of(product: Product, terms: LoanTerms, rows: tuple[Instalment, ...]) -> Disclosure:
    """Return the cost table of a schedule, with its annual rate proven."""
    return disclose(product, terms, rows, annual_rate(flows_of(terms.principal_fen, rows)))


def flows_of(principal_fen: int, rows: tuple[Instalment, ...]) -> tuple[Flow, ...]:
    """Return the borrower's cash flows: principal in, instalments out."""
    return (
        Flow(rows[0].start_date, principal_fen),
        *(Flow(row.due_date, -row.payment_fen) for row in rows),
    )
