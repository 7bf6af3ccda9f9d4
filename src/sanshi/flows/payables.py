"""What is payable to a shop that is paid T+n 应付商户款: the lines that captures and refunds make.

What was agreed on the day of a capture holds for it: its lines are made then and stay.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from sanshi.catalogue.products import SettlementAgreement
from sanshi.flows.loans import LoanFile
from sanshi.flows.world import World
from sanshi.kernel.dates import parse_date
from sanshi.kernel.effects import Effects, Insert, Json
from sanshi.ledger.settlement import Line, Terms, line_of_refund, lines_of_capture, settles_on
from sanshi.loan.state import MERCHANT_PAYABLE


@dataclass(frozen=True, slots=True)
class Source:
    """What makes lines: whose books, which shop, and the event (by its number) of which object."""

    entity: str
    merchant: str
    stream: str
    number: int = 0


def agreement_of(world: World, merchant: str) -> SettlementAgreement | None:
    """Return how a shop is paid; None: each loan at once."""
    return world.catalogue.merchants[merchant].settlement


def terms_of(agreed: SettlementAgreement) -> Terms:
    """Return an agreement as the ledger reads it."""
    return Terms(
        days=agreed.days,
        fee_ppm=agreed.fee_ppm,
        vat_ppm=agreed.vat_ppm,
        vat=agreed.vat,
        reserve_ppm=agreed.reserve_ppm,
        reserve_days=agreed.reserve_days,
    )


def told_of_capture(
    agreed: SettlementAgreement, merchant: str, captured_on: date
) -> dict[str, Json]:
    """Return what a loan's event says of how its shop is paid."""
    return {
        "through": MERCHANT_PAYABLE,
        "merchant": merchant,
        "refunds": agreed.refunds,
        "settles_on": settles_on(terms_of(agreed), captured_on).isoformat(),
    }


def capture_lines(
    world: World, source: Source, agreed: SettlementAgreement, amount_fen: int
) -> Effects:
    """Return the lines of goods handed over today."""
    day = world.clock.business_date()
    return kept(world, source, lines_of_capture(terms_of(agreed), amount_fen, day))


def netted_in(loan: LoanFile) -> date | None:
    """Return the day of the batch that pays a loan's capture, if refunds are netted there."""
    told = paid_through(loan)
    if told is None or told["refunds"] != "netted":
        return None
    return parse_date(told["settles_on"], "settles_on")


def paid_through(loan: LoanFile) -> Mapping[str, Json] | None:
    """Return what a loan's event says of how its shop is paid; None: at once."""
    for event in loan.events:
        if event.kind == "disbursed" and event.data.get("through") == MERCHANT_PAYABLE:
            return event.data
    return None


def refund_line(
    world: World, source: Source, line_id: str, amount_fen: int, capture_due_on: date
) -> Effects:
    """Return the line of a refund that comes off what the shop is owed."""
    line = line_of_refund(amount_fen, world.clock.business_date(), capture_due_on)
    return Effects(rows=(_row(source, line_id, line),))


def kept(world: World, source: Source, lines: Iterable[Line]) -> Effects:
    """Return the rows of new lines."""
    return Effects(rows=tuple(_row(source, world.ids.new("sl"), line) for line in lines))


def _row(source: Source, line_id: str, line: Line) -> Insert:
    return Insert(
        "settlement_line",
        {
            "line_id": line_id,
            "entity": source.entity,
            "merchant": source.merchant,
            "source": source.stream,
            "number": source.number,
            "kind": line.kind,
            "amount_fen": line.amount_fen,
            "due_on": line.due_on,
            "settlement_id": None,
        },
    )
