"""A sealed day's root covers every posting, and every day before."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sanshi.kernel.effects import Posting
from sanshi.ledger.sealing import NO_DAY_BEFORE, seal

DAY = date(2026, 11, 2)
FIRST = Posting("bank", "ln_a", "disbursed", "customer", "loan", "cash", 500, DAY, DAY)
ACCOUNTS = st.sampled_from(["loan", "cash", "income"])
POSTINGS = st.builds(
    Posting,
    entity=st.just("bank"),
    source=st.sampled_from(["ln_a", "ln_b"]),
    component=st.just("disbursed"),
    payer=st.just("customer"),
    debit=ACCOUNTS,
    credit=ACCOUNTS,
    amount_fen=st.integers(1, 10**12),
    value_date=st.sampled_from([DAY, DAY - timedelta(days=9)]),
    booking_date=st.just(DAY),
)


@given(st.lists(POSTINGS, max_size=8), st.data())
def test_the_order_of_booking_does_not_matter(postings: list[Posting], data: st.DataObject) -> None:
    mixed = data.draw(st.permutations(postings))
    assert seal("bank", DAY, mixed, NO_DAY_BEFORE) == seal("bank", DAY, postings, NO_DAY_BEFORE)


@given(st.lists(POSTINGS, max_size=8))
def test_the_totals_are_the_postings(postings: list[Posting]) -> None:
    made = seal("bank", DAY, postings, NO_DAY_BEFORE)
    for name in {p.debit for p in postings} | {p.credit for p in postings}:
        own = [total for total in made.totals if total.account == name]
        assert sum(t.debit_fen for t in own) == sum(
            p.amount_fen for p in postings if p.debit == name
        )
        assert sum(t.credit_fen for t in own) == sum(
            p.amount_fen for p in postings if p.credit == name
        )
    assert sum(t.debit_fen for t in made.totals) == made.amount_fen
    assert sum(t.credit_fen for t in made.totals) == made.amount_fen
    assert made.postings == len(postings)


CHANGED: dict[str, Posting] = {
    "entity": replace(FIRST, entity="other"),
    "source": replace(FIRST, source="ln_b"),
    "component": replace(FIRST, component="received"),
    "payer": replace(FIRST, payer="merchant"),
    "debit": replace(FIRST, debit="income"),
    "credit": replace(FIRST, credit="income"),
    "amount_fen": replace(FIRST, amount_fen=501),
    "value_date": replace(FIRST, value_date=DAY - timedelta(days=1)),
    "booking_date": replace(FIRST, booking_date=DAY - timedelta(days=1)),
}


def test_every_field_is_tried() -> None:
    assert list(CHANGED) == [field.name for field in fields(Posting)]


@pytest.mark.parametrize("field", CHANGED)
def test_a_posting_cannot_be_changed_unseen(field: str) -> None:
    second = replace(FIRST, amount_fen=700)
    whole = seal("bank", DAY, [FIRST, second], NO_DAY_BEFORE)
    assert seal("bank", DAY, [CHANGED[field], second], NO_DAY_BEFORE).root != whole.root


def test_nothing_is_left_out_added_or_doubled_unseen() -> None:
    second = replace(FIRST, amount_fen=700)
    roots = {
        seal("bank", DAY, postings, NO_DAY_BEFORE).root
        for postings in ([], [FIRST], [second], [FIRST, second], [FIRST, FIRST, second])
    }
    assert len(roots) == 5


def test_a_day_covers_the_days_before_and_whose_they_are() -> None:
    other = seal("bank", DAY, [FIRST], NO_DAY_BEFORE).root
    roots = {
        seal("bank", DAY, [], NO_DAY_BEFORE).root,
        seal("bank", DAY, [], other).root,
        seal("other", DAY, [], NO_DAY_BEFORE).root,
        seal("bank", DAY + timedelta(days=1), [], NO_DAY_BEFORE).root,
    }
    assert len(roots) == 4
