"""The page that tries a change of a loan, or a payment, and proposes a change to a colleague."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

from markupsafe import Markup

from sanshi.documents.words import exact_percent, money
from sanshi.flows.changing import UNDONE_HERE
from sanshi.kernel.errors import SanshiError
from sanshi.web.forms import EMPTY, FieldError, Filled
from sanshi.web.language import mark
from sanshi.web.reader import Reader
from sanshi.web.workbench import addresses as at
from sanshi.web.workbench.cells import NOTHING, Cell, staged
from sanshi.web.workbench.changes import CHANGES, PAYMENTS, Field, How, Kind, methods
from sanshi.web.workbench.compare import Compared
from sanshi.web.workbench.words import named_code

Answer = Mapping[str, Any]
KIND = "kind"
"""Name of the field that says which form it is; also where the choice stands on the page."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One kind that may be chosen."""

    name: Markup
    address: str
    here: bool


@dataclass(frozen=True, slots=True)
class Asked:
    """One field as the page shows it."""

    name: str
    how: How
    label: Markup
    help: Markup
    needed: bool
    options: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Change:
    """The page. `compared`: what was tried; `waiting`: a proposal that stands in the way."""

    template: ClassVar[str] = "change"

    loan_id: str
    address: str
    merchant: str
    stage: Cell
    changes: tuple[Choice, ...]
    payments: tuple[Choice, ...]
    kind: str = ""
    title: Markup = NOTHING
    about: Markup = NOTHING
    fields: tuple[Asked, ...] = ()
    dated: bool = False
    first_day: str = ""
    today: str = ""
    filled: Filled = EMPTY
    compared: Compared | None = None
    paid_fen: int = 0
    value_date: str = ""
    is_payment: bool = False
    may_propose: bool = False
    waiting: str = ""
    hidden: tuple[tuple[str, str], ...] = ()


def kinds_of(seen: Answer) -> Mapping[str, Kind]:
    """Return what may be tried on a loan as `desk_loan` shows it."""
    reversible = {"reversed"} if _standing_changes(seen) else set()
    match seen["stage"]:
        case "active":
            kinds = {**CHANGES, **PAYMENTS}
            return {c: k for c, k in kinds.items() if c != "reversed" or c in reversible}
        case "settled" | "written_off":
            return {code: CHANGES[code] for code in reversible}
        case _:
            return {}


def was_asked(kind: Kind, sent: Mapping[str, str]) -> bool:
    """Say whether the form of a kind was sent, or only chosen."""
    return any(field.name in sent for field in kind.fields if field.how != "tick")


def change(reader: Reader, seen: Answer, kind: Kind | None, filled: Filled) -> Change:
    """Make the page from the answer of `desk_loan`, with the form of a kind if one is chosen."""
    kinds, address = kinds_of(seen), at.one(at.LOANS, seen["loan_id"], "change")

    def choices(table: Mapping[str, Kind], words: str) -> tuple[Choice, ...]:
        return tuple(
            Choice(
                named_code(reader.say, words, code),
                at.asked(address, kind=code),
                kind is not None and code == kind.code,
            )
            for code in table
            if code in kinds
        )

    page = Change(
        loan_id=seen["loan_id"],
        address=address,
        merchant=reader.name(reader.merchant(seen["merchant"])),
        stage=staged(reader, "loan", seen["stage"]),
        changes=choices(CHANGES, "event"),
        payments=choices(PAYMENTS, "purpose"),
        filled=filled,
    )
    return page if kind is None else _with_form(reader, page, seen, kind)


def _with_form(reader: Reader, page: Change, seen: Answer, kind: Kind) -> Change:
    say, is_payment = reader.say, kind.code in PAYMENTS
    sent = page.filled.sent if was_asked(kind, page.filled.sent) else {"value_date": seen["as_of"]}
    names = [field.name for field in kind.fields] + ["value_date"]
    return Change(
        loan_id=page.loan_id,
        address=page.address,
        merchant=page.merchant,
        stage=page.stage,
        changes=page.changes,
        payments=page.payments,
        kind=kind.code,
        title=named_code(say, "purpose" if is_payment else "event", kind.code),
        about=say(kind.about),
        fields=tuple(_asked(reader, seen, field) for field in kind.fields),
        dated=not is_payment and kind.code != "reversed",
        first_day=seen["disbursed_on"] or "",
        today=seen["as_of"],
        filled=Filled(sent, page.filled.errors),
        is_payment=is_payment,
        hidden=((KIND, kind.code), *((name, sent[name]) for name in names if name in sent)),
    )


def _asked(reader: Reader, seen: Answer, field: Field) -> Asked:
    say = reader.say
    options: tuple[tuple[str, str], ...] = ()
    if field.how == "method":
        options = (("", say("不变")), *methods(reader))
    elif field.how == "event":
        named = tuple(
            (str(one["version"]), _event_name(reader, one)) for one in _standing_changes(seen)
        )
        options = (("", say("请选择")), *named)
    help_text = say(field.help) if field.help else NOTHING
    return Asked(field.name, field.how, say(field.label), help_text, field.needed, options)


def _event_name(reader: Reader, event: Answer) -> str:
    say = reader.say
    name = named_code(say, "event", event["kind"])
    return say("第 {n} 个 · {name} · {day}", n=event["version"], name=name, day=event["value_date"])


def _standing_changes(seen: Answer) -> list[Answer]:
    """Return the changes of a loan that nobody has undone."""
    events = seen["events"]
    undone = {one["data"].get("reverses") for one in events if one["kind"] == "reversed"}
    return [one for one in events if one["kind"] in UNDONE_HERE and one["version"] not in undone]


_WHY: Mapping[str, tuple[str, str]] = {
    "change.dearer": ("rate", mark("只能调低；现在是 {rate}。")),
    "change.value_date": ("value_date", mark("生效日要在 {first} 到 {last} 之间。")),
    "change.not_reversible": ("", mark("请选择一项仍然有效的变更。")),
    "pay.too_much": ("", mark("最多 {payoff}，那是今天的结清金额。")),
    "pay.too_little": ("", mark("今天结清要 {payoff}。")),
    "pay.not_a_prepayment": ("", mark("要多于现在应还的 {due}，少于结清金额 {payoff}。")),
    "loan.nothing_ahead": ("", mark("所有期次都已经到期，后面没有可以变更的。")),
    "loan.waived_too_much": ("", mark("超过了生效日那天欠的罚息或利息。")),
    "change.money_gone": ("", mark("会用到已经退给客户的钱，请先与客户商定。")),
    "loan.not_on_the_books": ("", mark("借据已经核销或转让，条件不再变更。")),
}
"""Why something cannot be done, and the field it is said at; empty: the first of the form."""

_CANNOT = ("", mark("这笔借据做不成这一项。请看还款计划和生效日之后发生的事，再改一改。"))


def refusal(reader: Reader, seen: Answer, kind: Kind, error: SanshiError) -> FieldError:
    """Say what a trial was refused for, beside the field at fault, in the reader's words."""
    code = error.code
    if code == "change.impossible":
        code = getattr(error.__cause__, "code", code)
    field, text = _WHY.get(code, _CANNOT)
    values = {
        "rate": exact_percent(seen["terms"]["rate_ppm"]),
        "first": seen["disbursed_on"],
        "last": seen["as_of"],
        "payoff": money(max(seen["payoff_fen"] - seen["credit_fen"], 0)),
        "due": money(max(seen["due_fen"] - seen["credit_fen"], 0)),
    }
    return FieldError(field or kind.fields[0].name, reader.say(text, **values))


def request_of(loan_id: str, body: Mapping[str, Any], tried: Answer, reason: str) -> dict[str, Any]:
    """Return what `change_loan` takes, on the very day that was tried."""
    request = {"loan_id": loan_id, "change": body, "reason": reason}
    if body["kind"] == "reversed":
        return request
    return {**request, "value_date": date.fromisoformat(tried["value_date"]).isoformat()}
