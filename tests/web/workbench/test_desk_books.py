"""Books taken along from the desk, and the chain of sealed days."""

from __future__ import annotations

import csv
import io
import re

import pyarrow.parquet as pq
import pytest
from sqlalchemy import create_engine, text

from sanshi.ledger.exports import SCHEMAS
from web.workbench.serving import House


@pytest.mark.parametrize("what", SCHEMAS)
def test_books_are_taken_along_in_both_forms_and_that_is_on_record(house: House, what: str) -> None:
    client = house.browser("audit", "en")
    page = client.get("/books?to=2026-12-06").text
    for form in ("csv", "parquet"):
        assert f'href="/books/{what}.{form}?to=2026-12-06"' in page
    plain = client.get(f"/books/{what}.csv?to=2026-12-06")
    columns = client.get(f"/books/{what}.parquet?to=2026-12-06")
    assert f'filename="{what}-2026-12-06.csv"' in plain.headers["content-disposition"]
    head, *lines = csv.reader(io.StringIO(plain.content.decode("utf-8-sig"), newline=""))
    assert head == [field.metadata[b"en"].decode() for field in SCHEMAS[what]]  # type: ignore[index] # its own keys
    assert len(lines) == pq.read_table(io.BytesIO(columns.content)).num_rows > 0
    found = house.office.world.store.rows("audit", {"action": "export_books"})
    taken = {row["subject"] for row in found}
    assert {f"{what} · –2026-12-06 · csv", f"{what} · –2026-12-06 · parquet"} <= taken


@pytest.mark.parametrize("who", ["risk", "conduct"])
def test_books_are_not_for_everybody(house: House, who: str) -> None:
    client = house.browser(who)
    for path in ("/books/journal.csv", "/books/journal.parquet", "/books/seals"):
        assert client.get(path).status_code == 403


def test_a_period_that_makes_no_sense_is_no_file(house: House) -> None:
    client = house.browser("audit")
    assert client.get("/books/journal.csv?since=x").status_code == 422
    assert client.get("/books/journal.csv?since=2026-12-06&to=2026-12-05").status_code == 422


def test_the_chain_is_shown_and_checked(house: House) -> None:
    client = house.browser("servicing")
    assert 'href="/books/seals"' in client.get("/close").text
    page = client.get("/books/seals").text
    assert "相符" not in page
    store, entity = house.office.world.store, "shenpu_bank"
    days = store.rows("sealed_day", {"entity": entity}, order_by=("booking_date",))
    last = days[-1]
    month = f"{last['booking_date']:%Y-%m}"
    own = [day for day in days if f"{day['booking_date']:%Y-%m}" == month]
    assert page.count("<time>") == len(own)
    assert bytes(last["root"]).hex() in page
    checked = house.send(client, "/books/seals", month=month).text
    assert checked.count(">相符<") == len(own)
    assert client.get("/books/seals?month=1999-01").status_code == 422


def test_a_day_that_was_changed_is_named(house: House) -> None:
    client, world = house.browser("audit"), house.office.world
    where = {"entity": "shenpu_bank"}
    days = world.store.rows("sealed_day", where, order_by=("booking_date",))
    day = next(one for one in reversed(days) if one["postings"])["booking_date"]
    one = world.store.rows("posting", {**where, "booking_date": day}, order_by=("posting_id",))[0]
    engine = create_engine(house.lived.desk.url)
    change = "UPDATE posting SET amount_fen = amount_fen + {fen} WHERE posting_id = {id}"
    try:
        with engine.begin() as connection:
            connection.execute(text(change.format(fen=1, id=one["posting_id"])))
        page = house.send(client, "/books/seals", month=f"{day:%Y-%m}").text
    finally:
        with engine.begin() as connection:
            connection.execute(text(change.format(fen=-1, id=one["posting_id"])))
        engine.dispose()
    rows = re.findall(r"<tr><td><time>([-0-9]+)</time>.*?</tr>", page)
    broken = [row for row in re.findall(r"<tr><td><time>.*?</tr>", page) if "不符" in row]
    assert day.isoformat() in rows
    assert [day.isoformat() in row for row in broken] == [True]


def test_a_posting_of_a_close_leads_to_its_lines_and_they_are_taken_along(house: House) -> None:
    client, world = house.browser("audit"), house.office.world
    files = world.store.rows("accrual", {"entity": "shenpu_bank"}, order_by=("business_date",))
    day = files[-1]["business_date"].isoformat()
    path = f"/close/{day}/{files[-1]['shard']}"
    for before in ("/close", f"/postings?text=close:shenpu_bank&since={day}&until={day}"):
        assert f'href="{path}"' in client.get(before).text, before
    page = client.get(path).text
    assert "完好" in page
    assert page.count('href="/loans/ln_') == min(files[-1]["rows"], 25)
    answer = client.get(f"{path}.csv")
    assert f'filename="close-{day}-0-2026-12-07.csv"' in answer.headers["content-disposition"]
    head, *lines = csv.reader(io.StringIO(answer.content.decode("utf-8-sig"), newline=""))
    assert head == ["借据", "事项", "借方", "贷方", "金额"]
    assert len(lines) == files[-1]["rows"] > 0
    one = lines[0][0]
    own = client.get(f"{path}.csv?text={one}").content.decode("utf-8-sig")
    assert {row[0] for row in list(csv.reader(io.StringIO(own, newline="")))[1:]} == {one}


@pytest.mark.parametrize(
    ("who", "path", "status"),
    [
        ("risk", "/close/2026-12-06/0", 403),
        ("stranger", "/close/2026-12-06/0", 404),
        ("audit", "/close/2026-12-06/77", 404),
        ("audit", "/close/2030-01-01/0", 404),
        ("audit", "/close/yesterday/0", 422),
        ("audit", "/close/2026-12-06/minus", 422),
        ("audit", "/close/2026-12-06/0.csv?text=ln_nobody", 200),
    ],
)
def test_accruals_are_not_for_everybody_nor_of_any_day(
    house: House, who: str, path: str, status: int
) -> None:
    assert house.browser(who).get(path).status_code == status
