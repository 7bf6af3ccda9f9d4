"""How the oracle keeps its rules: each version of a fact once, and one small function to break it.

What a rule may do follows the design: a limit or duty seen at V1 or V2 forbids as law, and so does
a prohibition; a prohibition that is only remembered (M) or weakly sourced (V2s) forbids as the
lender's house rule; every other unverified value only warns; what was searched and not found (X)
does nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Literal

from peers.law.deals import Deal

Force = Literal["law", "house", "wider", "own", "claim", "warn"]
"""`wider`: a lender adopts a verified rule beyond its reach. `own`: the law leaves the figure to
the lender. `claim`: public money is claimed that is not to be had. All but `warn` forbid."""

Kind = Literal["limit", "prohibition", "adopted", "set_by_lender", "claim"]
Breaks = Callable[[Deal], bool]


@dataclass(frozen=True, slots=True)
class Rule:
    """One version of one fact, and the question whether a deal breaks it."""

    key: str
    instrument: str
    since: date
    until: date | None
    confidence: str
    kind: Kind
    lenders: frozenset[str] | None
    breaks: Breaks
    at_quote: bool = False

    @property
    def force(self) -> Force:
        """How strongly it speaks."""
        if self.kind == "claim":
            return "claim" if self.confidence in {"V1", "V2"} else "warn"
        if self.kind == "set_by_lender":
            return "own"
        if self.confidence in {"V1", "V2"}:
            return "wider" if self.kind == "adopted" else "law"
        return "house" if self.kind == "prohibition" else "warn"

    def binds(self, deal: Deal) -> bool:
        """Whether this version is in force for this lender on the day that governs."""
        if self.lenders is not None and deal.lender not in self.lenders:
            return False
        day = deal.first_day if self.at_quote else deal.on
        return self.since <= day and (self.until is None or day <= self.until)


@dataclass(frozen=True, slots=True)
class Verdict:
    """Every rule that a deal breaks, with the force it has."""

    broken: frozenset[tuple[str, Force]]

    @property
    def forbidding(self) -> frozenset[tuple[str, Force]]:
        """Those that forbid the deal."""
        return frozenset(one for one in self.broken if one[1] != "warn")

    @property
    def warning(self) -> frozenset[str]:
        """Keys of those that only warn."""
        return frozenset(key for key, force in self.broken if force == "warn")

    @property
    def allowed(self) -> bool:
        """Whether the deal may be offered."""
        return not self.forbidding


RULES: list[Rule] = []


def rule(
    key: str,
    instrument: str,
    since: date,
    confidence: str,
    *,
    kind: Kind = "limit",
    lenders: Iterable[str] | None = None,
    until: date | None = None,
    at_quote: bool = False,
) -> Callable[[Breaks], Breaks]:
    """Enter one version of one fact; the decorated function says whether a deal breaks it."""
    whom = None if lenders is None else frozenset(lenders)

    def enter(breaks: Breaks) -> Breaks:
        RULES.append(Rule(key, instrument, since, until, confidence, kind, whom, breaks, at_quote))
        return breaks

    return enter


def judge(deal: Deal) -> Verdict:
    """Ask every rule."""
    return Verdict(
        frozenset((r.key, r.force) for r in RULES if r.binds(deal) and r.breaks(deal)),
    )
