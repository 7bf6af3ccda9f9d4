"""What is in force: by day, lender type, region; how strongly it speaks; what a reader can ask."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalogue.law_cases import ATTRIBUTES, CAR
from sanshi.catalogue.context import Context
from sanshi.catalogue.observables import ATTRIBUTES as KNOWN_ATTRIBUTES
from sanshi.catalogue.observables import OBSERVABLES, Attribute, Observable
from sanshi.catalogue.operators import OPERATORS, over
from sanshi.catalogue.packs import Library
from sanshi.catalogue.policies import find, stated
from sanshi.catalogue.rulebook import Rulebook
from sanshi.catalogue.rules import blocks, severity
from sanshi.catalogue.vocabulary import (
    CONFIDENCES,
    LENDER_TYPES,
    Confidence,
    DateBasis,
    ValueKind,
    within,
)
from sanshi.kernel.errors import InputError, NotFoundError

DAYS = st.dates(date(2000, 1, 1), date(2030, 12, 31))
LIMIT_200K, LIMIT_300K = 20_000_000, 30_000_000


def where(lender: str, on: date, region: str = "CN-SH") -> Context:
    return Context(on, lender, "instalment_loan", region, ATTRIBUTES)


@pytest.mark.parametrize(
    ("lender", "day", "limit"),
    [
        ("city_bank", "2025-03-13", LIMIT_200K),
        ("city_bank", "2025-03-14", LIMIT_300K),
        ("state_bank", "2026-11-22", LIMIT_300K),
        ("consumer_finance", "2025-03-14", LIMIT_200K),
        ("private_bank", "2026-11-22", LIMIT_200K),
        ("city_bank", "2020-07-16", None),
    ],
)
def test_the_internet_consumer_limit(
    rulebook: Rulebook, lender: str, day: str, limit: int | None
) -> None:
    found = rulebook.value("loan.internet.consumer_limit", where(lender, date.fromisoformat(day)))
    assert found.limit == limit
    assert (found.found.state == "in_force") == (limit is not None)


def test_a_pact_of_henan_does_not_reach_shanghai(rulebook: Rulebook) -> None:
    day = date(2026, 1, 1)
    key = "auto.dealer_commission_max"
    assert rulebook.value(key, where("city_bank", day, "CN-HA")).limit == 50_000
    assert rulebook.value(key, where("city_bank", day)).found.state == "out_of_reach"
    shanghai = rulebook.value("tradein.appliance", where("city_bank", day, "CN-HA"))
    assert shanghai.found.state == "out_of_reach"


@pytest.mark.parametrize(
    ("day", "lpr_ppm"),
    [
        ("2023-08-20", None),
        ("2023-08-21", 34_500),
        ("2024-07-21", 34_500),
        ("2024-07-22", 33_500),
        ("2024-10-21", 31_000),
        ("2025-05-19", 31_000),
        ("2025-05-20", 30_000),
        ("2026-11-22", 30_000),
    ],
)
def test_the_loan_prime_rate_and_its_multiples(
    rulebook: Rulebook, day: str, lpr_ppm: int | None
) -> None:
    context = where("city_bank", date.fromisoformat(day))
    assert rulebook.value("lpr", context, ("1y",)).limit == lpr_ppm
    cap = rulebook.value("rate.cap.private_lending", context)
    if lpr_ppm is not None:
        assert cap.limit == 4 * lpr_ppm
        assert cap.confidence == ("M" if day == "2024-07-22" else "V2")


def test_a_key_that_no_pack_has_is_an_error(rulebook: Rulebook) -> None:
    with pytest.raises(NotFoundError) as caught:
        rulebook.value("loan.no_such_key", where("city_bank", date(2026, 1, 1)))
    assert caught.value.field == "key"


@given(day=DAYS, lender=st.sampled_from(LENDER_TYPES), region=st.sampled_from(["CN-SH", "CN-HA"]))
def test_what_is_in_force_covers_the_day_reaches_the_lender_and_began_last(
    library: Library, day: date, lender: str, region: str
) -> None:
    for key, fact in library.facts.items():
        versions = stated(fact, library.territories[key])
        got = find(versions, day, lender_type=lender, region=region, product_kind="credit_line")
        reaching = [
            v
            for v in versions
            if (not v.version.lender_types or lender in v.version.lender_types)
            and any(within(region, territory) for territory in v.regions)
        ]
        live = [
            v
            for v in reaching
            if (v.effective_from or date.min) <= day <= (v.effective_to or date.max)
        ]
        if live:
            assert got.state == "in_force"
            assert got.stated in live
            starts = [v.effective_from or date.min for v in live]
            assert got.stated is not None
            assert (got.stated.effective_from or date.min) == max(starts)
            assert starts.count(max(starts)) == 1, f"{key} is ambiguous on {day}"
        else:
            assert got.state == "out_of_reach" if not reaching else got.state != "in_force"


@pytest.mark.parametrize(
    ("field", "word"),
    [("region", "SH"), ("region", "CN-sh"), ("lender_type", "bank"), ("product_kind", "loan")],
)
def test_a_word_that_no_fact_knows_is_refused(field: str, word: str) -> None:
    words = {"lender_type": "city_bank", "product_kind": "credit_line", "region": "CN-SH"}
    words[field] = word
    with pytest.raises(InputError) as caught:
        Context(date(2026, 1, 1), words["lender_type"], words["product_kind"], words["region"])
    assert caught.value.field == field


def test_a_city_lies_in_its_country() -> None:
    assert within("CN", "CN")
    assert within("CN-SH", "CN")
    assert not within("CN-SHX", "CN-SH")
    assert within("CN-SH", "CN-SH")
    assert not within("CN", "CN-SH")


SEVERITIES = {
    ("V1", "limit", False, True): "law",
    ("V2", "limit", False, True): "law",
    ("V2s", "limit", False, True): "warning",
    ("M", "limit", False, True): "warning",
    ("V1", "limit", True, True): "law",
    ("V2", "limit", True, True): "law",
    ("V2s", "limit", True, True): "house",
    ("M", "limit", True, True): "house",
    ("V1", "limit", False, False): "warning",
    ("V2", "limit", False, False): "warning",
    ("V2s", "limit", False, False): "warning",
    ("M", "limit", False, False): "warning",
    ("V1", "limit", True, False): "house",
    ("V2", "limit", True, False): "house",
    ("V2s", "limit", True, False): "house",
    ("M", "limit", True, False): "house",
}


@pytest.mark.parametrize("confidence", CONFIDENCES)
@pytest.mark.parametrize("value_kind", get_args(ValueKind))
@pytest.mark.parametrize("prohibition", [False, True])
@pytest.mark.parametrize("binding", [False, True])
def test_how_strongly_a_rule_speaks(
    confidence: Confidence,
    value_kind: ValueKind,
    prohibition: bool,  # noqa: FBT001 - pytest gives it by name
    binding: bool,  # noqa: FBT001 - pytest gives it by name
) -> None:
    level = severity(confidence, value_kind, prohibition=prohibition, binding=binding)
    if confidence == "X" or value_kind in {"unknown", "information"}:
        assert level == "information"
    elif value_kind == "set_by_lender":
        assert level == "house"
    else:
        assert level == SEVERITIES[confidence, "limit", prohibition, binding]
    assert blocks(level) == (level in {"law", "house"})
    wider = severity(confidence, value_kind, prohibition=prohibition, binding=binding, house=True)
    assert wider == ("house" if level == "law" else level)


def test_days_not_yet_known_are_the_day_before_them_in_the_life_of_a_loan() -> None:
    day = date(2026, 1, 31)
    bases = get_args(DateBasis)
    assert {Context(day, "city_bank", "credit_line", "CN").day(basis) for basis in bases} == {day}
    signed = Context(
        day,
        "city_bank",
        "credit_line",
        "CN",
        sign_date=day + timedelta(1),
        disburse_date=day + timedelta(2),
        spend_date=day + timedelta(3),
    )
    found = [(signed.day(basis) - day).days for basis in bases]
    assert dict(zip(bases, found, strict=True)) == {
        "quote": 0,
        "sign": 1,
        "disburse": 2,
        "spend": 3,
        "interest_period": 2,
        "event": 0,
        "daily": 0,
    }
    assert signed.day("spend", grandfather=True) == day + timedelta(1)


OBSERVED_COLUMNS: Mapping[str, tuple[Sequence[object], object, tuple[bool, ...]]] = {
    "at_most": ([1, 2, 3], 2, (True, True, False)),
    "at_least": ([1, 2, 3], 2, (False, True, True)),
    "required": ([True, False], True, (True, False)),
    "not_allowed": ([True, False], True, (False, True)),
    "among": (["a", "b"], frozenset({"a"}), (True, False)),
    "not_among": (["a", "b"], frozenset({"a"}), (False, True)),
    "contains_all": ([["a", "b"], ["a"]], frozenset({"a", "b"}), (True, False)),
    "rated_at_least": (["1A", "2", "3A", "3", "3B", "5"], "3A", (True,) * 3 + (False,) * 3),
}


@pytest.mark.parametrize("name", OPERATORS)
def test_operators_run_down_columns(name: str) -> None:
    column, limit, kept = OBSERVED_COLUMNS[name]
    assert over(name, column, limit) == kept


def test_a_duty_that_is_not_demanded_and_a_ban_that_is_not_made_are_kept() -> None:
    assert over("required", [True, False], limit=False) == (True, True)
    assert over("not_allowed", [True, False], limit=False) == (True, True)


def test_everything_registered_says_what_it_is() -> None:
    registered: Mapping[str, Attribute | Observable] = {**KNOWN_ATTRIBUTES, **OBSERVABLES}
    for name, known in registered.items():
        assert known.name == name
        assert known.zh
        assert known.en
    assert not set(KNOWN_ATTRIBUTES) & set(OBSERVABLES)


def test_no_rule_for_appliances_asks_for_the_engine_of_a_car(rulebook: Rulebook) -> None:
    only_cars = set(CAR) - set(ATTRIBUTES)
    for lender in ("city_bank", "microloan", "consumer_finance"):
        for active in rulebook.in_force(where(lender, date(2026, 11, 22))).rules:
            assert not only_cars & {condition.name for condition in active.pending}
