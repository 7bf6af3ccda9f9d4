"""Searching: filters, order and pages mean the same on both databases."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from typing import Any

import pytest
from alembic import command
from sqlalchemy import create_engine, inspect

from sanshi.kernel.effects import Applied, Cell, Effects, Event, Insert
from sanshi.ports import Search
from sanshi.store.migrate import config, upgrade
from sanshi.store.postgres import PostgresStore
from sanshi.store.sqlite import SqliteStore
from sanshi.wiring import open_store

NOW = datetime(2026, 11, 2, 2, tzinfo=UTC)
Store = SqliteStore | PostgresStore

CASES = (
    ("cs_1", "bank", "rail_missing", "py_100%", date(2026, 11, 2), "open"),
    ("cs_2", "bank", "rail_answer", "py_1_0", date(2026, 11, 3), "closed"),
    ("cs_3", "bank", "rail_missing", "PY_ABC", date(2026, 11, 4), "open"),
    ("cs_4", "other", "rail_missing", "py_100%", date(2026, 11, 4), "open"),
)


@pytest.fixture
def store(database_url: str) -> Iterator[Store]:
    opened = open_store(database_url, lambda: NOW)
    for case_id, entity, kind, subject, day, stage in CASES:
        row: dict[str, Cell] = {
            "case_id": case_id,
            "entity": entity,
            "kind": kind,
            "subject": subject,
            "opened_on": day,
            "body": {},
        }
        event = Event(case_id, 1, "opened", stage, entity, day, day, {})
        effects = Effects(events=(event,), rows=(Insert("work_case", row),))
        assert isinstance(opened.apply(effects), Applied)
    yield opened
    opened.close()


def found(store: Store, offset: int = 0, limit: int = 10, **wanted: Any) -> list[str]:  # noqa: ANN401 - what somebody looks for
    usual: Mapping[str, Any] = {
        "table": "work_case",
        "stream": "case_id",
        "where": {"entity": "bank"},
        "order_by": ("opened_on", "case_id"),
    }
    rows, total = store.search(Search(**{**usual, **wanted}), offset, limit)
    if offset == 0 and limit == 10:
        assert total == len(rows)
    return [row["case_id"] for row in rows]


def test_filters(store: Store) -> None:
    for wanted, ids in (
        ({}, ["cs_1", "cs_2", "cs_3"]),
        ({"newest_first": True}, ["cs_3", "cs_2", "cs_1"]),
        ({"stages": ("open",)}, ["cs_1", "cs_3"]),
        ({"text": "py_a", "text_in": ("subject", "case_id")}, ["cs_3"]),
        ({"text": "00%", "text_in": ("subject",)}, ["cs_1"]),
        ({"text": "_1_", "text_in": ("subject",)}, ["cs_2"]),
        ({"text": "\\", "text_in": ("subject",)}, []),
        ({"either": ("kind", "subject"), "is_either": "rail_missing"}, ["cs_1", "cs_3"]),
        ({"dated": "opened_on", "since": date(2026, 11, 3)}, ["cs_2", "cs_3"]),
        ({"dated": "opened_on", "until": date(2026, 11, 3)}, ["cs_1", "cs_2"]),
        ({"where": {"entity": "bank", "kind": "rail_answer"}}, ["cs_2"]),
        ({"order_by": ("kind", "case_id")}, ["cs_2", "cs_1", "cs_3"]),
        ({"known_in": ("kind", "work_case", {"entity": "other"})}, ["cs_1", "cs_3"]),
    ):
        assert found(store, **wanted) == ids, wanted


def test_pages(store: Store) -> None:
    assert found(store, 1, 1) == ["cs_2"]
    assert found(store, 3, 1) == []
    search = Search(table="work_case", where={"entity": "bank"}, order_by=("case_id",))
    rows, total = store.search(search, 2, 5)
    assert (len(rows), total) == (1, 3)
    assert "stage" not in rows[0]


def test_each_row_has_its_stage(store: Store) -> None:
    search = Search(table="work_case", stream="case_id", order_by=("case_id",))
    assert [row["stage"] for row in store.search(search, 0, 9)[0]] == [case[5] for case in CASES]


def test_the_desks_tables_can_be_taken_away_again(database_url: str) -> None:
    command.downgrade(config(database_url), "0004")
    engine = create_engine(database_url)
    assert {"proposal", "staff_account"} & set(inspect(engine).get_table_names()) == set()
    engine.dispose()
    upgrade(database_url)
    engine = create_engine(database_url)
    assert {"proposal", "staff_account"} <= set(inspect(engine).get_table_names())
    engine.dispose()
