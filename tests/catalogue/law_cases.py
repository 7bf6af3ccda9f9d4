"""Where the law draws its lines: one row a boundary, written from the sources, not from the packs.

Each row names a rule, who lends and when, what was observed, and what must come of it. Figures
and dates are those of the published instruments (see the packs for the sources).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sanshi.catalogue.rulebook import Context, Rulebook
from sanshi.quote.certificate import certify

YUAN = 100
PERCENT = 10_000

ATTRIBUTES: Mapping[str, bool | str] = {
    "channel": "online",
    "purpose": "consumption",
    "category": "appliance",
    "method": "equal_instalment",
    "at_checkout": True,
    "payment_page_operator": "merchant",
    "facilitated": False,
    "student": False,
}

CAR: Mapping[str, bool | str] = {
    "purpose": "car_purchase",
    "category": "car",
    "energy": "ice",
    "vehicle_use": "private",
    "vehicle_state": "new",
    "at_checkout": False,
    "channel": "branch",
}

OBSERVED: Mapping[str, object] = {
    "borrower.age_years": 30,
    "borrower.student": False,
    "borrower.second_repayment_source": False,
    "purchase.purpose": "consumption",
    "borrower.internet_consumer_balance_fen": 5_000 * YUAN,
    "borrower.credit_balance_fen": 5_000 * YUAN,
    "loan.term_months": 12,
    "loan.over_one_month": True,
    "loan.self_paid_draw_fen": 0,
    "loan.ltv_ppm": 50 * PERCENT,
    "loan.finances_plate": False,
    "cost.nominal_ppm": 6 * PERCENT,
    "cost.effective_ppm": 61_678,
    "disclosure.fields": frozenset(
        {
            "principal",
            "cost_items",
            "annualised_cost",
            "contingent_items",
            "nothing_else_statement",
        }
    ),
    "disclosure.places": frozenset({"payment_page"}),
    "confirmation.steps": frozenset(
        {"pop_up", "reading_time", "confirmed_before_contract", "signed_before_contract"}
    ),
    "payment_page.lists_loans": False,
    "dealer.commission_ppm": 3 * PERCENT,
    "fiscal_subsidy.claimed": False,
    "trade_in.scheme": "none",
}

CLAIM: Mapping[str, object] = {
    "fiscal_subsidy.claimed": True,
    "fiscal_subsidy.product": "personal_consumption_loan",
    "fiscal_subsidy.rate_ppm": PERCENT,
    "fiscal_subsidy.share_ppm": 20 * PERCENT,
    "fiscal_subsidy.granted_fen": 50 * YUAN,
    "fiscal_subsidy.transaction_fen": 50 * YUAN,
    "fiscal_subsidy.small_tickets_fen": 50 * YUAN,
    "fiscal_subsidy.base_fen": 5_000 * YUAN,
    "fiscal_subsidy.large_ticket": False,
    "fiscal_subsidy.field": "electronics",
    "lender.listed": True,
    "lender.rating": "2A",
}

TRADE_IN: Mapping[str, object] = {
    "trade_in.scheme": "appliance",
    "trade_in.tier": "grade1",
    "trade_in.goods": "refrigerator",
    "trade_in.amount_fen": 100 * YUAN,
    "trade_in.share_ppm": 2 * PERCENT,
    "trade_in.price_fen": 5_000 * YUAN,
    "trade_in.items_in_category": 1,
    "trade_in.cars_this_year": 1,
}


@dataclass(frozen=True)
class Case:
    """One row. `expected` is a result, a kind without a value, or None: the rule is silent."""

    rule: str
    lender: str
    on: str
    observed: Mapping[str, object]
    expected: str | None
    attributes: Mapping[str, bool | str] = field(default_factory=dict)
    more: Mapping[str, Any] = field(default_factory=dict)

    @property
    def name(self) -> str:
        seen = ",".join(f"{k.rpartition('.')[2]}={_short(v)}" for k, v in self.observed.items())
        return f"{self.rule}|{self.lender}|{self.on}|{seen}|{self.expected}"

    def context(self) -> Context:
        settings: dict[str, Any] = {
            "quote_date": date.fromisoformat(self.on),
            "lender_type": self.lender,
            "product_kind": "instalment_loan",
            "region": "CN-SH",
            "attributes": {**ATTRIBUTES, **self.attributes},
        }
        return Context(**{**settings, **self.more})

    def outcome(self, rulebook: Rulebook) -> str | None:
        certificate = certify(rulebook, {**OBSERVED, **self.observed}, self.context())
        for finding in certificate.findings:
            if finding.rule_id == self.rule:
                kind = finding.active.kind
                return kind if kind in {"lapsed", "not_yet"} else finding.result
        return None


def _short(value: object) -> str:
    return f"{len(value)}of" if isinstance(value, frozenset) else str(value)


def edge(
    rule: str,
    lender: str,
    on: str,
    observable: str,
    values: tuple[object, object],
    *,
    bad: str = "fail",
    attributes: Mapping[str, bool | str] | None = None,
    observed: Mapping[str, object] | None = None,
    **more: object,
) -> Iterator[Case]:
    """Two rows: of `values`, the last one that keeps a rule and the first that breaks it."""
    for value, expected in zip(values, ("pass", bad), strict=True):
        seen = {**(observed or {}), observable: value}
        yield Case(rule, lender, on, seen, expected, attributes or {}, more)
