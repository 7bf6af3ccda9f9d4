"""What templates of documents and pages share: one strict environment, and how values are shown."""

from __future__ import annotations

from datetime import date

from jinja2 import BytecodeCache, Environment, PackageLoader, StrictUndefined, pass_context
from jinja2.bccache import Bucket
from jinja2.runtime import Context
from markupsafe import Markup, escape

from sanshi.catalogue.units import percent_text
from sanshi.documents.words import exact_percent, long_date, money, word
from sanshi.kernel.money import yuan


class _Compiled(BytecodeCache):
    """The templates this process has compiled, by file and source: the next world finds them."""

    def __init__(self) -> None:
        self._kept: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if bucket.key in self._kept:
            bucket.bytecode_from_string(self._kept[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._kept[bucket.key] = bucket.bytecode_to_string()


_COMPILED = _Compiled()


def environment(package: str, *, keep_trailing_newline: bool = False) -> Environment:
    """Return an environment for the `templates` of a package: a value that is not there fails."""
    made = Environment(
        loader=PackageLoader(package),
        autoescape=True,
        undefined=StrictUndefined,
        auto_reload=False,
        bytecode_cache=_COMPILED,
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
