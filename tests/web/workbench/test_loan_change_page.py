"""Trying a change on its page, proposing it, a second person, and the loan replayed."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from playwright.sync_api import Browser

from dumps import state_hash
from sanshi.connectors.process import SandboxProcess
from sanshi.documents.words import money
from sanshi.flows.changing import ChangeLoan
from sanshi.jobs.outbox import deliver
from sanshi.web.language import Tongue
from sanshi.web.workbench.changes import CHANGES, PAYMENTS, read, typed
from sanshi.web.workbench.chart import LEFT, RIGHT, TOP, WIDTH
from sanshi.web.workbench.tracks import PLOT_HEIGHT, tracks
from sanshi.wiring import Content
from web.workbench.lived import Lived, hired
from web.workbench.serving import House, served
from worlds import XIAOMAN, open_desk, staff

REASON = "客户来电，下月起改期，已核对。"
LOOKED = "已看过试算和来信。"
LOAN = "overdue"
DAY = "2026-12-07"
"""The lived world's loan with one instalment overdue and two ahead, and its last day."""
CHINESE = re.compile(r"[\u3400-\u9fff\uff00-\uffef\u3000-\u303f]")
FORMS: Mapping[str, dict[str, str]] = {
    "rate_changed": {"rate": "1.2"},
    "due_day_changed": {"due_day": "20"},
    "extended": {"instalments": "3"},
    "grace_given": {"instalments": "1"},
    "paused": {"months": "2", "waive": "1"},
    "reaged": {"instalments": ""},
    "restructured": {"method": "equal_principal", "instalments": "9", "rate": ""},
    "waived": {"penalty": "", "interest": "5"},
    "prepay_lower": {"amount": "3,000"},
    "prepay_shorten": {"amount": "3000.00"},
    "settle": {"amount": ""},
}


@pytest.fixture
def small(
    sqlite_url: str, tmp_path: Path, content: Content, outside: SandboxProcess
) -> Iterator[House]:
    """Serve a desk of one's own with one loan, paid out today, and two who change it."""
    with open_desk(sqlite_url, tmp_path, content, outside) as desk:
        made = Lived(desk)
        plan = "shenpu_appliance.12.equal_instalment"
        made.ids[LOAN] = desk.paid_out(desk.person(XIAOMAN), plan)
        for name in ("servicing", "two"):
            made.tokens[name] = hired(made, f"{name}.user", ("servicing",), f"{name}（虚构）")
        with served(made) as house:
            yield house


def place(house: House, **query: str) -> str:
    path = f"/loans/{house.lived.ids[LOAN]}/change"
    return str(httpx.URL(path, params=query)) if query else path


def asked(house: House, who: str = "servicing", **query: str) -> httpx.Response:
    return house.browser(who).get(place(house, **query))


def view(house: House) -> Mapping[str, Any]:
    return house.lived.do("view_loan", staff("servicing"), loan_id=house.lived.ids[LOAN])


def dump(house: House) -> str:
    """Everything that is stored, but that somebody looked, and that they are still there."""
    seen = frozenset({"audit", "staff_login"})
    return state_hash(house.lived.desk.url, without=seen)


def today(house: House) -> str:
    return house.lived.desk.world.clock.business_date().isoformat()


@pytest.mark.parametrize("kind", FORMS)
def test_a_kind_is_chosen_filled_in_and_tried(house: House, kind: str) -> None:
    begun = dump(house)
    chosen = asked(house, kind=kind)
    assert chosen.status_code == 200
    for name in FORMS[kind]:
        assert f'name="{name}"' in chosen.text
    assert 'id="result"' not in chosen.text, "nothing was asked yet"
    dated = {} if kind in PAYMENTS else {"value_date": DAY}
    tried = asked(house, kind=kind, **FORMS[kind], **dated)
    assert tried.status_code == 200, tried.text
    assert 'id="result"' in tried.text
    assert ('id="propose"' in tried.text) == (kind in CHANGES)
    asked_for = read(Tongue("zh"), {**CHANGES, **PAYMENTS}[kind], {**FORMS[kind], **dated})
    about = {"loan_id": house.lived.ids[LOAN], **asked_for.request}
    answer = house.lived.do("try_change", staff("servicing"), **about)
    told = answer["differences"]
    for fen in (told["interest_before_fen"], told["interest_after_fen"]):
        assert money(fen) in tried.text
    body = tried.text.partition('class="s-table s-both"')[2].partition("</table>")[0]
    rows = body.partition("<tbody>")[2].split("</tr>")[:-1]
    after = {one["number"]: one for one in answer["lines_after"]}
    before = {one["number"]: one for one in answer["lines_before"]}
    assert len(rows) == len({*before, *after})
    for row, number in zip(rows, sorted({*before, *after}), strict=True):
        if number in before and number in after:
            word = "不变" if before[number] == after[number] else "改变"
        else:
            word = "取消" if number in before else "新增"
        assert f">{word}</span>" in row
        assert number not in after or after[number]["due_date"] in row
    assert dump(house) == begun, "a trial writes nothing"


def test_a_change_is_tried_proposed_and_approved_by_a_second_person(small: House) -> None:
    one, two = small.browser("servicing"), small.browser("two")
    fields = {"kind": "paused", "months": "2", "value_date": today(small)}
    page = one.get(place(small, **fields)).text
    hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', page))
    assert {name: hidden[name] for name in fields} == fields, "what was tried is what is sent"
    before = view(small)["ahead"][0]["due_date"]
    short = small.send(one, place(small), **fields, reason="x")
    assert short.status_code == 422
    assert 'id="reason-wrong"' in short.text
    assert small.office.world.store.rows("proposal") == ()
    sent = small.send(one, place(small), **fields, reason=REASON)
    assert sent.status_code == 303, sent.text
    path = sent.headers["location"]
    shown = one.get(path).text
    for words in ("延期还款", "推迟几个月", today(small), REASON, before):
        assert words in shown
    assert view(small)["ahead"][0]["due_date"] == before, "nobody has approved it"
    assert path in asked(small, **fields).text, "the page leads to what waits"
    assert 'name="reason"' not in asked(small, **fields).text
    again = small.send(one, place(small), **fields, reason=REASON)
    assert again.status_code == 409
    assert small.send(one, f"{path}/approve", reason=LOOKED).status_code == 403
    after = re.findall(r'class="s-r s-moved">(\d{4}-\d\d-\d\d)<', two.get(path).text)
    assert small.send(two, f"{path}/approve", reason=LOOKED).status_code == 303
    ahead = view(small)["ahead"]
    assert after == [ahead[0]["due_date"], ahead[-1]["due_date"]], "as the page had said"
    event = view(small)["events"][-1]
    assert (event["kind"], event["data"]["reason"]) == ("paused", REASON)
    assert 'id="foreseen"' not in two.get(path).text, "it has been done"


def test_a_change_is_tried_and_proposed_without_scripts(browser: Browser, small: House) -> None:
    plain = browser.new_context(java_script_enabled=False)
    held = small.cookies("servicing")
    plain.add_cookies([{"name": n, "value": v, "url": small.url} for n, v in held.items()])
    page = plain.new_page()
    page.goto(f"{small.url}/loans/{small.lived.ids[LOAN]}")
    page.click("text=试算与变更")
    page.click("text=重组")
    page.click("form[method=get] button")
    assert page.locator("#rate").get_attribute("aria-invalid") == "true"
    page.fill("#rate", "2.4")
    page.select_option("#method", "equal_principal")
    page.check("#waive_penalty")
    page.click("form[method=get] button")
    assert page.locator("#waive_penalty").is_checked()
    assert page.locator("table.s-both tbody tr").count() == 12
    page.fill("#reason", REASON)
    page.click("form[method=post] button.s-go")
    (row,) = small.office.world.store.rows("proposal")
    asked_for = {"rate_ppm": 24_000, "method": "equal_principal", "waive_penalty": True}
    assert row["request"]["change"] == {"kind": "restructured", **asked_for}
    assert page.url == f"{small.url}/proposals/{row['proposal_id']}"
    plain.close()


def test_a_change_is_reversed_from_its_page(small: House) -> None:
    one, two = small.browser("servicing"), small.browser("two")
    assert "冲销" not in asked(small).text
    first = view(small)["ahead"]
    fields = {"kind": "extended", "instalments": "6", "value_date": today(small)}
    path = small.send(one, place(small), **fields, reason=REASON).headers["location"]
    small.send(two, f"{path}/approve", reason=LOOKED)
    assert view(small)["ahead"] != first
    version = str(view(small)["events"][-1]["version"])
    page = asked(small, kind="reversed").text
    assert f'<option value="{version}"' in page
    back = {"kind": "reversed", "reverses": version}
    path = small.send(one, place(small), **back, reason=REASON).headers["location"]
    assert f"第 {version} 个事件" in two.get(path).text
    small.send(two, f"{path}/approve", reason=LOOKED)
    assert view(small)["ahead"] == first


def test_a_proposal_that_has_become_impossible_says_so(small: House) -> None:
    one, two = small.browser("servicing"), small.browser("two")
    fields = {"kind": "extended", "instalments": "6", "value_date": today(small)}
    path = small.send(one, place(small), **fields, reason=REASON).headers["location"]
    request = {"loan_id": small.lived.ids[LOAN], "purpose": "settle"}
    small.lived.do("pay", staff("servicing"), **request)
    deliver(small.lived.desk.world)
    assert "现在做不成了" in two.get(path).text


@pytest.mark.parametrize(
    ("query", "field", "words"),
    [
        ({"kind": "rate_changed", "rate": "x"}, "rate", "年利率"),
        ({"kind": "rate_changed", "rate": "99"}, "rate", "只能调低"),
        ({"kind": "rate_changed", "rate": ""}, "rate", "年利率"),
        (
            {"kind": "rate_changed", "rate": "1", "value_date": "2020-01-01"},
            "value_date",
            "2026-11-02",
        ),
        ({"kind": "rate_changed", "rate": "1", "value_date": "soon"}, "value_date", "日期读不懂"),
        ({"kind": "due_day_changed", "due_day": "32"}, "due_day", "1 到 31"),
        ({"kind": "extended", "instalments": "0"}, "instalments", "1 到 360"),
        ({"kind": "paused", "months": "37"}, "months", "1 到 36"),
        ({"kind": "restructured", "rate": ""}, "rate", "至少填写一项"),
        ({"kind": "restructured", "method": "flat"}, "method", "选择一种"),
        ({"kind": "waived", "penalty": "", "interest": "5000"}, "penalty", "超过了"),
        ({"kind": "waived", "penalty": "-1", "interest": ""}, "penalty", "金额"),
        ({"kind": "prepay_lower", "amount": "999999"}, "amount", "结清金额"),
        ({"kind": "prepay_shorten", "amount": ""}, "amount", "金额"),
        ({"kind": "settle", "amount": "1"}, "amount", "今天结清要"),
        ({"kind": "reversed", "reverses": "3"}, "kind", "请另选"),
        ({"kind": "forgiven", "amount": "1"}, "kind", "请另选"),
    ],
)
def test_what_cannot_be_done_is_said_beside_its_field(
    house: House, query: dict[str, str], field: str, words: str
) -> None:
    begun = dump(house)
    for language in ("zh", "en"):
        answer = house.browser("servicing", language).get(place(house, **query))
        assert answer.status_code == 422
        (said,) = re.findall(rf'id="{field}-wrong">([^<]*)<', answer.text)
        assert language == "en" or words in html.unescape(said)
        assert language == "zh" or not CHINESE.search(said)
        assert f'href="#{field}"' in answer.text
        assert f'id="{field}"' in answer.text
        assert 'id="result"' not in answer.text
    sent = house.send(house.browser("servicing"), place(house), **query, reason=REASON)
    assert sent.status_code == 422
    assert dump(house) == begun


def test_a_payment_is_tried_and_never_proposed(house: House) -> None:
    query, begun = {"kind": "prepay_lower", "amount": "3000"}, dump(house)
    for who in ("servicing", "audit"):
        tried = asked(house, who, **query).text
        assert "客户自己办理" in tried
        assert 'method="post" action="/loans' not in tried
    sent = house.send(house.browser("servicing"), place(house), **query, reason=REASON)
    assert sent.status_code == 200, "it is shown again"
    assert dump(house) == begun


def test_audit_may_try_and_not_propose(house: House) -> None:
    query = {"kind": "extended", "instalments": "3", "value_date": DAY}
    tried = asked(house, "audit", **query)
    assert tried.status_code == 200
    assert 'name="reason"' not in tried.text
    client = house.browser("audit")
    assert house.send(client, place(house), **query, reason=REASON).status_code == 403
    loan = f"/loans/{house.lived.ids[LOAN]}"
    assert f'href="{loan}/change"' in client.get(loan).text


def test_another_lenders_loan_is_not_there(house: House) -> None:
    query = {"kind": "extended", "instalments": "3"}
    assert asked(house, "stranger", **query).status_code == 404
    client = house.browser("stranger")
    assert house.send(client, place(house), **query, reason=REASON).status_code == 404
    loan = house.lived.ids[LOAN]
    assert client.get(f"/loans/{loan}/replay?on=2026-11-02").status_code == 404


def test_a_form_without_its_proof_proposes_nothing(house: House) -> None:
    begun = dump(house)
    fields = {"kind": "extended", "instalments": "3", "reason": REASON, "csrf": "x"}
    assert house.browser("servicing").post(place(house), data=fields).status_code == 409
    assert dump(house) == begun


def test_a_loan_not_paid_out_has_nothing_to_try(house: House) -> None:
    client = house.browser("servicing")
    for name, words in (("pending", "放款之后"), ("settled", "放款之后")):
        page = client.get(f"/loans/{house.lived.ids[name]}/change")
        assert page.status_code == 200
        assert words in page.text
        assert "kind=" not in page.text


@pytest.mark.parametrize("kind", [kind for kind in FORMS if kind in CHANGES])
def test_what_was_typed_comes_back_as_it_was_read(kind: str) -> None:
    """The link of a proposal to its trial asks for the very same change."""
    say = Tongue("zh")
    first = read(say, CHANGES[kind], FORMS[kind])
    assert first.errors == ()
    again = typed(first.request["change"])
    assert read(say, CHANGES[kind], again).request["change"] == first.request["change"]
    assert again["kind"] == kind


def test_the_forms_are_those_of_the_flow() -> None:
    """Every kind of change has a form, and every field of it a place in the form."""
    schema = ChangeLoan.model_json_schema()["$defs"]
    named = {one["properties"]["kind"]["const"]: one["properties"] for one in schema.values()}
    assert named.keys() == CHANGES.keys()
    for code, properties in named.items():
        assert {field.key for field in CHANGES[code].fields} == properties.keys() - {"kind"}


FEN = st.integers(1, 10_000_000)
DAYS = st.lists(st.integers(1, 700), min_size=1, max_size=24, unique=True).map(sorted)


def schedule(begin: date, days: list[int], parts: list[int]) -> list[dict[str, Any]]:
    left, lines = sum(parts), []
    for number, (day, fen) in enumerate(zip(days, parts, strict=True), start=1):
        left -= fen
        due = (begin + timedelta(days=day)).isoformat()
        lines.append({"number": number, "due_date": due, "principal_fen": fen, "closing_fen": left})
    return lines


@given(st.data())
def test_both_lines_are_drawn_to_one_true_scale(data: st.DataObject) -> None:
    begin, drawn_from = date(2026, 12, 7), []
    for _ in range(2):
        days = data.draw(DAYS)
        parts = data.draw(st.lists(FEN, min_size=len(days), max_size=len(days)))
        drawn_from.append(schedule(begin, days, parts))
    drawn = tracks(begin, *drawn_from)
    assert drawn is not None
    top_fen = drawn.ticks[-1].amount_fen
    last = max(date.fromisoformat(lines[-1]["due_date"]) for lines in drawn_from)
    for path, lines in zip((drawn.before, drawn.after), drawn_from, strict=True):
        points = [tuple(map(float, point.split(","))) for point in path.split(" ")]
        assert len(points) == 2 * len(lines) + 1
        for line, (x, y) in zip(lines, points[2::2], strict=True):
            share = (date.fromisoformat(line["due_date"]) - begin).days / (last - begin).days
            assert x == pytest.approx(LEFT + (WIDTH - LEFT - RIGHT) * share, abs=0.06)
            level = TOP + PLOT_HEIGHT * (1 - line["closing_fen"] / top_fen)
            assert y == pytest.approx(level, abs=0.06)
    assert all(LEFT <= month.x <= WIDTH - RIGHT for month in drawn.months)


def test_nothing_ahead_is_nothing_to_draw() -> None:
    begin = date(2026, 12, 7)
    assert tracks(begin, [], []) is None
    lines = schedule(begin, [30], [100])
    drawn = tracks(begin, lines, [])
    assert drawn is not None
    assert (drawn.after, drawn.area) == ("", "")
