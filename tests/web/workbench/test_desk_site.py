"""The workbench as a browser meets it: signing in, proposing, checking, unmasking, exporting."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from sanshi.api.patience import Patience
from sanshi.connectors.process import SandboxProcess
from sanshi.flows.cases import opened
from sanshi.flows.world import Actor
from sanshi.kernel.effects import Applied
from sanshi.web.serving import cookies
from sanshi.wiring import Content
from web.workbench.lived import FIRST, SECOND, Lived, hired
from web.workbench.serving import House, served
from worlds import LENDER, XIAOMAN, open_desk, staff

SYSTEM = Actor("test", "system")
REASON = "I looked at the rail's file."


@pytest.fixture
def small(
    sqlite_url: str, tmp_path: Path, content: Content, outside: SandboxProcess
) -> Iterator[House]:
    """Serve a desk of one's own, with a customer, a case, and people who have a seat."""
    with open_desk(sqlite_url, tmp_path, content, outside) as desk:
        made = Lived(desk)
        who = desk.person(XIAOMAN)
        made.ids["person"] = who.person_id
        made.ids["application"] = desk.applied(who)
        desk.do("decide_application", staff("risk"), application_id=made.ids["application"])
        effects = opened(desk.world, LENDER, "rail_missing", "py_x", {"amount_fen": 500})
        assert isinstance(desk.world.store.apply(effects), Applied)
        made.ids["case"] = desk.world.store.rows("work_case")[0]["case_id"]
        for name, role in (("one", "servicing"), ("two", "conduct")):
            made.tokens[name] = hired(made, f"{name}.user", (role,), f"{name}（虚构）")
        with served(made) as house:
            yield house


def page_of(client: httpx.Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, path
    return answer.text


def audited(house: House, action: str) -> list[tuple[str, str]]:
    rows = house.office.world.store.rows("audit", {"action": action}, order_by=("audit_id",))
    return [(row["subject"], row["purpose"]) for row in rows]


def token_of(house: House, client: httpx.Client) -> str:
    return client.cookies.get(house.office.jar.name(cookies.LOGIN)) or ""


def test_a_new_colleague_signs_in_changes_the_password_and_sits_down(small: House) -> None:
    about = {"entity": LENDER, "user_name": "neu.ling", "display_name": "新人（虚构）"}
    small.lived.do("add_account", SYSTEM, **about, roles=["risk", "audit"], password=FIRST)
    client = small.browser(None)
    first = client.get("/applications")
    assert first.headers["location"] == "/sign-in?onward=%2Fapplications"
    assert 'value="/applications"' in client.get(first.headers["location"]).text
    typed = {"user_name": "Neu.Ling ", "password": FIRST, "onward": "/applications"}
    answer = small.send(client, "/sign-in", **typed)
    assert (answer.status_code, answer.headers["location"]) == (303, "/applications")
    assert client.get("/applications").headers["location"] == "/password"
    wrong = {"old_password": FIRST, "new_password": SECOND, "again": "something else"}
    assert "两次输入的新密码不一样" in small.send(client, "/password", **wrong).text
    weak = {
        "old_password": FIRST,
        "new_password": "neu.ling neu.ling",
        "again": "neu.ling neu.ling",
    }
    assert "太容易猜到" in small.send(client, "/password", **weak).text
    right = {"old_password": FIRST, "new_password": SECOND, "again": SECOND}
    assert small.send(client, "/password", **right).headers["location"] == "/"
    assert client.get("/applications").headers["location"] == "/role?onward=%2Fapplications"
    assert small.send(client, "/role", role="admin").status_code == 403
    assert small.send(client, "/role", role="risk", onward="//evil.example").status_code == 303
    assert client.get("/applications").status_code == 200
    assert client.get("/audit").status_code == 403
    small.send(client, "/role", role="audit")
    assert client.get("/audit").status_code == 200
    token = token_of(small, client)
    assert small.send(client, "/sign-out").headers["location"] == "/sign-in"
    again = small.browser(None)
    again.cookies.set(small.office.jar.name(cookies.LOGIN), token)
    assert again.get("/").headers["location"] == "/sign-in"


def test_a_wrong_password_and_an_unknown_name_read_alike(small: House) -> None:
    def said(user_name: str) -> str:
        client = small.browser(None)
        typed = {"user_name": user_name, "password": "not the password"}
        answer = small.send(client, "/sign-in", **typed)
        assert answer.status_code == 422
        assert token_of(small, client) == ""
        return re.sub(r'name="csrf" value="[^"]*"', "", answer.text).replace(user_name, "")

    assert said("one.user") == said("nobody.user")


def test_the_cookie_is_read_by_no_script_and_gone_with_the_browser(small: House) -> None:
    typed = {"user_name": "one.user", "password": SECOND}
    answer = small.send(small.browser(None), "/sign-in", **typed)
    (cookie,) = (line for line in answer.headers.get_list("set-cookie") if "login" in line)
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    assert "Max-Age" not in cookie


def test_a_case_is_closed_by_two(small: House) -> None:
    case_id = small.lived.ids["case"]
    one, two = small.browser("one"), small.browser("two")
    empty = small.send(one, f"/cases/{case_id}/close", finding="", reason="x")
    assert empty.status_code == 422
    assert empty.text.count('<li><a href="#') == 2
    told = {"finding": "Booked twice by the bank.", "reason": REASON}
    first = small.send(one, f"/cases/{case_id}/close", **told)
    path = first.headers["location"]
    assert path.startswith("/proposals/pr_")
    assert small.send(one, f"/cases/{case_id}/close", **told).status_code == 409
    assert small.send(one, f"{path}/approve", reason=REASON).status_code == 403
    assert "同意" not in page_of(one, path)
    assert "Booked twice by the bank." in page_of(two, path)
    assert small.send(two, f"{path}/approve", reason="").status_code == 422
    assert small.send(two, f"{path}/approve", reason=REASON).headers["location"] == path
    assert small.office.world.store.standing(case_id)[1] == "closed"
    assert small.send(two, f"{path}/approve", reason=REASON).status_code == 409
    assert "提交关闭" not in page_of(one, f"/cases/{case_id}")


def test_a_customer_who_asked_is_answered_by_two(small: House) -> None:
    who = small.lived.desk.person(XIAOMAN)
    asked = {"about": "complaint", "lender": LENDER, "text": "提前还款页面打不开。"}
    case_id = small.lived.desk.do("ask_lender", who, **asked)["case_id"]
    one, two = small.browser("one"), small.browser("two")
    told = {"finding": "The page was mended.", "reason": REASON}
    without = small.send(one, f"/cases/{case_id}/close", **told)
    assert without.status_code == 422
    assert without.text.count('<li><a href="#') == 1
    words = "页面已修好，提前还款不收费用。"
    sent = small.send(one, f"/cases/{case_id}/close", **told, answer=words)
    path = sent.headers["location"]
    assert words in page_of(two, path)
    assert words not in page_of(one, f"/cases/{case_id}"), "nobody has approved it"
    proposal = small.office.world.store.row("proposal", proposal_id=path.rpartition("/")[2])
    assert proposal is not None
    assert words not in str(dict(proposal)), "it is sealed"
    small.send(two, f"{path}/approve", reason=REASON)
    assert words in page_of(one, f"/cases/{case_id}")


def test_a_double_click_proposes_once(small: House) -> None:
    case_id, client, proof = small.lived.ids["case"], small.browser("one"), small.csrf()
    told = {"csrf": proof, "finding": "Booked twice by the bank.", "reason": REASON}
    places = {
        client.post(f"/cases/{case_id}/close", data=told).headers["location"] for _ in range(2)
    }
    assert len(places) == 1


def test_what_was_proposed_is_withdrawn_by_its_maker(small: House) -> None:
    case_id, one = small.lived.ids["case"], small.browser("one")
    told = {"finding": "Booked twice by the bank.", "reason": REASON}
    path = small.send(one, f"/cases/{case_id}/close", **told).headers["location"]
    assert small.send(small.browser("two"), f"{path}/withdraw").status_code == 403
    assert small.send(one, f"{path}/withdraw").status_code == 303
    assert "提交关闭" in page_of(one, f"/cases/{case_id}")


def test_unmasking_takes_a_reason_and_is_on_record(small: House) -> None:
    person_id, client = small.lived.ids["person"], small.browser("one")
    masked = page_of(client, f"/customers/{person_id}")
    assert "林**" in masked
    assert XIAOMAN["id_number"] not in masked
    short = small.send(client, f"/customers/{person_id}/unmask", reason="x")
    assert short.status_code == 422
    assert XIAOMAN["id_number"] not in short.text
    assert audited(small, "unmask_customer") == []
    reason = "客户来电要求补寄合同"
    clear = small.send(client, f"/customers/{person_id}/unmask", reason=reason)
    assert all(text in clear.text for text in XIAOMAN.values())
    assert audited(small, "unmask_customer") == [(person_id, reason)]
    assert XIAOMAN["id_number"] not in page_of(client, f"/customers/{person_id}")


def test_an_account_and_a_key_are_made_by_two_and_shown_once(small: House) -> None:
    for name in ("ada", "bea"):
        small.lived.tokens[name] = hired(small.lived, f"{name}.admin", ("admin",), "管（虚构）")
    ada, bea = small.browser("ada"), small.browser("bea")
    wrong = small.send(ada, "/accounts/new", user_name="Ü", display_name="", reason="")
    assert wrong.status_code == 422
    assert wrong.text.count('class="s-wrong"') == 4
    told = {"user_name": "neu.neu", "display_name": "新（虚构）", "reason": "Begins on Monday."}
    path = small.send(ada, "/accounts/new", **told, roles=["risk", "audit"]).headers["location"]
    made = small.send(bea, f"{path}/approve", reason=REASON)
    (password,) = re.findall(r'<code class="s-secret">([a-z0-9-]{20,})</code>', made.text)
    assert password not in page_of(bea, path)
    first = {"user_name": "neu.neu", "password": password}
    assert small.send(small.browser(None), "/sign-in", **first).status_code == 303
    taken = small.send(ada, "/accounts/new", **told, roles=["risk"])
    assert (taken.status_code, "用户名已被使用" in taken.text) == (422, True)
    row = small.office.world.store.row("staff_account", user_name="neu.neu")
    assert row is not None
    address = f"/accounts/{row['account_id']}/reset"
    assert small.send(ada, address, reason="").status_code == 422
    path = small.send(ada, address, reason="Forgot it.").headers["location"]
    made = small.send(bea, f"{path}/approve", reason=REASON)
    (other,) = re.findall(r'<code class="s-secret">([a-z0-9-]{20,})</code>', made.text)
    for typed, status in ((password, 422), (other, 303)):
        answer = small.send(small.browser(None), "/sign-in", user_name="neu.neu", password=typed)
        assert answer.status_code == status
    told = {"label": "night batch", "role": "servicing", "reason": "New program."}
    path = small.send(ada, "/keys/new", **told).headers["location"]
    made = small.send(bea, f"{path}/approve", reason=REASON)
    assert re.search(r"sk_test_[0-9a-z]+_[0-9a-f]{64}", made.text)
    row = small.office.world.store.rows("api_key")[0]
    path = small.send(ada, f"/keys/{row['key_id']}/revoke", reason="Not used.").headers["location"]
    small.send(bea, f"{path}/approve", reason=REASON)
    (row,) = small.office.world.store.rows("api_key")
    assert row["revoked_on"] is not None


def test_a_list_is_given_away_as_a_file_and_that_is_on_record(house: House) -> None:
    client = house.browser("servicing")
    answer = client.get("/loans.csv?stage=active")
    assert answer.headers["content-type"].startswith("text/csv")
    assert "loans-2026-12-07.csv" in answer.headers["content-disposition"]
    assert answer.content.startswith("\ufeff".encode())
    head, *rows = csv.reader(io.StringIO(answer.text.removeprefix("\ufeff")))
    assert head[0] == "编号"
    ids = house.lived.ids
    assert {row[0] for row in rows} == {ids["overdue"], ids["subsidised"]}
    assert [row[head.index("放款金额")] for row in rows if row[0] == ids["overdue"]] == ["6999.00"]
    assert ("loans · 2", "export") in audited(house, "export_list")


@pytest.mark.parametrize(
    ("path", "shown"),
    [
        ("/loans?stage=settled", 1),
        ("/loans?text=HAITAI", 4),
        ("/loans?sort=merchant&order=up", 4),
        ("/loans?page=2", 0),
        ("/loans?page=x", 4),
        ("/cases?kind=rail_unknown_line", 2),
        ("/cases?since=2026-12-01&until=2026-12-31", 1),
        ("/payments?stage=unknown", 1),
        ("/postings?kind=penalty_income", 1),
        ("/customers?text=" + XIAOMAN["mobile"], 1),
    ],
)
def test_lists_show_what_was_asked_for(house: House, path: str, shown: int) -> None:
    text = page_of(house.browser("servicing"), path)
    body = text.partition("<tbody>")[2].partition("</tbody>")[0]
    assert body.count("<tr>") == shown


@pytest.mark.parametrize(
    "path",
    [
        "/loans?stage=broken",
        "/loans?since=yesterday",
        "/loans?sort=person_id",
        "/cases?since=2026-13-01",
        "/customers?text=990000",
    ],
)
def test_conditions_that_make_no_sense_are_said_and_left_out(house: House, path: str) -> None:
    answer = house.browser("servicing").get(path)
    assert answer.status_code == 422
    assert 'role="alert"' in answer.text
    assert "<tbody>" in answer.text


def test_the_books_lead_to_postings_and_postings_to_their_source(house: House) -> None:
    client = house.browser("audit")
    books = page_of(client, "/books?to=2026-12-06")
    assert "平衡" in books
    (address,) = re.findall(r'href="(/postings\?kind=customer_loan&amp;until=[^"]+)"', books)
    postings = page_of(client, address.replace("&amp;", "&"))
    source = f"/loans/{house.lived.ids['overdue']}"
    assert source in postings
    assert "分录" in page_of(client, source)
    for wrong in ("to=x", "since=2026-12-06&to=2026-12-05"):
        assert "日期读不懂" in page_of(client, f"/books?{wrong}")
    period = page_of(client, "/books?since=2026-12-06&to=2026-12-06&value_to=2026-12-06")
    assert "日期读不懂" not in period
    assert re.search(r"kind=customer_loan&amp;since=2026-12-06&amp;until=2026-12-06", period)


def test_a_decision_is_replayed_from_its_page(house: House) -> None:
    client = house.browser("risk")
    ids = house.lived.ids
    answer = house.send(client, f"/applications/{ids['declined']}/replay")
    assert "得到完全相同的决策" in answer.text
    assert house.send(client, f"/applications/{ids['draft']}/replay").status_code == 409


def test_a_complaint_shows_what_was_written_and_that_it_is_late(house: House) -> None:
    client, case_id = house.browser("conduct"), house.lived.ids["complaint"]
    text = page_of(client, f"/cases/{case_id}")
    assert "洗衣机送来时门是坏的" in text
    assert "已过最迟答复日" in text
    assert (house.lived.ids["person"], "conduct") in audited(house, "read_request")
    assert "已过 2026-11-25" in page_of(client, "/cases?kind=complaint")


def test_the_contract_is_the_stored_document_and_runs_nothing(house: House) -> None:
    answer = house.browser("servicing").get(f"/contracts/{house.lived.ids['contract']}/text")
    assert answer.headers["content-security-policy"].startswith("sandbox")
    assert "合同" in answer.text


def test_what_is_not_there_is_said_in_the_readers_language(house: House) -> None:
    for language, words in (("zh", "没有找到"), ("en", "Not found")):
        client = house.browser("servicing", language)
        for path in ("/nowhere", "/loans/ln_x", "/proposals/pr_x", "/keys"):
            answer = client.get(path)
            assert answer.status_code in {403, 404}
            assert (words in answer.text) == (answer.status_code == 404)


def test_a_body_longer_than_any_form_is_refused(house: House) -> None:
    client = house.browser("servicing")
    answer = house.send(client, "/sign-out", much="x" * 100_000)
    assert answer.status_code == 413
    assert "太长" in answer.text


def test_whoever_knocks_too_often_waits(small: House) -> None:
    small.office.patience = Patience()
    client = small.browser(None)
    seen = [client.post("/sign-in", data={"csrf": "x"}).status_code for _ in range(21)]
    assert seen == [*[409] * 20, 429]


def test_the_language_is_kept(house: House) -> None:
    client = house.browser("servicing")
    assert '<html lang="en"' in client.get("/loans?lang=en").text
    assert '<html lang="en"' in client.get("/loans").text
    assert 'href="/loans?stage=active&amp;lang=zh"' in client.get("/loans?stage=active").text
