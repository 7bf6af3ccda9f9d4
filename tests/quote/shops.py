"""Say an invented purchase 虚构 in the engine's types: its shop, lenders, products and buyer."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

from quote.described import ENERGIES, PURPOSES, REGION
from quote.drafts import Draft, Earning, Offer, Swap
from quote.public_money import INTEREST, benefits_of
from sanshi.benefit.lines import Voucher
from sanshi.benefit.stack import Holder
from sanshi.catalogue.catalogue import Catalogue
from sanshi.catalogue.products import Good, HouseLimits, Lender, Merchant, Price, Product, Scenario
from sanshi.kernel.money import MAX_FEN
from sanshi.quote.purchase import Borrower, Purchase

ONE_DAY, FORTNIGHT = timedelta(days=1), timedelta(days=13)
NEW_CAP = date(2026, 1, 1)
VERSIONS = (date(2025, 9, 1), NEW_CAP)
"""First days of the interest subsidy's versions: each counts what it granted for itself."""
OTHER_CAR = {"car_scrap": "car_replace", "car_replace": "car_scrap"}
CATEGORIES = {"home": "furniture", "ebike": "ebike"}


def said(law: Catalogue, draft: Draft) -> tuple[Catalogue, tuple[Purchase, ...], Borrower]:
    """Say a draft under the law of `law`; each offer has its own lender.

    A plate bought beside the car is a purchase of its own.
    """
    lenders = {f"lender_{n}": _lender(n, draft, offer) for n, offer in enumerate(draft.offers)}
    products = {f"product_{n}": _product(n, offer) for n, offer in enumerate(draft.offers)}
    scenarios = {"scene": _scenario(draft, "scene", draft.purpose)}
    goods = [_good("SKU-1", "scene", draft.price_fen, _attributes(draft))]
    if draft.plate_fen is not None:
        scenarios["plates"] = _scenario(draft, "plates", "plate")
        goods.append(_good("SKU-2", "plates", draft.plate_fen, {"category": "plate"}))
    merchant = _merchant(tuple(lenders), tuple(goods))
    catalogue = replace(
        law,
        lenders=lenders,
        products=products,
        merchants={"shop": merchant},
        scenarios=scenarios,
        benefits=benefits_of(draft),
    )
    purchases = tuple(
        _purchase(draft, merchant, good, scenarios[good.scenario]) for good in merchant.goods
    )
    return catalogue, purchases, _borrower(draft)


def _purchase(draft: Draft, merchant: Merchant, good: Good, scenario: Scenario) -> Purchase:
    return Purchase(
        merchant=merchant,
        good=good,
        scenario=scenario,
        quoted_on=draft.on,
        down_payment_fen=draft.down_payment_fen if scenario.id == "scene" else 0,
        channel="online" if draft.online else "branch",
        at_checkout=draft.at_checkout,
        payment_page_operator=draft.operator,
    )


def _borrower(draft: Draft) -> Borrower:
    return Borrower(
        age_years=draft.age,
        student=draft.student,
        second_repayment_source=draft.second_source,
        live_credit_fen={f"lender_{n}": owed for n, owed in draft.owed_fen.items()},
        holder=Holder() if draft.swap is None else _holder(draft.on, draft.swap),
        subsidy_taken_fen=dict(_taken(draft.on, draft.earning)) if draft.earning else {},
    )


def _holder(on: date, swap: Swap) -> Holder:
    starts = {"lapsed": on - FORTNIGHT - ONE_DAY, "early": on + ONE_DAY}
    goods = "bicycle" if swap.voucher == "other" else category(swap)
    start = starts.get(swap.voucher, on)
    voucher = Voucher("vo_1", swap.scheme, goods, start, start + FORTNIGHT)
    used = {(OTHER_CAR.get(swap.scheme, swap.scheme), category(swap)): swap.used_before}
    return Holder(() if swap.voucher == "none" else (voucher,), used)


def category(swap: Swap) -> str:
    """Return the word of the packs for what is bought."""
    return swap.goods or CATEGORIES.get(swap.scheme, swap.scheme)


def _taken(on: date, earning: Earning) -> Iterator[tuple[str, int]]:
    """Give what offer 0's lender granted: under the version of the day, and under the other."""
    now, other = VERSIONS if on < NEW_CAP else reversed(VERSIONS)
    at = f"{INTEREST}:lender_0"
    yield f"{at}:borrower:{now}", earning.taken_fen
    yield f"{at}:borrower:{other}", earning.older_fen
    yield f"{at}:small_tickets:{VERSIONS[0]}", earning.small_taken_fen


def _scenario(draft: Draft, name: str, purpose: str) -> Scenario:
    return Scenario(
        id=name,
        zh="场景（虚构）",
        en="Scene (fictional)",
        purpose=PURPOSES[purpose],
        category="appliance",
        consumption_field=draft.earning.field if draft.earning else None,
        paid="at_once",
    )


def _attributes(draft: Draft) -> dict[str, str | int | bool]:
    said: dict[str, str | int | bool] = {}
    if draft.swap is not None:
        said |= {"category": category(draft.swap), "trade_in_tier": draft.swap.tier}
    if draft.car is None:
        return said
    said |= {
        "energy": ENERGIES[draft.car.energy],
        "vehicle_use": "private" if draft.car.private else "commercial",
        "vehicle_state": "new" if draft.car.new else "used",
    }
    if draft.plate_in_price:
        said["includes_plate"] = True
    if draft.car.list_price_fen is not None:
        said["list_price_fen"] = draft.car.list_price_fen
    if draft.car.valuation_fen is not None:
        said["valuation_fen"] = draft.car.valuation_fen
    return said


def _good(sku: str, scenario: str, price_fen: int, attributes: dict[str, str | int | bool]) -> Good:
    return Good(
        sku=sku,
        zh="商品（虚构）",
        en="Good (fictional)",
        scenario=scenario,
        price_fen=price_fen,
        attributes=attributes,
    )


def _merchant(lenders: tuple[str, ...], goods: tuple[Good, ...]) -> Merchant:
    return Merchant(
        id="shop",
        zh="商家（虚构）",
        en="Shop (fictional)",
        region=REGION,
        rail_account="acct:shop",
        lenders=lenders,
        goods=goods,
    )


def _lender(number: int, draft: Draft, offer: Offer) -> Lender:
    own = draft.car.own_limit_percent if draft.car else None
    keys = () if own is None else ("auto.ltv.private_ice", "auto.ltv.private_nev")
    values = dict.fromkeys(keys, (own or 0) * 10_000)
    return Lender.model_validate(
        {
            "id": f"lender_{number}",
            "zh": f"机构{number}（虚构）",
            "en": f"Lender {number} (fictional)",
            "lender_type": offer.lender_type,
            "region": REGION,
            "rail_account": f"acct:lender_{number}",
            "decision_policy": "none",
            "supervisory_rating": offer.rating,
            "on_subsidy_list": offer.listed,
            "house": HouseLimits(
                reading_seconds=10, quote_minutes=30, authorization_days=7, values=values
            ),
        }
    )


def _product(number: int, offer: Offer) -> Product:
    longest = max(offer.terms_months)
    return Product.model_validate(
        {
            "id": f"product_{number}",
            "zh": f"产品{number}（虚构）",
            "en": f"Product {number} (fictional)",
            "lender": f"lender_{number}",
            "kind": offer.kind,
            "scenarios": ("scene", "plates"),
            "effective_from": date(2000, 1, 1),
            "amount_min_fen": 1,
            "amount_max_fen": MAX_FEN,
            "down_payment_min_ppm": offer.down_payment_min_ppm,
            "terms_months": offer.terms_months,
            "methods": offer.methods,
            "prices": (Price(up_to_months=longest, rate_ppm=offer.rate_ppm),),
            "entrusted_payment": offer.entrusted,
            "facilitated": offer.facilitated,
            "day_count": offer.day_count,
            "rounding": "half_up",
            "instalment_rounding": "half_up",
            "remainder": "last",
            "penalty_markup_ppm": 500_000,
            "penalty_day_count": "act/360",
            "grace_days": 0,
        }
    )
