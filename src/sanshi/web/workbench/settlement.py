"""One settlement with a shop: what it comes to, its lines, and what became of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from markupsafe import Markup

from sanshi.documents.words import money
from sanshi.web.reader import Reader
from sanshi.web.workbench import addresses as at
from sanshi.web.workbench.cells import NOTHING, Cell, coded, day, ident, merchant, staged
from sanshi.web.workbench.lists import Listing, listing
from sanshi.web.workbench.loan import Entry, Figure, payment_entry, posting_entry
from sanshi.web.workbench.settlement_sheets import LINES, due

Answer = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Settlement:
    """The page. `left`: what the next batch takes up, and where that is seen, if anything."""

    template: ClassVar[str] = "settlement"

    settlement_id: str
    merchant: Markup
    stage: Cell
    settled_on: str
    figures: tuple[Figure, ...]
    left: tuple[Markup, Cell] | None
    totals: tuple[tuple[Markup, int, int], ...]
    sum_fen: int
    lines: Listing
    events: tuple[tuple[Markup, str], ...]
    payments: tuple[Entry, ...]
    postings: tuple[Entry, ...]
    posted: str
    paid: str


def settlement(reader: Reader, answer: Answer) -> Settlement:
    """Make the page from the answer of `desk_settlement`."""
    settlement_id = answer["settlement_id"]
    return Settlement(
        settlement_id=settlement_id,
        merchant=merchant(reader, answer["merchant"]).text,
        stage=staged(reader, "settlement", answer["stage"]),
        settled_on=answer["settled_on"],
        figures=_figures(reader, answer),
        left=_left(reader, answer["left"]) if answer["left"] else None,
        totals=tuple(
            (
                coded(reader, "settlement_line", one["kind"]).text,
                one["count"],
                one["amount_fen"],
            )
            for one in answer["totals"]
            if one["count"]
        ),
        sum_fen=sum(one["amount_fen"] for one in answer["totals"]),
        lines=listing(
            reader,
            LINES,
            {"rows": answer["lines"], "total": answer["total"], "offset": answer["offset"]},
            path=at.one(at.SETTLEMENTS, settlement_id),
            query={},
        ),
        events=tuple(
            (coded(reader, "settlement_event", one["kind"]).text, one["day"])
            for one in answer["events"]
        ),
        payments=tuple(payment_entry(reader, one) for one in reversed(answer["payments"])),
        postings=tuple(posting_entry(reader, one) for one in reversed(answer["postings"])),
        posted=at.asked(at.POSTINGS, text=settlement_id),
        paid=at.asked(at.PAYMENTS, text=settlement_id),
    )


def _figures(reader: Reader, answer: Answer) -> tuple[Figure, ...]:
    say = reader.say
    first = due(reader, answer)
    sums = {one["kind"]: one["amount_fen"] for one in answer["totals"]}
    held_fen = -sums["reserve_held"] - sums["reserve_released"]
    failed = answer["stage"] == "failed"
    return (
        Figure(
            say("应付金额"),
            money(answer["paid_fen"]),
            say("通道没有付成") if failed else NOTHING,
            "bad" if failed else "",
        ),
        Figure(say("手续费和增值税"), money(-sums["fee"] - sums["fee_vat"]), NOTHING),
        Figure(
            say("保证金净增"),
            money(held_fen),
            say(
                "扣留 {held}，释放 {released}",
                held=money(-sums["reserve_held"]),
                released=money(sums["reserve_released"]),
            ),
        ),
        Figure(say("结转下一批"), money(answer["carried_fen"]), NOTHING),
        Figure(say("应付日"), first.exported, first.under, "bad" if first.under else ""),
    )


def _left(reader: Reader, left: Answer) -> tuple[Markup, Cell]:
    """Say what the next batch takes up, and which one took it or from when it waits."""
    say = reader.say
    said = (
        say("没有付成的 {fen} 转入下一批", fen=money(left["amount_fen"]))
        if left["kind"] == "unpaid"
        else say("商户倒欠的 {fen} 从下一批扣", fen=money(-left["amount_fen"]))
    )
    if left["taken_by"]:
        return said, ident(left["taken_by"])
    return said, Cell(say("{day} 起", day=day(left["due_on"]).text))
