"""Public money: what a plan that claims it is not entitled to.

A scheme that is not running, or that does not know the goods, has nothing to claim: such a claim
forbids the plan. Limits that are only weakly sourced (V2s) warn. The versions of one scheme differ
in shape, so each scheme is one function that finds its version by the day.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date

from peers.law.book import Breaks, rule
from peers.law.deals import (
    AUTO_FINANCE,
    CITY,
    CONSUMER_FINANCE,
    FOREIGN,
    RURAL,
    Deal,
    InterestSubsidy,
    TradeIn,
)

YUAN = 100
ALWAYS = date(2000, 1, 1)

# ── fiscal interest subsidy (财政贴息) ────────────────────────────────────────────────────────────

FIRST_DAY, LAST_OF_2025, LAST_DAY = date(2025, 9, 1), date(2025, 12, 31), date(2026, 12, 31)
RATED = frozenset({CITY, RURAL, FOREIGN, CONSUMER_FINANCE, AUTO_FINANCE})
RATED_3A_OR_BETTER = frozenset({"1", "1A", "1B", "1C", "2", "2A", "2B", "2C", "3A"})
FIELDS = frozenset(
    {
        "household_car",
        "elder_care_childbirth",
        "education",
        "culture_tourism",
        "home",
        "electronics",
        "health",
    }
)


def _running(deal: Deal) -> bool:
    return FIRST_DAY <= deal.on <= LAST_DAY


def _in_2025(deal: Deal) -> bool:
    return FIRST_DAY <= deal.on <= LAST_OF_2025


InterestBreaks = Callable[[Deal, InterestSubsidy], bool]


def interest(key: str) -> Callable[[InterestBreaks], Breaks]:
    """Enter a question on the claim of the interest subsidy."""

    def enter(breaks: InterestBreaks) -> Breaks:
        def asked(deal: Deal) -> bool:
            return deal.interest_subsidy is not None and breaks(deal, deal.interest_subsidy)

        return rule(key, "subsidy_2025, subsidy_2026", ALWAYS, "V2", kind="claim")(asked)

    return enter


@interest("subsidy.products")
def product_not_covered(deal: Deal, claim: InterestSubsidy) -> bool:
    """Card instalments only since 2026."""
    return not _running(deal) or (claim.card_instalment and _in_2025(deal))


@interest("subsidy.eligible_institutions")
def lender_not_among_the_23(deal: Deal, claim: InterestSubsidy) -> bool:
    return _in_2025(deal) and not claim.listed


@interest("subsidy.local_institutions_min_rating")
def local_lender_not_rated_3a(deal: Deal, claim: InterestSubsidy) -> bool:
    """Lenders off the central list came in with 2026: five kinds, rated 3A or better."""
    if claim.listed:
        return False
    if not _running(deal) or _in_2025(deal):
        return True
    return deal.lender not in RATED or claim.rating not in RATED_3A_OR_BETTER


@interest("subsidy.rate_pp")
def more_than_one_point(deal: Deal, claim: InterestSubsidy) -> bool:
    return not _running(deal) or claim.rate * 100 > 1


@interest("subsidy.max_share_of_contract_rate")
def more_than_half_the_rate(deal: Deal, claim: InterestSubsidy) -> bool:
    return not _running(deal) or claim.rate * 2 > claim.contract_rate


@interest("subsidy.cap_per_borrower_institution")
def more_than_3000_yuan(deal: Deal, claim: InterestSubsidy) -> bool:
    return not _running(deal) or claim.granted_fen > 3_000 * YUAN


@interest("subsidy.cap_small_ticket_under_50k")
def more_than_1000_yuan_for_small_tickets(deal: Deal, claim: InterestSubsidy) -> bool:
    return _in_2025(deal) and claim.small_tickets_fen > 1_000 * YUAN


@interest("subsidy.cap_per_transaction")
def more_than_500_yuan_for_a_purchase(deal: Deal, claim: InterestSubsidy) -> bool:
    return _in_2025(deal) and claim.transaction_fen > 500 * YUAN


@interest("subsidy.large_ticket_threshold")
def more_than_50000_yuan_counted(deal: Deal, claim: InterestSubsidy) -> bool:
    return _in_2025(deal) and claim.base_fen > 50_000 * YUAN


@interest("subsidy.large_ticket_categories")
def large_ticket_outside_seven_fields(deal: Deal, claim: InterestSubsidy) -> bool:
    return _in_2025(deal) and claim.large_ticket and claim.field not in FIELDS


# ── trade-in (以旧换新) ─────────────────────────────────────────────────────────────────────────

NO_CAP = 10**9


@dataclass(frozen=True)
class Grant:
    """What one tier of a scheme gives: percent of the price, at most so many yuan."""

    percent: int = 100
    cap_yuan: int = NO_CAP


@dataclass(frozen=True)
class Scheme:
    """One version of a trade-in scheme."""

    first_day: date
    last_day: date
    tiers: dict[str, Grant]
    sure: bool = True
    price_max_yuan: int = NO_CAP
    items_max: int = NO_CAP
    items_max_of: dict[str, int] = field(default_factory=dict)
    goods: frozenset[str] = frozenset()


def _year(number: int) -> tuple[date, date]:
    return date(number, 1, 1), date(number, 12, 31)


AUTUMN_2024 = (date(2024, 9, 3), date(2024, 12, 31))
SINCE_20_JANUARY = (date(2025, 1, 20), date(2025, 12, 31))

APPLIANCES = (
    Scheme(*AUTUMN_2024, {"grade1": Grant(20, 2_000), "grade2": Grant(15, 2_000)}),
    Scheme(
        *SINCE_20_JANUARY,
        {"grade1": Grant(20, 2_000), "grade2": Grant(15, 2_000)},
        items_max_of={"air_conditioner": 3},
    ),
    Scheme(*_year(2026), {"grade1": Grant(15, 1_500)}, items_max=1),
)
_DIGITAL = {"": Grant(15, 500)}
DIGITAL = (
    Scheme(*SINCE_20_JANUARY, _DIGITAL, sure=False, price_max_yuan=6_000),
    Scheme(
        *_year(2026),
        _DIGITAL,
        price_max_yuan=6_000,
        goods=frozenset({"phone", "tablet", "smart_watch", "smart_glasses"}),
    ),
)
HOME = (
    Scheme(*AUTUMN_2024, {"": Grant(15, 2_000)}),
    Scheme(
        *_year(2025),
        {
            "elder_friendly": Grant(30, 2_000),
            "grade1": Grant(20, 2_000),
            "": Grant(15, 2_000),
        },
        sure=False,
    ),
)
EBIKE = (Scheme(*AUTUMN_2024, {"": Grant(cap_yuan=500)}),)
SCRAP = (
    Scheme(
        *AUTUMN_2024,
        {"nev": Grant(cap_yuan=20_000), "ice_le_2.0L": Grant(cap_yuan=15_000)},
    ),
    Scheme(*_year(2026), {"nev": Grant(12, 20_000), "ice_le_2.0L": Grant(10, 15_000)}),
)
REPLACE = (
    Scheme(*AUTUMN_2024, {"nev": Grant(cap_yuan=15_000), "ice": Grant(cap_yuan=12_000)}),
    Scheme(*_year(2025), {"nev": Grant(cap_yuan=15_000), "ice_VI_b": Grant(cap_yuan=13_000)}),
    Scheme(*_year(2026), {"nev": Grant(8, 15_000), "ice_le_2.0L": Grant(6, 13_000)}),
)
CARS = frozenset({"car_scrap", "car_replace"})


def _version(schemes: tuple[Scheme, ...], on: date) -> Scheme | None:
    return next((one for one in schemes if one.first_day <= on <= one.last_day), None)


def _exceeds(scheme: Scheme, claim: TradeIn) -> bool:
    grant = scheme.tiers.get(claim.tier, scheme.tiers.get(""))
    if grant is None:
        return True
    items_max = scheme.items_max_of.get(claim.goods, scheme.items_max)
    return (
        claim.amount_fen * 100 > claim.price_fen * grant.percent
        or claim.amount_fen > grant.cap_yuan * YUAN
        or claim.price_fen > scheme.price_max_yuan * YUAN
        or claim.items_in_category > items_max
        or bool(scheme.goods and claim.goods not in scheme.goods)
    )


def trade_in(key: str, name: str, schemes: tuple[Scheme, ...]) -> None:
    """Enter a scheme twice: what is not to be had forbids, what exceeds a weak source warns."""

    def forbids(deal: Deal) -> bool:
        claim = deal.trade_in
        if claim is None or claim.scheme != name:
            return False
        scheme = _version(schemes, deal.on)
        return scheme is None or (scheme.sure and _exceeds(scheme, claim))

    def warns(deal: Deal) -> bool:
        claim = deal.trade_in
        if claim is None or claim.scheme != name:
            return False
        scheme = _version(schemes, deal.on)
        return scheme is not None and not scheme.sure and _exceeds(scheme, claim)

    rule(key, "Shanghai trade-in", ALWAYS, "V2", kind="claim")(forbids)
    rule(key, "Shanghai trade-in", ALWAYS, "V2s", kind="claim")(warns)


trade_in("tradein.appliance", "appliance", APPLIANCES)
trade_in("tradein.digital", "digital", DIGITAL)
trade_in("tradein.home", "home", HOME)
trade_in("tradein.ebike", "ebike", EBIKE)
trade_in("tradein.car.scrap", "car_scrap", SCRAP)
trade_in("tradein.car.replace", "car_replace", REPLACE)


@rule(
    "tradein.car.allocation",
    "sh_tradein_2026",
    date(2026, 1, 1),
    "V2",
    kind="claim",
    until=date(2026, 12, 31),
)
def second_car_in_a_year(deal: Deal) -> bool:
    claim = deal.trade_in
    return claim is not None and claim.scheme in CARS and claim.cars_this_year > 1
