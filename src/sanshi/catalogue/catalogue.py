"""The catalogue: the packs in use, looked up by name, with one hash over all of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from sanshi.catalogue.benefits import MERCHANT, Benefit, Funder
from sanshi.catalogue.charts import LedgerAccount
from sanshi.catalogue.lending import check_lending
from sanshi.catalogue.packed import Packed
from sanshi.catalogue.packs import KINDS, FileKind, Library
from sanshi.catalogue.products import Lender, Merchant, Product, Scenario
from sanshi.catalogue.rulebook import LPR, Context, Rulebook
from sanshi.catalogue.vocabulary import COUNTRY, PURPOSES
from sanshi.kernel.errors import InputError
from sanshi.kernel.reasons import ReasonTexts

ALL_KINDS: tuple[FileKind, ...] = (
    *KINDS,
    FileKind("lenders/*.yaml", "lenders", Lender, "id"),
    FileKind("products/*.yaml", "products", Product, "id"),
    FileKind("merchants/*.yaml", "merchants", Merchant, "id"),
    FileKind("scenarios/*.yaml", "scenarios", Scenario, "id"),
    FileKind("funders/*.yaml", "funders", Funder, "id"),
    FileKind("benefits/*.yaml", "benefits", Benefit, "id"),
)
"""Everything a pack may hold that this room reads."""

P = TypeVar("P", bound=Packed)


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Lenders, products, merchants, scenarios and law, ready to use."""

    lenders: Mapping[str, Lender]
    products: Mapping[str, Product]
    merchants: Mapping[str, Merchant]
    scenarios: Mapping[str, Scenario]
    funders: Mapping[str, Funder]
    benefits: Mapping[str, Benefit]
    accounts: Mapping[str, LedgerAccount]
    rulebook: Rulebook
    texts: ReasonTexts
    pack_hash: str

    def lpr_ppm(self, tenor: str, day: date) -> int | None:
        """Return the loan prime rate last known on a day, or None."""
        context = Context(
            quote_date=day, lender_type="city_bank", product_kind="instalment_loan", region=COUNTRY
        )
        limit = self.rulebook.value(LPR, context, (tenor,)).limit
        return limit if isinstance(limit, int) else None


def catalogue_of(library: Library) -> Catalogue:
    """Build the catalogue of a library, checking that every name it uses exists."""
    catalogue = Catalogue(
        lenders=_by_id(library, "lenders", Lender),
        products=_by_id(library, "products", Product),
        merchants=_by_id(library, "merchants", Merchant),
        scenarios=_by_id(library, "scenarios", Scenario),
        funders=_by_id(library, "funders", Funder),
        benefits=_by_id(library, "benefits", Benefit),
        accounts=library.accounts,
        rulebook=Rulebook(library),
        texts=library.texts,
        pack_hash=library.hash(),
    )
    _check_names(catalogue)
    check_lending(
        library.facts, catalogue.lenders, catalogue.products, catalogue.merchants.values()
    )
    _check_benefits(catalogue, library)
    return catalogue


def _by_id(library: Library, kind: str, model: type[P]) -> dict[str, P]:
    items = [item for item in library.listed(kind) if isinstance(item, model)]
    return {item.model_dump(include={"id"})["id"]: item for item in items}


def _check_names(catalogue: Catalogue) -> None:
    for one in catalogue.lenders.values():
        for account in one.ledger_codes:
            _known(account, catalogue.accounts, f"lenders.{one.id}.ledger_codes")
    for product in catalogue.products.values():
        _known(product.lender, catalogue.lenders, f"products.{product.id}.lender")
        for scenario in product.scenarios:
            _known(scenario, catalogue.scenarios, f"products.{product.id}.scenarios")
        if product.prices[-1].up_to_months < max(product.terms_months):
            raise InputError(
                "pack.no_price",
                f"{product.id} offers a term for which it has no price.",
                field=f"products.{product.id}.prices",
                fix="Add a price up to the longest term.",
            )
    for merchant in catalogue.merchants.values():
        for lender in merchant.lenders:
            _known(lender, catalogue.lenders, f"merchants.{merchant.id}.lenders")
        for good in merchant.goods:
            _known(good.scenario, catalogue.scenarios, f"merchants.{merchant.id}.{good.sku}")
    for scene in catalogue.scenarios.values():
        _known(scene.purpose, PURPOSES, f"scenarios.{scene.id}.purpose")


def _check_benefits(catalogue: Catalogue, library: Library) -> None:
    funders = {**catalogue.funders, MERCHANT: None}
    for benefit in catalogue.benefits.values():
        at = f"benefits.{benefit.id}"
        for names, known, field in (
            (benefit.scenarios, catalogue.scenarios, "scenarios"),
            (benefit.merchants, catalogue.merchants, "merchants"),
            (benefit.products, catalogue.products, "products"),
            ([share.funder for share in benefit.funders], funders, "funders"),
        ):
            for name in names:
                _known(name, known, f"{at}.{field}")
        for figure in benefit.figures():
            if figure.fact is not None:
                _known(figure.fact, library.facts, at)


def _known(name: str, names: Mapping[str, object], field: str) -> None:
    if name not in names:
        raise InputError(
            "pack.unknown_name",
            f"{name!r} is not defined in any pack in use.",
            field=field,
            fix=f"Use one of: {', '.join(sorted(names))}, or add it.",
        )
