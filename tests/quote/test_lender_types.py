"""What differs by type of lender: caps, balances, purposes, students, and a lease beside a loan."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from peers.law.costs import annual_costs
from quote.demo_shop import (
    AUTO,
    BANK,
    BUYER,
    CONSUMER,
    DEALER,
    LEASING,
    MICROLOAN,
    PETROL,
    SHOP,
    YUAN,
    buys,
    changed,
    demo,
    failed,
    finding,
    judged,
    keys,
)
from sanshi.catalogue.catalogue import Catalogue
from sanshi.kernel.money import PPM
from sanshi.quote.bundle import make_bundle
from sanshi.quote.checklist import words
from sanshi.quote.observe import context_of
from sanshi.quote.plan import Plan, Withheld
from sanshi.quote.purchase import Borrower, Purchase
from sanshi.quote.quote import Quote, candidates, make_quote

TV, AIRCON = "PH-TV-75", "PH-AIRCON-15"
CAP_PPM = 240_000


def shop(catalogue: Catalogue | None = None, sku: str = TV, **more: Any) -> Purchase:  # noqa: ANN401 - fields of a purchase
    return buys(catalogue or demo(), sku, merchant=SHOP, **more)


def with_price(product: str, rate_ppm: int, **more: Any) -> Catalogue:  # noqa: ANN401 - fields of a product
    prices = ({"up_to_months": 60, "rate_ppm": rate_ppm},)
    return changed(products={product: {"prices": prices, **more}})


# ── price caps ────────────────────────────────────────────────────────────────────────────────


def test_each_lender_type_of_the_demo_pack_has_plans_and_only_its_own_cap() -> None:
    caps: dict[str, set[int | None]] = {}
    for quote in (judged(demo(), shop()), judged(demo(), buys(demo(), PETROL))):
        assert quote.withheld == ()
        for plan in quote.plans:
            caps.setdefault(plan.lender, set()).add(plan.certificate.cost_cap_ppm)
    uncapped = {name: {None} for name in (BANK, AUTO, LEASING, CONSUMER)}
    assert caps == {**uncapped, MICROLOAN: {CAP_PPM}}


def microloan(rate_ppm: int, months: int) -> tuple[Plan | None, Quote, float, float]:
    """Return the plan at a price, if offered, with its costs as solved by the oracle."""
    packs = with_price("xiaohe_goods", rate_ppm, terms_months=(months,))
    quote = judged(packs, shop(packs))
    plans: tuple[Plan | Withheld, ...] = (*quote.plans, *quote.withheld)
    (made,) = (plan for plan in plans if plan.lender == MICROLOAN)
    one = next(
        one
        for one in candidates(packs, quote.purchase, BUYER, quote.benefits)
        if one.lender.id == MICROLOAN
    )
    rows = one.terms.schedule_from(quote.purchase.quoted_on)
    nominal, effective = annual_costs(one.terms.principal_fen, [r.payment_fen for r in rows])
    return (made if isinstance(made, Plan) else None), quote, float(nominal), float(effective)


def dearest_lawful_ppm(months: int) -> int:
    """Return the highest contract rate whose effective cost keeps 24 %, as the oracle solves it."""
    low, high = 200_000, 240_000
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if microloan(middle, months)[3] <= 0.24 else (low, middle)
    return low


@pytest.mark.parametrize("months", [3, 12])
def test_the_cap_of_24_percent_binds_a_microloan_by_its_effective_cost(months: int) -> None:
    rate_ppm = dearest_lawful_ppm(months)
    assert 216_000 < rate_ppm < 218_500, "1.24 ** (1/12) - 1 is 1.809 % a month, 21.7 % a year"
    plan, *_ = microloan(rate_ppm, months)
    assert plan is not None
    kept = finding(plan.certificate, "cost.microloan")
    assert (kept.result, plan.certificate.cost_cap_ppm) == ("pass", CAP_PPM)
    plan, quote, nominal, effective = microloan(rate_ppm + 1, months)
    assert plan is None
    assert nominal < 0.22
    assert effective > 0.24
    assert failed(quote, MICROLOAN) == {"cost.microloan"}
    (withheld,) = quote.withheld
    stored = finding(withheld.certificate, "cost.microloan").as_json()
    assert (stored["standing"], stored["limit"]) == ("law", CAP_PPM)
    names = [one["name"] for one in stored["observed"]]  # type: ignore[attr-defined] # a list
    assert names == ["cost.nominal_ppm", "cost.effective_ppm"]


def test_24_percent_nominal_is_over_the_cap_and_both_figures_are_printed() -> None:
    plan, quote, nominal, effective = microloan(CAP_PPM, 12)
    assert plan is None
    assert nominal == pytest.approx(0.24, abs=1e-5)
    assert effective == pytest.approx(1.02**12 - 1, abs=1e-5)
    (withheld,) = quote.withheld
    stored = finding(withheld.certificate, "cost.microloan").as_json()
    observed = [one["value"] for one in stored["observed"]]  # type: ignore[attr-defined] # a list
    assert observed == [
        pytest.approx(nominal * PPM, abs=1),
        pytest.approx(effective * PPM, abs=1),
    ]
    assert "26.8" in words(stored, demo().texts, "zh")


@pytest.mark.parametrize("lender", [CONSUMER, AUTO, LEASING])
def test_the_microloan_cap_binds_nobody_else(lender: str) -> None:
    product = {CONSUMER: "shenrong_goods", AUTO: "shenxing_car", LEASING: "shenzu_car_lease"}[
        lender
    ]
    packs = with_price(product, 300_000)
    asked = shop(packs) if lender == CONSUMER else buys(packs, PETROL)
    quote = judged(packs, asked)
    plans = [plan for plan in quote.plans if plan.lender == lender]
    assert plans
    warned = {f.rule_id for p in plans for f in p.certificate.findings if f.result == "warn"}
    assert warned == ({"cost.consumer_finance_window"} if lender == CONSUMER else set())


# ── balances ──────────────────────────────────────────────────────────────────────────────────

LENT_FEN = 5_499 * YUAN
LIMIT_FEN = 200_000 * YUAN


@pytest.mark.parametrize("more_fen", [0, 1])
@pytest.mark.parametrize(
    ("lender", "rule"), [(CONSUMER, "amount.internet"), (MICROLOAN, "amount.microloan_network")]
)
def test_what_is_owed_already_counts_towards_200_000_yuan(
    lender: str, rule: str, more_fen: int
) -> None:
    owing = replace(BUYER, live_credit_fen={lender: LIMIT_FEN - LENT_FEN + more_fen})
    quote = judged(demo(), shop(), owing)
    assert bool(keys(quote.plans, lender)) == (more_fen == 0)
    assert failed(quote, lender) == ({rule} if more_fen else set())
    other = CONSUMER if lender == MICROLOAN else MICROLOAN
    assert keys(quote.plans, other), "what one lender is owed is not another's limit"


def test_the_balance_of_a_consumer_finance_company_only_warns_as_it_is_only_remembered() -> None:
    owing = replace(BUYER, live_credit_fen={CONSUMER: LIMIT_FEN - LENT_FEN + 1})
    quote = judged(demo(), shop(channel="branch"), owing)
    plans = [plan for plan in quote.plans if plan.lender == CONSUMER]
    assert plans
    for plan in plans:
        found = finding(plan.certificate, "amount.consumer_finance")
        assert (found.result, found.as_json()["confidence"]) == ("warn", "M")


# ── purposes, students, minors ────────────────────────────────────────────────────────────────


def test_a_consumer_finance_company_may_not_lend_for_a_car() -> None:
    packs = changed(
        products={"shenrong_goods": {"scenarios": ("new_car",)}},
        merchants={DEALER: {"lenders": (BANK, CONSUMER)}},
    )
    house = packs.lenders[BANK].house
    lender = packs.lenders[CONSUMER].model_copy(update={"house": house})
    packs = replace(packs, lenders={**packs.lenders, CONSUMER: lender})
    quote = judged(packs, buys(packs, PETROL, down_payment_fen=50_000 * YUAN))
    assert keys(quote.plans, BANK)
    assert not keys(quote.plans, CONSUMER)
    assert failed(quote, CONSUMER) == {"purpose.consumer_finance"}
    stored = finding(quote.withheld[0].certificate, "purpose.consumer_finance").as_json()
    assert (stored["standing"], stored["confidence"]) == ("house_unverified", "M")
    assert "未核实" in words(stored, packs.texts, "zh")


@pytest.mark.parametrize(
    ("channel", "rule", "standing"),
    [
        ("online", "student.microloan_ban.internet", "law"),
        ("branch", "student.microloan_ban.branch", "house_wider"),
    ],
)
@pytest.mark.parametrize("second_source", [False, True])
def test_a_microloan_company_never_lends_to_a_student(
    channel: str,
    rule: str,
    standing: str,
    second_source: bool,  # noqa: FBT001 - a parameter of the test
) -> None:
    student = replace(BUYER, student=True, second_repayment_source=second_source)
    quote = judged(demo(), shop(channel=channel), student)
    assert not keys(quote.plans, MICROLOAN)
    assert failed(quote, MICROLOAN) == {rule}
    withheld = next(w for w in quote.withheld if w.lender == MICROLOAN)
    assert finding(withheld.certificate, rule).as_json()["standing"] == standing
    assert bool(keys(quote.plans, CONSUMER)) == second_source


@pytest.mark.parametrize("second_source", [False, True])
def test_a_student_needs_a_second_source_at_every_other_lender(
    second_source: bool,  # noqa: FBT001 - a parameter of the test
) -> None:
    student = replace(BUYER, student=True, second_repayment_source=second_source)
    quote = judged(demo(), buys(demo(), PETROL), student)
    for lender, rule in (
        (BANK, "student.second_source.other"),
        (AUTO, "student.second_source.non_bank"),
        (LEASING, "student.second_source.non_bank"),
    ):
        assert bool(keys(quote.plans, lender)) == second_source
        assert failed(quote, lender) == (set() if second_source else {rule})


@pytest.mark.parametrize(("age", "offered"), [(17, False), (18, True)])
def test_nobody_under_18_is_lent_or_leased_to(
    age: int,
    offered: bool,  # noqa: FBT001 - a parameter of the test
) -> None:
    minor = replace(BUYER, age_years=age)
    for quote in (judged(demo(), shop(), minor), judged(demo(), buys(demo(), PETROL), minor)):
        assert bool(quote.plans) == offered
        assert all(failed(quote, w.lender) == {"borrower.min_age.loan"} for w in quote.withheld)


# ── a lease beside a loan ─────────────────────────────────────────────────────────────────────

LOANS_ONLY = {
    "ltv.private_ice": "the notice is on car loans",
    "term.car.new": "the measures are on car loans",
    "term.consumer.non_bank": "adopted by auto finance and trust companies for loans",
    "payment.entrusted.non_bank": "adopted by auto finance and trust companies for loans",
    "disclosure.cost_table": "the list of lenders bound does not name leasing companies",
    "confirmation.offline": "the list of lenders bound does not name leasing companies",
}
"""Rules on an auto finance company's car loan that do not bind a lease, and why not."""


def _bound(quote: Quote, lender: str) -> set[str]:
    plan = next(plan for plan in quote.plans if plan.lender == lender)
    return {f.rule_id for f in plan.certificate.findings} | set(plan.certificate.later)


def test_a_lease_escapes_no_rule_but_those_on_loans_alone() -> None:
    quote = judged(demo(), buys(demo(), PETROL))
    loan, lease = _bound(quote, AUTO), _bound(quote, LEASING)
    assert loan - lease == set(LOANS_ONLY)
    assert lease <= loan
    assert "borrower.min_age.loan" in lease
    student = replace(BUYER, student=True, second_repayment_source=True)
    of_student = _bound(judged(demo(), buys(demo(), PETROL), student), LEASING)
    assert "student.second_source.non_bank" in of_student


def test_a_lease_has_the_schedule_cost_table_and_affordability_of_a_loan_on_its_terms() -> None:
    fields = ("terms_months", "methods", "prices", "down_payment_min_ppm")
    like_lease = demo().products["shenzu_car_lease"].model_dump(include=set(fields))
    packs = changed(
        products={"shenxing_car": like_lease},
        lenders={AUTO: {"house": {**_house(AUTO), "values": {"auto.ltv.private_ice": PPM}}}},
    )
    plans = {p.key: p for p in judged(packs, buys(packs, PETROL)).plans}
    leased = [plan for plan in plans.values() if plan.lender == LEASING]
    assert len(leased) == 3
    for lease in leased:
        loan = plans[lease.key.replace("shenzu_car_lease", "shenxing_car")]
        assert lease.rows == loan.rows
        assert lease.disclosure.total_cost_fen == loan.disclosure.total_cost_fen > 0
        assert lease.disclosure.fields() == loan.disclosure.fields()
        assert lease.affordability == loan.affordability
    assert "所有权归出租人" in packs.products["shenzu_car_lease"].zh


def _house(lender: str) -> Mapping[str, Any]:
    return demo().lenders[lender].house.model_dump()


# ── whatever is asked of the demo shops ───────────────────────────────────────────────────────

ASKED = [(SHOP, TV), (SHOP, AIRCON), (DEALER, PETROL), (DEALER, "PJ-BEV-E5")]
DAYS = st.dates(date(2026, 1, 1), date(2028, 1, 15)) | st.sampled_from(
    [
        date(2026, 7, 31),
        date(2026, 8, 1),
        date(2026, 12, 31),
        date(2027, 12, 30),
        date(2027, 12, 31),
    ]
)
BUYERS = st.builds(
    Borrower,
    age_years=st.integers(16, 80),
    student=st.booleans(),
    second_repayment_source=st.booleans(),
    live_credit_fen=st.dictionaries(
        st.sampled_from([BANK, AUTO, LEASING, CONSUMER, MICROLOAN]),
        st.integers(0, 400_000 * YUAN),
    ),
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    asked=st.sampled_from(ASKED),
    on=DAYS,
    share=st.integers(0, 99),
    channel=st.sampled_from([None, "online", "branch"]),
    borrower=BUYERS,
)
def test_the_oracle_says_the_same_of_every_plan_of_the_demo_shops(
    asked: tuple[str, str], on: date, share: int, channel: str | None, borrower: Borrower
) -> None:
    merchant, sku = asked
    products = {
        name: {"down_payment_min_ppm": 0}
        for name in ("shenpu_car", "shenxing_car", "shenzu_car_lease")
    }
    packs = changed(products=products)
    asks = buys(packs, sku, merchant=merchant, quoted_on=on, channel=channel)
    judged(packs, replace(asks, down_payment_fen=asks.good.price_fen * share // 100), borrower)


def test_an_offer_ends_with_its_product_and_begins_with_it() -> None:
    day = date(2025, 12, 31)
    assert make_quote(demo(), buys(demo(), PETROL, quoted_on=day), BUYER).plans == ()
    assert make_quote(demo(), buys(demo(), PETROL, quoted_on=day + timedelta(1)), BUYER).plans


def test_the_lenders_own_values_stand_in_the_context_of_its_plans_only() -> None:
    quote = make_bundle(demo(), [buys(demo(), PETROL)], BUYER).quotes[0]
    for one in candidates(demo(), quote.purchase, BUYER, quote.benefits):
        assert context_of(one).house_values == demo().lenders[one.lender.id].house.values
    assert demo().lenders[LEASING].house.values == {}
