"""The doors of the site: signing in and out, forms from elsewhere, too much at once."""

from __future__ import annotations

import pytest

from web.consumer.buyer import DECLARED, Town
from web.consumer.ways import signed
from worlds import XIAOMAN


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


def sent_so_far(town: Town) -> set[str]:
    return {one["message_id"] for one in town.desk.outside.text_messages()}


def test_two_clicks_for_a_code_send_one(town: Town) -> None:
    with town.buyer() as buyer:
        buyer.opens("/sign-in")
        first = buyer.form("/sign-in")
        fields = {**first.fields, "mobile": XIAOMAN["mobile"]}
        before = sent_so_far(town)
        buyer.posts("/sign-in", fields)
        buyer.posts("/sign-in", fields)
        assert buyer.page.status_code == 200
        assert len(sent_so_far(town) - before) == 1
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
            store = headers["cache-control"]
            assert store == ("public, max-age=600" if path.endswith(".css") else "no-store")
        cookies = {c.name: c for c in buyer.client.cookies.jar}
        assert all(c.has_nonstandard_attr("HttpOnly") for c in cookies.values())
        assert cookies["sanshi_buyer_login"].discard, "a login ends with the browser"


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
