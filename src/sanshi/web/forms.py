"""Forms: what was sent, and what is wrong with it, field by field, in the reader's words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from markupsafe import Markup

from sanshi.kernel.errors import InputError
from sanshi.kernel.money import parse_yuan


@dataclass(frozen=True, slots=True)
class FieldError:
    """What is wrong with one field; the summary at the top links to it by `field`."""

    field: str
    message: Markup


@dataclass(frozen=True, slots=True)
class Filled:
    """A form as it was sent, with its errors. A form not sent yet is empty."""

    sent: Mapping[str, str] = field(default_factory=dict)
    errors: tuple[FieldError, ...] = ()

    def value(self, name: str) -> str:
        """Return what was sent in a field."""
        return self.sent.get(name, "")

    def error(self, name: str) -> Markup:
        """Return what is wrong with a field, or nothing."""
        return next((one.message for one in self.errors if one.field == name), Markup())

    def failed(self, errors: Iterable[FieldError]) -> Filled:
        """Return the form with these errors."""
        return Filled(self.sent, tuple(errors))


EMPTY = Filled()
"""A form that nobody has sent yet."""


def fen_in(text: str) -> int | None:
    """Read an amount in yuan that a person typed, or None if it is none or below zero."""
    try:
        amount_fen = parse_yuan(text.strip().removeprefix("¥").removesuffix("元"))
    except InputError:
        return None
    return amount_fen if amount_fen >= 0 else None


def whole_in(text: str, high: int) -> int | None:
    """Read a whole number up to a limit that a person typed, or None."""
    digits = text.strip()
    is_plain = digits.isascii() and digits.isdigit() and len(digits) <= len(str(high))
    return int(digits) if is_plain and int(digits) <= high else None
