"""The stack at the checkout: lawful order, caps, vouchers, and what is dropped with its reason."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import ROUND_DOWN, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benefit.shops import IN_2026, law, sold, television, voucher
from sanshi.benefit.lines import Line, Stack
from sanshi.benefit.stack import Holder, Sale, at_checkout
from sanshi.catalogue.catalogue import Catalogue

CASH = Decimal("0.01")


def subsidy(stack: Stack) -> Line:
    return next(line for line in stack.lines if line.kind == "trade_in")


def dropped(stack: Stack) -> dict[str, str]:
    return {one.benefit: one.reason.code for one in stack.dropped}


def test_the_subsidy_sees_the_price_after_every_other_discount(catalogue: Catalogue) -> None:
    stack = sold(catalogue, television())
    assert [line.benefit for line in stack.lines] == ["haitai_tv_300", "appliance_trade_in"]
    assert subsidy(stack).base_fen == 570_000
    assert subsidy(stack).amount_fen == 85_500
    assert stack.net_price_fen == 484_500


@given(price_fen=st.integers(100, 5_000_000))
def test_it_follows_the_notice_by_independent_arithmetic(
    catalogue: Catalogue, price_fen: int
) -> None:
    """15 % of the price after discounts, cut to the fen, at most 1,500 yuan (2026)."""
    stack = sold(catalogue, television(price_fen))
    price = Decimal(price_fen) / 100
    after = price - 300 if price >= 5000 else price
    wanted = min((after * Decimal("0.15")).quantize(CASH, ROUND_DOWN), Decimal(1500))
    assert Decimal(subsidy(stack).amount_fen) / 100 == wanted
    assert Decimal(stack.net_price_fen) / 100 == after - wanted
    for line in stack.lines:
        assert line.amount_fen == sum(fen for _, fen in line.funded)


@pytest.mark.parametrize(
    ("day", "tier", "share", "cap"),
    [
        (date(2024, 9, 3), "grade1", "0.20", 2000),
        (date(2024, 12, 31), "grade2", "0.15", 2000),
        (date(2025, 1, 20), "grade1", "0.20", 2000),
        (date(2025, 12, 31), "grade2", "0.15", 2000),
        (date(2026, 1, 1), "grade1", "0.15", 1500),
        (date(2026, 12, 31), "grade1", "0.15", 1500),
    ],
)
def test_each_year_has_its_own_figures(
    catalogue: Catalogue, day: date, tier: str, share: str, cap: int
) -> None:
    for price_fen in (200_000, 3_000_000):
        line = subsidy(sold(catalogue, television(price_fen, tier), day, merchant="elsewhere"))
        wanted = min(Decimal(price_fen) / 100 * Decimal(share), Decimal(cap))
        assert Decimal(line.amount_fen) / 100 == wanted


@pytest.mark.parametrize(
    ("day", "tier", "code"),
    [
        (date(2027, 1, 1), "grade1", "benefit.lapsed"),
        (date(2024, 9, 2), "grade1", "benefit.not_yet"),
        (date(2026, 6, 1), "grade2", "benefit.not_for_this_class"),
        (date(2026, 6, 1), "none", "benefit.not_for_this_class"),
    ],
)
def test_what_is_not_to_be_had_is_dropped_and_says_why(
    catalogue: Catalogue, day: date, tier: str, code: str
) -> None:
    stack = sold(catalogue, television(300_000, tier), day)
    assert dropped(stack)["appliance_trade_in"] == code
    assert stack.net_price_fen == 300_000


@pytest.mark.parametrize(
    "holder",
    [
        Holder(),
        Holder((voucher(IN_2026 + timedelta(days=1)),)),
        Holder((voucher(IN_2026 - timedelta(days=14)),)),
    ],
    ids=["none", "not yet valid", "lapsed yesterday"],
)
def test_without_a_valid_voucher_nothing_is_deducted(catalogue: Catalogue, holder: Holder) -> None:
    stack = sold(catalogue, television(), holder=holder)
    assert subsidy(stack).certainty == "conditional"
    assert subsidy(stack).amount_fen == 85_500
    assert stack.net_price_fen == 570_000
    assert stack.trade_in is None


def test_a_voucher_is_good_on_its_last_day(catalogue: Catalogue) -> None:
    holder = Holder((voucher(IN_2026 - timedelta(days=13)),))
    assert sold(catalogue, television(), holder=holder).net_price_fen == 484_500


def test_a_second_one_in_a_year_is_refused(catalogue: Catalogue) -> None:
    used = Holder((voucher(IN_2026),), {("appliance", "television"): 1})
    other = Holder((voucher(IN_2026),), {("appliance", "refrigerator"): 1})
    assert dropped(sold(catalogue, television(), holder=used)) == {
        "appliance_trade_in": "benefit.used"
    }
    assert subsidy(sold(catalogue, television(), holder=other)).certainty == "held"


def test_one_good_is_traded_in_once(catalogue: Catalogue) -> None:
    """Two schemes cover it and both vouchers are held: the second finds it taken."""
    one = catalogue.benefits["appliance_trade_in"]
    other = one.model_copy(update={"id": "second_trade_in", "order": 91})
    stack = at_checkout(
        law(catalogue, IN_2026),
        (one, other),
        Sale(television(), "haitai", Holder((voucher(IN_2026),))),
    )
    assert [line.benefit for line in stack.lines] == ["appliance_trade_in"]
    assert dropped(stack) == {"second_trade_in": "benefit.other_taken"}


def test_what_comes_later_lowers_no_price_but_is_claimed(catalogue: Catalogue) -> None:
    late = catalogue.benefits["appliance_trade_in"].model_copy(
        update={"timing": "reimbursed_later"}
    )
    sale = Sale(television(), "haitai", Holder((voucher(IN_2026),)))
    stack = at_checkout(law(catalogue, IN_2026), (late,), sale)
    assert stack.net_price_fen == 600_000
    assert stack.still_to_come_fen == 90_000
    assert stack.trade_in is not None


def test_a_discount_below_its_threshold_is_dropped(catalogue: Catalogue) -> None:
    assert dropped(sold(catalogue, television(499_999)))["haitai_tv_300"] == (
        "benefit.below_threshold"
    )


def test_a_stack_reads_back_as_it_was_stored(catalogue: Catalogue) -> None:
    stack = sold(catalogue, television())
    again = Stack.from_json(stack.as_json())
    assert again.lines == stack.lines
    assert again.net_price_fen == stack.net_price_fen
