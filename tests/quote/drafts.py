"""One invented purchase 虚构, in plain values: what the fuzz draws before it is a quote."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from random import Random
from typing import TypeVar

from peers.law import deals

YUAN = 100
T = TypeVar("T")
FIRST_DAY, LAST_DAY = date(2024, 7, 1), date(2027, 12, 31)
TURNS = (
    date(2024, 7, 1),
    date(2024, 9, 3),
    date(2024, 12, 31),
    date(2025, 1, 20),
    date(2025, 3, 14),
    date(2025, 9, 1),
    date(2025, 10, 1),
    date(2025, 12, 24),
    date(2026, 1, 1),
    date(2026, 8, 1),
    date(2026, 9, 30),
    date(2026, 12, 31),
    date(2027, 1, 4),
    date(2027, 12, 31),
)
"""Days on which some rule begins or ends, and the first working day of 2027."""

METHODS = ("equal_instalment", "equal_principal", "interest_only", "bullet")
KINDS = ("instalment_loan", "credit_line", "card_instalment", "card_account", "finance_lease")
RATES_PPM = (0, 30_000, 48_000, 90_000, 108_000, 113_000, 120_000, 150_000, 180_000, 183_000)
HIGH_RATES_PPM = (210_000, 216_900, 217_000, 217_060, 217_080, 217_200, 218_000, 230_000)
USURY_PPM = (239_900, 240_000, 241_000, 260_000, 300_000, 360_000)


@dataclass(frozen=True, slots=True)
class Offer:
    """What a lender sells here, and what its supervisor and the treasury say of it."""

    lender_type: str
    kind: str = "instalment_loan"
    terms_months: tuple[int, ...] = (6, 12)
    methods: tuple[str, ...] = ("equal_instalment",)
    rate_ppm: int = 60_000
    down_payment_min_ppm: int = 0
    entrusted: bool = True
    facilitated: bool = False
    day_count: str = "30/360"
    listed: bool = False
    rating: str | None = None


@dataclass(frozen=True, slots=True)
class Car:
    """A car for sale; a valuation has only a used one. `own_limit_percent` is every lender's."""

    energy: str
    private: bool = True
    new: bool = True
    list_price_fen: int | None = None
    valuation_fen: int | None = None
    own_limit_percent: int | None = None


@dataclass(frozen=True, slots=True)
class Swap:
    """A good that may be traded in for 以旧换新, and what its buyer holds.

    `voucher`: held, none, lapsed, early (valid from tomorrow) or other (for other goods).
    `used_before` is how often this year; of cars it counts under the other scheme.
    """

    scheme: str
    tier: str = "none"
    goods: str = ""
    voucher: str = "held"
    used_before: int = 0
    later: bool = False


@dataclass(frozen=True, slots=True)
class Earning:
    """A purchase whose interest may earn the subsidy, and what was granted by offer 0 before.

    `older_fen` was granted under the version before, and counts no more.
    """

    field: str = "electronics"
    taken_fen: int = 0
    small_taken_fen: int = 0
    older_fen: int = 0


@dataclass(frozen=True, slots=True)
class Draft:
    """One invented purchase, before it is said in the engine's types; `turn` counts its focus.

    `plate_fen` is the price of a plate bought beside the car; `discount_fen` is what the shop
    takes off from `discount_from_fen`.
    """

    number: int
    turn: int
    focus: str
    on: date
    offers: tuple[Offer, ...]
    price_fen: int = 5_000 * YUAN
    down_payment_fen: int = 0
    purpose: str = deals.CONSUMPTION
    online: bool = True
    at_checkout: bool = True
    operator: str = "merchant"
    age: int = 30
    student: bool = False
    second_source: bool = False
    owed_fen: Mapping[int, int] = field(default_factory=dict)
    car: Car | None = None
    plate_in_price: bool = False
    plate_fen: int | None = None
    discount_fen: int = 0
    discount_from_fen: int = 0
    swap: Swap | None = None
    earning: Earning | None = None
    signed_on: date | None = None
    steps: frozenset[str] = frozenset()
    table: frozenset[str] = deals.COST_TABLE
    on_page: bool = True

    @property
    def discounted_fen(self) -> int:
        """The price after the shop's own discount."""
        fits = self.discount_fen and self.price_fen >= self.discount_from_fen
        return self.price_fen - (self.discount_fen if fits else 0)

    @property
    def this_use(self) -> int:
        """Which time this year the buyer would use a scheme."""
        return 1 + (self.swap.used_before if self.swap else 0)


def in_turn(d: Draft, options: Sequence[T]) -> T:
    """Take the options in turn, so that a short run meets each of them too."""
    return options[d.turn % len(options)]


def around(random: Random, limit: int) -> int:
    return limit + random.choice((-1, 0, 1, 1))


def past(random: Random, limit: int) -> int:
    return limit + random.choice((0, 1, 1, 1, 1, 1))
