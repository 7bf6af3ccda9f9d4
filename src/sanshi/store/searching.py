"""Search: one table by what a person filters and sorts by, the same on both databases."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Select, Table, func, or_, select

from sanshi.ports import Search
from sanshi.store import schema as s

_ESCAPE = "\\"


def searching(wanted: Search) -> tuple[Select[Any], Select[Any]]:
    """Return two statements: how many rows there are, and the rows in order."""
    t = s.metadata.tables[wanted.table]
    conditions = tuple(_conditions(t, wanted))
    count = select(func.count()).select_from(t)
    page = select(t)
    if wanted.stream:
        same = s.stream.c.stream == t.c[wanted.stream]
        count = count.join(s.stream, same)
        page = select(t, s.stream.c.stage).join(s.stream, same)
    columns = [t.c[name] for name in wanted.order_by]
    order = (c.desc() if wanted.newest_first else c for c in columns)
    return count.where(*conditions), page.where(*conditions).order_by(*order)


def _conditions(t: Table, wanted: Search) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = [
        t.c[name].is_(None) if value is None else t.c[name] == value
        for name, value in wanted.where.items()
    ]
    if wanted.stages:
        found.append(s.stream.c.stage.in_(wanted.stages))
    if wanted.text:
        found.append(or_(*(_holds(t.c[name], wanted.text) for name in wanted.text_in)))
    if wanted.either:
        found.append(or_(*(t.c[name] == wanted.is_either for name in wanted.either)))
    if wanted.since is not None:
        found.append(t.c[wanted.dated] >= wanted.since)
    if wanted.until is not None:
        found.append(t.c[wanted.dated] <= wanted.until)
    if wanted.known_in is not None:
        column, other, values = wanted.known_in
        o = s.metadata.tables[other].alias()
        found.append(
            select(1)
            .where(o.c[column] == t.c[column], *(o.c[n] == v for n, v in values.items()))
            .exists()
        )
    return found


def _holds(column: ColumnElement[Any], text: str) -> ColumnElement[bool]:
    plain = text.lower()
    for mark in (_ESCAPE, "%", "_"):
        plain = plain.replace(mark, _ESCAPE + mark)
    return func.lower(column).like(f"%{plain}%", escape=_ESCAPE)
