"""The plain values that the oracle of the law judges: one deal, and the words that describe it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction

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
TRUST = "trust"
LEASING = "leasing"
MICROLOAN = "microloan"
LENDERS = (
    *(STATE, JOINT_STOCK, CITY, RURAL, FOREIGN),
    *(PRIVATE, CONSUMER_FINANCE, AUTO_FINANCE, TRUST, LEASING, MICROLOAN),
)

RAISED_BANKS = frozenset({STATE, JOINT_STOCK, CITY, RURAL, FOREIGN})
"""The five kinds that the notice of 2025-03-14 raised limits for."""
BANKS = RAISED_BANKS | {PRIVATE}
"""A private bank is a bank wherever a rule says bank without listing kinds."""
NON_BANKS = frozenset({CONSUMER_FINANCE, AUTO_FINANCE, TRUST})
"""Licensed by the same supervisor as banks. Leasing and microloan companies are not meant."""

LOAN, CARD_INSTALMENT, CARD, LEASE = "loan", "card_instalment", "card", "lease"

CONSUMPTION, CAR, PLATE = "consumption", "car", "plate"
CONSUMER_PURPOSES = frozenset({CONSUMPTION, CAR, PLATE})
HOUSE, MORTGAGE = "house", "mortgage"
SECURITIES, EQUITY, FIXED_ASSETS = "securities", "equity", "fixed_assets"
REPAY_DEBT, BUSINESS, OTHER_BARRED = "repay_debt", "business", "other_barred"
PURPOSES = (
    *(CONSUMPTION, CAR, PLATE, HOUSE, MORTGAGE, SECURITIES, EQUITY, FIXED_ASSETS),
    *(REPAY_DEBT, BUSINESS, OTHER_BARRED),
)

COST_TABLE = frozenset({"principal", "items", "annual_cost", "contingent_items", "nothing_else"})
"""What the cost table must hold: five kinds of entries."""
ONLINE_STEPS = frozenset({"pop_up", "reading_time", "confirmed"})
COUNTER_STEPS = frozenset({"signature"})

BEV, PHEV, FUEL_CELL, PETROL = "bev", "phev", "fuel_cell", "petrol"
NEW_ENERGY = frozenset({BEV, PHEV, FUEL_CELL})


@dataclass(frozen=True, slots=True)
class Vehicle:
    """What the law on car loans asks about a car; `own_limit_percent` is what the lender set."""

    energy: str
    private: bool
    new: bool
    price_basis_fen: int
    own_limit_percent: int | None = None


@dataclass(frozen=True, slots=True)
class InterestSubsidy:
    """What a plan claims of the fiscal interest subsidy 财政贴息, amounts with this claim included.

    `listed` says whether the lender is one of those handling the subsidy for the centre.
    """

    rate: Fraction
    contract_rate: Fraction
    granted_fen: int
    transaction_fen: int
    small_tickets_fen: int
    base_fen: int
    large_ticket: bool
    field: str
    listed: bool
    rating: str = "3A"
    card_instalment: bool = False


@dataclass(frozen=True, slots=True)
class TradeIn:
    """What a plan claims for trading in 以旧换新; `price_fen` is after all other discounts."""

    scheme: str
    tier: str
    amount_fen: int
    price_fen: int
    items_in_category: int = 1
    cars_this_year: int = 1
    goods: str = ""


@dataclass(frozen=True, slots=True)
class Deal:
    """One plan as a lawyer would describe it, every amount whole fen, every rate a share a year.

    `on` is the day that governs; `quoted_on` differs from it when a quote of an earlier day is
    signed. `owed_fen` is what the borrower already owes this lender.
    """

    on: date
    lender: str
    amount_fen: int
    term_months: int
    nominal_cost: Fraction = Fraction(0)
    effective_cost: Fraction = Fraction(0)
    kind: str = LOAN
    online: bool = True
    purpose: str = CONSUMPTION
    age: int = 30
    student: bool = False
    second_source_agreed: bool = False
    owed_fen: int = 0
    principal_at_end: bool = False
    entrusted: bool = True
    facilitated: bool = False
    vehicle: Vehicle | None = None
    pays_for_plate: bool = False
    cost_table: frozenset[str] = COST_TABLE
    at_checkout: bool = False
    table_on_payment_page: bool = True
    payment_firm_lists_loan: bool = False
    signing: bool = False
    steps: frozenset[str] = frozenset()
    quoted_on: date | None = None
    interest_subsidy: InterestSubsidy | None = None
    trade_in: TradeIn | None = None
    notes: tuple[str, ...] = field(default=(), compare=False)

    @property
    def first_day(self) -> date:
        """The day of the quote."""
        return self.quoted_on or self.on
