"""Rendering: one view and one page context give one complete HTML page.

Pages work without JavaScript. They hold no inline script and no inline style, so that the
strictest policy may be sent with them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar, Protocol
from urllib.parse import urlencode

from markupsafe import Markup

from sanshi.catalogue.units import percent_text
from sanshi.documents.filters import environment, named
from sanshi.documents.words import LANG_TAGS, word
from sanshi.kernel.reasons import Language
from sanshi.web.language import Tongue

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
"""What every page may be sent with: its own files and nothing else."""

DOCUMENT_SECURITY_POLICY = "sandbox; frame-ancestors 'self'"
"""What a stored document is sent with: it brings its own policy, runs nothing, and is framed by
the contract page alone."""

STATIC = "/static"
"""Where the files of `web/static` are served."""


_CSRF = Markup('<input type="hidden" name="csrf" value="{}">')


@dataclass(frozen=True, slots=True)
class Page:
    """What a page needs beside its content.

    Args:
        language: of the page.
        care: care version 关怀版, with larger type.
        csrf: text that every form posts back in its field `csrf`.
        path: of this page, for the links that switch language and care version.
        query: what was asked for beside the path; kept by those links.
        signed_in: whether someone is; shows the way to their loans and out.
        sandbox: whether everything outside is pretended; the page says so.
    """

    language: Language = "zh"
    care: bool = False
    csrf: str = ""
    path: str = "/"
    query: Mapping[str, str] = field(default_factory=dict)
    signed_in: bool = False
    sandbox: bool = False

    def switched(self, **changes: str) -> str:
        """Return the address of this page with settings changed: `lang=en`, `care=1`."""
        return f"{self.path}?{urlencode({**self.query, **changes})}"


class View(Protocol):
    """What a page shows; `template` names the file that shows it."""

    template: ClassVar[str]


class Renderer:
    """The pages of one room: its templates, and what all of them may use."""

    def __init__(self, package: str, **shared: object) -> None:
        """Read templates from `templates` of a package; `shared` are names they all know."""
        self._environment = environment(package)
        self._environment.filters["share"] = tenths
        self._environment.globals |= shared

    def render(self, page: Page, view: View) -> str:
        """Return the whole page."""
        say = Tongue(page.language)
        return self._environment.get_template(f"{view.template}.html.jinja").render(
            page=page,
            v=view,
            _=say,
            language=page.language,
            lang=LANG_TAGS[page.language],
            static=STATIC,
            word=lambda code, kind: word(f"{kind}.{code}", page.language),
            names=lambda names: say.joined(named(name) for name in names),
            csrf=lambda: _CSRF.format(page.csrf),
        )


def tenths(rate_ppm: int) -> str:
    """Write a share of income for a person, to a tenth of a percent, rounded up: '12.2%'."""
    return percent_text(-(-rate_ppm // 1_000) * 1_000)
