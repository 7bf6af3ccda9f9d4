"""What a document says must be true of its own figures; otherwise it is not written."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from sanshi.documents.values import ContractValues, DisclosureValues, Plan, Value
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
        plan.price_fen == plan.down_payment_fen + plan.principal_fen,
        code,
        "Down payment and loan are not the price.",
        "plan.price_fen",
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
