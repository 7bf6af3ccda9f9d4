"""The plan picker 选择付款方式: cash first and equal, plans by lender, nothing preselected.

Made from the answer of `quote_purchase`. What is chosen so far comes as text from the address:
`plan` and, for each other thing of a bundle, `also.SKU`, each a plan's key or `cash`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from sanshi.documents.words import word
from sanshi.kernel.dates import SHANGHAI
from sanshi.web.consumer.cost import FullCost, full_cost
from sanshi.web.consumer.gauge import Gauge, gauge
from sanshi.web.consumer.receipt import Receipt, receipt
from sanshi.web.consumer.withheld import Withheld, withheld
from sanshi.web.reader import Reader

CASH = "cash"
"""The choice to pay in full."""

Answer = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class PlanCard:
    """One plan among others; `least`: of all plans it costs least, cash apart."""

    key: str
    term_months: int
    instalments: int
    first_fen: int
    level: bool
    rate_ppm: int
    cost_fen: int
    down_payment_fen: int
    subsidised: bool
    least: bool


@dataclass(frozen=True, slots=True)
class Block:
    """Plans of one product and method; all but a lender's first block fold away."""

    product: str
    method: str
    meaning: str
    lease: bool
    folds: bool
    cards: tuple[PlanCard, ...]


@dataclass(frozen=True, slots=True)
class LenderPlans:
    """A lender's plans, with the range of what they cost."""

    name: str
    blocks: tuple[Block, ...]
    low_ppm: int
    high_ppm: int

    @property
    def count(self) -> int:
        """How many plans."""
        return sum(len(block.cards) for block in self.blocks)


@dataclass(frozen=True, slots=True)
class Part:
    """One thing bought: its receipt, its ways to pay, and the one chosen ('' if none yet).

    `field` is the name under which the choice is sent.
    """

    field: str
    number: int
    sku: str
    name: str
    scene: str
    receipt: Receipt
    lenders: tuple[LenderPlans, ...]
    withheld: tuple[Withheld, ...]
    chosen: str
    cost: FullCost | None

    @property
    def plans(self) -> int:
        """How many plans are offered."""
        return sum(lender.count for lender in self.lenders)


@dataclass(frozen=True, slots=True)
class Checkout:
    """The page. `gauge` weighs all chosen plans together."""

    template: ClassVar[str] = "checkout"

    quote_id: str
    merchant: str
    until: str
    parts: tuple[Part, ...]
    in_full_fen: int
    gauge: Gauge | None

    @property
    def lenders(self) -> tuple[str, ...]:
        """The lenders of the chosen plans, or of all plans while none is chosen."""
        chosen = [part.cost.lender for part in self.parts if part.cost]
        offered = [lender.name for part in self.parts for lender in part.lenders]
        return tuple(dict.fromkeys(chosen or offered))

    @property
    def costs(self) -> tuple[FullCost, ...]:
        """The chosen plans."""
        return tuple(part.cost for part in self.parts if part.cost)

    @property
    def chosen(self) -> Mapping[str, str]:
        """What is chosen, as the address says it."""
        return {part.field: part.chosen for part in self.parts if part.chosen}

    @property
    def open(self) -> int:
        """How many things have no way to pay chosen yet."""
        return sum(not part.chosen for part in self.parts)

    @property
    def all_cash(self) -> bool:
        """Whether nothing is to be borrowed."""
        return all(part.chosen == CASH for part in self.parts)

    @property
    def mixed(self) -> bool:
        """Whether plans of different lenders are chosen, which no one decides on together."""
        return len({cost.lender for cost in self.costs}) > 1

    @property
    def first_fen(self) -> int:
        """The first instalments together."""
        return sum(cost.rows[0].payment_fen for cost in self.costs)

    @property
    def now_fen(self) -> int:
        """What is paid at once: down payments, and what is bought without credit."""
        cash = [part.receipt.net_price_fen for part in self.parts if part.chosen == CASH]
        return sum(cash) + sum(cost.down_payment_fen for cost in self.costs)

    @property
    def total_fen(self) -> int:
        """What is paid in all for what is chosen so far."""
        cash = [part.receipt.net_price_fen for part in self.parts if part.chosen == CASH]
        return sum(cash) + sum(cost.total_fen for cost in self.costs)


def checkout(reader: Reader, quoted: Answer, chosen: Mapping[str, str] | None = None) -> Checkout:
    """Make the page from an answer of `quote_purchase`; unknown choices count as none."""
    wanted = chosen or {}
    quotes = [quoted, *quoted["also"]]
    parts = [_part(reader, quote, number, wanted) for number, quote in enumerate(quotes, 1)]
    plans = [
        plan
        for quote, part in zip(quotes, parts, strict=True)
        for plan in quote["plans"]
        if plan["key"] == part.chosen
    ]
    until = datetime.fromisoformat(quoted["expires_at"]).astimezone(SHANGHAI)
    return Checkout(
        quote_id=quoted["quote_id"],
        merchant=reader.name(reader.merchant(quoted["merchant"])),
        until=f"{until:%H:%M}",
        parts=tuple(parts),
        gauge=gauge(reader, plans, quoted["asked"]),
        in_full_fen=quoted["bundle"]["without_credit"]["total_fen"],
    )


def _field(quote: Answer, number: int) -> str:
    return "plan" if number == 1 else f"also.{quote['sku']}"


def _part(reader: Reader, quote: Answer, number: int, wanted: Mapping[str, str]) -> Part:
    field = _field(quote, number)
    good = reader.good(quote["merchant"], quote["sku"])
    plans = {plan["key"]: plan for plan in quote["plans"]}
    choice = wanted.get(field, "")
    plan = plans.get(choice)
    known = plan is not None or choice == CASH
    benefits = plan["benefits"] if plan else quote["benefits"]
    return Part(
        field=field,
        number=number,
        sku=good.sku,
        name=reader.name(good),
        scene=reader.name(reader.catalogue.scenarios[quote["scenario"]]),
        receipt=receipt(reader, quote["merchant"], benefits),
        lenders=tuple(_lenders(reader, quote)),
        withheld=withheld(reader, quote["withheld"]),
        chosen=choice if known else "",
        cost=full_cost(reader, quote["merchant"], good.sku, plan) if plan else None,
    )


def _lenders(reader: Reader, quote: Answer) -> Iterator[LenderPlans]:
    plans: list[Answer] = quote["plans"]
    for code in dict.fromkeys(plan["lender"] for plan in plans):
        own = [plan for plan in plans if plan["lender"] == code]
        rates = [plan["disclosure"]["cn_irr_nominal_ppm"] or 0 for plan in own]
        yield LenderPlans(
            name=reader.lender(code),
            blocks=tuple(_blocks(reader, own, quote["best"]["with_credit"])),
            low_ppm=min(rates),
            high_ppm=max(rates),
        )


def _blocks(reader: Reader, plans: list[Answer], least: str) -> Iterator[Block]:
    kinds = dict.fromkeys((plan["product"], plan["terms"]["method"]) for plan in plans)
    for number, (code, method) in enumerate(kinds):
        product = reader.catalogue.products[code]
        cards = [
            _card(plan, least)
            for plan in plans
            if (plan["product"], plan["terms"]["method"]) == (code, method)
        ]
        yield Block(
            product=reader.name(product),
            method=word(f"method.{method}", reader.language),
            meaning=word(f"meaning.{method}", reader.language),
            lease=product.kind == "finance_lease",
            folds=number > 0,
            cards=tuple(cards),
        )


def _card(plan: Answer, least: str) -> PlanCard:
    payments = [row["payment_fen"] for row in plan["rows"]]
    return PlanCard(
        key=plan["key"],
        term_months=plan["terms"]["term_months"],
        instalments=len(payments),
        first_fen=payments[0],
        level=len(set(payments[:-1])) == 1,
        rate_ppm=plan["disclosure"]["cn_irr_nominal_ppm"] or 0,
        cost_fen=plan["disclosure"]["total_cost_fen"],
        down_payment_fen=plan["down_payment_fen"],
        subsidised=plan["after_subsidy"] is not None,
        least=plan["key"] == least,
    )
