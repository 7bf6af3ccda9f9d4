"""Stages of loans and payments in words, each with a colour that only repeats the word."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from markupsafe import Markup

from sanshi.web.language import mark
from sanshi.web.reader import Reader

Tone = Literal["good", "wait", "bad", "plain"]

_STAGES: Mapping[str, tuple[str, Tone]] = {
    "pending": (mark("等待放款"), "wait"),
    "disbursing": (mark("正在放款"), "wait"),
    "disbursement_unknown": (mark("放款结果查证中"), "wait"),
    "active": (mark("正常还款"), "good"),
    "settled": (mark("已结清"), "plain"),
    "transferred": (mark("已转让"), "plain"),
    "cancelled": (mark("已取消"), "plain"),
    "written_off": (mark("已核销，仍须归还"), "bad"),
}
_PAID_OFF: tuple[str, Tone] = (mark("已核销，已还清"), "plain")
_PAYMENTS: Mapping[str, tuple[str, Tone]] = {
    "intended": (mark("处理中"), "wait"),
    "sent": (mark("处理中"), "wait"),
    "unknown": (mark("结果查证中，不会重复扣款"), "wait"),
    "succeeded": (mark("成功"), "good"),
    "settled": (mark("成功"), "good"),
    "failed": (mark("未成功，没有扣款"), "bad"),
}


def stage_words(reader: Reader, seen: Mapping[str, Any]) -> tuple[Markup, Tone]:
    """Return a loan's stage in words; days past due and what is due today come before it.

    Not so of a loan that has left the lender's books: that it did is what matters then.
    """
    if seen["left"]:
        paid_off = seen["stage"] == "written_off" and not seen["left"]["open_fen"]
        word, tone = _PAID_OFF if paid_off else _STAGES[seen["stage"]]
        return reader.say(word), tone
    if seen["days_past_due"]:
        return reader.say("逾期 {n} 天", n=seen["days_past_due"]), "bad"
    if seen["due_fen"] > seen["credit_fen"]:
        return reader.say("今天到期"), "wait"
    word, tone = _STAGES[seen["stage"]]
    return reader.say(word), tone


def payment_words(reader: Reader, stage: str) -> tuple[Markup, Tone]:
    """Return a payment's stage in words."""
    word, tone = _PAYMENTS[stage]
    return reader.say(word), tone
