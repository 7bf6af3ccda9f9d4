"""What a close accrued for a shard's loans: sums that the general ledger holds, and their lines."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from markupsafe import Markup

from sanshi.documents.words import money
from sanshi.ledger.accruals import shard_of
from sanshi.web.language import mark
from sanshi.web.reader import Reader
from sanshi.web.workbench import addresses as at
from sanshi.web.workbench.cells import NOTHING, Cell, Line, account, coded, fen, ident
from sanshi.web.workbench.lists import Column, Listing, Sheet, listing
from sanshi.web.workbench.loan import Figure

Answer = Mapping[str, Any]

LINES = Sheet(
    mark("每笔借据的计提"),
    mark("每笔借据的计提"),
    mark("每笔借据的计提"),
    (
        Column(mark("借据"), lambda _, one: ident(one["loan_id"])),
        Column(mark("事项"), lambda r, one: coded(r, "component", one["component"])),
        Column(mark("借方"), lambda r, one: account(r, one["debit"])),
        Column(mark("贷方"), lambda r, one: account(r, one["credit"])),
        Column(mark("金额"), lambda _, one: fen(one["amount_fen"]), right=True),
    ),
    sorts=False,
)


def came_from(reader: Reader, line: Line) -> Cell:
    """Where a posting comes from: a thing with an id, or the close of a shard."""
    shard = shard_of(line["source"])
    if shard is None:
        return ident(line["source"])
    said = reader.say("日终 · 分片 {n}", n=shard + 1)
    return Cell(said, href=at.accruals(line["booking_date"], shard), plain=line["source"])


@dataclass(frozen=True, slots=True)
class Total:
    """What the lines of one component come to."""

    what: Markup
    debit: Cell
    credit: Cell
    lines: int
    amount_fen: int


@dataclass(frozen=True, slots=True)
class Accruals:
    """The page. `text`: the loan that was looked for; `torn`: nobody can read the file."""

    template: ClassVar[str] = "accruals"

    day: str
    number: int
    figures: tuple[Figure, ...]
    totals: tuple[Total, ...]
    lines: Listing
    text: str
    digest: str
    torn: bool
    posted: str


def accruals(reader: Reader, answer: Answer, query: Mapping[str, str]) -> Accruals:
    """Make the page from the answer of `desk_accruals`."""
    day, shard = answer["business_date"], answer["shard"]
    text = query.get("text", "").strip()
    return Accruals(
        day=day,
        number=shard + 1,
        figures=_figures(reader, answer),
        totals=tuple(_total(reader, one) for one in answer["totals"]),
        lines=listing(
            reader,
            LINES,
            {"rows": answer["lines"], "total": answer["total"], "offset": answer["offset"]},
            path=at.accruals(day, shard),
            query={"text": text},
        ),
        text=text,
        digest=answer["digest"],
        torn=not answer["totals"] and answer["rows"] > 0,
        posted=at.asked(at.POSTINGS, text=answer["source"], since=day, until=day),
    )


def _figures(reader: Reader, answer: Answer) -> tuple[Figure, ...]:
    say, totals = reader.say, answer["totals"]
    intact = answer["intact"]
    return (
        Figure(say("计提金额"), money(sum(one["amount_fen"] for one in totals)), NOTHING),
        Figure(say("行数"), str(sum(one["lines"] for one in totals)), NOTHING),
        Figure(
            say("文件"),
            str(say("完好") if intact else say("被改动")),
            say("指纹与入账时相同") if intact else say("指纹与入账时不同，请立即报告。"),
            "" if intact else "bad",
        ),
    )


def _total(reader: Reader, one: Answer) -> Total:
    return Total(
        what=coded(reader, "component", one["component"]).text,
        debit=account(reader, one["debit"]),
        credit=account(reader, one["credit"]),
        lines=one["lines"],
        amount_fen=one["amount_fen"],
    )
