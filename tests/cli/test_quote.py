"""`sanshi quote`: things bought together, what benefits give and what they do not."""

from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner, Result

from sanshi.cli.main import app

BUYER = {"quoted_on": "2026-11-02", "age_years": 34, "student": False}
CAR = BUYER | {"merchant": "pujiang_auto", "sku": "PJ-BEV-E5", "also": [{"sku": "PJ-PLATE"}]}
TELEVISION = BUYER | {"merchant": "haitai", "sku": "HT-TV-75"}


def run(*words: str, given: object) -> Result:
    return CliRunner().invoke(app, ["quote", *words], input=json.dumps(given))


def test_things_bought_together_stand_beside_the_first() -> None:
    answer = json.loads(run("--json", given=CAR).stdout)
    assert answer["sku"] == "PJ-BEV-E5"
    assert answer["plans"]
    (plate,) = answer["also"]
    assert (plate["plans"], len(plate["withheld"])) == ([], 6)
    assert answer["bundle"]["without_credit"] == {"total_fen": 27_300_000}
    words = run(given=CAR).stdout
    assert "all in full: 273,000.00" in words
    assert "not offered: shenpu_plate.36.equal_principal" in words


def test_one_thing_has_nothing_beside_it() -> None:
    answer = json.loads(run("--json", given=TELEVISION).stdout)
    assert answer["also"] == []
    assert answer["bundle"]["without_credit"] == answer["best"]["without_credit"]
    assert "all in full" not in run(given=TELEVISION).stdout


def test_benefits_are_said_and_what_is_not_to_be_had_says_why() -> None:
    words = run(given=TELEVISION).stdout.lower()
    assert "less 300.00: " in words
    assert "might give 855.00: appliance trade-in subsidy" in words
    lapsed = run(given=TELEVISION | {"quoted_on": "2027-01-04"}).stdout.lower()
    assert "no appliance trade-in subsidy: this benefit ended on 2026-12-31." in lapsed
    assert lapsed.count("no fiscal interest subsidy") == 1


@pytest.mark.parametrize(
    ("also", "field"),
    [([{"sku": "NOPE"}], "sku"), ([{"sku": "PJ-BEV-E5"}], "also"), ([{}], "also.0.sku")],
)
def test_what_cannot_be_bought_together_names_the_field(also: object, field: str) -> None:
    wrong = run(given=CAR | {"also": also})
    assert wrong.exit_code != 0
    assert field in wrong.output
