"""Figures of a source become integers exactly, or are refused."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sanshi.catalogue.units import UNITS, LprFormula, convert, percent_text, show

MONEY = st.decimals(0, 10**9, places=2)
RATIO = st.decimals(0, 20, places=6)


@given(MONEY)
def test_yuan_become_fen_exactly(yuan: Decimal) -> None:
    assert convert(yuan, "CNY_per_year") == int(yuan.scaleb(2))


@given(RATIO)
def test_ratios_become_ppm_exactly(ratio: Decimal) -> None:
    ppm = convert(ratio, "ratio")
    assert isinstance(ppm, int)
    assert Decimal(ppm) / 1_000_000 == ratio


@pytest.mark.parametrize(
    ("value", "unit", "ours"),
    [
        (3000, "CNY_in_policy_period", 300_000),
        (Decimal("1.0"), "percentage_point_per_year", 10_000),
        (Decimal("3.45"), "percent", 34_500),
        (10, "basis_point", 1_000),
        (Decimal("0.24"), "annual_comprehensive_cost", 240_000),
        (84, "month", 84),
        (7, "workday", 7),
        ("3A", "supervisory_rating", "3A"),
        (True, "flag", True),
        (("a", "b", "a"), "list", frozenset({"a", "b"})),
        ("4 x LPR1Y", "annual_rate", LprFormula(4, "1y")),
        ("4 x LPR1Y at contract date", "annual_rate", LprFormula(4, "1y")),
        ("2 x LPR1Y (6.0%)", "annual_rate", LprFormula(2, "1y")),
        ("LPR1Y - 0.30pp", "rate", LprFormula(1, "1y", -3_000)),
        ("LPR5Y + 0.25pp", "rate", LprFormula(1, "5y", 2_500)),
    ],
)
def test_units_of_the_sources(value: object, unit: str, ours: object) -> None:
    assert convert(value, unit) == ours


@pytest.mark.parametrize(
    ("value", "unit"),
    [
        (Decimal("0.001"), "CNY"),
        (Decimal("0.0000001"), "ratio"),
        (Decimal("1.5"), "month"),
        (-1, "CNY"),
        (True, "CNY"),
        (1, "flag"),
        ("many", "CNY"),
        ("four times LPR", "annual_rate"),
        ("4 x LPR1Y", "CNY"),
        ("7Z", "supervisory_rating"),
        ((), "list"),
        ("a", "list"),
        (1, "rule"),
        (1, "furlong"),
        (None, "CNY"),
    ],
)
def test_what_does_not_fit_its_unit_is_refused(value: object, unit: str) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        convert(value, unit)


def test_a_multiple_of_lpr_follows_it() -> None:
    assert LprFormula(4, "1y").at(30_000) == 120_000
    assert LprFormula(1, "1y", -3_000).at(31_000) == 28_000


@given(st.integers(0, 10**7))
def test_a_percentage_shows_every_digit(rate_ppm: int) -> None:
    text = percent_text(rate_ppm)
    assert Decimal(text.removesuffix("%")) * 10_000 == rate_ppm


@pytest.mark.parametrize(
    ("value", "dimension", "zh", "en"),
    [
        (30_000_000, "fen", "300,000.00 元", "CNY 300,000.00"),
        (240_000, "ppm", "24%", "24%"),
        (84, "months", "84 个月", "84 months"),
        (True, "flag", "是", "yes"),
        (LprFormula(4, "1y"), "ppm", "4 × 1 年期 LPR", "4 × 1-year LPR"),
        (LprFormula(1, "1y", -3_000), "ppm", "1 年期 LPR − 0.3%", "1-year LPR − 0.3%"),
        (frozenset({"b", "a"}), "codes", "a、b", "a, b"),
    ],
)
def test_values_are_written_for_people(value: object, dimension: str, zh: str, en: str) -> None:
    assert show(value, dimension, "zh") == zh  # type: ignore[arg-type] # parametrised text
    assert show(value, dimension, "en") == en  # type: ignore[arg-type] # parametrised text


def test_every_unit_has_a_positive_scale() -> None:
    assert all(unit.scale >= 1 for unit in UNITS.values())
