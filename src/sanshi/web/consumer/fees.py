"""Contracts and fees 合同与收费说明: what each lender offers and its price, before any quote."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from sanshi.catalogue.products import Product
from sanshi.documents.words import word
from sanshi.quote.terms import penalty_rate
from sanshi.web.reader import Reader


@dataclass(frozen=True, slots=True)
class Offered:
    """A product: its rates and terms, and what being late costs."""

    name: str
    methods: tuple[str, ...]
    low_ppm: int
    high_ppm: int
    terms_months: tuple[int, ...]
    min_fen: int
    max_fen: int
    late_low_ppm: int
    late_high_ppm: int
    grace_days: int


@dataclass(frozen=True, slots=True)
class Lending:
    """A lender with its products."""

    name: str
    products: tuple[Offered, ...]


@dataclass(frozen=True, slots=True)
class Fees:
    """The page, as of a day."""

    template: ClassVar[str] = "fees"

    as_of: date
    lending: tuple[Lending, ...]
    lenders: tuple[str, ...] = ()


def fees(reader: Reader, day: date) -> Fees:
    """Make the page from the packs in force on a day."""
    lending = []
    for code in sorted(reader.catalogue.lenders):
        products = tuple(_offered(reader, one) for one in _of(reader, code, day))
        if products:
            lending.append(Lending(reader.lender(code), products))
    return Fees(day, tuple(lending))


def _of(reader: Reader, lender: str, day: date) -> Iterator[Product]:
    for product in _by_name(reader.catalogue.products.values()):
        begun = product.effective_from <= day
        over = product.effective_to is not None and product.effective_to < day
        if product.lender == lender and begun and not over:
            yield product


def _by_name(products: Iterable[Product]) -> list[Product]:
    return sorted(products, key=lambda product: product.id)


def _offered(reader: Reader, product: Product) -> Offered:
    rates = [price.rate_ppm for price in product.prices]
    return Offered(
        name=reader.name(product),
        methods=tuple(word(f"method.{method}", reader.language) for method in product.methods),
        low_ppm=min(rates),
        high_ppm=max(rates),
        terms_months=product.terms_months,
        min_fen=product.amount_min_fen,
        max_fen=product.amount_max_fen,
        late_low_ppm=penalty_rate(min(rates), product.penalty_markup_ppm),
        late_high_ppm=penalty_rate(max(rates), product.penalty_markup_ppm),
        grace_days=product.grace_days,
    )
