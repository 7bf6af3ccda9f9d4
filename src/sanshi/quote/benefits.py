"""Benefits of a purchase: the stack at the checkout, and what a plan's interest may earn.

Both follow from the rules of the day and are then held against the certificate like the rest of
the plan. A benefit that is not to be had is dropped with its reason; it takes no plan along.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sanshi.benefit.figures import Law
from sanshi.benefit.interest import PRODUCT_CLASSES, Agreement, Loan, agree, foreseen
from sanshi.benefit.lines import Dropped, Line, Stack
from sanshi.benefit.stack import Sale, at_checkout, is_for
from sanshi.catalogue.benefits import Benefit
from sanshi.catalogue.catalogue import Catalogue
from sanshi.catalogue.context import Context
from sanshi.kernel import dated
from sanshi.kernel.money import PPM, div_round
from sanshi.kernel.rates import Flow, annual_rate
from sanshi.kernel.reasons import Reason
from sanshi.kernel.schedules import NO_INTEREST, Instalment, Interest
from sanshi.quote.purchase import Borrower, Candidate, Purchase
from sanshi.quote.terms import LoanTerms


@dataclass(frozen=True, slots=True)
class Subsidy:
    """What a plan's interest may earn if all goes as agreed: never in its headline."""

    agreement: Agreement
    by_row: tuple[int, ...]
    taken_fen: int

    @property
    def foreseen_fen(self) -> int:
        """All of it."""
        return sum(self.by_row)

    def line(self, interest_fen: int) -> Line:
        """Return it as a line of the plan."""
        return Line(
            benefit=self.agreement.benefit,
            kind="interest_subsidy",
            timing="at_interest_settlement",
            certainty="conditional",
            base_fen=interest_fen,
            amount_fen=self.foreseen_fen,
            funded=self.agreement.funded(self.foreseen_fen),
        )


def checkout_stack(catalogue: Catalogue, purchase: Purchase, borrower: Borrower) -> Stack:
    """Return what lowers the price, however it is paid."""
    context = Context(
        quote_date=purchase.quoted_on,
        lender_type="merchant",
        product_kind="instalment_loan",
        region=purchase.merchant.region,
    )
    law = Law(catalogue.rulebook, context)
    sale = Sale(purchase.good, purchase.merchant.id, borrower.holder)
    return at_checkout(law, catalogue.benefits.values(), sale)


def subsidy_of(
    catalogue: Catalogue, candidate: Candidate, context: Context, rows: tuple[Instalment, ...]
) -> Subsidy | Dropped | None:
    """Return what this plan's interest may earn; None where no subsidy is meant for it."""
    benefit = interest_benefit(catalogue, candidate)
    if benefit is None:
        return None
    agreement = agreement_of(catalogue, benefit, candidate, context)
    if isinstance(agreement, Reason):
        return Dropped(benefit.id, agreement)
    taken = candidate.borrower.subsidy_taken_fen
    by_row = foreseen(agreement, _counted(candidate.terms, rows, agreement.last_day), taken)
    if not any(by_row):
        return Dropped(benefit.id, Reason("benefit.nothing", {}))
    before = [taken.get(one.account, 0) for one in agreement.limits if one.per == "borrower"]
    return Subsidy(agreement, by_row, max(before, default=0))


def interest_benefit(catalogue: Catalogue, candidate: Candidate) -> Benefit | None:
    """Return the interest subsidy meant for this product and good."""
    sale = Sale(candidate.purchase.good, candidate.purchase.merchant.id)
    meant = (
        benefit
        for benefit in catalogue.benefits.values()
        if benefit.kind == "interest_subsidy"
        and candidate.product.id in benefit.products
        and is_for(benefit, sale)
    )
    return next(meant, None)


def agreement_of(
    catalogue: Catalogue, benefit: Benefit, candidate: Candidate, context: Context
) -> Agreement | Reason:
    """Return what a loan may earn if its money is spent on the context's day of spending."""
    law = Law(catalogue.rulebook, context)
    if not dated.covers(benefit, law.day):
        return Reason("benefit.lapsed", {"to": str(benefit.effective_to)})
    loan = Loan(
        lender=candidate.lender,
        product_kind=candidate.product.kind,
        principal_fen=candidate.terms.principal_fen,
        rate_ppm=candidate.terms.rate_ppm,
        field=candidate.purchase.scenario.consumption_field or "",
    )
    return agree(law, benefit, loan)


def _counted(terms: LoanTerms, rows: tuple[Instalment, ...], last_day: date) -> Iterator[Interest]:
    """Return the interest of each period that counts: up to and including the last day."""
    end = last_day + timedelta(days=1) if last_day < date.max else last_day
    anchor = terms.due_day or max(row.due_date.day for row in rows)
    for row in rows:
        if row.due_date <= end:
            yield Interest(row.interest_fen, 1)
        elif row.start_date < end:
            yield Interest.over(
                row.opening_fen,
                terms.rate_ppm,
                row.start_date,
                end,
                terms.day_count,
                anchor_day=anchor,
            )
        else:
            yield NO_INTEREST


def claims_observed(candidate: Candidate, subsidy: Subsidy | None) -> dict[str, object]:
    """Measure what a plan claims of public money, for its certificate."""
    seen: dict[str, object] = {"fiscal_subsidy.claimed": subsidy is not None}
    trade_in = candidate.stack.trade_in if candidate.stack else None
    seen["trade_in.scheme"] = trade_in.scheme if trade_in else "none"
    if trade_in is not None:
        seen |= {
            "trade_in.tier": trade_in.tier,
            "trade_in.goods": trade_in.category,
            "trade_in.amount_fen": trade_in.amount_fen,
            "trade_in.share_ppm": div_round(trade_in.amount_fen * PPM, trade_in.base_fen, "up"),
            "trade_in.price_fen": trade_in.base_fen,
            "trade_in.items_in_category": trade_in.use,
            "trade_in.cars_this_year": trade_in.use,
        }
    if subsidy is not None:
        seen |= _subsidy_observed(candidate, subsidy)
    return seen


def _subsidy_observed(candidate: Candidate, subsidy: Subsidy) -> dict[str, object]:
    agreement = subsidy.agreement
    small = [limit.account for limit in agreement.limits if limit.per == "small_tickets"]
    taken = candidate.borrower.subsidy_taken_fen
    before_small = sum(taken.get(account, 0) for account in small)
    return {
        "fiscal_subsidy.product": PRODUCT_CLASSES.get(candidate.product.kind, "none"),
        "fiscal_subsidy.rate_ppm": agreement.rate_ppm,
        "fiscal_subsidy.share_ppm": div_round(
            agreement.rate_ppm * PPM, agreement.contract_rate_ppm, "up"
        ),
        "fiscal_subsidy.granted_fen": subsidy.taken_fen + subsidy.foreseen_fen,
        "fiscal_subsidy.transaction_fen": subsidy.foreseen_fen,
        "fiscal_subsidy.small_tickets_fen": before_small
        + (0 if agreement.large_ticket else subsidy.foreseen_fen),
        "fiscal_subsidy.base_fen": agreement.base_fen,
        "fiscal_subsidy.large_ticket": agreement.large_ticket,
        "fiscal_subsidy.field": candidate.purchase.scenario.consumption_field or "none",
        "lender.listed": candidate.lender.on_subsidy_list,
        "lender.rating": candidate.lender.supervisory_rating,
    }


def after_subsidy(rows: tuple[Instalment, ...], subsidy: Subsidy | None) -> dict[str, Any] | None:
    """Return the cost with the subsidy, to stand beside the cost before it; None without one."""
    if subsidy is None:
        return None
    flows = [Flow(rows[0].start_date, rows[0].opening_fen)]
    for row, given_fen in zip(rows, subsidy.by_row, strict=True):
        flows.append(Flow(row.due_date, given_fen - row.payment_fen))
    rate = annual_rate(flows)
    return {
        "total_cost_fen": sum(row.interest_fen for row in rows) - subsidy.foreseen_fen,
        "cn_irr_nominal_ppm": rate.cn_irr_nominal_ppm if rate.proven else None,
        "effective_ppm": rate.effective_ppm if rate.proven else None,
    }
