"""Where engine and oracle differ. Nothing is tolerated: packs or engine are mended instead."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from peers.law.oracle import Verdict
from quote.described import forbidding, warning
from sanshi.quote.certificate import Certificate

Side = Literal["engine", "oracle"]
"""Who alone says that a rule is broken."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One rule that one side alone finds broken."""

    key: str
    force: str
    side: Side


def differences(certificate: Certificate, verdict: Verdict) -> frozenset[Difference]:
    """Return every rule on which engine and oracle differ, warnings included."""
    ours = {*forbidding(certificate), *((key, "warn") for key in warning(certificate))}
    theirs = verdict.broken
    return frozenset(
        {Difference(*one, "engine") for one in ours - theirs}
        | {Difference(*one, "oracle") for one in theirs - ours}
    )
