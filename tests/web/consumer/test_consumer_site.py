"""The site as a browser meets it: whole ways through it, and what it refuses."""

from __future__ import annotations

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from sanshi.connectors.process import SandboxProcess
from sanshi.jobs.outbox import deliver
from sanshi.wiring import Content
from web.consumer.buyer import DECLARED, SHOP, Buyer, Town, open_town
from worlds import LIXIA, PLAN, XIAOMAN, Desk, open_desk, staff

TICKED = {"consent.credit_report": "yes", "consent.housing_fund": "yes"}


@pytest.fixture
def each_town(desk: Desk) -> Iterator[Town]:
    """Serve the pages over either database."""
    with open_town(desk) as opened:
        yield opened


@pytest.fixture
def town(
    sqlite_url: str, tmp_path: Path, content: Content, outside: SandboxProcess
) -> Iterator[Town]:
    """Serve the pages; flows are tested on both databases elsewhere."""
    with open_desk(sqlite_url, tmp_path, content, outside) as desk, open_town(desk) as opened:
        yield opened


def to_plans(town: Town, buyer: Buyer, *skus: str) -> str:
    """Go from the shop to the ways to pay; returns the quote's address."""
    buyer.opens(f"{town.session(*skus)}/plans")
    if any(form.action == "/sign-in" for form in buyer.forms):
        buyer.sends("/sign-in", mobile=XIAOMAN["mobile"])
        buyer.sends("/sign-in/code", code=buyer.code())
        buyer.says_who()
    buyer.sends("/plans", **DECLARED)
    assert buyer.page.url.path.startswith("/quotes/"), buyer.page.text
    return buyer.page.url.path


def to_contract(town: Town, buyer: Buyer) -> str:
    """Go from the shop to the contract; returns its address."""
    quote = to_plans(town, buyer)
    buyer.opens(f"{quote}/consents?plan={PLAN}")
    buyer.sends("/consents", job_months="60", **TICKED)
    assert buyer.page.url.path.startswith("/applications/"), buyer.page.text
    buyer.sends("/contracts")
    assert buyer.page.url.path.startswith("/contracts/"), buyer.page.text
    return buyer.page.url.path


def signed(town: Town, buyer: Buyer) -> str:
    """Go on to the signed loan; returns its id."""
    contract = to_contract(town, buyer)
    town.desk.time.move(seconds=10)
    buyer.sends(contract, confirmed="yes")
    assert buyer.page.url.path.startswith("/loans/"), buyer.page.text
    return buyer.page.url.path.rpartition("/")[2]


def paid_out(town: Town, buyer: Buyer) -> str:
    """Go on until the shop has its money; returns the loan's id."""
    loan_id = signed(town, buyer)
    town.desk.do("order_disbursement", staff("servicing"), loan_id=loan_id)
    deliver(town.desk.world)
    return loan_id


def test_from_the_shop_to_the_last_fen(each_town: Town) -> None:
    town = each_town
    with town.buyer() as buyer:
        loan_id = signed(town, buyer)
        assert "https://shop.example/thanks" in buyer.page.text
        town.desk.do("order_disbursement", staff("servicing"), loan_id=loan_id)
        deliver(town.desk.world)
        buyer.opens("/loans")
        assert loan_id in buyer.page.text
        buyer.opens(f"/loans/{loan_id}")
        pay = next(form for form in buyer.forms if form.fields.get("purpose") == "settle")
        buyer.posts(pay.action, pay.fields)
        deliver(town.desk.world)
        buyer.opens(f"/loans/{loan_id}")
        assert "已结清" in buyer.page.text
        receipt = next(one for one in buyer.page.text.split('"') if one.startswith("/receipts/"))
        assert json.loads(buyer.opens(receipt).content)["kind"] == "contract"


def test_paying_in_full_needs_no_name(town: Town) -> None:
    link = town.session()
    with town.buyer() as buyer:
        buyer.opens(link)
        buyer.sends("/cash")
        assert "您选择了一次付清" in buyer.page.text
        assert "https://shop.example/thanks" in buyer.page.text
        first = buyer.page.text
        buyer.opens(link)
        assert buyer.page.text == first, "opened again, it says the same"
    assert town.desk.world.store.rows("person") == ()
    (notice,) = town.desk.world.store.rows("notice")
    assert notice["type"] == "checkout_session.cash_chosen"


def test_paying_in_full_after_having_seen_the_plans(town: Town) -> None:
    with town.buyer() as buyer:
        quote = to_plans(town, buyer)
        buyer.opens(f"{quote}?plan=cash")
        buyer.sends("/cash")
        assert "您选择了一次付清" in buyer.page.text


def test_something_bought_where_no_shop_has_sent_anybody(town: Town) -> None:
    with town.buyer() as buyer:
        buyer.signs_in(onward="/buy/haitai/HT-FRIDGE-520")
        buyer.sends("/HT-FRIDGE-520", **DECLARED, down_payment="1000")
        assert "¥1,000.00" in buyer.page.text
        quote = buyer.page.url.path
        buyer.opens(f"{quote}?plan=cash")
        buyer.sends("/cash")
        assert buyer.page.status_code == 200
        buyer.opens("/buy/haitai/HT-GONE")
        assert buyer.page.status_code == 404


@pytest.mark.parametrize("path", ["/loans", "/mine", "/applications/ap_x", "/quotes/qt_x?plan=a.b"])
def test_a_page_of_ones_own_is_reached_by_signing_in(town: Town, path: str) -> None:
    with town.buyer() as buyer:
        buyer.opens(path)
        assert buyer.page.url.path == "/sign-in"
        buyer.sends("/sign-in", mobile=XIAOMAN["mobile"])
        buyer.sends("/sign-in/code", code=buyer.code())
        buyer.says_who()
        assert str(buyer.page.url).endswith(path)


@pytest.mark.parametrize(
    "onward",
    [
        "//evil.example",
        "https://evil.example/",
        "/\\evil.example",
        "javascript:alert(1)",
        "/loans\nSet-Cookie: a=b",
        "/" + "a" * 600,
    ],
)
def test_nobody_is_led_elsewhere(town: Town, onward: str) -> None:
    with town.buyer() as buyer:
        buyer.page = buyer.client.get("/sign-in", params={"onward": onward})
        assert "onward" not in buyer.form("/sign-in").names
        fields = {**buyer.form("/sign-in").fields, "onward": onward}
        buyer.posts("/sign-in", {**fields, "mobile": XIAOMAN["mobile"]})
        fields = {**buyer.form("/sign-in/code").fields, "onward": onward}
        buyer.posts("/sign-in/code", {**fields, "code": buyer.code()})
        assert buyer.page.url.host == "127.0.0.1"
        buyer.says_who()
        assert str(buyer.page.url) == f"{town.url}/loans"


def test_wrong_codes_and_wrong_people(town: Town) -> None:
    with town.buyer() as buyer:
        buyer.opens("/sign-in")
        buyer.sends("/sign-in", mobile="12345")
        assert buyer.page.status_code == 422
        buyer.sends("/sign-in", mobile=" 161 0000-0001 ")
        buyer.sends("/sign-in/code", code="１２３４５６")
        assert buyer.page.status_code == 422
        assert buyer.code() not in buyer.page.text
        buyer.sends("/sign-in/code", code=buyer.code())
        buyer.sends("/sign-in/prove", full_name="周立夏", id_number=XIAOMAN["id_number"])
        assert buyer.page.status_code == 422
        assert XIAOMAN["id_number"] not in buyer.page.text, "what was typed is not sent back"
        buyer.opens("/loans")
        assert buyer.page.url.path == "/sign-in/who"
        buyer.says_who()
        assert buyer.page.url.path == "/loans"


def test_two_clicks_for_a_code_send_one(town: Town) -> None:
    with town.buyer() as buyer:
        buyer.opens("/sign-in")
        first = buyer.form("/sign-in")
        fields = {**first.fields, "mobile": XIAOMAN["mobile"]}
        before = len(town.desk.outside.text_messages())
        buyer.posts("/sign-in", fields)
        buyer.posts("/sign-in", fields)
        assert buyer.page.status_code == 200
        assert len(town.desk.outside.text_messages()) == before + 1
        buyer.sends("/sign-in/code", code=buyer.code())
        assert buyer.page.url.path == "/sign-in/who"


def test_a_silent_provider_is_said_and_tried_again(town: Town) -> None:
    with town.buyer() as buyer:
        buyer.opens("/sign-in")
        town.desk.outside.queue_fault("sms", "http_500")
        buyer.sends("/sign-in", mobile=XIAOMAN["mobile"])
        assert buyer.page.status_code == 503
        assert "外部系统暂时没有回应" in buyer.page.text
        town.desk.time.move(seconds=60)
        buyer.opens("/sign-in")
        buyer.sends("/sign-in", mobile=XIAOMAN["mobile"])
        buyer.sends("/sign-in/code", code=buyer.code())
        assert buyer.page.url.path == "/sign-in/who"


def test_a_silent_verifier_keeps_nobody_out_for_good(town: Town) -> None:
    with town.buyer() as buyer:
        buyer.opens("/sign-in")
        buyer.sends("/sign-in", mobile=XIAOMAN["mobile"])
        buyer.sends("/sign-in/code", code=buyer.code())
        town.desk.outside.queue_fault("identity", "timeout_before")
        buyer.says_who()
        assert buyer.page.status_code == 503
        buyer.opens("/sign-in/who")
        buyer.says_who()
        assert buyer.page.url.path == "/loans"


def test_signing_out_ends_it_in_every_tab(town: Town) -> None:
    with town.buyer() as buyer:
        buyer.signs_in()
        token = dict(buyer.client.cookies)
        buyer.sends("/sign-out")
        assert "已退出" in buyer.page.text
        buyer.client.cookies.update(token)
        buyer.opens("/loans")
        assert buyer.page.url.path == "/sign-in", "the old token opens nothing"


def test_a_pause_that_was_too_long_is_said(town: Town) -> None:
    with town.buyer() as buyer:
        link = town.session()
        buyer.signs_in()
        buyer.opens(f"{link}/plans")
        town.desk.time.move(seconds=31 * 60)
        buyer.sends("/plans", **DECLARED)
        assert buyer.page.status_code == 401
        assert "没有提交的内容没有保存" in buyer.page.text


def test_reading_for_long_keeps_one_signed_in(town: Town) -> None:
    with town.buyer() as buyer:
        buyer.signs_in()
        for _ in range(4):
            town.desk.time.move(seconds=25 * 60)
            buyer.opens("/loans")
            assert buyer.page.url.path == "/loans"


def test_forms_must_come_from_a_page_of_ours(town: Town) -> None:
    with town.buyer() as buyer, town.buyer() as stranger:
        buyer.opens(town.session())
        form = buyer.form("/cash")
        stranger.opens("/sign-in")
        others = stranger.form("/sign-in").fields["csrf"]
        for csrf in ("", "x", "é", f"{'0' * 16}.{'0' * 64}", others):
            assert buyer.posts(form.action, {"csrf": csrf}).status_code == 409
        crossed = buyer.client.post(
            form.action, data=form.fields, headers={"Sec-Fetch-Site": "cross-site"}
        )
        assert crossed.status_code == 409
        assert "这一页已经过时" in crossed.text
        assert buyer.posts(form.action, form.fields).status_code == 200


def test_a_page_opened_before_signing_in_elsewhere_still_works(town: Town) -> None:
    with town.buyer() as buyer:
        buyer.opens(town.session())
        old = buyer.form("/cash")
        buyer.signs_in()
        buyer.posts(old.action, old.fields)
        assert "您选择了一次付清" in buyer.page.text


def test_bodies_that_no_page_would_send(town: Town) -> None:
    with town.buyer() as buyer:
        buyer.opens("/sign-in")
        csrf = buyer.form("/sign-in").fields["csrf"]
        ask = buyer.client.post
        assert ask("/sign-in", json={"csrf": csrf}).status_code == 415
        assert ask("/sign-in", files={"csrf": b"x"}).status_code == 415
        assert ask("/sign-in", data={"csrf": csrf, "mobile": "1" * 70_000}).status_code == 413
        many = {f"f{number}": "x" for number in range(2000)}
        assert ask("/sign-in", data={"csrf": csrf, **many}).status_code == 400
        strange = b"csrf=" + csrf.encode() + b"&mobile=%FF%00"
        kind = {"Content-Type": "application/x-www-form-urlencoded"}
        assert ask("/sign-in", content=strange, headers=kind).status_code == 422
        for answer in (ask("/loans"), buyer.client.get("/cash"), buyer.client.get("/sign-out")):
            assert answer.status_code in {404, 405}
            assert "没有找到这一页" in answer.text


def test_tampered_forms_change_nothing(town: Town) -> None:
    with town.buyer() as buyer:
        quote = to_plans(town, buyer)
        buyer.opens(f"{quote}/consents?plan=shenpu_appliance.999.equal_instalment")
        assert buyer.page.url.path == quote, "a plan that nobody offered is no choice"
        buyer.opens(f"{quote}/consents?plan={PLAN}")
        form = buyer.form("/consents")
        buyer.posts(form.action, {**form.fields, **TICKED, "job_months": "60", "plan": "made.up"})
        assert buyer.page.url.path == quote
        buyer.opens(f"{quote}/consents?plan={PLAN}")
        buyer.sends("/consents", job_months="60")
        assert buyer.page.status_code == 422, "no consent, no application"
        buyer.sends("/consents", job_months="sixty", **TICKED)
        assert buyer.page.status_code == 422
    assert town.desk.world.store.rows("application") == ()
    assert town.desk.world.store.rows("consent") == ()


def test_the_same_page_sent_twice_applies_once(town: Town) -> None:
    with town.buyer() as buyer:
        quote = to_plans(town, buyer)
        buyer.opens(f"{quote}/consents?plan={PLAN}")
        form = buyer.form("/consents")
        fields = {**form.fields, **TICKED, "job_months": "60"}
        with ThreadPoolExecutor(3) as pool:
            answers = list(
                pool.map(lambda _: buyer.client.post(form.action, data=fields), range(3))
            )
        assert len({str(one.url) for one in answers if one.status_code == 200}) == 1
        assert len(town.desk.world.store.rows("application")) == 1
        buyer.opens(f"{quote}/consents?plan={PLAN}")
        assert buyer.page.url.path.startswith("/applications/"), "going back leads on"
        buyer.opens(quote)
        assert buyer.page.url.path.startswith("/applications/")


def test_signing_twice_and_going_back(town: Town) -> None:
    with town.buyer() as buyer:
        contract = to_contract(town, buyer)
        form = buyer.form(contract)
        fields = {**form.fields, "confirmed": "yes"}
        buyer.posts(form.action, fields)
        assert buyer.page.status_code == 409, "not read yet"
        assert "合同打开的时间还不够长" in buyer.page.text
        buyer.sends(contract)
        assert buyer.page.status_code == 422, "not confirmed"
        town.desk.time.move(seconds=10)
        buyer.opens(contract)
        form = buyer.form(contract)
        fields = {**form.fields, "confirmed": "yes"}
        buyer.posts(form.action, {**fields, "content_hash": "00" * 32})
        assert buyer.page.status_code == 409, "another text"
        with ThreadPoolExecutor(3) as pool:
            answers = list(
                pool.map(lambda _: buyer.client.post(form.action, data=fields), range(3))
            )
        assert {one.status_code for one in answers} <= {200, 409}
        assert any(one.url.path.startswith("/loans/") for one in answers)
        assert len(town.desk.world.store.rows("loan")) == 1
        for again in (contract, form.action):
            buyer.opens(again)
            assert buyer.page.url.path.startswith("/loans/")
        buyer.posts(form.action, fields)
        assert buyer.page.url.path.startswith("/loans/")


def test_paying_twice_from_one_page_pays_once(town: Town) -> None:
    with town.buyer() as buyer:
        loan_id = paid_out(town, buyer)
        buyer.opens(f"/loans/{loan_id}")
        part = next(one for one in buyer.forms if "amount" in one.names)
        fields = {**part.fields, "amount": "500", "purpose": "prepay_lower"}
        buyer.posts(part.action, fields)
        deliver(town.desk.world)
        buyer.posts(part.action, fields)
        deliver(town.desk.world)
        paid = town.desk.world.store.rows("payment", {"subject": loan_id, "kind": "collect"})
        assert [one["amount_fen"] for one in paid] == [50_000]
        buyer.posts(part.action, {**fields, "amount": "600"})
        assert buyer.page.status_code == 409
        assert "这一页已经提交过" in buyer.page.text


def test_a_second_payment_while_one_is_under_way_is_shown_the_first(town: Town) -> None:
    with town.buyer() as buyer:
        loan_id = paid_out(town, buyer)
        buyer.opens(f"/loans/{loan_id}")
        settle = next(one for one in buyer.forms if one.fields.get("purpose") == "settle")
        part = next(one for one in buyer.forms if "amount" in one.names)
        buyer.posts(settle.action, settle.fields)
        buyer.opens(f"/loans/{loan_id}?lang=zh")
        other = {**part.fields, "amount": "500", "purpose": "prepay_lower"}
        buyer.posts(part.action, {**other, "csrf": buyer.form("/sign-out").fields["csrf"]})
        assert buyer.page.url.path == f"/loans/{loan_id}"
        assert "有一笔付款正在处理" in buyer.page.text


def test_prepaying_what_makes_no_sense_is_said_beside_the_field(town: Town) -> None:
    with town.buyer() as buyer:
        loan_id = paid_out(town, buyer)
        for amount, purpose in (("x", ""), ("99999999", "prepay_lower"), ("-5", "prepay_shorten")):
            buyer.opens(f"/loans/{loan_id}")
            part = next(one for one in buyer.forms if "amount" in one.names)
            buyer.posts(part.action, {**part.fields, "amount": amount, "purpose": purpose})
            assert buyer.page.status_code == 422, amount
            assert 'id="amount-wrong"' in buyer.page.text
            assert f'href="/loans/{loan_id}?lang=' in buyer.page.text, "not at the form's address"


def test_giving_up_before_money_moves(town: Town) -> None:
    with town.buyer() as buyer:
        loan_id = signed(town, buyer)
        buyer.sends("/give-up")
        assert "这笔借款已取消" in buyer.page.text
        assert town.desk.world.store.standing(loan_id)[1] == "cancelled"


def test_what_is_anothers_does_not_exist(town: Town) -> None:
    with town.buyer() as buyer, town.buyer() as stranger:
        loan_id = paid_out(town, buyer)
        store = town.desk.world.store
        contract_id = store.rows("contract")[0]["contract_id"]
        stranger.signs_in(LIXIA)
        paths = (
            f"/loans/{loan_id}",
            f"/contracts/{contract_id}",
            f"/contracts/{contract_id}/text",
            f"/applications/{store.rows('application')[0]['application_id']}",
            f"/quotes/{store.rows('quote')[0]['quote_id']}",
            f"/quotes/{store.rows('quote')[0]['quote_id']}/consents?plan={PLAN}",
            f"/receipts/{store.rows('document', {'kind': 'contract'})[0]['document_id']}",
        )
        for path in paths:
            answer = stranger.opens(path)
            assert answer.status_code == 404, path
            made_up = path.replace("_0", "_1", 1)
            assert stranger.opens(made_up).status_code == 404
        csrf = stranger.form("/sign-out").fields["csrf"]
        consent_id = store.rows("consent")[0]["consent_id"]
        before = len(store.rows("event"))
        for path in (
            f"/loans/{loan_id}/pay",
            f"/loans/{loan_id}/give-up",
            f"/loans/{loan_id}/credit",
            f"/contracts/{contract_id}",
            f"/consents/{consent_id}/withdraw",
        ):
            sent = {"csrf": csrf, "purpose": "settle", "content_hash": "0", "confirmed": "yes"}
            assert stranger.posts(path, sent).status_code == 404, path
        assert len(store.rows("event")) == before


def test_two_people_on_one_checkout(town: Town) -> None:
    link = town.session()
    with town.buyer() as first, town.buyer() as second:
        for buyer, elements in ((first, XIAOMAN), (second, LIXIA)):
            buyer.signs_in(elements)
            buyer.opens(f"{link}/plans")
            buyer.sends("/plans", **DECLARED)
        for buyer in (first, second):
            buyer.opens(f"{buyer.page.url.path}/consents?plan={PLAN}")
            buyer.sends("/consents", job_months="60", **TICKED)
        assert first.page.status_code == 200
        assert second.page.status_code == 409
        assert "这次结账已经有人申请" in second.page.text


@pytest.mark.parametrize("change", ["cut", "swapped", "foreign"])
def test_a_link_that_was_changed_leads_nowhere(town: Town, change: str) -> None:
    link = town.session()
    wrong = {
        "cut": link[:-1],
        "swapped": link[:-1] + ("0" if link[-1] != "0" else "1"),
        "foreign": "/checkout/se_%E4%BD%A0-0",
    }[change]
    with town.buyer() as buyer:
        for path in (wrong, f"{wrong}/plans"):
            buyer.opens(path)
            if buyer.page.url.path != "/sign-in":
                assert buyer.page.status_code == 404
                assert "没有找到这次结账" in buyer.page.text


def test_a_checkout_that_is_over_says_how(town: Town) -> None:
    with town.buyer() as buyer:
        link = town.session()
        buyer.signs_in()
        buyer.opens(f"{link}/plans")
        session_id = link.rpartition("/")[2].partition("-")[0]
        town.desk.do("cancel_session", SHOP, session_id=session_id)
        buyer.sends("/plans", **DECLARED)
        assert buyer.page.status_code == 409
        assert "这次结账已经结束" in buyer.page.text
        buyer.opens(link)
        assert "商户取消了这次结账" in buyer.page.text
        late = town.session()
        town.desk.time.move(seconds=25 * 3600)
        buyer.opens(late)
        assert "这次结账已经过期" in buyer.page.text


def test_a_quote_that_is_old_says_so(town: Town) -> None:
    with town.buyer() as buyer:
        quote = to_plans(town, buyer)
        town.desk.time.move(seconds=31 * 60)
        buyer.opens(quote)
        if buyer.page.url.path == "/sign-in":
            town.desk.time.move(seconds=60)
            buyer.signs_in(onward=quote)
        assert buyer.page.status_code == 409
        assert "这份报价已过期" in buyer.page.text


def test_a_consent_is_withdrawn_from_where_it_is_shown(town: Town) -> None:
    with town.buyer() as buyer:
        quote = to_plans(town, buyer)
        lender = "shenpu_bank"
        who = town.desk.person(XIAOMAN)
        consent_id = town.desk.do(
            "grant_consent",
            who,
            person_id=who.person_id,
            purpose="credit_report",
            recipient=lender,
            ticked=True,
        )["consent_id"]
        buyer.opens(f"{quote}/consents?plan={PLAN}")
        form = buyer.form("/consents")
        assert f"/consents/{consent_id}/withdraw" in buyer.page.text
        buyer.posts(f"/consents/{consent_id}/withdraw", form.fields)
        assert buyer.page.url.path == f"{quote}/consents"
        row = town.desk.world.store.row("consent", consent_id=consent_id)
        assert row is not None
        assert row["withdrawn_on"] is not None


def test_the_shop_s_language_is_spoken_until_one_is_chosen(town: Town) -> None:
    link = town.session(language="en")
    with town.buyer() as buyer:
        assert '<html lang="en"' in buyer.opens(link).text
        assert '<html lang="zh-CN"' in buyer.opens(f"{link}?lang=zh").text
        assert '<html lang="zh-CN"' in buyer.opens(link).text
        assert 'class="s-care"' in buyer.opens(f"{link}?care=1").text
        assert 'class="s-care"' in buyer.opens("/sign-in").text
    with town.buyer(**{"Accept-Language": "en-GB,en;q=0.9"}) as buyer:
        assert '<html lang="en"' in buyer.opens("/sign-in").text


def test_too_many_requests_are_told_to_wait(town: Town) -> None:
    with town.buyer() as buyer:
        buyer.opens("/sign-in")
        form = buyer.form("/sign-in")
        codes = {
            buyer.posts(form.action, {**form.fields, "mobile": "1"}).status_code for _ in range(25)
        }
        assert codes == {422, 429}
        assert buyer.page.headers["retry-after"] == "60"
        assert "操作太频繁" in buyer.page.text
        assert buyer.opens("/sign-in").status_code == 200, "looking is still allowed"


def test_every_answer_is_sent_with_the_shield(town: Town) -> None:
    with town.buyer() as buyer:
        loan_id = signed(town, buyer)
        row = town.desk.world.store.row("loan", loan_id=loan_id)
        assert row is not None
        text = buyer.opens(f"/contracts/{row['contract_id']}/text")
        assert text.headers["content-security-policy"].startswith("sandbox")
        for path in ("/loans", "/nowhere", "/static/consumer.css", "/static/../app.py"):
            headers = buyer.opens(path).headers
            assert headers["content-security-policy"].startswith("default-src 'none'")
            assert headers["x-content-type-options"] == "nosniff"
            assert "server" not in headers or "uvicorn" in headers["server"]
            store = headers["cache-control"]
            assert store == ("public, max-age=600" if path.endswith(".css") else "no-store")
        cookies = {c.name: c for c in buyer.client.cookies.jar}
        assert all(c.has_nonstandard_attr("HttpOnly") for c in cookies.values())
        assert cookies["sanshi_buyer_login"].discard, "a login ends with the browser"


def test_asking_the_lender_leaves_a_case_with_a_deadline(town: Town) -> None:
    with town.buyer() as buyer:
        loan_id = paid_out(town, buyer)
        buyer.opens(f"/complaints?loan={loan_id}")
        buyer.sends("/complaints", about="complaint", text="  利息算得不对，请核对。 ")
        assert 'datetime="2026-11-17"' in buyer.page.text, "fifteen days from the second"
        (row,) = town.desk.world.store.rows("work_case", {"kind": "complaint"})
        assert row["entity"] == "shenpu_bank"
        assert row["body"]["loan_id"] == loan_id
        assert "利息" not in str(dict(row)), "what was written is sealed"
        receipt = next(one for one in buyer.page.text.split('"') if one.startswith("/receipts/"))
        assert "利息算得不对" in buyer.opens(receipt).text
        buyer.opens("/complaints")
        buyer.sends("/complaints")
        assert buyer.page.status_code == 422
        for number in range(5):
            buyer.opens("/complaints")
            sent = {"about": "enquiry", "lender": "shenpu_bank", "text": f"问题 {number}"}
            buyer.sends("/complaints", **sent)
        assert "您已有几件在处理中" in buyer.page.text
        assert len(town.desk.world.store.rows("work_case")) == 5


def test_a_wish_to_return_goods_reaches_the_shop(town: Town) -> None:
    with town.buyer() as buyer:
        loan_id = paid_out(town, buyer)
        buyer.opens(f"/loans/{loan_id}")
        buyer.sends("/return", price="99999")
        assert buyer.page.status_code == 422
        buyer.sends("/return", price="1000")
        assert buyer.page.url.path == "/complaints"
        assert "退货" in buyer.page.text
        told = town.desk.world.store.rows("notice", {"type": "return.requested"})
        assert [one["data"]["price_fen"] for one in told] == [100_000]
        assert [one["data"]["authorization_id"] for one in told] == [loan_id]


def test_who_has_looked_is_shown_to_whom_it_concerns(town: Town) -> None:
    with town.buyer() as buyer:
        paid_out(town, buyer)
        person_id = town.desk.world.store.rows("person")[0]["person_id"]
        buyer.opens("/mine")
        assert "没有工作人员查看过" in buyer.page.text
        assert XIAOMAN["id_number"] not in buyer.page.text
        asked = {"person_id": person_id, "reason": "核对投诉"}
        town.desk.do("unmask_customer", staff("servicing"), **asked)
        assert "看了全部：核对投诉" in buyer.opens("/mine").text
        withdraw = next(form for form in buyer.forms if form.action.endswith("/withdraw"))
        buyer.posts(withdraw.action, withdraw.fields)
        assert buyer.page.url.path == "/mine"
        assert "已撤回" in buyer.page.text


def test_fees_and_complaints_are_open_to_everybody(town: Town) -> None:
    with town.buyer() as buyer:
        assert "合同与收费说明" in buyer.opens("/fees").text
        assert "登录后填写" in buyer.opens("/complaints").text
        assert buyer.opens("/sandbox/phone").status_code == 200
