"""Checks on what lenders and merchants of the packs say, beyond the types of their fields."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from sanshi.catalogue.observables import ATTRIBUTES
from sanshi.catalogue.policies import PolicyFact
from sanshi.catalogue.products import Good, Lender, Merchant, Product
from sanshi.kernel.errors import InputError
from sanshi.kernel.money import PPM

_NEVER_LEND = frozenset({"payment_institution", "merchant"})


def check_lending(
    facts: Mapping[str, PolicyFact],
    lenders: Mapping[str, Lender],
    products: Mapping[str, Product],
    merchants: Iterable[Merchant],
) -> None:
    """Refuse house values nobody left to a lender, products not its to sell, unknown words."""
    for lender in lenders.values():
        _check_lender(lender, facts)
    for product in products.values():
        _check_kind(product, lenders[product.lender])
    for merchant in merchants:
        _check_settlement(merchant)
        for good in merchant.goods:
            _check_good(good, f"merchants.{merchant.id}.{good.sku}.attributes")


def _check_lender(lender: Lender, facts: Mapping[str, PolicyFact]) -> None:
    if lender.lender_type in _NEVER_LEND:
        raise InputError(
            "pack.never_lends",
            f"A {lender.lender_type} does not lend.",
            field=f"lenders.{lender.id}.lender_type",
            fix="Name the licensed lender behind it.",
        )
    left = {
        key
        for key, fact in facts.items()
        if any(version.value_kind == "set_by_lender" for version in fact.versions)
    }
    for key in lender.house.values:
        if key not in left:
            raise InputError(
                "pack.not_left_to_lenders",
                f"No policy fact in use leaves {key!r} to the lender.",
                field=f"lenders.{lender.id}.house.values",
                fix=f"Left to lenders: {', '.join(sorted(left)) or 'nothing'}.",
            )


def _check_kind(product: Product, lender: Lender) -> None:
    """A lease is a leasing company's, and only that: the rules on loans do not see a lease."""
    if (product.kind == "finance_lease") != (lender.lender_type == "leasing"):
        raise InputError(
            "pack.kind_of_lender",
            f"A {lender.lender_type} does not sell a {product.kind}.",
            field=f"products.{product.id}.kind",
            fix="finance_lease belongs to leasing companies, every other kind to other lenders.",
        )


def _check_settlement(merchant: Merchant) -> None:
    """What is kept of a capture leaves something, and what is held back comes back some day."""
    agreed = merchant.settlement
    if agreed is None:
        return
    vat_ppm = agreed.vat_ppm if agreed.vat == "added" else 0
    if agreed.fee_ppm * (PPM + vat_ppm) + agreed.reserve_ppm * PPM >= PPM * PPM:
        raise InputError(
            "pack.settlement_takes_all",
            "Fee, its VAT and reserve together leave the shop nothing.",
            field=f"merchants.{merchant.id}.settlement",
            fix="Lower fee_ppm or reserve_ppm.",
        )
    if bool(agreed.reserve_ppm) != bool(agreed.reserve_days):
        raise InputError(
            "pack.settlement_reserve",
            "A reserve needs both a share and the days that it is held.",
            field=f"merchants.{merchant.id}.settlement.reserve_days",
            fix="Give both reserve_ppm and reserve_days, or neither.",
        )


def _check_good(good: Good, field: str) -> None:
    for name, value in good.attributes.items():
        known = ATTRIBUTES.get(name)
        if known is not None and not known.accepts(value):
            raise InputError(
                "pack.attribute_value",
                f"{name} never has the value {value!r}.",
                field=field,
                fix=f"Use one of: {', '.join(known.values) or 'true, false'}.",
            )
