"""Benefits of the real packs, and sales that come close to their edges."""

from __future__ import annotations

from datetime import date, timedelta

from sanshi.benefit.figures import Law
from sanshi.benefit.lines import Stack, Voucher
from sanshi.benefit.stack import Holder, Sale, at_checkout
from sanshi.catalogue.catalogue import Catalogue
from sanshi.catalogue.context import Context
from sanshi.catalogue.products import Good

IN_2026 = date(2026, 11, 2)


def law(catalogue: Catalogue, day: date, **changes: object) -> Law:
    fields: dict[str, object] = {
        "quote_date": day,
        "lender_type": "city_bank",
        "product_kind": "instalment_loan",
        "region": "CN-SH",
    }
    return Law(catalogue.rulebook, Context(**(fields | changes)))  # type: ignore[arg-type] # by name


def television(price_fen: int = 600_000, tier: str = "grade1") -> Good:
    return Good(
        sku="TV-1",
        zh="电视",
        en="television",
        scenario="smart_home",
        price_fen=price_fen,
        attributes={"category": "television", "trade_in_tier": tier},
    )


def voucher(day: date, days: int = 14) -> Voucher:
    return Voucher("vo_1", "appliance", "television", day, day + timedelta(days=days - 1))


def sold(
    catalogue: Catalogue,
    good: Good,
    day: date = IN_2026,
    holder: Holder | None = None,
    merchant: str = "haitai",
) -> Stack:
    held = Holder((voucher(day),)) if holder is None else holder
    return at_checkout(law(catalogue, day), catalogue.benefits.values(), Sale(good, merchant, held))
