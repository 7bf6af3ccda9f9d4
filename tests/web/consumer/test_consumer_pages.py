"""Pages as HTML: strict, whole, and true to the answers they are made from."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sanshi.documents.words import exact_percent, money
from sanshi.kernel.money import MAX_FEN, yuan
from sanshi.kernel.reasons import Language
from sanshi.web.consumer.checkout import Checkout
from sanshi.web.consumer.gauge import Gauge
from sanshi.web.consumer.loans import Loan
from sanshi.web.consumer.pages import (
    CASH,
    Filled,
    Page,
    Reader,
    SignIn,
    checkout,
    consents,
    declare,
    loan,
    read_consents,
    read_declarations,
    read_prepayment,
    read_return,
    render,
)
from sanshi.web.forms import fen_in, whole_in
from web.consumer.answers import CAR_36, FRIDGE_3, PLATE_36, TV_6, Answers
from web.consumer.cases import CASES, STATES, html

LANGUAGES = ("zh", "en")


class Tags(HTMLParser):
    """Every tag of a page with its attributes, and the text of scripts."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def named(self, name: str) -> list[dict[str, str | None]]:
        return [attrs for tag, attrs in self.tags if tag == name]


def plan_of(quote: Any, key: str) -> Any:  # noqa: ANN401 - a plain answer
    return next(plan for plan in quote["plans"] if plan["key"] == key)


PLACES = ("href", "src", "action", "formaction")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("case", CASES)
def test_page_keeps_the_strictest_policy(case: str, language: Language, answers: Answers) -> None:
    tags = Tags(html(case, answers, language, care=True))
    names = {name for _, attrs in tags.tags for name in attrs}
    assert "style" not in names
    assert not [name for name in names if name.startswith(("on", "hx-on", "hx-vals"))]
    assert tags.named("style") == []
    assert [script["src"] for script in tags.named("script")] == ["/static/vendor/htmx.min.js"]
    addresses = [(tag, a, a[n] or "") for tag, a in tags.tags for n in PLACES if a.get(n)]
    for tag, attrs, address in addresses:
        if not address.startswith(("/", "#")):  # the way back to the shop, and nothing else
            assert (tag, attrs.get("rel")) == ("a", "noreferrer"), address
            assert address.startswith("https://shop.example/"), address
    assert len(tags.named("h1")) == 1
    ids = [attrs["id"] for _, attrs in tags.tags if "id" in attrs]
    assert len(ids) == len(set(ids))
    assert tags.named("html") == [
        {"lang": "zh-CN" if language == "zh" else "en", "class": "s-care"}
    ]


@pytest.mark.parametrize("case", CASES)
def test_changes_are_posted_with_the_token(case: str, answers: Answers) -> None:
    page = html(case, answers, "zh")
    forms = re.findall(r"<form\b.*?</form>", page, re.DOTALL)
    assert len(forms) == page.count("<form")
    for form in forms:
        has_token = '<input type="hidden" name="csrf" value="csrf-text">' in form
        assert has_token == ('method="post"' in form), form[:200]


@pytest.mark.parametrize(
    "case",
    [
        *("checkout_none", "checkout_many", "checkout_withheld", "declare", "consents"),
        *("consents_held", "contract", "contract_branch_signed", "loan_fresh"),
    ],
)
def test_nothing_is_chosen_beforehand(case: str, answers: Answers) -> None:
    tags = Tags(html(case, answers, "zh"))
    assert [attrs for attrs in tags.named("input") if "checked" in attrs] == []
    asked = [a for a in tags.named("input") if a.get("type") in {"radio", "checkbox"}]
    assert bool(asked) == (case != "consents_held")


def test_cash_comes_first_and_every_plan_after_it(answers: Answers) -> None:
    inputs = Tags(html("checkout_none", answers, "zh")).named("input")
    first, *others = [a["value"] for a in inputs if a.get("type") == "radio"]
    assert first == CASH
    assert sorted(map(str, others)) == sorted(p["key"] for p in answers["quote_fridge"]["plans"])


def test_only_what_is_held_lowers_what_is_due(answers: Answers) -> None:
    reader = Reader(answers.shelf, "zh")
    for name in ("quote_tv", "quote_tv_conditional"):
        quote = answers[name]
        (part,) = checkout(reader, quote).parts
        held = [
            line["amount_fen"]
            for line in quote["benefits"]["lines"]
            if (line["timing"], line["certainty"]) == ("at_checkout", "held")
        ]
        assert part.receipt.net_price_fen == quote["price_fen"] - sum(held)
        assert sum(one.amount_fen for one in part.receipt.given) == sum(held)
        assert all(one.doubt and one.when for one in part.receipt.later)
    without = checkout(reader, answers["quote_tv_conditional"]).parts[0].receipt
    with_voucher = checkout(reader, answers["quote_tv"]).parts[0].receipt
    assert with_voucher.saved_fen > without.saved_fen
    assert len(without.later) > len(with_voucher.later)


def test_whole_cost_says_what_the_plan_says(answers: Answers) -> None:
    plan = plan_of(answers["quote_tv"], TV_6)
    page = html("checkout_plan", answers, "zh")
    table = plan["disclosure"]
    for shown in (
        f'<dd class="s-annual">{exact_percent(table["cn_irr_nominal_ppm"])}</dd>',
        money(table["total_cost_fen"]),
        money(plan["total_fen"]),
        money(plan["rows"][0]["payment_fen"]),
        f"共付 {money(plan['total_fen'])}",
        "收取方式",
        "收取标准",
        "收取主体",
        "或有成本：只有逾期才会产生",
        "除上述列明的息费外不收取其他任何息费。",
    ):
        assert shown in page, shown
    for row in plan["rows"]:
        assert f"<b>{yuan(row['payment_fen'])}</b>" in page


def test_cost_bar_is_to_true_scale(answers: Answers) -> None:
    plan = plan_of(answers["quote_poor"], FRIDGE_3)
    page = html("checkout_over", answers, "zh")
    principal, cost = plan["terms"]["principal_fen"], plan["disclosure"]["total_cost_fen"]
    assert f'viewBox="0 0 {principal + cost} 8"' in page
    assert f'x="0" y="0" width="{principal}"' in page
    assert f'x="{principal}" y="0" width="{cost}"' in page


def test_gauge_weighs_all_chosen_plans_together(answers: Answers) -> None:
    quote = answers["quote_cars"]
    reader = Reader(answers.shelf, "zh")
    made = checkout(reader, quote, {"plan": CAR_36, "also.PJ-PLATE": PLATE_36})
    assert made.gauge is not None
    plans = [plan_of(quote, CAR_36), plan_of(quote["also"][0], PLATE_36)]
    payments = sum(plan["affordability"]["monthly_payment_fen"] for plan in plans)
    owed = payments + quote["asked"]["monthly_debt_service_fen"]
    income = quote["asked"]["monthly_income_fen"]
    assert made.gauge.share_ppm == -(-owed * 1_000_000 // income)
    assert made.gauge.limit_ppm == answers.shelf.limits_ppm["shenpu_bank"]
    assert made.total_fen == sum(plan["total_fen"] for plan in plans)
    assert (made.open, made.mixed, made.all_cash) == (0, False, False)


def test_one_plan_is_weighed_as_its_quote_weighed_it(answers: Answers) -> None:
    for name in ("quote_poor", "quote_unknown", "quote_fridge"):
        made = checkout(Reader(answers.shelf, "zh"), answers[name], {"plan": FRIDGE_3})
        plan = plan_of(answers[name], FRIDGE_3)
        assert made.gauge is not None
        assert made.gauge.share_ppm == plan["affordability"]["debt_service_ppm"]
    over = checkout(Reader(answers.shelf, "zh"), answers["quote_poor"], {"plan": FRIDGE_3})
    assert over.gauge is not None
    assert over.gauge.tone == "over"


@given(
    st.integers(0, 5_000_000),
    st.one_of(st.none(), st.integers(0, 1_000_000)),
    st.integers(0, 5_000_000),
)
def test_gauge_never_leaves_its_axis(share: int, limit: int | None, other: int) -> None:
    made = Gauge("easy", Tags.__name__, share, limit, 0, 0, None, ())  # type: ignore[arg-type] # words play no part
    first, second = sorted((min(share, other), share))
    places = [float(made.at(one).removesuffix("%")) for one in (first, second)]
    assert 0 <= places[0] <= places[1] <= 100
    if share > 1_000_000:
        assert made.at(share) == "100.00%"


def test_an_unknown_choice_counts_as_none(answers: Answers) -> None:
    made = checkout(Reader(answers.shelf, "zh"), answers["quote_fridge"], {"plan": "x", "y": "z"})
    assert (made.open, made.chosen, made.costs) == (1, {}, ())


def test_plans_of_two_lenders_cannot_go_on(answers: Answers) -> None:
    page = html("checkout_mixed", answers, "zh")
    assert "您选了不同机构的方案" in page
    assert "/consents" not in page
    assert "/consents" in html("checkout_bundle", answers, "zh")


def test_no_unverified_rule_is_shown_as_law(answers: Answers) -> None:
    made = checkout(Reader(answers.shelf, "zh"), answers["quote_cars"], {"plan": CAR_36})
    stored = plan_of(answers["quote_cars"], CAR_36)["certificate"]["findings"]
    (cost,) = made.costs
    assert len(cost.checklist.checks) == len(stored)
    for finding, check in zip(stored, cost.checklist.checks, strict=True):
        if finding["confidence"] not in {"V1", "V2"}:
            assert check.standing != "law"
    assert sum(map(cost.checklist.count, ("pass", "warn", "fail", "unknown"))) == len(stored)


def test_saving_is_the_interest_that_is_not_paid(answers: Answers) -> None:
    seen = answers["fresh"]
    view = loan(Reader(answers.shelf, "zh"), seen, answers["fresh_about"])
    assert view.settling.pay_fen == seen["payoff_fen"]
    assert view.settling.saved_fen == sum(row["interest_fen"] for row in seen["ahead"])


@pytest.mark.parametrize("state", STATES)
def test_loan_says_what_its_answer_says(state: str, answers: Answers) -> None:
    view = loan(Reader(answers.shelf, "zh"), answers[state], answers[f"{state}_about"])
    assert isinstance(view, Loan)
    page = html(f"loan_{state}", answers, "zh")
    assert money(answers[state]["outstanding_fen"]) in page
    assert [stop.state for stop in view.rail].count("ahead") >= 2
    can_pay = f'action="/loans/{view.loan_id}/pay"' in page
    owes = view.stage == "active" or (view.left is not None and view.left.open_fen > 0)
    assert can_pay == (owes and not view.busy)


def test_a_loan_that_left_the_books_says_what_is_owed_and_to_whom(answers: Answers) -> None:
    left, page = answers["written_off"]["left"], html("loan_written_off", answers, "zh")
    assert f"已核销，仍须归还 {money(left['open_fen'])}" in page
    assert "不是免除" in page
    assert f"/receipts/{answers['written_off']['events'][-1]['data']['document_id']}" in page
    assert "不再欠款" in html("loan_recovered", answers, "zh")
    sold = html("loan_sold", answers, "zh")
    assert "申江资产（虚构）" in sold
    assert "逾期" not in sold
    for state in ("written_off", "recovered", "sold"):  # what staff wrote for themselves
        assert "4711" not in html(f"loan_{state}", answers, "zh")
        assert money(4_711) not in html(f"loan_{state}", answers, "zh")


def test_states_of_a_loan_are_really_different(answers: Answers) -> None:
    reader = Reader(answers.shelf, "zh")
    views = {s: loan(reader, answers[s], answers[f"{s}_about"]) for s in STATES}
    assert views["paying"].busy
    assert views["overdue"].days_past_due == 5
    assert views["overdue"].penalty_fen > 0
    assert views["settled"].stage == "settled"
    assert views["subsidised"].subsidy_fen > 0
    assert views["returned"].returned_fen == 200_000
    assert [views[s].status.tone for s in ("fresh", "due", "overdue")] == ["good", "wait", "bad"]


def test_what_was_typed_is_shown_again_and_brings_no_markup(answers: Answers) -> None:
    reader = Reader(answers.shelf, "zh")
    sent = {"monthly_income": '"><script>alert(1)</script>', "student": "yes"}
    _, errors = read_declarations(reader, sent)
    page = render(Page(), declare(reader, "haitai", ("HT-TV-75",), Filled(sent, errors)))
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page
    assert 'name="student" value="yes" checked' in page
    evil = render(Page(csrf='"><b>', path="/x"), SignIn(onward='"><b>'))
    assert "<b>" not in evil.replace("<b>三适</b>", "")


def test_declarations_are_what_the_quote_takes(answers: Answers) -> None:
    reader = Reader(answers.shelf, "en")
    good = {
        "monthly_income": "15,000",
        "monthly_debt_service": "¥1000.50",
        "total_debt": "0",
        "student": "no",
        "down_payment": "",
    }
    declared, errors = read_declarations(reader, good)
    assert errors == ()
    assert declared == {
        "monthly_income_fen": 1_500_000,
        "monthly_debt_service_fen": 100_050,
        "total_debt_fen": 0,
        "student": False,
        "second_repayment_source": False,
        "down_payment_fen": 0,
    }
    for field, wrong in (
        ("monthly_income", "-1"),
        ("monthly_income", "0"),
        ("monthly_debt_service", "1.234"),
        ("total_debt", ""),
        ("student", "maybe"),
        ("down_payment", "x"),
    ):
        _, errors = read_declarations(reader, {**good, field: wrong})
        assert [error.field for error in errors] == [field]


def test_consents_are_read_only_as_ticked(answers: Answers) -> None:
    reader = Reader(answers.shelf, "zh")
    ticked, _, errors = read_consents(reader, {"job_months": "36"})
    assert (ticked, [e.field for e in errors]) == ((), ["consent.credit_report"])
    sent = {"consent.credit_report": "yes", "consent.housing_fund": "on", "job_months": "36"}
    ticked, applied, errors = read_consents(reader, sent)
    assert (ticked, applied, errors) == (("credit_report",), {"job_months": 36}, ())
    ticked, _, errors = read_consents(reader, {"job_months": "0"}, held=("credit_report",))
    assert (ticked, errors) == ((), ())
    made = consents(reader, answers["quote_tv"], {"plan": TV_6}, answers.grants)
    assert all(one.held_until for one in made.consents)
    page = html("consents_held", answers, "zh")
    for one in made.consents:
        assert f'formaction="/consents/{one.held_id}/withdraw"' in page


def test_a_lease_says_whose_the_thing_is(answers: Answers) -> None:
    assert "付清全部租金之前" in html("checkout_lease", answers, "zh")
    assert "付清全部租金之前" not in html("checkout_plan", answers, "zh")


def test_forms_of_a_loan_are_read(answers: Answers) -> None:
    reader = Reader(answers.shelf, "zh")
    asked, errors = read_prepayment(reader, {"amount": "500", "purpose": "prepay_lower"})
    assert (asked, errors) == ({"purpose": "prepay_lower", "amount_fen": 50_000}, ())
    _, errors = read_prepayment(reader, {"amount": "0", "purpose": "settle"})
    assert [error.field for error in errors] == ["amount", "purpose"]
    assert read_return(reader, {"price": ""}) == ({"price_fen": None}, ())
    assert read_return(reader, {"price": "12.5"}) == ({"price_fen": 1250}, ())
    assert [e.field for e in read_return(reader, {"price": "all"})[1]] == ["price"]


@given(st.integers(0, MAX_FEN))
def test_amounts_are_read_as_they_are_written(amount_fen: int) -> None:
    assert fen_in(yuan(amount_fen)) == amount_fen
    assert fen_in(money(amount_fen)) == amount_fen


@given(st.text())
def test_any_text_is_an_amount_or_none(text: str) -> None:
    amount_fen = fen_in(text)
    assert amount_fen is None or 0 <= amount_fen <= MAX_FEN
    months = whole_in(text, 720)
    assert months is None or 0 <= months <= 720


def test_long_lists_fold_all_but_a_lenders_first_kind(answers: Answers) -> None:
    made = CASES["checkout_many"](Reader(answers.shelf, "zh"), answers)
    assert isinstance(made, Checkout)
    (part,) = made.parts
    assert part.plans >= 30
    for lender in part.lenders:
        assert [block.folds for block in lender.blocks] == [
            number > 0 for number in range(len(lender.blocks))
        ]
