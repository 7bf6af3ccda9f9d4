"""Money: integer fen, named roundings, exact splits.

An amount is an `int` of fen (1 yuan 元 = 100 fen 分) and its name ends in `_fen`.
Rates are integer millionths and end in `_ppm`. No float ever touches money.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal, assert_never

from sanshi.kernel.errors import ImpossibleError, InputError

CURRENCY = "CNY"
PPM = 1_000_000
MAX_FEN = 10**13
"""Largest amount accepted anywhere: 100 billion yuan. A product with a rate in ppm and a
year's days stays within what exact integer columns can hold after reduction."""

Rounding = Literal["half_even", "half_up", "up", "down"]

_YUAN = re.compile(r"(-?)([0-9]{1,12})(?:\.([0-9]{1,2}))?")


def check_fen(amount_fen: object, field: str, *, low: int = 0, high: int = MAX_FEN) -> int:
    """Return `amount_fen` if it is an integer within `low..high`; else say which field is wrong."""
    if isinstance(amount_fen, bool) or not isinstance(amount_fen, int):
        raise InputError(
            "money.not_integer",
            f"An amount in fen must be a whole number, not {amount_fen!r}.",
            field=field,
            fix="Send fen as an integer: 6,000.00 yuan is 600000.",
        )
    if not low <= amount_fen <= high:
        raise InputError(
            "money.out_of_range",
            f"{amount_fen} fen is outside {low}..{high}.",
            field=field,
            fix="Check the unit (fen, not yuan) and the sign.",
        )
    return amount_fen


def parse_yuan(text: str, field: str = "amount") -> int:
    """Read '6,999.00' as 699900 fen. At most two decimals; commas and blanks are ignored."""
    match = _YUAN.fullmatch(text.replace(",", "").strip())
    if match is None:
        raise InputError(
            "money.not_yuan",
            f"{text!r} is not an amount in yuan.",
            field=field,
            fix="Write digits with at most two decimals, for example 6999.00.",
        )
    sign, whole, cents = match.groups()
    fen = int(whole) * 100 + int((cents or "0").ljust(2, "0"))
    return check_fen(-fen if sign else fen, field, low=-MAX_FEN)


def yuan(amount_fen: int) -> str:
    """Write 699900 fen as '6,999.00'."""
    sign = "-" if amount_fen < 0 else ""
    whole, cents = divmod(abs(amount_fen), 100)
    return f"{sign}{whole:,}.{cents:02d}"


def percent(rate_ppm: int, decimals: int = 2) -> str:
    """Write 88,500 ppm as '8.85%'. Refuses to hide digits it would have to drop."""
    unit = 10 ** (4 - decimals)
    if rate_ppm % unit:
        raise ImpossibleError(
            "rate.hidden_digits", f"{rate_ppm} ppm has more than {decimals} decimals in percent."
        )
    sign = "-" if rate_ppm < 0 else ""
    whole, rest = divmod(abs(rate_ppm) // unit, 10**decimals)
    return f"{sign}{whole}.{rest:0{decimals}d}%"


def div_round(numerator: int, denominator: int, rounding: Rounding) -> int:
    """Divide exactly and round by the named policy.

    `half_even` and `half_up` look at the magnitude (half_up rounds away from zero), `up` goes
    away from zero and `down` towards zero, so that a refund mirrors the charge it undoes.
    """
    if denominator <= 0:
        raise ImpossibleError("money.denominator", f"Denominator {denominator} is not positive.")
    sign = -1 if numerator < 0 else 1
    quotient, rest = divmod(abs(numerator), denominator)
    twice = 2 * rest
    match rounding:
        case "half_even":
            up = twice > denominator or (twice == denominator and quotient % 2 == 1)
        case "half_up":
            up = twice >= denominator
        case "up":
            up = rest > 0
        case "down":
            up = False
        case _:
            assert_never(rounding)
    return sign * (quotient + up)


def share_ppm(amount_fen: int, rate_ppm: int, rounding: Rounding) -> int:
    """Return a share of an amount in millionths: 15 % (150,000 ppm) of 5,700.00 is 855.00."""
    return div_round(amount_fen * rate_ppm, PPM, rounding)


def split_fen(total_fen: int, weights: Sequence[int]) -> tuple[int, ...]:
    """Split an amount in proportion to `weights` by largest remainder; the parts sum exactly.

    Ties go to the earlier part. A zero weight gets nothing. Weights are non-negative integers
    with a positive sum.
    """
    whole = sum(weights)
    if whole <= 0 or any(weight < 0 for weight in weights):
        raise InputError(
            "money.weights",
            f"Cannot split by weights {list(weights)}.",
            field="weights",
            fix="Use non-negative integers, at least one of them positive.",
        )
    sign = -1 if total_fen < 0 else 1
    parts = [abs(total_fen) * weight // whole for weight in weights]
    rests = [abs(total_fen) * weight % whole for weight in weights]
    left = abs(total_fen) - sum(parts)
    for index in sorted(range(len(parts)), key=lambda i: (-rests[i], i))[:left]:
        parts[index] += 1
    return tuple(sign * part for part in parts)
