"""The command line as a person meets it: words or JSON, and errors that name field and fix."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from sanshi.cli.main import app

ROOT = Path(__file__).parents[2]
STORY = ROOT / "tests/stories/appliance_on_time.yaml"
SCHEDULE = {
    "draws": [{"on": "2026-11-02", "amount_fen": 699900}],
    "annual_rate": "0.048",
    "method": "equal_instalment",
    "instalments": 3,
    "first_due": "2026-12-02",
}
QUOTE = {
    "merchant": "haitai",
    "sku": "HT-FRIDGE-520",
    "quoted_on": "2026-11-02",
    "age_years": 34,
    "student": False,
}


def run(*words: str, given: object = None) -> Result:
    text = None if given is None else given if isinstance(given, str) else json.dumps(given)
    return CliRunner().invoke(app, list(words), input=text)


def test_a_schedule_is_worked_out_and_its_rate_proven() -> None:
    answer = json.loads(run("schedule", "--json", given=SCHEDULE).stdout)
    assert [line["payment_fen"] for line in answer["lines"]] == [235169, 235169, 235169]
    assert answer["annual_cost"] == {"cn_irr_nominal_pct": "4.80", "effective_pct": "4.91"}
    assert "4.80 %" in run("schedule", given=SCHEDULE).stdout


def apr(convention: str, *flows: dict[str, object]) -> dict[str, object]:
    asked = {"convention": convention, "flows": list(flows)}
    answer: dict[str, object] = json.loads(run("apr", "-", "--json", given=asked).stdout)
    return answer


def test_an_annual_rate_counts_a_fee_kept_back() -> None:
    flows = (
        {"on": "2026-11-02", "amount_fen": -98000},
        {"on": "2027-11-02", "amount_fen": 100000},
    )
    # 100,000 ÷ 98,000 = 1.0204…: 2.04 % effective, twelve times its twelfth root less one nominal.
    for convention, percent in (("effective", "2.04"), ("cn_irr_nominal", "2.02"), ("eu", "2.04")):
        answer = {"convention": convention, "annual_rate_pct": percent, "exact": True}
        assert apr(convention, *flows) == answer


def test_the_annual_rate_of_regulation_z() -> None:
    """12 CFR 1026, Appendix J, example (c)(1)(i)."""
    advance = {"on": "1978-01-10", "amount_fen": -500000}
    payments = {"on": "1978-02-10", "amount_fen": 23000, "repeat": 24, "every": {"months": 1}}
    answer = apr("us_reg_z", advance, payments)
    assert answer == {"convention": "us_reg_z", "annual_rate_pct": "9.69", "exact": True}
    asked = {"convention": "us_reg_z", "flows": [advance, payments]}
    assert "9.69% APR (US Regulation Z), proven" in run("apr", given=asked).stdout


def test_a_solved_rate_says_that_it_is_not_proven() -> None:
    """Microsoft knowledge base Q116041: Excel's XIRR of these flows is 37.3363 %."""
    amounts = {"1992-01-01": -10000, "1992-03-01": 2750, "1992-10-30": 4250}
    amounts |= {"1993-02-15": 3250, "1993-04-01": 2750}
    answer = apr("xirr", *({"on": day, "amount_fen": fen} for day, fen in amounts.items()))
    assert answer == {"convention": "xirr", "annual_rate_pct": "37.34", "exact": False}


def test_weeks_are_listed_by_their_days() -> None:
    """12 CFR 1026, Appendix J, example (c)(1)(v)."""
    advance = {"on": "1978-03-20", "amount_fen": -50000}
    weekly = {"on": "1978-04-21", "amount_fen": 1760, "repeat": 30, "every": {"days": 7}}
    assert apr("us_reg_z", advance, weekly)["annual_rate_pct"] == "14.96"


def test_flows_without_a_rate_say_so() -> None:
    advance = {"on": "2026-11-02", "amount_fen": -98000}
    answer = apr("us_reg_z", advance)
    assert answer == {"convention": "us_reg_z", "annual_rate_pct": None, "exact": False}
    asked = {"convention": "us_reg_z", "flows": [advance]}
    assert "no one rate" in run("apr", given=asked).stdout


def test_a_quote_stands_beside_paying_in_full() -> None:
    words = run("quote", given=QUOTE)
    assert "pay in full" in words.stdout
    answer = json.loads(run("quote", "--json", given=QUOTE).stdout)
    assert answer["best"]["without_credit"] == {"total_fen": 699900}
    assert len(answer["plans"]) == 8


def test_a_withheld_plan_says_which_rule_and_why() -> None:
    young = run("quote", given=QUOTE | {"age_years": 17})
    assert young.exit_code == 0
    assert "not offered: shenpu_appliance.3.equal_instalment" in young.stdout
    assert "18" in young.stdout


@pytest.mark.parametrize(
    ("words", "given", "field"),
    [
        (["schedule"], SCHEDULE | {"annual_rate": "-0.01"}, "annual_rate"),
        (["schedule"], SCHEDULE | {"method": "magic"}, "method"),
        (["schedule"], "not json", "file"),
        (["schedule"], "[1]", "file"),
        (["schedule", "no-such-file.json"], None, "file"),
        (["quote"], QUOTE | {"sku": "NOPE"}, "sku"),
        (["quote"], QUOTE | {"merchant": "nobody"}, "merchant"),
        (["quote"], QUOTE | {"down_payment_fen": 699900}, "down_payment_fen"),
        (["quote"], QUOTE | {"quoted_on": "tomorrow"}, "quoted_on"),
        (["do", "no_such_flow"], {}, "flow"),
        (["schema", "no_such_flow"], None, "name"),
    ],
)
def test_an_error_names_field_and_fix(words: list[str], given: object, field: str) -> None:
    result = run(*words, given=given)
    assert result.exit_code == 1
    assert f"[{field}" in result.stderr.replace("\n", "")
    assert "Fix:" in result.stderr


def test_every_request_has_a_schema() -> None:
    names = json.loads(run("schema").stdout)
    assert {"quote_purchase", "pay", "schedule"} <= set(names)
    for name in names:
        schema = json.loads(run("schema", name).stdout)
        assert schema["type"] == "object"
        assert schema["additionalProperties"] is False


def test_packs_are_checked_watched_and_compared(tmp_path: Path) -> None:
    report = json.loads(run("packs", "check", "--json").stdout)
    assert report["errors"] == []
    assert report["rules"] > 50
    lapsing = run("packs", "lapsing", "--on", "2026-11-22", "--json")
    ends = {row["key"]: row["ends"] for row in json.loads(lapsing.stdout)}
    assert ends["subsidy.rate_pp"] == "2026-12-31"
    same = run("packs", "diff", str(ROOT / "packs"), str(ROOT / "packs"), "--json")
    assert json.loads(same.stdout) == []
    broken = tmp_path / "broken"
    broken.mkdir()
    (broken / "pack.yaml").write_text("id: broken\n", "utf-8")
    refused = run("packs", "check", str(broken))
    assert refused.exit_code == 1
    assert "broken/pack.yaml:1" in refused.stderr.replace("\n", "")


def test_a_story_runs_from_the_command_line(tmp_path: Path) -> None:
    short = STORY.read_text("utf-8").split("  - do: apply_for_plan", maxsplit=1)[0]
    good = tmp_path / "good.yaml"
    good.write_text(short, "utf-8")
    assert run("story", "run", str(good)).stdout.startswith("ok")
    wrong = tmp_path / "wrong.yaml"
    wrong.write_text(short.replace('"56.07"', '"56.08"'), "utf-8")
    failed = run("story", "run", str(wrong))
    assert failed.exit_code == 1
    assert "expected 5608, came 5607" in failed.stdout.replace("\n", "")


def test_a_database_is_set_up_and_its_books_are_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SANSHI_FOLDER", str(tmp_path / "data"))
    for _ in range(2):
        ready = run("db", "upgrade", "--business-date", "2026-11-02")
        assert ready.exit_code == 0, ready.stderr
    balance = run("trial-balance", "--entity", "shenpu_bank")
    assert json.loads(balance.stdout)["balanced"]
    rebuilt = run("rebuild", "--entity", "shenpu_bank", "--check")
    assert json.loads(rebuilt.stdout) == {"loans": 0, "differences": []}
    refused = run("do", "trial_balance", "--as", "merchant", given={"entity": "shenpu_bank"})
    assert refused.exit_code == 1
    assert "access.role" in refused.stderr


def test_a_wrong_setting_names_its_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SANSHI_DATABASE", "mysql://somewhere")
    refused = run("trial-balance", "--entity", "shenpu_bank")
    assert refused.exit_code == 1
    assert "SANSHI_DATABASE" in refused.stderr


def test_a_receipt_that_is_no_receipt_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "receipt.json"
    path.write_text('{"kind": "consent"}', "utf-8")
    refused = run("verify", str(path))
    assert refused.exit_code == 1
    assert "evidence.malformed" in refused.stderr
