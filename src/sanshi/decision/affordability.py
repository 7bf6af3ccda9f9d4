"""Affordability 可负担性: what is repaid each month after the loan, as a share of income.

(present monthly repayments + new instalment) / (monthly income × the share of it that counts).
The shares and limits are the lender's own 本机构上限, not law. Ratios are rounded up and incomes
down, so that rounding never lends more.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Self

from pydantic import Field, model_validator

from sanshi.catalogue.packed import Packed
from sanshi.catalogue.policies import Name
from sanshi.decision.conditions import Values
from sanshi.decision.features import Input
from sanshi.decision.request import Request
from sanshi.decision.rules import Version
from sanshi.decision.vocabulary import DERIVED, INCOME_EVIDENCE, MONTHS_CAP, RATIO_CAP_PPM
from sanshi.kernel.money import PPM, div_round

Share = Annotated[int, Field(ge=0, le=PPM)]


class AffordabilityPolicy(Packed):
    """A lender's house limits on repayments to income.

    `counted_income_ppm` says for each kind of evidence how much of the income counts.
    """

    id: Name
    version: Version
    counted_income_ppm: Mapping[str, Share]
    debt_service_limit_ppm: Share
    refer_above_ppm: Share

    @model_validator(mode="after")
    def _check(self) -> Self:
        given, wanted = set(self.counted_income_ppm), set(INCOME_EVIDENCE)
        if given != wanted:
            names = ", ".join(sorted(given ^ wanted))
            raise ValueError(f"counted_income_ppm must list exactly the kinds of evidence: {names}")
        if self.refer_above_ppm > self.debt_service_limit_ppm:
            raise ValueError("refer_above_ppm lies above debt_service_limit_ppm")
        return self


@dataclass(frozen=True, slots=True)
class Affordability:
    """What the person can carry. None: not known; `waits_for` says which values were absent.

    `headroom_fen` is the monthly instalment that would just reach the limit.
    """

    instalment_fen: int
    limit_ppm: int
    existing_fen: int | None = None
    evidence: str | None = None
    income_fen: int | None = None
    counted_ppm: int | None = None
    recognised_fen: int | None = None
    debt_service_ppm: int | None = None
    headroom_fen: int | None = None
    waits_for: tuple[str, ...] = ()


def assess(values: Values, instalment_fen: int, policy: AffordabilityPolicy) -> Affordability:
    """Return what the person can carry from known values; nothing is assumed for absent ones."""
    evidence = _text(values, "income_evidence")
    income = _number(values, _income_name(evidence)) if evidence else None
    existing = _number(values, "monthly_debt_service_fen")
    counted = policy.counted_income_ppm[evidence] if evidence else None
    recognised = None if income is None or counted is None else income * counted // PPM
    complete = recognised is not None and existing is not None
    return Affordability(
        instalment_fen,
        policy.debt_service_limit_ppm,
        existing,
        evidence,
        income,
        counted,
        recognised,
        ratio_ppm((existing or 0) + instalment_fen, recognised or 0) if complete else None,
        _headroom(recognised or 0, existing or 0, policy) if complete else None,
        _waits_for(evidence, income, existing),
    )


def _headroom(recognised_fen: int, existing_fen: int, policy: AffordabilityPolicy) -> int:
    return max(0, recognised_fen * policy.debt_service_limit_ppm // PPM - existing_fen)


def ratio_ppm(part: int, whole: int) -> int:
    """Return part / whole rounded up, at most `RATIO_CAP_PPM`, which also stands for no income."""
    return _capped(part * PPM, whole, RATIO_CAP_PPM)


def _capped(part: int, whole: int, cap: int) -> int:
    return min(cap, div_round(part, whole, "up")) if whole else cap


def _income_name(evidence: str) -> str:
    return "declared_income_fen" if evidence == "declared" else "verified_income_fen"


def _waits_for(evidence: str | None, income: int | None, existing: int | None) -> tuple[str, ...]:
    absent = [] if evidence else ["income_evidence"]
    if evidence and income is None:
        absent.append(_income_name(evidence))
    if existing is None:
        absent.append("monthly_debt_service_fen")
    return tuple(absent)


def compute(values: Values, request: Request, affordability: Affordability) -> tuple[Input, ...]:
    """Return the computed features, in order of name; each says what it still waits for."""
    recognised = affordability.recognised_fen
    exposure = _number(values, "total_debt_fen")
    indebted = None
    if recognised is not None and exposure is not None:
        indebted = _capped(exposure + request.amount_fen, recognised, MONTHS_CAP)
    absent = {*affordability.waits_for, *(() if exposure is not None else ("total_debt_fen",))}
    found = {
        "recognised_income_fen": recognised,
        "debt_service_ppm": affordability.debt_service_ppm,
        "exposure_months": indebted,
        "financed_share_ppm": ratio_ppm(request.amount_fen, request.cash_price_fen),
    }
    return tuple(_computed(name, found[name], absent) for name in sorted(found))


def _computed(name: str, value: int | None, absent: set[str]) -> Input:
    if value is not None:
        return Input(name, "known", value)
    needs = tuple(root for root in DERIVED[name] if root in absent)
    return Input(name, "missing", needs=needs)


def _number(values: Values, name: str) -> int | None:
    value = values.get(name)
    return value if isinstance(value, int) else None


def _text(values: Values, name: str) -> str | None:
    value = values.get(name)
    return value if isinstance(value, str) else None
