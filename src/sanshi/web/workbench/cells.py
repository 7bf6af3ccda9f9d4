"""Cells of tables: what is shown, where it leads, and what an export says instead."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from markupsafe import Markup, escape

from sanshi.documents.words import exact_percent, money
from sanshi.kernel.dates import SHANGHAI
from sanshi.kernel.money import yuan
from sanshi.web.reader import Reader
from sanshi.web.workbench import addresses as at
from sanshi.web.workbench.words import Tone, known, named_code, stage

Line = Mapping[str, Any]
_ID_CHARS = 10
NOTHING = Markup()


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell.

    Args:
        text: what is shown.
        href: where it leads.
        tone: shown as a tag of this colour.
        under: said in small print below.
        plain: what an export says; else the text.
        code: whether it is an id or code, in letters of one width.
    """

    text: Markup
    href: str = ""
    tone: Tone | None = None
    under: Markup = NOTHING
    plain: str | None = None
    code: bool = False

    @property
    def exported(self) -> str:
        """What an export says."""
        return str(self.text.striptags()) if self.plain is None else self.plain


EMPTY = Cell(NOTHING)


def words(text: str) -> Cell:
    """A name or sentence."""
    return Cell(escape(text), plain=text)


def fen(amount_fen: int) -> Cell:
    """An amount."""
    return Cell(escape(money(amount_fen)), plain=yuan(amount_fen).replace(",", ""))


def rate(rate_ppm: int) -> Cell:
    """A rate."""
    return Cell(escape(exact_percent(rate_ppm)))


def number(count: int) -> Cell:
    """A count."""
    return Cell(escape(str(count)))


def day(text: str) -> Cell:
    """A date as the answers have it; empty: none."""
    return Cell(Markup("<time>{}</time>").format(text) if text else Markup("—"), plain=text)


def instant(text: str) -> Cell:
    """An instant, shown as the clocks of Shanghai show it."""
    local = datetime.fromisoformat(text).astimezone(SHANGHAI)
    shown = local.strftime("%Y-%m-%d %H:%M:%S")
    return Cell(Markup("<time>{}</time>").format(shown), plain=shown)


def short(name: str) -> Markup:
    """Write an id so that people can tell it apart: its kind and its last characters."""
    head, _, tail = name.partition("_")
    if len(tail) <= _ID_CHARS:
        return escape(name)
    return Markup('<abbr title="{}">{}_…{}</abbr>').format(name, head, tail[-_ID_CHARS:])


def ident(name: str, href: str | None = None) -> Cell:
    """An id, leading to the thing."""
    return Cell(short(name), href=at.thing(name) if href is None else href, plain=name, code=True)


def staged(reader: Reader, kind: str, code: str) -> Cell:
    """A stage."""
    text, tone = stage(reader.say, kind, code)
    return Cell(text, tone=tone)


def coded(reader: Reader, table: str, code: str) -> Cell:
    """A code in words."""
    return Cell(named_code(reader.say, table, code), plain=None if known(table, code) else code)


def account(reader: Reader, code: str) -> Cell:
    """An account of the general ledger, leading to its postings."""
    known = reader.catalogue.accounts.get(code)
    name = reader.name(known) if known else code
    return Cell(escape(name), href=at.asked(at.POSTINGS, kind=code), plain=name)


def merchant(reader: Reader, code: str) -> Cell:
    """A shop by its name."""
    shop = reader.catalogue.merchants.get(code)
    return words(reader.name(shop) if shop else code)


def product(reader: Reader, code: str) -> Cell:
    """A product by its name."""
    found = reader.catalogue.products.get(code)
    return words(reader.name(found) if found else code)


def payer(reader: Reader, code: str) -> Cell:
    """Whoever pays, by their name if they have one in the packs."""
    catalogue = reader.catalogue
    found = catalogue.funders.get(code) or catalogue.merchants.get(code)
    return words(reader.name(found) if found else code)
