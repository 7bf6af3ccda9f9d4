"""The life rail 报价 → … → 到期删除 as the desk sees it: each stop with its day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from markupsafe import Markup, escape

from sanshi.web.consumer.reader import Reader
from sanshi.web.language import mark
from sanshi.web.workbench.cells import NOTHING

State = Literal["done", "now", "warn", "ahead"]

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
_PAID_OUT, _USED, _REPAYING, _SETTLED = 4, 5, 6, 7
_STATES: Mapping[State, str] = {
    "done": mark("已完成"),
    "now": mark("进行中"),
    "warn": mark("请留意"),
    "ahead": mark("未到"),
}


@dataclass(frozen=True, slots=True)
class Stop:
    """One stop: its name, where it stands in colour and word, and what can be said of it."""

    name: Markup
    state: State
    state_word: Markup
    note: Markup


def rail(reader: Reader, seen: Mapping[str, Any]) -> tuple[Stop, ...]:
    """Place a loan, as `desk_loan` answers, on its rail."""
    here, notes = _here(seen["stage"]), _notes(reader, seen)
    stops = []
    for number, name in enumerate(_STOPS):
        state = _state(seen, number, here)
        said = mark("未进行") if number == _USED else _STATES[state]
        stops.append(Stop(reader.say(name), state, reader.say(said), notes[number]))
    return tuple(stops)


def _here(stage: str) -> int:
    by_stage = {"settled": _SETTLED + 1, "cancelled": _PAID_OUT, "active": _REPAYING}
    return by_stage.get(stage, _PAID_OUT)


def _state(seen: Mapping[str, Any], number: int, here: int) -> State:
    if number == _USED:
        return "ahead"  # what the money was used for is checked case by case
    if number == here and seen["stage"] not in {"settled", "cancelled"}:
        is_late = seen["days_past_due"] > 0 or seen["stage"] == "disbursement_unknown"
        return "warn" if is_late else "now"
    return "done" if number < here else "ahead"


def _notes(reader: Reader, seen: Mapping[str, Any]) -> tuple[Markup, ...]:
    say, way = reader.say, seen["way"]
    paid = sum(one["open_fen"] == 0 for one in seen["due"])
    last = seen["ahead"][-1]["due_date"] if seen["ahead"] else ""
    over = [one["booking_date"] for one in seen["events"] if one["stage"] == "settled"]
    return (
        escape(way.get("quoted_on", "")),
        say("{n} 项", n=way.get("consents", 0)),
        escape(way.get("decided_on", "")),
        escape(way.get("signed_on", "")),
        escape(seen["disbursed_on"] or ""),
        say("逐案核验"),
        say("{k} / {n} 期", k=paid, n=len(seen["due"]) + len(seen["ahead"])),
        escape(over[0] if over else last),
        NOTHING,
    )
