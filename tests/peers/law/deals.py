"""The plain values that the oracle of the law judges: one deal, and the words that describe it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Literal

STATE, JOINT_STOCK, CITY, RURAL, FOREIGN = (
    "state_bank",
    "joint_stock_bank",
    "city_bank",
    "rural_bank",
    "foreign_bank",
)
PRIVATE = "private_bank"
CONSUMER_FINANCE = "consumer_finance"
AUTO_FINANCE = "auto_finance"
LEASING = "leasing"
MICROLOAN = "microloan"

RAISED_BANKS = frozenset({STATE, JOINT_STOCK, CITY, RURAL, FOREIGN})
"""The five kinds that the notice of 2025-03-14 raised limits for."""
BANKS = RAISED_BANKS | {PRIVATE}
"""A private bank is a bank wherever a rule says bank without listing kinds."""

CONSUMPTION = "consumption"
HOUSE, SECURITIES, EQUITY, FIXED_ASSETS, REPAY_DEBT = (
    "house",
    "securities",
    "equity",
    "fixed_assets",
    "repay_debt",
)
OTHER_BARRED = "other_barred"
BUSINESS = "business"

COST_TABLE = frozenset(
    {"principal", "items", "annual_cost", "contingent_items", "nothing_else"},
)
"""What the cost table must hold: five kinds of entries."""


@dataclass(frozen=True, slots=True)
class Car:
    """What the law on car loans asks about a car."""

    energy: Literal["bev", "phev", "fcv", "ice"]
    use: Literal["private", "commercial"]
    state: Literal["new", "used"]
    price_basis_fen: int


@dataclass(frozen=True, slots=True)
class Deal:
    """One plan as a lawyer would describe it, every amount whole fen, every rate a share a year."""

    on: date
    lender: str
    amount_fen: int
    term_months: int
    nominal_cost: Fraction = Fraction(0)
    effective_cost: Fraction = Fraction(0)
    kind: Literal["loan", "lease", "card_instalment"] = "loan"
    online: bool = True
    purpose: str = CONSUMPTION
    age: int = 30
    student: bool = False
    second_source_agreed: bool = False
    owed_online_fen: int = 0
    bullet: bool = False
    entrusted: bool = True
    facilitated: bool = False
    partner_share: Fraction | None = None
    car: Car | None = None
    plate_of: Literal["bev", "phev", "fcv", "ice"] | None = None
    cost_table: frozenset[str] = COST_TABLE
    at_checkout: bool = False
    on_payment_page: bool = True
    loan_option_of_payment_firm: bool = False
    signing: bool = False
    signature: bool = False
    popup_confirmed: bool = False
    reading_time_forced: bool = False
