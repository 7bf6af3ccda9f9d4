"""What was written off is repaid on its own page: all of it or a part, and a wrong amount said."""

from __future__ import annotations

from sanshi.jobs.outbox import deliver
from web.consumer.buyer import Town
from worlds import XIAOMAN, staff


def test_a_part_and_then_the_rest_of_what_was_written_off_is_repaid(town: Town) -> None:
    """6,999.00 written off on the day it was paid out: 1,000.00 first, then what is left."""
    loan_id = town.desk.paid_out(town.desk.person(XIAOMAN))
    why = {"reason": "r-4711", "evidence": "e-4711"}
    town.desk.do("write_off_loan", staff("servicing"), loan_id=loan_id, **why)
    with town.buyer() as buyer:
        buyer.signs_in()
        for wrong in ("x", "-5", "6999.01"):
            buyer.opens(f"/loans/{loan_id}")
            buyer.sends("/pay", amount=wrong)
            assert buyer.page.status_code == 422, wrong
            assert 'id="amount-wrong"' in buyer.page.text
        buyer.opens(f"/loans/{loan_id}")
        buyer.sends("/pay", amount="1000")
        assert "有一笔付款正在处理" in buyer.page.text
        assert not [form for form in buyer.forms if form.action.endswith("/pay")]
        deliver(town.desk.world)
        buyer.opens(f"/loans/{loan_id}")
        assert "已核销，仍须归还 5,999.00" in buyer.page.text.replace("¥", "")
        buyer.sends("/pay", amount="")
        deliver(town.desk.world)
        buyer.opens(f"/loans/{loan_id}")
        assert "不再欠款" in buyer.page.text
