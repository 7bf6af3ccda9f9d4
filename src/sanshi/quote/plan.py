"""A plan: one way to pay for a purchase, with everything a person needs to judge it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sanshi.benefit.lines import Stack
from sanshi.kernel.money import PPM, div_round
from sanshi.kernel.schedules import Instalment
from sanshi.quote.affordability import Affordability
from sanshi.quote.certificate import Certificate
from sanshi.quote.disclosure import Disclosure
from sanshi.quote.terms import LoanTerms


@dataclass(frozen=True, slots=True)
class Plan:
    """A lawful plan. `key` is unique within its quote: product.term.method.

    `price_fen` is the price before benefits; `after_subsidy` is the cost once a third party's
    interest subsidy has come, which stands beside the cost before it and never replaces it.

    `rows` assume that the money goes out on the day of the quote; the loan's own schedule
    follows from the day it really does.
    """

    key: str
    product: str
    lender: str
    price_fen: int
    down_payment_fen: int
    terms: LoanTerms
    rows: tuple[Instalment, ...]
    disclosure: Disclosure
    affordability: Affordability
    certificate: Certificate
    fits: Mapping[str, Any]
    benefits: Stack
    after_subsidy: Mapping[str, Any] | None = None

    @property
    def total_fen(self) -> int:
        """What the buyer pays in all: down payment, principal and every cost."""
        return self.down_payment_fen + sum(row.payment_fen for row in self.rows)

    def as_json(self) -> dict[str, Any]:
        """Return the stored form."""
        return {
            "key": self.key,
            "product": self.product,
            "lender": self.lender,
            "price_fen": self.price_fen,
            "net_price_fen": self.benefits.net_price_fen,
            "down_payment_fen": self.down_payment_fen,
            "total_fen": self.total_fen,
            "terms": self.terms.as_json(),
            "rows": [row_json(row) for row in self.rows],
            "disclosure": self.disclosure.as_json(),
            "affordability": self.affordability.as_json(),
            "certificate": self.certificate.as_json(),
            "fits": dict(self.fits),
            "benefits": self.benefits.as_json(),
            "after_subsidy": dict(self.after_subsidy) if self.after_subsidy else None,
        }


@dataclass(frozen=True, slots=True)
class Withheld:
    """A plan that may not be offered, and the certificate that says which rule and why."""

    key: str
    product: str
    lender: str
    certificate: Certificate

    def as_json(self) -> dict[str, Any]:
        """Return the stored form."""
        return {
            "key": self.key,
            "product": self.product,
            "lender": self.lender,
            "certificate": self.certificate.as_json(),
        }


def row_json(row: Instalment) -> dict[str, Any]:
    """Return the stored form of an instalment."""
    return {
        "number": row.number,
        "due_date": row.due_date.isoformat(),
        "principal_fen": row.principal_fen,
        "interest_fen": row.interest_fen,
        "payment_fen": row.payment_fen,
        "closing_fen": row.closing_fen,
    }


def three_fits(
    disclosure: Disclosure,
    affordable: Affordability,
    certificate: Certificate,
    *,
    stack: Stack,
    live_loans: int | None,
    lpr_1y_ppm: int | None,
) -> dict[str, Any]:
    """Measure the three fits 三适 of a plan, each with its evidence; None is *not known yet*.

    Customer fit is provisional here and final in the decision.
    """
    return {
        "cost": {
            "annual_cost_ppm": disclosure.cn_irr_nominal_ppm,
            "cap_ppm": certificate.cost_cap_ppm,
            "lpr_1y_ppm": lpr_1y_ppm,
            "total_cost_fen": disclosure.total_cost_fen,
            "saved_fen": stack.price_fen - stack.net_price_fen,
        },
        "customer": {
            "lawful": certificate.lawful,
            "debt_service_ppm": affordable.debt_service_ppm,
            "provisional": True,
        },
        "measure": {
            "exposure_ppm": affordable.exposure_ppm,
            "live_loans": live_loans,
            "debt_share_ppm": div_round(disclosure.principal_fen * PPM, stack.price_fen, "up"),
            "benefit_share_ppm": (stack.price_fen - stack.net_price_fen) * PPM // stack.price_fen,
        },
    }
