"""The life rail 报价 → … → 到期删除: where a loan stands among the nine stops."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from markupsafe import Markup, escape

from sanshi.web.consumer.reader import Reader
from sanshi.web.language import mark

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
_OVER = frozenset({"settled", "cancelled"})
"""Stages in which nothing goes on any more: what is left comes by itself, or never."""

_SIGNED, _PAID_OUT, _USED, _REPAYING, _SETTLED = 3, 4, 5, 6, 7


@dataclass(frozen=True, slots=True)
class Stop:
    """One stop: its name, whether it is passed, and what can be said of it."""

    name: Markup
    state: State
    state_word: Markup
    note: Markup


def rail(reader: Reader, seen: Mapping[str, Any]) -> tuple[Stop, ...]:
    """Place a loan, as `view_loan` answers, on its rail."""
    return tuple(_stop(reader, seen, number) for number in range(len(_STOPS)))


def _stop(reader: Reader, seen: Mapping[str, Any], number: int) -> Stop:
    state = _state(seen, number)
    say = reader.say
    words: Mapping[State, Markup] = {
        "done": say("已完成"),
        "now": say("进行中"),
        "warn": say("请留意"),
        "ahead": say("未到"),
    }
    word = say("未进行") if number == _USED else words[state]
    return Stop(say(_STOPS[number]), state, word, _note(reader, seen, number))


def _state(seen: Mapping[str, Any], number: int) -> State:
    here = _here(seen["stage"])
    if number == _USED:
        return "ahead"  # what the money was used for is checked case by case
    if number == here and seen["stage"] not in _OVER:
        is_late = seen["days_past_due"] > 0 or seen["stage"] == "disbursement_unknown"
        return "warn" if is_late else "now"
    return "done" if number < here else "ahead"


def _here(stage: str) -> int:
    match stage:
        case "pending" | "disbursing" | "disbursement_unknown":
            return _PAID_OUT
        case "settled":
            return _SETTLED + 1
        case "cancelled":
            return _SIGNED + 1
        case _:
            return _REPAYING


def _note(reader: Reader, seen: Mapping[str, Any], number: int) -> Markup:
    say = reader.say
    if number == _USED:
        return say("需要时通知您")
    if number == _PAID_OUT and seen["disbursed_on"]:
        return escape(seen["disbursed_on"])
    if number == _REPAYING and seen["stage"] == "active":
        paid = sum(due["open_fen"] == 0 for due in seen["due"])
        return say("{k} / {n} 期", k=paid, n=len(seen["due"]) + len(seen["ahead"]))
    return Markup()
