"""The receipt: what lowers the price and who pays for it; what may come stands apart.

Only lines that are held and given at the checkout lower a figure.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from sanshi.benefit.lines import Line
from sanshi.documents.filters import capital, named
from sanshi.documents.words import money
from sanshi.web.language import mark
from sanshi.web.reader import Reader

_TIMING: Mapping[str, str] = {
    "at_checkout": mark("付款时直接抵减"),
    "reimbursed_later": mark("购买后由承担方另行支付"),
    "at_interest_settlement": mark("每期结息时抵减当期利息"),
}
_DOUBT: Mapping[str, str] = {
    "at_checkout": mark("须持有有效的补贴资格券；报价时您没有可用的资格券，取得后请重新报价。"),
    "reimbursed_later": mark("能否到账、何时到账由承担方决定；没有到账，您的应付金额不变。"),
    "at_interest_settlement": mark(
        "能否得到，按放款当天的政策确定；提前还款会减少，退货会收回。没有到账的，利息由您承担。"
    ),
}


@dataclass(frozen=True, slots=True)
class Given:
    """One benefit in words: `when` it comes, and `doubt` where it may not."""

    name: str
    payers: Markup
    amount_fen: int
    when: Markup
    doubt: Markup


@dataclass(frozen=True, slots=True)
class Receipt:
    """From the price tag to what is due; `later` is part of no other figure."""

    price_fen: int
    net_price_fen: int
    given: tuple[Given, ...]
    later: tuple[Given, ...]

    @property
    def saved_fen(self) -> int:
        """What the benefits given take off."""
        return self.price_fen - self.net_price_fen


def receipt(reader: Reader, merchant: str, benefits: Mapping[str, Any]) -> Receipt:
    """Word a stack of benefits, as a quote or a plan stores it."""
    lines = [Line.from_json(line) for line in benefits["lines"]]
    return Receipt(
        price_fen=benefits["price_fen"],
        net_price_fen=benefits["net_price_fen"],
        given=tuple(_given(reader, merchant, line) for line in lines if line.reduces_price),
        later=tuple(_given(reader, merchant, line) for line in lines if not line.reduces_price),
    )


def _given(reader: Reader, merchant: str, line: Line) -> Given:
    say = reader.say
    return Given(
        name=capital(reader.name(reader.catalogue.benefits[line.benefit])),
        payers=_payers(reader, merchant, line),
        amount_fen=line.amount_fen,
        when=say(_TIMING[line.timing]),
        doubt=Markup() if line.reduces_price else say(_DOUBT[line.timing]),
    )


def _payers(reader: Reader, merchant: str, line: Line) -> Markup:
    say = reader.say
    if len(line.funded) == 1:
        return say("{who}承担", who=named(reader.funder(line.funded[0][0], merchant)))
    parts = [
        say("{who}承担 {fen}", who=named(reader.funder(code, merchant)), fen=money(fen))
        for code, fen in line.funded
    ]
    return say.joined(parts)
