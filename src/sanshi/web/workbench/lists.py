"""Lists: one page for all of them. Columns, filters and words stand in one table a list."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

from markupsafe import Markup

from sanshi.flows.desk_lists import LISTS, DeskList
from sanshi.web.reader import Named, Reader
from sanshi.web.workbench import addresses as at
from sanshi.web.workbench.cells import NOTHING, Cell, Line
from sanshi.web.workbench.words import TABLES, named_code, stage

PAGE_ROWS = 25
MAX_PAGE = 10_000

Make = Callable[[Reader, Line], Cell]


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its title, what stands in a row, the order it sorts by, if any."""

    title: str
    make: Make
    sort: str = ""
    right: bool = False


@dataclass(frozen=True, slots=True)
class Sheet:
    """How a list is shown.

    Args:
        title: of the page.
        intro: what one sees here.
        empty: what would stand here, if nothing does.
        columns: from left to right.
        kind: of the stages in `words.STAGES`; empty: no filter by stage.
        kinds: the table of words, or of the packs, that `kind` is chosen from; empty: no such
            filter.
        kinds_title: what that filter is called.
        searched: what can be looked for by text; empty: nothing.
        dated: what the dates are about; empty: no filter by date.
        act: address and words of what may be begun from here.
        act_roles: who may begin it.
    """

    title: str
    intro: str
    empty: str
    columns: tuple[Column, ...]
    kind: str = ""
    kinds: str = ""
    kinds_title: str = ""
    searched: str = ""
    dated: str = ""
    act: tuple[str, str] | None = None
    act_roles: frozenset[str] = frozenset()
    kind_codes: tuple[str, ...] = ()
    sorts: bool = True


@dataclass(frozen=True, slots=True)
class Head:
    """The head of a column; `sorting`: how it is sorted now; `address`: sorts by it."""

    title: Markup
    right: bool
    address: str = ""
    sorting: str = ""


@dataclass(frozen=True, slots=True)
class Choice:
    """An option of a filter."""

    value: str
    text: Markup
    chosen: bool


@dataclass(frozen=True, slots=True)
class Listing:
    """The page."""

    template: ClassVar[str] = "list"

    title: Markup
    intro: Markup
    empty: Markup
    heads: tuple[Head, ...]
    rows: tuple[tuple[Cell, ...], ...]
    total: int
    first: int
    asked: Mapping[str, str]
    stages: tuple[Choice, ...]
    kinds: tuple[Choice, ...]
    kinds_title: Markup
    searched: Markup
    dated: Markup
    path: str
    before: str
    after: str
    export: str
    wrong: Markup = NOTHING
    act: tuple[str, Markup] | None = None
    summary: tuple[tuple[Markup, Cell], ...] = field(default=())

    @property
    def last(self) -> int:
        """The number of the last row shown."""
        return self.first + len(self.rows) - 1

    @property
    def filtered(self) -> bool:
        """Whether something was asked for that leaves rows out."""
        return any(self.asked.get(name) for name in ("stage", "kind", "text", "since", "until"))

    @property
    def filters(self) -> bool:
        """Whether there is anything to choose by."""
        return bool(self.stages or self.kinds or self.searched or self.dated)


def read_query(query: Mapping[str, str]) -> dict[str, Any]:
    """Return what the flow of a list takes, from the address; what is no number is the first."""
    page = query.get("page", "1")
    plain = page.isascii() and page.isdigit() and len(page) <= len(str(MAX_PAGE))
    number = int(page) if plain else 1
    asked: dict[str, Any] = {
        name: query[name].strip()
        for name in ("stage", "kind", "text", "sort")
        if query.get(name, "").strip()
    }
    for name in ("since", "until"):
        if query.get(name, "").strip():
            asked[name] = query[name].strip()
    return {
        **asked,
        "descending": query.get("order") != "up",
        "offset": (max(number, 1) - 1) * PAGE_ROWS,
        "limit": PAGE_ROWS,
    }


def listing(
    reader: Reader,
    sheet: Sheet,
    answer: Mapping[str, Any],
    *,
    path: str,
    query: Mapping[str, str],
    spec: DeskList | None = None,
    role: str = "",
    wrong: Markup | None = None,
) -> Listing:
    """Make the page from the answer of a list's flow and from what was asked for."""
    say = reader.say
    asked = {name: value for name, value in query.items() if value}
    offset, total = answer["offset"], answer["total"]
    rows = tuple(
        tuple(column.make(reader, line) for column in sheet.columns) for line in answer["rows"]
    )
    link = _Link(path, asked)
    page = offset // PAGE_ROWS + 1
    may_act = sheet.act is not None and role in sheet.act_roles
    return Listing(
        title=say(sheet.title),
        intro=say(sheet.intro),
        empty=say(sheet.empty),
        heads=_heads(reader, sheet, link, spec),
        rows=rows,
        total=total,
        first=offset + 1,
        asked=asked,
        stages=_stages(reader, sheet, spec, asked.get("stage", "")),
        kinds=_kinds(reader, sheet, asked.get("kind", "")),
        kinds_title=say(sheet.kinds_title) if sheet.kinds_title else NOTHING,
        searched=say(sheet.searched) if sheet.searched else NOTHING,
        dated=say(sheet.dated) if sheet.dated else NOTHING,
        path=path,
        before=link.to(page=str(page - 1)) if page > 1 else "",
        after=link.to(page=str(page + 1)) if offset + len(rows) < total else "",
        export=_Link(f"{path}.csv", asked).to(page=""),
        wrong=wrong or NOTHING,
        act=(sheet.act[0], say(sheet.act[1])) if sheet.act and may_act else None,
    )


@dataclass(frozen=True, slots=True)
class _Link:
    path: str
    asked: Mapping[str, str]

    def to(self, **changes: str) -> str:
        return at.asked(self.path, **{**self.asked, **changes})


def _heads(reader: Reader, sheet: Sheet, link: _Link, spec: DeskList | None) -> tuple[Head, ...]:
    usual = next(iter(spec.sorts)) if spec else ""
    current = link.asked.get("sort", usual)
    up = link.asked.get("order") == "up"
    heads = []
    for column in sheet.columns:
        title = reader.say(column.title)
        if not column.sort or not sheet.sorts:
            heads.append(Head(title, column.right))
            continue
        is_current = column.sort == current
        order = "up" if is_current and not up else "down"
        sorting = ("ascending" if up else "descending") if is_current else ""
        address = link.to(sort=column.sort, order=order, page="")
        heads.append(Head(title, column.right, address, sorting))
    return tuple(heads)


def _stages(reader: Reader, sheet: Sheet, spec: DeskList | None, chosen: str) -> tuple[Choice, ...]:
    if not sheet.kind or spec is None:
        return ()
    return tuple(
        Choice(code, stage(reader.say, sheet.kind, code)[0], code == chosen) for code in spec.stages
    )


def _kinds(reader: Reader, sheet: Sheet, chosen: str) -> tuple[Choice, ...]:
    if not sheet.kinds:
        return ()
    codes = sheet.kind_codes or tuple(TABLES.get(sheet.kinds, ()))
    packs: Mapping[str, Mapping[str, Named]] = {
        "account": reader.catalogue.accounts,
        "merchant": reader.catalogue.merchants,
    }
    if sheet.kinds in packs:
        return tuple(
            Choice(code, Markup("{}").format(reader.name(one)), code == chosen)
            for code, one in packs[sheet.kinds].items()
        )
    return tuple(
        Choice(code, named_code(reader.say, sheet.kinds, code), code == chosen) for code in codes
    )


def spec_of(flow: str) -> DeskList | None:
    """Return the list behind a flow, if it is one of the desk's."""
    return LISTS.get(flow)
