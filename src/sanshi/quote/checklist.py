"""Wording of findings for people 合规检查清单, from their stored form, in zh and en.

Law is never claimed for what is unverified: a frame in front says what a source is worth.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import cast

from sanshi.catalogue.observables import ATTRIBUTES, OBSERVABLES
from sanshi.catalogue.operators import OPERATORS
from sanshi.catalogue.units import Dimension, show
from sanshi.kernel.reasons import Language, Reason, ReasonTexts, Scalar, say

Stored = Mapping[str, object]
"""A finding as `Finding.as_json` returns it."""

LANGUAGES: tuple[Language, Language] = ("zh", "en")


def words(stored: Stored, texts: ReasonTexts, language: Language) -> str:
    """Word a finding: what its source is worth, then the sentence."""
    values = _values(stored, texts)
    sentence = say(Reason(str(stored["reason"]), values), texts, language)
    frame = Reason(f"certificate.frame.{stored['standing']}", {**values, "sentence": sentence})
    return say(frame, texts, language)


def reason(stored: Stored) -> Reason:
    """Return a finding's reason with the figures its sentence needs, in both languages."""
    return Reason(str(stored["reason"]), _values(stored, None))


def _values(stored: Stored, texts: ReasonTexts | None) -> dict[str, Scalar]:
    title = cast("Mapping[str, str]", stored["title"])
    operator = OPERATORS[str(stored["operator"])]
    values: dict[str, Scalar] = {
        "operator_zh": operator.zh,
        "operator_en": operator.en,
        "limit": _bare(stored["limit"]),
        "observed": _bare(_first_observed(stored)),
        "from": cast("str | None", stored["effective_from"]),
        "to": cast("str | None", stored["effective_to"]),
        "day": str(stored["date_used"]),
        **_sources(cast("Mapping[str, str | None] | None", stored["instrument"])),
    }
    for language in LANGUAGES:
        values[f"rule_{language}"] = title[language]
        values[f"unseen_{language}"] = _unseen(str(stored["unseen"]), language)
        values[f"limit_{language}"] = _limit(stored, texts, language)
        values[f"observed_{language}"] = _observed(stored, texts, language)
        values[f"missing_{language}"] = _listing(_missing(stored), texts, language)
    return values


def _bare(value: object) -> Scalar:
    return value if isinstance(value, bool | int | str) else None


def _sources(instrument: Mapping[str, str | None] | None) -> dict[str, Scalar]:
    if instrument is None:
        return {"instrument_zh": "", "instrument_en": ""}
    number = f"（{instrument['doc_no']}）" if instrument["doc_no"] else ""
    return {
        "instrument_zh": f"《{instrument['zh']}》{number}",
        "instrument_en": instrument["en"],
    }


def _unseen(name: str, language: Language) -> str:
    known = ATTRIBUTES.get(name) or OBSERVABLES.get(name)
    if known is None:
        return name
    return known.zh if language == "zh" else known.en


def _limit(stored: Stored, texts: ReasonTexts | None, language: Language) -> str:
    limit = stored["limit"]
    return "" if limit is None else _shown(limit, str(stored["unit"]), texts, language)


def _observed(stored: Stored, texts: ReasonTexts | None, language: Language) -> str:
    return " / ".join(
        _shown(value, OBSERVABLES[name].dimension, texts, language)
        for name, value in _pairs(stored)
    )


def _pairs(stored: Stored) -> list[tuple[str, object]]:
    seen = cast("list[Mapping[str, object]]", stored["observed"])
    return [(str(one["name"]), one["value"]) for one in seen]


def _first_observed(stored: Stored) -> object:
    return next((value for _, value in _pairs(stored)), None)


def _missing(stored: Stored) -> list[str]:
    wanted, seen = stored["limit"], _first_observed(stored)
    if not isinstance(wanted, list) or not isinstance(seen, list):
        return []
    return [code for code in wanted if code not in seen]


def _shown(value: object, unit: str, texts: ReasonTexts | None, language: Language) -> str:
    if isinstance(value, str):
        return _term(value, texts, language)
    if isinstance(value, list):
        return _listing(value, texts, language)
    return show(value, cast("Dimension", unit), language)


def _listing(codes: Iterable[object], texts: ReasonTexts | None, language: Language) -> str:
    joint = "；" if language == "zh" else "; "
    return joint.join(_term(str(code), texts, language) for code in codes)


def _term(code: str, texts: ReasonTexts | None, language: Language) -> str:
    known = texts.get(f"term.{code}") if texts is not None else None
    return known[language] if known is not None else code
