"""Benefits 优惠与补贴 and who pays them: the typed content of packs.

A benefit says who funds it, on which base, up to which cap, in which order, when it reaches the
buyer and how sure that is. Figures that the law sets are named by their fact, never repeated.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from sanshi.catalogue.packed import Packed
from sanshi.catalogue.policies import Key, Name, Words
from sanshi.catalogue.vocabulary import COUNTRY
from sanshi.kernel.money import MAX_FEN

BenefitKind = Literal["spend_and_save", "trade_in", "interest_subsidy"]
Timing = Literal["at_checkout", "reimbursed_later", "at_interest_settlement"]
"""When it reaches the buyer."""

MERCHANT = "merchant"
"""Among funders: whichever shop sells the good."""

TIER = "$tier"
"""In a figure's part: stands for the good's tier, such as grade1 or nev."""


class Funder(Packed):
    """Who pays a benefit in the end 资金方; `rail_account` is where its money comes from."""

    id: Name
    zh: Words
    en: Words
    kind: Literal["government", "manufacturer", "platform"]
    rail_account: Words


class Figure(Packed):
    """A figure of a benefit: its own amount in fen, or a part of a policy fact."""

    fen: Annotated[int, Field(ge=0, le=MAX_FEN, strict=True)] | None = None
    fact: Key | None = None
    part: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _one_source(self) -> Self:
        if (self.fen is None) == (self.fact is None):
            raise ValueError("give either fen or fact")
        return self

    def part_for(self, tier: str) -> tuple[str, ...]:
        """Return the path into the fact for goods of a tier."""
        return tuple(tier if name == TIER else name for name in self.part)


class Share(Packed):
    """A funder's share: a weight, or a figure of a policy fact; weights need not sum to one.

    `funder` is a funder's id, or `merchant` for whichever shop sells the good.
    """

    funder: Name
    weight: Annotated[int, Field(ge=1, le=MAX_FEN, strict=True)] | Figure = 1


class Cap(Packed):
    """A ceiling on what one borrower may get of a subsidy through one lender.

    Args:
        per: `borrower` sums every loan; `small_tickets` those of purchases below the threshold;
            `transaction` counts each loan for itself.
    """

    figure: Figure
    per: Literal["borrower", "small_tickets", "transaction"]


class Eligibility(Packed):
    """Who and what an interest subsidy is for; each figure is a policy fact.

    A lender is covered when it is on the central list, or else by its supervisory rating.
    """

    products: Figure
    lenders: Figure
    lowest_rating: Figure
    large_ticket: Figure
    large_ticket_fields: Figure


class Benefit(Packed):
    """One benefit.

    Args:
        scheme: the trade-in scheme, a word of `trade_in.scheme`.
        goods: attribute of a good → the values it is for; empty: every good of its scenarios.
        products: loan products it comes with; empty: any way to pay, cash included.
        order: place in the stack; a later benefit sees the price after the earlier ones.
        timing: when it reaches the buyer.
        entitlement: `voucher`: held only by those who were given one; without it the buyer
            is told what else might be had, and nothing is deducted.
        region, valid_days: where vouchers are given, and for how many days.
        amount, share, cap: a fixed amount, or a share of the price up to a cap; of an interest
            subsidy, the annual rate.
        rate_share: largest share of the contract rate that may be subsidised.
        threshold: the least price; price_max: the highest, both before this benefit.
        goods_listed: codes of the goods a scheme covers.
        on_return: `proportional`: what was given for returned goods goes back to the funder.
    """

    id: Name
    zh: Words
    en: Words
    kind: BenefitKind
    scheme: Name | None = None
    scenarios: Annotated[tuple[Name, ...], Field(min_length=1)]
    merchants: tuple[Name, ...] = ()
    goods: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    products: tuple[Name, ...] = ()
    effective_from: date
    effective_to: date | None = None
    order: int
    timing: Timing
    entitlement: Literal["none", "voucher"] = "none"
    region: str = COUNTRY
    valid_days: Figure | None = None
    funders: Annotated[tuple[Share, ...], Field(min_length=1)]
    amount: Figure | None = None
    share: Figure | None = None
    cap: Figure | None = None
    rate_share: Figure | None = None
    threshold: Figure | None = None
    price_max: Figure | None = None
    goods_listed: Figure | None = None
    uses: Figure | None = None
    caps: tuple[Cap, ...] = ()
    eligibility: Eligibility | None = None
    on_return: Literal["proportional", "kept"] = "proportional"

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if self.kind == "trade_in" and self.scheme is None:
            raise ValueError("a trade-in benefit needs its scheme")
        if self.kind == "interest_subsidy":
            missing = [n for n in ("share", "rate_share", "eligibility") if not getattr(self, n)]
            if missing:
                raise ValueError(f"an interest subsidy needs {', '.join(missing)}")
            if self.timing != "at_interest_settlement":
                raise ValueError("an interest subsidy comes at_interest_settlement")
        if self.entitlement == "voucher" and self.valid_days is None:
            raise ValueError("vouchers need valid_days")
        if self.kind != "interest_subsidy" and self.amount is None and self.share is None:
            raise ValueError("give an amount or a share")
        return self

    def figures(self) -> tuple[Figure, ...]:
        """Return every figure it names."""
        own = (self.amount, self.share, self.cap, self.rate_share, self.threshold, self.price_max)
        more = (self.goods_listed, self.uses, self.valid_days, *(cap.figure for cap in self.caps))
        weights = (s.weight for s in self.funders if isinstance(s.weight, Figure))
        rules = self.eligibility
        eligible = tuple(getattr(rules, n) for n in Eligibility.model_fields) if rules else ()
        return tuple(f for f in (*own, *more, *weights, *eligible) if f is not None)
