"""Real plans to print: an invented shop and lender under the country's own law."""

from __future__ import annotations

import copy
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, timedelta
from functools import cache
from typing import Any, TypeVar

from pydantic import BaseModel

from sanshi.benefit.lines import Voucher
from sanshi.benefit.stack import NOBODY, Holder
from sanshi.catalogue.benefits import Benefit
from sanshi.catalogue.catalogue import ALL_KINDS, Catalogue, catalogue_of
from sanshi.catalogue.packs import Library
from sanshi.decision.policy import FILE_KINDS
from sanshi.documents.render import HtmlDocuments
from sanshi.kernel.reasons import Language
from sanshi.quote.purchase import Borrower, Purchase
from sanshi.quote.quote import Quote, make_quote
from sanshi.store.packs import load_packs, packs_root

QUOTED_ON = date(2026, 11, 22)
SOLD_ON = date(2026, 11, 2)
LANGUAGES: tuple[Language, Language] = ("zh", "en")
METHODS = ("equal_instalment", "equal_principal", "interest_only", "bullet")

_PRODUCT: Mapping[str, Any] = {
    "id": "green_plan",
    "zh": "绿色家电分期（虚构）",
    "en": "Green appliance plan (fictional)",
    "lender": "moon_bank",
    "kind": "instalment_loan",
    "scenarios": ("household",),
    "effective_from": date(2026, 1, 1),
    "amount_min_fen": 100,
    "amount_max_fen": 10**11,
    "down_payment_min_ppm": 0,
    "terms_months": (12,),
    "methods": ("equal_instalment",),
    "prices": ({"up_to_months": 480, "rate_ppm": 48_000},),
    "entrusted_payment": True,
    "facilitated": False,
    "due_day": None,
    "day_count": "30/360",
    "rounding": "half_up",
    "instalment_rounding": "half_up",
    "remainder": "last",
    "penalty_markup_ppm": 500_000,
    "penalty_day_count": "act/360",
    "grace_days": 3,
}
_LENDER: Mapping[str, Any] = {
    "id": "moon_bank",
    "zh": "月湖银行（虚构）",
    "en": "Moon Lake Bank (fictional)",
    "lender_type": "city_bank",
}
_SCENARIO: Mapping[str, Any] = {"id": "household", "purpose": "consumption"}
_MERCHANT: Mapping[str, Any] = {"id": "lantern", "lenders": ("moon_bank",)}

P = TypeVar("P", bound=BaseModel)


@cache
def law() -> Library:
    folders = [packs_root() / name for name in ("china", "shanghai", "demo")]
    return load_packs(folders, (*ALL_KINDS, *FILE_KINDS))


@cache
def papers() -> HtmlDocuments:
    return HtmlDocuments(law().texts)


@cache
def demo() -> Catalogue:
    return catalogue_of(law())


def like(model: P, **fields: Any) -> P:  # noqa: ANN401 - fields of a model
    """Return a pack's item with other fields, checked like the first."""
    return type(model).model_validate({**model.model_dump(), **fields})


def first(items: Mapping[str, P]) -> P:
    return next(iter(items.values()))


def shop(
    price_fen: int,
    lender: Mapping[str, Any],
    product: Mapping[str, Any],
    benefits: Iterable[Benefit] = (),
) -> Catalogue:
    """Return a catalogue of one lender, product, scene and shop, like the demo pack's first."""
    packs = demo()
    merchant = first(packs.merchants)
    good = like(merchant.goods[0], sku="LT-FRIDGE", scenario="household", price_fen=price_fen)
    return replace(
        packs,
        lenders={"moon_bank": like(first(packs.lenders), **{**_LENDER, **lender})},
        products={"green_plan": like(first(packs.products), **{**_PRODUCT, **product})},
        scenarios={"household": like(first(packs.scenarios), **_SCENARIO)},
        merchants={"lantern": like(merchant, **_MERCHANT, goods=(good.model_dump(),))},
        benefits={benefit.id: benefit for benefit in benefits},
    )


def quote(
    *,
    price_fen: int = 699_900,
    down_payment_fen: int = 99_900,
    quoted_on: date = QUOTED_ON,
    lender: Mapping[str, Any] | None = None,
    student: bool = False,
    at_checkout: bool = True,
    benefits: Iterable[Benefit] = (),
    **product: Any,  # noqa: ANN401 - fields of a product
) -> Quote:
    catalogue = shop(price_fen, lender or {}, product, benefits)
    merchant = catalogue.merchants["lantern"]
    purchase = Purchase(
        merchant=merchant,
        good=merchant.goods[0],
        scenario=catalogue.scenarios["household"],
        quoted_on=quoted_on,
        down_payment_fen=down_payment_fen,
        at_checkout=at_checkout,
    )
    borrower = Borrower(
        age_years=30, student=student, second_repayment_source=False, monthly_income_fen=1_000_000
    )
    return make_quote(catalogue, purchase, borrower)


def contract_values(**asked: Any) -> dict[str, Any]:  # noqa: ANN401 - arguments of quote
    """Return what the flow of signing gives the template."""
    plan = quote(**asked).plans[0].as_json()
    merchant = {"zh": "灯笼家电行（虚构）", "en": "Lantern Appliances (fictional)"}
    given = {benefit.id: benefit for benefit in asked.get("benefits", ())}
    return {
        "contract_id": "ct_01kb5z3m8qv7n2d4w6x8y0abcd",
        "signed_on": QUOTED_ON.isoformat(),
        "borrower": "陈安然（虚构）",
        "lender": {"zh": _LENDER["zh"], "en": _LENDER["en"]},
        "merchant": merchant,
        "good": {"zh": "冰箱", "en": "Fridge", "sku": "LT-FRIDGE"},
        "product": {"zh": _PRODUCT["zh"], "en": _PRODUCT["en"]},
        "names": names(plan, given, {"lantern": merchant}),
        "entrusted_payment": True,
        "plan": plan,
        "certificate": copy.deepcopy(plan["certificate"]),
    }


def words(item: Any) -> dict[str, str]:  # noqa: ANN401 - anything with two names
    return {"zh": item.zh, "en": item.en}


def names(
    plan: Mapping[str, Any],
    benefits: Mapping[str, Benefit],
    merchants: Mapping[str, Mapping[str, str]],
) -> dict[str, Any]:
    payers = {**{name: words(one) for name, one in demo().funders.items()}, **merchants}
    lines = plan["benefits"]["lines"]
    return {
        "benefits": {
            line["benefit"]: {
                **words(benefits[line["benefit"]]),
                "on_return": benefits[line["benefit"]].on_return,
            }
            for line in lines
        },
        "funders": {
            part["funder"]: dict(payers[part["funder"]])
            for line in lines
            for part in line["funded"]
        },
    }


def sold(
    merchant_id: str,
    sku: str,
    plan_key: str,
    *,
    holder: Holder = NOBODY,
    down_payment_fen: int = 0,
    beside: tuple[str, ...] = (),
) -> dict[str, Any]:
    """Return the values of a contract for something that the demo's shops really sell."""
    catalogue = demo()
    merchant = catalogue.merchants[merchant_id]
    goods = {good.sku: good for good in merchant.goods}
    good = goods[sku]
    purchase = Purchase(
        merchant=merchant,
        good=good,
        scenario=catalogue.scenarios[good.scenario],
        quoted_on=SOLD_ON,
        down_payment_fen=down_payment_fen,
        of_bundle=tuple(goods[other] for other in beside),
    )
    borrower = Borrower(
        age_years=30,
        student=False,
        second_repayment_source=False,
        monthly_income_fen=3_500_000,
        holder=holder,
    )
    made = make_quote(catalogue, purchase, borrower).plans
    plan = next(plan for plan in made if plan.key == plan_key).as_json()
    product = catalogue.products[plan["product"]]
    return {
        "contract_id": "ct_01kb5z3m8qv7n2d4w6x8y0abcd",
        "signed_on": SOLD_ON.isoformat(),
        "borrower": "陈安然（虚构）",
        "lender": words(catalogue.lenders[plan["lender"]]),
        "merchant": words(merchant),
        "good": {**words(good), "sku": good.sku},
        "product": words(product),
        "names": names(plan, catalogue.benefits, {merchant.id: words(merchant)}),
        "entrusted_payment": product.entrusted_payment,
        "plan": plan,
        "certificate": copy.deepcopy(plan["certificate"]),
    }


def television(*, voucher: bool = True, down_payment_fen: int = 0) -> dict[str, Any]:
    """Return a television's contract: a shop's discount, a trade-in, an interest subsidy."""
    held = Voucher("vo_1", "appliance", "television", SOLD_ON, SOLD_ON + timedelta(days=13))
    return sold(
        "haitai",
        "HT-TV-75",
        "shenpu_smart_home.6.equal_principal",
        holder=Holder((held,) if voucher else ()),
        down_payment_fen=down_payment_fen,
    )


def car() -> dict[str, Any]:
    return sold(
        "pujiang_auto",
        "PJ-ICE-P15",
        "shenpu_car.24.equal_instalment",
        down_payment_fen=4_000_000,
    )


def plate() -> dict[str, Any]:
    key = "shenpu_plate.24.equal_instalment"
    return sold("pujiang_auto", "PJ-PLATE", key, beside=("PJ-ICE-P15",))


def lease() -> dict[str, Any]:
    return sold(
        "pujiang_auto",
        "PJ-BEV-E5",
        "shenzu_car_lease.36.equal_instalment",
        down_payment_fen=4_000_000,
    )


def contract(language: Language = "zh", **asked: Any) -> str:  # noqa: ANN401 - arguments of quote
    return papers().render("contract", language, contract_values(**asked))
