"""Cars and plates: loan-to-value, terms, Internet limits, and bundles of a car and its plate."""

from __future__ import annotations

from dataclasses import replace
from itertools import product as pairs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quote.demo_shop import (
    AUTO,
    BANK,
    BEV,
    BUYER,
    DEALER,
    LEASING,
    PETROL,
    PLATE,
    TODAY,
    YUAN,
    agreed,
    buys,
    changed,
    demo,
    failed,
    finding,
    good,
    judged,
    keys,
    says_why,
)
from sanshi.catalogue.catalogue import Catalogue
from sanshi.kernel.errors import InputError
from sanshi.kernel.money import PPM
from sanshi.quote.bundle import Bundle, bundle_affordability, choose, make_bundle
from sanshi.quote.cars import observe_car, price_basis_fen
from sanshi.quote.checklist import words
from sanshi.quote.plan import Plan
from sanshi.quote.purchase import Borrower
from sanshi.quote.quote import candidates, make_quote

NO_DOWN_PAYMENT = {
    name: {"down_payment_min_ppm": 0} for name in ("shenpu_car", "shenxing_car", "shenzu_car_lease")
}
"""The products of the dealer's lenders, without a least down payment in the way of the law."""


def bundle(car: str, catalogue: Catalogue | None = None, borrower: Borrower = BUYER) -> Bundle:
    packs = catalogue or demo()
    return make_bundle(packs, [buys(packs, car), buys(packs, PLATE)], borrower)


# ── bundles of a car and a plate ──────────────────────────────────────────────────────────────


@pytest.mark.parametrize("plate_first", [False, True])
def test_no_plate_loan_beside_a_battery_electric_car_and_the_certificate_says_why(
    plate_first: bool,  # noqa: FBT001 - a parameter of the test
) -> None:
    packs = demo()
    parts = [buys(packs, BEV), buys(packs, PLATE)]
    quotes = make_bundle(packs, parts[::-1] if plate_first else parts, BUYER).quotes
    car, plate = reversed(quotes) if plate_first else quotes
    assert {plan.lender for plan in car.plans} == {BANK, AUTO, LEASING}
    assert car.withheld == ()
    assert plate.plans == ()
    assert plate.withheld
    assert failed(plate, BANK) == {"plate.bev_quota_free"}
    for withheld in plate.withheld:
        (failure,) = withheld.certificate.failures
        stored = failure.as_json()
        assert (stored["level"], stored["standing"]) == ("house", "house_unverified")
        assert stored["confidence"] == "V2s"
        assert "未核实" in words(stored, packs.texts, "zh")
        assert "free of charge" in words(stored, packs.texts, "en")
    for quote in quotes:
        agreed(packs, quote, BUYER)


def test_a_petrol_car_and_its_plate_are_both_quoted() -> None:
    packs = demo()
    made = bundle(PETROL)
    car, plate = made.quotes
    assert {plan.lender for plan in car.plans} == {BANK, AUTO, LEASING}
    assert {plan.lender for plan in plate.plans} == {BANK}
    assert car.withheld == plate.withheld == ()
    agreed(packs, car, BUYER)
    agreed(packs, plate, replace(BUYER, live_credit_fen={BANK: 120_000 * YUAN}))
    stored = made.as_json()
    assert stored["without_credit"] == {"total_fen": (150_000 + 93_000) * YUAN}
    assert [quote["sku"] for quote in stored["quotes"]] == [PETROL, PLATE]


def test_a_plate_without_a_car_is_withheld_because_nobody_knows_what_drives_it() -> None:
    quote = make_quote(demo(), buys(demo(), PLATE), BUYER)
    assert quote.plans == ()
    assert quote.withheld
    for withheld in quote.withheld:
        says_why(demo(), withheld.certificate)
        assert [f.unseen for f in withheld.certificate.failures] == ["energy"]


def test_cars_of_two_kinds_beside_one_plate_leave_it_unknown() -> None:
    parts = [buys(demo(), sku) for sku in (BEV, PETROL, PLATE)]
    *cars, plate = make_bundle(demo(), parts, BUYER).quotes
    assert all(quote.plans for quote in cars)
    assert plate.plans == ()
    assert {f.unseen for w in plate.withheld for f in w.certificate.failures} == {"energy"}


def test_a_battery_car_sold_with_a_plate_in_its_price_is_not_lent_for() -> None:
    quote = judged(demo(), buys(demo(), BEV, attributes={"includes_plate": True}))
    assert quote.plans == ()
    assert failed(quote, LEASING) == failed(quote, AUTO) == {"plate.bev_quota_free"}
    assert judged(demo(), buys(demo(), PETROL, attributes={"includes_plate": True})).plans


def test_parts_of_a_bundle_are_quoted_on_one_day() -> None:
    parts = [buys(demo(), PETROL), buys(demo(), PLATE, quoted_on=TODAY.replace(day=21))]
    for wrong in (parts, []):
        with pytest.raises(InputError) as caught:
            make_bundle(demo(), wrong, BUYER)
        assert caught.value.field == "purchases"


def test_payments_and_principals_of_chosen_plans_add_up() -> None:
    car, plate = (quote.plans[0] for quote in bundle(PETROL).quotes)
    both = bundle_affordability([car, plate], BUYER)
    # 120,000 yuan at 3.8 % and 93,000 at 4.5 %, twelve months each, by the annuity formula.
    payments = [
        fen * rate / 12 / (1 - (1 + rate / 12) ** -12)
        for fen, rate in ((12_000_000, 0.038), (9_300_000, 0.045))
    ]
    assert both.monthly_payment_fen == pytest.approx(sum(payments), abs=10)
    assert both.debt_service_ppm == pytest.approx(sum(payments) / 2_500_000 * PPM, abs=10)
    assert both.exposure_ppm == (12_000_000 + 9_300_000) * PPM // 2_500_000
    assert bundle_affordability([], BUYER).monthly_payment_fen == 0


# ── one lender, two parts: the limits see the sum ─────────────────────────────────────────────

LIMIT_FEN = 300_000 * YUAN
ROOM_FEN = LIMIT_FEN - (120_000 + 93_000) * YUAN


def online_bundle(owed_fen: int) -> tuple[Bundle, Borrower]:
    borrower = replace(BUYER, live_credit_fen={BANK: owed_fen})
    parts = [buys(demo(), sku, channel="online") for sku in (PETROL, PLATE)]
    return make_bundle(demo(), parts, borrower), borrower


@pytest.mark.parametrize("more_fen", [0, 1])
def test_the_internet_limit_of_a_bank_spans_car_and_plate(more_fen: int) -> None:
    made, borrower = online_bundle(ROOM_FEN + more_fen)
    car, plate = made.quotes
    assert keys(car.plans, BANK)
    assert bool(plate.plans) == (more_fen == 0)
    assert bool(plate.withheld) == (more_fen == 1)
    agreed(demo(), car, borrower)
    with_car_fen = borrower.live_credit_fen[BANK] + 120_000 * YUAN
    agreed(demo(), plate, replace(borrower, live_credit_fen={BANK: with_car_fen}))


def test_every_pair_shown_together_may_be_chosen_and_each_certificate_sees_the_sum() -> None:
    made, borrower = online_bundle(ROOM_FEN)
    car, plate = made.quotes
    offered = list(pairs((None, *car.plans), (None, *plate.plans)))
    assert len(offered) > 20
    for one, other in offered:
        together = [plan for plan in (one, other) if plan is not None]
        wanted = [plan.key if plan is not None else None for plan in (one, other)]
        chosen = choose(demo(), made, wanted, borrower)
        assert [plan.key if plan is not None else None for plan in chosen] == wanted
        for plan in chosen:
            if plan is None:
                continue
            assert isinstance(plan, Plan)
            lent = sum(p.terms.principal_fen for p in together if p.lender == plan.lender)
            owed = borrower.live_credit_fen.get(plan.lender, 0)
            if plan.lender == BANK:
                seen = finding(plan.certificate, "amount.internet").observed
                assert seen == (("borrower.internet_consumer_balance_fen", owed + lent),)


def test_a_plan_that_was_not_offered_cannot_be_chosen() -> None:
    made, borrower = online_bundle(ROOM_FEN + 1)
    with pytest.raises(InputError) as caught:
        choose(demo(), made, [None, "shenpu_plate.12.equal_instalment"], borrower)
    assert caught.value.field == "keys"


# ── loan-to-value ─────────────────────────────────────────────────────────────────────────────

SHARES = [
    (PETROL, 150_000, BANK, 80),
    (PETROL, 150_000, AUTO, 85),
    (BEV, 180_000, BANK, 85),
    (BEV, 180_000, AUTO, 90),
]


@pytest.mark.parametrize(("sku", "price_yuan", "lender", "percent"), SHARES)
def test_a_car_loan_stops_at_the_lenders_own_share_of_the_price(
    sku: str, price_yuan: int, lender: str, percent: int
) -> None:
    packs = changed(products=NO_DOWN_PAYMENT)
    down_fen = price_yuan * (100 - percent)
    rule = "ltv.private_ice" if sku == PETROL else "ltv.private_nev"
    at = judged(packs, buys(packs, sku, down_payment_fen=down_fen))
    assert failed(at, lender) == set()
    assert keys(at.plans, lender)
    past = judged(packs, buys(packs, sku, down_payment_fen=down_fen - 1))
    assert not keys(past.plans, lender)
    assert failed(past, lender) == {rule}
    assert keys(past.plans, LEASING), "a lease is no loan"
    withheld = next(w for w in past.withheld if w.lender == lender)
    stored = finding(withheld.certificate, rule).as_json()
    assert (stored["standing"], stored["limit"]) == ("house_own", percent * PPM // 100)
    assert stored["observed"] == [{"name": "loan.ltv_ppm", "value": percent * PPM // 100 + 1}]


def test_a_lender_that_has_set_no_share_cannot_lend_for_a_car() -> None:
    house = demo().lenders[BANK].house.model_dump()
    packs = changed(lenders={BANK: {"house": {**house, "values": {}}}})
    quote = judged(packs, buys(packs, PETROL))
    assert not keys(quote.plans, BANK)
    assert keys(quote.plans, AUTO)
    for withheld in quote.withheld:
        assert [f.code for f in withheld.certificate.failures] == ["certificate.no_house_value"]


@pytest.mark.parametrize(("basis_yuan", "offered"), [(100_000, True), (99_999, False)])
def test_a_used_car_is_lent_70_percent_of_the_lower_of_price_and_valuation(
    basis_yuan: int,
    offered: bool,  # noqa: FBT001 - a parameter of the test
) -> None:
    packs = changed(products=NO_DOWN_PAYMENT)
    used = {"vehicle_state": "used", "valuation_fen": basis_yuan * YUAN}
    asked = buys(packs, PETROL, attributes=used, down_payment_fen=80_000 * YUAN)
    quote = judged(packs, asked)
    assert bool(keys(quote.plans, BANK)) == offered
    assert failed(quote, BANK) == (set() if offered else {"ltv.used"})
    if not offered:
        stored = finding(quote.withheld[0].certificate, "ltv.used").as_json()
        assert stored["standing"] == "law"


def test_a_used_car_without_a_valuation_is_not_lent_for() -> None:
    asked = buys(demo(), PETROL, attributes={"vehicle_state": "used"})
    quote = make_quote(demo(), asked, BUYER)
    assert not keys(quote.plans, BANK) | keys(quote.plans, AUTO)
    failures = [f for w in quote.withheld for f in w.certificate.failures]
    assert {(f.rule_id, f.unseen) for f in failures} == {("ltv.used", "loan.ltv_ppm")}


@pytest.mark.parametrize("lacking", ["energy", "vehicle_use", "vehicle_state"])
def test_a_car_of_which_too_little_is_known_is_not_lent_for(lacking: str) -> None:
    quote = make_quote(demo(), buys(demo(), PETROL, attributes={lacking: None}), BUYER)
    assert not keys(quote.plans, BANK) | keys(quote.plans, AUTO)
    for withheld in quote.withheld:
        says_why(demo(), withheld.certificate)
        assert lacking in {f.unseen for f in withheld.certificate.failures}


def test_the_basis_is_the_lowest_of_what_the_rule_names() -> None:
    car = good(demo(), DEALER, PETROL)
    assert price_basis_fen(car, 15_000_000) == 15_000_000
    assert price_basis_fen(car, 15_000_000, government_subsidy_fen=900_000) == 14_100_000
    listed = good(demo(), DEALER, PETROL, list_price_fen=14_000_000)
    assert price_basis_fen(listed, 15_000_000, 900_000) == 14_000_000
    assert price_basis_fen(listed, 14_800_000, 900_000) == 13_900_000
    assert price_basis_fen(car, 900_000, 900_000) is None
    assert price_basis_fen(good(demo(), DEALER, PETROL, list_price_fen="?"), 15_000_000) is None


@given(
    down_fen=st.integers(0, 14_999_999),
    subsidy_fen=st.integers(0, 5_000_000),
)
def test_the_share_is_the_least_one_that_holds_the_loan(down_fen: int, subsidy_fen: int) -> None:
    packs = changed(products=NO_DOWN_PAYMENT)
    asked = buys(packs, PETROL, down_payment_fen=down_fen)
    stack = make_quote(packs, buys(packs, PETROL), BUYER).benefits
    one = next(iter(candidates(packs, asked, BUYER, stack)), None)
    if one is None:  # smaller than any product's least amount
        assert 15_000_000 - down_fen < 1_000_000
        return
    share = observe_car(one, subsidy_fen)["loan.ltv_ppm"]
    assert isinstance(share, int)
    basis_fen, lent_fen = 15_000_000 - subsidy_fen, one.terms.principal_fen
    assert (share - 1) * basis_fen < lent_fen * PPM <= share * basis_fen


# ── terms, amounts, commissions ───────────────────────────────────────────────────────────────


def test_a_new_car_over_60_months_is_warned_of_and_not_withheld_by_what_is_only_remembered() -> (
    None
):
    longer = {
        "terms_months": (60, 61, 84, 85),
        "prices": ({"up_to_months": 85, "rate_ppm": 42000},),
    }
    packs = changed(products={"shenpu_car": longer, "shenxing_car": longer})
    quote = judged(packs, buys(packs, PETROL))
    bank = {plan.terms.term_months: plan for plan in quote.plans if plan.lender == BANK}
    assert set(bank) == {60, 61, 84}
    results = {months: finding(bank[months].certificate, "term.car.new") for months in bank}
    assert {m: f.result for m, f in results.items()} == {60: "pass", 61: "warn", 84: "warn"}
    assert results[61].as_json()["standing"] == "warning_unverified"
    assert {p.terms.term_months for p in quote.plans if p.lender == AUTO} == {60}
    assert failed(quote, AUTO) == {"term.consumer.non_bank"}
    assert failed(quote, BANK) == {"term.consumer"}


@pytest.mark.parametrize(("lender", "limit_yuan"), [(AUTO, 200_000), (BANK, 300_000)])
@pytest.mark.parametrize("more_fen", [0, 1])
def test_a_car_loan_taken_online_is_an_internet_loan(
    lender: str, limit_yuan: int, more_fen: int
) -> None:
    packs = demo()
    lent_fen = {BANK: 120_000, AUTO: 127_500}[lender] * YUAN
    borrower = replace(BUYER, live_credit_fen={lender: limit_yuan * YUAN - lent_fen + more_fen})
    online = judged(packs, buys(packs, PETROL, channel="online"), borrower)
    assert bool(keys(online.plans, lender)) == (more_fen == 0)
    limit = "amount.internet" if lender == BANK else "amount.internet.non_bank"
    assert failed(online, lender) == ({limit} if more_fen else set())
    at_the_branch = judged(packs, buys(packs, PETROL), borrower)
    assert keys(at_the_branch.plans, lender)


def test_a_branch_is_no_payment_page_unless_said() -> None:
    branch, online = buys(demo(), PETROL), buys(demo(), PETROL, channel="online")
    assert (branch.loan_channel, branch.on_payment_page) == ("branch", False)
    assert (online.loan_channel, online.on_payment_page) == ("online", True)
    assert replace(branch, at_checkout=True).on_payment_page
    certificate = make_quote(demo(), branch, BUYER).plans[0].certificate
    assert "confirmation.offline" in certificate.later
    assert "disclosure.checkout" not in {f.rule_id for f in certificate.findings}


def test_no_figure_for_dealer_commissions_is_known_here_and_none_is_invented() -> None:
    packs = changed(products={"shenpu_car": {"dealer_commission_ppm": 150_000}})
    quote = judged(packs, buys(packs, PETROL))
    found = {plan.lender: finding(plan.certificate, "dealer.commission") for plan in quote.plans}
    assert set(found) == {BANK, AUTO, LEASING}
    for one in found.values():
        stored = one.as_json()
        assert (one.result, stored["kind"], stored["limit"]) == ("unknown", "no_value", None)
    (candidate, *_) = candidates(packs, quote.purchase, BUYER, quote.benefits)
    assert observe_car(candidate)["dealer.commission_ppm"] == 150_000


def test_nothing_of_cars_is_measured_on_a_plate_or_on_other_goods() -> None:
    packs = demo()
    plate = buys(packs, PLATE)
    stack = make_quote(packs, plate, BUYER).benefits
    for one in candidates(packs, plate, BUYER, stack):
        assert observe_car(one) == {"loan.finances_plate": True}
    shop = buys(packs, "PH-TV-75", merchant="puhui")
    for one in candidates(packs, shop, BUYER, make_quote(packs, shop, BUYER).benefits):
        assert observe_car(one) == {}
