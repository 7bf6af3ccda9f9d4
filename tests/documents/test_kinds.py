"""A lease reads as a lease, a car as a car, and returned goods as what really happens."""

from __future__ import annotations

import re
from collections.abc import Callable
from importlib.resources import files
from typing import Any

import pytest

from documents.plans import LANGUAGES, car, contract_values, lease, papers, plate, television
from documents.reading import Node, parse, without
from sanshi.documents.render import GOODS, KINDS
from sanshi.documents.words import word
from sanshi.kernel.errors import ImpossibleError
from sanshi.kernel.reasons import Language


def read(values: dict[str, Any], language: Language) -> Node:
    """Return a contract but for its checklist, whose words are the packs'."""
    root = without(parse(papers().render("contract", language, values)), "s-checks")
    return root.one("main")


def section(values: dict[str, Any], name: str, language: Language = "zh") -> str:
    found = [
        node.text
        for node in read(values, language).all("section")
        if node.attributes["aria-labelledby"] == name
    ]
    return found[0] if found else ""


def test_every_kind_has_words_for_the_same_things() -> None:
    folder = files("sanshi.documents").joinpath("templates/kinds")
    defined = {
        kind: sorted(re.findall(r"macro (\w+\([^)]*\))", folder.joinpath(f).read_text("utf-8")))
        for kind, f in ((kind, f"{kind}.html.jinja") for kind in set(KINDS.values()))
    }
    assert len(defined) == 2
    assert defined["loan"] == defined["lease"]
    assert len(defined["loan"]) > 20


@pytest.mark.parametrize("language", LANGUAGES)
def test_lease_never_calls_itself_a_loan(language: Language) -> None:
    text = read(lease(), language).text.lower()
    wrong = ("贷款", "借款", "还款", "放款") if language == "zh" else ("loan", "borrow", "lend")
    assert not [word_ for word_ in wrong if word_ in text]
    right = ("承租人", "出租人", "租金") if language == "zh" else ("lessee", "lessor", "rent")
    assert all(word_ in text for word_ in right)


@pytest.mark.parametrize("make", [contract_values, car, plate, television])
def test_loan_never_calls_itself_a_lease(make: Callable[[], dict[str, Any]]) -> None:
    values = make()
    zh, en = (read(values, language).text.lower() for language in LANGUAGES)
    assert not [wrong for wrong in ("租金", "租息", "出租", "承租") if wrong in zh]
    assert not [wrong for wrong in ("lessee", "lessor", " rent ", " lease ") if wrong in en]
    assert section(values, "title") == ""


def test_lease_says_whose_the_car_is_and_what_it_does_not_settle() -> None:
    said = section(lease(), "title")
    assert "付清全部租金之前，车辆归出租人申租融资租赁公司（虚构）所有" in said
    assert "登记、保险和维修：这份文字没有约定由谁办理、由谁出钱" in said
    assert "结清后，车辆归您所有" in section(lease(), "early")


def test_lessor_that_would_pay_the_lessee_is_refused() -> None:
    with pytest.raises(ImpossibleError) as caught:
        papers().render("contract", "zh", lease() | {"entrusted_payment": False})
    assert caught.value.field == "entrusted_payment"


@pytest.mark.parametrize(
    ("make", "title", "noun", "en"),
    [
        (television, "个人消费贷款合同", "商品", "goods"),
        (car, "个人购车贷款合同", "车辆", "car"),
        (plate, "个人车辆额度贷款合同", "车辆额度", "plate quota"),
        (lease, "车辆融资租赁合同", "车辆", "car"),
    ],
)
def test_thing_bought_is_called_by_its_name(
    make: Callable[[], dict[str, Any]], title: str, noun: str, en: str
) -> None:
    zh = read(make(), "zh")
    assert zh.one("h1").text == title
    assert f"上述{noun}" in section(make(), "purpose")
    assert f"the {en} above" in section(make(), "purpose", "en")
    assert ("商品" in zh.text) == (noun == "商品")
    assert ("goods" in read(make(), "en").text) == (en == "goods")


def test_other_purposes_have_words_too() -> None:
    values = contract_values()
    for certificate in (values["certificate"], values["plan"]["certificate"]):
        certificate["attributes"]["purpose"] = "education"
    assert "上述商品或服务" in section(values, "purpose")
    for good in {*GOODS.values(), "purchase"}:
        for kind in ("good", "returning"):
            assert word(f"{kind}.{good}", "zh") != word(f"{kind}.{good}", "en")


def test_where_it_is_taken_is_said() -> None:
    assert "线上" in section(television(), "parties")
    assert "在门店当面办理" in section(car(), "parties")


def test_return_of_goods_without_benefits() -> None:
    said = section(contract_values(down_payment_fen=0), "return")
    assert "全部退回的，商家退 ¥6,999.00" in said
    for absent in ("补贴", "资格券", "优惠", "您自己先付"):
        assert absent not in said
    assert "您自己先付的部分" in section(contract_values(), "return")


def test_return_of_goods_with_every_benefit() -> None:
    said = section(television(), "return")
    assert "全部退回的，退 ¥4,845.00" in said
    assert "按它占标价 ¥6,000.00 的比例退" in said
    assert "电视满 5000 减 300、家电以旧换新补贴，按同样的比例回到各自的承担方" in said
    assert "只有全部退回、且资格券还在有效期内" in said
    assert "这部分利息改由您承担，从退款中先付" in said
    assert "资格券" not in section(television(voucher=False), "return")


def test_benefit_that_is_kept_on_return_is_not_said_to_go_back() -> None:
    values = television()
    values["names"]["benefits"]["appliance_trade_in"]["on_return"] = "kept"
    said = section(values, "return")
    assert "优惠和补贴：电视满 5000 减 300，" in said
    assert "不收回的优惠：家电以旧换新补贴，" in said
