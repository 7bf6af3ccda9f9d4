"""Both languages are whole: every sentence has its English, and no English is left over."""

from __future__ import annotations

import io
import re
import string
from collections.abc import Iterator
from html.parser import HTMLParser
from importlib.resources import files
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.pofile import read_po
from jinja2.ext import babel_extract

import sanshi.web
from sanshi.kernel.errors import ImpossibleError
from sanshi.web.language import CATALOGUE, Tongue
from web.consumer.answers import Answers
from web.consumer.cases import CASES, html

ROOT = Path(sanshi.web.__path__[0])
CALLS = ("_", "say", "mark")
CHINESE = re.compile(r"[\u3400-\u9fff\uff00-\uffef\u3000-\u303f]")


def python_sentences(source: bytes) -> set[str]:
    keywords = dict.fromkeys(CALLS)
    found = extract("python", io.BytesIO(source), keywords=keywords)
    return {str(text) for _, text, _, _ in found}


def template_sentences(source: bytes) -> set[str]:
    options = {"trim_blocks": "true", "lstrip_blocks": "true"}
    found = babel_extract(io.BytesIO(source), CALLS, [], options)
    return {str(text[0] if isinstance(text, tuple) else text) for _, _, text, _ in found}


def sentences() -> set[str]:
    said: set[str] = set()
    for path in ROOT.rglob("*.py"):
        said |= python_sentences(path.read_bytes())
    for path in ROOT.rglob("*.jinja"):
        said |= template_sentences(path.read_bytes())
    return said


def catalogue() -> Catalog:
    raw = files("sanshi.web").joinpath(CATALOGUE).read_bytes()
    return read_po(io.BytesIO(raw), locale="en", abort_invalid=True)


def fields(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def test_every_sentence_has_english_and_none_is_dead() -> None:
    known = {str(entry.id) for entry in catalogue() if entry.id}
    assert sentences() - known == set()
    assert known - sentences() == set()


def test_english_is_written_and_names_the_same_values() -> None:
    for entry in catalogue():
        if entry.id:
            assert entry.string, entry.id
            assert not entry.fuzzy, entry.id
            assert fields(str(entry.id)) == fields(str(entry.string)), entry.id
            assert not CHINESE.search(str(entry.string)), entry.id


def test_the_scan_sees_what_is_said() -> None:
    assert python_sentences('x = say("甲 {n}", n=1); y = mark("乙")'.encode()) == {"甲 {n}", "乙"}
    template = '{% macro a(_) %}{{ _("丙") }}{% endmacro %}{% if b %}{{ _("丁", n=1) }}{% endif %}'
    assert template_sentences(template.encode()) == {"丙", "丁"}


def test_no_chinese_stands_outside_a_sentence() -> None:
    """What is left of a template or a Python file without its sentences and comments is plain."""
    for path in ROOT.rglob("*.jinja"):
        text = re.sub(r"\{#.*?#\}", "", path.read_text("utf-8"), flags=re.DOTALL)
        for said in sorted(template_sentences(path.read_bytes()), key=len, reverse=True):
            text = text.replace(f'_("{said}"', "")
        left = [line for line in text.splitlines() if CHINESE.search(line)]
        assert all('lang="zh-CN">中文<' in line for line in left), (path.name, left)


def test_a_sentence_without_english_is_a_fault_of_ours() -> None:
    with pytest.raises(ImpossibleError) as raised:
        Tongue("en")("没有这句话")
    assert raised.value.code == "page.no_english"


def test_values_bring_no_markup() -> None:
    assert Tongue("zh")("共付 {fen}", fen="<b>1</b>") == "共付 &lt;b&gt;1&lt;/b&gt;"


class Texts(HTMLParser):
    """Texts of a page and what its attributes say, outside elements marked as Chinese."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self._open: list[tuple[str, bool]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        is_zh = given.get("lang") == "zh-CN" or (bool(self._open) and self._open[-1][1])
        self.found += [given[name] or "" for name in ("aria-label", "title") if given.get(name)]
        if tag not in {"meta", "link", "input", "br", "img"}:
            self._open.append((tag, is_zh))

    def handle_endtag(self, tag: str) -> None:
        while self._open and self._open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        if not (self._open and self._open[-1][1]):
            self.found.append(data)


def english_texts(page: str) -> Iterator[str]:
    reader = Texts()
    reader.feed(page)
    yield from reader.found


@pytest.mark.parametrize("case", CASES)
def test_english_pages_are_english(case: str, answers: Answers) -> None:
    page = html(case, answers, "en")
    assert '<html lang="en"' in page
    # What people typed, and their names, stand as they are.
    typed = {"一万", "林**", "何向阳", "申江资产（虚构）"}
    chinese = [text for text in english_texts(page) if CHINESE.search(text) and text not in typed]
    assert chinese == []
