"""Invented purchases that claim public money 虚构: close to what may be had, and to when."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction
from random import Random

from peers.law.deals import InterestSubsidy, TradeIn
from peers.law.subsidies import FIELDS
from quote.drafts import YUAN, Draft, around, in_turn, past


def _claim(random: Random) -> InterestSubsidy:
    return InterestSubsidy(
        rate=Fraction(1, 100),
        contract_rate=Fraction(random.choice((20_000, 30_000, 48_000)), 1_000_000),
        granted_fen=50 * YUAN,
        transaction_fen=50 * YUAN,
        small_tickets_fen=50 * YUAN,
        base_fen=5_000 * YUAN,
        large_ticket=False,
        field=random.choice(sorted(FIELDS)),
        listed=True,
        rating=random.choice(("1", "2A", "3A", "3B", "4")),
    )


def interest_subsidy(random: Random, d: Draft) -> Draft:
    edges: tuple[Mapping[str, object], ...] = (
        {"rate": Fraction(random.choice((10_000, 10_001, 12_000)), 1_000_000)},
        {"contract_rate": Fraction(random.choice((19_999, 20_000)), 1_000_000)},
        {"granted_fen": around(random, 3_000 * YUAN)},
        {"listed": False},
        {"card_instalment": True},
        {},
    )
    changes = in_turn(d, edges)
    return replace(d, interest_subsidy=replace(_claim(random), **changes))  # type: ignore[arg-type] # by name


def interest_subsidy_of_2025(random: Random, d: Draft) -> Draft:
    """Come close to what held until the end of 2025 only; some days lie just outside."""
    edges: tuple[Mapping[str, object], ...] = (
        {"transaction_fen": past(random, 500 * YUAN)},
        {"small_tickets_fen": past(random, 1_000 * YUAN)},
        {"base_fen": past(random, 50_000 * YUAN)},
        {"large_ticket": True, "field": "jewellery"},
        {"large_ticket": True, "field": random.choice(("home", "fitness"))},
        {"card_instalment": True},
        {"listed": False},
    )
    changes = in_turn(d, edges)
    day = date(2025, 9, 1) + timedelta(days=random.randint(-1, 123))
    claim = replace(_claim(random), **changes)  # type: ignore[arg-type] # by name
    return replace(d, on=day, interest_subsidy=claim)


AUTUMN_2024, YEAR_2025, YEAR_2026 = date(2024, 9, 3), date(2025, 1, 1), date(2026, 1, 1)
JANUARY_20 = date(2025, 1, 20)
TRADES: tuple[tuple[str, str, int, int, date], ...] = (
    ("appliance", "grade1", 15, 1_500, YEAR_2026),
    ("appliance", "grade2", 15, 2_000, AUTUMN_2024),
    ("appliance", "none", 15, 1_500, YEAR_2026),
    ("appliance", "grade1", 20, 2_000, JANUARY_20),
    ("digital", "none", 15, 500, YEAR_2026),
    ("home", "none", 15, 2_000, AUTUMN_2024),
    ("home", "none", 15, 2_000, YEAR_2025),
    ("home", "grade1", 20, 2_000, YEAR_2025),
    ("home", "elder_friendly", 30, 2_000, YEAR_2025),
    ("ebike", "none", 50, 500, AUTUMN_2024),
    ("ebike", "none", 20, 500, AUTUMN_2024),
    ("car_scrap", "nev", 12, 20_000, YEAR_2026),
    ("car_scrap", "ice_le_2.0L", 10, 15_000, YEAR_2026),
    ("car_replace", "nev", 8, 15_000, YEAR_2026),
    ("car_replace", "ice_le_2.0L", 6, 13_000, YEAR_2026),
    ("car_replace", "ice", 10, 12_000, AUTUMN_2024),
    ("car_replace", "ice_VI_b", 10, 13_000, YEAR_2025),
    ("car_replace", "none", 10, 12_000, AUTUMN_2024),
)
"""Scheme, tier, the percent and yuan that come close, and since when they hold."""
GOODS: Mapping[str, tuple[str, ...]] = {
    "appliance": ("refrigerator", "air_conditioner"),
    "digital": ("phone", "phone", "tablet", "smart_watch", "smart_glasses", "camera"),
}


def trade_in(random: Random, d: Draft) -> Draft:
    """Claim around the share, or around the cap; at times for the second time in a year."""
    scheme, tier, percent, cap_yuan, since = in_turn(d, TRADES)
    knee_fen = cap_yuan * YUAN * 100 // percent
    price_fen = random.choice((knee_fen // 2, knee_fen, knee_fen * 3 // 2))
    most_fen = min(cap_yuan * YUAN, price_fen * percent // 100)
    goods = random.choice(GOODS.get(scheme, ("",)))
    times = random.choice((3, 4) if goods == "air_conditioner" and since < YEAR_2026 else (1, 2))
    claim = TradeIn(
        scheme=scheme,
        tier=tier,
        amount_fen=past(random, most_fen),
        price_fen=price_fen,
        items_in_category=times,
        cars_this_year=times,
        goods=goods,
    )
    near = since + timedelta(days=random.randint(-1, 120))
    return replace(d, on=d.on if random.random() < 0.3 else near, trade_in=claim)
