"""A document never states what its own figures contradict, and names what it lacks."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from documents.plans import contract_values, papers, television
from documents.reading import parse
from sanshi.kernel.errors import ImpossibleError

NOTHING_ELSE = "除上述列明的息费外不收取其他任何息费"

Path = tuple[str | int, ...]


@pytest.fixture(scope="module")
def values() -> dict[str, Any]:
    return contract_values()


def at(tree: Any, path: Path) -> Any:  # noqa: ANN401 - any JSON
    for step in path:
        tree = tree[step]
    return tree


def changed(values: dict[str, Any], path: Path, value: object) -> dict[str, Any]:
    other = copy.deepcopy(values)
    at(other, path[:-1])[path[-1]] = value
    return other


def paths(tree: object, here: Path = ()) -> Iterator[Path]:
    """Give the path of every named value; of a list, the first item stands for all."""
    if isinstance(tree, dict):
        for name, item in tree.items():
            yield (*here, name)
            yield from paths(item, (*here, name))
    elif isinstance(tree, list) and tree:
        yield from paths(tree[0], (*here, 0))


def test_sentence_that_nothing_else_is_charged_stands_after_both_tables(
    values: dict[str, Any],
) -> None:
    html = papers().render("contract", "zh", values)
    assert html.count(NOTHING_ELSE) == 1
    assert html.index("逾期罚息") < html.index(NOTHING_ELSE)


@pytest.mark.parametrize("template", ["contract", "disclosure"])
def test_it_is_not_written_when_more_is_charged(values: dict[str, Any], template: str) -> None:
    other = changed(values, ("plan", "disclosure", "nothing_else_charged"), value=False)
    with pytest.raises(ImpossibleError) as caught:
        papers().render(template, "zh", other)
    assert caught.value.code == "document.other_charges"
    assert caught.value.field == "plan.disclosure.nothing_else_charged"


WRONG: list[tuple[Path, object, str]] = [
    (("plan", "disclosure", "proven"), False, "unproven_cost"),
    (("plan", "disclosure", "cn_irr_nominal_ppm"), None, "unproven_cost"),
    (("plan", "disclosure", "effective_ppm"), None, "unproven_cost"),
    (("plan", "disclosure", "costs", 0, "amount_fen"), None, "cost_without_amount"),
    (("plan", "disclosure", "costs", 0, "amount_fen"), 15_713, "sum"),
    (("plan", "disclosure", "costs", 0, "payee"), "someone", "unknown_payee"),
    (("plan", "disclosure", "contingent", 0, "payee"), "someone", "unknown_payee"),
    (("plan", "disclosure", "costs", 0, "standard_rate_ppm"), 47_999, "other_terms"),
    (("plan", "disclosure", "contingent", 0, "standard_rate_ppm"), 1, "other_terms"),
    (("plan", "disclosure", "method"), "bullet", "other_terms"),
    (("plan", "disclosure", "term_months"), 11, "other_terms"),
    (("plan", "disclosure", "principal_fen"), 600_001, "sum"),
    (("plan", "disclosure", "total_cost_fen"), 1, "sum"),
    (("plan", "terms", "principal_fen"), 1, "sum"),
    (("plan", "rows", 0, "interest_fen"), 0, "sum"),
    (("plan", "rows", 0, "payment_fen"), 0, "sum"),
    (("plan", "rows", 3, "closing_fen"), 0, "sum"),
    (("plan", "total_fen"), 1, "sum"),
    (("plan", "price_fen"), 1, "sum"),
    (("plan", "down_payment_fen"), 0, "sum"),
    (("plan", "rows", 5, "due_date"), "2026-11-23", "dates_order"),
    (("plan", "net_price_fen"), 1, "sum"),
    (("plan", "benefits", "price_fen"), 1, "sum"),
    (("plan", "benefits", "net_price_fen"), 1, "sum"),
    (("certificate", "product_kind"), "finance_lease", "other_terms"),
    (("certificate", "attributes", "purpose"), "car_purchase", "other_terms"),
    (("certificate", "lawful"), False, "unlawful"),
    (("certificate", "findings", 0, "result"), "fail", "unlawful"),
]


@pytest.mark.parametrize(("path", "value", "code"), WRONG, ids=str)
def test_contradiction_is_not_printed(
    values: dict[str, Any], path: Path, value: object, code: str
) -> None:
    papers().render("contract", "zh", values)
    with pytest.raises(ImpossibleError) as caught:
        papers().render("contract", "zh", changed(values, path, value))
    assert caught.value.code == f"document.{code}"
    assert caught.value.field
    assert caught.value.fix


MISTYPED: list[tuple[Path, object]] = [
    (("plan", "price_fen"), "699900"),
    (("plan", "price_fen"), True),
    (("plan", "price_fen"), -1),
    (("plan", "price_fen"), 10**14),
    (("plan", "rows", 0, "due_date"), "22/12/2026"),
    (("plan", "rows", 0, "due_date"), 20261222),
    (("plan", "rows"), []),
    (("plan", "terms", "day_count"), "30/365"),
    (("plan", "terms", "rate_ppm"), "48000"),
    (("plan", "disclosure", "costs", 0, "item"), "guarantee_fee"),
    (("certificate", "product_kind"), "card_account"),
    (("certificate", "attributes", "channel"), "by_post"),
    (("names", "benefits"), []),
    (("certificate", "findings", 0, "standing"), "law_probably"),
    (("lender", "zh"), ""),
    (("borrower",), ""),
]


@pytest.mark.parametrize(("path", "value"), MISTYPED, ids=str)
def test_wrong_value_is_named_by_its_path(
    values: dict[str, Any], path: Path, value: object
) -> None:
    with pytest.raises(ImpossibleError) as caught:
        papers().render("contract", "zh", changed(values, path, value))
    assert caught.value.code == "document.wrong_value"
    assert caught.value.field == ".".join(map(str, path))


def test_float_is_refused(values: dict[str, Any]) -> None:
    with pytest.raises(ImpossibleError, match="price_fen"):
        papers().render("contract", "zh", changed(values, ("plan", "price_fen"), 6999.0))


def outcome(values: dict[str, Any]) -> str | tuple[str, str]:
    try:
        return papers().render("contract", "en", values)
    except ImpossibleError as error:
        return error.code, error.field


@pytest.mark.parametrize("make", [contract_values, television])
def test_any_value_left_out_is_either_not_printed_or_named(
    make: Callable[[], dict[str, Any]],
) -> None:
    values = make()
    whole = outcome(values)
    assert isinstance(whole, str)
    named = set()
    for path in paths(values):
        other = copy.deepcopy(values)
        del at(other, path[:-1])[path[-1]]
        missing = ("document.missing_value", ".".join(map(str, path)))
        assert outcome(other) in {whole, missing}, path
        if outcome(other) == missing:
            named.add(path)
    assert {("borrower",), ("plan", "terms", "rate_ppm"), ("lender", "en"), ("names",)} <= named
    assert len(named) > 60


def test_unknown_template_or_language(values: dict[str, Any]) -> None:
    with pytest.raises(ImpossibleError, match="contract, disclosure, certificate"):
        papers().render("lease", "zh", values)
    with pytest.raises(ImpossibleError):
        papers().render("contract", "fr", values)  # type: ignore[arg-type] # what is tested


def test_card_may_not_be_printed_as_a_loan(values: dict[str, Any]) -> None:
    plan = copy.deepcopy(values["plan"])
    plan["certificate"]["product_kind"] = "card_instalment"
    with pytest.raises(ImpossibleError) as caught:
        papers().render("disclosure", "zh", values | {"plan": plan})
    assert caught.value.field == "plan.certificate.product_kind"


def test_what_is_said_of_payment_follows_the_product(values: dict[str, Any]) -> None:
    entrusted = papers().render("contract", "zh", values)
    own = papers().render("contract", "zh", values | {"entrusted_payment": False})
    assert "受托支付：" in entrusted
    assert "自主支付：" not in entrusted
    assert "自主支付：" in own
    assert "不经过您的账户" not in own


def test_grace_and_down_payment_are_said_only_where_they_are() -> None:
    without = papers().render("contract", "zh", contract_values(grace_days=0, down_payment_fen=0))
    assert "没有宽限期" in without
    assert "您自己先付" not in without
    with_both = papers().render("contract", "zh", contract_values(grace_days=3))
    assert "宽限期 3 天" in with_both
    assert "您自己先付" in with_both


def test_words_that_were_wrong_before_do_not_come_back(values: dict[str, Any]) -> None:
    for template in ("contract", "disclosure", "certificate"):
        text = parse(papers().render(template, "zh", values)).text
        for word in (
            "年化利率(单利)",
            "年化利率（单利）",
            "没有其他收费",
            "零息费",
            "贴息",
            "销档",
        ):
            assert word not in text
    assert "年化综合融资成本（单利）" in papers().render("disclosure", "zh", values)
