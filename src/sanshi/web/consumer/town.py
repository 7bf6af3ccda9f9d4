"""The sandbox's front page: buy something, be somebody, see the other side, let a day pass."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from sanshi.web.reader import Reader


@dataclass(frozen=True, slots=True)
class Resident:
    """Somebody invented（虚构）whom a visitor may be; `zh` and `en` say what there is to see."""

    full_name: str
    mobile: str
    id_number: str
    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Officer:
    """An account of the workbench that a visitor may use."""

    user_name: str
    password: str
    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Sandbox:
    """What a sandbox has beside the pages of every day.

    Args:
        phone: reads the text messages that nobody is really sent, newest first.
        next_day: lets one business date pass.
        desk_url: where the workbench is, if it is served.
    """

    phone: Callable[[], list[dict[str, str]]]
    next_day: Callable[[], None]
    residents: Sequence[Resident] = ()
    officers: Sequence[Officer] = ()
    desk_url: str = ""


@dataclass(frozen=True, slots=True)
class Ware:
    """Something on sale."""

    sku: str
    name: str
    price_fen: int


@dataclass(frozen=True, slots=True)
class Stall:
    """A shop with its goods."""

    merchant: str
    name: str
    wares: tuple[Ware, ...]


@dataclass(frozen=True, slots=True)
class Person:
    """A resident, as the page shows them."""

    name: str
    mobile: str
    tail: str
    words: str


@dataclass(frozen=True, slots=True)
class Town:
    """The page. `bought`: a shop has just been come back to."""

    template: ClassVar[str] = "town"

    today: date
    stalls: tuple[Stall, ...]
    people: tuple[Person, ...]
    officers: tuple[Officer, ...]
    desk_url: str
    bought: bool
    lenders: tuple[str, ...] = ()


def town(reader: Reader, sandbox: Sandbox, today: date, *, bought: bool = False) -> Town:
    """Make the page."""
    pick = reader.say.pick
    return Town(
        today=today,
        stalls=tuple(
            Stall(
                shop.id,
                reader.name(shop),
                tuple(Ware(one.sku, reader.name(one), one.price_fen) for one in shop.goods),
            )
            for shop in reader.catalogue.merchants.values()
        ),
        people=tuple(
            Person(one.full_name, one.mobile, one.id_number[-6:], pick(one.zh, one.en))
            for one in sandbox.residents
        ),
        officers=tuple(
            Officer(one.user_name, one.password, pick(one.zh, one.en), "")
            for one in sandbox.officers
        ),
        desk_url=sandbox.desk_url,
        bought=bought,
    )
