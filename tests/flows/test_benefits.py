"""Benefits through the flows: vouchers, caps over several loans, returns, claims."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest

from sanshi.flows.redeeming import refund_fen
from sanshi.flows.shards import closed_shards
from sanshi.flows.subsidies import counter_of, taken_by
from sanshi.flows.world import Actor
from sanshi.jobs.close import close_day, collect_due
from sanshi.jobs.outbox import JOB, deliver
from sanshi.kernel.effects import Applied, Effects, Insert
from sanshi.kernel.errors import ConflictError, ForbiddenError, InputError
from worlds import LENDER, LIXIA, XIAOMAN, Desk, staff

PLAN = "shenpu_smart_home.6.equal_principal"
TV = {"plan": PLAN, "sku": "HT-TV-75"}
ACCOUNT = "interest_subsidy:shenpu_bank:borrower:2026-01-01"
SYSTEM = Actor("test", "system")


def television(desk: Desk, who: Actor) -> str:
    """Buy one on credit; returns the loan, paid out."""
    return desk.paid_out(who, **TV)


def voucher(desk: Desk, who: Actor) -> str:
    answer = desk.do(
        "issue_voucher",
        SYSTEM,
        person_id=who.person_id,
        benefit="appliance_trade_in",
        category="television",
    )
    return str(answer["voucher_id"])


def live_until(desk: Desk, last: date) -> None:
    while (day := desk.world.clock.business_date()) < last:
        desk.outside.set_date(day)
        collect_due(desk.world, LENDER)
        deliver(desk.world)
        close_day(desk.world, day, only=(LENDER, "platform"))
        desk.time.move(days=1)
        desk.outside.set_date(desk.world.clock.business_date())


def seen(desk: Desk, loan_id: str) -> Mapping[str, Any]:
    return desk.do("view_loan", staff("servicing"), loan_id=loan_id)


def standing(desk: Desk, stream: str) -> str:
    return desk.world.store.standing(stream)[1]


def books_hold(desk: Desk) -> None:
    for entity in (LENDER, "platform"):
        assert desk.do("check_books", SYSTEM, entity=entity)["differences"] == []
        assert desk.do("trial_balance", SYSTEM, entity=entity)["balanced"]


@pytest.mark.parametrize(
    ("price", "net", "back", "refund"),
    [
        # WeChat Pay, refund introduction: order 10, coupon 3; and order 100, 10 off it.
        (1000, 700, 1000, 700),
        (1000, 700, 900, 630),
        (10000, 9000, 5000, 4500),
    ],
)
def test_a_refund_is_the_share_that_was_paid(price: int, net: int, back: int, refund: int) -> None:
    assert refund_fen(price, net, 0, back) == refund


def test_many_refunds_make_one_whole(desk: Desk) -> None:
    who = desk.person(XIAOMAN)
    voucher(desk, who)
    loan_id = television(desk, who)
    refunds = []
    for price_fen in (1, 199_999, 33_333, None):
        answer = desk.do("return_goods", staff("servicing"), loan_id=loan_id, price_fen=price_fen)
        refunds.append(answer["refund_fen"])
        deliver(desk.world)
        deliver(desk.world)
    assert sum(refunds) == 484_500
    assert seen(desk, loan_id)["stage"] == "settled"
    assert seen(desk, loan_id)["credit_fen"] == 0
    balances = desk.world.store.balances("platform")
    assert all(debit == credit for debit, credit in balances.values())
    books_hold(desk)


def test_a_voucher_still_valid_can_be_used_again(desk: Desk) -> None:
    who = desk.person(XIAOMAN)
    voucher_id = voucher(desk, who)
    assert standing(desk, voucher_id) == "issued"
    signed = desk.signed(who, **TV)
    assert standing(desk, voucher_id) == "reserved"
    desk.do("order_disbursement", staff("servicing"), loan_id=signed)
    deliver(desk.world)
    assert standing(desk, voucher_id) == "redeemed"
    desk.do("return_goods", staff("servicing"), loan_id=signed)
    deliver(desk.world)
    deliver(desk.world)
    assert standing(desk, voucher_id) == "issued"
    again = desk.quoted(who, sku="HT-TV-75")
    assert again["net_price_fen"] == 484_500
    loan_id = television(desk, who)
    assert seen(desk, loan_id)["stage"] == "active"
    books_hold(desk)


def test_one_voucher_lowers_one_price(desk: Desk) -> None:
    """Two contracts are offered while the voucher is free; the second to be signed is refused."""
    who = desk.person(XIAOMAN)
    voucher(desk, who)
    offers = [desk.offered(who, **TV) for _ in range(2)]
    for offer in offers:
        desk.do("serve_contract", who, contract_id=offer["contract_id"])
    desk.time.move(seconds=10)
    outcomes = []
    for offer in offers:
        request = {
            "contract_id": offer["contract_id"],
            "content_hash": offer["content_hash"],
            "confirmed": True,
        }
        try:
            outcomes.append(desk.do("sign_contract", who, **request)["signed"])
        except ConflictError as error:
            outcomes.append(error.code)
    assert outcomes == [True, "voucher.gone"]


def test_a_voucher_is_only_for_its_person(desk: Desk) -> None:
    voucher(desk, desk.person(XIAOMAN))
    other = desk.quoted(desk.person(LIXIA), sku="HT-TV-75")
    assert other["net_price_fen"] == 570_000


@pytest.mark.parametrize(
    "wrong",
    [{"category": "sofa"}, {"benefit": "interest_subsidy"}, {"benefit": "none_such"}],
)
def test_a_wrong_voucher_names_the_field(desk: Desk, wrong: dict[str, str]) -> None:
    who = desk.person(XIAOMAN)
    right = {"benefit": "appliance_trade_in", "category": "television"}
    with pytest.raises(InputError) as refused:
        desk.do("issue_voucher", SYSTEM, person_id=who.person_id, **(right | wrong))
    assert refused.value.field == next(iter(wrong))
    with pytest.raises(ForbiddenError):
        desk.do("issue_voucher", who, person_id=who.person_id, **right)


def test_the_cap_spans_a_borrowers_loans_and_grants_go_in_order(living_desk: Desk) -> None:
    """Two loans earn 4.75 each on a day; 6.00 are left of the cap: the older loan comes first."""
    who = living_desk.person(XIAOMAN)
    first, second = television(living_desk, who), television(living_desk, who)
    used = 300_000 - 600
    row = Insert("counter", {"counter": counter_of(who.person_id, ACCOUNT), "remaining": -used})
    assert isinstance(living_desk.world.store.apply(Effects(rows=(row,))), Applied)
    live_until(living_desk, date(2026, 12, 3))
    granted = [seen(living_desk, loan_id)["subsidy_fen"] for loan_id in (first, second)]
    assert granted == [475, 125]
    assert taken_by(living_desk.world, who.person_id) == {ACCOUNT: 300_000}
    quote = living_desk.quoted(who, sku="HT-TV-75")
    plan = next(plan for plan in quote["plans"] if plan["key"] == PLAN)
    assert [one["reason"]["code"] for one in plan["benefits"]["dropped"]] == ["benefit.nothing"]
    # The older one goes back: its room is free for what comes, never for what was refused.
    living_desk.do("return_goods", staff("servicing"), loan_id=first)
    deliver(living_desk.world)
    deliver(living_desk.world)
    assert taken_by(living_desk.world, who.person_id) == {ACCOUNT: 300_000 - 475}
    live_until(living_desk, date(2027, 1, 3))
    # The second instalment earns 3.82 until 2026-12-31; all of it fits into the freed 4.75.
    assert seen(living_desk, second)["subsidy_fen"] == 125 + 382
    books_hold(living_desk)


def test_a_grant_that_comes_late_is_the_customers_money(living_desk: Desk) -> None:
    """The direct debit went first: the subsidy on that interest becomes credit, used next time."""
    who = living_desk.person(XIAOMAN)
    loan_id = television(living_desk, who)
    live_until(living_desk, date(2026, 12, 2))
    living_desk.do("pay", who, loan_id=loan_id)
    deliver(living_desk.world)
    assert seen(living_desk, loan_id)["due_fen"] == 0
    for shard in closed_shards(living_desk.world, LENDER):
        living_desk.do("grant_subsidies", JOB, entity=LENDER, shard=shard)
    assert seen(living_desk, loan_id)["credit_fen"] == 475
    for shard in closed_shards(living_desk.world, LENDER):
        again = living_desk.do("grant_subsidies", JOB, entity=LENDER, shard=shard)
        assert again["granted_fen"] == 0
    books_hold(living_desk)


def test_an_early_end_is_subsidised_too(living_desk: Desk) -> None:
    who = living_desk.person(XIAOMAN)
    loan_id = television(living_desk, who)
    live_until(living_desk, date(2026, 11, 12))
    living_desk.do("pay", who, loan_id=loan_id, purpose="settle")
    deliver(living_desk.world)
    loan = seen(living_desk, loan_id)
    # 5,700.00 × 3.60 % ÷ 360 × 10 = 5.70 of interest; a share of 1.00 in 3.60 of it is 1.58.
    assert (loan["stage"], loan["subsidy_fen"], loan["credit_fen"]) == ("settled", 158, 158)
    assert living_desk.do("return_credit", who, loan_id=loan_id)["amount_fen"] == 158
    deliver(living_desk.world)
    assert seen(living_desk, loan_id)["credit_fen"] == 0
    books_hold(living_desk)


def test_a_shop_takes_back_only_what_it_sold(desk: Desk) -> None:
    loan_id = television(desk, desk.person(XIAOMAN))
    with pytest.raises(ForbiddenError):
        desk.do("return_goods", Actor("shop", "merchant", "puhui"), loan_id=loan_id)
    with pytest.raises(ForbiddenError):
        desk.do("return_goods", staff("servicing", "pujiang_bank"), loan_id=loan_id)
    answer = desk.do("return_goods", Actor("shop", "merchant", "haitai"), loan_id=loan_id)
    assert answer["refund_fen"] == 570_000


def test_what_is_claimed_is_in_the_books_and_claimed_once(desk: Desk) -> None:
    who = desk.person(XIAOMAN)
    voucher(desk, who)
    loan_id = television(desk, who)
    asked = {"entity": "platform", "funder": "shanghai_treasury"}
    claim = desk.do("make_claim", SYSTEM, **asked)
    assert claim["amount_fen"] == 85_500
    assert desk.do("make_claim", SYSTEM, **asked)["claim_id"] is None
    desk.do("collect_claim", SYSTEM, claim_id=claim["claim_id"])
    with pytest.raises(ConflictError):  # one collection at a time
        desk.do("collect_claim", SYSTEM, claim_id=claim["claim_id"])
    deliver(desk.world)
    assert standing(desk, claim["claim_id"]) == "paid"
    # What came back afterwards is owed to the funder and counts against the next claim.
    desk.do("return_goods", staff("servicing"), loan_id=loan_id, price_fen=300_000)
    deliver(desk.world)
    owed = desk.do("make_claim", SYSTEM, **asked)
    assert (owed["claim_id"], owed["open_fen"]) == (None, -42_750)
    books_hold(desk)


def test_a_claim_that_its_funder_cannot_pay_stays_open(desk: Desk) -> None:
    who = desk.person(XIAOMAN)
    voucher(desk, who)
    television(desk, who)
    claim = desk.do("make_claim", SYSTEM, entity="platform", funder="shanghai_treasury")
    desk.outside.set_accounts({"acct:shanghai_treasury": 0})
    desk.do("collect_claim", SYSTEM, claim_id=claim["claim_id"])
    deliver(desk.world)
    assert standing(desk, claim["claim_id"]) == "submitted"
    desk.outside.set_accounts({"acct:shanghai_treasury": None})
    desk.do("collect_claim", SYSTEM, claim_id=claim["claim_id"])
    deliver(desk.world)
    desk.outside.set_accounts({"acct:platform": 0})
    paid = desk.do("pay_merchant", SYSTEM, claim_id=claim["claim_id"], merchant="haitai")
    deliver(desk.world)
    assert standing(desk, paid["payment_id"]) == "failed"
    books_hold(desk)
    desk.outside.set_accounts({"acct:platform": None})
    again = desk.do("pay_merchant", SYSTEM, claim_id=claim["claim_id"], merchant="haitai")
    assert again["amount_fen"] == paid["amount_fen"] == 85_500
    deliver(desk.world)
    books_hold(desk)


def test_someone_elses_claim_is_nobodys_business(desk: Desk) -> None:
    with pytest.raises(ForbiddenError):
        desk.do("make_claim", staff("servicing"), entity="pujiang_bank", funder="central_treasury")
    with pytest.raises(InputError) as unknown:
        desk.do("make_claim", staff("servicing"), entity=LENDER, funder="santa")
    assert unknown.value.field == "funder"
