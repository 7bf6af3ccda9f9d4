"""Identity elements 三要素: name, citizen identity number, mobile. Form only, never a look-up.

The number's form and check digit follow GB 11643-1999 (ISO 7064 MOD 11-2). The first six digits
(GB/T 2260) are not checked: codes are withdrawn while people keep them. No code begins with 99,
so invented persons（虚构） get numbers that begin with 99 and belong to nobody.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date

from sanshi.kernel.errors import ImpossibleError

_NUMBER = re.compile(r"[0-9]{17}[0-9X]")
_BODY = re.compile(r"[0-9]{17}")
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK_DIGITS = "10X98765432"
_MOBILE = re.compile(r"1[3-9][0-9]{9}")
_COUNTRY = re.compile(r"\A(?:\+|00)86")
_NUMBER_CHARS = 18
_MOBILE_CHARS = 11


@dataclass(frozen=True, slots=True)
class IdNumber:
    """What a citizen identity number's form says.

    `birth_date` is set only when the number is valid; `reason_code` is empty then, and else one
    of `identity.id_number_form`, `…_birth_date`, `…_check_digit`.
    """

    valid: bool
    birth_date: date | None
    reason_code: str


def check_id_number(text: str) -> IdNumber:
    """Check form, date of birth and check digit of an 18-character citizen identity number."""
    number = normal_id_number(text)
    if not _NUMBER.fullmatch(number):
        return IdNumber(valid=False, birth_date=None, reason_code="identity.id_number_form")
    born = _birth_date(number)
    if born is None:
        return IdNumber(valid=False, birth_date=None, reason_code="identity.id_number_birth_date")
    if check_digit(number[:-1]) != number[-1]:
        return IdNumber(valid=False, birth_date=None, reason_code="identity.id_number_check_digit")
    return IdNumber(valid=True, birth_date=born, reason_code="")


def check_digit(body: str) -> str:
    """Return the check digit of the first 17 digits (GB 11643-1999)."""
    if not _BODY.fullmatch(body):
        raise ImpossibleError("identity.body", "A check digit needs exactly 17 digits before it.")
    total = sum(int(digit) * weight for digit, weight in zip(body, _WEIGHTS, strict=True))
    return _CHECK_DIGITS[total % 11]


def is_mobile(text: str) -> bool:
    """Say whether a text has the form of a mobile number of mainland China."""
    return _MOBILE.fullmatch(normal_mobile(text)) is not None


def normal_id_number(text: str) -> str:
    """Write an identity number one way: half width, no white space, capital X."""
    return _tight(text).upper()


def normal_mobile(text: str) -> str:
    """Write a mobile number one way: half width, digits alone, without the country code."""
    return _COUNTRY.sub("", _tight(text).replace("-", ""))


def normal_name(text: str) -> str:
    """Write a name one way for comparing: half width, single blanks, case folded."""
    return " ".join(unicodedata.normalize("NFKC", text).split()).casefold()


def mask_name(text: str) -> str:
    """Show the first character alone: 林小满 → 林**."""
    name = " ".join(text.split())
    return name[:1] + "*" * (len(name) - 1) if len(name) > 1 else "*" * len(name)


def mask_id_number(text: str) -> str:
    """Show the first and the last character alone; of a malformed number nothing."""
    number = normal_id_number(text)
    return _masked(number, _NUMBER_CHARS, head=1, tail=1)


def mask_mobile(text: str) -> str:
    """Show the first three and last four digits: 138****8000; of a malformed number nothing."""
    return _masked(normal_mobile(text), _MOBILE_CHARS, head=3, tail=4)


def _masked(text: str, length: int, *, head: int, tail: int) -> str:
    if len(text) != length:
        return "*" * len(text)
    return text[:head] + "*" * (length - head - tail) + text[-tail:]


def _birth_date(number: str) -> date | None:
    try:
        return date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return None


def _tight(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split())
