"""The rail's file against ours: what agrees settles, what does not has a name."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from sanshi.ledger.reconciliation import Break, Moved, aged, match, open_on_clearing_fen

DAY = date(2026, 11, 2)


def line(payment_id: str, fen: int = 100, kind: str = "collect") -> Moved:
    return Moved(payment_id, kind, fen, DAY)


def own(payment_id: str, stage: str, fen: int = 100, kind: str = "collect") -> Moved:
    return Moved(payment_id, kind, fen, DAY if stage in {"succeeded", "settled"} else None, stage)


def ours(*payments: Moved) -> dict[str, Moved]:
    return {payment.payment_id: payment for payment in payments}


def test_each_kind_of_difference_has_its_name() -> None:
    matched = match(
        [line("a"), line("b", 101), line("c"), line("d"), line("f", kind="pay"), line("g")],
        ours(
            own("a", "succeeded"),
            own("b", "succeeded"),
            own("c", "unknown"),
            own("e", "succeeded"),
            own("f", "succeeded"),
            own("g", "settled"),
        ),
        DAY,
    )
    assert matched.settled == ("a",)
    assert matched.breaks == (
        Break("amount_differs", "b", 101),
        Break("not_confirmed", "c", 100),
        Break("unknown_line", "d", 100),
        Break("amount_differs", "f", 100),
        Break("missing_in_statement", "e", 100),
    )


def test_another_days_payment_is_not_missed() -> None:
    other = Moved("a", "collect", 100, date(2026, 11, 3), "succeeded")
    assert match([], ours(other), DAY).breaks == ()


def test_what_clearing_holds_is_what_has_not_settled() -> None:
    payments = [
        own("a", "intended", 700, "pay"),
        own("b", "unknown", 50, "pay"),
        own("c", "failed", 9, "pay"),
        own("d", "settled", 9, "pay"),
        own("e", "succeeded", 30),
        own("f", "intended", 9),
        own("g", "succeeded", 5, "refund"),
    ]
    assert open_on_clearing_fen(payments) == -700 - 50 + 30 - 5


@given(st.lists(st.tuples(st.integers(0, 60), st.integers(-(10**9), 10**9))))
def test_every_difference_has_one_age(found: list[tuple[int, int]]) -> None:
    classes = aged([(DAY - timedelta(days=age), fen) for age, fen in found], DAY)
    assert [(one.since, one.to) for one in classes] == [
        (0, 1),
        (2, 3),
        (4, 7),
        (8, 30),
        (31, None),
    ]
    for one in classes:
        own = [fen for age, fen in found if one.since <= age <= (60 if one.to is None else one.to)]
        assert (one.count, one.amount_fen) == (len(own), sum(map(abs, own)))
    assert sum(one.count for one in classes) == len(found)
