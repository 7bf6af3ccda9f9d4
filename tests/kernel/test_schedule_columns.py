"""Schedules over columns are the schedules of single loans, to the fen."""

from __future__ import annotations

import random
from datetime import date, timedelta
from typing import Any, get_args

import pyarrow as pa
import pytest

from sanshi.kernel.dates import DayCount, add_months
from sanshi.kernel.errors import InputError
from sanshi.kernel.money import Rounding
from sanshi.kernel.schedules import Instalment, InterestRound, Remainder, Terms, schedule
from sanshi.kernel.schedules import batch as batch_module
from sanshi.kernel.schedules.batch import schedules, terms_of
from sanshi.kernel.tables import SCHEDULE_TERMS
from schedule_rows import Row, usual

METHODS = (
    "equal_instalment",
    "equal_principal",
    "interest_only",
    "bullet",
    "balloon",
    "flat",
)
EVENTFUL = 0.1
"""Share of rows with draws and rate changes."""


def any_shape(chance: random.Random) -> Row:
    """Return what rows of one block have in common."""
    return {
        "method": chance.choice(METHODS),
        "day_count": chance.choice(get_args(DayCount)),
        "rounding": chance.choice(get_args(Rounding)),
        "instalment_rounding": chance.choice(get_args(Rounding)),
        "remainder": chance.choice(get_args(Remainder)),
        "interest_round": chance.choice(get_args(InterestRound)),
        "grace_lines": chance.choice((0, 0, 0, 3)),
    }


def any_row(chance: random.Random, number: int, shape: Row) -> Row:
    start = date(2004, 1, 1) + timedelta(chance.randrange(12_000))
    first = start + timedelta(chance.choice((0, 3, 15, 30, 31, 31, 31, 45, 400)))
    months = chance.choice((0, 1, 1, 1, 1, 2, 3, 12))
    principal = chance.choice((1, 7, 12, 1_000, 600_000, 10**7, 10**9, 9 * 10**12))
    principal = max(1, chance.randint(principal // 2, principal))
    count = chance.choice((4, 6, 12, 24, 36, 60, chance.randint(4, 120)))
    row = usual(
        row=number,
        principal_fen=principal,
        rate_ppm=chance.choice((0, 1, 12_000, 48_000, 88_800, 240_000, 10**6)),
        start_date=start,
        first_due=first,
        instalments=count if shape["grace_lines"] else max(1, count - 3),
        every_months=months,
        every_days=0 if months else chance.choice((1, 7, 14, 28, 30)),
        due_day=first.day,
        round_to_fen=chance.choice((1, 1, 1, 10, 100, 1_000)),
        balloon_fen=chance.randint(0, principal) if shape["method"] == "balloon" else 0,
        **shape,
    )
    if chance.random() < EVENTFUL and shape["method"] != "balloon":
        on = start + timedelta(chance.randint(1, 60))
        if on < last_due(row):
            row["draws"] = [{"on": on, "amount_fen": chance.randint(1, 10**6)}]
        row["rate_changes"] = [{"start_date": start + timedelta(9), "rate_ppm": 30_000}]
    return row


def last_due(row: Row) -> date:
    steps = row["instalments"] - 1
    if row["every_months"]:
        return add_months(row["first_due"], steps * row["every_months"])
    last: date = row["first_due"] + timedelta(steps * row["every_days"])
    return last


def table(rows: list[Row]) -> pa.RecordBatch:
    return pa.RecordBatch.from_pylist(rows, schema=SCHEDULE_TERMS)


def by_columns(rows: list[Row]) -> dict[int, list[tuple[Any, ...]]]:
    lines: dict[int, list[tuple[Any, ...]]] = {}
    for batch in schedules(table(rows)):
        for line in batch.to_pylist():
            lines.setdefault(line.pop("row"), []).append(tuple(line.values()))
    return lines


def one_by_one(row: Row) -> list[tuple[Any, ...]]:
    return [
        (
            one.number,
            one.due_date,
            one.opening_fen,
            one.principal_fen,
            one.interest_fen,
            one.closing_fen,
        )
        for one in schedule(terms_of(row))
    ]


def assert_same(seed: int, shapes: int, each: int) -> None:
    chance = random.Random(seed)
    made = [any_shape(chance) for _ in range(shapes)]
    drawn = [any_row(chance, n, made[n % shapes]) for n in range(shapes * each)]
    rows = [row for row in drawn if last_due(row).year < 2100]
    assert len(rows) > 0.9 * len(drawn)
    lines = by_columns(rows)
    assert len(lines) == len(rows)
    for row in rows:
        assert lines[row["row"]] == one_by_one(row), row


@pytest.mark.parametrize("seed", range(4))
def test_columns_are_single_loans(seed: int) -> None:
    assert_same(seed, shapes=10, each=40)


@pytest.mark.long
@pytest.mark.parametrize("seed", range(4, 14))
def test_columns_are_single_loans_at_length(seed: int) -> None:
    assert_same(seed, shapes=100, each=100)


def test_most_rows_walk_together(monkeypatch: pytest.MonkeyPatch) -> None:
    """Otherwise the tests above would compare the engine with itself."""
    alone: list[Terms] = []

    def counted(terms: Terms) -> tuple[Instalment, ...]:
        alone.append(terms)
        return schedule(terms)

    monkeypatch.setattr(batch_module, "schedule", counted)
    assert_same(0, shapes=10, each=40)
    assert 0 < len(alone) < 0.3 * 400


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"principal_fen": 0}, "principal_fen"),
        ({"rate_ppm": -1}, "rate_ppm"),
        ({"instalments": 0}, "due_dates"),
        ({"instalments": 481}, "due_dates"),
        ({"every_months": 0}, "every_months"),
        ({"every_days": 7}, "every_months"),
        ({"first_due": date(2026, 11, 21), "due_day": 21}, "due_dates"),
        ({"due_day": 23}, "due_day"),
        ({"grace_lines": 12}, "grace.principal"),
        ({"balloon_fen": 1}, "balloon_fen"),
        ({"balloon_fen": 600_001, "method": "balloon"}, "balloon_fen"),
        ({"round_to_fen": 0}, "round_payment_to_fen"),
        ({"start_date": date(1999, 12, 31)}, "start_date"),
    ],
)
def test_a_row_that_cannot_be_scheduled_is_named_and_the_others_are_not_lost(
    changes: Row, field: str
) -> None:
    rows = [usual(row=1), usual(row=2, **changes), usual(row=3)]
    with pytest.raises(InputError, match=field.replace(".", r"\.")):
        list(schedules(table(rows)))
    refused: list[tuple[int, str]] = []
    batches = schedules(table(rows), lambda row, error: refused.append((row, error.field)))
    seen = {line["row"] for batch in batches for line in batch.to_pylist()}
    assert seen == {1, 3}
    assert refused == [(2, field)]


def test_nothing_gives_nothing() -> None:
    assert list(schedules(table([]))) == []
