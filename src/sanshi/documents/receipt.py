"""Who pays what: benefits of a plan in the reader's words, given ones apart from mere chances.

What lowers the price stands in the receipt. Everything that is conditional or comes later stands
under "may also receive" 另可能获得 and is part of no other figure.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sanshi.documents.values import BenefitLine, DisclosureValues
from sanshi.kernel.reasons import Language

_SUBSIDY_RATE = "fiscal_subsidy.rate_ppm"
"""Measured on every plan that claims the interest subsidy, against the law's rate of the day."""


@dataclass(frozen=True, slots=True)
class Item:
    """One benefit: `certainty` and `timing` have their own words; `last_day` ends a policy.

    `payers` are names, each with the fen it pays.
    `goes_back` is whether third parties get their part back with returned goods.
    """

    name: str
    kind: str
    timing: str
    certainty: str
    base_fen: int
    amount_fen: int
    payers: tuple[tuple[str, int], ...]
    by_voucher: bool
    goes_back: bool
    last_day: date | None


@dataclass(frozen=True, slots=True)
class Receipt:
    """`given` lowers the price; `later` may come; `subsidy` is the one of those on interest."""

    given: tuple[Item, ...]
    later: tuple[Item, ...]

    @property
    def subsidy(self) -> Item | None:
        """The interest subsidy, if it may come."""
        found = (item for item in self.later if item.timing == "at_interest_settlement")
        return next(found, None)

    @property
    def vouchers(self) -> tuple[Item, ...]:
        """The benefits that used a voucher up."""
        return tuple(item for item in self.given if item.by_voucher)

    @property
    def returned(self) -> tuple[Item, ...]:
        """The benefits that go back to their funders with returned goods."""
        return tuple(item for item in self.given if item.goes_back)

    @property
    def kept(self) -> tuple[Item, ...]:
        """The benefits that stay given when goods go back."""
        return tuple(item for item in self.given if not item.goes_back)


def receipt(document: DisclosureValues, language: Language) -> Receipt:
    """Sort a plan's benefits; an interest subsidy that lapsed since the quote is left out."""
    lines = document.plan.benefits.lines
    may_come = _subsidy_stands(document)
    return Receipt(
        _items(document, (line for line in lines if line.reduces_price), language),
        _items(
            document,
            (
                line
                for line in lines
                if not line.reduces_price and (may_come or line.kind != "interest_subsidy")
            ),
            language,
        ),
    )


def _items(
    document: DisclosureValues, lines: Iterable[BenefitLine], language: Language
) -> tuple[Item, ...]:
    return tuple(_item(document, line, language) for line in lines)


def _item(document: DisclosureValues, line: BenefitLine, language: Language) -> Item:
    benefit = document.names.benefits[line.benefit]
    return Item(
        name=benefit.said(language),
        kind=line.kind,
        timing=line.timing,
        certainty=line.certainty,
        base_fen=line.base_fen,
        amount_fen=line.amount_fen,
        payers=tuple(
            (document.names.funders[part.funder].said(language), part.amount_fen)
            for part in line.funded
        ),
        by_voucher=bool(line.voucher_id),
        goes_back=benefit.on_return == "proportional",
        last_day=_last_day(document) if line.kind == "interest_subsidy" else None,
    )


def _subsidy_stands(document: DisclosureValues) -> bool:
    """Say whether the certificate at hand, perhaps made later than the plan, still allows it."""
    return any(
        seen.name == _SUBSIDY_RATE and finding.result == "pass"
        for finding in document.certificate.findings
        for seen in finding.observed
    )


def _last_day(document: DisclosureValues) -> date | None:
    ends = (
        finding.effective_to
        for finding in document.certificate.findings
        if any(seen.name == _SUBSIDY_RATE for seen in finding.observed)
    )
    return next(ends, None)
