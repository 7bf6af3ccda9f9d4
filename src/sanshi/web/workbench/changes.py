"""Kinds of change and of payment as forms: their fields, and what is read from them."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Literal, get_args

from markupsafe import Markup, escape

from sanshi.documents.words import exact_percent, money, word
from sanshi.kernel.money import PPM, yuan
from sanshi.kernel.schedules import MAX_DUE_DAY, PlainMethod
from sanshi.web.forms import FieldError, fen_in, whole_in
from sanshi.web.language import Tongue, mark
from sanshi.web.reader import Reader

How = Literal["rate", "whole", "yuan", "tick", "method", "event"]
_RATE = re.compile(r"([0-9]{1,3})(?:\.([0-9]{1,4}))?%?")
_MOST_INSTALMENTS, _MOST_MONTHS, _MOST_VERSION = 360, 36, 1_000_000


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a form. `into`: what a change calls it; `wrong`: what to say if unreadable."""

    name: str
    how: How
    label: str
    wrong: str = ""
    help: str = ""
    into: str = ""
    least: int = 1
    most: int = 0
    needed: bool = True

    @property
    def key(self) -> str:
        """Its name in a change."""
        return self.into or self.name


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind: its name is that of the event or purpose; `about` says what it does."""

    code: str
    about: str
    fields: tuple[Field, ...]
    one_of: bool = False
    """Whether at least one of its fields must say something."""


_RATE_WRONG = mark("请写年利率，比如 3.6，最多四位小数。")
_DAY_WRONG = mark("请写 1 到 31 之间的日子。")
_COUNT_WRONG = mark("请写 1 到 360 之间的期数。")
_YUAN_WRONG = mark("请写金额，单位元，最多两位小数。")
_DUE_DAY = Field(
    "due_day", "whole", mark("还款日"), _DAY_WRONG, mark("每月几号；短月取月末。"), most=MAX_DUE_DAY
)
_COUNT = Field("instalments", "whole", mark("期数"), _COUNT_WRONG, most=_MOST_INSTALMENTS)
_WAIVE_PENALTY = Field("waive_penalty", "tick", mark("免去现在欠的罚息"), needed=False)
_NEW_RATE = Field("rate", "rate", mark("新的年利率（%）"), _RATE_WRONG, into="rate_ppm", least=0)
_MONTHS = Field(
    "months", "whole", mark("推迟几个月"), mark("请写 1 到 36 之间的月数。"), most=_MOST_MONTHS
)
_PENALTY = Field(
    "penalty", "yuan", mark("减免罚息（元）"), _YUAN_WRONG, into="penalty_fen", needed=False
)
_INTEREST = Field(
    "interest", "yuan", mark("减免利息（元）"), _YUAN_WRONG, into="interest_fen", needed=False
)
_AMOUNT = Field(
    "amount",
    "yuan",
    mark("还款金额（元）"),
    _YUAN_WRONG,
    mark("先用来还现在应还的，其余提前还本金。"),
    "amount_fen",
)


def _free(field: Field, text: str, label: str = "") -> Field:
    """Return a field that may stay empty."""
    return replace(field, label=label or field.label, help=text, needed=False)


_AS_BEFORE = mark("不填则不变。")
CHANGES: Mapping[str, Kind] = {
    kind.code: kind
    for kind in (
        Kind(
            "rate_changed",
            mark("从生效日起用新的年利率，只能调低。"),
            (_NEW_RATE,),
        ),
        Kind("due_day_changed", mark("以后每期换一个日子，期数不变。"), (_DUE_DAY,)),
        Kind("extended", mark("在最后加几期，每期少还。"), (_COUNT,)),
        Kind("grace_given", mark("接下来几期只还利息，本金往后摊。"), (_COUNT,)),
        Kind(
            "paused",
            mark("没到期的各期一起往后推几个月。"),
            (
                _MONTHS,
                Field("waive", "tick", mark("推迟期间免息"), needed=False),
            ),
        ),
        Kind(
            "reaged",
            mark("逾期的本金和利息并入后面各期；罚息照欠，除非免去。"),
            (
                _free(_COUNT, mark("不填则并入剩下的各期。"), mark("分几期")),
                _WAIVE_PENALTY,
            ),
        ),
        Kind(
            "restructured",
            mark("欠的全部按新的条件重新排期，至少改一项。"),
            (
                _free(_NEW_RATE, _AS_BEFORE),
                Field("method", "method", mark("还款方式"), mark("请选择一种。"), needed=False),
                _free(_DUE_DAY, _AS_BEFORE),
                _free(_COUNT, _AS_BEFORE, mark("分几期")),
                _WAIVE_PENALTY,
            ),
            one_of=True,
        ),
        Kind(
            "waived",
            mark("免去生效日那天欠的一部分罚息或利息，先免最早的一期。"),
            (_PENALTY, _INTEREST),
            one_of=True,
        ),
        Kind(
            "reversed",
            mark("当它没有发生过：从它原来的生效日起重算。"),
            (Field("reverses", "event", mark("冲销哪一项变更"), mark("请选择一项变更。")),),
        ),
    )
}
"""What an officer may propose, in the order of the page."""

PAYMENTS: Mapping[str, Kind] = {
    kind.code: kind
    for kind in (
        Kind("prepay_lower", mark("客户今天提前还一部分，期数不变，每期少还。"), (_AMOUNT,)),
        Kind("prepay_shorten", mark("客户今天提前还一部分，每期不变，早些还完。"), (_AMOUNT,)),
        Kind(
            "settle",
            mark("客户今天全部还清。"),
            (_free(_AMOUNT, mark("不填则按今天的结清金额。")),),
        ),
    )
}
"""What only the customer can do, and anybody at the desk may work out."""


@dataclass(frozen=True, slots=True)
class Read:
    """A form as it was read: what `try_change` takes, and what is wrong with it."""

    request: dict[str, Any]
    errors: tuple[FieldError, ...] = ()


def read(say: Tongue, kind: Kind, sent: Mapping[str, str]) -> Read:
    """Read the form of a kind."""
    body: dict[str, Any] = {"kind": kind.code}
    errors = []
    for field in kind.fields:
        text = sent.get(field.name, "").strip()
        value = _READERS[field.how](text, field) if text else None
        if (text and value is None) or (not text and field.needed):
            errors.append(FieldError(field.name, say(field.wrong)))
        elif value is not None:
            body[field.key] = value
    said = [body.get(field.key) for field in kind.fields if field.how != "tick"]
    if kind.one_of and not errors and not any(one not in {None, 0} for one in said):
        errors.append(FieldError(kind.fields[0].name, say("请至少填写一项。")))
    if kind.code in PAYMENTS:
        return Read({"payment": body}, tuple(errors))
    day, wrong = _value_date(say, sent)
    return Read({"change": body, "value_date": day}, (*errors, *wrong))


def _value_date(say: Tongue, sent: Mapping[str, str]) -> tuple[str | None, tuple[FieldError, ...]]:
    text = sent.get("value_date", "").strip()
    try:
        return (date.fromisoformat(text).isoformat() if text else None), ()
    except ValueError:
        return None, (FieldError("value_date", say("日期读不懂，请写成 2026-12-31 这样。")),)


def _rate(text: str, _field: Field) -> int | None:
    match = _RATE.fullmatch(text.replace(" ", ""))
    if match is None:
        return None
    whole, rest = match.groups()
    rate_ppm = int(whole) * 10_000 + int((rest or "").ljust(4, "0"))
    return rate_ppm if rate_ppm <= PPM else None


def _whole(text: str, field: Field) -> int | None:
    found = whole_in(text, field.most)
    return found if found is not None and found >= field.least else None


def _yuan(text: str, field: Field) -> int | None:
    found = fen_in(text)
    return found if found is not None and found >= field.least else None


def _method(text: str, _field: Field) -> str | None:
    return text if text in get_args(PlainMethod) else None


_READERS: Mapping[How, Callable[[str, Field], Any]] = {
    "rate": _rate,
    "whole": _whole,
    "yuan": _yuan,
    "tick": lambda _text, _field: True,
    "method": _method,
    "event": lambda text, _field: whole_in(text, _MOST_VERSION),
}


def told(reader: Reader, change: Mapping[str, Any]) -> tuple[tuple[Markup, Markup], ...]:
    """Say a change in words, field by field; what it does not say is left out."""
    kind = CHANGES.get(str(change.get("kind")))
    if kind is None:
        return ()
    said = ((field, change.get(field.key)) for field in kind.fields)
    return tuple(
        (reader.say(field.label), _worded(reader, field, value))
        for field, value in said
        if value is not None and value is not False
    )


def _worded(reader: Reader, field: Field, value: Any) -> Markup:  # noqa: ANN401 - any field's value
    say = reader.say
    match field.how:
        case "rate":
            return escape(exact_percent(value))
        case "yuan":
            return escape(money(value))
        case "tick":
            return say("是")
        case "method":
            return escape(word(f"method.{value}", reader.language))
        case "event":
            return say("第 {n} 个事件", n=value)
        case "whole":
            return escape(str(value))


def typed(change: Mapping[str, Any]) -> dict[str, str]:
    """Return a change as somebody would have typed it into its form; `read` gives it back."""
    kind = CHANGES[change["kind"]]
    said = {field.name: (field, change.get(field.key)) for field in kind.fields}
    return {"kind": kind.code} | {
        name: _as_typed(field, value)
        for name, (field, value) in said.items()
        if value is not None and value is not False
    }


def _as_typed(field: Field, value: Any) -> str:  # noqa: ANN401 - any field's value
    match field.how:
        case "rate":
            return exact_percent(value).removesuffix("%")
        case "yuan":
            return yuan(value).replace(",", "")
        case "tick":
            return "1"
        case _:
            return str(value)


def methods(reader: Reader) -> tuple[tuple[str, str], ...]:
    """Return the methods a loan may be restructured to, by name."""
    return tuple((one, word(f"method.{one}", reader.language)) for one in get_args(PlainMethod))
