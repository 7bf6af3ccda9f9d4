"""Findings of a certificate as lines of the checklist 合规检查清单.

A tag says what a source is worth and another what came of the check, each in a word as well as
a colour. Nothing that is unverified is ever introduced as law.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from markupsafe import Markup

from sanshi.catalogue.operators import OPERATORS
from sanshi.documents.values import Certificate, Finding, Instrument
from sanshi.documents.words import word
from sanshi.kernel.reasons import Language, ReasonTexts
from sanshi.quote.checklist import words

TABLE = "disclosure.cost_table.required_fields"
"""The fact that asks for the cost disclosure table."""

_TITLED: Mapping[Language, Markup] = {"zh": Markup("《{}》"), "en": Markup("“{}”")}
_NUMBERED: Mapping[Language, Markup] = {
    "zh": Markup("（{}）"),
    "en": Markup(' (<span lang="zh-CN">{}</span>)'),
}
_AGE = "borrower.age_years"
_SENTENCE = "{sentence}"
_LIMIT = "document.limit"
_OBSERVED = "document.observed"


@dataclass(frozen=True, slots=True)
class Check:
    """One line. `demand` and `seen` stand for what was compared, else `sentence` says it."""

    title: str
    result: str
    standing: str
    demand: str
    seen: str
    sentence: str
    source: Markup
    confidence: str
    effective_from: date | None
    effective_to: date | None


def checks(certificate: Certificate, texts: ReasonTexts, language: Language) -> tuple[Check, ...]:
    """Return the lines of a certificate, worded with the packs' texts."""
    return tuple(_check(finding, texts, language) for finding in certificate.findings)


def basis(certificate: Certificate) -> Finding | None:
    """Return the finding that carries the instrument of the cost table, if it is law here."""
    for finding in certificate.findings:
        if finding.fact == TABLE and finding.standing == "law" and finding.instrument is not None:
            return finding
    return None


def _check(finding: Finding, texts: ReasonTexts, language: Language) -> Check:
    # A plain yes or no reads better as the packs' sentence than as two figures.
    compared = (
        finding.kind == "compared"
        and bool(finding.observed)
        and not isinstance(finding.limit, bool)
    )
    title = finding.title.said(language)
    plain = compared and finding.result == "pass"
    return Check(
        title=_capital(title),
        result=finding.result,
        standing=finding.standing,
        demand=_demand(finding, texts, language) if compared else "",
        seen=_seen(finding, texts, language) if compared else "",
        sentence="" if plain else _sentence(finding, texts, language),
        source=source(finding.instrument, finding.article, language, finding.standing),
        confidence=word(f"confidence.{finding.confidence}", language),
        effective_from=finding.effective_from,
        effective_to=finding.effective_to,
    )


def source(
    instrument: Instrument | None, article: str | None, language: Language, standing: str
) -> Markup:
    """Name an instrument with its number, introduced by what it is worth here."""
    if instrument is None:
        return Markup("")
    named = _TITLED[language].format(instrument.said(language))
    if instrument.doc_no:
        named += _NUMBERED[language].format(instrument.doc_no)
    if article:
        named += Markup(" {}").format(article)
    return Markup(word(f"source.{standing}", language)).format(named)  # noqa: S704 - our own words


def _demand(finding: Finding, texts: ReasonTexts, language: Language) -> str:
    operator = OPERATORS[finding.operator]
    verb = operator.zh if language == "zh" else operator.en
    colon = ("：" if language == "zh" else ": ") if isinstance(finding.limit, list) else " "
    limit = _age(finding, finding.limit, language) or _asked(finding, _LIMIT, texts, language)
    return _capital(f"{verb}{colon}{limit}")


def _seen(finding: Finding, texts: ReasonTexts, language: Language) -> str:
    only = finding.observed[0].value
    if finding.result == "pass" and isinstance(finding.limit, list) and isinstance(only, list):
        return "全部具备" if language == "zh" else "All present"
    shown = _age(finding, only, language) or _asked(finding, _OBSERVED, texts, language)
    return _capital(shown) if shown else "—"


def _age(finding: Finding, value: object, language: Language) -> str:
    if all(seen.name != _AGE for seen in finding.observed):
        return ""
    return f"{value} 周岁" if language == "zh" else f"{value} years old"


def _sentence(finding: Finding, texts: ReasonTexts, language: Language) -> str:
    said = _asked(finding, finding.reason, texts, language)
    title = finding.title.said(language)
    return _capital(said.removeprefix(f"{title}：").removeprefix(f"{title}: "))


def _asked(finding: Finding, code: str, texts: ReasonTexts, language: Language) -> str:
    """Have the checklist word one thing about a finding, without the frame: here tags say it."""
    stored: Mapping[str, object] = finding.model_dump(mode="json") | {"reason": code}
    wanted: ReasonTexts = {
        **texts,
        f"certificate.frame.{finding.standing}": {"zh": _SENTENCE, "en": _SENTENCE},
        _LIMIT: {"zh": "{limit_zh}", "en": "{limit_en}"},
        _OBSERVED: {"zh": "{observed_zh}", "en": "{observed_en}"},
    }
    return words(stored, wanted, language)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
