"""The page that proposes to write a loan off, to sell it, or to record what its buyer paid."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar, Literal

from markupsafe import Markup

from sanshi.documents.words import money
from sanshi.kernel.errors import ConflictError, InputError, SanshiError
from sanshi.web.forms import EMPTY, FieldError, Filled, fen_in
from sanshi.web.language import mark
from sanshi.web.reader import Reader
from sanshi.web.workbench import addresses as at
from sanshi.web.workbench.cells import NOTHING, Cell, staged
from sanshi.web.workbench.change import KIND, Choice
from sanshi.web.workbench.words import named_code

Answer = Mapping[str, Any]
_LEAST, _MOST = 2, 200


@dataclass(frozen=True, slots=True)
class Field:
    """One field: its name in the form and in the request, its words, and what is wrong with it."""

    name: str
    into: str
    how: Literal["text", "yuan", "day"]
    label: str
    wrong: str
    help: str = ""


@dataclass(frozen=True, slots=True)
class Form:
    """What may be proposed: the use case, what it does, and its fields besides the reason."""

    flow: str
    about: str
    fields: tuple[Field, ...]
    own_reason: bool = True
    """Whether the use case keeps the reason, too."""


_TEXT_WRONG = mark("请填写，2 到 200 个字。")
_YUAN_WRONG = mark("请写金额，单位元，最多两位小数。")
FORMS: Mapping[str, Form] = {
    one.flow: one
    for one in (
        Form(
            "write_off_loan",
            mark("全部欠款出表，追偿的权利保留；客户仍须归还，还多少记多少。"),
            (
                Field(
                    "evidence",
                    "evidence",
                    "text",
                    mark("依据"),
                    _TEXT_WRONG,
                    mark("裁定书、核销审批表等的名称和编号。请不要写客户的姓名和号码。"),
                ),
            ),
        ),
        Form(
            "transfer_loan",
            mark("全部欠款和权利转给受让方，客户会收到通知；此后本机构不再收款。"),
            (
                Field("buyer", "buyer", "text", mark("受让方"), _TEXT_WRONG),
                Field("price", "price_fen", "yuan", mark("转让价款（元）"), _YUAN_WRONG),
            ),
        ),
        Form(
            "record_transfer_price",
            mark("按银行流水逐笔登记；可以分次，合计不超过转让价款。"),
            (
                Field("amount", "amount_fen", "yuan", mark("收到的价款（元）"), _YUAN_WRONG),
                Field("received_on", "received_on", "day", mark("到账日"), mark("请选择日期。")),
                Field("reference", "reference", "text", mark("银行流水号"), _TEXT_WRONG),
            ),
            own_reason=False,
        ),
    )
}


@dataclass(frozen=True, slots=True)
class Leave:
    """The page; without a chosen form it only offers the choice."""

    template: ClassVar[str] = "leave"

    loan_id: str
    address: str
    merchant: str
    stage: Cell
    owed: Markup
    choices: tuple[Choice, ...]
    kind: str = ""
    title: Markup = NOTHING
    about: Markup = NOTHING
    fields: tuple[tuple[Field, Markup, Markup], ...] = ()
    today: str = ""
    filled: Filled = EMPTY


def forms_of(seen: Answer) -> Mapping[str, Form]:
    """Return what may be proposed for a loan as `desk_loan` shows it."""
    left = seen["left"]
    if seen["stage"] == "active":
        names: tuple[str, ...] = ("write_off_loan", "transfer_loan")
    elif left and left["how"] == "transferred" and left["price_paid_fen"] < left["price_fen"]:
        names = ("record_transfer_price",)
    else:
        names = ()
    return {name: FORMS[name] for name in names}


def leave(reader: Reader, seen: Answer, form: Form | None, filled: Filled = EMPTY) -> Leave:
    """Make the page from the answer of `desk_loan`, with a form if one is chosen."""
    say, address = reader.say, at.one(at.LOANS, seen["loan_id"], "leave")
    return Leave(
        loan_id=seen["loan_id"],
        address=address,
        merchant=reader.name(reader.merchant(seen["merchant"])),
        stage=staged(reader, "loan", seen["stage"]),
        owed=_owed(reader, seen),
        choices=tuple(
            Choice(named_code(say, "flow", name), at.asked(address, **{KIND: name}), one is form)
            for name, one in forms_of(seen).items()
        ),
        kind=form.flow if form else "",
        title=named_code(say, "flow", form.flow) if form else NOTHING,
        about=say(form.about) if form else NOTHING,
        fields=tuple(
            (one, say(one.label), say(one.help) if one.help else NOTHING)
            for one in (form.fields if form else ())
        ),
        today=seen["as_of"],
        filled=filled,
    )


def _owed(reader: Reader, seen: Answer) -> Markup:
    left = seen["left"]
    if left:
        open_fen = left["price_fen"] - left["price_paid_fen"]
        return reader.say("未收价款 {fen}", fen=money(max(open_fen, 0)))
    return reader.say("今天结清要 {payoff}。", payoff=money(seen["payoff_fen"]))


def read(
    reader: Reader, form: Form, sent: Mapping[str, str]
) -> tuple[dict[str, Any], tuple[FieldError, ...]]:
    """Return what the use case takes besides loan and reason, and what cannot be read."""
    request, wrong = {}, []
    for one in form.fields:
        value = _read(one, sent.get(one.name, "").strip())
        if value is None:
            wrong.append(FieldError(one.name, reader.say(one.wrong)))
        request[one.into] = value
    return request, tuple(wrong)


def _read(field: Field, text: str) -> str | int | None:
    match field.how:
        case "text":
            return text if _LEAST <= len(text) <= _MOST else None
        case "yuan":
            return fen_in(text)
        case "day":
            try:
                return date.fromisoformat(text).isoformat()
            except ValueError:
                return None


_WHY: Mapping[str, tuple[str, str]] = {
    "transfer.received_on": ("received_on", mark("到账日要在转让当天和今天之间。")),
    "transfer.too_much": ("amount", mark("多于未收的价款。")),
    "transfer.recorded": ("reference", mark("这一笔流水已经登记过。")),
    "proposal.waiting": ("", mark("这件事已有人提交，正在等待复核。")),
    "conflict.counter": ("", mark("这笔借据有一笔收付还没有结果，等它有了结果再提交。")),
}


def refusal(reader: Reader, form: Form, error: SanshiError) -> FieldError:
    """Say why a proposal is not taken, beside the field at fault."""
    if error.code not in _WHY and not isinstance(error, InputError | ConflictError):
        raise error
    field, text = _WHY.get(error.code, ("", mark("现在做不成，请看借据的状态和收付。")))
    return FieldError(field or form.fields[0].name, reader.say(text))
