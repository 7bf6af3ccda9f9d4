"""Accruals on the desk: the sub-ledger of what a close posted for a shard as one sum."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import create_engine, text

from flows.leaving_desk import live_until
from sanshi.kernel.errors import ForbiddenError, InputError, NotFoundError
from worlds import LENDER, MONDAY, XIAOMAN, Desk, staff

LAST = MONDAY + timedelta(days=10)
OTHER = "pujiang_bank"


def altered(desk: Desk, statement: str, **given: object) -> None:
    engine = create_engine(desk.url)
    with engine.begin() as connection:
        connection.execute(text(statement), given)
    engine.dispose()


def accruals(desk: Desk, day: date = LAST, **asked: Any) -> Mapping[str, Any]:  # noqa: ANN401 - as a caller would send it
    return desk.do(
        "desk_accruals", staff("audit"), business_date=day.isoformat(), **{"shard": 0, **asked}
    )


@pytest.fixture
def loans(living_desk: Desk) -> tuple[str, str]:
    """Two loans that closes carry together, the last of them on `LAST`."""
    person = living_desk.person(XIAOMAN)
    first, second = (living_desk.paid_out(person) for _ in range(2))
    live_until(living_desk, LAST + timedelta(days=1))
    return first, second


def test_lines_come_to_what_was_posted(living_desk: Desk, loans: tuple[str, str]) -> None:
    seen = accruals(living_desk)
    where = {"source": seen["source"], "booking_date": LAST}
    posted: Counter[tuple[str, str, str]] = Counter()
    for row in living_desk.world.store.rows("posting", where):
        posted[row["component"], row["debit"], row["credit"]] += row["amount_fen"]
    lines: Counter[tuple[str, str, str]] = Counter()
    for line in seen["lines"]:
        lines[line["component"], line["debit"], line["credit"]] += line["amount_fen"]
    totals = {
        (one["component"], one["debit"], one["credit"]): one["amount_fen"] for one in seen["totals"]
    }
    assert lines == posted == totals != {}
    assert {line["loan_id"] for line in seen["lines"]} == set(loans)
    assert seen["intact"]
    assert seen["total"] == len(seen["lines"]) == sum(one["lines"] for one in seen["totals"])


def test_a_part_of_the_lines_or_those_of_one_loan(
    living_desk: Desk, loans: tuple[str, str]
) -> None:
    whole = accruals(living_desk)
    parts = [
        accruals(living_desk, offset=n, limit=1)["lines"][0] for n in range(len(whole["lines"]))
    ]
    assert parts == whole["lines"]
    for loan_id in loans:
        own = accruals(living_desk, text=f" {loan_id} ")
        assert own["lines"] == [one for one in whole["lines"] if one["loan_id"] == loan_id] != []
        assert own["totals"] == whole["totals"]
    assert accruals(living_desk, text="ln_nobody")["lines"] == []
    assert accruals(living_desk, offset=50)["lines"] == []


def test_a_close_that_accrued_nothing_together_says_so(
    living_desk: Desk, loans: tuple[str, str]
) -> None:
    assert loans
    altered(living_desk, "DELETE FROM accrual WHERE business_date = :day", day=LAST.isoformat())
    seen = accruals(living_desk)
    assert (seen["totals"], seen["lines"], seen["digest"], seen["rows"]) == ([], [], "", 0)


@pytest.mark.parametrize("how", ["another day's", "torn"])
def test_a_file_that_was_altered_is_told(
    living_desk: Desk, loans: tuple[str, str], how: str
) -> None:
    assert loans
    files = living_desk.world.store.rows("accrual", {"entity": LENDER})
    last = next(one for one in files if one["business_date"] == LAST)
    other = next(one["lines"] for one in files if one["digest"] != last["digest"])
    lines = other if how == "another day's" else last["lines"][:40]
    altered(
        living_desk,
        "UPDATE accrual SET lines = :lines WHERE business_date = :day",
        lines=lines,
        day=LAST.isoformat(),
    )
    seen = accruals(living_desk)
    assert not seen["intact"]
    assert seen["rows"] == last["rows"]
    assert bool(seen["lines"]) == (how == "another day's")


def test_only_those_who_keep_the_books_of_this_lender(
    living_desk: Desk, loans: tuple[str, str]
) -> None:
    assert loans
    asked: dict[str, Any] = {"business_date": LAST.isoformat(), "shard": 0}
    for role in ("risk", "product", "conduct", "admin"):
        with pytest.raises(ForbiddenError):
            living_desk.do("desk_accruals", staff(role), **asked)
    with pytest.raises(NotFoundError, match="was not closed"):
        living_desk.do("desk_accruals", staff("audit", OTHER), **asked)
    with pytest.raises(NotFoundError):
        accruals(living_desk, LAST + timedelta(days=5))
    with pytest.raises(NotFoundError):
        accruals(living_desk, shard=99)
    with pytest.raises(InputError):
        accruals(living_desk, shard=-1)
