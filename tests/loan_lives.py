"""Loans with the events that may happen to them, for the tests of their figures."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any, get_args

from hypothesis import strategies as st

from sanshi.kernel.effects import Event
from sanshi.kernel.errors import ImpossibleError
from sanshi.kernel.schedules import PlainMethod
from sanshi.loan.fold import fold
from sanshi.quote.terms import LoanTerms

START = date(2026, 11, 2)
END = date(2036, 12, 31)
LOAN = LoanTerms(
    entity="bank",
    principal_fen=1_200_000,
    rate_ppm=120_000,
    method="equal_principal",
    term_months=12,
    due_day=None,
    day_count="30/360",
    rounding="half_up",
    instalment_rounding="half_up",
    remainder="last",
    penalty_markup_ppm=500_000,
    penalty_day_count="act/360",
    grace_days=0,
    pack_hash="",
)
"""12,000.00 at 12 % over 12 months: 1,000.00 a month and 1 % of what is owed."""


def event(version: int, kind: str, day: date, stage: str = "active", **data: Any) -> Event:  # noqa: ANN401 - any value
    return Event("ln", version, kind, stage, "bank", day, day, data)


def opening(loan: LoanTerms = LOAN) -> list[Event]:
    return [
        event(1, "agreed", START, "pending"),
        event(2, "ordered", START, "disbursing", amount_fen=loan.principal_fen),
        event(3, "disbursed", START, amount_fen=loan.principal_fen),
    ]


DAYS = st.integers(0, 400)
CHANGES: tuple[tuple[str, dict[str, st.SearchStrategy[Any]]], ...] = (
    ("rate_changed", {"rate_ppm": st.integers(0, 240_000)}),
    ("due_day_changed", {"due_day": st.integers(1, 31)}),
    ("extended", {"instalments": st.integers(1, 12)}),
    ("grace_given", {"instalments": st.integers(1, 6)}),
    ("paused", {"months": st.integers(1, 6), "waive": st.booleans()}),
    ("reaged", {"instalments": st.integers(1, 24), "waive_penalty": st.booleans()}),
    (
        "restructured",
        {
            "rate_ppm": st.integers(0, 240_000),
            "method": st.sampled_from(get_args(PlainMethod)),
            "instalments": st.integers(1, 24),
            "due_day": st.integers(1, 28),
        },
    ),
    ("written_off", {}),
    ("transferred", {"price_fen": st.integers(0, 1_300_000)}),
    ("repaid", {"amount_fen": st.integers(1, 400_000)}),
    ("repaid", {"amount_fen": st.integers(1, 400_000), "purpose": st.just("prepay_lower")}),
    ("repaid", {"amount_fen": st.integers(1, 400_000), "purpose": st.just("prepay_shorten")}),
    ("repaid", {"amount_fen": st.integers(1, 1_400_000), "purpose": st.just("settle")}),
)


@st.composite
def lives(draw: st.DrawFn) -> tuple[LoanTerms, list[Event]]:
    loan = replace(
        LOAN,
        method=draw(st.sampled_from(get_args(PlainMethod))),
        day_count=draw(st.sampled_from(["30/360", "act/365", "month/12"])),
        interest_round=draw(st.sampled_from(["instalment", "subperiod"])),
        rate_ppm=draw(st.integers(0, 240_000)),
        grace_days=draw(st.integers(0, 5)),
    )
    days = draw(st.lists(DAYS, max_size=6))
    made = opening(loan)
    for version, day in enumerate(days, start=4):
        kind, data = draw(st.sampled_from(CHANGES))
        values = {name: draw(value) for name, value in data.items()}
        trial = event(version, kind, START + timedelta(days=day), **values)
        try:
            fold(loan, [*made, trial], END)
        except ImpossibleError:
            continue
        made.append(trial)
    return loan, made
