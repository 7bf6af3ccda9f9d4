"""Plans that a rule withholds, and certificates that fail: which rule, in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sanshi.documents.findings import Check, checks
from sanshi.documents.values import Certificate, read
from sanshi.web.reader import Reader


@dataclass(frozen=True, slots=True)
class Withheld:
    """Plans of one lender that the same rules keep from being offered."""

    lender: str
    plans: int
    failures: tuple[Check, ...]


def failures(reader: Reader, certificate: Mapping[str, Any]) -> tuple[Check, ...]:
    """Return the lines of a stored certificate that keep a plan from being offered."""
    found = checks(read(Certificate, certificate), reader.catalogue.texts, reader.language)
    return tuple(check for check in found if check.result == "fail")


def withheld(reader: Reader, plans: Iterable[Mapping[str, Any]]) -> tuple[Withheld, ...]:
    """Gather withheld plans of a quote's answer by lender and by the rules that fail."""
    counts: dict[tuple[str, tuple[Check, ...]], int] = {}
    for plan in plans:
        key = (reader.lender(plan["lender"]), failures(reader, plan["certificate"]))
        counts[key] = counts.get(key, 0) + 1
    return tuple(Withheld(lender, count, found) for (lender, found), count in counts.items())
