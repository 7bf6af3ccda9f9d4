"""Reads that flows need, the same on both databases."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from itertools import chain
from types import MappingProxyType
from typing import Any

import numpy as np
import pyarrow as pa
from sqlalchemy import ColumnElement, Engine, Select, Table, bindparam, select

from sanshi.kernel.effects import Cell, Event, Posting
from sanshi.kernel.errors import ImpossibleError
from sanshi.ports import Search
from sanshi.store import schema as s
from sanshi.store.ledger import BALANCES, BOOKED, COURSES, PAGE, SUB_LEDGER
from sanshi.store.searching import searching

Record = Mapping[str, Any]

_EVENTS = select(s.event).where(s.event.c.stream == bindparam("stream")).order_by(s.event.c.version)
_STREAM = select(s.stream).where(s.stream.c.stream == bindparam("stream"))


class Reads:
    """Read-only questions to the database; each takes one connection for one statement."""

    def __init__(self, engine: Engine) -> None:
        """Read through `engine`."""
        self._engine = engine

    def events(self, stream: str) -> tuple[Event, ...]:
        """Return a stream's events in order."""
        with self._engine.connect() as connection:
            rows = connection.execute(_EVENTS, {"stream": stream}).all()
        return tuple(_event(row) for row in rows)

    def standing(self, stream: str) -> tuple[int, str]:
        """Return a stream's version and stage; (0, '') when it does not exist."""
        with self._engine.connect() as connection:
            row = connection.execute(_STREAM, {"stream": stream}).mappings().first()
        return (0, "") if row is None else (row["version"], row["stage"])

    def row(self, table: str, **key: Cell) -> Record | None:
        """Return the one row with these values, or None."""
        found = self.rows(table, key, limit=2)
        if len(found) > 1:
            raise ImpossibleError("store.not_unique", f"Several rows of {table} match {key}.")
        return found[0] if found else None

    def rows(
        self,
        table: str,
        where: Mapping[str, Cell] = MappingProxyType({}),
        *,
        order_by: Sequence[str] = (),
        after: Mapping[str, Cell] = MappingProxyType({}),
        limit: int | None = None,
        newest_first: bool = False,
    ) -> tuple[Record, ...]:
        """Return rows with these values, ordered; `after` keeps rows beyond a value (paging)."""
        order = Order(tuple(order_by), tuple(after), newest_first)
        statement = _rows_where(table, _shape(where), order, limit)
        return self._all(statement, _given(where, after))

    def in_stage(
        self, table: str, key: str, stages: Sequence[str], where: Mapping[str, Cell]
    ) -> tuple[Record, ...]:
        """Return a table's rows whose stream (column `key`) stands in one of the stages."""
        statement = _in_stage(table, key, _shape(where))
        return self._all(statement, {**_given(where, {}), "stages": list(stages)})

    def columns(self, table: str, schema: pa.Schema, where: Mapping[str, Cell]) -> pa.RecordBatch:
        """Return rows with these values as columns of whole numbers, by the first of them."""
        statement = _columns_where(table, tuple(schema.names), _shape(where))
        with self._engine.connect() as connection:
            rows = connection.execute(statement, _given(where, {})).cursor.fetchall()
        width = len(schema.names)
        flat = np.fromiter(chain.from_iterable(rows), np.int64, len(rows) * width)
        columns = np.ascontiguousarray(flat.reshape(-1, width).T)
        return pa.RecordBatch.from_arrays([pa.array(one) for one in columns], schema=schema)

    def courses(self, loans: Sequence[int]) -> Iterator[Record]:
        """Yield the courses of loans, by `loan` if they are."""
        for start in range(0, len(loans), PAGE):
            yield from self._all(COURSES, {"loans": list(loans[start : start + PAGE])})

    def search(self, wanted: Search, offset: int, limit: int) -> tuple[tuple[Record, ...], int]:
        """Return a page of what was found, each row with its stage, and how much there is."""
        count, page = searching(wanted)
        with self._engine.connect() as connection:
            total = int(connection.execute(count).scalar_one())
            found = connection.execute(page.offset(offset).limit(limit)).mappings()
            return tuple(dict(row) for row in found), total

    def balances(
        self, entity: str, to: date | None = None, value_to: date | None = None
    ) -> Mapping[str, tuple[int, int]]:
        """Return each account's (debits, credits) in fen up to a booking and a value date.

        Both dates are included; without one, everything counts. One statement, so that both
        sides are of one moment.
        """
        given = {"entity": entity, "to": to or date.max, "value_to": value_to or date.max}
        rows = self._all(BALANCES, given)
        return {r["account"]: (int(r["debit_fen"]), int(r["credit_fen"])) for r in rows}

    def booked(self, entity: str, after: date | None, to: date) -> Iterator[Posting]:
        """Yield what was booked after a day and up to another, in the order of the days."""
        given: dict[str, Any] = {"entity": entity, "to": to, "day": date.min, "beyond": 0}
        if after is not None:
            given["day"] = after + timedelta(days=1)
        while True:
            with self._engine.connect() as connection:
                page = connection.execute(BOOKED, given).all()
            for _, *row in page:
                yield Posting(*row)
            if len(page) < PAGE:
                return
            given |= {"day": page[-1].booking_date, "beyond": page[-1].posting_id}

    def sub_ledger(self, entity: str) -> Mapping[str, int]:
        """Return each account's sum over every source, in fen; debits positive."""
        rows = self._all(SUB_LEDGER, {"entity": entity})
        return {row["account"]: int(row["fen"]) for row in rows}

    def posted(self, source: str) -> Mapping[tuple[str, str, str], int]:
        """Return what was actually posted: (component, payer, account) → signed fen."""
        rows = self.rows("posted", {"source": source})
        return {(r["component"], r["payer"], r["account"]): r["amount_fen"] for r in rows}

    def _all(
        self, statement: Select[Any], given: Mapping[str, Any] = MappingProxyType({})
    ) -> tuple[Record, ...]:
        with self._engine.connect() as connection:
            found = connection.execute(statement, dict(given)).mappings()
            return tuple(dict(row) for row in found)


Names = tuple[str, ...]
Shape = tuple[Names, Names]
"""The columns that must equal a value, and those that must be empty."""


def _shape(where: Mapping[str, Cell]) -> Shape:
    equal = tuple(name for name, value in where.items() if value is not None)
    return equal, tuple(name for name, value in where.items() if value is None)


def _given(where: Mapping[str, Cell], after: Mapping[str, Cell]) -> dict[str, Any]:
    same = {f"is_{name}": value for name, value in where.items() if value is not None}
    return same | {f"after_{name}": value for name, value in after.items()}


@dataclass(frozen=True, slots=True)
class Order:
    """By which columns, beyond a value of which, and in which direction."""

    by: Names
    after: Names
    newest_first: bool


@lru_cache(maxsize=512)  # building a statement takes longer than running it
def _rows_where(table: str, shape: Shape, order: Order, limit: int | None) -> Select[Any]:
    t = s.metadata.tables[table]
    beyond: list[tuple[Any, Any]] = [
        (t.c[name], bindparam(f"after_{name}")) for name in order.after
    ]
    columns = [t.c[name] for name in order.by]
    return (
        select(t)
        .where(*_conditions(t, shape))
        .where(*((c < value) if order.newest_first else (c > value) for c, value in beyond))
        .order_by(*(c.desc() if order.newest_first else c for c in columns))
        .limit(limit)
    )


@lru_cache(maxsize=64)
def _columns_where(table: str, names: Names, shape: Shape) -> Select[Any]:
    t = s.metadata.tables[table]
    columns = [t.c[name] for name in names]
    return select(*columns).where(*_conditions(t, shape)).order_by(columns[0])


@lru_cache(maxsize=128)
def _in_stage(table: str, key: str, shape: Shape) -> Select[Any]:
    t = s.metadata.tables[table]
    return (
        select(t, s.stream.c.stage, s.stream.c.version)
        .join(s.stream, s.stream.c.stream == t.c[key])
        .where(s.stream.c.stage.in_(bindparam("stages", expanding=True)))
        .where(*_conditions(t, shape))
        .order_by(t.c[key])
    )


def _conditions(t: Table, shape: Shape) -> tuple[ColumnElement[bool], ...]:
    equal, absent = shape
    same = tuple(t.c[name] == bindparam(f"is_{name}") for name in equal)
    return same + tuple(t.c[name].is_(None) for name in absent)


def _event(row: Any) -> Event:  # noqa: ANN401 - a result row, its columns as attributes
    return Event(
        stream=row.stream,
        version=row.version,
        kind=row.kind,
        stage=row.stage,
        entity=row.entity,
        value_date=row.value_date,
        booking_date=row.booking_date,
        data=row.data,
    )
