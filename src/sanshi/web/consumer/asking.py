"""Enquiries and complaints 咨询与投诉: the form, and what was asked before.

Made from the answer of `see_own_requests`; without one, for somebody who has not signed in.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

from markupsafe import Markup

from sanshi.web.forms import FieldError, Filled
from sanshi.web.language import mark
from sanshi.web.reader import Reader

MAX_TEXT_CHARS = 2000

_ABOUT: Mapping[str, str] = {
    "enquiry": mark("咨询：想问清楚"),
    "complaint": mark("投诉：对处理不满意"),
    "review": mark("人工复核：请人再看一遍审批结果"),
    "hardship": mark("还款有困难：想商量办法"),
    "goods_return": mark("退货：请商户收回商品"),
}
"""What can be asked, in words. The last is asked from its loan."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One of several answers."""

    value: str
    words: str


@dataclass(frozen=True, slots=True)
class Asked:
    """Something that was asked before."""

    case_id: str
    document_id: str
    about: Markup
    lender: str
    text: str
    asked_on: date
    due_date: date | None
    is_open: bool
    answer: str
    answer_id: str
    answered_on: date | None


@dataclass(frozen=True, slots=True)
class Asking:
    """The page. `loan_id`: the loan it is about, `lender` its lender then."""

    template: ClassVar[str] = "asking"

    about: tuple[Choice, ...]
    choices: tuple[Choice, ...]
    loan_id: str
    asked: tuple[Asked, ...]
    filled: Filled
    is_known: bool
    lenders: tuple[str, ...] = ()


def asking(
    reader: Reader,
    seen: Mapping[str, Any] | None,
    filled: Filled | None = None,
    loan_id: str = "",
    lender: str = "",
) -> Asking:
    """Make the page."""
    if seen is None:
        return Asking((), (), "", (), Filled(), is_known=False)
    others = [code for code in reader.catalogue.lenders if code not in seen["lenders"]]
    codes = [lender] if lender else [*seen["lenders"], *others]
    return Asking(
        about=tuple(
            Choice(code, str(reader.say(words)))
            for code, words in _ABOUT.items()
            if code != "goods_return"
        ),
        choices=tuple(Choice(code, reader.lender(code)) for code in codes),
        loan_id=loan_id,
        asked=tuple(_asked(reader, one) for one in seen["requests"]),
        filled=filled or Filled(),
        is_known=True,
    )


def _asked(reader: Reader, one: Mapping[str, Any]) -> Asked:
    words = _ABOUT[one["about"]]
    return Asked(
        case_id=one["case_id"],
        document_id=one["document_id"],
        about=reader.say(words),
        lender=reader.lender(one["lender"]),
        text=one["text"],
        asked_on=date.fromisoformat(one["opened_on"]),
        due_date=date.fromisoformat(one["due_date"]) if one["due_date"] else None,
        is_open=one["stage"] == "open",
        answer=one["answer"],
        answer_id=one["answer_id"] or "",
        answered_on=date.fromisoformat(one["answered_on"]) if one["answered_on"] else None,
    )


def read_request(
    reader: Reader, sent: Mapping[str, str]
) -> tuple[dict[str, Any], tuple[FieldError, ...]]:
    """Return what `ask_lender` takes of the form, and what is wrong with it."""
    say, errors = reader.say, []
    text = sent.get("text", "").strip()
    if sent.get("about") not in _ABOUT.keys() - {"goods_return"}:
        errors.append(FieldError("about", say("请选择您想办什么。")))
    if sent.get("lender") not in reader.catalogue.lenders:
        errors.append(FieldError("lender", say("请选择机构。")))
    if not text:
        errors.append(FieldError("text", say("请写下您想说的。")))
    elif len(text) > MAX_TEXT_CHARS:
        errors.append(FieldError("text", say("最多 {n} 个字，请写短一些。", n=MAX_TEXT_CHARS)))
    request = {"about": sent.get("about"), "lender": sent.get("lender"), "text": text}
    return request | {"loan_id": sent.get("loan_id") or None}, tuple(errors)
