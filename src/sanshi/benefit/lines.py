"""Lines of a stack of benefits: what each gives, who pays it, when, and how surely."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Literal

from sanshi.catalogue.benefits import BenefitKind, Timing
from sanshi.kernel.reasons import Reason

Certainty = Literal["held", "conditional"]
"""held: it is the buyer's; conditional: it may still not come, and stands in no headline."""


@dataclass(frozen=True, slots=True)
class Voucher:
    """A right to a subsidy 补贴资格 that a person was given; `category` is the kind of good."""

    voucher_id: str
    scheme: str
    category: str
    valid_from: date
    valid_to: date

    def covers(self, scheme: str, category: str, day: date) -> bool:
        """Say whether it is for this and good on this day."""
        fits = (self.scheme, self.category) == (scheme, category)
        return fits and self.valid_from <= day <= self.valid_to


@dataclass(frozen=True, slots=True)
class Line:
    """One benefit of one purchase or loan.

    Args:
        base_fen: what it is worked out on: the price after earlier lines, or the interest.
        funded: (funder, fen), summing to `amount_fen`; a merchant's own share carries its id.
        scheme, tier, category: what a trade-in line claims; empty otherwise.
        voucher_id: the voucher it uses up; empty for none.
        use: which time this year the person uses it, counting this one; 0 if nobody counts.
    """

    benefit: str
    kind: BenefitKind
    timing: Timing
    certainty: Certainty
    base_fen: int
    amount_fen: int
    funded: tuple[tuple[str, int], ...]
    scheme: str = ""
    tier: str = ""
    category: str = ""
    voucher_id: str = ""
    use: int = 0

    @property
    def reduces_price(self) -> bool:
        """Whether it lowers what is due or financed: held, and given at the checkout."""
        return self.timing == "at_checkout" and self.certainty == "held"

    def as_json(self) -> dict[str, Any]:
        """Return the stored form."""
        return {
            "benefit": self.benefit,
            "kind": self.kind,
            "timing": self.timing,
            "certainty": self.certainty,
            "base_fen": self.base_fen,
            "amount_fen": self.amount_fen,
            "funded": [{"funder": funder, "amount_fen": fen} for funder, fen in self.funded],
            "scheme": self.scheme,
            "tier": self.tier,
            "category": self.category,
            "voucher_id": self.voucher_id,
            "use": self.use,
        }

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Line:
        """Read the stored form."""
        funded = tuple((part["funder"], part["amount_fen"]) for part in stored["funded"])
        return cls(**{**stored, "funded": funded})


@dataclass(frozen=True, slots=True)
class Dropped:
    """A benefit that was looked at and is not to be had, and why."""

    benefit: str
    reason: Reason

    def as_json(self) -> dict[str, Any]:
        """Return the stored form."""
        return {"benefit": self.benefit, "reason": self.reason.as_json()}


@dataclass(frozen=True, slots=True)
class Stack:
    """What benefits come to for one purchase, in order."""

    price_fen: int
    lines: tuple[Line, ...] = ()
    dropped: tuple[Dropped, ...] = ()

    @property
    def net_price_fen(self) -> int:
        """What the buyer pays or borrows: only lines held and given at the checkout count."""
        return self.price_fen - sum(line.amount_fen for line in self.lines if line.reduces_price)

    @property
    def trade_in(self) -> Line | None:
        """The trade-in line that the buyer has, if any, at the checkout or later."""
        held = (one for one in self.lines if one.kind == "trade_in" and one.certainty == "held")
        return next(held, None)

    @property
    def still_to_come_fen(self) -> int:
        """Trade-in money that reaches the buyer later; the price basis of a car is less by it."""
        return sum(
            line.amount_fen
            for line in self.lines
            if line.kind == "trade_in" and line.timing == "reimbursed_later"
        )

    def given_by(self, funders: frozenset[str]) -> int:
        """Return what these funders give at the checkout, in fen."""
        return sum(
            fen
            for line in self.lines
            if line.reduces_price
            for funder, fen in line.funded
            if funder in funders
        )

    def with_more(self, lines: tuple[Line, ...], dropped: tuple[Dropped, ...]) -> Stack:
        """Add what comes with one loan product."""
        return replace(self, lines=self.lines + lines, dropped=self.dropped + dropped)

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Stack:
        """Read the stored form; why others were dropped is not needed any more."""
        return cls(stored["price_fen"], tuple(Line.from_json(line) for line in stored["lines"]))

    def as_json(self) -> dict[str, Any]:
        """Return the stored form."""
        return {
            "price_fen": self.price_fen,
            "net_price_fen": self.net_price_fen,
            "lines": [line.as_json() for line in self.lines],
            "dropped": [one.as_json() for one in self.dropped],
        }
