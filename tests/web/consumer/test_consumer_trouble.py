"""Trouble at the site: tampered, twice, late, and what is somebody else's."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from sanshi.jobs.outbox import deliver
from web.consumer.buyer import DECLARED, SHOP, Town
from web.consumer.ways import TICKED, paid_out, to_contract, to_plans
from worlds import LIXIA, PLAN, XIAOMAN


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
        assert buyer.opens(wrong).status_code == 404, "for those who have not said who they are"
        buyer.signs_in()
        for path in (wrong, f"{wrong}/plans"):
            buyer.opens(path)
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
        again = next(one for one in buyer.page.text.split('"') if one.endswith("/plans"))
        buyer.opens(again)
        buyer.sends("/plans", **DECLARED)
        assert buyer.page.url.path.startswith("/quotes/"), "another is a few answers away"
