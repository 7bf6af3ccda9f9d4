"""Arriving from a shop 收银会话: two equal ways to go on; and where a checkout ended.

Made from the answer of `view_session`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from markupsafe import Markup

from sanshi.web.language import mark
from sanshi.web.reader import Reader


@dataclass(frozen=True, slots=True)
class Item:
    """A thing on the list; `down_fen` is what the shop was promised at once."""

    name: str
    price_fen: int
    down_fen: int


@dataclass(frozen=True, slots=True)
class Arrived:
    """The first page. Nobody is asked who they are before they have chosen to see plans."""

    template: ClassVar[str] = "arrived"

    link: str
    merchant: str
    items: tuple[Item, ...]
    from_payment_firm: bool
    cancel_url: str
    lenders: tuple[str, ...] = ()

    @property
    def price_fen(self) -> int:
        """All price tags together."""
        return sum(item.price_fen for item in self.items)


@dataclass(frozen=True, slots=True)
class Ended:
    """How a checkout ended, and where to go now."""

    template: ClassVar[str] = "ended"

    title: Markup
    what: Markup
    merchant: str
    back_url: str
    shows_loans: bool
    lenders: tuple[str, ...] = ()


_ENDS: Mapping[str, tuple[str, str]] = {
    "cash": (
        mark("您选择了一次付清"),
        mark("没有借款，没有查征信，也没有产生息费。请回到商户完成付款。"),
    ),
    "authorized": (
        mark("合同已经签好"),
        mark("商户交货后，机构把钱付给商户，从那天起才计利息。请回到商户完成订单。"),
    ),
    "cancelled": (
        mark("商户取消了这次结账"),
        mark("没有产生任何费用。需要的话，请在商户那里重新下单。"),
    ),
    "expired": (
        mark("这次结账已经过期"),
        mark("没有产生任何费用。请回到商户重新结账。"),
    ),
}


def arrived(reader: Reader, session: Mapping[str, Any], link: str) -> Arrived:
    """Make the first page of an open session."""
    return Arrived(
        link=link,
        merchant=reader.name(reader.merchant(session["merchant"])),
        items=tuple(
            Item(
                reader.say.pick(item["zh"], item["en"]),
                item["price_fen"],
                item["down_payment_fen"],
            )
            for item in session["items"]
        ),
        from_payment_firm=session["host"] == "payment_firm",
        cancel_url=session["cancel_url"],
    )


def ended(reader: Reader, session: Mapping[str, Any]) -> Ended:
    """Make the page of a session that is over."""
    stage = session["stage"]
    title, what = _ENDS[stage]
    is_done = stage in {"cash", "authorized"}
    return Ended(
        title=reader.say(title),
        what=reader.say(what),
        merchant=reader.name(reader.merchant(session["merchant"])),
        back_url=session["return_url" if is_done else "cancel_url"],
        shows_loans=stage == "authorized",
    )


def paid_elsewhere(reader: Reader, merchant: str) -> Ended:
    """Make the page after choosing to pay in full where no shop's checkout is to be told."""
    title, what = _ENDS["cash"]
    name = reader.name(reader.merchant(merchant))
    return Ended(reader.say(title), reader.say(what), name, "", shows_loans=False)
