"""The checklist never calls law what is not: each line against the finding behind it."""

from __future__ import annotations

import copy
from datetime import date
from typing import Any

import pytest

from documents.plans import LANGUAGES, contract_values, papers, quote
from documents.reading import Node, parse
from sanshi.documents.words import word
from sanshi.kernel.errors import ImpossibleError
from sanshi.kernel.reasons import Language

CASES: dict[str, dict[str, Any]] = {
    "plain": {},
    "before_the_cost_table": {"quoted_on": date(2026, 7, 31)},
    "next_year": {"quoted_on": date(2027, 1, 4)},
    "too_long": {"terms_months": (120,)},
    "too_much": {"price_fen": 40_000_000, "down_payment_fen": 0},
    "student": {"student": True},
    "student_of_a_microloan": {"student": True, "lender": {"lender_type": "microloan"}},
    "dear_microloan": {
        "lender": {"lender_type": "microloan"},
        "prices": ({"up_to_months": 480, "rate_ppm": 300_000},),
    },
    "dear_consumer_finance": {
        "lender": {"lender_type": "consumer_finance"},
        "prices": ({"up_to_months": 480, "rate_ppm": 220_000},),
    },
    "leasing": {"kind": "finance_lease", "lender": {"lender_type": "leasing"}},
}


def certificate(name: str) -> dict[str, Any]:
    made = quote(**CASES[name])
    one = made.plans[0] if made.plans else made.withheld[0]
    stored: dict[str, Any] = one.as_json()["certificate"]
    return stored


def lines(stored: dict[str, Any], language: Language) -> list[Node]:
    root = parse(papers().render("certificate", language, {"certificate": stored}))
    return list(root.one("ol", "s-checks").all("li"))


@pytest.mark.parametrize("name", CASES)
@pytest.mark.parametrize("language", LANGUAGES)
def test_each_finding_is_one_line_with_its_worth_in_words(name: str, language: Language) -> None:
    stored = certificate(name)
    shown = lines(stored, language)
    assert len(shown) == len(stored["findings"]) > 0
    for finding, line in zip(stored["findings"], shown, strict=True):
        result, worth = line.one("p", "s-tags").all("span")
        assert result.text == word(f"result.{finding['result']}", language)
        assert f"s-{finding['result']}" in result.classes
        assert worth.text == word(f"standing.{finding['standing']}", language)
        assert finding["title"][language].lower() == line.one("h2").text.lower()
        assert word(f"confidence.{finding['confidence']}", language) in line.text
        if finding["instrument"]:
            assert finding["instrument"][language] in line.text
            assert (finding["instrument"]["doc_no"] or "") in line.text


@pytest.mark.parametrize("name", CASES)
def test_only_verified_law_is_called_law(name: str) -> None:
    stored = certificate(name)
    for finding, line in zip(stored["findings"], lines(stored, "zh"), strict=True):
        worth = list(line.one("p", "s-tags").all("span"))[1]
        called_law = "法规" in worth.text or "依据" in line.one("p", "s-source").text
        assert called_law == (finding["level"] == "law")
        assert ("s-from-law" in worth.classes) == (finding["level"] == "law")
        if called_law:
            assert finding["confidence"] in {"V1", "V2"}
        if finding["level"] == "house":
            assert worth.text.startswith("本机构规则")
            unverified = finding["confidence"] not in {"V1", "V2"}
            assert ("尚未核实" in worth.text) == (unverified and finding["standing"] != "house_own")
        if finding["level"] == "warning":
            assert worth.text.startswith("提示")


def test_every_kind_of_result_and_worth_was_looked_at() -> None:
    found = [finding for name in CASES for finding in certificate(name)["findings"]]
    assert {f["result"] for f in found} >= {"pass", "warn", "fail"}
    assert {f["level"] for f in found} >= {"law", "house", "warning", "information"}


def line_of(name: str, result: str, language: Language) -> Node:
    stored = certificate(name)
    for finding, line in zip(stored["findings"], lines(stored, language), strict=True):
        if finding["result"] == result:
            return line
    raise AssertionError(f"{name} has no finding with the result {result}")


def test_broken_rule_says_what_was_asked_and_what_is() -> None:
    line = line_of("too_long", "fail", "zh")
    required, actual = (dd.text for dd in line.one("dl").all("dd"))
    assert "84 个月" in required  # 7 years: fact loan.max_term.consumer, 2025 notice
    assert "120 个月" in actual
    assert "不符" in line.text


def test_higher_of_both_cost_figures_is_shown() -> None:
    line = line_of("dear_microloan", "fail", "en")
    required, actual = (dd.text for dd in line.one("dl").all("dd"))
    assert required == "At most 24%"
    # (1 + 0.30/12)^12 − 1 = 34.4889 %; exact costs are rounded up against a cap, and instalments
    # rounded to the fen lift both a little.
    assert actual == "30.0003% / 34.4893%"


def test_duty_that_is_yes_or_no_is_said_in_a_sentence() -> None:
    line = line_of("student_of_a_microloan", "fail", "zh")
    assert not list(line.all("dl"))
    assert "小额贷款公司不向在校大学生发放消费贷款。" in line.text


def test_fact_in_force_later_says_from_when() -> None:
    stored = certificate("before_the_cost_table")
    text = " ".join(line.text for line in lines(stored, "zh"))
    assert "2026年8月1日" in text


def test_summary_counts_the_lines() -> None:
    stored = certificate("dear_consumer_finance")
    root = parse(papers().render("certificate", "en", {"certificate": stored}))
    counts = next(tag.text for tag in root.one("section").all("p"))
    for result in ("pass", "warn", "fail", "unknown"):
        count = sum(finding["result"] == result for finding in stored["findings"])
        label = f"{word(f'result.{result}', 'en')} {count}"
        assert (label in counts) == bool(count)


def test_cost_table_names_its_instrument_only_where_it_binds() -> None:
    bound = parse(papers().render("disclosure", "zh", contract_values()))
    assert bound.one("p", "s-basis").text == (
        "依据《个人贷款业务明示综合融资成本规定》，2026年8月1日起施行"
    )
    for name in ("before_the_cost_table", "leasing"):
        plan = quote(**CASES[name]).plans[0].as_json()
        html = papers().render("disclosure", "zh", contract_values() | {"plan": plan})
        assert not list(parse(html).all("p", "s-basis"))


def test_finding_without_words_is_our_fault() -> None:
    stored = copy.deepcopy(certificate("too_long"))
    failing = next(f for f in stored["findings"] if f["result"] == "fail")
    failing["reason"] = "no.such_reason"
    with pytest.raises(ImpossibleError, match=r"no\.such_reason"):
        papers().render("certificate", "zh", {"certificate": stored})
