"""The chain of sealed days, and the ways to take the books along."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from markupsafe import Markup

from sanshi.web.language import mark
from sanshi.web.reader import Reader
from sanshi.web.workbench.cells import Cell
from sanshi.web.workbench.lists import Choice

Answer = Mapping[str, Any]

SIGNS: Mapping[str, str] = {
    "entity": mark("机构"),
    "booking_date": mark("记账日"),
    "postings": mark("分录数"),
    "amount_fen": mark("金额"),
    "previous": mark("前一指纹"),
    "root": mark("封账指纹"),
    "totals": mark("科目合计"),
}
"""What of a seal may not come out the same."""


@dataclass(frozen=True, slots=True)
class Link:
    """A sealed day; `previous` is the root that it was chained to."""

    day: str
    postings: int
    amount_fen: int
    root: str
    previous: str
    state: Cell | None


@dataclass(frozen=True, slots=True)
class Seals:
    """A month of the chain. `verdict`: what checking it came to, if anybody asked."""

    template: ClassVar[str] = "seals"

    month: str
    months: tuple[Choice, ...]
    days: tuple[Link, ...]
    verdict: Cell | None
    wrong: bool = False


def seals(reader: Reader, answer: Answer, *, wrong: bool = False) -> Seals:
    """Make the page from the answer of `desk_seals`."""
    return Seals(
        month=answer["month"],
        months=tuple(
            Choice(month, Markup("{}").format(month), month == answer["month"])
            for month in answer["months"]
        ),
        days=tuple(_link(reader, one, checked=answer["checked"]) for one in answer["days"]),
        verdict=_verdict(reader, answer) if answer["checked"] else None,
        wrong=wrong,
    )


def _verdict(reader: Reader, answer: Answer) -> Cell:
    say, count = reader.say, answer["broken"]
    if count:
        return Cell(say("{n} 天与分录对不上，请立即报告。", n=count), tone="bad")
    return Cell(say("这个月每一天都与分录相符，指纹一环扣一环。"), tone="good")


def _link(reader: Reader, one: Answer, *, checked: bool) -> Link:
    say = reader.say
    state = None
    if one["differs"]:
        what = "、" if reader.language == "zh" else ", "
        names = what.join(str(say(SIGNS[name])) for name in one["differs"])
        state = Cell(say("不符：{what}", what=names), tone="bad")
    elif checked:
        state = Cell(say("相符"), tone="good")
    return Link(
        day=one["day"],
        postings=one["postings"],
        amount_fen=one["amount_fen"],
        root=one["root"],
        previous=one["previous"],
        state=state,
    )
