"""The declarations before a quote 报价前的申报: income, debts, whether a student.

`read_declarations` turns the form into what `quote_purchase` takes, or says what is wrong.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from markupsafe import Markup

from sanshi.web.consumer import addresses as at
from sanshi.web.forms import FieldError, Filled, fen_in
from sanshi.web.language import mark
from sanshi.web.reader import Reader

_LABELS: Mapping[str, tuple[str, str, str]] = {
    "monthly_income": (
        mark("月收入：请填写金额，例如 8000 或 8000.50。"),
        mark("您每月的税后收入（元）"),
        mark("工资、经营等稳定收入，按最近几个月的平均数填写。"),
    ),
    "monthly_debt_service": (
        mark("每月还款：请填写金额，没有就填 0。"),
        mark("您现在每月要还的贷款（元）"),
        mark("房贷、车贷、信用卡分期等加在一起；没有就填 0。"),
    ),
    "total_debt": (
        mark("贷款总额：请填写金额，没有就填 0。"),
        mark("您现在还没还清的贷款总额（元）"),
        mark("所有机构的未还本金加在一起；没有就填 0。"),
    ),
}
"""Amounts in yuan, each with a field of the command of the same name ending in `_fen`: what to say
when it cannot be read, its label, its help."""


@dataclass(frozen=True, slots=True)
class AmountField:
    """A field for an amount, with its label and help."""

    name: str
    label: Markup
    help: Markup


@dataclass(frozen=True, slots=True)
class Bought:
    """A thing on the list."""

    sku: str
    name: str
    price_fen: int


@dataclass(frozen=True, slots=True)
class Declare:
    """The form. Nothing in it is answered beforehand."""

    template: ClassVar[str] = "declare"

    action: str
    merchant_name: str
    asks_down_payment: bool
    goods: tuple[Bought, ...]
    amounts: tuple[AmountField, ...]
    filled: Filled
    lenders: tuple[str, ...] = ()

    @property
    def price_fen(self) -> int:
        """All price tags together."""
        return sum(good.price_fen for good in self.goods)


def declare(
    reader: Reader,
    merchant: str,
    skus: tuple[str, ...],
    filled: Filled | None = None,
    link: str = "",
) -> Declare:
    """Make the form for things of one shop, the first leading; `filled` shows it again.

    `link` is that of the shop's checkout, if the buyer came from one: what is paid at once was
    agreed there.
    """
    goods = [reader.good(merchant, sku) for sku in skus]
    return Declare(
        action=at.arrival_plans(link) if link else at.purchase(merchant, *skus),
        asks_down_payment=not link,
        merchant_name=reader.name(reader.merchant(merchant)),
        goods=tuple(Bought(good.sku, reader.name(good), good.price_fen) for good in goods),
        amounts=tuple(
            AmountField(name, reader.say(label), reader.say(hint))
            for name, (_, label, hint) in _LABELS.items()
        ),
        filled=filled or Filled(),
    )


def read_declarations(
    reader: Reader, sent: Mapping[str, str]
) -> tuple[dict[str, Any], tuple[FieldError, ...]]:
    """Return the declarations as `quote_purchase` takes them, and what is wrong with them."""
    say, errors = reader.say, []
    declared: dict[str, Any] = {}
    for name in _LABELS:
        amount_fen = fen_in(sent.get(name, ""))
        if amount_fen is None:
            message = _LABELS[name][0]
            errors.append(FieldError(name, say(message)))
        else:
            declared[f"{name}_fen"] = amount_fen
    if declared.get("monthly_income_fen") == 0 and sent.get("student") == "no":
        none = say("没有收入就无法确认还款能力；仍可一次付清。")
        errors.append(FieldError("monthly_income", none))
    if sent.get("student") not in {"yes", "no"}:
        errors.append(FieldError("student", say("请选择您是不是在校学生。")))
    down = sent.get("down_payment", "").strip()
    down_fen = fen_in(down) if down else 0
    if down_fen is None:
        errors.append(FieldError("down_payment", say("先付多少：请填写金额，或者留空。")))
    declared |= {
        "student": sent.get("student") == "yes",
        "second_repayment_source": sent.get("second_repayment_source") == "yes",
        "down_payment_fen": down_fen or 0,
    }
    return declared, tuple(errors)
