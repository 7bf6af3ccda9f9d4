"""The plan of the whole city: everybody, everything that is sold, every product."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from desks import packs
from sanshi.demo.city_acts import ACTS
from sanshi.demo.city_paths import BASKETS, PATHS
from sanshi.demo.city_plan import BUSINESS_DATE, PERSONAS, Plan
from sanshi.wiring import Content


@pytest.fixture(scope="module")
def content() -> Content:
    return packs()


def test_another_seed_gives_another_city() -> None:
    def who(seed: int) -> list[str]:
        return [one.resident.id_number for one in Plan(seed, 24, 14).shoppers]

    assert who(7) == who(7)
    assert set(who(7)[len(PERSONAS) :]).isdisjoint(who(8)[len(PERSONAS) :])
    assert who(7)[: len(PERSONAS)] == who(8)[: len(PERSONAS)]


def test_everybody_in_the_full_plan_has_something_to_do() -> None:
    plan = Plan()
    whose = {shopper.path.name for shopper in plan.shoppers}
    assert whose >= {path.name for path in PATHS}
    for path in PATHS:
        assert path.begins[1] <= plan.days
        assert {act.name for act in path.acts} <= ACTS.keys()
        assert set(path.baskets) <= BASKETS.keys()
    assert len(plan.shoppers) == plan.consumers
    numbers = [shopper.resident.id_number for shopper in plan.shoppers]
    mobiles = [shopper.resident.mobile for shopper in plan.shoppers]
    assert len(set(numbers)) == len(set(mobiles)) == plan.consumers


def test_every_lender_shop_and_product_is_in_the_full_plan(content: Content) -> None:
    shoppers = Plan().shoppers
    products = {shopper.product for shopper in shoppers} | {
        plan.partition(".")[0] for one in shoppers for plan in (one.basket.also or {}).values()
    }
    catalogue = content.catalogue
    assert products == catalogue.products.keys()
    assert {catalogue.products[name].lender for name in products} == catalogue.lenders.keys()
    assert {shopper.basket.merchant for shopper in shoppers} == catalogue.merchants.keys()


def test_acts_stay_within_the_city_and_in_order() -> None:
    plan = Plan()
    for shopper in plan.shoppers:
        days = [day for day, _ in shopper.acts]
        assert plan.first <= min(days)
        assert days == sorted(days), shopper.path.name
    planned = [act for n in range(plan.days + 1) for act in plan.on(plan.first + timedelta(n))]
    until = [day for one in plan.shoppers for day, _ in one.acts if day <= plan.last]
    assert len(planned) == len(until)


def test_the_pinned_date_is_one_on_which_subsidies_apply(content: Content) -> None:
    for name in ("tradein.appliance", "subsidy.rate_pp"):
        versions = content.catalogue.rulebook.facts[name].versions
        assert any(in_force(one, BUSINESS_DATE) for one in versions), name
        assert not any(in_force(one, date(2027, 1, 4)) for one in versions), name


def in_force(version: Any, day: date) -> bool:  # noqa: ANN401 - a version of any value
    return version.effective_from <= day and (
        version.effective_to is None or day <= version.effective_to
    )
