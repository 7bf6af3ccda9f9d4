"""A loan replayed on its page: the day, what was known, marks, and the way from event to event."""

from __future__ import annotations

import html
import re

import httpx
import pytest

from sanshi.documents.words import money
from web.workbench.serving import House
from worlds import staff

LOAN = "subsidised"
TODAY = "2026-12-07"


def replay(house: House, who: str = "conduct", **query: str) -> httpx.Response:
    path = f"/loans/{house.lived.ids[LOAN]}/replay"
    return house.browser(who).get(path, params=query)


def tags(page: str) -> list[str]:
    """Return the marks of the events, in order."""
    table = page.partition('id="events"')[2]
    return re.findall(r'<span class="s-tag[^"]*">([^<]*)</span>', table)


def link(page: str, rel: str) -> str:
    found = re.search(rf'rel="{rel}" href="([^"]*)"', page)
    return html.unescape(found[1]) if found else ""


def test_a_day_shows_its_own_figures(house: House) -> None:
    request = {"loan_id": house.lived.ids[LOAN], "on": "2026-11-20"}
    then = house.lived.do("loan_at", staff("audit"), **request)
    now = house.lived.do("loan_at", staff("audit"), **{**request, "on": TODAY})
    assert then["outstanding_fen"] > now["outstanding_fen"]
    page = replay(house, on="2026-11-20").text
    assert money(then["outstanding_fen"]) in page
    assert "<title>重放 2026-11-20 " in page
    plan = page.partition('id="plan"')[2].partition("</table>")[0]
    assert plan.count("<tr") == 1 + len(then["ahead"])
    assert "已还" not in plan
    assert "已还" in replay(house).text.partition('id="plan"')[2], "today is what is shown unasked"


def test_events_are_marked_and_one_leads_to_the_next(house: House) -> None:
    first = replay(house, on="2026-11-02").text
    assert tags(first) == ["计入"] * 3 + ["这天之后"] * 2
    assert link(first, "prev") == ""
    client = house.browser("servicing")
    second = client.get(link(first, "next")).text
    assert "<title>重放 2026-12-02 " in second
    assert tags(second) == ["计入"] * 5
    assert link(second, "next") == ""
    assert client.get(link(second, "prev")).text.count("这天之后") == 2


def test_what_was_not_known_does_not_count(house: House) -> None:
    page = replay(house, on="2026-12-04", known="2026-12-01").text
    assert tags(page) == ["计入"] * 3 + ["那时还不知道"] * 2
    assert "2 个事件没有算进来" in page
    assert "逾期 2 天" in page, "nobody had heard of the payment"
    assert "逾期" not in replay(house, on="2026-12-04").text.partition('id="plan"')[0].replace(
        "逾期天数", ""
    )


def test_a_day_to_come_is_called_one(house: House) -> None:
    assert "这一天还没有到" in replay(house, on="2027-05-02").text
    assert "这一天还没有到" not in replay(house, on=TODAY).text


@pytest.mark.parametrize(
    ("query", "field", "words"),
    [
        ({"on": "2020-01-01"}, "on", "2026-11-02 到 2027-05-02"),
        ({"on": "soon"}, "on", "日期读不懂"),
        ({"on": TODAY, "known": "2026-11-01"}, "known", f"2026-11-02 到 {TODAY}"),
        ({"on": TODAY, "known": "2026-12-08"}, "known", f"2026-11-02 到 {TODAY}"),
        ({"on": TODAY, "known": "x"}, "known", "日期读不懂"),
    ],
)
def test_a_day_that_is_none_is_said_beside_its_field(
    house: House, query: dict[str, str], field: str, words: str
) -> None:
    answer = replay(house, **query)
    assert answer.status_code == 422
    (said,) = re.findall(rf'id="{field}-wrong">([^<]*)<', answer.text)
    assert words in said
    assert f"截至 {TODAY}" in re.sub(r"<[^>]*>", "", answer.text), "the loan of today is shown"


def test_events_of_a_loan_lead_to_their_day(house: House) -> None:
    loan = f"/loans/{house.lived.ids[LOAN]}"
    page = house.browser("conduct").get(loan).text
    days = re.findall(rf'href="{loan}/replay\?on=([0-9-]+)"', page)
    assert days == ["2026-12-02"] * 2 + ["2026-11-02"] * 3
    assert f'href="{loan}/change"' not in page, "whoever may not try has no link"
    assert f'href="{loan}/change"' in house.browser("servicing").get(loan).text


def test_a_replay_is_on_record_as_a_look_at_the_loan(house: House) -> None:
    store = house.office.world.store
    about = {"action": "view_loan", "subject": house.lived.ids[LOAN], "purpose": "audit"}
    before = len(store.rows("audit", about))
    assert replay(house, "audit", on=TODAY).status_code == 200
    assert len(store.rows("audit", about)) == before + 1
