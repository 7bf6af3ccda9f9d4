"""What a quote is asked for: a purchase, and what is known of the buyer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from sanshi.benefit.lines import Stack
from sanshi.benefit.stack import NOBODY, Holder
from sanshi.catalogue.products import Good, Lender, Merchant, Product, Scenario
from sanshi.kernel.errors import InputError
from sanshi.quote.terms import LoanTerms


@dataclass(frozen=True, slots=True)
class Purchase:
    """One good at one merchant, paid partly or wholly with credit.

    `payment_page_operator` is the lender type word of whoever runs the payment page. No
    `channel`: the merchant's own; no `at_checkout`: on an order's payment page if online.
    `of_bundle` are the goods bought together with this one.
    """

    merchant: Merchant
    good: Good
    scenario: Scenario
    quoted_on: date
    down_payment_fen: int
    channel: str | None = None
    at_checkout: bool | None = None
    payment_page_operator: str = "merchant"
    of_bundle: tuple[Good, ...] = ()

    @property
    def loan_channel(self) -> str:
        """Where the loan is taken: `online` makes it an Internet loan."""
        return self.channel or self.merchant.channel

    @property
    def on_payment_page(self) -> bool:
        """Whether the instalments are offered on an order's payment page."""
        return self.loan_channel == "online" if self.at_checkout is None else self.at_checkout

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
    `live_credit_fen` is what each lender here already lends, by lender; `holder` says which
    vouchers the buyer holds; `subsidy_taken_fen` is what was granted under each limit on
    interest subsidies, by the limit's account.
    """

    age_years: int
    student: bool
    second_repayment_source: bool
    monthly_income_fen: int | None = None
    monthly_debt_service_fen: int | None = None
    total_debt_fen: int | None = None
    live_loans: int | None = None
    live_credit_fen: Mapping[str, int] = field(default_factory=dict)
    holder: Holder = NOBODY
    subsidy_taken_fen: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Candidate:
    """One way to lend for one purchase, before it is known whether it may be offered.

    `stack` is what lowers the price; None: nothing does.
    """

    purchase: Purchase
    borrower: Borrower
    lender: Lender
    product: Product
    terms: LoanTerms
    stack: Stack | None = None

    @property
    def net_price_fen(self) -> int:
        """The price after what lowers it."""
        return self.stack.net_price_fen if self.stack else self.purchase.good.price_fen
