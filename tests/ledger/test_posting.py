"""Postings are differences, so the books always say what the loan says."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from charts import CHART
from sanshi.kernel.effects import Posting
from sanshi.ledger.accounts import NAMED, Chart, Legs
from sanshi.ledger.posting import Booking, bring_to, disagreements, moved

BOOKING = Booking("bank", "ln", date(2026, 11, 2), date(2026, 11, 3), CHART)
ACCOUNTS = sorted(
    name for name, one in CHART.accounts.items() if one.account_class != "off_balance"
)
Target = dict[tuple[str, str], int]
Sums = dict[tuple[str, str, str], int]
targets = st.dictionaries(
    st.tuples(st.sampled_from(sorted(CHART.legs)), st.sampled_from(["customer", "merchant"])),
    st.integers(0, 10**10),
)


def legs_for(names: Iterable[str]) -> st.SearchStrategy[dict[str, Legs]]:
    pair = st.permutations(ACCOUNTS).map(lambda names: (names[0], names[1]))
    return st.fixed_dictionaries(dict.fromkeys(sorted(names), pair))


def with_legs(legs: Mapping[str, Legs]) -> Booking:
    """Book on other accounts from now on; an account that no component needs is left out."""
    changed = {**CHART.legs, **legs}
    used = {account for pair in changed.values() for account in pair}
    accounts = {name: one for name, one in CHART.accounts.items() if name in used | NAMED}
    return replace(BOOKING, chart=Chart(accounts, changed))


def posted(entries: Iterable[Posting]) -> Sums:
    sums: Sums = {}
    for p in entries:
        for account, fen in ((p.debit, p.amount_fen), (p.credit, -p.amount_fen)):
            key = (p.component, p.payer, account)
            sums[key] = sums.get(key, 0) + fen
    return sums


def standing(sums: Sums) -> Sums:
    return {key: fen for key, fen in sums.items() if fen}


def expected(target: Target, legs: Mapping[str, Legs]) -> Sums:
    return {
        (component, payer, account): sign * fen
        for (component, payer), fen in target.items()
        for account, sign in zip(legs[component], (1, -1), strict=True)
        if fen
    }


@given(steps=st.lists(targets, min_size=1, max_size=6))
def test_the_books_follow_wherever_the_loan_goes(steps: list[Target]) -> None:
    entries: list[Posting] = []
    target: Target = {}
    for step in steps:
        target |= step
        entries.extend(bring_to(target, posted(entries), BOOKING))
        assert disagreements(target, posted(entries), CHART) == ()
        assert standing(posted(entries)) == expected(target, CHART.legs)
        assert all(p.amount_fen > 0 for p in entries)
        assert all({p.debit, p.credit} == set(CHART.legs[p.component]) for p in entries)


FEW = ("disbursed", "interest_earned", "received")


@given(
    st.lists(
        st.tuples(
            legs_for(FEW),
            st.dictionaries(
                st.tuples(st.sampled_from(FEW), st.sampled_from(["customer", "merchant"])),
                st.integers(0, 1_000),
            ),
            st.booleans(),
        ),
        min_size=1,
        max_size=6,
    )
)
def test_whatever_the_chart_becomes_the_books_stand_on_its_accounts_alone(
    steps: list[tuple[dict[str, Legs], Target, bool]],
) -> None:
    """Also after entries that only moved an amount, on the accounts of their day."""
    entries: list[Posting] = []
    target: Target = {}
    for legs, step, by_moving in steps:
        booking = with_legs(legs)
        before, wanted = posted(entries), {**target, **step}
        if by_moving:
            entries += moved({key: fen - target.get(key, 0) for key, fen in step.items()}, booking)
        target = wanted
        made = bring_to(target, posted(entries), booking)
        entries += made
        assert standing(posted(entries)) == expected(target, booking.chart.legs)
        assert disagreements(target, posted(entries), booking.chart) == ()
        assert bring_to(target, posted(entries), booking) == ()
        assert all(p.amount_fen > 0 and p.debit != p.credit for p in made)
        if not by_moving:
            # No entry touches an account on which neither chart has anything to say.
            touched = {(p.component, p.payer, a) for p in made for a in (p.debit, p.credit)}
            assert touched <= set(before) | set(expected(target, booking.chart.legs))


def test_what_stood_on_other_accounts_goes_to_those_of_now_in_two_entries() -> None:
    loan = ("disbursed", "customer")
    first = bring_to({loan: 100}, {}, with_legs({"disbursed": ("customer_loan", "suspense")}))
    then = bring_to({loan: 120}, posted(first), BOOKING)
    assert [(p.debit, p.credit, p.amount_fen) for p in then] == [
        ("suspense", "disbursement_in_transit", 100),
        ("customer_loan", "disbursement_in_transit", 20),
    ]
    assert disagreements({loan: 120}, posted(first), CHART) == ((*loan, 120, 100),)
    assert disagreements({loan: 100}, posted(first), CHART) == ((*loan, 100, 0),)


def test_a_component_that_the_chart_has_no_more_is_taken_off_its_accounts() -> None:
    old = {("given_away", "customer", "suspense"): 5, ("given_away", "customer", "overpayment"): -5}
    (entry,) = bring_to({}, old, BOOKING)
    assert (entry.debit, entry.credit, entry.amount_fen) == ("overpayment", "suspense", 5)
    assert disagreements({}, old, CHART) == (("given_away", "customer", 0, 10),)


@given(target=targets)
def test_nothing_new_is_nothing_to_post(target: Target) -> None:
    once = bring_to(target, {}, BOOKING)
    assert bring_to(target, posted(once), BOOKING) == ()
    assert len(once) == sum(fen > 0 for fen in target.values())


def test_a_component_that_fell_is_corrected_by_the_reverse_entry() -> None:
    first = bring_to({("ordered", "customer"): 700}, {}, BOOKING)
    back = bring_to({("ordered", "customer"): 0}, posted(first), BOOKING)
    assert [(p.debit, p.credit, p.amount_fen) for p in (*first, *back)] == [
        ("disbursement_in_transit", "rail_clearing", 700),
        ("rail_clearing", "disbursement_in_transit", 700),
    ]


def test_a_difference_is_named() -> None:
    ordered = ("ordered", "customer")
    wrong = {
        (*ordered, "disbursement_in_transit"): 699,
        (*ordered, "rail_clearing"): -699,
    }
    assert disagreements({ordered: 700}, wrong, CHART) == ((*ordered, 700, 699),)
    assert disagreements({}, wrong, CHART) == ((*ordered, 0, 699),)
    one_side = {(*ordered, "disbursement_in_transit"): 700, (*ordered, "rail_clearing"): -699}
    assert disagreements({ordered: 700}, one_side, CHART) == ((*ordered, 700, 699),)
