"""Settlements with shops at the workbench: found, read, led on from, and taken along."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from flows.settling_desk import SHOP, agreed_with, settle
from sanshi.connectors.process import SandboxProcess
from sanshi.flows.payables import Source, kept
from sanshi.kernel.effects import Applied
from sanshi.ledger.settlement import Line
from sanshi.web.workbench.lists import PAGE_ROWS
from sanshi.wiring import Content
from web.workbench.lived import OTHER, ROLES, Lived, hired
from web.workbench.serving import House, served
from worlds import LENDER, MONDAY, open_desk

MANY = 2 * PAGE_ROWS + 1
# 329,900 fen × 0.60 % = 1,979.4 → 1,979 = 1,867 + 112 of VAT; × 10 % = 32,990 held back.
PAID = "2,949.31"


@pytest.fixture
def long(
    sqlite_url: str, tmp_path: Path, content: Content, outside: SandboxProcess
) -> Iterator[House]:
    """Serve a desk with one settlement of many lines, by which the shop owes the lender."""
    with open_desk(sqlite_url, tmp_path, content, outside) as desk:
        agreed_with(desk)
        lines = [Line("capture", 100, MONDAY)] * (MANY - 1) + [Line("refund", -10_000, MONDAY)]
        for number, line in enumerate(lines):
            effects = kept(desk.world, Source(LENDER, SHOP, "ln_x", number), (line,))
            assert isinstance(desk.world.store.apply(effects), Applied)
        made = Lived(desk)
        made.ids["settlement"] = settle(desk)["settlement_id"]
        for name, lender in (("one", LENDER), ("stranger", OTHER)):
            made.tokens[name] = hired(made, f"{name}.user", ("servicing",), "员（虚构）", lender)
        with served(made) as house:
            yield house


def page_of(house: House, who: str, path: str, language: str = "zh") -> str:
    answer = house.browser(who, language).get(path.format(**house.lived.ids))
    assert answer.status_code == 200, path
    return answer.text


def body_of(page: str) -> str:
    return page.partition("<tbody>")[2].partition("</tbody>")[0]


def file_of(house: House, who: str, path: str) -> tuple[str, list[list[str]]]:
    answer = house.browser(who).get(path.format(**house.lived.ids))
    assert answer.status_code == 200, path
    rows = csv.reader(io.StringIO(answer.content.decode("utf-8-sig"), newline=""))
    return answer.headers["content-disposition"], list(rows)


@pytest.mark.parametrize("role", ROLES)
def test_the_menu_leads_there_who_may_see_the_books(house: House, role: str) -> None:
    allowed = role in {"servicing", "audit"}
    assert ('href="/settlements"' in page_of(house, role, "/")) == allowed
    for path in ("/settlements", "/settlements/{settlement}", "/settlements/{settlement}.csv"):
        status = house.browser(role).get(path.format(**house.lived.ids)).status_code
        assert status == (200 if allowed else 403), path


@pytest.mark.parametrize(
    ("asked", "shown"),
    [
        ("", 3),
        ("?stage=paid", 2),
        ("?stage=failed", 1),
        ("?stage=carried", 0),
        ("?kind=haitai", 3),
        ("?kind=puhui", 0),
        ("?since=2026-11-04&until=2026-11-05", 1),
        ("?sort=amount&order=up", 3),
        ("?page=2", 0),
    ],
)
def test_the_list_shows_what_was_asked_for(house: House, asked: str, shown: int) -> None:
    assert body_of(page_of(house, "servicing", f"/settlements{asked}")).count("<tr>") == shown


def test_the_list_says_shop_days_amount_and_stage_in_words(house: House) -> None:
    path = "/settlements?since=2026-11-03&until=2026-11-03"
    for language, shop, stage in (
        ("zh", "海泰家电徐汇店（虚构）", "没有付成"),
        ("en", "Haitai Appliances, Xuhui (fictional)", "Not paid"),
    ):
        body = body_of(page_of(house, "audit", path, language))
        for said in (shop, stage, PAID, "2026-11-03"):
            assert said in body, said
        assert f'href="/settlements/{house.lived.ids["refused_batch"]}"' in body


def test_the_list_is_taken_along(house: House) -> None:
    named, (head, *rows) = file_of(house, "servicing", "/settlements.csv?stage=failed")
    assert 'filename="settlements-2026-12-07.csv"' in named
    (row,) = rows
    told = dict(zip(head, row, strict=True))
    assert told["编号"] == house.lived.ids["refused_batch"]
    assert (told["账务日"], told["应付日"]) == ("2026-11-03", "2026-11-03")
    assert (told["应付金额"], told["结转下一批"]) == ("2949.31", "0.00")


def test_a_refused_batch_leads_to_the_one_that_paid_and_back(house: House) -> None:
    ids = house.lived.ids
    refused = page_of(house, "audit", "/settlements/{refused_batch}")
    for said in ("¥3,299.00", "−¥18.67", "−¥1.12", "−¥329.90", f"¥{PAID}", "通道没有付成"):
        assert said in refused, said
    assert f'href="/settlements/{ids["settlement"]}"' in refused
    assert f'href="/loans/{ids["settled"]}"' in refused
    paid = page_of(house, "audit", "/settlements/{settlement}")
    assert f'href="/settlements/{ids["refused_batch"]}"' in paid
    assert "通道已付给商户" in paid
    assert "已对账" in paid


@pytest.mark.parametrize("room", ["payments", "postings"])
def test_payments_and_postings_lead_there_and_back(house: House, room: str) -> None:
    settlement_id = house.lived.ids["settlement"]
    page = page_of(house, "servicing", "/settlements/{settlement}")
    assert f'href="/{room}?text={settlement_id}"' in page
    rows = body_of(page_of(house, "servicing", f"/{room}?text={settlement_id}"))
    assert rows.count("<tr>") == rows.count(f'href="/settlements/{settlement_id}"') == 1


def test_lines_are_read_page_by_page_and_taken_whole(long: House) -> None:
    path = f"/settlements/{long.lived.ids['settlement']}"
    counted = []
    onward = path
    while onward:
        page = page_of(long, "one", onward)
        table = page.partition('aria-labelledby="lines"')[2].partition("</section>")[0]
        counted.append(body_of(table).count("<tr>"))
        assert f"共 {MANY} 行" in table
        found = re.search(r'rel="next" href="([^"]+)"', table)
        onward = found[1] if found else ""
    assert counted == [PAGE_ROWS, PAGE_ROWS, 1]
    assert "没有这一页" in page_of(long, "one", f"{path}?page=9")
    named, (head, *rows) = file_of(long, "one", f"{path}.csv")
    assert f'filename="settlements-{long.lived.ids["settlement"]}-2026-11-02.csv"' in named
    assert head == ["事项", "金额", "应付日", "来源", "编号"]
    assert sorted({row[1] for row in rows}) == ["-100.00", "1.00"]
    assert len({row[4] for row in rows}) == len(rows) == MANY
    taken = long.office.world.store.rows("audit", {"action": "export_list"})
    assert [row["subject"] for row in taken] == [f"{path.removeprefix('/')} · {MANY}"]


def test_what_the_shop_owes_waits_for_the_next_batch(long: House) -> None:
    page = page_of(long, "one", "/settlements/{settlement}", "en")
    owed = "¥50.00"  # 50 × ¥1.00 for goods, less a refund of ¥100.00
    assert f"The shop owes {owed}, which comes off the next batch" in page
    assert "from <time>2026-11-03</time>" in page
    assert "There was nothing to pay" in page


def test_another_lender_finds_none_of_it(long: House) -> None:
    client, path = long.browser("stranger"), f"/settlements/{long.lived.ids['settlement']}"
    assert [client.get(one).status_code for one in (path, f"{path}.csv")] == [404, 404]
    assert "st_" not in page_of(long, "stranger", "/settlements")
    assert len(file_of(long, "stranger", "/settlements.csv")[1]) == 1
    assert long.office.world.store.rows("audit", {"action": "export_list", "entity": LENDER}) == ()


def test_a_settlement_is_found_and_read_without_scripts(browser: Browser, house: House) -> None:
    plain = browser.new_context(java_script_enabled=False)
    held = house.cookies("servicing", "zh")
    plain.add_cookies([{"name": n, "value": v, "url": house.url} for n, v in held.items()])
    page = plain.new_page()
    page.goto(house.url)
    page.click("text=商户结算")
    page.select_option("#stage", "failed")
    page.select_option("#kind", SHOP)
    page.click("button.s-go")
    assert page.locator("tbody tr").count() == 1
    page.locator("tbody a").first.click()
    assert page.url == f"{house.url}/settlements/{house.lived.ids['refused_batch']}"
    page.click("p.s-note a")
    assert page.url == f"{house.url}/settlements/{house.lived.ids['settlement']}"
    plain.close()
