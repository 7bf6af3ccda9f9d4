"""The site as a browser meets it: whole ways through it."""

from __future__ import annotations

import json

from sanshi.connectors.keys import ed25519_verify
from sanshi.evidence.verdict import verify_receipt
from sanshi.jobs.outbox import deliver
from web.consumer.buyer import DECLARED, Town
from web.consumer.ways import paid_out, signed, to_plans, to_result
from worlds import PLAN, XIAOMAN, staff


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


def test_a_decision_can_be_proven(each_town: Town) -> None:
    with each_town.buyer() as buyer:
        to_result(each_town, buyer)
        address = next(one for one in buyer.page.text.split('"') if one.startswith("/receipts/"))
        receipt = json.loads(buyer.opens(address).content)
    assert receipt["kind"] == "decision"
    key = each_town.desk.world.keys.public_key()
    assert verify_receipt(receipt, ed25519_verify, key).proven


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


def test_giving_up_before_money_moves(town: Town) -> None:
    with town.buyer() as buyer:
        loan_id = signed(town, buyer)
        buyer.sends("/give-up")
        assert "这笔借款已取消" in buyer.page.text
        assert town.desk.world.store.standing(loan_id)[1] == "cancelled"


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
        told = {"case_id": row["case_id"], "text": "已重新核算 <五元>，多收的已退。"}
        answer_id = town.desk.do("write_answer", staff("conduct"), **told)["answer_id"]
        closed = {"case_id": row["case_id"], "finding": "mended", "answer_id": answer_id}
        assert "已重新核算" not in buyer.opens("/complaints").text
        town.desk.do("close_case", staff("conduct"), **closed)
        assert "已重新核算 &lt;五元&gt;，多收的已退。" in buyer.opens("/complaints").text
        assert "利息算得不对" in buyer.page.text
        assert "已重新核算" in buyer.opens(f"/receipts/{answer_id}").text
        buyer.opens("/complaints")
        buyer.sends("/complaints")
        assert buyer.page.status_code == 422
        for number in range(6):
            buyer.opens("/complaints")
            sent = {"about": "enquiry", "lender": "shenpu_bank", "text": f"问题 {number}"}
            buyer.sends("/complaints", **sent)
        assert "您已有几件在处理中" in buyer.page.text
        assert len(town.desk.world.store.rows("work_case")) == 6


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
        assert buyer.page.text.count("短信验证码（您要求发送的）") == 1
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


def test_a_sandbox_has_shops_to_buy_from(town: Town) -> None:
    with town.buyer() as buyer:
        buyer.opens("/")
        assert buyer.page.url.path == "/sandbox"
        fridge = next(one for one in buyer.forms if one.fields.get("sku") == "HT-FRIDGE-520")
        buyer.posts(fridge.action, fridge.fields)
        assert buyer.page.url.path.startswith("/checkout/")
        buyer.sends("/cash")
        back = f"{town.url}/sandbox?bought=1"
        assert f'href="{back}"' in buyer.page.text
        assert "您回到了商户" in buyer.opens(back).text
        buyer.posts("/sandbox/buy", {**fridge.fields, "sku": "HT-GONE"})
        assert buyer.page.status_code == 422
