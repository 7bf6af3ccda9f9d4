"""The packs say what the researched facts say: value by value, nothing lost, nothing invented."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from sanshi.catalogue.packs import Library
from sanshi.catalogue.policies import Version
from sanshi.store.marked_yaml import read_document
from sanshi.store.packs import DEFAULT_PACKS, load_packs, packs_root

LENDERS = {
    "state bank": ["state_bank"],
    "joint-stock bank": ["joint_stock_bank"],
    "city commercial bank": ["city_bank"],
    "rural commercial bank": ["rural_bank"],
    "rural cooperative institution": ["rural_bank"],
    "foreign bank": ["foreign_bank"],
    "consumer finance company": ["consumer_finance"],
    "auto finance company": ["auto_finance"],
    "non-bank payment institution": ["payment_institution"],
    "Henan": [],
}
REGIONS = {"Henan": "CN-HA"}


@pytest.fixture(scope="module")
def shared(shared_data: Path) -> Mapping[str, Any]:
    path = shared_data.parent / "policy" / "policy_facts.yaml"
    if not path.is_file():
        pytest.skip(f"No researched facts in {path.parent}.")
    content = read_document(path).content
    assert isinstance(content, dict)
    return content


@pytest.fixture(scope="module")
def library() -> Library:
    return load_packs([packs_root() / name for name in DEFAULT_PACKS])


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _same(version: Version, fact: Mapping[str, Any]) -> bool:
    applies_to = fact.get("applies_to", ())
    lenders = [lender for words in applies_to for lender in LENDERS[words]]
    regions = [REGIONS[words] for words in applies_to if words in REGIONS]
    return (
        version.value == fact["value"]
        and type(version.value) is type(fact["value"])
        and version.unit == fact["unit"]
        and version.instrument == fact["instrument"]
        and version.effective_from == _day(fact["effective_from"])
        and version.effective_to == _day(fact["effective_to"])
        and version.confidence == fact["confidence"]
        and version.source == fact.get("source")
        and version.note == fact.get("note")
        and version.article == fact.get("article")
        and list(version.lender_types) == lenders
        and list(version.regions) == regions
    )


def test_every_researched_fact_stands_in_the_packs(
    shared: Mapping[str, Any], library: Library
) -> None:
    left = {key: list(fact.versions) for key, fact in library.facts.items()}
    assert len(shared["facts"]) == 154
    for fact in shared["facts"]:
        match = [version for version in left[fact["key"]] if _same(version, fact)]
        assert len(match) == 1, f"{fact['key']} from {fact['effective_from']} differs"
        left[fact["key"]].remove(match[0])
    assert [key for key, versions in left.items() if versions] == [], "facts without a source"


def test_every_instrument_stands_in_the_packs(shared: Mapping[str, Any], library: Library) -> None:
    assert {item["id"] for item in shared["instruments"]} == set(library.instruments)
    for item in shared["instruments"]:
        packed = library.instruments[item["id"]].model_dump(exclude={"binding", "expected"})
        dates = {name: _day(item[name]) for name in ("effective_from", "effective_to")}
        assert packed == {"note": None, **item, **dates}


def test_every_series_stands_in_the_packs(shared: Mapping[str, Any], library: Library) -> None:
    packed = {
        series.id: series.model_dump(exclude={"id", "zh", "en"}, exclude_none=True)
        for pack in library.packs
        for series in pack.series
    }
    city = packed.pop("shanghai_loans")
    packed["loans"]["rows"] += city["rows"]
    assert city["unit"] == packed["loans"]["unit"]
    assert packed == {name: _without_nulls(series) for name, series in shared["series"].items()}


def _without_nulls(series: Mapping[str, Any]) -> Mapping[str, Any]:
    """Drop the empty cells: the packs leave out what was not published."""
    if isinstance(series["rows"], dict):
        return series
    rows = tuple({k: v for k, v in row.items() if v is not None} for row in series["rows"])
    return {**series, "rows": rows}


def test_the_day_of_research_is_kept(shared: Mapping[str, Any], library: Library) -> None:
    days = {pack.manifest.checked_on.isoformat() for pack in library.packs}
    assert days == {shared["meta"]["generated"]}


def test_everything_tied_to_the_end_of_2026_is_expected_to_lapse(library: Library) -> None:
    last_day = date(2026, 12, 31)
    for fact in library.facts.values():
        for version in fact.versions:
            assert version.expected == (version.effective_to == last_day), fact.key
    for instrument in library.instruments.values():
        assert instrument.expected == (instrument.effective_to == last_day), instrument.id


def test_standards_pacts_and_reports_do_not_bind(library: Library) -> None:
    assert {item.id for item in library.instruments.values() if not item.binding} == {
        "collection_gbt_2025",
        "local_self_discipline_2025",
        "rate_self_discipline",
        "window_guidance_2025_10",
    }


def test_nothing_searched_and_not_found_has_a_value(library: Library) -> None:
    unknown = {
        key
        for key, fact in library.facts.items()
        for version in fact.versions
        if version.value_kind == "unknown" or version.confidence == "X"
    }
    assert unknown == {"cooling_off.loan", "auto.dealer_commission_rule_shanghai"}
    assert all(v.value is None for key in unknown for v in library.facts[key].versions)


def test_the_law_leaves_two_values_to_the_lender(library: Library) -> None:
    assert {
        (key, version.effective_from)
        for key, fact in library.facts.items()
        for version in fact.versions
        if version.value_kind == "set_by_lender"
    } == {
        ("auto.ltv.private_ice", date(2024, 4, 3)),
        ("auto.ltv.private_nev", date(2024, 4, 3)),
    }
