"""Machine readings beside what a source says, and goods whose kind nobody told."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import pytest

from catalogue.law_cases import ATTRIBUTES, OBSERVED, TRADE_IN, YUAN
from sanshi.catalogue.context import Context
from sanshi.catalogue.mutants import mutants
from sanshi.catalogue.packs import Library
from sanshi.catalogue.policies import Version, typed_value
from sanshi.catalogue.rulebook import Rulebook
from sanshi.quote.certificate import CANNOT_PROVE, certify


def where(on: str) -> Context:
    return Context(
        date.fromisoformat(on), "city_bank", "instalment_loan", "CN-SH", dict(ATTRIBUTES)
    )


def test_a_reading_of_one_part_leaves_the_others_as_stated(rulebook: Rulebook) -> None:
    place = where("2026-11-22")
    parts = {
        name: rulebook.value("tradein.digital", place, (name,)).limit
        for name in ("pct", "cap", "price_max", "categories")
    }
    assert parts == {
        "pct": 150_000,
        "cap": 500 * YUAN,
        "price_max": 6_000 * YUAN,
        "categories": frozenset({"phone", "tablet", "smart_watch", "smart_glasses"}),
    }


def test_a_reading_of_a_listing_stands_for_the_whole(library: Library) -> None:
    (version,) = library.facts["subsidy.eligible_institutions"].versions
    assert isinstance(version.value, Mapping)
    assert "listed" not in version.value
    assert typed_value(version) == {"listed": True}


def test_a_part_read_without_a_unit_is_refused() -> None:
    version = Version.model_validate(
        {
            "value": {"pct": 1, "kinds": ["smart watch/band"]},
            "unit": "ratio+CNY",
            "parts": {"pct": "ratio"},
            "reading": {"kinds": ["smart_watch"]},
            "value_kind": "limit",
            "instrument": "sh_tradein_2026",
            "confidence": "V2",
        }
    )
    with pytest.raises(ValueError, match=r"reading\.kinds has no unit"):
        typed_value(version)


def test_mutants_reach_figures_and_readings_of_one_value(library: Library) -> None:
    names = {mutant.name for mutant in mutants(library) if mutant.fact == "tradein.digital"}
    loosened = {name for name in names if name.endswith("[1]:loosened")}
    assert loosened == {
        f"tradein.digital.{part}[1]:loosened" for part in ("pct", "cap", "price_max", "categories")
    }


@pytest.mark.parametrize(
    ("scheme", "goods", "on", "stopped_by"),
    [
        ("digital", "phone", "2026-11-22", {"trade_in.digital.goods"}),
        ("appliance", "refrigerator", "2025-06-01", {"trade_in.appliance.air_conditioners"}),
        ("appliance", "refrigerator", "2026-11-22", set()),
        ("appliance", "refrigerator", "2024-10-01", set()),
    ],
)
def test_goods_of_an_unknown_kind_fail_closed_where_the_kind_matters(
    rulebook: Rulebook, scheme: str, goods: str, on: str, stopped_by: set[str]
) -> None:
    claim = {**OBSERVED, **TRADE_IN, "trade_in.scheme": scheme, "trade_in.goods": goods}
    assert certify(rulebook, claim, where(on)).lawful
    for missing in ({}, {"trade_in.goods": ""}):
        seen = {**{k: v for k, v in claim.items() if k != "trade_in.goods"}, **missing}
        failures = certify(rulebook, seen, where(on)).failures
        assert {one.rule_id for one in failures} == stopped_by
        assert all(one.code == CANNOT_PROVE for one in failures)
