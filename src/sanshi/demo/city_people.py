"""Residents of the demo city（虚构）: invented names, numbers of no region, and what sources say.

What bureau and public data tell of a number follows from the number itself, so a resident of whom
they speak well, or badly, is found by trying numbers. Nobody is decided on in advance: the
lenders' own rules make of it what they do.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from sanshi.connectors.sandbox.data import Values, person_values
from sanshi.demo.chance import stream
from sanshi.party.identity import check_digit

Standing = Literal["good", "wealthy", "overdue", "any"]
"""How the sources speak of somebody."""

SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕"
GIVEN = (
    "明远思齐雨桐书白清和怀瑾嘉禾望舒景行若谷初阳晓岚子衿云舒知夏听澜秋实立言安之予安"
    "沐阳星河乐之见山临风静姝亦然平川南溪北辰春和夏至冬青月明海棠青禾松年竹心梅生长庚"
)
"""Surnames of one character each, given names of two."""

_REGION = "990000"
"""No region has this code."""
_ADULT = date(2004, 1, 1)
_OLDEST = date(1968, 1, 1)
_TRIES = 20_000
_COMFORTABLE_FEN = 1_000_000
_WEALTHY_FEN = 2_300_000
_SERVICE_SHARE = 8
"""One part in so many of the income may be spoken for already."""
_LATE_DAYS = 30
_FEW = 4
_HALF_PPM = 500_000
_YEARS_MONTHS = 24
_DEBT_MONTHS = 3
"""Months of income that somebody may owe already."""


@dataclass(frozen=True, slots=True)
class Resident:
    """An invented person（虚构）and what they declare, which is what the sources say."""

    full_name: str
    id_number: str
    mobile: str
    monthly_income_fen: int
    monthly_debt_service_fen: int
    total_debt_fen: int


def resident(seed: int, number: int, wanted: Standing, as_of: date) -> Resident:
    """Return the city's resident of a number: always the same for the same seed."""
    chance = stream(seed, "resident", number)
    given = chance.randrange(0, len(GIVEN), 2)
    name = chance.choice(SURNAMES) + GIVEN[given : given + 2]
    return _found(chance, name, f"1611{number:07d}", wanted, as_of)


def neighbour(number: int, full_name: str, wanted: Standing, as_of: date) -> Resident:
    """Return a resident who lives in every demo city, whatever its seed."""
    chance = stream("neighbour", number)
    return _found(chance, full_name, f"1612{number:07d}", wanted, as_of)


def _found(
    chance: random.Random, name: str, mobile: str, wanted: Standing, as_of: date
) -> Resident:
    for id_number in _numbers(chance):
        credit = person_values("bureau", id_number, as_of)
        public = person_values("public_data", id_number, as_of)
        if _suits(wanted, credit, public):
            return Resident(
                full_name=name,
                id_number=id_number,
                mobile=mobile,
                monthly_income_fen=_number(public, "verified_income_fen") or _COMFORTABLE_FEN,
                monthly_debt_service_fen=_number(credit, "monthly_debt_service_fen"),
                total_debt_fen=_number(credit, "total_debt_fen"),
            )
    raise LookupError(wanted)


def _numbers(chance: random.Random) -> Iterator[str]:
    days = (_ADULT - _OLDEST).days
    for _ in range(_TRIES):
        born = _OLDEST + timedelta(days=chance.randrange(days))
        # The sandbox's own persons have low numbers.
        body = f"{_REGION}{born:%Y%m%d}{chance.randrange(100, 1000)}"
        yield body + check_digit(body)


def _suits(wanted: Standing, credit: Values, public: Values) -> bool:
    if wanted == "any":
        return True
    if wanted == "overdue":
        return _number(credit, "current_dpd_days") > _LATE_DAYS
    income_fen = _number(public, "verified_income_fen")
    least_fen = _WEALTHY_FEN if wanted == "wealthy" else _COMFORTABLE_FEN
    return (
        income_fen >= least_fen
        and not _number(credit, "max_dpd_12m_days")
        and _number(credit, "inquiries_6m") <= _FEW
        and _number(credit, "utilisation_ppm") <= _HALF_PPM
        and _number(credit, "oldest_account_months") >= _YEARS_MONTHS
        and _number(credit, "monthly_debt_service_fen") * _SERVICE_SHARE <= income_fen
        and _number(credit, "total_debt_fen") <= income_fen * _DEBT_MONTHS
    )


def _number(values: Values, name: str) -> int:
    value = values.get(name, 0)
    return value if isinstance(value, int) else 0
