"""Rendering: checked values and one template give one HTML document, always the same bytes.

A document holds its own style and nothing else: no script, no address, no clock. It may be read
for years, anywhere, and is evidence of what a person was shown.
"""

from __future__ import annotations

import hashlib
from base64 import b64encode
from collections.abc import Callable, Iterable, Mapping
from importlib.resources import files
from typing import Any

from jinja2 import UndefinedError
from markupsafe import Markup

from sanshi.documents.filters import environment, named
from sanshi.documents.findings import basis, checks, source
from sanshi.documents.receipt import Item, receipt
from sanshi.documents.sums import check_claims
from sanshi.documents.values import (
    CertificateValues,
    ContractValues,
    DisclosureValues,
    Value,
    read,
)
from sanshi.documents.words import LANG_TAGS, money
from sanshi.kernel.errors import ImpossibleError
from sanshi.kernel.rates import DISCLOSED_PPM
from sanshi.kernel.reasons import Language, ReasonTexts

TEMPLATES: Mapping[str, type[Value]] = {
    "contract": ContractValues,
    "disclosure": DisclosureValues,
    "certificate": CertificateValues,
}
"""Every document, and the values it is made from."""

KINDS: Mapping[str, str] = {
    "instalment_loan": "loan",
    "credit_line": "loan",
    "finance_lease": "lease",
}
"""Kind of product → the file of its words in `templates/kinds`."""

GOODS: Mapping[str, str] = {
    "consumption": "goods",
    "car_purchase": "car",
    "plate_quota": "plate",
}
"""Purpose → what the thing bought is called; any other is a `purchase`."""

Say = Callable[..., Markup]


class HtmlDocuments:
    """The port `Documents`. `texts` are the packs' words; values carry those packs' hash."""

    def __init__(self, texts: ReasonTexts) -> None:
        """Read templates and style from the package."""
        self._texts = texts
        self._environment = environment(__package__, keep_trailing_newline=True)
        self._style = files(__package__).joinpath("templates/document.css").read_text("utf-8")
        # The document's own policy lets in this one style and nothing else.
        self._style_hash = b64encode(hashlib.sha256(self._style.encode()).digest()).decode()

    def render(self, template: str, language: Language, values: Mapping[str, Any]) -> str:
        """Return the document, or raise ImpossibleError naming the value that is not right."""
        kind = TEMPLATES.get(template)
        if kind is None or language not in LANG_TAGS:
            raise ImpossibleError(
                "document.no_template",
                f"There is no {language} template {template!r}.",
                field="template",
                fix=f"Use one of {', '.join(TEMPLATES)} in zh or en.",
            )
        document = read(kind, values)
        check_claims(document)
        certificate = document.certificate  # type: ignore[attr-defined] # all three have one
        more = _deal(document, language) if isinstance(document, DisclosureValues) else {}
        try:
            return self._environment.get_template(f"{template}.html.jinja").render(
                doc=document,
                language=language,
                lang=LANG_TAGS[language],
                say=_say(language),
                checks=checks(certificate, self._texts, language),
                basis=basis(certificate),
                source=source,
                disclosed_ppm=DISCLOSED_PPM,
                style=Markup(self._style),  # noqa: S704 - our own file
                style_hash=self._style_hash,
                **more,
            )
        except UndefinedError as error:
            raise ImpossibleError(
                "document.missing_value",
                f"Template {template} uses a value that is not there: {error.message}.",
                field=template,
                fix="Name the value in documents/values.py.",
            ) from error


def _deal(document: DisclosureValues, language: Language) -> dict[str, object]:
    """Return what templates need of one deal: the words of its kind, and who pays what."""
    certificate = document.certificate
    return {
        "kind": f"kinds/{KINDS[certificate.product_kind]}.html.jinja",
        "good": GOODS.get(certificate.attributes.purpose, "purchase"),
        "receipt": receipt(document, language),
        "payers": _payers(_say(language)),
        "joined": _joined(_say(language)),
    }


def _payers(say: Say) -> Callable[[Item], Markup]:
    """Return the function that says who pays a benefit, and how much each where several do."""

    def payers(item: Item) -> Markup:
        if len(item.payers) == 1:
            return say("由{who}承担", "paid by {who}", who=named(item.payers[0][0]))
        parts = [
            say("{who}承担 {fen}", "{fen} by {who}", who=named(name), fen=money(fen))
            for name, fen in item.payers
        ]
        return say("", "paid ") + say("、", ", ").join(parts)

    return payers


def _joined(say: Say) -> Callable[[Iterable[Item]], Markup]:
    """Return the function that lists benefits by name."""

    def joined(items: Iterable[Item]) -> Markup:
        return say("、", ", ").join(named(item.name) for item in items)

    return joined


def _say(language: Language) -> Say:
    """Return the function that picks a language's sentence and fills it in, escaping values."""

    def say(zh: str, en: str, **values: object) -> Markup:
        sentence = zh if language == "zh" else en
        return Markup(sentence).format(**values)  # noqa: S704 - sentences of our own templates

    return say
