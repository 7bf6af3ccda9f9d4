"""Settlement with shops: to the fen, nothing negative paid, and nothing lost between batches."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sanshi.kernel.dates import workday
from sanshi.kernel.errors import ImpossibleError, InputError
from sanshi.kernel.money import PPM
from sanshi.ledger.settlement import (
    Batch,
    Line,
    Terms,
    batch_of,
    due,
    fee_on,
    left_behind,
    line_of_refund,
    lines_of_capture,
    next_day,
    settles_on,
)

MONDAY = date(2026, 11, 2)
amounts = st.integers(1, 10**9)
days = st.integers(0, 40).map(lambda n: MONDAY + timedelta(days=n))
terms = st.builds(
    Terms,
    days=st.integers(0, 5),
    fee_ppm=st.integers(0, 300_000),
    vat_ppm=st.integers(0, 200_000),
    vat=st.sampled_from(["included", "added"]),
    reserve_ppm=st.integers(0, 600_000),
    reserve_days=st.integers(0, 60),
)


def total(lines: Iterable[Line]) -> int:
    return sum(line.amount_fen for line in lines)


@given(agreed=terms, amount_fen=amounts)
def test_fee_and_vat_sum_to_what_the_shop_bears(agreed: Terms, amount_fen: int) -> None:
    fee = fee_on(agreed, amount_fen)
    exact = Fraction(amount_fen * agreed.fee_ppm, PPM)
    borne = fee.gross_fen if agreed.vat == "included" else fee.net_fen
    assert abs(borne - exact) <= Fraction(1, 2)
    assert fee.gross_fen - fee.net_fen == fee.vat_fen
    assert abs(fee.vat_fen - Fraction(fee.net_fen * agreed.vat_ppm, PPM)) < 2
    assert min(fee.net_fen, fee.vat_fen) >= 0


@given(agreed=terms, amount_fen=amounts, day=days)
def test_a_capture_is_paid_in_full_less_the_fee(agreed: Terms, amount_fen: int, day: date) -> None:
    lines = lines_of_capture(agreed, amount_fen, day)
    by_kind = {line.kind: line.amount_fen for line in lines}
    kept = -by_kind.get("fee", 0) - by_kind.get("fee_vat", 0)
    assert total(lines) == amount_fen - kept >= 0
    assert by_kind.get("reserve_held", 0) == -by_kind.get("reserve_released", 0) <= 0
    due_on = settles_on(agreed, day)
    assert total(due(lines, due_on)) >= 0
    assert due(lines, due_on - timedelta(days=1)) == ()
    assert all(workday(line.due_on).works for line in lines)


def test_the_fee_by_hand() -> None:
    # 699,900 fen × 0.60 % = 4,199.4 → 4,199; ÷ 1.06 = 3,961.32 → 3,961; the rest, 238, is VAT.
    fee = fee_on(Terms(1, fee_ppm=6_000, vat_ppm=60_000), 699_900)
    assert (fee.net_fen, fee.vat_fen) == (3_961, 238)
    # On top of it: 4,199 × 6 % = 251.94 → 252.
    added = fee_on(Terms(1, fee_ppm=6_000, vat_ppm=60_000, vat="added"), 699_900)
    assert (added.net_fen, added.vat_fen) == (4_199, 252)


@pytest.mark.parametrize(
    ("captured_on", "settled_on"),
    [
        (date(2026, 11, 2), date(2026, 11, 3)),  # Monday → Tuesday
        (date(2026, 11, 6), date(2026, 11, 9)),  # Friday → Monday
        (date(2026, 11, 8), date(2026, 11, 10)),  # Sunday counts as Monday → Tuesday
        (date(2026, 9, 30), date(2026, 10, 8)),  # before the holidays of National Day 国庆节
        (date(2026, 2, 13), date(2026, 2, 14)),  # a Saturday on which China works
    ],
)
def test_one_business_day_later(captured_on: date, settled_on: date) -> None:
    assert settles_on(Terms(1), captured_on) == settled_on


@given(
    agreed=terms,
    captures=st.lists(st.tuples(amounts, days), min_size=1, max_size=6),
    refunds=st.lists(st.tuples(amounts, days), max_size=6),
    order=st.randoms(use_true_random=False),
    fails=st.sets(st.integers(0, 30)),
)
def test_over_many_days_all_is_paid_but_what_the_shop_owes(
    agreed: Terms,
    captures: list[tuple[int, date]],
    refunds: list[tuple[int, date]],
    order: object,
    fails: set[int],
) -> None:
    made = [line for fen, day in captures for line in lines_of_capture(agreed, fen, day)]
    made += [line_of_refund(fen, day, settles_on(agreed, day)) for fen, day in refunds]
    shuffled = list(made)
    order.shuffle(shuffled)  # type: ignore[attr-defined] # hypothesis gives a random.Random
    outcomes = [list(_run(lines, fails)) for lines in (made, shuffled)]
    assert outcomes[0] == outcomes[1]
    got = sum(batch.paid_fen for batch, failed, _ in outcomes[0] if not failed)
    last, failed, rest = outcomes[0][-1]
    assert got + last.carried_fen + (last.paid_fen if failed else 0) + rest == total(made)


def _run(lines: list[Line], fails: set[int]) -> Iterable[tuple[Batch, bool, int]]:
    """Settle day by day; yields each batch, whether it failed, and what is not due yet."""
    waiting, day, number = list(lines), MONDAY, 0
    while waiting:
        taken = due(waiting, day)
        if taken:
            waiting = [line for line in waiting if line not in taken]
            batch = batch_of(taken)
            assert batch.paid_fen >= 0 >= batch.carried_fen
            assert batch.paid_fen * batch.carried_fen == 0
            assert batch.paid_fen + batch.carried_fen == total(taken)
            failed = number in fails and batch.paid_fen > 0
            more = bool(waiting)
            yield batch, failed, total(waiting)
            left = left_behind(batch, day, failed=failed)
            if left is not None and more:
                assert left.due_on >= day
                waiting.append(left)
            number += 1
        day = next_day(day)


def test_what_failed_is_due_again_and_what_is_carried_waits_a_day() -> None:
    assert left_behind(Batch(500, 0), MONDAY, failed=True) == Line("unpaid", 500, MONDAY)
    assert left_behind(Batch(500, 0), MONDAY, failed=False) is None
    tuesday = MONDAY + timedelta(days=1)
    assert left_behind(Batch(0, -70), MONDAY, failed=False) == Line("carried", -70, tuesday)
    assert left_behind(Batch(0, 0), MONDAY, failed=True) is None


def test_goods_that_came_back_before_their_capture_is_paid_wait_for_it() -> None:
    friday = date(2026, 11, 6)
    assert line_of_refund(100, MONDAY, friday) == Line("refund", -100, friday)
    assert line_of_refund(100, date(2026, 11, 8), friday).due_on == date(2026, 11, 9)


def test_what_takes_more_than_there_is_is_refused() -> None:
    with pytest.raises(InputError, match="more than was captured"):
        Terms(1, fee_ppm=500_000, vat_ppm=100_000, vat="added", reserve_ppm=460_000)
    with pytest.raises(InputError, match="negative"):
        Terms(-1)
    with pytest.raises(ImpossibleError):
        lines_of_capture(Terms(1), 0, MONDAY)
    with pytest.raises(ImpossibleError):
        line_of_refund(0, MONDAY, MONDAY)
