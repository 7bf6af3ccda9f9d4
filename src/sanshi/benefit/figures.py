"""Figures of a benefit: its own, or those of the law in force on the day that decides."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sanshi.catalogue.active import Value
from sanshi.catalogue.benefits import MERCHANT, Figure, Share
from sanshi.catalogue.policies import Tree
from sanshi.catalogue.rulebook import Context, Rulebook
from sanshi.kernel.errors import ImpossibleError
from sanshi.kernel.money import split_fen
from sanshi.kernel.reasons import Reason


@dataclass(frozen=True, slots=True)
class Law:
    """Where figures are looked up: the rules of a place, for a lender and product, on a day."""

    rulebook: Rulebook
    context: Context

    @property
    def day(self) -> date:
        """The day of spending 消费日, under whose rules benefits stand."""
        return self.context.day("spend")

    def whole(self, figure: Figure, tier: str = "") -> int | Reason:
        """Return a figure as a whole number (fen, ppm, count), or why there is none."""
        if figure.fen is not None:
            return figure.fen
        found = self.tree(figure, tier)
        if isinstance(found, Reason):
            return found
        if isinstance(found, bool) or not isinstance(found, int):
            return Reason("benefit.not_for_this_class", {"class": tier})
        return found

    def codes(self, figure: Figure) -> frozenset[str] | None:
        """Return a list of codes, or None where the law in force names none."""
        found = self.tree(figure)
        return found if isinstance(found, frozenset) else None

    def since(self, figure: Figure) -> date | None:
        """Return the first day of the version in force; its period counts for itself."""
        value = self._value(figure, "")
        return value.found.stated.effective_from if value.found.stated is not None else None

    def until(self, figure: Figure) -> date | None:
        """Return the last day of the version in force; None: no end is stated."""
        value = self._value(figure, "")
        return value.found.stated.effective_to if value.found.stated is not None else None

    def tree(self, figure: Figure, tier: str = "") -> Tree | Reason:
        """Return a part of a fact in force, or why nothing is in force."""
        value = self._value(figure, tier)
        version = value.found.stated.version if value.found.stated is not None else None
        match value.found.state:
            case "in_force":
                return value.limit
            case "lapsed":
                ended = version.effective_to if version is not None else None
                return Reason("benefit.lapsed", {"to": ended.isoformat() if ended else None})
            case "not_yet":
                begins = version.effective_from if version is not None else None
                return Reason("benefit.not_yet", {"from": begins.isoformat() if begins else None})
            case "out_of_reach":
                return Reason("benefit.not_for_this_lender", {})

    def _value(self, figure: Figure, tier: str) -> Value:
        if figure.fact is None:
            raise ImpossibleError("benefit.figure", "This figure names no fact.", field="fact")
        return self.rulebook.value(figure.fact, self.context, figure.part_for(tier))


def shared_out(
    law: Law, shares: Sequence[Share], amount_fen: int, merchant: str
) -> tuple[tuple[str, int], ...]:
    """Split an amount among its funders by their weights; the parts sum to it exactly."""
    weights = weights_of(law, shares, merchant)
    parts = split_fen(amount_fen, [weight for _, weight in weights])
    return tuple((funder, part) for (funder, _), part in zip(weights, parts, strict=True) if part)


def weights_of(law: Law, shares: Sequence[Share], merchant: str) -> tuple[tuple[str, int], ...]:
    """Return each funder with its weight."""
    return tuple(
        (merchant if share.funder == MERCHANT else share.funder, _weight(law, share))
        for share in shares
    )


def _weight(law: Law, share: Share) -> int:
    if isinstance(share.weight, int):
        return share.weight
    weight = law.whole(share.weight)
    if isinstance(weight, Reason):
        raise ImpossibleError(
            "benefit.weight",
            f"The share of {share.funder} is not in force though its benefit is.",
            field="funders",
            fix="Give the fact of the shares the dates of the benefit's own facts.",
        )
    return weight
