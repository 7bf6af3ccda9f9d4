"""Reasons: why a business answer is what it is. A code with values; words come from packs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from sanshi.kernel.errors import ImpossibleError

Language = Literal["zh", "en"]
Scalar = str | int | bool | None


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason: a stable dotted code and the values its sentence needs.

    The sentence itself (zh and en) is pack data, so that a lender can word it without code.
    """

    code: str
    values: Mapping[str, Scalar] = field(default_factory=dict)

    def as_json(self) -> dict[str, object]:
        """Return the stored form."""
        return {"code": self.code, "values": dict(self.values)}


ReasonTexts = Mapping[str, Mapping[Language, str]]


def say(reason: Reason, texts: ReasonTexts, language: Language) -> str:
    """Word a reason for a person. A code without words is a fault of ours, not of the reader."""
    try:
        return texts[reason.code][language].format(**reason.values)
    except KeyError as error:
        raise ImpossibleError(
            "reason.no_words", f"Reason {reason.code} has no {language} text or lacks {error}."
        ) from error
