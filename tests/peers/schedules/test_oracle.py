"""The oracle against figures worked out by hand, and the engine against the oracle."""

from __future__ import annotations

import json
from collections import Counter
from random import Random
from typing import Any

import pytest
from hypothesis import given

from peers.schedules.engine import engine_lines
from peers.schedules.oracle import schedule
from peers.schedules.terms import (
    DAY_COUNTS,
    METHODS,
    ROUNDINGS,
    Document,
    documents,
    random_document,
)

SOME = 300
MANY = 20_000
AT_ONCE = 1_000

# 3,000.00 from 10 January 2025 at 12 %, which is 1 % a month, in three lines.
LOAN: Document = {
    "draws": [{"on": "2025-01-10", "amount_fen": 300_000}],
    "annual_rate": "0.12",
    "method": "equal_instalment",
    "instalments": 3,
    "first_due": "2025-02-10",
}


def window(first: str, end: str, treatment: str, **more: str) -> dict[str, str]:
    return {"from": first, "to": end, "treatment": treatment, **more}


def group(count: int, **how: Any) -> Document:  # noqa: ANN401 - as in JSON
    return {"count": count, **how}


# Each is worked out by hand from the specification: (what differs from LOAN, principal, interest).
BY_HAND: dict[str, tuple[Document, list[int], list[int]]] = {
    # A = 3,000 × 1.01³ ÷ (1.01² + 1.01 + 1) = 3,090.903 ÷ 3.0301 = 1,020.066.
    "level": ({}, [99_007, 99_997, 100_996], [3_000, 2_010, 1_010]),
    # 3,000.00 less A, twice with 1 %: A = 3,060.30 ÷ 3.0301 = 1,009.966.
    "in advance": ({"first_due": "2025-01-10"}, [100_997, 99_007, 99_996], [0, 1_990, 1_000]),
    # (3,000 × 1.01 − A) × 1.01 − A = 1,500: A = (3,060.30 − 1,500) ÷ 2.01 = 776.269.
    "balloon": (
        {"method": "balloon", "balloon_fen": 150_000, "instalments": 2},
        [74_627, 225_373],
        [3_000, 2_254],
    ),
    # Line 1 is all principal; its 30.00 is due with line 2 and bears nothing:
    # ((3,000 − A) × 1.01 + 30 − A) × 1.01 − A = 0: A = 3,090.60 ÷ 3.0301 = 1,019.966.
    "deferred": (
        {"windows": [window("2025-01-10", "2025-02-10", "defer")]},
        [101_997, 97_017, 100_986],
        [0, 1_980 + 3_000, 1_010],
    ),
    # Half of the first month is waived: 15.00 instead of 30.00.
    # A = ((3,015 × 1.01) × 1.01) ÷ 3.0301 = 3,075.6015 ÷ 3.0301 = 1,015.016.
    "half a month waived": (
        {"windows": [window("2025-01-10", "2025-01-25", "waive")]},
        [100_002, 99_502, 100_496],
        [1_500, 2_000, 1_005],
    ),
    # 12 % of all that was drawn, 30.00 a month; 60.00 when 3,000.00 more are drawn.
    # Owed from 10 February: 2,000 + 3,000 in two lines.
    "flat with a second draw": (
        {"method": "flat", "draws": [*LOAN["draws"], {"on": "2025-02-10", "amount_fen": 300_000}]},
        [100_000, 250_000, 250_000],
        [3_000, 6_000, 6_000],
    ),
    # 10 fen in three: the odd fen goes first.
    "smooth principal": (
        {
            "method": "equal_principal",
            "draws": [{"on": "2025-01-10", "amount_fen": 10}],
            "annual_rate": "0",
            "remainder": "smooth",
        },
        [4, 3, 3],
        [0, 0, 0],
    ),
    # 30.00 waits; then (3,000 × 1.01 + 30 − A) × 1.01 − A = 1,500: A = 1,590.60 ÷ 2.01 = 791.343.
    "groups": (
        {
            "method": "irregular",
            "instalments": 6,
            "lines": [
                group(1, pays="nothing"),
                group(2, pays="level", balance_fen=150_000),
                group(1, pays="interest", annual_rate="0.06"),
                group(2, pays="level_principal"),
            ],
        },
        [0, 73_134, 76_866, 0, 75_000, 75_000],
        [0, 6_000, 2_269, 750, 750, 375],
    ),
    # 31 days of 2023 in 365 and 30 of 2024 in 366: 36,500.00 × 10 % × both = 310.00 + 299.18.
    "act/act": (
        {
            "method": "bullet",
            "draws": [{"on": "2023-12-01", "amount_fen": 3_650_000}],
            "annual_rate": "0.1",
            "day_count": "act/act",
            "instalments": 1,
            "first_due": "2024-01-31",
        },
        [3_650_000],
        [31_000 + 29_918],
    ),
    # 15 of a month's 31 days at 1 % a month and 16 at 2 %: 3,100.00 bears 15.00 + 32.00.
    "month/12": (
        {"method": "bullet", "instalments": 1, "day_count": "month/12"}
        | {"draws": [{"on": "2025-01-10", "amount_fen": 310_000}]}
        | {"rate_changes": [{"from": "2025-01-25", "annual_rate": "0.24"}]},
        [310_000],
        [1_500 + 3_200],
    ),
    # 2.50 rounds to 3, which leaves 2; 2 would leave 3 and is no better.
    "the rounded level stays": (
        {"draws": [{"on": "2025-01-10", "amount_fen": 5}], "annual_rate": "0"}
        | {"instalments": 2, "remainder": "smooth"},
        [3, 2],
        [0, 0],
    ),
    # 9 fen in four, rounded up: 3 leaves nothing; 2 leaves 3, which is better.
    "a better level is taken": (
        {"draws": [{"on": "2025-01-10", "amount_fen": 9}], "annual_rate": "0"}
        | {"instalments": 4, "remainder": "smooth", "payment_rounding": "up"},
        [2, 2, 2, 3],
        [0, 0, 0, 0],
    ),
    # 0.4 and 0.6 fen together are one; 0.4 and 0.38 by themselves are nothing.
    "stretches together": (
        {"draws": [{"on": "2025-01-10", "amount_fen": 40}], "method": "bullet", "instalments": 1}
        | {"rate_changes": [{"from": "2025-01-25", "annual_rate": "0.36"}], "annual_rate": "0.24"},
        [40],
        [1],
    ),
    "stretches apart": (
        {"draws": [{"on": "2025-01-10", "amount_fen": 40}], "method": "bullet", "instalments": 1}
        | {"rate_changes": [{"from": "2025-01-25", "annual_rate": "0.23"}], "annual_rate": "0.24"}
        | {"interest_round": "subperiod"},
        [40],
        [0],
    ),
}

# What follows from single sentences of the specification.
BY_THE_WORD: dict[str, tuple[Document, list[int], list[int]]] = {
    # "each stretch of one balance and one rate": a payer's window changes neither.
    # 20 fen at 12 % for a month is 0.2 fen, rounded up 1; two stretches would be 2.
    "a payer cuts no stretch": (
        {"draws": [{"on": "2025-01-10", "amount_fen": 20}], "method": "bullet", "instalments": 1}
        | {"interest_round": "subperiod", "rounding": "up"}
        | {"windows": [window("2025-01-25", "2025-02-10", "payer", payer="state")]},
        [20],
        [1],
    ),
    "nor does a change to the same rate": (
        {"draws": [{"on": "2025-01-10", "amount_fen": 20}], "method": "bullet", "instalments": 1}
        | {"interest_round": "subperiod", "rounding": "up"}
        | {"rate_changes": [{"from": "2025-01-25", "annual_rate": "0.12"}]},
        [20],
        [1],
    ),
    # "the earlier one listed goes first": the state pays all, and nothing is left to waive.
    "a payer before a waiver": (
        {
            "method": "bullet",
            "instalments": 1,
            "windows": [
                window("2025-01-10", "2025-02-10", "payer", payer="state"),
                window("2025-01-10", "2025-02-10", "waive"),
            ],
        },
        [300_000],
        [3_000],
    ),
    # "an `annual_rate` from the group's first period on", which the group's level knows:
    # as "in advance" above.
    "a group's rate in advance": (
        {
            "method": "irregular",
            "annual_rate": "0.24",
            "first_due": "2025-01-10",
            "lines": [group(3, pays="level", annual_rate="0.12")],
        },
        [100_997, 99_007, 99_996],
        [0, 1_990, 1_000],
    ),
}


@pytest.mark.parametrize("name", [*BY_HAND, *BY_THE_WORD])
def test_figures_worked_out_by_hand(name: str) -> None:
    more, principals, interests = (BY_HAND | BY_THE_WORD)[name]
    for lines in (schedule(LOAN | more), engine_lines(LOAN | more)):
        assert [line["principal_fen"] for line in lines] == principals
        assert [line["interest_fen"] for line in lines] == interests


def test_the_example_of_the_specification() -> None:
    lines = schedule(
        {
            "draws": [{"on": "2024-01-01", "amount_fen": 10_000}],
            "annual_rate": "0.07",
            "rate_changes": [{"from": "2024-02-01", "annual_rate": "0.04"}],
            "method": "equal_instalment",
            "instalments": 6,
            "first_due": "2024-02-01",
        }
    )
    assert [line["payment_fen"] for line in lines] == [1_701, 1_688, 1_688, 1_688, 1_688, 1_689]
    assert sum(line["interest_fen"] for line in lines) == 142


def test_a_payer_pays_its_part_of_the_line() -> None:
    # 1 % of 12 for 15 of 30 days, then for a month: 300,000 ÷ 2,400 and 200,993 ÷ 1,200 = 167.49.
    part = window("2025-01-25", "2025-03-10", "payer", payer="state", annual_rate="0.01")
    lines = schedule(LOAN | {"windows": [part]})
    assert [line["payers"] for line in lines] == [{"state": 125}, {"state": 167}, {}]
    assert [line["payment_fen"] for line in lines] == [102_007 - 125, 102_007 - 167, 102_006]


def agree(document: Document) -> None:
    shown = json.dumps(document)
    for ours, theirs in zip(engine_lines(document), schedule(document), strict=True):
        assert ours == theirs, shown


@given(documents())
def test_the_engine_agrees_with_the_oracle(document: Document) -> None:
    agree(document)


def test_the_engine_agrees_on_documents_from_a_seed() -> None:
    random, seen = Random(1), Counter[str]()
    for _ in range(SOME):
        document, names = random_document(random)
        seen.update(names)
        agree(document)
    assert set(EXPECTED) <= set(seen), f"never written: {sorted(set(EXPECTED) - set(seen))}"


@pytest.mark.long
@pytest.mark.parametrize("seed", range(MANY // AT_ONCE))
def test_the_engine_agrees_on_many_documents(seed: int) -> None:
    random, seen = Random(f"schedules {seed}"), Counter[str]()
    for _ in range(AT_ONCE):
        document, names = random_document(random)
        seen.update(names)
        agree(document)
    print("\n".join(f"{count:6} {name}" for name, count in sorted(seen.items())))  # noqa: T201 - how often each occurred
    rare = {name: seen[name] for name in EXPECTED if seen[name] < AT_ONCE // 100}
    assert not rare, rare


EXPECTED = [
    *(f"method={name}" for name in METHODS),
    *(f"day_count={name}" for name in DAY_COUNTS),
    *(f"rounding={name}" for name in ROUNDINGS),
    *(f"payment_rounding={name}" for name in ROUNDINGS),
    *(f"window:{name}" for name in ("waive", "payer", "defer")),
    *(f"group:{name}" for name in ("level", "level_principal", "interest", "nothing", "fixed")),
    *("interest_round=subperiod", "remainder=smooth", "round_payment_to_fen", "grace"),
    *("balloon_fen", "balloon_share", "down_payment_fen", "fee_fen", "upfront_fee_fen"),
    *("due_dates", "due_day", "every", "rate_changes", "index", "later draws"),
    *("two draws on a day", "a draw on the first due day", "in advance", "business_day_rule"),
]
