"""Benefits of the fuzz 虚构, as a pack says them: every scheme of public money, a shop's discount.

Their figures are those of the law; what is invented is which goods of the fuzz they are for.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

from quote.drafts import Draft
from sanshi.catalogue.benefits import Benefit

ALWAYS, END_OF_2024, END_OF_2025 = date(2000, 1, 1), date(2024, 12, 31), date(2025, 12, 31)
IN_2025, IN_2026 = date(2025, 1, 1), date(2026, 1, 1)
INTEREST = "interest_subsidy"

Fields = Mapping[str, object]
DIGITAL_GOODS = ("phone", "tablet", "smart_watch", "smart_glasses", "camera")
CAR_USES = {"fact": "tradein.car.allocation", "part": ("cars_per_person",)}


def _part(fact: str, *part: str) -> Fields:
    return {"fact": f"tradein.{fact}", "part": part}


def _appliance(name: str, *goods: str, uses: str, **more: object) -> Fields:
    return {
        "id": name,
        "scheme": "appliance",
        "goods": {"category": goods},
        "share": _part("appliance", "$tier"),
        "cap": _part("appliance", "cap"),
        "uses": _part("appliance", uses),
        **more,
    }


def _home_2025(name: str, part: str, *tiers: str) -> Fields:
    return {
        "id": name,
        "scheme": "home",
        "goods": {"category": ("furniture",), "trade_in_tier": tiers},
        "share": _part("home", part),
        "cap": _part("home", "cap"),
        "effective_from": IN_2025,
    }


def _cars(scheme: str, fact: str) -> Fields:
    """A share up to a cap where the law gives one, else a fixed amount."""
    return {
        "id": scheme,
        "scheme": scheme,
        "goods": {"category": (scheme,)},
        "share": _part(fact, "$tier", "pct"),
        "cap": _part(fact, "$tier", "cap"),
        "amount": _part(fact, "$tier"),
        "uses": CAR_USES,
    }


TRADE_IN: tuple[Fields, ...] = (
    _appliance("appliance", "refrigerator", uses="per_category_items"),
    _appliance(
        "air_conditioner_to_2025",
        "air_conditioner",
        uses="aircon_max_items",
        effective_to=END_OF_2025,
    ),
    _appliance(
        "air_conditioner",
        "air_conditioner",
        uses="per_category_items",
        effective_from=IN_2026,
    ),
    {
        "id": "digital",
        "scheme": "digital",
        "goods": {"category": DIGITAL_GOODS},
        "share": _part("digital", "pct"),
        "cap": _part("digital", "cap"),
        "price_max": _part("digital", "price_max"),
        "goods_listed": _part("digital", "categories"),
    },
    {
        "id": "home_2024",
        "scheme": "home",
        "goods": {"category": ("furniture",)},
        "share": _part("home", "pct"),
        "cap": _part("home", "cap_per_use"),
        "effective_to": END_OF_2024,
    },
    _home_2025("home", "home", "none", "grade2"),
    _home_2025("home_grade1", "appliance_grade1", "grade1"),
    _home_2025("home_elder", "elder_friendly", "elder_friendly"),
    {
        "id": "ebike",
        "scheme": "ebike",
        "goods": {"category": ("ebike",)},
        "amount": _part("ebike"),
    },
    _cars("car_scrap", "car.scrap"),
    _cars("car_replace", "car.replace"),
)


def _subsidy(key: str, *part: str) -> Fields:
    return {"fact": f"subsidy.{key}", "part": part}


INTEREST_SUBSIDY: Fields = {
    "id": INTEREST,
    "kind": "interest_subsidy",
    "order": 95,
    "timing": "at_interest_settlement",
    "funders": (
        {"funder": "central_treasury", "weight": _subsidy("fund_split", "central")},
        {"funder": "shanghai_treasury", "weight": _subsidy("fund_split", "provincial")},
    ),
    "share": _subsidy("rate_pp"),
    "rate_share": _subsidy("max_share_of_contract_rate"),
    "caps": (
        {"per": "borrower", "figure": _subsidy("cap_per_borrower_institution")},
        {"per": "small_tickets", "figure": _subsidy("cap_small_ticket_under_50k")},
        {"per": "transaction", "figure": _subsidy("cap_per_transaction")},
    ),
    "eligibility": {
        "products": _subsidy("products"),
        "lenders": _subsidy("eligible_institutions", "listed"),
        "lowest_rating": _subsidy("local_institutions_min_rating"),
        "large_ticket": _subsidy("large_ticket_threshold"),
        "large_ticket_fields": _subsidy("large_ticket_categories"),
    },
}


def benefits_of(draft: Draft) -> dict[str, Benefit]:
    """Return what a draft's shop and treasury give, ready for its catalogue."""
    made = (
        Benefit.model_validate(
            {
                "zh": "优惠（虚构）",
                "en": "benefit (fictional)",
                "scenarios": ("scene",),
                "effective_from": ALWAYS,
                **fields,
            }
        )
        for fields in _fields(draft)
    )
    return {benefit.id: benefit for benefit in made}


def _fields(draft: Draft) -> Iterator[Fields]:
    if draft.discount_fen:
        yield {
            "id": "discount",
            "kind": "spend_and_save",
            "order": 10,
            "timing": "at_checkout",
            "funders": ({"funder": "merchant"},),
            "amount": {"fen": draft.discount_fen},
            "threshold": {"fen": draft.discount_from_fen},
        }
    if draft.swap is not None:
        timing = "reimbursed_later" if draft.swap.later else "at_checkout"
        for fields in TRADE_IN:
            yield {
                "kind": "trade_in",
                "order": 90,
                "timing": timing,
                "entitlement": "voucher",
                "region": "CN-SH",
                "valid_days": {"fact": "tradein.voucher_validity_days"},
                "funders": ({"funder": "shanghai_treasury"},),
                **fields,
            }
    if draft.earning is not None:
        products = tuple(f"product_{n}" for n in range(len(draft.offers)))
        yield {**INTEREST_SUBSIDY, "products": products}
