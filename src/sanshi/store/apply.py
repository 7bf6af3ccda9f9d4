"""Turn one `Effects` value into SQL inside an open transaction, the same on both databases."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from itertools import groupby
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Connection,
    Table,
    bindparam,
    delete,
    func,
    insert,
    select,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import IntegrityError
from sqlalchemy.sql import Executable

from sanshi.kernel.effects import (
    Cell,
    Conflict,
    Count,
    Effects,
    Event,
    Exists,
    Expect,
    Guard,
    Insert,
    Leaf,
    Message,
    Posting,
    Replace,
    Row,
    Take,
    Unique,
    Update,
)
from sanshi.kernel.errors import ImpossibleError
from sanshi.kernel.money import CURRENCY
from sanshi.ports import closed_mark
from sanshi.store import schema as s


class RefusedError(Exception):
    """A guard did not hold; carries the answer out of the transaction."""

    def __init__(self, conflict: Conflict) -> None:
        """Keep the answer."""
        super().__init__(conflict.what)
        self.conflict = conflict


# Prepared once: building a statement for each call costs four times its execution.
_VERSION = (
    select(s.stream.c.version).where(s.stream.c.stream == bindparam("b_stream")).with_for_update()
)
_OPEN_STREAM = insert(s.stream)
_MOVE_STREAM = (
    update(s.stream)
    .where(s.stream.c.stream == bindparam("b_stream"), s.stream.c.version == bindparam("b_old"))
    .values(version=bindparam("b_new"), stage=bindparam("b_stage"))
)
_TAKE = (
    update(s.counter)
    .where(
        s.counter.c.counter == bindparam("b_counter"),
        s.counter.c.remaining - bindparam("b_amount") >= bindparam("b_floor"),
    )
    .values(remaining=s.counter.c.remaining - bindparam("b_amount"))
)
# Shared with all who post, and waited for by the close that moves the mark.
_CLOSED = (
    select(s.business_day.c.open_date)
    .where(s.business_day.c.name == bindparam("b_name"))
    .with_for_update(read=True)
)
_EVENT = insert(s.event)
_POSTING = insert(s.posting)
_USED_KEY = insert(s.used_key)
_OUTBOX = insert(s.outbox)
_LEAF = insert(s.leaf)


def _add_to_posted(dialect: str) -> Executable:
    build = postgresql.insert if dialect == "postgresql" else sqlite.insert
    row = build(s.posted)
    return row.on_conflict_do_update(
        index_elements=["source", "component", "payer", "account"],
        set_={"amount_fen": s.posted.c.amount_fen + row.excluded.amount_fen},
    )


_POSTED = {name: _add_to_posted(name) for name in ("sqlite", "postgresql")}


def apply(connection: Connection, effects: Effects, now: datetime) -> None:
    """Apply everything or raise `RefusedError`; the caller owns the transaction."""
    for guard in effects.guards:
        _check(connection, guard)
    _append(connection, effects.events, now)
    _write(connection, effects.rows)
    _post(connection, effects.postings)
    _send_later(connection, effects.messages, now)
    _log(connection, effects.leaves)


def _check(connection: Connection, guard: Guard) -> None:
    match guard:
        case Expect(stream, version):
            held = connection.execute(_VERSION, {"b_stream": stream}).scalar() or 0
            _require(held == version, Conflict("version", stream))
        case Unique(scope, key, request_hash, answer):
            row = {"scope": scope, "key": key, "request_hash": request_hash, "answer": answer}
            _insert(connection, _USED_KEY, [row], Conflict("unique", f"{scope}/{key}"))
        case Take(counter, amount, floor):
            values = {"b_counter": counter, "b_amount": amount, "b_floor": floor}
            taken = connection.execute(_TAKE, values).rowcount
            _require(taken == 1, Conflict("counter", counter))
        case Exists(name, key, held):
            table = s.metadata.tables[name]
            one = select(1).select_from(table).where(*_are(table, key)).limit(1)
            if held:
                one = one.with_for_update(read=held == "shared")
            found = connection.execute(one).first()
            _require(found is not None, Conflict("exists", name))
        case Count(name, key, from_, rows):
            table = s.metadata.tables[name]
            beyond = (table.c[n] >= v for n, v in from_.items())
            many = select(func.count()).select_from(table).where(*_are(table, key), *beyond)
            _require(connection.execute(many).scalar() == rows, Conflict("count", name))


def _are(table: Table, key: Mapping[str, Cell]) -> list[ColumnElement[bool]]:
    return [table.c[name] == value for name, value in key.items()]


def _require(holds: bool, conflict: Conflict) -> None:  # noqa: FBT001 - reads as a sentence at each call
    if not holds:
        raise RefusedError(conflict)


def _insert(
    connection: Connection,
    statement: Executable,
    rows: Sequence[Mapping[str, Any]],
    conflict: Conflict,
) -> None:
    try:
        connection.execute(statement, rows)
    except IntegrityError as error:
        if not _is_duplicate(error):
            raise
        raise RefusedError(conflict) from error


_DUPLICATE = {"SQLITE_CONSTRAINT_PRIMARYKEY", "SQLITE_CONSTRAINT_UNIQUE", "23505"}


def _is_duplicate(error: IntegrityError) -> bool:
    """A row that is there already is somebody else's success; any other breach is our fault."""
    name = getattr(error.orig, "sqlite_errorname", None) or getattr(error.orig, "sqlstate", None)
    return name in _DUPLICATE


def _append(connection: Connection, events: Sequence[Event], now: datetime) -> None:
    for event in events:
        conflict = Conflict("version", event.stream)
        if event.version == 1:
            head = {
                "stream": event.stream,
                "entity": event.entity,
                "version": 1,
                "stage": event.stage,
            }
            _insert(connection, _OPEN_STREAM, [head], conflict)
        else:
            move = {
                "b_stream": event.stream,
                "b_old": event.version - 1,
                "b_new": event.version,
                "b_stage": event.stage,
            }
            _require(connection.execute(_MOVE_STREAM, move).rowcount == 1, conflict)
    if events:
        connection.execute(_EVENT, [_event_row(event, now) for event in events])


def _event_row(event: Event, now: datetime) -> dict[str, Any]:
    return {
        "stream": event.stream,
        "version": event.version,
        "kind": event.kind,
        "stage": event.stage,
        "entity": event.entity,
        "value_date": event.value_date,
        "booking_date": event.booking_date,
        "recorded_at": now,
        "data": dict(event.data),
    }


def _write(connection: Connection, rows: Iterable[Row]) -> None:
    """Write rows in order, those of one kind that follow each other in one go."""
    for _, alike in groupby(rows, key=_kind):
        many = list(alike)
        table = s.metadata.tables[many[0].table]
        inserts: list[Insert | Update] = [row for row in many if isinstance(row, Insert)]
        updates = [row for row in many if isinstance(row, Update)]
        replaced = [row for row in many if isinstance(row, Replace)]
        values = [row.values for row in [*inserts, *updates]] + _rows_of(replaced)
        _must_be_columns(table, values)
        for row in replaced:
            connection.execute(delete(table).where(*_are(table, row.where)))
        if updates:
            _update(connection, table, updates)
        elif values:
            _insert(connection, insert(table), [*map(dict, values)], Conflict("row", table.name))


def _rows_of(replaced: Sequence[Replace]) -> list[Mapping[str, Cell]]:
    return [values for row in replaced for values in row.rows]


def _kind(row: Row) -> tuple[object, ...]:
    """Return what rows have in common that one statement can write."""
    match row:
        case Insert(table, values):
            return table, Insert, values.keys()
        case Update(table, key, values):
            empty = {name for name, value in key.items() if value is None}
            return table, Update, key.keys(), empty, values.keys()
        case Replace(table, where, _):
            return table, Replace, where.keys()


def _update(connection: Connection, table: Table, rows: Sequence[Update]) -> None:
    key, values = rows[0].key, rows[0].values
    statement = (
        update(table)
        .where(*(table.c[name] == _given(f"at_{name}", one) for name, one in key.items()))
        .values({name: bindparam(f"to_{name}", type_=table.c[name].type) for name in values})
    )
    given: list[dict[str, Any]] = [
        {
            **{f"at_{name}": value for name, value in row.key.items() if value is not None},
            **{f"to_{name}": value for name, value in row.values.items()},
        }
        for row in rows
    ]
    changed = connection.execute(statement, given).rowcount
    _require(changed == len(rows), Conflict("row", table.name))


def _given(name: str, value: Cell) -> BindParameter[Any] | None:
    """Return what a column must equal: nothing is no value that could be passed."""
    return None if value is None else bindparam(name)


def _must_be_columns(table: Table, rows: Iterable[Mapping[str, Cell]]) -> None:
    for values in rows:
        strange = values.keys() - table.c.keys()
        if strange:  # SQLAlchemy would drop them without a word
            raise ImpossibleError("store.no_column", f"{table.name} has no column {min(strange)}.")


def _post(connection: Connection, postings: Sequence[Posting]) -> None:
    if not postings:
        return
    _must_be_open(connection, postings)
    rows = [
        {
            "entity": p.entity,
            "source": p.source,
            "component": p.component,
            "payer": p.payer,
            "debit": p.debit,
            "credit": p.credit,
            "amount_fen": p.amount_fen,
            "currency": CURRENCY,
            "value_date": p.value_date,
            "booking_date": p.booking_date,
        }
        for p in postings
    ]
    connection.execute(_POSTING, rows)
    sides = [
        {
            "source": p.source,
            "component": p.component,
            "payer": p.payer,
            "account": account,
            "entity": p.entity,
            "amount_fen": signed_fen,
        }
        for p in postings
        for account, signed_fen in ((p.debit, p.amount_fen), (p.credit, -p.amount_fen))
    ]
    connection.execute(_POSTED[connection.dialect.name], sides)


def _must_be_open(connection: Connection, postings: Sequence[Posting]) -> None:
    """Refuse to book on a closed day: whoever read the date before it was closed reads again."""
    first: dict[str, date] = {}
    for p in postings:
        first[p.entity] = min(p.booking_date, first.get(p.entity, p.booking_date))
    for entity, day in sorted(first.items()):
        closed = connection.execute(_CLOSED, {"b_name": closed_mark(entity)}).scalar()
        _require(closed is None or closed < day, Conflict("closed", f"{entity} {day}"))


def _send_later(connection: Connection, messages: Sequence[Message], now: datetime) -> None:
    rows = [
        {
            "message_id": m.message_id,
            "topic": m.topic,
            "payload": dict(m.payload),
            "status": "waiting",
            "attempts": 0,
            "next_attempt_at": now,
        }
        for m in messages
    ]
    if rows:
        _insert(connection, _OUTBOX, rows, Conflict("row", "outbox"))


def _log(connection: Connection, leaves: Sequence[Leaf]) -> None:
    rows = [
        {"kind": leaf.kind, "subject": leaf.subject, "content_hash": leaf.content_hash}
        for leaf in leaves
    ]
    if rows:
        connection.execute(_LEAF, rows)
