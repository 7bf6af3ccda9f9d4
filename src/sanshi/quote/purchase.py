"""What a quote is asked for: a purchase, and what is known of the buyer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from sanshi.catalogue.products import Good, Lender, Merchant, Product, Scenario
from sanshi.kernel.errors import InputError
from sanshi.quote.terms import LoanTerms


@dataclass(frozen=True, slots=True)
class Purchase:
    """One good at one merchant, paid partly or wholly with credit.

    `payment_page_operator` is the lender type word of whoever runs the payment page.
    """

    merchant: Merchant
    good: Good
    scenario: Scenario
    quoted_on: date
    down_payment_fen: int
    channel: str = "online"
    at_checkout: bool = True
    payment_page_operator: str = "merchant"

    def __post_init__(self) -> None:
        """A down payment leaves something to lend."""
        if not 0 <= self.down_payment_fen < self.good.price_fen:
            raise InputError(
                "quote.down_payment",
                f"A down payment of {self.down_payment_fen} fen does not leave a part of "
                f"{self.good.price_fen} fen to lend.",
                field="down_payment_fen",
                fix="Send less than the price, or choose to pay in full.",
            )


@dataclass(frozen=True, slots=True)
class Borrower:
    """What a quote knows of the buyer; None is *not known*, never zero.

    Figures on income and debt are declared at this point and checked in the decision.
    `live_credit_fen` is what each lender here already lends, by lender.
    """

    age_years: int
    student: bool
    second_repayment_source: bool
    monthly_income_fen: int | None = None
    monthly_debt_service_fen: int | None = None
    total_debt_fen: int | None = None
    live_loans: int | None = None
    live_credit_fen: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Candidate:
    """One way to lend for one purchase, before it is known whether it may be offered."""

    purchase: Purchase
    borrower: Borrower
    lender: Lender
    product: Product
    terms: LoanTerms
