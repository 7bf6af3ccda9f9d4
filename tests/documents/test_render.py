"""The same values give the same bytes, whatever names they carry and wherever they are read."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from documents.plans import LANGUAGES, contract_values, law, papers, television
from documents.reading import Node, parse
from sanshi.documents.render import TEMPLATES, HtmlDocuments
from sanshi.documents.words import word
from sanshi.kernel.canonical import canonical_json
from sanshi.kernel.errors import ImpossibleError
from sanshi.kernel.reasons import Language
from sanshi.ports import Documents

OUTSIDE = re.compile(r"https?:|//|url\(|@import|<script|<link|<iframe|<img|\bon\w+=|\bsrc=|\bhref=")
HOSTILE = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "</title></style><b>",
    "\u202e00.000,1¥\u202c",
    "\u2067\u05d0\u05d1",
    "{{ doc }}{% raw %}{0}{name}%s",
    "&lt;&amp;",
    'O’Brien & Sons\' "Ltd"',
    "阿不都热依木·买买提（虚构）",
)

AGAIN = """
import json, sys
from sanshi.documents.render import HtmlDocuments
given = json.load(sys.stdin)
paper = HtmlDocuments(given["texts"])
for template in ("contract", "disclosure", "certificate"):
    for language in ("zh", "en"):
        sys.stdout.buffer.write(paper.render(template, language, given["values"]).encode())
"""


@pytest.fixture(scope="module")
def values() -> dict[str, Any]:
    return television()


def test_it_is_the_port_of_flows(values: dict[str, Any]) -> None:
    port: Documents = papers()
    assert port.render("contract", "zh", values).startswith("<!doctype html>")


@pytest.mark.parametrize("template", TEMPLATES)
@pytest.mark.parametrize("language", LANGUAGES)
def test_same_values_give_the_same_bytes(
    values: dict[str, Any], template: str, language: Language
) -> None:
    first = papers().render(template, language, values)
    stored = json.loads(canonical_json(values))
    backwards = json.loads(json.dumps(values), object_pairs_hook=lambda pairs: dict(pairs[::-1]))
    fresh = HtmlDocuments(law().texts)
    assert first == papers().render(template, language, values)
    assert first == fresh.render(template, language, stored)
    assert first == fresh.render(template, language, backwards)


def test_another_process_zone_and_hash_seed_give_the_same_bytes(
    values: dict[str, Any], tmp_path: Path
) -> None:
    here = "".join(
        papers().render(template, language, values)
        for template in TEMPLATES
        for language in LANGUAGES
    )
    given = json.dumps({"texts": law().texts, "values": values}).encode()
    for seed, zone in (("1", "Asia/Shanghai"), ("2", "America/Lima")):
        outside = {"PYTHONHASHSEED": seed, "TZ": zone, "LC_ALL": "C", "PATH": os.defpath}
        run = subprocess.run(
            [sys.executable, "-c", AGAIN],
            input=given,
            env=outside,
            cwd=tmp_path,
            check=True,
            capture_output=True,
        )
        assert run.stdout.decode() == here


def shape(root: Node) -> list[tuple[str, tuple[str, ...]]]:
    return [(node.tag, tuple(node.attributes)) for node in root.all()]


def with_name(values: dict[str, Any], name: str) -> dict[str, Any]:
    words = {"zh": name, "en": name}
    finding = {**values["certificate"]["findings"][0], "title": words}
    finding["instrument"] = {**finding["instrument"], **words, "doc_no": name}
    findings = [finding, *values["certificate"]["findings"][1:]]
    benefits = {key: {**words, "on_return": "kept"} for key in values["names"]["benefits"]}
    funders = dict.fromkeys(values["names"]["funders"], words)
    return values | {
        "contract_id": name,
        "names": {"benefits": benefits, "funders": funders},
        "borrower": name,
        "lender": words,
        "merchant": words,
        "product": words,
        "good": {**words, "sku": name},
        "certificate": values["certificate"] | {"findings": findings},
    }


@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.parametrize("language", LANGUAGES)
def test_name_stays_text(values: dict[str, Any], name: str, language: Language) -> None:
    plain = papers().render("contract", language, with_name(values, "name"))
    html = papers().render("contract", language, with_name(values, name))
    assert shape(parse(html)) == shape(parse(plain))
    fenced = [node.text for node in parse(html).all("bdi")]
    assert fenced == [name] * len(fenced)
    assert len(fenced) >= 20


@settings(max_examples=60)
@given(name=st.text(min_size=1).filter(lambda t: t.isprintable() and t.strip() == t))
def test_no_name_changes_the_shape_of_the_document(name: str) -> None:
    values = contract_values_once()
    plain = papers().render("disclosure", "zh", values)
    html = papers().render("disclosure", "zh", values | {"lender": {"zh": name, "en": name}})
    assert shape(parse(html)) == shape(parse(plain))


_ONCE: list[dict[str, Any]] = []


def contract_values_once() -> dict[str, Any]:
    if not _ONCE:
        _ONCE.append(contract_values())
    return _ONCE[0]


@pytest.mark.parametrize("template", TEMPLATES)
@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_outside_is_asked_for(
    values: dict[str, Any], template: str, language: Language
) -> None:
    html = papers().render(template, language, values)
    assert not OUTSIDE.findall(html)
    policy = parse(html).one("head").children
    equiv = [n for n in policy if isinstance(n, Node) and "http-equiv" in n.attributes]
    assert "default-src 'none'" in equiv[0].attributes["content"]
    assert "unsafe" not in equiv[0].attributes["content"]


@pytest.mark.parametrize("template", TEMPLATES)
@pytest.mark.parametrize(("language", "tag"), [("zh", "zh-CN"), ("en", "en")])
def test_structure_can_be_walked_by_ear(
    values: dict[str, Any], template: str, language: Language, tag: str
) -> None:
    root = parse(papers().render(template, language, values))
    assert root.one("html").attributes["lang"] == tag
    assert root.one("title").text
    levels = [int(n.tag[1]) for n in root.all() if re.fullmatch(r"h[1-6]", n.tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(b <= a + 1 for a, b in pairwise(levels))
    for table in root.all("table"):
        assert table.one("caption").text
        heads = list(table.one("thead").all("th"))
        assert all(th.attributes["scope"] == "col" for th in heads)
        for row in table.one("tbody").all("tr"):
            named = list(row.all("th"))
            assert [th.attributes["scope"] for th in named] == ["row"]
            assert len(list(row.all("th"))) + len(list(row.all("td"))) == len(heads)


def test_english_document_is_in_english(values: dict[str, Any]) -> None:
    names = values | {"borrower": "Chen Anran (fictional)"}
    root = parse(papers().render("contract", "en", names))
    marked = "".join(n.text for n in root.all("span") if n.attributes.get("lang") == "zh-CN")
    chinese = set(re.findall(r"[\u4e00-\u9fff]", root.one("body").text))
    assert chinese <= set(marked)


def test_code_without_words_is_our_fault() -> None:
    with pytest.raises(ImpossibleError, match=r"item\.guarantee_fee"):
        word("item.guarantee_fee", "zh")
