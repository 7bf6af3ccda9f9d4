"""Language of pages: Chinese is the source text, English comes from one Babel catalogue.

A sentence is written in Chinese where it is used: `say("共 {n} 期", n=3)`. Values are escaped and
filled in after the translation, so that no name can bring markup with it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files
from io import BytesIO

from babel.messages.pofile import read_po
from markupsafe import Markup

from sanshi.kernel.errors import ImpossibleError
from sanshi.kernel.reasons import Language

CATALOGUE = "i18n/en.po"
"""English for every Chinese sentence of templates and Python files of this room."""


def mark(text: str) -> str:
    """Mark a sentence that is translated where it is used, such as one in a table."""
    return text


class Tongue:
    """One language's voice: returns sentences as safe markup."""

    __slots__ = ("_texts", "language")

    def __init__(self, language: Language) -> None:
        """Choose the language."""
        self.language: Language = language
        self._texts = english() if language == "en" else None

    def __call__(self, text: str, **values: object) -> Markup:
        """Say a sentence of ours with its values; one without English is a fault of ours."""
        if self._texts is not None:
            said = self._texts.get(text)
            if not said:
                raise ImpossibleError(
                    "page.no_english",
                    f"No English for {text!r}.",
                    field="text",
                    fix=f"Add it to web/{CATALOGUE}.",
                )
            text = said
        return Markup(text).format(**values)  # noqa: S704 - our own sentences

    def joined(self, parts: Iterable[str]) -> Markup:
        """List several things as this language does."""
        return (Markup("、") if self.language == "zh" else Markup(", ")).join(parts)

    def pick(self, zh: str, en: str) -> str:
        """Return the one of two texts that is in this language, such as a name of the packs."""
        return zh if self.language == "zh" else en


@cache
def english() -> Mapping[str, str]:
    """Read the catalogue once."""
    raw = files(__package__).joinpath(CATALOGUE).read_bytes()
    return {
        str(entry.id): str(entry.string) for entry in read_po(BytesIO(raw), locale="en") if entry.id
    }
