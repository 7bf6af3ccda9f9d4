"""Reads a document as a browser would, knowing nothing of what made it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from html.parser import HTMLParser

VOID = {"meta", "br", "circle", "rect"}
FIGURE = re.compile(r"\d[\d,]*\.\d{2,}%?")


@dataclass
class Node:
    tag: str
    attributes: dict[str, str]
    children: list[Node | str] = field(default_factory=list)

    def all(self, tag: str = "", of: str = "") -> Iterator[Node]:
        """Give every element below, in order, of a tag and of a class."""
        for child in self.children:
            if isinstance(child, Node):
                if tag in {"", child.tag} and (not of or of in child.classes):
                    yield child
                yield from child.all(tag, of)

    def one(self, tag: str = "", of: str = "") -> Node:
        found = list(self.all(tag, of))
        assert len(found) == 1, (tag, of, len(found))
        return found[0]

    @property
    def classes(self) -> list[str]:
        return self.attributes.get("class", "").split()

    def texts(self) -> Iterator[str]:
        """Give every stretch of text that is read aloud, in order."""
        for child in self.children:
            if isinstance(child, str):
                yield child
            elif child.attributes.get("aria-hidden") != "true":
                yield from child.texts()

    @property
    def text(self) -> str:
        """Return what is read aloud: labels for the eye alone are left out."""
        return "".join(self.texts()).strip()


class _Builder(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.root = Node("", {})
        self.open = [self.root]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        node = Node(tag, {name: value or "" for name, value in attrs})
        self.open[-1].children.append(node)
        if tag not in VOID:
            self.open.append(node)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.open[-1].children.append(Node(tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        assert self.open[-1].tag == tag, f"</{tag}> closes <{self.open[-1].tag}>"
        self.open.pop()

    def handle_data(self, data: str) -> None:
        self.open[-1].children.append(data)


def parse(html: str) -> Node:
    builder = _Builder()
    builder.feed(html)
    builder.close()
    assert builder.open == [builder.root], "every element is closed"
    return builder.root


def amount(text: str) -> Decimal:
    """Read '¥6,157.14' or '6,157.14'."""
    return Decimal(text.removeprefix("¥").replace(",", ""))


def rate(text: str) -> Decimal:
    """Read '4.80%' as 0.0480."""
    assert text.endswith("%")
    return Decimal(text.removesuffix("%")) / 100


def figures(root: Node) -> list[str]:
    """Return every amount and rate that is shown, in order."""
    return [figure for text in root.one("body").texts() for figure in FIGURE.findall(text)]


def without(root: Node, *classes: str) -> Node:
    """Return it with every element of these classes left out."""
    kept = [
        without(child, *classes) if isinstance(child, Node) else child
        for child in root.children
        if isinstance(child, str) or not set(classes) & set(child.classes)
    ]
    return Node(root.tag, root.attributes, kept)


def cells(row: Node) -> list[str]:
    return [cell.text for cell in row.children if isinstance(cell, Node)]


@dataclass(frozen=True)
class Schedule:
    """The repayment schedule as printed."""

    rows: list[tuple[Decimal, Decimal, Decimal, Decimal]]
    dates: list[str]
    totals: tuple[Decimal, Decimal, Decimal]


def schedule(root: Node) -> Schedule:
    table = root.one("table", "s-schedule")
    body = [cells(row) for row in table.one("tbody").all("tr")]
    foot = cells(table.one("tfoot").one("tr"))
    return Schedule(
        rows=[(amount(c[2]), amount(c[3]), amount(c[4]), amount(c[5])) for c in body],
        dates=[time.attributes["datetime"] for time in table.all("time")],
        totals=(amount(foot[1]), amount(foot[2]), amount(foot[3])),
    )


def stated(root: Node) -> list[str]:
    """Return the four figures of the cost table: principal, costs, both, first instalment."""
    return [FIGURE.findall(dd.text)[0] for dd in root.one("dl", "s-figs").all("dd")]
