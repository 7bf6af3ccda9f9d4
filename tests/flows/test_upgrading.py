"""A database that lived before accruals stood in files goes on with them, and stays proven."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest

from flows.leaving_desk import live_until
from sanshi.connectors.process import SandboxPlan, running_sandbox
from sanshi.flows.accruals import entries_of
from sanshi.wiring import Content
from worlds import LENDER, Desk, open_desk, staff

LIVED = Path(__file__).parents[1] / "store" / "lived_0008.sql"
"""Seven weeks under schema 0008: two loans that nobody pays, of which one is paused. What no
close reads, such as the texts of contracts, is left out."""
OPEN = date(2026, 12, 22)
LAST = date(2027, 1, 8)


@pytest.fixture
def upgraded(tmp_path: Path, content: Content) -> Iterator[Desk]:
    file = tmp_path / "lived.db"
    with closing(sqlite3.connect(file)) as db:
        db.executescript(LIVED.read_text("utf-8"))
        assert db.execute("SELECT version_num FROM alembic_version").fetchone() == ("0008",)
    plan = SandboxPlan(data=tmp_path / "outside", value_date=OPEN)
    with (
        running_sandbox(plan) as own,
        open_desk(f"sqlite:///{file}", tmp_path, content, own, OPEN) as opened,
    ):
        yield opened


def test_books_from_before_are_proven_and_go_on_in_columns(upgraded: Desk) -> None:
    desk = upgraded
    audit = staff("audit")
    loans = [row["loan_id"] for row in desk.world.store.rows("loan")]
    before = {loan: entries_of(desk.world, loan) for loan in loans}
    assert len(loans) == 2
    assert desk.do("check_books", audit, entity=LENDER)["differences"] == []
    live_until(desk, LAST)
    assert desk.do("check_books", audit, entity=LENDER)["differences"] == []
    files = desk.world.store.rows("accrual", {"entity": LENDER})
    # The first close works out where each loan stands; the next carry them.
    assert {file["business_date"] for file in files} == {
        date.fromordinal(day) for day in range(OPEN.toordinal() + 1, LAST.toordinal())
    }
    for loan, earlier in before.items():
        now = entries_of(desk.world, loan)
        assert now[: len(earlier)] == earlier, "nothing of before is booked otherwise"
        assert len(now) > len(earlier)
