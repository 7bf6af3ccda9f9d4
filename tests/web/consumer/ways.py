"""Ways through the site that tests go again and again."""

from __future__ import annotations

from sanshi.jobs.outbox import deliver
from web.consumer.buyer import DECLARED, Buyer, Town
from worlds import PLAN, XIAOMAN, staff

TICKED = {"consent.credit_report": "yes", "consent.housing_fund": "yes"}


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


def to_result(town: Town, buyer: Buyer) -> str:
    """Go from the shop to the lender's answer; returns its address."""
    quote = to_plans(town, buyer)
    buyer.opens(f"{quote}/consents?plan={PLAN}")
    buyer.sends("/consents", job_months="60", **TICKED)
    assert buyer.page.url.path.startswith("/applications/"), buyer.page.text
    return buyer.page.url.path


def to_contract(town: Town, buyer: Buyer) -> str:
    """Go from the shop to the contract; returns its address."""
    to_result(town, buyer)
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
