"""Every reason that the code can give has words in both languages in the packs."""

from __future__ import annotations

import ast
import string
from collections.abc import Iterator
from pathlib import Path

from desks import packs

SOURCE = Path(__file__).parents[2] / "src/sanshi"


def codes_in(text: str) -> Iterator[str]:
    """Yield the literal codes of every `Reason(...)` in a source text."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Reason" and node.args:
            first = node.args[0]
            if isinstance(first, ast.Constant) and isinstance(first.value, str):
                yield first.value


def test_every_reason_in_the_code_has_words() -> None:
    texts = packs().catalogue.texts
    used = {code for path in SOURCE.rglob("*.py") for code in codes_in(path.read_text("utf-8"))}
    assert len(used) > 10
    assert sorted(used - texts.keys()) == []


def test_both_languages_ask_for_the_same_values() -> None:
    for code, words in packs().catalogue.texts.items():
        zh, en = ({name for _, name, _, _ in string.Formatter().parse(words[lang]) if name}
                  for lang in ("zh", "en"))  # fmt: skip
        plain = {name.removesuffix("_zh").removesuffix("_en") for name in zh}
        assert plain == {name.removesuffix("_zh").removesuffix("_en") for name in en}, code


def test_the_scan_sees_a_reason() -> None:
    assert list(codes_in('x = Reason("a.b", {"n": 1}) or other("c.d")')) == ["a.b"]
