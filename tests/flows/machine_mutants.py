"""Engines that are wrong by very little: each must be caught."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

import pytest

from sanshi import life
from sanshi.flows import hearing, loans
from sanshi.kernel.effects import Posting
from sanshi.kernel.schedules import Interest
from sanshi.ledger.posting import Booking, Posted, Target, bring_to
from sanshi.loan import fold
from sanshi.loan.paying import returned
from sanshi.loan.state import LoanState


def drop_a_posting(patch: pytest.MonkeyPatch) -> None:
    """Lose the last entry of a booking that has several."""

    def forgetful(target: Target, posted: Posted, booking: Booking) -> tuple[Posting, ...]:
        postings = bring_to(target, posted, booking)
        return postings[:-1] if len(postings) > 1 else postings

    patch.setattr(loans, "bring_to", forgetful)


def hear_a_repayment_twice(patch: pytest.MonkeyPatch) -> None:
    """Take a success that is heard again for another one, as if nothing were ever final."""
    succeeded = {**life.LIVES["payment"]["succeeded"], "succeeded": ("succeeded",)}
    moves = {**life.LIVES["payment"], "succeeded": succeeded}
    patch.setitem(life.LIVES, "payment", moves)
    patch.setattr(hearing, "_FINAL", frozenset({"failed", "settled"}))


def skip_the_remainder_carry(patch: pytest.MonkeyPatch) -> None:
    """Add up stretches of interest in whole fen, and lose what is left over."""

    def whole(self: Interest, other: Interest) -> Interest:
        return Interest(self.whole_and_rest()[0] + other.whole_and_rest()[0], 1)

    patch.setattr(Interest, "__add__", whole)


def refund_twice(patch: pytest.MonkeyPatch) -> None:
    """Forget what has come back, so that the same goods can come back again."""

    def forgetful(state: LoanState, goods_returned_fen: int) -> LoanState:
        return replace(returned(state, goods_returned_fen), goods_returned_fen=0)

    patch.setattr(fold, "returned", forgetful)


MUTANTS: Mapping[str, Callable[[pytest.MonkeyPatch], None]] = {
    mutant.__name__: mutant
    for mutant in (drop_a_posting, hear_a_repayment_twice, refund_twice, skip_the_remainder_carry)
}
