"""Writing a loan off, selling it and recording its price, from the page to a second person."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser

from sanshi.connectors.process import SandboxProcess
from sanshi.wiring import Content
from web.workbench.lived import Lived, hired
from web.workbench.serving import House, served
from worlds import XIAOMAN, open_desk, staff

REASON = "多次联系无果，已走完程序。"
LOOKED = "已看过审批表和流水。"
EVIDENCE = "核销审批表 2026-17（虚构）"


@pytest.fixture
def small(
    sqlite_url: str, tmp_path: Path, content: Content, outside: SandboxProcess
) -> Iterator[House]:
    """Serve a desk of one's own with one loan, paid out today, and two who may write it off."""
    with open_desk(sqlite_url, tmp_path, content, outside) as desk:
        made = Lived(desk)
        made.ids["loan"] = desk.paid_out(desk.person(XIAOMAN))
        for name in ("servicing", "two"):
            made.tokens[name] = hired(made, f"{name}.user", ("servicing",), f"{name}（虚构）")
        with served(made) as house:
            yield house


def place(house: House) -> str:
    return f"/loans/{house.lived.ids['loan']}/leave"


def view(house: House) -> Mapping[str, Any]:
    found: Mapping[str, Any] = house.lived.do(
        "view_loan", staff("servicing"), loan_id=house.lived.ids["loan"]
    )
    return found


def sent(house: House, **fields: str) -> httpx.Response:
    return house.send(house.browser("servicing"), place(house), **fields)


def approved(house: House, answer: httpx.Response) -> str:
    """Approve what was proposed, as the second person; return the page that they saw."""
    assert answer.status_code == 303, answer.text
    path, two = answer.headers["location"], house.browser("two")
    page = two.get(path).text
    assert house.send(two, f"{path}/approve", reason=LOOKED).status_code == 303
    return page


def test_a_loan_is_written_off_by_two_people(small: House) -> None:
    fields = {"kind": "write_off_loan", "evidence": EVIDENCE, "reason": REASON}
    page = approved(small, sent(small, **fields))
    for words in ("核销借据", "依据", EVIDENCE, "理由", REASON):
        assert words in page
    assert ">evidence<" not in page
    assert view(small)["stage"] == "written_off"
    assert "现在没有可以提交的" in small.browser("servicing").get(place(small)).text


def test_a_loan_is_sold_and_its_price_recorded(small: House) -> None:
    fields = {"kind": "transfer_loan", "buyer": "浦江资产（虚构）", "price": "5,000.00"}
    page = approved(small, sent(small, **fields, reason=REASON))
    assert "转让价款" in page
    assert "¥5,000.00" in page
    assert view(small)["stage"] == "transferred"
    assert "未收价款 ¥5,000.00" in small.browser("servicing").get(place(small)).text
    day = small.office.world.clock.business_date().isoformat()
    price = {"kind": "record_transfer_price", "reference": "B-1", "received_on": day}
    much = sent(small, **price, amount="5000.01", reason=REASON)
    assert much.status_code == 422
    assert 'id="amount-wrong"' in much.text
    assert "多于未收的价款" in much.text
    approved(small, sent(small, **price, amount="2000", reason=REASON))
    twice = sent(small, **price, amount="1000", reason=REASON)
    assert 'id="reference-wrong"' in twice.text
    early = {**price, "reference": "B-2", "received_on": "2020-01-01"}
    assert 'id="received_on-wrong"' in sent(small, **early, amount="1", reason=REASON).text
    approved(small, sent(small, **price | {"reference": "B-3"}, amount="3000", reason=REASON))
    assert "现在没有可以提交的" in small.browser("servicing").get(place(small)).text


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"kind": "write_off_loan", "reason": REASON}, ["evidence"]),
        ({"kind": "write_off_loan", "evidence": EVIDENCE}, ["reason"]),
        ({"kind": "transfer_loan", "reason": REASON}, ["buyer", "price"]),
        ({"kind": "transfer_loan", "buyer": "甲方", "price": "-1", "reason": REASON}, ["price"]),
    ],
)
def test_what_is_wrong_is_said_beside_its_field(
    small: House, fields: dict[str, str], wrong: list[str]
) -> None:
    answer = sent(small, **fields)
    assert answer.status_code == 422
    for name in wrong:
        assert f'id="{name}-wrong"' in answer.text
        assert f'href="#{name}"' in answer.text
    assert small.office.world.store.rows("proposal") == ()
    for name, value in fields.items():
        assert name == "kind" or value in answer.text, "nothing that was typed is lost"


def test_one_proposal_waits_at_a_time_and_strange_kinds_are_none(small: House) -> None:
    fields = {"kind": "write_off_loan", "evidence": EVIDENCE, "reason": REASON}
    assert sent(small, **fields).status_code == 303
    again = sent(small, **fields)
    assert again.status_code == 422
    assert "正在等待复核" in again.text
    for kind in ("record_transfer_price", "change_loan", ""):
        assert sent(small, kind=kind, reason=REASON).status_code == 422
    assert len(small.office.world.store.rows("proposal")) == 1


def test_it_is_proposed_without_scripts(browser: Browser, small: House) -> None:
    plain = browser.new_context(java_script_enabled=False)
    held = small.cookies("servicing")
    plain.add_cookies([{"name": n, "value": v, "url": small.url} for n, v in held.items()])
    page = plain.new_page()
    page.goto(f"{small.url}/loans/{small.lived.ids['loan']}")
    page.click("text=核销与转让")
    page.click("text=核销借据")
    page.click("form[method=post] button.s-go")
    assert page.locator("#evidence").get_attribute("aria-invalid") == "true"
    page.fill("#evidence", EVIDENCE)
    page.fill("#reason", REASON)
    page.click("form[method=post] button.s-go")
    (row,) = small.office.world.store.rows("proposal")
    assert row["request"]["evidence"] == EVIDENCE
    assert page.url == f"{small.url}/proposals/{row['proposal_id']}"
    plain.close()
