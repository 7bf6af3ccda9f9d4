"""What a document says must be true of its own figures; otherwise it is not written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import pairwise

from sanshi.documents.values import BenefitLine, ContractValues, DisclosureValues, Plan, Value
from sanshi.kernel.errors import ImpossibleError

Claim = tuple[bool, str, str, str]
"""(holds, code, what is wrong otherwise, field)."""


def check_claims(document: Value) -> None:
    """Raise ImpossibleError on the first claim of a document that its figures contradict."""
    for holds, code, message, field in _claims(document):
        if not holds:
            raise ImpossibleError(
                f"document.{code}",
                message,
                field=field,
                fix="Make the plan anew; a document never states what is not so.",
            )


def _claims(document: Value) -> Iterator[Claim]:
    if isinstance(document, DisclosureValues):
        yield from _cost_claims(document.plan)
        yield from _sum_claims(document.plan)
        yield from _term_claims(document.plan)
        yield from _name_claims(document)
        yield from _same_deal_claims(document)
    if isinstance(document, ContractValues):
        lawful = document.certificate.lawful and all(
            finding.result != "fail" for finding in document.certificate.findings
        )
        yield lawful, "unlawful", "The certificate withholds this plan.", "certificate.lawful"


def _cost_claims(plan: Plan) -> Iterator[Claim]:
    table = plan.disclosure
    at = "plan.disclosure"
    yield (
        table.nothing_else_charged,
        "other_charges",
        "More is charged than the table lists, so it cannot say that nothing else is.",
        f"{at}.nothing_else_charged",
    )
    proven = table.proven and None not in (table.cn_irr_nominal_ppm, table.effective_ppm)
    yield proven, "unproven_cost", "The annualised cost is not proven.", f"{at}.proven"
    yield (
        all(cost.amount_fen is not None for cost in table.costs),
        "cost_without_amount",
        "A cost that is always charged has no amount.",
        f"{at}.costs",
    )
    named = {cost.payee for cost in (*table.costs, *table.contingent)}
    yield (
        named == {plan.lender},
        "unknown_payee",
        f"A payee among {sorted(named)} is not the lender {plan.lender} and has no name here.",
        f"{at}.costs",
    )


def _sum_claims(plan: Plan) -> Iterator[Claim]:
    table, code = plan.disclosure, "sum"
    costs_fen = sum(cost.amount_fen or 0 for cost in table.costs)
    yield (
        table.principal_fen == plan.principal_fen == plan.terms.principal_fen,
        code,
        "The instalments do not repay exactly the principal.",
        "plan.rows",
    )
    yield (
        costs_fen == table.total_cost_fen == plan.interest_fen,
        code,
        "The costs listed are not what the instalments collect.",
        "plan.disclosure.costs",
    )
    yield (
        all(row.payment_fen == row.principal_fen + row.interest_fen for row in plan.rows),
        code,
        "An instalment is not principal plus interest.",
        "plan.rows",
    )
    yield _closes(plan), code, "The balances do not follow from the instalments.", "plan.rows"
    yield (
        plan.total_fen == plan.down_payment_fen + plan.payment_fen,
        code,
        "The total is not down payment plus instalments.",
        "plan.total_fen",
    )
    yield (
        plan.net_price_fen == plan.down_payment_fen + plan.principal_fen,
        code,
        "Down payment and loan are not the price after benefits.",
        "plan.net_price_fen",
    )
    yield from _benefit_claims(plan)


def _benefit_claims(plan: Plan) -> Iterator[Claim]:
    stack = plan.benefits
    given_fen = sum(line.amount_fen for line in stack.lines if line.reduces_price)
    yield (
        stack.price_fen == plan.price_fen
        and stack.net_price_fen == plan.net_price_fen == plan.price_fen - given_fen,
        "sum",
        "The price less what is given at the checkout is not the price after benefits.",
        "plan.benefits",
    )
    yield (
        all(line.amount_fen == sum(f.amount_fen for f in line.funded) for line in stack.lines),
        "sum",
        "A benefit is not the sum of what its funders pay.",
        "plan.benefits.lines",
    )
    yield (
        all(line.base_fen == base and line.amount_fen <= base for line, base in _bases(plan)),
        "sum",
        "A benefit is worked out on another sum than the price or interest it is about.",
        "plan.benefits.lines",
    )
    yield from _subsidy_claims(plan)


def _bases(plan: Plan) -> Iterator[tuple[BenefitLine, int]]:
    """Give each line with the sum it must be worked out on: the price so far, or the interest."""
    price_fen = plan.price_fen
    for line in plan.benefits.lines:
        on_interest = line.timing == "at_interest_settlement"
        yield line, plan.interest_fen if on_interest else price_fen
        price_fen -= line.amount_fen if line.reduces_price else 0


def _subsidy_claims(plan: Plan) -> Iterator[Claim]:
    later_fen = sum(
        line.amount_fen for line in plan.benefits.lines if line.timing == "at_interest_settlement"
    )
    table, after = plan.disclosure, plan.after_subsidy
    yield (
        (after.total_cost_fen if after else plan.interest_fen) == plan.interest_fen - later_fen
        and (after is None) == (later_fen == 0),
        "sum",
        "The cost after the interest subsidy is not the cost before it less the subsidy.",
        "plan.after_subsidy",
    )
    pairs = (
        (
            (after.cn_irr_nominal_ppm, table.cn_irr_nominal_ppm),
            (after.effective_ppm, table.effective_ppm),
        )
        if after
        else ()
    )
    yield (
        all(lower is None or (higher or 0) >= lower for lower, higher in pairs),
        "sum",
        "The annualised cost after the subsidy is higher than the one before it.",
        "plan.after_subsidy",
    )


def _name_claims(document: DisclosureValues) -> Iterator[Claim]:
    names = document.names
    for line in document.plan.benefits.lines:
        yield _named("benefits", line.benefit, names.benefits)
        for part in line.funded:
            yield _named("funders", part.funder, names.funders)


def _named(group: str, code: str, names: Mapping[str, object]) -> Claim:
    field = f"names.{group}.{code}"
    return code in names, "missing_value", f"{code} has no name in this document.", field


def _same_deal_claims(document: DisclosureValues) -> Iterator[Claim]:
    quoted, checked = document.plan.certificate, document.certificate
    yield (
        (quoted.product_kind, quoted.attributes) == (checked.product_kind, checked.attributes),
        "other_terms",
        "The certificate is about another kind of credit or purchase than the plan.",
        "certificate.product_kind",
    )
    if isinstance(document, ContractValues):
        yield (
            document.entrusted_payment or checked.product_kind != "finance_lease",
            "other_terms",
            "A lessor buys what it lets; it does not pay the lessee.",
            "entrusted_payment",
        )


def _closes(plan: Plan) -> bool:
    first, last = plan.rows[0], plan.rows[-1]
    steps = all(b.closing_fen == a.closing_fen - b.principal_fen for a, b in pairwise(plan.rows))
    opened = first.closing_fen + first.principal_fen == plan.terms.principal_fen
    return opened and steps and last.closing_fen == 0


def _term_claims(plan: Plan) -> Iterator[Claim]:
    table, terms = plan.disclosure, plan.terms
    rates = {
        "interest": terms.rate_ppm,
        "penalty_interest": terms.penalty_rate_ppm,
    }
    yield (
        all(
            cost.standard_rate_ppm == rates[cost.item] for cost in (*table.costs, *table.contingent)
        ),
        "other_terms",
        "A rate in the table is not the rate of the terms.",
        "plan.disclosure.costs",
    )
    yield (
        (table.method, table.term_months) == (terms.method, terms.term_months),
        "other_terms",
        "The table is about another method or term.",
        "plan.disclosure.method",
    )
    days = [row.due_date for row in plan.rows]
    yield (
        all(a < b for a, b in pairwise((plan.quoted_on, *days))),
        "dates_order",
        "The due dates are not in order.",
        "plan.rows",
    )
