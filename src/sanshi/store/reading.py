"""Reads that flows need, the same on both databases."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from types import MappingProxyType
from typing import Any

from sqlalchemy import Engine, Select, Table, bindparam, func, select

from sanshi.kernel.effects import Cell, Event
from sanshi.kernel.errors import ImpossibleError
from sanshi.store import schema as s

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
    ) -> tuple[Record, ...]:
        """Return rows with these values, ordered; `after` keeps rows beyond a value (paging)."""
        t = s.metadata.tables[table]
        statement = select(t).where(*(t.c[n] == v for n, v in where.items()))
        statement = statement.where(*(t.c[n] > v for n, v in after.items()))
        statement = statement.order_by(*(t.c[n] for n in order_by)).limit(limit)
        return self._all(statement)

    def in_stage(
        self, table: str, key: str, stages: Sequence[str], where: Mapping[str, Cell]
    ) -> tuple[Record, ...]:
        """Return a table's rows whose stream (column `key`) stands in one of the stages."""
        t = s.metadata.tables[table]
        statement = (
            select(t, s.stream.c.stage, s.stream.c.version)
            .join(s.stream, s.stream.c.stream == t.c[key])
            .where(s.stream.c.stage.in_(stages), *(t.c[n] == v for n, v in where.items()))
            .order_by(t.c[key])
        )
        return self._all(statement)

    def balances(self, entity: str, to: date | None = None) -> Mapping[str, tuple[int, int]]:
        """Return each account's (debits, credits) in fen up to and including a booking date."""
        t = s.posting
        upto = [] if to is None else [t.c.booking_date <= to]
        sums: dict[str, tuple[int, int]] = {}
        for record in self._all(_sum_by(t, "debit", entity, upto)):
            sums[record["account"]] = (int(record["fen"]), 0)
        for record in self._all(_sum_by(t, "credit", entity, upto)):
            debit_fen, _ = sums.get(record["account"], (0, 0))
            sums[record["account"]] = (debit_fen, int(record["fen"]))
        return dict(sorted(sums.items()))

    def posted(self, source: str) -> Mapping[tuple[str, str, str], int]:
        """Return what was actually posted: (component, payer, account) → signed fen."""
        rows = self.rows("posted", {"source": source})
        return {(r["component"], r["payer"], r["account"]): r["amount_fen"] for r in rows}

    def _all(self, statement: Select[Any]) -> tuple[Record, ...]:
        with self._engine.connect() as connection:
            return tuple(dict(row) for row in connection.execute(statement).mappings())


def _sum_by(t: Table, side: str, entity: str, upto: Sequence[Any]) -> Select[Any]:
    account = t.c[side]
    return (
        select(account.label("account"), func.sum(t.c.amount_fen).label("fen"))
        .where(t.c.entity == entity, *upto)
        .group_by(account)
    )


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
