"""Settle with a shop 商户结算: what is payable to it, from which day, and what a batch comes to.

Everything is a line: an amount in whole fen, positive for the shop, payable from a business day.
A capture makes its lines at once, under the terms in force on its day; a batch takes what is due.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal, get_args

from sanshi.kernel.dates import roll
from sanshi.kernel.errors import ImpossibleError, InputError
from sanshi.kernel.money import PPM, div_round, share_ppm

LineKind = Literal[
    "capture",
    "refund",
    "fee",
    "fee_vat",
    "reserve_held",
    "reserve_released",
    "carried",
    "unpaid",
]
LINE_KINDS: tuple[LineKind, ...] = get_args(LineKind)
PAYABLE: frozenset[LineKind] = frozenset({"capture", "refund", "carried", "unpaid"})
"""Kinds that are owed to the shop as soon as they are known; the others, once a batch takes them.

The first two are what loans put there; `carried` and `unpaid` are what a batch left behind.
"""

VatBearer = Literal["included", "added"]
"""Who bears the VAT 增值税 on the fee: the lender out of it, or the shop on top of it."""


@dataclass(frozen=True, slots=True)
class Terms:
    """What a lender and a shop agreed, as it stood when goods were handed over.

    Args:
        days: business days from the capture to the batch that pays it T+n.
        fee_ppm: share of what was captured that the lender keeps.
        vat_ppm: VAT rate on the fee; the lender's own figure, no fact of the law here.
        vat: who bears it.
        reserve_ppm: share of what was captured that is held back 保证金.
        reserve_days: days (of any kind) that it is held after the batch.
    """

    days: int
    fee_ppm: int = 0
    vat_ppm: int = 0
    vat: VatBearer = "included"
    reserve_ppm: int = 0
    reserve_days: int = 0

    def __post_init__(self) -> None:
        """Refuse terms that take more than there is."""
        rates = (self.fee_ppm, self.vat_ppm, self.reserve_ppm)
        if min(self.days, self.reserve_days, *rates) < 0:
            raise InputError("settlement.negative", "No term is negative.", field="settlement")
        vat_ppm = self.vat_ppm if self.vat == "added" else 0
        if self.fee_ppm * (PPM + vat_ppm) + self.reserve_ppm * PPM > PPM * PPM:
            raise InputError(
                "settlement.too_much",
                "Fee, its VAT and reserve together take more than was captured.",
                field="settlement",
                fix="Lower fee_ppm or reserve_ppm.",
            )


@dataclass(frozen=True, slots=True)
class Line:
    """An amount payable from `due_on`; positive for the shop."""

    kind: LineKind
    amount_fen: int
    due_on: date


@dataclass(frozen=True, slots=True)
class Fee:
    """A fee and the VAT on it: `net_fen` is the lender's income, `vat_fen` the treasury's."""

    net_fen: int
    vat_fen: int

    @property
    def gross_fen(self) -> int:
        """What the shop bears."""
        return self.net_fen + self.vat_fen


@dataclass(frozen=True, slots=True)
class Batch:
    """What the lines of one batch come to: paid now, or carried to the next when negative."""

    paid_fen: int
    carried_fen: int


def settles_on(terms: Terms, captured_on: date) -> date:
    """Return the business day T+n of a capture; one on a day off counts from the next that works.

    T+1 of a Sunday's capture is Tuesday: Monday is its T.
    """
    day = roll(captured_on, "following")
    for _ in range(terms.days):
        day = next_day(day)
    return day


def next_day(day: date) -> date:
    """Return the next business day."""
    return roll(day + timedelta(days=1), "following")


def fee_on(terms: Terms, amount_fen: int) -> Fee:
    """Return the fee on an amount: rounded half up once, then split so that nothing is lost."""
    fee_fen = share_ppm(amount_fen, terms.fee_ppm, "half_up")
    if terms.vat == "added":
        return Fee(fee_fen, share_ppm(fee_fen, terms.vat_ppm, "half_up"))
    net_fen = div_round(fee_fen * PPM, PPM + terms.vat_ppm, "half_up")
    return Fee(net_fen, fee_fen - net_fen)


def lines_of_capture(terms: Terms, amount_fen: int, captured_on: date) -> tuple[Line, ...]:
    """Return what a capture makes payable and what is kept of it; lines of nothing are left out.

    Fee and VAT may each round up by half a fen: the reserve then gives way, so that a capture
    never costs the shop more than it brings.
    """
    if amount_fen <= 0:
        raise ImpossibleError("settlement.nothing", f"A capture of {amount_fen} fen is none.")
    due_on = settles_on(terms, captured_on)
    fee = fee_on(terms, amount_fen)
    vat_fen = min(fee.vat_fen, amount_fen - fee.net_fen)
    rest_fen = amount_fen - fee.net_fen - vat_fen
    reserve_fen = min(share_ppm(amount_fen, terms.reserve_ppm, "half_up"), rest_fen)
    released_on = roll(due_on + timedelta(days=terms.reserve_days), "following")
    lines = (
        Line("capture", amount_fen, due_on),
        Line("fee", -fee.net_fen, due_on),
        Line("fee_vat", -vat_fen, due_on),
        Line("reserve_held", -reserve_fen, due_on),
        Line("reserve_released", reserve_fen, released_on),
    )
    return tuple(line for line in lines if line.amount_fen)


def line_of_refund(amount_fen: int, returned_on: date, capture_due_on: date) -> Line:
    """Return what a refund takes from the shop: with its capture's batch, or the next after it.

    The fee on the capture is kept: the service was rendered.
    """
    if amount_fen <= 0:
        raise ImpossibleError("settlement.nothing", f"A refund of {amount_fen} fen is none.")
    return Line("refund", -amount_fen, max(roll(returned_on, "following"), capture_due_on))


def due(lines: Iterable[Line], day: date) -> tuple[Line, ...]:
    """Return the lines that a batch of a day takes."""
    return tuple(line for line in lines if line.due_on <= day)


def batch_of(lines: Iterable[Line]) -> Batch:
    """Add a batch up: what is positive is paid, what is negative is carried to the next."""
    total_fen = sum(line.amount_fen for line in lines)
    return Batch(max(total_fen, 0), min(total_fen, 0))


def left_behind(batch: Batch, day: date, *, failed: bool) -> Line | None:
    """Return the line by which the next batch takes up what this one could not do, if anything."""
    if failed:
        return Line("unpaid", batch.paid_fen, roll(day, "following")) if batch.paid_fen else None
    return Line("carried", batch.carried_fen, next_day(day)) if batch.carried_fen else None
