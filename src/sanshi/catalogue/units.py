"""Units of policy values: exact conversion from the source's unit to fen, ppm, months, codes.

A pack keeps the source's figure and unit ("3000 CNY_per_year"); comparing happens in integers.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal, TypeVar

from sanshi.kernel.money import yuan
from sanshi.kernel.reasons import Language

Dimension = Literal[
    "fen", "ppm", "months", "days", "years", "count", "flag", "codes", "text", "rating"
]

COMPOSITE = "ratio+CNY"
"""A value whose parts have units of their own; the version's `parts` gives them."""


@dataclass(frozen=True, slots=True)
class Unit:
    """What a unit of a source measures and how many of ours make one of it."""

    dimension: Dimension
    scale: int = 1


_FEN = Unit("fen", 100)
_RATIO = Unit("ppm", 1_000_000)

UNITS: Mapping[str, Unit] = {
    "CNY": _FEN,
    "CNY_in_policy_period": _FEN,
    "CNY_per_year": _FEN,
    "CNY_per_transaction": _FEN,
    "CNY_per_draw": _FEN,
    "CNY_per_borrower": _FEN,
    "CNY_credit_balance": _FEN,
    "CNY_per_overdue_item": _FEN,
    "ratio": _RATIO,
    "rate": _RATIO,
    "ratio_of_loan": _RATIO,
    "ratio_of_loans": _RATIO,
    "ratio_of_total_loans": _RATIO,
    "ratio_of_net_tier1": _RATIO,
    "ratio_of_prior_year_net_assets": _RATIO,
    "share_of_contract_rate": _RATIO,
    "annual_rate": _RATIO,
    "annual_comprehensive_cost": _RATIO,
    "percent": Unit("ppm", 10_000),
    "percentage_point_per_year": Unit("ppm", 10_000),
    "basis_point": Unit("ppm", 100),
    "month": Unit("months"),
    "day": Unit("days"),
    "workday": Unit("days"),
    "year": Unit("years"),
    "year_from_end_of_default": Unit("years"),
    "count": Unit("count"),
    "bool": Unit("flag"),
    "flag": Unit("flag"),
    "list": Unit("codes"),
    "rule": Unit("text"),
    "local_time": Unit("text"),
    "supervisory_rating": Unit("rating"),
    "none": Unit("text"),
}


@dataclass(frozen=True, slots=True)
class LprFormula:
    """A limit that moves with the loan prime rate 贷款市场报价利率: times × LPR + spread."""

    times: int
    tenor: Literal["1y", "5y"]
    spread_ppm: int = 0

    def at(self, lpr_ppm: int) -> int:
        """Return the limit at a given LPR."""
        return self.times * lpr_ppm + self.spread_ppm


T = TypeVar("T")

Typed = int | bool | str | frozenset[str] | LprFormula
"""A value ready to compare."""

_FORMULA = re.compile(
    r"(?:(?P<times>[1-9]) x )?LPR(?P<tenor>[15])Y(?: (?P<sign>[-+]) (?P<pp>\d{1,2}\.\d{2})pp)?"
    r"(?: at contract date| \(\d{1,2}\.\d%\))?"
)
_RATING = re.compile(r"[1-6][ABC]?")


def convert(value: object, unit: str) -> Typed:
    """Return a source's figure in our unit, exactly; ValueError says what is wrong with it."""
    known = UNITS.get(unit)
    if known is None:
        raise ValueError(f"{unit!r} is not a known unit")
    match known.dimension:
        case "flag":
            return _of_type(value, bool, "true or false")
        case "text":
            return _of_type(value, str, "text")
        case "rating":
            return check_rating(_of_type(value, str, "a rating such as 3A"))
        case "codes":
            return _codes(value)
        case _:
            return _number(value, known)


def check_rating(text: str) -> str:
    """Return a supervisory rating 监管评级 such as 2 or 3A, or raise ValueError."""
    if not _RATING.fullmatch(text):
        raise ValueError(f"{text!r} is not a supervisory rating such as 3A")
    return text


def _of_type(value: object, kind: type[T], words: str) -> T:
    if not isinstance(value, kind):
        raise ValueError(f"{value!r} should be {words}")  # noqa: TRY004 - one error type for all
    return value


def _codes(value: object) -> frozenset[str]:
    if not isinstance(value, tuple | list) or not value:
        raise ValueError(f"{value!r} should be a list with at least one entry")
    return frozenset(str(item) for item in value)


def _number(value: object, unit: Unit) -> int | LprFormula:
    if isinstance(value, str) and unit.dimension == "ppm":
        return _formula(value)
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        raise ValueError(f"{value!r} should be a number")  # noqa: TRY004 - one error type for all
    scaled = Decimal(value) * unit.scale
    if scaled != scaled.to_integral_value():
        raise ValueError(f"{value} is finer than one of our smallest units ({unit.dimension})")
    if scaled < 0:
        raise ValueError(f"{value} is negative")
    return int(scaled)


def _formula(text: str) -> LprFormula:
    match = _FORMULA.fullmatch(text)
    if match is None:
        raise ValueError(f"{text!r} is neither a number nor a multiple of LPR such as '4 x LPR1Y'")
    spread = int(Decimal(match["pp"] or "0") * 10_000)
    return LprFormula(
        times=int(match["times"] or "1"),
        tenor="1y" if match["tenor"] == "1" else "5y",
        spread_ppm=-spread if match["sign"] == "-" else spread,
    )


def percent_text(rate_ppm: int) -> str:
    """Write 240,000 ppm as 24% and 267,902 ppm as 26.7902%: no digit dropped, none added."""
    figure = f"{Decimal(rate_ppm) / 10_000:f}"
    return f"{figure.rstrip('0').rstrip('.') if '.' in figure else figure}%"


_NUMBERED: Mapping[str, tuple[str, str]] = {
    "months": ("{} 个月", "{} months"),
    "days": ("{} 天", "{} days"),
    "years": ("{} 年", "{} years"),
    "count": ("{}", "{}"),
}


def show(value: object, dimension: Dimension, language: Language) -> str:
    """Write a value for a person."""
    zh = language == "zh"
    match value:
        case bool():
            words = ("是", "否") if zh else ("yes", "no")
            return words[0 if value else 1]
        case LprFormula():
            return formula_text(value, language)
        case int():
            return _number_text(value, dimension, language)
        case frozenset() | set() | tuple() | list():
            return ("、" if zh else ", ").join(sorted(str(item) for item in value))
        case _:
            return str(value)


def _number_text(value: int, dimension: Dimension, language: Language) -> str:
    if dimension == "fen":
        return f"{yuan(value)} 元" if language == "zh" else f"CNY {yuan(value)}"
    if dimension == "ppm":
        return percent_text(value)
    zh, en = _NUMBERED.get(dimension, ("{}", "{}"))
    return (zh if language == "zh" else en).format(value)


def formula_text(formula: LprFormula, language: Language) -> str:
    """Write '4 × LPR (1 year)'."""
    tenor = formula.tenor[0]
    name = f"{tenor} 年期 LPR" if language == "zh" else f"{tenor}-year LPR"
    times = f"{formula.times} × " if formula.times != 1 else ""
    sign = "+" if formula.spread_ppm > 0 else "−"
    spread = f" {sign} {percent_text(abs(formula.spread_ppm))}" if formula.spread_ppm else ""
    return f"{times}{name}{spread}"
