"""The site as a browser meets it: whole ways through it, and what it refuses."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from sanshi.jobs.outbox import deliver
from web.consumer.buyer import DECLARED, Buyer, Town, open_town
from worlds import PLAN, XIAOMAN, Desk, staff


@pytest.fixture
def town(desk: Desk) -> Iterator[Town]:
    with open_town(desk) as opened:
        yield opened


def to_contract(town: Town, buyer: Buyer) -> None:
    """Go from the shop to the contract."""
    buyer.opens(f"{town.session()}/plans")
    buyer.sends("/sign-in", mobile=XIAOMAN["mobile"])
    buyer.sends("/sign-in/code", code=buyer.code())
    buyer.says_who()
    buyer.sends("/plans", **DECLARED)
    quote = buyer.page.url.path
    buyer.opens(f"{quote}/consents?plan={PLAN}")
    ticked = {"consent.credit_report": "yes", "consent.housing_fund": "yes"}
    buyer.sends("/consents", job_months="60", **ticked)
    assert buyer.page.url.path.startswith("/applications/"), buyer.page.text
    buyer.sends("/contracts")
    assert buyer.page.url.path.startswith("/contracts/"), buyer.page.text


def signed(town: Town, buyer: Buyer) -> str:
    """Go on to the signed loan; returns its id."""
    to_contract(town, buyer)
    town.desk.time.move(seconds=10)
    buyer.sends(buyer.page.url.path, confirmed="yes")
    assert buyer.page.url.path.startswith("/loans/"), buyer.page.text
    return buyer.page.url.path.rpartition("/")[2]


def test_from_the_shop_to_the_last_fen(town: Town) -> None:
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
        receipt = next(line for line in buyer.page.text.split('"') if line.startswith("/receipts/"))
        assert json.loads(buyer.opens(receipt).content)["kind"] == "contract"
