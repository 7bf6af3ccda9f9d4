"""Deals at the edge of every rule of the oracle: the last that keeps it, the first that breaks it.

Each is described once, then met on the days around which its rule changes and by every kind of
lender. What comes of it is the oracle's to say.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from fractions import Fraction
from functools import cache
from itertools import product
from typing import Any

from peers.law import deals, subsidies
from peers.law.deals import Deal, InterestSubsidy, TradeIn, Vehicle
from peers.law.oracle import RULES

YUAN = 100
ONE_DAY = timedelta(days=1)
TODAY, NEW_YEAR = date(2026, 11, 22), date(2027, 1, 4)
PLAIN = Deal(TODAY, deals.CITY, 5_000 * YUAN, 12)

Change = Mapping[str, Any]
YES_AND_NO = (True, False)
BOTH_CHANNELS: tuple[Change, ...] = ({"online": True}, {"online": False})


@dataclass(frozen=True, slots=True)
class Edge:
    """One deal at an edge. `name` says it in a line."""

    key: str
    deal: Deal

    @property
    def name(self) -> str:
        defaults = {field: getattr(PLAIN, field) for field in PLAIN.__slots__}
        said = [
            f"{field}={_said(getattr(self.deal, field))}"
            for field, usual in defaults.items()
            if getattr(self.deal, field) != usual or field in {"on", "lender"}
        ]
        return f"{self.key}: {', '.join(said)}"


def _said(value: object) -> str:
    if isinstance(value, frozenset):
        return "+".join(sorted(value)) or "none"
    return str(value)


def _each(name: str, *values: object) -> tuple[Change, ...]:
    return tuple({name: value} for value in values)


def _yes_and_no(name: str) -> tuple[Change, ...]:
    return ({name: True}, {name: False})


def _all(*groups: tuple[Change, ...]) -> tuple[Change, ...]:
    """Combine every change of one group with every change of the others."""
    return tuple(
        {k: v for change in chosen for k, v in change.items()} for chosen in product(*groups)
    )


def _fen(*limits_yuan: int) -> tuple[Change, ...]:
    return _each("amount_fen", *(yuan * YUAN + more for yuan in limits_yuan for more in (0, 1)))


def _terms(*limits: int) -> tuple[Change, ...]:
    return _each("term_months", *(limit + more for limit in limits for more in (0, 1)))


def _costs(*percents: int) -> tuple[Change, ...]:
    least = Fraction(1, 1_000_000)
    found: list[Change] = []
    for percent in percents:
        cap = Fraction(percent, 100)
        found += [
            {"nominal_cost": cap * 9 / 10, "effective_cost": cap},
            {"nominal_cost": cap * 9 / 10, "effective_cost": cap + least},
            {"nominal_cost": cap + least, "effective_cost": cap},
        ]
    return tuple(found)


ENERGIES = (deals.BEV, deals.PHEV, deals.FUEL_CELL, deals.PETROL)


def _vehicles(percent: int, *, private: bool | None = None, new: bool = True) -> tuple[Change, ...]:
    """Give cars of every energy lent around a share of their price; no use given: both."""
    basis_fen = 1_000_000 * YUAN
    uses = YES_AND_NO if private is None else (private,)
    return tuple(
        {
            "vehicle": Vehicle(energy, use, new, basis_fen, own),
            "purpose": deals.CAR,
            "amount_fen": basis_fen * percent // 100 + more,
            "online": False,
            "kind": kind,
        }
        for energy, use, more, own, kind in product(
            ENERGIES, uses, (0, 1), (None, percent), (deals.LOAN, deals.CARD_INSTALMENT)
        )
    )


CAR = Vehicle(deals.BEV, private=False, new=True, price_basis_fen=100_000 * YUAN)
CLAIM = InterestSubsidy(
    rate=Fraction(1, 100),
    contract_rate=Fraction(4, 100),
    granted_fen=50 * YUAN,
    transaction_fen=50 * YUAN,
    small_tickets_fen=50 * YUAN,
    base_fen=5_000 * YUAN,
    large_ticket=False,
    field="electronics",
    listed=True,
)
LEAST = Fraction(1, 1_000_000)


def _claims(name: str, *values: Any) -> tuple[Change, ...]:  # noqa: ANN401 - fields of a claim
    return tuple({"interest_subsidy": replace(CLAIM, **{name: value})} for value in values)


def _around(yuan: int) -> tuple[int, int]:
    return yuan * YUAN, yuan * YUAN + 1


def _trades(
    scheme: str, tiers: tuple[str, ...], grants: tuple[tuple[int, int], ...], goods: str = ""
) -> Iterator[Change]:
    """Give, for each (percent, cap in yuan), claims around the share and around the cap.

    At the knee the share is the cap: a fen off the price, and the cap is too large a share.
    """
    for tier, (percent, cap_yuan) in product(tiers, grants):
        cap_fen = cap_yuan * YUAN
        knee_fen = -(-cap_fen * 100 // percent)
        for price_fen, amount_fen in (
            (knee_fen, cap_fen),
            (knee_fen - 1, cap_fen),
            *((knee_fen * 3 // 2, cap_fen + more) for more in (0, 1)),
        ):
            yield {"trade_in": TradeIn(scheme, tier, amount_fen, price_fen, goods=goods)}


APPLIANCE = TradeIn("appliance", "grade1", 100 * YUAN, 5_000 * YUAN)
DIGITAL = TradeIn("digital", "none", 100 * YUAN, 5_000 * YUAN, goods="phone")
SCRAPPED = TradeIn("car_scrap", "nev", 10_000 * YUAN, 200_000 * YUAN)
CAR_TIERS = ("nev", "ice", "ice_VI_b", "ice_le_2.0L")
TIERS = ("none", "grade1", "grade2", "elder_friendly", *CAR_TIERS)
"""Every word for a tier: each scheme is claimed for each of them."""

STUDENT = _all(({"student": True},), _yes_and_no("second_source_agreed"), BOTH_CHANNELS)
AGES = _all(
    _each("kind", deals.LOAN, deals.CARD, deals.CARD_INSTALMENT, deals.LEASE), _each("age", 17, 18)
)
MEANT = _each("purpose", *sorted(deals.CONSUMER_PURPOSES), deals.BUSINESS)
ONLINE_AMOUNTS = (*_fen(200_000, 300_000), {"amount_fen": 1, "owed_fen": 200_000 * YUAN})
STEPS: tuple[frozenset[str], ...] = (
    *(deals.ONLINE_STEPS - {step} for step in sorted(deals.ONLINE_STEPS)),
    deals.ONLINE_STEPS,
    deals.COUNTER_STEPS,
    frozenset(),
)
SIGNING = _all(({"signing": True},), BOTH_CHANNELS, _each("steps", *STEPS))
TABLES = _each(
    "cost_table", deals.COST_TABLE, *(deals.COST_TABLE - {one} for one in sorted(deals.COST_TABLE))
)

EDGES: Mapping[str, tuple[Change, ...]] = {
    "student.microloan_internet_consumer_ban": STUDENT,
    "student.bank_second_repayment_source": STUDENT,
    "card.min_age_primary": AGES,
    "card.instalment_max_term": _all(({"kind": deals.CARD_INSTALMENT},), _terms(60)),
    "loan.internet.consumer_limit": _all(ONLINE_AMOUNTS, MEANT),
    "microloan.network.consumer_limit": _all(ONLINE_AMOUNTS, MEANT),
    "microloan.network.business_limit": _all(
        (*_fen(10_000_000), {"amount_fen": 1, "owed_fen": 10_000_000 * YUAN}),
        _each("purpose", deals.CONSUMPTION, deals.BUSINESS),
        BOTH_CHANNELS,
    ),
    "cfc.single_borrower_limit": _all(ONLINE_AMOUNTS, ({"online": False},)),
    "loan.self_payment_limit.consumer": _all(
        _fen(300_000, 500_000), ({"online": False},), _yes_and_no("entrusted"), MEANT
    ),
    "loan.self_payment_limit.business": _all(
        _fen(300_000, 500_000),
        ({"online": False},),
        _yes_and_no("entrusted"),
        _each("purpose", deals.BUSINESS, deals.FIXED_ASSETS),
    ),
    "loan.max_term.consumer": _all(_terms(60, 84), MEANT, BOTH_CHANNELS),
    "loan.internet.bullet_max_term": _all(
        _terms(12), _yes_and_no("principal_at_end"), BOTH_CHANNELS
    ),
    "loan.forbidden_purposes.bank_internet": _all(_each("purpose", *deals.PURPOSES), BOTH_CHANNELS),
    "loan.forbidden_purposes.microloan": _all(_each("purpose", *deals.PURPOSES), BOTH_CHANNELS),
    "cfc.scope_excludes": _each("purpose", *deals.PURPOSES),
    "rate.cap.microloan_new": _costs(24),
    "rate.cap.microloan_target": _all(_costs(12, 24), _each("term_months", 1, 2)),
    "rate.cap.loan_facilitation": _all(_costs(24), _yes_and_no("facilitated"), BOTH_CHANNELS),
    "rate.cap.cfc_window": _costs(20),
    "auto.ltv.private_ice": _vehicles(80, private=True),
    "auto.ltv.private_nev": _vehicles(85, private=True),
    "auto.ltv.commercial_ice": _vehicles(70, private=False),
    "auto.ltv.commercial_nev": _vehicles(75, private=False),
    "auto.ltv.used": _vehicles(70, new=False),
    "auto.max_term": _all(
        ({"purpose": deals.CAR, "online": False},),
        _each("vehicle", CAR, replace(CAR, new=False)),
        _terms(36, 60),
    ),
    "plate.shanghai.bev_quota_free": _all(
        _each("purpose", deals.CAR, deals.PLATE),
        _each("vehicle", *(replace(CAR, energy=energy) for energy in (deals.BEV, deals.PHEV))),
        _yes_and_no("pays_for_plate"),
    ),
    "disclosure.cost_table.required_fields": TABLES,
    "disclosure.cost_table.checkout_instalment": _all(
        _yes_and_no("at_checkout"), _yes_and_no("table_on_payment_page")
    ),
    "disclosure.cost_table.confirmation.online": SIGNING,
    "disclosure.cost_table.confirmation.offline": SIGNING,
    "marketing.payment_page_loan_option_ban": _yes_and_no("payment_firm_lists_loan"),
    "subsidy.products": _claims("card_instalment", *YES_AND_NO),
    "subsidy.eligible_institutions": _claims("listed", *YES_AND_NO),
    "subsidy.local_institutions_min_rating": tuple(
        {"interest_subsidy": replace(CLAIM, listed=False, rating=rating)}
        for rating in ("1", "2C", "3A", "3B", "3", "4A")
    ),
    "subsidy.rate_pp": _claims("rate", CLAIM.rate, CLAIM.rate + LEAST),
    "subsidy.max_share_of_contract_rate": _claims(
        "contract_rate", Fraction(2, 100), CLAIM.rate / (Fraction(1, 2) + LEAST)
    ),
    "subsidy.cap_per_borrower_institution": _claims("granted_fen", *_around(3_000)),
    "subsidy.cap_small_ticket_under_50k": _claims("small_tickets_fen", *_around(1_000)),
    "subsidy.cap_per_transaction": _claims("transaction_fen", *_around(500)),
    "subsidy.large_ticket_threshold": _claims("base_fen", *_around(50_000)),
    "subsidy.large_ticket_categories": (
        {"interest_subsidy": replace(CLAIM, field="jewellery")},
        *_each(
            "interest_subsidy",
            *(
                replace(CLAIM, large_ticket=True, field=name)
                for name in (*sorted(subsidies.FIELDS), "jewellery")
            ),
        ),
    ),
    "tradein.appliance": (
        *_trades(
            "appliance",
            TIERS,
            ((15, 1_500), (15, 2_000), (20, 1_500), (20, 2_000)),
            "refrigerator",
        ),
        *_each(
            "trade_in",
            *(
                replace(APPLIANCE, items_in_category=n, goods=g)
                for n in (1, 2, 3, 4)
                for g in ("refrigerator", "air_conditioner")
            ),
        ),
    ),
    "tradein.digital": (
        *_trades("digital", TIERS, ((15, 500),), "phone"),
        *_each("trade_in", *(replace(DIGITAL, price_fen=fen) for fen in _around(6_000))),
        *_each(
            "trade_in",
            *(
                replace(DIGITAL, goods=goods)
                for goods in ("phone", "tablet", "smart_watch", "smart_glasses", "camera", "laptop")
            ),
        ),
    ),
    "tradein.home": tuple(_trades("home", TIERS, ((15, 2_000), (20, 2_000), (30, 2_000)))),
    "tradein.ebike": tuple(_trades("ebike", TIERS, ((90, 500),))),
    "tradein.car.scrap": tuple(
        _trades("car_scrap", TIERS, ((12, 20_000), (10, 15_000), (12, 15_000)))
    ),
    "tradein.car.replace": tuple(
        _trades("car_replace", TIERS, ((8, 15_000), (6, 13_000), (6, 12_000)))
    ),
    "tradein.car.allocation": tuple(
        {"trade_in": replace(SCRAPPED, scheme=scheme, cars_this_year=cars)}
        for scheme, cars in product(("car_scrap", "car_replace"), (1, 2))
    ),
}
"""Fact key → what is unusual about the deals at its edge."""

FEWER: Mapping[str, tuple[str, ...]] = {
    "tradein.": (deals.CITY,),
    "auto.": (deals.CITY, deals.AUTO_FINANCE),
    "subsidy.local_institutions": deals.LENDERS,
    "subsidy.": (deals.STATE, deals.PRIVATE),
}
"""Public money and cars do not ask who lends, but for the ratings of local lenders."""
ORDINARY_CAR = Vehicle(
    deals.PETROL, private=True, new=True, price_basis_fen=10**9, own_limit_percent=90
)

SCHEMES: Mapping[str, tuple[subsidies.Scheme, ...]] = {
    "tradein.appliance": subsidies.APPLIANCES,
    "tradein.digital": subsidies.DIGITAL,
    "tradein.home": subsidies.HOME,
    "tradein.ebike": subsidies.EBIKE,
    "tradein.car.scrap": subsidies.SCRAP,
    "tradein.car.replace": subsidies.REPLACE,
}
INTEREST_DAYS = {subsidies.FIRST_DAY, subsidies.LAST_OF_2025, subsidies.LAST_DAY}


def days(key: str) -> tuple[date, ...]:
    """Return the days around which a fact changes, today, and the first working day of 2027."""
    if key.startswith("subsidy."):
        turns = INTEREST_DAYS
    elif key in SCHEMES:
        turns = {day for one in SCHEMES[key] for day in (one.first_day, one.last_day)}
    else:
        ours = [rule for rule in RULES if rule.key == key]
        turns = {day for rule in ours for day in (rule.since, rule.until) if day is not None}
    around = {day + move for day in turns for move in (-ONE_DAY, 0 * ONE_DAY, ONE_DAY)}
    return tuple(sorted(around | {TODAY, NEW_YEAR}))


@cache
def edges(key: str) -> tuple[Edge, ...]:
    """Return every deal at the edge of a fact."""
    lenders = next((some for start, some in FEWER.items() if key.startswith(start)), deals.LENDERS)
    found = []
    for day, lender, change in product(days(key), lenders, EDGES[key]):
        deal = replace(PLAIN, on=day, lender=lender, **change)
        if deal.purpose in {deals.CAR, deals.PLATE} and deal.vehicle is None:
            deal = replace(deal, vehicle=ORDINARY_CAR)
        found.append(Edge(key, deal))
    return tuple(found)
