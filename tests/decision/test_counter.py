from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from decision.cases import DAY, DEMO_POLICY, GOOD, flat_plan, known, request, texts
from sanshi.decision.counter import (
    Ask,
    Choices,
    CounterOffer,
    Item,
    PlanCost,
    Proposal,
    counter_offers,
)
from sanshi.decision.decide import decide
from sanshi.kernel.errors import InputError
from sanshi.kernel.reasons import say


@dataclass(frozen=True)
class World:
    """A small purchase, and a lender who accepts up to an instalment and an amount."""

    ask: Ask
    choices: Choices
    limit_fen: int
    most_fen: int

    def accepts(self, proposal: Proposal) -> bool:
        within = proposal.principal_fen <= self.most_fen
        return within and proposal.instalment_fen <= self.limit_fen

    def fits(self, principal_fen: int, term_months: int) -> bool:
        cost = flat_plan(principal_fen, term_months)
        proposal = Proposal(principal_fen, term_months, cost.instalment_fen, self.ask.price_fen)
        return self.accepts(proposal)

    def offers(self) -> tuple[CounterOffer, ...]:
        return counter_offers(self.ask, self.choices, flat_plan, self.accepts)


@st.composite
def worlds(draw: st.DrawFn) -> World:
    price_fen = draw(st.integers(100, 3_000))
    items = draw(st.lists(st.integers(50, 3_200), max_size=3))
    return World(
        Ask(
            price_fen,
            draw(st.integers(50, price_fen)),
            draw(st.integers(1, 6)),
            date(2026, 1, 31),
            draw(st.integers(0, 200)),
            draw(st.integers(0, 12)),
        ),
        Choices(
            draw(st.integers(1, 120)),
            draw(st.integers(1, 400)),
            tuple(draw(st.lists(st.integers(1, 12), max_size=4))),
            tuple(Item(f"i{k}", "甲", "a", fen) for k, fen in enumerate(items)),
        ),
        draw(st.integers(0, 800)),
        draw(st.integers(0, 3_000)),
    )


def by_hand(world: World) -> set[tuple[str, str, int, int, int]]:
    """List (kind, item, debt, term, wait) by trying everything there is."""
    ask, choices = world.ask, world.choices
    found: set[tuple[str, str, int, int, int]] = {("cash", "", 0, 0, 0)}
    longer = sorted(term for term in choices.longer_terms if term > ask.term_months)
    least_fen = min(choices.min_amount_fen, ask.amount_fen)
    if not any(world.fits(least_fen, term) for term in (ask.term_months, *longer)):
        return found

    def possible(debt_fen: int) -> bool:
        lendable = debt_fen >= choices.min_amount_fen and world.fits(debt_fen, ask.term_months)
        return debt_fen <= 0 or lendable

    def add(kind: str, debt_fen: int, *, item: str = "", wait: int = 0) -> None:
        debt_fen = max(0, debt_fen)
        found.add((kind, item, debt_fen, ask.term_months if debt_fen else 0, wait))

    grid = range(choices.step_fen, ask.amount_fen, choices.step_fen)
    fitting = [fen for fen in grid if fen >= choices.min_amount_fen and possible(fen)]
    if fitting:
        add("larger_down_payment", max(fitting))
    for item in choices.cheaper_items:
        needed_fen = item.price_fen - ask.down_payment_fen
        if item.price_fen < ask.price_fen and possible(needed_fen):
            add("cheaper_item", needed_fen, item=item.item_id)
    if ask.saving_fen:
        waits = range(1, ask.max_wait_months + 1)
        enough = [k for k in waits if possible(ask.amount_fen - k * ask.saving_fen)]
        if enough:
            add("later", ask.amount_fen - enough[0] * ask.saving_fen, wait=enough[0])
    stretched = [term for term in longer if world.fits(ask.amount_fen, term)]
    if stretched:
        found.add(("longer_term", "", ask.amount_fen, stretched[0], 0))
    return found


@given(world=worlds())
def test_every_offer_is_the_best_of_its_kind_by_brute_force(world: World) -> None:
    # The asked loan itself is acceptable in some worlds; a lender asks only when it is not.
    ask = world.ask
    if world.fits(ask.amount_fen, ask.term_months):
        return
    offers = world.offers()
    listed = {(o.kind, o.item_id, o.debt_fen, o.term_months, o.wait_months) for o in offers}
    assert listed == by_hand(world)
    assert len(listed) == len(offers)


def test_the_largest_loan_is_found_at_every_bound_and_step() -> None:
    ask = Ask(30, 23, 1, DAY, 0, 0)
    for step_fen in range(1, 9):
        for most_fen in range(23):
            world = World(ask, Choices(step_fen, 1), 10**9, most_fen)
            offers = {offer.kind: offer.debt_fen for offer in world.offers()}
            fitting = [fen for fen in range(step_fen, 23, step_fen) if fen <= most_fen]
            assert offers.get("larger_down_payment", 0) == max(fitting, default=0)


@given(world=worlds())
def test_offers_owe_least_first_never_more_than_asked_and_add_up(world: World) -> None:
    offers = world.offers()
    assert offers[0].kind == "cash"
    debts = [offer.debt_fen for offer in offers]
    assert debts == sorted(debts)
    for offer in offers:
        assert 0 <= offer.debt_fen <= world.ask.amount_fen
        assert offer.debt_fen + offer.down_payment_fen == offer.price_fen
        if offer.debt_fen:
            cost = flat_plan(offer.debt_fen, offer.term_months)
            assert (offer.instalment_fen, offer.total_cost_fen) == (
                cost.instalment_fen,
                cost.total_cost_fen,
            )
            assert world.accepts(
                Proposal(offer.debt_fen, offer.term_months, offer.instalment_fen, offer.price_fen)
            )
        else:
            assert (offer.instalment_fen, offer.total_cost_fen) == (0, 0)
        assert (offer.extra_cost_fen != 0) <= (offer.kind == "longer_term")


def example(**changes: Any) -> World:  # noqa: ANN401 - fields of Ask
    """Return a fridge of 6,999.00, 999.00 down, at a lender who accepts 350.00 a month."""
    fields: dict[str, Any] = {
        "price_fen": 699_900,
        "amount_fen": 600_000,
        "term_months": 12,
        "business_date": DAY,
        "saving_fen": 35_000,
        "max_wait_months": 12,
    }
    items = (Item("HT-S", "小冰箱（虚构）", "small fridge (fictional)", 399_900),)
    choices = Choices(10_000, 50_000, (24, 18, 6), items)
    return World(Ask(**(fields | changes)), choices, 35_000, 10**9)


def test_an_example_worked_out_by_hand() -> None:
    offers = {offer.kind: offer for offer in example().offers()}
    # Flat 0.4 % a month: 12 × 350.00 = 4,200.00 ≥ P × 1.048, so P ≤ 4,007.63: 4,000.00.
    more_down = offers["larger_down_payment"]
    assert (more_down.debt_fen, more_down.down_payment_fen) == (400_000, 299_900)
    assert more_down.total_cost_fen == 19_200  # 4,000.00 × 4.8 %
    # 3,999.00 − 999.00 down = 3,000.00.
    assert offers["cheaper_item"].debt_fen == 300_000
    # Saving 350.00: after 5 months 4,250.00, 371.17 a month; after 6 months 3,900.00, 340.60.
    later = offers["later"]
    assert (later.wait_months, later.buy_date) == (6, date(2027, 5, 22))
    assert (later.debt_fen, later.instalment_fen) == (390_000, 34_060)
    # 18 months: 6,000.00 × 1.072 / 18 = 357.33; 24 months: 6,000.00 × 1.096 / 24 = 274.00.
    longer = offers["longer_term"]
    assert (longer.term_months, longer.instalment_fen) == (24, 27_400)
    assert longer.extra_cost_fen == 57_600 - 28_800  # 9.6 % less 4.8 % of 6,000.00
    order = ["cash", "cheaper_item", "later", "larger_down_payment", "longer_term"]
    assert [offer.kind for offer in example().offers()] == order


def test_words_say_the_figures() -> None:
    said = {o.kind: say(o.words, texts(), "en") for o in example().offers()}
    assert said["cash"] == "Pay CNY 6,999.00 in cash and borrow nothing."
    assert said["larger_down_payment"].startswith(
        "Pay CNY 2,000.00 more at once, CNY 2,999.00 in all, and borrow CNY 4,000.00 over 12 months"
    )
    assert "from 2027-05-22" in said["later"]
    assert "CNY 288.00 more than the plan asked for" in said["longer_term"]
    assert "“small fridge (fictional)” (CNY 3,999.00)" in said["cheaper_item"]
    for offer in example().offers():
        assert say(offer.words, texts(), "zh")


def test_when_no_loan_at_all_is_accepted_only_cash_is_left() -> None:
    (only,) = replace(example(), most_fen=0).offers()
    assert only.words.code == "decision.counter.only_cash"
    assert "6,999.00" in say(only.words, texts(), "zh")


def test_without_savings_waiting_is_not_suggested() -> None:
    assert "later" not in {offer.kind for offer in example(saving_fen=0).offers()}


def test_saving_up_may_leave_nothing_to_borrow() -> None:
    world = replace(example(amount_fen=60_000, price_fen=60_000), limit_fen=4_400)
    offers = {offer.kind: offer for offer in world.offers()}
    # 600.00 − 2 × 350.00 ≤ 0; after one month 250.00 are below the least the product lends.
    later = offers["later"]
    assert (later.wait_months, later.debt_fen, later.down_payment_fen) == (2, 0, 60_000)


def test_a_plan_the_law_forbids_is_not_offered() -> None:
    world = example()

    def lawful(principal_fen: int, term_months: int) -> PlanCost | None:
        return None if term_months > 12 else flat_plan(principal_fen, term_months)

    offers = counter_offers(world.ask, world.choices, lawful, world.accepts)
    assert "longer_term" not in {offer.kind for offer in offers}
    nothing = counter_offers(world.ask, world.choices, lambda _p, _t: None, world.accepts)
    assert [offer.kind for offer in nothing] == ["cash"]


@pytest.mark.parametrize(
    ("build", "field"),
    [
        (lambda: Choices(step_fen=0), "step_fen"),
        (lambda: Choices(min_amount_fen=-5), "min_amount_fen"),
        (lambda: Choices(longer_terms=(0,)), "longer_terms"),
        (lambda: Choices(cheaper_items=(Item("x", "甲", "a", 0),)), "cheaper_items.x.price_fen"),
    ],
)
def test_absurd_choices_are_refused(build: Callable[[], Choices], field: str) -> None:
    with pytest.raises(InputError) as caught:
        build()
    assert caught.value.field == field


def test_under_the_demo_policy_the_offer_is_the_largest_loan_that_it_approves() -> None:
    asked = request(amount_fen=9_000_000, cash_price_fen=9_900_000, instalment_fen=786_000)
    choices = Choices(100_000, 100_000)

    def outcome(principal_fen: int) -> str:
        cost = flat_plan(principal_fen, 12)
        smaller = replace(asked, amount_fen=principal_fen, instalment_fen=cost.instalment_fen)
        return decide(known(GOOD), DEMO_POLICY, smaller, pack_hash="p").outcome

    found = decide(
        known(GOOD), DEMO_POLICY, asked, pack_hash="p", choices=choices, plan_for=flat_plan
    )
    assert found.outcome == "decline"
    (offer,) = (o for o in found.counter_offers if o.kind == "larger_down_payment")
    approved = [fen for fen in range(100_000, 9_000_000, 100_000) if outcome(fen) == "approve"]
    assert offer.debt_fen == max(approved)


def test_under_the_demo_policy_waiting_saves_no_more_than_the_limit_leaves() -> None:
    asked = request(amount_fen=6_000_000, cash_price_fen=6_900_000, instalment_fen=524_000)
    found = decide(known(GOOD), DEMO_POLICY, asked, pack_hash="p", plan_for=flat_plan)
    (later,) = (o for o in found.counter_offers if o.kind == "later")
    # Half of 10,000.00 less 1,000.00 repaid leaves 4,000.00 a month, though 5,240.00 were asked.
    # At 45 % 3,500.00 a month carry 40,076.33; 60,000.00 − 5 × 4,000.00 is the first below.
    assert later.words.values["saving"] == "4,000.00"
    assert (later.wait_months, later.debt_fen) == (5, 4_000_000)


@pytest.mark.parametrize(
    "problem", [{"identity_matched": False}, {"court_dishonest": True}, {"max_dpd_12m_days": 90}]
)
def test_a_refusal_that_is_not_about_size_lists_cash_alone(problem: dict[str, Any]) -> None:
    found = decide(
        known({**GOOD, **problem}),
        DEMO_POLICY,
        request(),
        pack_hash="p",
        choices=Choices(longer_terms=(24,), cheaper_items=example().choices.cheaper_items),
        plan_for=flat_plan,
    )
    assert [o.words.code for o in found.counter_offers] == ["decision.counter.only_cash"]


def test_a_referral_lists_cash_without_closing_the_door() -> None:
    found = decide(
        known({**GOOD, "sanctions_hits": 1}),
        DEMO_POLICY,
        request(),
        pack_hash="p",
        plan_for=flat_plan,
    )
    assert [o.words.code for o in found.counter_offers] == ["decision.counter.cash"]
