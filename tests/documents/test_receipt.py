"""What lowers the price is shown with its payer; what may come stands apart from every figure."""

from __future__ import annotations

import copy
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from documents.plans import LANGUAGES, contract_values, demo, first, like, papers, television
from documents.reading import FIGURE, Node, amount, figures, parse, without
from sanshi.catalogue.benefits import Benefit
from sanshi.kernel.errors import ImpossibleError
from sanshi.kernel.reasons import Language

CHANCES = ("s-may", "s-after", "s-if")
"""The only places where the amount of a mere chance may stand."""

_BENEFIT: dict[str, Any] = {
    **dict.fromkeys(("scheme", "valid_days", "share", "cap", "rate_share", "threshold")),
    **dict.fromkeys(("price_max", "goods_listed", "uses", "eligibility", "effective_to")),
    **dict.fromkeys(("merchants", "products", "caps"), ()),
    "zh": "家电优惠",
    "en": "appliance benefit",
    "kind": "spend_and_save",
    "scenarios": ("household",),
    "goods": {},
    "effective_from": date(2026, 1, 1),
    "region": "CN",
}

offers = st.lists(
    st.fixed_dictionaries(
        {
            "amount": st.integers(1, 40_000).map(lambda fen: {"fen": fen}),
            "timing": st.sampled_from(["at_checkout", "reimbursed_later"]),
            "entitlement": st.sampled_from(["none", "voucher"]),
            "on_return": st.sampled_from(["proportional", "kept"]),
            "funders": st.lists(
                st.sampled_from(["merchant", "central_treasury", "shanghai_treasury"]),
                min_size=1,
                unique=True,
            ).map(lambda found: tuple({"funder": f, "weight": i + 1} for i, f in enumerate(found))),
        }
    ),
    max_size=5,
)


def benefits_of(found: list[dict[str, Any]]) -> tuple[Benefit, ...]:
    model = first(demo().benefits)
    return tuple(
        like(
            model,
            **_BENEFIT
            | offer
            | {"id": f"offer_{n}", "order": n}
            | {"valid_days": {"fen": 14} if offer["entitlement"] == "voucher" else None},
        )
        for n, offer in enumerate(found)
    )


def lines_of(values: dict[str, Any]) -> list[dict[str, Any]]:
    lines: list[dict[str, Any]] = values["plan"]["benefits"]["lines"]
    return lines


def lowers(line: dict[str, Any]) -> bool:
    return (line["timing"], line["certainty"]) == ("at_checkout", "held")


def money_of(node: Node) -> Decimal:
    text = node.text
    return -amount(text.removeprefix("−")) if text.startswith("−") else amount(text)


def rows_of(root: Node) -> list[tuple[str, Decimal]]:
    rows = root.one("dl", "s-receipt").all("div")
    return [(row.one("dt").text, money_of(row.one("dd"))) for row in rows]


@settings(max_examples=60)
@given(found=offers, down_fen=st.integers(0, 200_000), language=st.sampled_from(LANGUAGES))
def test_receipt_adds_up_and_names_every_payer(
    found: list[dict[str, Any]], down_fen: int, language: Language
) -> None:
    values = contract_values(benefits=benefits_of(found), down_payment_fen=down_fen)
    given_lines = [line for line in lines_of(values) if lowers(line)]
    assume(all(line["amount_fen"] for line in given_lines))
    root = parse(papers().render("contract", language, values))
    rows = rows_of(root)
    price, *given_rows = rows[: 1 + len(given_lines)]
    rest = rows[1 + len(given_lines) :]
    for line, (said, fen) in zip(given_lines, given_rows, strict=True):
        assert fen == -Decimal(line["amount_fen"]) / 100
        for part in line["funded"]:
            assert values["names"]["funders"][part["funder"]][language] in said
    balance = price[1] + sum(fen for _, fen in given_rows)
    if given_lines:
        assert rest.pop(0)[1] == balance
    if down_fen:
        balance -= rest.pop(0)[1]
    assert [fen for _, fen in rest] == [balance]
    assert balance == Decimal(values["plan"]["terms"]["principal_fen"]) / 100
    chances = [node for box in root.all("div", "s-may") for node in box.all("li")]
    assert len(chances) == len(lines_of(values)) - len(given_lines)


@settings(max_examples=40)
@given(found=offers)
def test_chance_stands_in_no_other_figure(found: list[dict[str, Any]]) -> None:
    values = contract_values(benefits=benefits_of(found))
    bare = copy.deepcopy(values)
    bare["plan"]["benefits"]["lines"] = [line for line in lines_of(values) if lowers(line)]
    assume(len(lines_of(bare)) < len(lines_of(values)))
    for template in ("contract", "disclosure"):
        full, less = (
            without(parse(papers().render(template, "zh", one)), *CHANCES) for one in (values, bare)
        )
        assert "".join(full.texts()).split() == "".join(less.texts()).split()


@pytest.mark.parametrize("voucher", [True, False])
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("template", ["contract", "disclosure"])
def test_interest_subsidy_changes_no_figure_elsewhere(
    template: str, language: Language, *, voucher: bool
) -> None:
    values = television(voucher=voucher)
    bare = copy.deepcopy(values)
    bare["plan"]["after_subsidy"] = None
    bare["plan"]["benefits"]["lines"] = [line for line in lines_of(values) if lowers(line)]
    full, less = (parse(papers().render(template, language, one)) for one in (values, bare))
    assert figures(without(full, *CHANCES)) == figures(less)
    assert len(list(full.all("div", "s-after"))) == 1
    assert not [node for name in CHANCES for node in less.all(of=name)]


@pytest.mark.parametrize("language", LANGUAGES)
def test_television_as_worked_out_by_hand(language: Language) -> None:
    root = parse(papers().render("contract", language, television()))
    # 6,000.00 − 300.00 = 5,700.00; × 15 % = 855.00; 5,700.00 − 855.00 = 4,845.00
    assert [fen for _, fen in rows_of(root)] == [
        Decimal(text) for text in ("6000.00", "-300.00", "-855.00", "4845.00", "4845.00")
    ]
    _, discount, trade_in, *_ = (said for said, _ in rows_of(root))
    assert ("海泰" if language == "zh" else "Haitai") in discount
    assert ("上海市财政" if language == "zh" else "Shanghai municipal government") in trade_in
    assert "5,700.00" in trade_in
    assert root.one("dd", "s-annual").text == "3.60%"
    # 50.88 of interest; 4.03 + 3.25 = 7.28 of subsidy; 50.88 − 7.28 = 43.60
    assert FIGURE.findall(root.one("div", "s-after").text)[1] == "43.60"
    assert "7.28" in root.one("div", "s-may").text
    days = {node.attributes["datetime"] for node in root.one("div", "s-may").all("time")}
    assert days == {"2026-12-31"}


def test_what_the_subsidy_leaves_if_it_does_not_come_is_said() -> None:
    root = parse(papers().render("disclosure", "zh", television()))
    assert "有条件" in root.one("div", "s-after").text
    assert "补贴没有到账的，您按合同付全部利息。" in root.one("p", "s-if").text
    assert "没有到账的，全部利息由您承担" in root.one("div", "s-may").text


def test_subsidy_that_lapsed_since_the_quote_is_not_promised() -> None:
    values = television()
    findings = [
        finding
        for finding in values["certificate"]["findings"]
        if not any(seen["name"].startswith("fiscal_subsidy.") for seen in finding["observed"])
    ]
    values["certificate"]["findings"] = findings
    root = parse(papers().render("contract", "zh", values))
    assert not [node for name in CHANCES for node in root.all(of=name)]
    assert "贴息" not in without(root, "s-checks").text


def test_voucher_that_is_not_held_lowers_nothing() -> None:
    root = parse(papers().render("contract", "zh", television(voucher=False)))
    assert [fen for _, fen in rows_of(root)] == [Decimal(n) for n in (6000, -300, 5700, 5700)]
    chance = next(iter(root.one("div", "s-may").all("li")))
    assert "855.00" in chance.text
    assert "本合同签订之后不会补给" in chance.text


PLAN = ("plan", "benefits", "lines")
WRONG: list[tuple[tuple[str | int, ...], object]] = [
    ((*PLAN, 0, "amount_fen"), 29_999),
    ((*PLAN, 0, "timing"), "reimbursed_later"),
    ((*PLAN, 0, "base_fen"), 599_999),
    ((*PLAN, 1, "amount_fen"), 85_501),
    ((*PLAN, 1, "funded", 0, "amount_fen"), 85_499),
    ((*PLAN, 1, "certainty"), "conditional"),
    ((*PLAN, 1, "base_fen"), 600_000),
    ((*PLAN, 2, "amount_fen"), 729),
    ((*PLAN, 2, "funded", 1, "amount_fen"), 72),
    ((*PLAN, 2, "base_fen"), 484_500),
    ((*PLAN, 2, "timing"), "reimbursed_later"),
    (PLAN, []),
    (("plan", "after_subsidy"), None),
    (("plan", "after_subsidy", "total_cost_fen"), 4_359),
    (("plan", "after_subsidy", "cn_irr_nominal_ppm"), 36_001),
    (("plan", "after_subsidy", "effective_ppm"), 40_000),
]


@pytest.mark.parametrize(("path", "value"), WRONG, ids=str)
@pytest.mark.parametrize("template", ["contract", "disclosure"])
def test_benefits_that_do_not_sum_are_not_printed(
    template: str, path: tuple[str | int, ...], value: object
) -> None:
    values: Any = television()
    papers().render(template, "zh", values)
    inner = values
    for step in path[:-1]:
        inner = inner[step]
    inner[path[-1]] = value
    with pytest.raises(ImpossibleError) as caught:
        papers().render(template, "zh", values)
    assert caught.value.code == "document.sum"
    assert caught.value.field.startswith(("plan.benefits", "plan.after_subsidy"))


@given(data=st.data(), more_fen=st.integers(-(10**6), 10**6).filter(bool))
def test_no_amount_of_a_benefit_can_be_another(data: st.DataObject, more_fen: int) -> None:
    values = television()
    line = data.draw(st.sampled_from(lines_of(values)))
    part = data.draw(st.sampled_from(line["funded"]))
    assume(part["amount_fen"] + more_fen > 0)
    part["amount_fen"] += more_fen
    line["amount_fen"] += more_fen  # it still is the sum of its parts
    with pytest.raises(ImpossibleError) as caught:
        papers().render("disclosure", "zh", values)
    assert caught.value.code == "document.sum"


@pytest.mark.parametrize("template", ["contract", "disclosure"])
@pytest.mark.parametrize("group", ["benefits", "funders"])
def test_name_that_lacks_is_refused(template: str, group: str) -> None:
    for name in television()["names"][group]:
        values = television()
        del values["names"][group][name]
        with pytest.raises(ImpossibleError) as caught:
            papers().render(template, "zh", values)
        assert caught.value.code == "document.missing_value"
        assert caught.value.field == f"names.{group}.{name}"


def test_subsidy_said_to_be_sure_has_no_words() -> None:
    values = television()
    lines_of(values)[2]["certainty"] = "held"
    with pytest.raises(ImpossibleError, match=r"unsure\.at_interest_settlement\.held"):
        papers().render("contract", "zh", values)
