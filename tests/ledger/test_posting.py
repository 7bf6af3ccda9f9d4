"""Postings are differences, so the books always say what the loan says."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from sanshi.kernel.effects import Posting
from sanshi.ledger.accounts import ACCOUNTS, LEGS
from sanshi.ledger.posting import Booking, bring_to, disagreements

BOOKING = Booking("bank", "ln", date(2026, 11, 2), date(2026, 11, 3))
targets = st.dictionaries(
    st.tuples(st.sampled_from(sorted(LEGS)), st.sampled_from(["customer", "merchant"])),
    st.integers(0, 10**10),
)


def posted(entries: Iterable[Posting]) -> dict[tuple[str, str, str], int]:
    sums: dict[tuple[str, str, str], int] = {}
    for p in entries:
        for account, fen in ((p.debit, p.amount_fen), (p.credit, -p.amount_fen)):
            key = (p.component, p.payer, account)
            sums[key] = sums.get(key, 0) + fen
    return sums


@given(steps=st.lists(targets, min_size=1, max_size=6))
def test_the_books_follow_wherever_the_loan_goes(steps: list[dict[tuple[str, str], int]]) -> None:
    entries: list[Posting] = []
    target: dict[tuple[str, str], int] = {}
    for step in steps:
        target |= step
        entries.extend(bring_to(target, posted(entries), BOOKING))
        assert disagreements(target, posted(entries)) == ()
        assert all(p.amount_fen > 0 for p in entries)
        assert sum(posted(entries).values()) == 0


@given(target=targets)
def test_nothing_new_is_nothing_to_post(target: dict[tuple[str, str], int]) -> None:
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
    wrong = {("ordered", "customer", "disbursement_in_transit"): 699}
    assert disagreements({("ordered", "customer"): 700}, wrong) == (
        ("ordered", "customer", 700, 699),
    )
    assert disagreements({}, wrong) == (("ordered", "customer", 0, 699),)


def test_every_leg_is_an_account_and_every_account_has_words() -> None:
    assert {account for legs in LEGS.values() for account in legs} <= set(ACCOUNTS)
    assert all(account.zh and account.en for account in ACCOUNTS.values())
