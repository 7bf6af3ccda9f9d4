"""Invented purchases that may have public money 虚构: close to how much there is, and to when."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from random import Random

from peers.law import deals
from peers.law.subsidies import FIELDS, RATED
from quote.drafts import YUAN, Car, Draft, Earning, Offer, Swap, around, in_turn, past

LENT_FEN = (3_000, 20_000, 49_999, 50_000, 80_000, 190_000, 290_000)
LOW_RATES_PPM = (0, 10_000, 19_980, 20_000, 20_020, 30_000, 48_000, 72_000)
RATINGS = ("1", "2A", "2C", "3A", "3A", "3B", "4", None)


def _sold(random: Random, offer: Offer, lenders: tuple[str, ...], kinds: tuple[str, ...]) -> Offer:
    """Return an offer that the subsidy may be for, or just not."""
    return replace(
        offer,
        lender_type=random.choice(lenders),
        kind=random.choice(kinds),
        rate_ppm=random.choice(LOW_RATES_PPM),
        terms_months=tuple(sorted(random.sample((1, 3, 6, 12, 24, 36), 2))),
        listed=random.random() < 0.7,
        rating=random.choice(RATINGS),
    )


def _earning(
    random: Random, d: Draft, edges: tuple[Mapping[str, int], ...], kinds: tuple[str, ...]
) -> Draft:
    """Let two offers earn a subsidy, the first of them near what it was granted before."""
    lenders = (deals.STATE, deals.JOINT_STOCK, deals.PRIVATE, deals.MICROLOAN, *sorted(RATED))
    offers = tuple(_sold(random, one, lenders, kinds) for one in d.offers[:2])
    fields = sorted(FIELDS)
    earning = Earning(
        field=random.choice((*fields, "jewellery", "jewellery")),
        older_fen=random.choice((0, 3_000 * YUAN)),
        **in_turn(d, edges),
    )
    return replace(
        d,
        offers=offers,
        price_fen=random.choice(LENT_FEN) * YUAN + random.choice((0, 0, -1, 7)),
        earning=earning,
        at_checkout=False,
        online=random.random() < 0.5,
    )


def interest_subsidy(random: Random, d: Draft) -> Draft:
    """Come close to what one borrower may have in a year, and to the last day of 2026."""
    cap_fen = 3_000 * YUAN
    edges: tuple[Mapping[str, int], ...] = (
        {},
        {"taken_fen": around(random, cap_fen)},
        {"taken_fen": cap_fen - random.randint(1, 200 * YUAN)},
        {"small_taken_fen": 1_000 * YUAN},
    )
    d = _earning(random, d, edges, ("instalment_loan", "credit_line", "card_instalment"))
    near = date(2026, 1, 1) + timedelta(days=random.choice((0, 1, 60, 200, 300, 330, 364, 365)))
    return d if random.random() < 0.3 else replace(d, on=near)


def interest_subsidy_of_2025(random: Random, d: Draft) -> Draft:
    """Come close to what held until the end of 2025 only; some days lie just outside."""
    edges: tuple[Mapping[str, int], ...] = (
        {},
        {"small_taken_fen": around(random, 1_000 * YUAN)},
        {"small_taken_fen": 1_000 * YUAN - random.randint(1, 100 * YUAN)},
        {"taken_fen": 3_000 * YUAN - random.randint(0, 200 * YUAN)},
    )
    kinds = ("instalment_loan", "credit_line", "card_instalment", "card_account", "finance_lease")
    d = _earning(random, d, edges, (*kinds[:2], *kinds[:2], *kinds))
    day = date(2025, 9, 1) + timedelta(days=random.choice((-1, 0, 1, 40, 90, 120, 121, 122)))
    return replace(d, on=day)


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
    ("ebike", "none", 50, 500, AUTUMN_2024),
    ("digital", "none", 15, 500, JANUARY_20),
    ("car_scrap", "nev", 12, 20_000, YEAR_2026),
    ("car_scrap", "ice_le_2.0L", 10, 15_000, YEAR_2026),
    ("car_replace", "nev", 8, 15_000, YEAR_2026),
    ("car_replace", "ice_le_2.0L", 6, 13_000, YEAR_2026),
    ("car_replace", "ice", 10, 12_000, AUTUMN_2024),
    ("car_replace", "ice_VI_b", 10, 13_000, YEAR_2025),
    ("car_scrap", "none", 10, 12_000, AUTUMN_2024),
)
"""Scheme, tier, the percent and yuan that come close, and since when they hold."""
GOODS: Mapping[str, tuple[str, ...]] = {
    "appliance": ("refrigerator", "air_conditioner"),
    "digital": ("phone", "tablet", "smart_watch", "smart_glasses", *("camera",) * 3),
}
VOUCHERS = (*("held",) * 7, "none", "lapsed", "early", "other")
EBIKES_FEN = (50_101, 60_000, 300_000)
"""Dear enough that something is left to lend for."""


def trade_in(random: Random, d: Draft) -> Draft:
    """Buy near where the share meets the cap; at times for the second time in a year."""
    scheme, tier, percent, cap_yuan, since = in_turn(d, TRADES)
    knee_fen = cap_yuan * YUAN * 100 // percent
    price_fen = random.choice((knee_fen // 2, knee_fen, knee_fen * 3 // 2))
    if scheme == "ebike":
        price_fen = random.choice(EBIKES_FEN)
    if scheme == "digital":
        price_fen = random.choice((price_fen, around(random, 6_000 * YUAN)))
    goods = random.choice(GOODS.get(scheme, ("",)))
    often = (2, 3) if goods == "air_conditioner" and since < YEAR_2026 else (0, 0, 1)
    often = (0, 1) if scheme.startswith("car_") else often
    swap = Swap(scheme, tier, goods, random.choice(VOUCHERS), random.choice(often))
    discount_fen = random.choice((0, 0, 137, price_fen // 10))
    near = since + timedelta(days=random.randint(-1, 120))
    swapped = replace(
        d,
        offers=d.offers[:2],
        on=d.on if random.random() < 0.2 else near,
        price_fen=price_fen + discount_fen + random.choice((0, 0, -1, 3)),
        discount_fen=discount_fen,
        discount_from_fen=price_fen + discount_fen,
        swap=replace(swap, later=not scheme.startswith("car_") and random.random() < 0.1),
    )
    return _on_wheels(random, swapped) if scheme.startswith("car_") else swapped


def _on_wheels(random: Random, d: Draft) -> Draft:
    """Let it be a car on a loan about as large as its price without the subsidy allows."""
    assert d.swap is not None
    energy = deals.PHEV if d.swap.tier == "nev" else deals.PETROL
    own_percent = random.choice((70, 80, 90))
    lent_fen = past(random, d.discounted_fen * own_percent // 100)
    return replace(
        d,
        car=Car(energy, own_limit_percent=own_percent),
        purpose=deals.CAR,
        down_payment_fen=d.discounted_fen - lent_fen,
        online=False,
        at_checkout=False,
    )
