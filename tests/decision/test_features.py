from __future__ import annotations

from datetime import date

import pytest

from decision.cases import DAY, DEMO_POLICY, GOOD, known, request
from sanshi.consent.grants import PURPOSES
from sanshi.decision.decide import decide
from sanshi.decision.features import Known, Reading, read_features
from sanshi.decision.vocabulary import DERIVED, FEATURES
from sanshi.kernel.errors import InputError

BOTH = frozenset({"credit_report", "housing_fund"})


def read(name: str, given: Known | None, consents: frozenset[str] = BOTH, days: int = 30) -> object:
    reading = Reading(DAY, consents, {"bureau": days})
    features = {} if given is None else {name: given}
    (item,) = read_features(features, [name], FEATURES, reading)
    return item.state, item.value, item.detail


@pytest.mark.parametrize(
    ("name", "value", "state"),
    [
        ("live_loans", 3, ("known", 3, "")),
        ("live_loans", True, ("mistyped", None, "type:bool")),
        ("live_loans", "3", ("mistyped", None, "type:str")),
        ("live_loans", 3.0, ("mistyped", None, "type:float")),
        ("live_loans", None, ("mistyped", None, "type:NoneType")),
        ("live_loans", -1, ("mistyped", None, "out_of_range")),
        ("identity_matched", 1, ("mistyped", None, "type:int")),
        ("income_evidence", "Payroll", ("mistyped", None, "unknown_code")),
        ("income_evidence", "payroll", ("known", "payroll", "")),
        ("verified_income_fen", 10**14, ("mistyped", None, "out_of_range")),
    ],
)
def test_a_value_is_known_only_with_its_type_and_range(
    name: str, value: object, state: tuple[str, object, str]
) -> None:
    assert read(name, Known(value, DAY)) == state


def test_a_missing_value_is_a_state() -> None:
    assert read("live_loans", None) == ("missing", None, "")


def test_without_consent_the_value_is_neither_read_nor_kept() -> None:
    assert read("live_loans", Known(3, DAY), frozenset()) == ("no_consent", None, "")


@pytest.mark.parametrize(
    ("as_of", "state"),
    [
        (date(2026, 10, 23), "known"),  # 30 days before 22 November
        (date(2026, 10, 22), "stale"),
        ("2026-10-22T16:00:00Z", "known"),  # midnight of the 23rd in Shanghai
        ("2026-10-22T15:59:59Z", "stale"),
        ("2026-11-23T01:00:00+00:00", "known"),  # the business date may lag the clock
    ],
)
def test_a_value_grows_too_old(as_of: date | str, state: str) -> None:
    found = read("live_loans", Known(3, as_of))
    assert isinstance(found, tuple)
    assert found[0] == state


@pytest.mark.parametrize("as_of", ["yesterday", "2026-11-22T05:00:00", "2026-13-01", "1999-01-01"])
def test_a_malformed_date_is_named(as_of: str) -> None:
    with pytest.raises(InputError) as caught:
        read("live_loans", Known(3, as_of))
    assert caught.value.field == "features.live_loans.as_of"
    assert caught.value.fix


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("live_loan", "decision.unknown_feature"),
        ("amount_fen", "decision.computed_feature"),
        ("recognised_income_fen", "decision.computed_feature"),
    ],
)
def test_a_misspelt_or_computed_name_is_refused(name: str, code: str) -> None:
    with pytest.raises(InputError) as caught:
        decide(known({**GOOD, name: 1}), DEMO_POLICY, request(), pack_hash="p")
    assert caught.value.code == code
    assert caught.value.field == f"features.{name}"


def test_every_feature_has_words_and_a_consent_that_can_be_given() -> None:
    for name, feature in FEATURES.items():
        assert feature.zh
        assert feature.en
        assert feature.purpose is None or feature.purpose in PURPOSES, name
        assert name.endswith("_ppm") == (feature.kind == "ppm")
        assert name.endswith("_fen") == (feature.kind == "fen")


def test_derived_features_name_given_ones() -> None:
    for name, needs in DERIVED.items():
        assert FEATURES[name].computed
        assert not any(FEATURES[need].computed for need in needs)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"amount_fen": 0}, "amount_fen"),
        ({"amount_fen": 699_901}, "amount_fen"),
        ({"amount_fen": 1.5}, "amount_fen"),
        ({"instalment_fen": -1}, "instalment_fen"),
        ({"cash_price_fen": 10**14}, "cash_price_fen"),
        ({"term_months": 0}, "term_months"),
        ({"term_months": True}, "term_months"),
        ({"business_date": date(1999, 1, 1)}, "business_date"),
    ],
)
def test_an_absurd_request_is_refused(changes: dict[str, object], field: str) -> None:
    with pytest.raises(InputError) as caught:
        request(**changes)
    assert caught.value.field == field
