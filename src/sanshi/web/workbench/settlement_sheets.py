"""Sheets of settlement with shops: the batches, and the lines of one."""

from __future__ import annotations

from sanshi.web.language import mark
from sanshi.web.reader import Reader
from sanshi.web.workbench.cells import Cell, Line, coded, day, fen, ident, merchant, staged
from sanshi.web.workbench.lists import Column, Sheet

_DUE = mark("应付日")


def due(reader: Reader, line: Line) -> Cell:
    """The day on which the first of a batch was due; a batch that came later says by how much."""
    shown = day(line["due_on"])
    late = line["days_late"]
    if late <= 0:
        return shown
    return Cell(shown.text, under=reader.say("晚 {n} 天", n=late), plain=shown.plain)


SETTLEMENTS = Sheet(
    mark("商户结算"),
    mark("按约定 T+n 付款的商户每个账务日一批：货款减去退货、手续费和保证金，合并付一次。"),
    mark("与商户约定 T+n 结算之后，这里会列出每天付给每个商户的一批。"),
    (
        Column(mark("编号"), lambda _, one: ident(one["settlement_id"])),
        Column(mark("状态"), lambda r, one: staged(r, "settlement", one["stage"])),
        Column(mark("商户"), lambda r, one: merchant(r, one["merchant"]), "merchant"),
        Column(mark("账务日"), lambda _, one: day(one["settled_on"]), "settled"),
        Column(_DUE, due),
        Column(mark("应付金额"), lambda _, one: fen(one["paid_fen"]), "amount", right=True),
        Column(mark("结转下一批"), lambda _, one: fen(one["carried_fen"]), right=True),
    ),
    kind="settlement",
    kinds="merchant",
    kinds_title=mark("商户"),
    searched=mark("结算编号"),
    dated=mark("账务日"),
)
LINES = Sheet(
    mark("明细"),
    mark("明细"),
    mark("明细"),
    (
        Column(mark("事项"), lambda r, one: coded(r, "settlement_line", one["kind"])),
        Column(mark("金额"), lambda _, one: fen(one["amount_fen"]), right=True),
        Column(_DUE, lambda _, one: day(one["due_on"])),
        Column(mark("来源"), lambda _, one: ident(one["source"])),
        Column(mark("编号"), lambda _, one: ident(one["line_id"], "")),
    ),
    sorts=False,
)
