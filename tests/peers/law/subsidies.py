"""The most that public money may give to one purchase: figures typed from the shared facts file.

Every function answers with a ceiling in fen; nothing on a day, for a lender or for goods that the
rules do not name. As in the oracle, nothing is imported from the code under test. Weakly sourced
rows (V2s) are ceilings too: an invented larger figure would still be wrong.
"""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from math import floor

from peers.law.deals import (
    AUTO_FINANCE,
    CITY,
    CONSUMER_FINANCE,
    FOREIGN,
    JOINT_STOCK,
    RURAL,
    STATE,
)

YUAN = 100

# ── trade-in (以旧换新) ─────────────────────────────────────────────────────────────────────────

APPLIANCE_2026_PER_CATEGORY = 1
DIGITAL_PRICE_MAX_YUAN = 6_000
DIGITAL_2026 = frozenset({"phone", "tablet", "smart_watch", "smart_glasses"})


def appliance_ceiling_fen(on: date, grade: int, price_fen: int) -> int:
    """`price_fen` is the price after all other discounts."""
    if date(2024, 9, 3) <= on <= date(2024, 12, 31):
        percent, cap = {1: 20, 2: 15}.get(grade, 0), 2_000
    elif date(2025, 1, 20) <= on <= date(2025, 12, 31):
        percent, cap = {1: 20, 2: 15}.get(grade, 0), 2_000
    elif date(2026, 1, 1) <= on <= date(2026, 12, 31):
        percent, cap = {1: 15}.get(grade, 0), 1_500
    else:
        return 0
    return min(floor(Fraction(price_fen * percent, 100) + Fraction(1, 2)), cap * YUAN)


def digital_ceiling_fen(on: date, price_fen: int) -> int:
    """Phones, tablets, watches (and glasses in 2026), each up to 6,000 yuan."""
    if not date(2025, 1, 20) <= on <= date(2026, 12, 31):
        return 0
    if price_fen > DIGITAL_PRICE_MAX_YUAN * YUAN:
        return 0
    return min(floor(Fraction(price_fen * 15, 100) + Fraction(1, 2)), 500 * YUAN)


def car_replacement_ceiling_fen(on: date, *, new_energy: bool, price_fen: int) -> int:
    """The old car is sold, not scrapped."""
    if date(2024, 9, 3) <= on <= date(2024, 12, 31):
        return (15_000 if new_energy else 12_000) * YUAN
    if date(2025, 1, 1) <= on <= date(2025, 12, 31):
        return (15_000 if new_energy else 13_000) * YUAN
    if date(2026, 1, 1) <= on <= date(2026, 12, 31):
        percent, cap = (8, 15_000) if new_energy else (6, 13_000)
        return min(floor(Fraction(price_fen * percent, 100) + Fraction(1, 2)), cap * YUAN)
    return 0


def car_scrap_ceiling_fen(on: date, *, new_energy: bool, price_fen: int) -> int:
    """The old car is scrapped; no figure for 2025 stands in the facts file."""
    if date(2024, 9, 3) <= on <= date(2024, 12, 31):
        return (20_000 if new_energy else 15_000) * YUAN
    if date(2026, 1, 1) <= on <= date(2026, 12, 31):
        percent, cap = (12, 20_000) if new_energy else (10, 15_000)
        return min(floor(Fraction(price_fen * percent, 100) + Fraction(1, 2)), cap * YUAN)
    return 0


# ── fiscal interest subsidy (财政贴息) ────────────────────────────────────────────────────────────

SUBSIDY_FIRST_DAY = date(2025, 9, 1)
SUBSIDY_2026 = date(2026, 1, 1)
SUBSIDY_LAST_DAY = date(2026, 12, 31)
NAMED_LENDERS = frozenset({STATE, JOINT_STOCK})
RATED_LENDERS = frozenset({CITY, RURAL, FOREIGN, CONSUMER_FINANCE, AUTO_FINANCE})
"""From 2026 with a supervisory rating of 3A or better; five other lenders of 2025 are unnamed."""
GOOD_RATINGS = frozenset({"3A"})
CAP_YUAN = 3_000
LARGE_TICKET_YUAN = 50_000
SMALL_TICKETS_CAP_YUAN = 1_000
TRANSACTION_CAP_YUAN = 500


def subsidy_rate(on: date, contract_rate: Fraction) -> Fraction:
    """One percentage point a year, at most half the contract rate, while the policy runs."""
    if not SUBSIDY_FIRST_DAY <= on <= SUBSIDY_LAST_DAY:
        return Fraction(0)
    return min(Fraction(1, 100), contract_rate / 2)


def subsidy_lender(on: date, lender: str, rating: str | None) -> bool:
    """Whether loans of this lender can be subsidised on this day."""
    if not SUBSIDY_FIRST_DAY <= on <= SUBSIDY_LAST_DAY:
        return False
    if lender in NAMED_LENDERS:
        return True
    return on >= SUBSIDY_2026 and lender in RATED_LENDERS and rating in GOOD_RATINGS


def subsidy_cap_fen(on: date, ticket_fen: int) -> int:
    """The most for one purchase by one borrower at one lender in one period of the policy."""
    if not SUBSIDY_FIRST_DAY <= on <= SUBSIDY_LAST_DAY:
        return 0
    if on >= SUBSIDY_2026:
        return CAP_YUAN * YUAN
    if ticket_fen < LARGE_TICKET_YUAN * YUAN:
        return min(TRANSACTION_CAP_YUAN, SMALL_TICKETS_CAP_YUAN) * YUAN
    return TRANSACTION_CAP_YUAN * YUAN
