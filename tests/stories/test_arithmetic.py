"""Each expected amount of a story carries its arithmetic, worked out here without the engine."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from peers.arithmetic import WrongError, work_out

FOLDER = Path(__file__).parent
EXPECTED = [
    pytest.param(expected, id=f"{path.stem}-{number}-{expected['at']}")
    for path in sorted(FOLDER.glob("*.yaml"))
    for number, step in enumerate(YAML(typ="safe").load(path.read_text("utf-8"))["steps"], start=1)
    for expected in step.get("expect", ())
    if "yuan" in expected
]


@pytest.mark.parametrize("expected", EXPECTED)
def test_the_arithmetic_leads_to_the_expected_amount(expected: dict[str, Any]) -> None:
    amount = Decimal(expected["yuan"].replace(",", ""))
    if expected["yuan"] == "0.00":
        return
    assert "because" in expected, f"{expected['at']} says no arithmetic"
    assert work_out(expected["because"]) == amount


@pytest.mark.parametrize(
    ("line", "result"),
    [
        ("6,000.00 − 300.00 = 5,700.00; × 15 % = 855.00; cap 1,500.00", "855.00"),
        ("10,000.00 × 15 % = 1,500.00; × 2 = 3,000.00; cap 1,500.00", "1500.00"),
        ("1.004^3 = 1.012048064", "1.012048064"),
        ("6,999.00 × 4.80 % ÷ 360 × 9 = 8.3988; floor to the fen = 8.39", "8.39"),
        ("(2 + 3) × -1 = -5", "-5"),
    ],
)
def test_it_works_out_lines(line: str, result: str) -> None:
    assert work_out(line) == Decimal(result)


@pytest.mark.parametrize(
    "line",
    [
        "1 + 1 = 3",
        "1 +",
        "2,00 × = 4",
        "5",
        "(1 + 1 = 2",
        "1 1 = 1",
        "x = 1",
        "8.3988 = 8.3988; floor to the fen = 8.40",
    ],
)
def test_it_refuses_what_does_not_hold(line: str) -> None:
    with pytest.raises((WrongError, ArithmeticError)):
        work_out(line)
