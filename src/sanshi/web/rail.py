"""The life rail 报价 → … → 到期删除: where a loan stands among the nine stops."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from markupsafe import Markup

from sanshi.web.language import mark
from sanshi.web.reader import Reader

State = Literal["done", "now", "warn", "ahead"]

QUOTED, CONSENTED, DECIDED, SIGNED, PAID_OUT, USED, REPAYING, SETTLED, ERASED = range(9)
"""The stops, in the order of a loan's life."""

_STOPS: tuple[str, ...] = (
    mark("报价"),
    mark("授权"),
    mark("决策"),
    mark("签约"),
    mark("放款"),
    mark("用途核验"),
    mark("还款"),
    mark("结清"),
    mark("到期删除"),
)
_STATES: Mapping[State, str] = {
    "done": mark("已完成"),
    "now": mark("进行中"),
    "warn": mark("请留意"),
    "ahead": mark("未到"),
}
_OVER = frozenset({"settled", "cancelled"})
"""Stages in which nothing goes on any more: what is left comes by itself, or never."""

_HERE: Mapping[str, int] = {
    "active": REPAYING,
    "written_off": REPAYING,
    "transferred": REPAYING,
    "settled": SETTLED + 1,
}
"""Where a stage stands; the money of any other has not gone out, or never will."""


@dataclass(frozen=True, slots=True)
class Stop:
    """One stop: its name, where it stands in colour and word, and what can be said of it."""

    name: Markup
    state: State
    state_word: Markup
    note: Markup


def stops(reader: Reader, seen: Mapping[str, Any], notes: Mapping[int, Markup]) -> tuple[Stop, ...]:
    """Place a loan by its `stage` and `days_past_due`; `notes` say more of a stop."""
    placed = []
    for number, name in enumerate(_STOPS):
        state = _state(seen, number)
        said = mark("未进行") if number == USED else _STATES[state]
        note = notes.get(number, Markup())
        placed.append(Stop(reader.say(name), state, reader.say(said), note))
    return tuple(placed)


def instalments_paid(reader: Reader, seen: Mapping[str, Any]) -> Markup:
    """Say how many of how many instalments are paid in full."""
    paid = sum(due["open_fen"] == 0 for due in seen["due"])
    return reader.say("{k} / {n} 期", k=paid, n=len(seen["due"]) + len(seen["ahead"]))


def _state(seen: Mapping[str, Any], number: int) -> State:
    here = _HERE.get(seen["stage"], PAID_OUT)
    if number == USED:
        return "ahead"  # what the money was used for is checked case by case
    if number == here and seen["stage"] not in _OVER:
        is_late = seen["days_past_due"] > 0 or seen["stage"] == "disbursement_unknown"
        return "warn" if is_late else "now"
    return "done" if number < here else "ahead"
