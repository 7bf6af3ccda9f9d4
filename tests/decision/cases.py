"""What the tests of the decision room share: the demo policy, a good applicant, wrong values."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from copy import deepcopy
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, cast

from hypothesis import strategies as st

from sanshi.decision.counter import PlanCost
from sanshi.decision.features import Features, Known, Value
from sanshi.decision.policy import CompiledPolicy, compile_policy, parse_policy
from sanshi.decision.request import Request
from sanshi.kernel.reasons import ReasonTexts
from sanshi.store.packs import read_document

DAY = date(2026, 11, 22)
DEMO = Path(__file__).parents[2] / "packs/demo"
CONSENTS = ("credit_report", "housing_fund")

GOOD: Mapping[str, Value] = {
    "identity_matched": True,
    "sanctions_hits": 0,
    "court_dishonest": False,
    "is_student": False,
    "second_repayment_source": False,
    "job_tenure_months": 30,
    "declared_income_fen": 1_200_000,
    "income_evidence": "payroll",
    "verified_income_fen": 1_000_000,
    "housing_fund_months": 30,
    "current_dpd_days": 0,
    "max_dpd_12m_days": 0,
    "inquiries_6m": 2,
    "live_loans": 1,
    "oldest_account_months": 40,
    "utilisation_ppm": 250_000,
    "total_debt_fen": 1_000_000,
    "monthly_debt_service_fen": 100_000,
    "device_applications_30d": 1,
    "device_tampered": False,
}
"""An applicant whom the demo bank approves, grade A."""

PROBLEMS: tuple[Mapping[str, Value], ...] = (
    {"identity_matched": False},
    {"sanctions_hits": 1},
    {"court_dishonest": True},
    {"is_student": True},
    {"current_dpd_days": 31},
    {"current_dpd_days": 1},
    {"max_dpd_12m_days": 90},
    {"live_loans": 9},
    {"live_loans": 6},
    {"inquiries_6m": 13},
    {"total_debt_fen": 17_500_000},
    {"monthly_debt_service_fen": 460_000},
    {"monthly_debt_service_fen": 400_000},
    {"verified_income_fen": 0},
    {"verified_income_fen": 100_000},
    {"device_applications_30d": 5},
    {"device_tampered": True},
    {
        "job_tenure_months": 0,
        "housing_fund_months": 0,
        "utilisation_ppm": 950_000,
        "max_dpd_12m_days": 61,
        "inquiries_6m": 11,
    },
    {"income_evidence": "declared", "declared_income_fen": 200_000},
)
"""Changes that each make the demo bank refer or decline the good applicant."""

WRONG: tuple[object, ...] = (None, "17", 3.5, [1], -1, 10**15, "no such code", "", float("nan"))
"""Values of a wrong type, out of range, or unknown; wrong for the feature they are given to."""

CHOICES: Mapping[str, tuple[Value, ...]] = {
    "identity_matched": (True, True, True, False),
    "sanctions_hits": (0, 0, 0, 1),
    "court_dishonest": (False, False, False, True),
    "is_student": (False, True),
    "second_repayment_source": (False, True),
    "job_tenure_months": (0, 5, 6, 23, 24, 60, 400),
    "declared_income_fen": (0, 299_999, 500_000, 1_000_000, 5_000_000),
    "income_evidence": ("tax", "payroll", "bank_statement", "declared"),
    "verified_income_fen": (0, 299_999, 300_000, 600_000, 1_000_000, 2_000_000, 9_000_000),
    "housing_fund_months": (0, 6, 24, 60),
    "current_dpd_days": (0, 0, 0, 1, 31),
    "max_dpd_12m_days": (0, 0, 1, 30, 60, 90),
    "inquiries_6m": (0, 3, 6, 10, 13),
    "live_loans": (0, 5, 6, 9),
    "oldest_account_months": (0, 12, 36, 84),
    "utilisation_ppm": (0, 300_000, 600_000, 900_000, 1_200_000),
    "total_debt_fen": (0, 1_000_000, 20_000_000),
    "monthly_debt_service_fen": (0, 100_000, 400_000, 3_000_000),
    "device_applications_30d": (0, 1, 5),
    "device_tampered": (False, False, False, True),
}
"""Values on both sides of every bound of the demo policy."""


@cache
def content(name: str) -> dict[str, Any]:
    """Return a file of the demo pack as the pack loader parses it."""
    return cast("dict[str, Any]", read_document(DEMO / name).content)


def raw_policy() -> dict[str, Any]:
    """Return the demo bank's policy, free to be changed."""
    raw: dict[str, Any] = deepcopy(content("decision/shenpu_bank.yaml")["decision_policies"][0])
    return raw


DEMO_POLICY: CompiledPolicy = compile_policy(parse_policy(raw_policy()))


def texts() -> ReasonTexts:
    """Return the words of the room's reasons."""
    words = content("reasons-decision.yaml")["reasons"]
    return {item["code"]: {"zh": item["zh"], "en": item["en"]} for item in words}


def known(values: Mapping[str, object]) -> Features:
    """Give every value the test's day as its date."""
    return {name: Known(value, DAY) for name, value in values.items()}


def request(**changes: Any) -> Request:  # noqa: ANN401 - fields of Request
    """Return a request for 6,000.00 over 12 months towards a fridge of 6,999.00."""
    fields: dict[str, Any] = {
        "amount_fen": 600_000,
        "term_months": 12,
        "instalment_fen": 51_270,
        "cash_price_fen": 699_900,
        "purchase_category": "green_appliance",
        "purpose": "consumption",
        "business_date": DAY,
        "consents": CONSENTS,
    }
    return Request(**(fields | changes))


def flat_plan(principal_fen: int, term_months: int) -> PlanCost:
    """Charge 0.4 % of the principal a month, flat, in level instalments rounded up."""
    cost_fen = principal_fen * 4 * term_months // 1000
    return PlanCost(-(-(principal_fen + cost_fen) // term_months), cost_fen)


@st.composite
def applicants(draw: st.DrawFn) -> dict[str, Value]:
    """Draw an applicant: the good one with some values replaced by others near the bounds."""
    changed: Iterable[str] = draw(st.sets(st.sampled_from(sorted(CHOICES)), max_size=8))
    return dict(GOOD) | {name: draw(st.sampled_from(CHOICES[name])) for name in sorted(changed)}


@st.composite
def requests(draw: st.DrawFn) -> Request:
    """Draw a request, lawful or odd."""
    price_fen = draw(st.integers(50_000, 20_000_000))
    amount_fen = draw(st.integers(10_000, price_fen))
    term_months = draw(st.sampled_from((3, 6, 12, 24, 36)))
    return request(
        amount_fen=amount_fen,
        cash_price_fen=price_fen,
        term_months=term_months,
        instalment_fen=flat_plan(amount_fen, term_months).instalment_fen,
        purchase_category=draw(st.sampled_from(("green_appliance", "petrol_car", "zoo_visit"))),
        purpose=draw(st.sampled_from(("consumption", "consumption", "car_purchase", "securities"))),
        consents=draw(st.sampled_from((CONSENTS, CONSENTS, ("credit_report",), ()))),
    )
