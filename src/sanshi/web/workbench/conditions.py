"""Rules of a decision in words: conditions with their thresholds, and the values they met."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from markupsafe import Markup, escape

from sanshi.decision.vocabulary import FEATURES
from sanshi.decision.words import percent_text
from sanshi.documents.words import money
from sanshi.web.language import mark
from sanshi.web.reader import Reader

Raw = Mapping[str, Any]

_SIGNS: Mapping[str, str] = {"lt": "<", "le": "≤", "gt": ">", "ge": "≥", "eq": "="}
_UNITS: Mapping[str, str] = {"months": mark("{n} 个月"), "days": mark("{n} 天")}


def feature(reader: Reader, name: str) -> str:
    """Name a feature."""
    known = FEATURES.get(name)
    return reader.say.pick(known.zh, known.en) if known else name


def value(reader: Reader, name: str, raw: object) -> Markup:
    """Write a value of a feature in its unit; None: it was not known."""
    known, say = FEATURES.get(name), reader.say
    if raw is None:
        return Markup("—")
    if isinstance(raw, bool):
        return say("是") if raw else say("否")
    if known is None or not isinstance(raw, int):
        return _text(reader, name, str(raw))
    if known.kind in {"fen", "ppm"}:
        return escape(money(raw) if known.kind == "fen" else percent_text(raw))
    return say(_UNITS[known.unit], n=raw) if known.unit in _UNITS else escape(str(raw))


def _text(reader: Reader, name: str, raw: str) -> Markup:
    known = FEATURES.get(name)
    if known is not None and raw in known.codes:
        return escape(reader.say.pick(*known.codes[raw]))
    scene = reader.catalogue.scenarios.get(raw)
    return escape(reader.name(scene) if scene else raw)


def condition(reader: Reader, when: Raw) -> Markup:
    """Write a condition as one reads it."""
    say = reader.say
    if "not" in when:
        return say("不满足（{inner}）", inner=condition(reader, when["not"]))
    for name, between in (("all", say(" 且 ")), ("any", say(" 或 "))):
        if name in when:
            return between.join(condition(reader, part) for part in when[name])
    return _comparison(reader, when)


def _comparison(reader: Reader, when: Raw) -> Markup:
    say, name = reader.say, when["feature"]
    left = feature(reader, name)
    if "in" in when:
        options = say.joined(value(reader, name, one) for one in when["in"])
        return say("{feature} 属于：{options}", feature=left, options=options)
    if "between" in when:
        low, high = (value(reader, name, one) for one in when["between"])
        return say("{feature} 在 {low} 到 {high} 之间", feature=left, low=low, high=high)
    sign = next(code for code in _SIGNS if code in when)
    return Markup("{} {} {}").format(left, _SIGNS[sign], value(reader, name, when[sign]))
