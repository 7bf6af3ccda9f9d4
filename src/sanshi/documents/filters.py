"""What templates of documents and pages share: one strict environment, and how values are shown."""

from __future__ import annotations

from datetime import date

from jinja2 import Environment, PackageLoader, StrictUndefined, pass_context
from jinja2.runtime import Context
from markupsafe import Markup, escape

from sanshi.catalogue.units import percent_text
from sanshi.documents.words import exact_percent, long_date, money, word
from sanshi.kernel.money import yuan


def environment(package: str, *, keep_trailing_newline: bool = False) -> Environment:
    """Return an environment for the `templates` of a package: a value that is not there fails."""
    made = Environment(
        loader=PackageLoader(package),
        autoescape=True,
        undefined=StrictUndefined,
        auto_reload=False,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=keep_trailing_newline,
    )
    # Nothing that leaves things to chance or reaches outside the values.
    made.globals.clear()
    made.filters.pop("random")
    made.filters |= {
        "yuan": yuan,
        "money": money,
        "percent": exact_percent,
        "share": percent_text,
        "day": _day,
        "iso": _iso,
        "named": named,
        "word": _word,
        "capital": capital,
    }
    return made


def named(name: str) -> Markup:
    """Fence a name in: marks that turn the writing direction end with it."""
    return Markup("<bdi>{}</bdi>").format(escape(name))


def capital(text: str) -> str:
    """Begin with a capital, where the script has them."""
    return text[:1].upper() + text[1:]


@pass_context
def _word(context: Context, code: str, kind: str) -> str:
    return word(f"{kind}.{code}", context["language"])


@pass_context
def _day(context: Context, day: date) -> Markup:
    return _time(day, long_date(day, context["language"]))


def _iso(day: date) -> Markup:
    return _time(day, day.isoformat())


def _time(day: date, shown: str) -> Markup:
    return Markup('<time datetime="{}">{}</time>').format(day.isoformat(), shown)
