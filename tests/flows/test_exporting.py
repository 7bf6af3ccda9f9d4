"""The books taken along: they add up to the trial balance, and both forms say the same."""

from __future__ import annotations

import csv
import io
from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

import pyarrow.parquet as pq
import pytest

from sanshi.documents.tables import BOM, Form, write_table
from sanshi.flows.exporting import Extract, extract
from sanshi.jobs.close import close_day, collect_due
from sanshi.jobs.outbox import deliver
from sanshi.kernel.errors import ForbiddenError, InputError
from sanshi.ledger.exports import SCHEMAS, What
from worlds import LENDER, MONDAY, XIAOMAN, Desk, staff

AUDIT = staff("audit")
DAY = timedelta(days=1)
PERIODS: tuple[dict[str, str], ...] = (
    {},
    {"since": (MONDAY + 2 * DAY).isoformat()},
    {"since": (MONDAY + DAY).isoformat(), "to": (MONDAY + 3 * DAY).isoformat()},
    {"to": (MONDAY + 3 * DAY).isoformat(), "value_to": (MONDAY + DAY).isoformat()},
    {"since": "0001-01-01"},
    {"since": (MONDAY + 40 * DAY).isoformat()},
)


@pytest.fixture
def lived(desk: Desk) -> Desk:
    """A loan with goods returned in part, over days of which the last two are not closed."""
    loan_id = desk.paid_out(desk.person(XIAOMAN))
    for number in range(5):
        if number == 2:
            desk.do("return_goods", staff("servicing"), loan_id=loan_id, price_fen=100_000)
            deliver(desk.world)
        close_day(desk.world, desk.world.clock.business_date(), only=(LENDER, "platform"))
        desk.time.move(days=1)
        collect_due(desk.world, LENDER)
        deliver(desk.world)
    return desk


def taken(desk: Desk, what: What, **days: str) -> Extract:
    answer = desk.do("export_books", AUDIT, entity=LENDER, what=what, **days)
    return extract(desk.world, answer, "zh")


def rows(books: Extract) -> list[dict[str, Any]]:
    names = SCHEMAS[books.what].names
    return [dict(zip(names, row, strict=True)) for part in books.parts() for row in part]


def sums(journal: Iterable[dict[str, Any]]) -> dict[str, tuple[int, int]]:
    found: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for row in journal:
        found[row["debit"]][0] += row["amount_fen"]
        found[row["credit"]][1] += row["amount_fen"]
    return {account: (fen[0], fen[1]) for account, fen in found.items()}


def moved(balances: Iterable[dict[str, Any]]) -> dict[str, tuple[int, int]]:
    sides = {row["account"]: (row["debit_fen"], row["credit_fen"]) for row in balances}
    return {account: fen for account, fen in sides.items() if any(fen)}


@pytest.mark.parametrize("days", PERIODS, ids=lambda days: "-".join(days) or "all")
def test_journal_summary_and_trial_balance_of_a_period_agree(
    lived: Desk, days: dict[str, str]
) -> None:
    journal = rows(taken(lived, "journal", **days))
    summary = rows(taken(lived, "summary", **days))
    exported = rows(taken(lived, "trial-balance", **days))
    asked = lived.do("trial_balance", AUDIT, entity=LENDER, **days)["accounts"]
    assert sums(journal) == moved(exported) == moved(asked)
    assert [(r["account"], r["opening_fen"], r["closing_fen"]) for r in exported] == [
        (one["account"], one["opening_fen"], one["balance_fen"]) for one in asked
    ]
    by_account: Counter[tuple[str, str]] = Counter()
    standing = {r["account"]: r["opening_fen"] for r in exported if r["opening_fen"]}
    for row in summary:
        account = row["account"]
        assert row["opening_fen"] == standing.get(account, 0), row
        assert row["closing_fen"] == row["opening_fen"] + row["debit_fen"] - row["credit_fen"]
        standing[account] = row["closing_fen"]
        by_account[account, "debit"] += row["debit_fen"]
        by_account[account, "credit"] += row["credit_fen"]
    assert {a: fen for a, fen in standing.items() if fen} == {
        r["account"]: r["closing_fen"] for r in exported if r["closing_fen"]
    }
    assert {
        a: (by_account[a, "debit"], by_account[a, "credit"])
        for a, _ in by_account
        if any((by_account[a, "debit"], by_account[a, "credit"]))
    } == sums(journal)
    assert journal or days == PERIODS[-1]
    first, last = days.get("since", ""), days.get("to", "9999")
    assert all(first <= row["booking_date"].isoformat() <= last for row in (*journal, *summary))


def written(books: Extract, form: Form) -> bytes:
    out = io.BytesIO()
    write_table(out, form, SCHEMAS[books.what], books.parts(), about=books.about())
    return out.getvalue()


def read_csv(content: bytes) -> tuple[list[str], list[list[str]]]:
    text = content.decode("utf-8")
    assert text.startswith(BOM)
    head, *lines = csv.reader(io.StringIO(text.removeprefix(BOM), newline=""))
    return head, lines


@pytest.mark.parametrize("what", SCHEMAS)
def test_both_forms_say_the_same_row_by_row_and_every_time(lived: Desk, what: What) -> None:
    books = taken(lived, what)
    plain, columns = written(books, "csv"), written(books, "parquet")
    assert (plain, columns) == (written(books, "csv"), written(books, "parquet"))
    head, lines = read_csv(plain)
    table = pq.read_table(io.BytesIO(columns))
    assert table.schema.remove_metadata().equals(SCHEMAS[what].remove_metadata())
    assert table.schema.metadata[b"entity"] == LENDER.encode()
    assert head == [field.metadata[b"zh"].decode() for field in SCHEMAS[what]]
    assert len(lines) == table.num_rows > 0
    for line, row in zip(lines, table.to_pylist(), strict=True):
        assert [cell.removeprefix("\t") for cell in line] == [str(cell) for cell in row.values()]
        assert all(
            row[name.replace("_yuan", "_fen")] == round(float(row[name]) * 100)
            for name in row
            if name.endswith("_yuan")
        )


def test_accounts_go_by_the_lenders_own_codes_where_it_has_any(lived: Desk) -> None:
    codes = lived.world.catalogue.lenders[LENDER].ledger_codes
    assert "customer_loan" in codes
    exported = rows(taken(lived, "trial-balance"))
    assert {r["account"]: r["code"] for r in exported} == {
        r["account"]: codes.get(r["account"], r["account"]) for r in exported
    }
    assert {r["code"] == r["account"] for r in exported} == {True, False}
    assert {r["branch"] for r in exported} == {lived.world.catalogue.lenders[LENDER].ledger_branch}


def test_who_takes_books_along_is_on_record_and_takes_their_own_only(lived: Desk) -> None:
    since = MONDAY.isoformat()
    taken(lived, "journal", since=since)
    found = [row["subject"] for row in lived.world.store.rows("audit", {"action": "export_books"})]
    today = lived.world.clock.business_date()
    assert found == [f"journal · {since}–{today} · csv"]
    for who in (staff("audit", "pujiang_bank"), staff("risk")):
        with pytest.raises(ForbiddenError):
            lived.do("export_books", who, entity=LENDER, what="journal")
    with pytest.raises(InputError, match="after"):
        taken(lived, "journal", since="2026-11-03", to="2026-11-02")
    assert taken(lived, "journal").first_day() == date(2026, 11, 2)
