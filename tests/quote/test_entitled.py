"""The check of public money bites: a fen more, a fen less, a wrong reason, a wrong voucher."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest

from peers.law.deals import LEASING, MICROLOAN, PRIVATE, STATE
from quote.drafts import YUAN, Draft, Earning, Offer, Swap
from quote.engine import Answer, answers, trade_ins
from quote.entitled import interest_faults, swap_faults
from quote.shops import said
from sanshi.benefit.lines import Dropped, Line, Stack
from sanshi.catalogue.catalogue import Catalogue
from sanshi.kernel.reasons import Reason
from sanshi.quote.quote import make_quote

Scalars = dict[str, str | int | bool | None]
IN_2026, IN_2027 = date(2026, 6, 1), date(2027, 1, 1)
PHONE = Swap("digital", goods="phone")
SHOP = Draft(0, 0, "swap", IN_2026, (Offer(STATE),), price_fen=3_000 * YUAN, swap=PHONE)
LOAN = replace(SHOP, offers=(Offer(STATE, listed=True),), swap=None, earning=Earning())


def first(law: Catalogue, draft: Draft) -> Answer:
    return answers(law, draft)[0]


def other(stack: Stack, kind: str, change: Callable[[Line], Line]) -> Stack:
    lines = tuple(change(line) if line.kind == kind else line for line in stack.lines)
    return replace(stack, lines=lines)


def more(fen: int) -> Callable[[Line], Line]:
    def change(line: Line) -> Line:
        funder, paid_fen = line.funded[0]
        funded = ((funder, paid_fen + fen), *line.funded[1:])
        return replace(line, amount_fen=line.amount_fen + fen, funded=funded)

    return change


@pytest.mark.parametrize(
    ("fen", "fault"), [(0, None), (1, "more than the scheme"), (-1, "less than the scheme")]
)
def test_a_trade_in_is_neither_greedy_nor_mean(
    lawful: Catalogue, fen: int, fault: str | None
) -> None:
    """15 % of 3,000 yuan is 450; of 4,000 yuan the cap of 500 is less."""
    for price_fen, given_fen in ((300_000, 45_000), (400_000, 50_000)):
        draft = replace(SHOP, price_fen=price_fen)
        stack = first(lawful, draft).stack
        assert [line.amount_fen for line in trade_ins(stack)] == [given_fen]
        faults = list(swap_faults(draft, other(stack, "trade_in", more(fen))))
        assert bool(faults) == (fault is not None)
        assert fault is None or any(fault in one for one in faults)


@pytest.mark.parametrize(
    ("changes", "swap", "code"),
    [
        ({"on": IN_2027}, PHONE, "benefit.lapsed"),
        ({"on": date(2025, 1, 19)}, PHONE, "benefit.not_yet"),
        ({"price_fen": 6_000 * YUAN + 1}, PHONE, "benefit.price_too_high"),
        ({}, replace(PHONE, goods="camera"), "benefit.not_for_this_class"),
        ({}, Swap("appliance", "grade2", "refrigerator"), "benefit.not_for_this_class"),
        ({}, Swap("appliance", "grade1", "refrigerator", used_before=1), "benefit.used"),
    ],
)
def test_what_is_not_to_be_had_has_its_reason_and_no_other(
    lawful: Catalogue, changes: dict[str, object], swap: Swap, code: str
) -> None:
    draft = replace(SHOP, swap=swap, **changes)  # type: ignore[arg-type] # by name
    stack = first(lawful, draft).stack
    assert trade_ins(stack) == []
    assert code in {one.reason.code for one in stack.dropped}
    assert list(swap_faults(draft, stack)) == []
    values: Scalars = {
        "to": "2024-12-31",
        "from": "2027-12-31",
        "class": "",
        "uses": 1,
        "most_fen": 1,
    }
    for wrong in (
        "benefit.lapsed",
        "benefit.not_yet",
        "benefit.price_too_high",
        "benefit.not_for_this_class",
        "benefit.used",
    ):
        if wrong != code:
            lies = replace(stack, dropped=(Dropped("digital", Reason(wrong, values)),))
            assert list(swap_faults(draft, lies)), wrong
    assert list(swap_faults(draft, replace(stack, dropped=())))


@pytest.mark.parametrize("voucher", ["none", "lapsed", "early", "other"])
def test_without_its_voucher_a_line_is_conditional(lawful: Catalogue, voucher: str) -> None:
    draft = replace(SHOP, swap=replace(PHONE, voucher=voucher))
    answer = first(lawful, draft)
    assert list(swap_faults(draft, answer.stack)) == []
    assert answer.deal.amount_fen == draft.price_fen
    grabbed = other(answer.stack, "trade_in", lambda line: replace(line, certainty="held"))
    assert len(list(swap_faults(draft, grabbed))) == 1


@pytest.mark.parametrize("fen", [0, 1, -1])
@pytest.mark.parametrize("day", [date(2025, 11, 3), IN_2026])
def test_foreseen_interest_is_exact(lawful: Catalogue, fen: int, day: date) -> None:
    answer = first(lawful, replace(LOAN, on=day))
    changed = replace(answer, stack=other(answer.stack, "interest_subsidy", more(fen)))
    assert bool(list(interest_faults(changed))) == bool(fen)


def test_a_year_of_a_loan_earns_one_point_of_it(lawful: Catalogue) -> None:
    """100,000 yuan from 1 January for twelve months, paid back at the end: 1,000 yuan."""
    offer = Offer(STATE, listed=True, terms_months=(12,), methods=("bullet",))
    draft = replace(LOAN, on=date(2026, 1, 1), offers=(offer,), price_fen=100_000 * YUAN)
    (answer,) = answers(lawful, draft)
    assert [line.amount_fen for line in answer.stack.lines] == [1_000 * YUAN]
    dear = replace(draft, price_fen=290_000 * YUAN, earning=Earning(taken_fen=2_000 * YUAN))
    (answer,) = answers(lawful, dear)
    assert [line.amount_fen for line in answer.stack.lines] == [1_000 * YUAN]
    assert list(interest_faults(answer)) == []


@pytest.mark.parametrize(
    ("changes", "offer", "code"),
    [
        ({"on": IN_2027}, Offer(STATE, listed=True), "benefit.lapsed"),
        ({"on": date(2025, 8, 31)}, Offer(STATE, listed=True), "benefit.not_yet"),
        ({"on": date(2025, 12, 31)}, Offer(STATE), "benefit.lender_not_listed"),
        ({}, Offer("city_bank", rating="3B"), "benefit.lender_rating"),
        ({}, Offer(PRIVATE, rating="1"), "benefit.not_for_this_lender"),
        ({}, Offer(MICROLOAN, rating="1"), "benefit.not_for_this_lender"),
        ({}, Offer(LEASING, "finance_lease", listed=True), "benefit.product_not_covered"),
        (
            {"on": date(2025, 12, 31)},
            Offer(STATE, "card_instalment", listed=True),
            "benefit.product_not_covered",
        ),
        (
            {
                "on": date(2025, 12, 31),
                "price_fen": 50_000 * YUAN,
                "earning": Earning(field="jewellery"),
            },
            Offer(STATE, listed=True),
            "benefit.field_not_covered",
        ),
        ({}, Offer(STATE, listed=True, rate_ppm=0), "benefit.nothing"),
        (
            {"earning": Earning(taken_fen=3_000 * YUAN)},
            Offer(STATE, listed=True),
            "benefit.nothing",
        ),
    ],
)
def test_interest_that_earns_nothing_says_why(
    lawful: Catalogue, changes: dict[str, object], offer: Offer, code: str
) -> None:
    answer = first(lawful, replace(LOAN, offers=(offer,), **changes))  # type: ignore[arg-type] # by name
    assert answer.offered
    assert [one.reason.code for one in answer.stack.dropped] == [code]
    assert list(interest_faults(answer)) == []
    values: Scalars = {"to": "2025-12-31", "from": "2026-01-01", "lowest": "3A", "field": "home"}
    codes = ("lapsed", "not_yet", "lender_rating", "field_not_covered", "nothing")
    for wrong in {f"benefit.{one}" for one in codes} - {code}:
        dropped = (Dropped("interest_subsidy", Reason(wrong, values)),)
        lies = replace(answer, stack=replace(answer.stack, dropped=dropped))
        assert list(interest_faults(lies)), wrong


def test_nothing_is_lent_for_what_its_subsidy_pays_in_full(lawful: Catalogue) -> None:
    draft = replace(SHOP, on=date(2024, 9, 10), price_fen=499 * YUAN, swap=Swap("ebike"))
    catalogue, purchases, borrower = said(lawful, draft)
    quote = make_quote(catalogue, purchases[0], borrower)
    assert (quote.benefits.net_price_fen, quote.plans, quote.withheld) == (0, (), ())
    assert list(swap_faults(draft, quote.benefits)) == []
