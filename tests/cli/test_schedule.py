"""`sanshi schedule`: what the specification in docs/schedules.md promises of the document."""

from __future__ import annotations

import json
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from sanshi.cli.main import app

Document = dict[str, Any]
YEAR: Document = {
    "draws": [{"on": "2024-01-01", "amount_fen": 1_200_000}],
    "annual_rate": "0.12",
    "method": "equal_principal",
    "instalments": 12,
    "first_due": "2024-02-01",
}


def run(document: Document, *words: str) -> Result:
    return CliRunner().invoke(app, ["schedule", "-", *words], input=json.dumps(document))


def answer(**changes: Any) -> Document:  # noqa: ANN401 - any field
    result = run(YEAR | changes, "--json")
    assert result.exit_code == 0, result.stderr
    read: Document = json.loads(result.stdout)
    return read


def of(answered: Document, name: str) -> list[Any]:
    return [line.get(name) for line in answered["lines"]]


def test_the_example_of_the_documentation() -> None:
    """Also the figures of the issue: 17.01, then 16.88 four times and 16.89; interest 1.42."""
    document = {
        "draws": [{"on": "2024-01-01", "amount_fen": 10000}],
        "annual_rate": "0.07",
        "rate_changes": [{"from": "2024-02-01", "annual_rate": "0.04"}],
        "method": "equal_instalment",
        "instalments": 6,
        "first_due": "2024-02-01",
    }
    answered = answer(**document)
    assert answered["lines"][0] == {
        "no": 1,
        "due": "2024-02-01",
        "principal_fen": 1643,
        "interest_fen": 58,
        "fee_fen": 0,
        "payment_fen": 1701,
        "balance_fen": 8357,
    }
    assert of(answered, "payment_fen") == [1701, 1688, 1688, 1688, 1688, 1689]
    assert answered["interest_total_fen"] == 142
    assert set(answered["annual_cost"]) == {"cn_irr_nominal_pct", "effective_pct"}


def test_the_printed_form_shows_every_line_and_the_cost() -> None:
    shown = run(YEAR | {"fee_fen": 100, "upfront_fee_fen": 5_000}).stdout
    assert shown.count("-01 │ 1,000.00 ") == 12
    assert "│ 2025-01-01 │" in shown
    assert "年化利率（单利）" in shown


def test_a_manufacturer_who_pays_the_interest_is_shown_and_the_customer_pays_none() -> None:
    """12,000.00 at 12 %: 120.00 in the first month, 110.00 in the second, 780.00 in all."""
    window = {
        "from": "2024-01-01",
        "to": "2024-03-01",
        "treatment": "payer",
        "payer": "manufacturer",
    }
    answered = answer(windows=[window])
    assert of(answered, "interest_fen") == [1_000 * k for k in range(12, 0, -1)]
    assert of(answered, "payers")[:3] == [
        [{"payer": "manufacturer", "interest_fen": 12_000}],
        [{"payer": "manufacturer", "interest_fen": 11_000}],
        None,
    ]
    assert of(answered, "payment_fen")[:3] == [100_000, 100_000, 110_000]
    assert answered["annual_cost"]["cn_irr_nominal_pct"] == "12.00"
    assert float(answered["annual_cost_after"]["cn_irr_nominal_pct"]) < 10


def test_the_state_and_the_shop_pay_parts_of_the_rate_side_by_side() -> None:
    """Of 12 %: one point is 10.00 of the first 120.00, five points are 50.00."""
    whole = {"from": "2024-01-01", "to": "2025-01-01", "treatment": "payer"}
    answered = answer(
        windows=[
            whole | {"payer": "state", "annual_rate": "0.01"},
            whole | {"payer": "shop", "annual_rate": "0.05"},
        ]
    )
    assert of(answered, "payers")[0] == [
        {"payer": "state", "interest_fen": 1_000},
        {"payer": "shop", "interest_fen": 5_000},
    ]
    assert of(answered, "payment_fen")[0] == 106_000


@pytest.mark.parametrize("months", [1, 2, 3, 4, 6, 12])
def test_without_fees_the_cost_is_the_rate_however_far_apart_payments_are(months: int) -> None:
    """The rate of a period, times the periods of a year: 12 % in each case."""
    cost = answer(
        every={"months": months},
        first_due=f"{2024 + months // 12}-{months % 12 + 1:02}-01",
        draws=[{"on": "2024-01-01", "amount_fen": 120_000_000}],
    )["annual_cost"]
    assert cost["cn_irr_nominal_pct"] == "12.00"


def test_an_index_and_a_margin_make_the_rate_of_each_year() -> None:
    """LPR 3.85 % and 0.15 make 4 %, then 3.65 and 0.15 make 3.8 %: a twelfth of it each month."""
    answered = answer(
        method="interest_only",
        annual_rate="0.04",
        instalments=24,
        index={
            "values": [
                {"from": "2021-12-20", "annual_rate": "0.038"},
                {"from": "2024-12-20", "annual_rate": "0.0365"},
            ],
            "margin": "0.0015",
            "repriced_on": ["2025-01-01"],
        },
    )
    assert of(answered, "interest_fen") == [4_000] * 12 + [3_800] * 12


def test_payment_days_move_and_due_dates_and_interest_do_not() -> None:
    """1 May 2024 is a holiday; work began again on 6 May. No notice of 2031 is published yet."""
    answered = answer(business_day_rule="following")
    line = answered["lines"][3]
    assert (line["due"], line["pay_on"], line["provisional"]) == ("2024-05-01", "2024-05-06", False)
    assert of(answered, "interest_fen") == of(answer(), "interest_fen")
    later = answer(
        business_day_rule="following",
        draws=[{"on": "2031-01-01", "amount_fen": 1_200_000}],
        first_due="2031-02-01",
    )
    assert all(of(later, "provisional"))


def test_a_down_payment_is_line_0_and_bears_nothing() -> None:
    answered = answer(down_payment_fen=600_000)
    assert answered["lines"][0]["no"] == 0
    assert answered["lines"][0]["balance_fen"] == 600_000
    assert of(answered, "payment_fen")[:2] == [600_000, 56_000]
    assert len(answered["lines"]) == 13


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"draws": []}, "draws"),
        ({"draws": [{"on": "2024-01-01", "amount_fen": 1.5}]}, "draws.0.amount_fen"),
        ({"draws": [{"on": "2024-02-30", "amount_fen": 1}]}, "draws.0.on"),
        ({"annual_rate": 0.07}, "annual_rate"),
        ({"annual_rate": "7%"}, "annual_rate"),
        ({"first_due": "2023-12-31"}, "first_due"),
        ({"first_due": None}, "first_due"),
        ({"instalments": None}, "instalments"),
        ({"instalments": 0}, "instalments"),
        ({"due_dates": ["2024-02-01"]}, "due_dates"),
        ({"due_day": 2}, "due_day"),
        ({"every": {"months": 1, "days": 30}}, "every"),
        ({"down_payment_fen": 1_200_000}, "down_payment_fen"),
        ({"balloon_fen": 1}, "balloon_fen"),
        ({"method": "balloon"}, "balloon_fen"),
        ({"method": "balloon", "balloon_fen": 1_200_001}, "balloon_fen"),
        ({"method": "irregular"}, "lines"),
        ({"method": "irregular", "lines": [{"count": 12}]}, "lines.0"),
        ({"method": "irregular", "lines": [{"count": 11, "pays": "level"}]}, "lines.count"),
        ({"grace": {"principal": 12}}, "grace.principal"),
        (
            {"windows": [{"from": "2024-01-01", "to": "2024-02-01", "treatment": "payer"}]},
            "windows.payer",
        ),
        (
            {
                "index": {
                    "values": [{"from": "2025-01-20", "annual_rate": "0.03"}],
                    "repriced_on": ["2025-01-01"],
                }
            },
            "index.values",
        ),
        (
            {
                "index": {
                    "values": [{"from": "2024-01-20", "annual_rate": "0.03"}],
                    "repriced_on": ["2024-06-01"],
                    "max_age_days": 31,
                }
            },
            "index.values",
        ),
        (
            {
                "index": {
                    "values": [{"from": "2024-01-20", "annual_rate": "0.03"}],
                    "margin": "-0.04",
                    "repriced_on": ["2024-06-01"],
                }
            },
            "index.margin",
        ),
        ({"annual_rate": "1.000001"}, "annual_rate"),
        (
            {"rate_changes": [{"from": "2024-02-01", "annual_rate": "1.5"}]},
            "rate_changes.0.annual_rate",
        ),
        *(
            ({"method": method, "grace": {"principal": 1}}, "grace.principal")
            for method in ("interest_only", "bullet")
        ),
        (
            {
                "method": "irregular",
                "lines": [{"count": 12, "pays": "level"}],
                "grace": {"principal": 1},
            },
            "grace.principal",
        ),
        ({"method": "balloon", "balloon_fen": 1, "balloon_share": "0.1"}, "balloon_share"),
        ({"color": "red"}, "color"),
    ],
)
def test_a_wrong_field_is_named_with_its_fix(changes: Document, field: str) -> None:
    result = run(YEAR | changes, "--json")
    assert result.exit_code == 1
    assert f"[{field}]" in result.stderr.replace("\n", "")
    assert "Fix:" in result.stderr
    assert result.stdout == ""
