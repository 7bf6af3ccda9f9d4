from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from decision.cases import DEMO_POLICY, raw_policy, request
from sanshi.decision.affordability import AffordabilityPolicy, assess, compute
from sanshi.decision.features import Value
from sanshi.decision.vocabulary import RATIO_CAP_PPM
from sanshi.kernel.money import PPM

LIMITS = DEMO_POLICY.source.affordability
EVIDENCE = sorted(LIMITS.counted_income_ppm)


def facts(evidence: str, income_fen: int, existing_fen: int) -> dict[str, Value]:
    name = "declared_income_fen" if evidence == "declared" else "verified_income_fen"
    return {
        "income_evidence": evidence,
        name: income_fen,
        "monthly_debt_service_fen": existing_fen,
        "total_debt_fen": 1_000_000,
    }


def test_a_bank_statement_counts_at_eighty_per_cent() -> None:
    found = assess(facts("bank_statement", 1_000_000, 100_000), 51_270, LIMITS)
    # 10,000.00 × 80 % = 8,000.00; (1,000.00 + 512.70) / 8,000.00 = 18.90875 % → 189,088 ppm, up.
    # Half of 8,000.00 less 1,000.00 leaves 3,000.00 a month.
    assert found.recognised_fen == 800_000
    assert found.debt_service_ppm == 189_088
    assert found.headroom_fen == 300_000
    assert found.waits_for == ()


def test_months_of_income_are_rounded_up() -> None:
    values = facts("payroll", 500_000, 0)
    asked = request(amount_fen=600_000)
    computed = {i.name: i.value for i in compute(values, asked, assess(values, 1, LIMITS))}
    # (10,000.00 + 6,000.00) / 5,000.00 = 3.2 months; 6,000.00 of 6,999.00 is 85.7266… %.
    assert computed["exposure_months"] == 4
    assert computed["financed_share_ppm"] == 857_266


@given(
    evidence=st.sampled_from(EVIDENCE),
    income_fen=st.integers(0, 10**9),
    existing_fen=st.integers(0, 10**8),
    instalment_fen=st.integers(0, 10**8),
)
def test_ratios_never_flatter(
    evidence: str, income_fen: int, existing_fen: int, instalment_fen: int
) -> None:
    found = assess(facts(evidence, income_fen, existing_fen), instalment_fen, LIMITS)
    counted = Fraction(LIMITS.counted_income_ppm[evidence], PPM)
    exact_income = income_fen * counted
    assert found.recognised_fen is not None
    assert exact_income - 1 < found.recognised_fen <= exact_income
    assert found.debt_service_ppm is not None
    if found.recognised_fen == 0:
        assert found.debt_service_ppm == RATIO_CAP_PPM
    else:
        exact = Fraction((existing_fen + instalment_fen) * PPM, found.recognised_fen)
        assert exact > RATIO_CAP_PPM or exact <= found.debt_service_ppm
        assert found.debt_service_ppm < exact + 1


@given(
    evidence=st.sampled_from(EVIDENCE),
    income_fen=st.integers(1, 10**8),
    existing_fen=st.integers(0, 10**7),
)
def test_headroom_is_the_last_instalment_within_the_limit(
    evidence: str, income_fen: int, existing_fen: int
) -> None:
    values = facts(evidence, income_fen, existing_fen)
    headroom_fen = assess(values, 0, LIMITS).headroom_fen
    assert headroom_fen is not None

    def ratio(instalment_fen: int) -> int:
        return assess(values, instalment_fen, LIMITS).debt_service_ppm or 0

    assert headroom_fen == 0 or ratio(headroom_fen) <= LIMITS.debt_service_limit_ppm
    assert ratio(headroom_fen + 1) > LIMITS.debt_service_limit_ppm


@pytest.mark.parametrize(
    ("absent", "waits_for"),
    [
        ("income_evidence", ("income_evidence",)),
        ("verified_income_fen", ("verified_income_fen",)),
        ("monthly_debt_service_fen", ("monthly_debt_service_fen",)),
    ],
)
def test_nothing_is_assumed_for_an_absent_value(absent: str, waits_for: tuple[str, ...]) -> None:
    values = facts("payroll", 1_000_000, 0)
    del values[absent]
    found = assess(values, 50_000, LIMITS)
    assert found.waits_for == waits_for
    assert found.debt_service_ppm is None
    assert found.headroom_fen is None


def test_an_income_of_another_kind_does_not_stand_in() -> None:
    values = facts("payroll", 1_000_000, 0) | {"declared_income_fen": 9_000_000}
    del values["verified_income_fen"]
    assert assess(values, 0, LIMITS).recognised_fen is None


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"counted_income_ppm": {"tax": 1_000_000}}, "bank_statement, declared, payroll"),
        ({"refer_above_ppm": 500_001}, "lies above"),
        ({"debt_service_limit_ppm": 1_000_001}, "less than or equal to 1000000"),
        ({"debt_service_limit_ppm": 0.5}, "valid integer"),
    ],
)
def test_faulty_limits_are_refused_at_load(changes: dict[str, Any], says: str) -> None:
    with pytest.raises(ValidationError) as caught:
        AffordabilityPolicy.model_validate(raw_policy()["affordability"] | changes)
    assert says in str(caught.value)
