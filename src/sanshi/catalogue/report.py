"""Reports on packs: what they hold, what changed between two, what will lapse."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal, Protocol

from sanshi.catalogue.packs import Library, Pack, plain
from sanshi.catalogue.policies import Instrument, PolicyFact, Version
from sanshi.catalogue.vocabulary import CONFIDENCES
from sanshi.kernel.canonical import canonical_json
from sanshi.kernel.errors import PackError


@dataclass(frozen=True, slots=True)
class PackReport:
    """What `packs check` says.

    Args:
        information_only: facts that no rule names; they are kept for people and other rooms.
        by_confidence: versions by confidence.
    """

    packs: Mapping[str, str]
    instruments: int
    facts: int
    versions: int
    rules: int
    information_only: int
    series: int
    by_confidence: Mapping[str, int]
    errors: tuple[PackError, ...]

    @property
    def sound(self) -> bool:
        """Whether there are no errors."""
        return not self.errors

    def as_json(self) -> dict[str, object]:
        """Return the form for `--json`."""
        return {
            "packs": dict(self.packs),
            "instruments": self.instruments,
            "facts": self.facts,
            "versions": self.versions,
            "rules": self.rules,
            "information_only": self.information_only,
            "series": self.series,
            "by_confidence": dict(self.by_confidence),
            "errors": [_error_json(error) for error in self.errors],
        }


def _error_json(error: PackError) -> dict[str, object]:
    return {
        "code": error.code,
        "message": error.message,
        "file": error.file,
        "line": error.line,
        "field": error.field,
        "fix": error.fix,
    }


def summarise(packs: Sequence[Pack], errors: Iterable[PackError] = ()) -> PackReport:
    """Count what packs hold."""
    facts = [fact for pack in packs for fact in pack.facts]
    versions = [version for fact in facts for version in fact.versions]
    rules = [rule for pack in packs for rule in pack.rules]
    named = {rule.fact for rule in rules} | {rule.scope for rule in rules}
    sure = Counter(version.confidence for version in versions)
    return PackReport(
        packs={pack.manifest.id: pack.hash() for pack in packs},
        instruments=sum(len(pack.instruments) for pack in packs),
        facts=len(facts),
        versions=len(versions),
        rules=len(rules),
        information_only=sum(fact.key not in named for fact in facts),
        series=sum(len(pack.series) for pack in packs),
        by_confidence={confidence: sure[confidence] for confidence in CONFIDENCES},
        errors=tuple(errors),
    )


@dataclass(frozen=True, slots=True)
class Change:
    """One change between two states of the packs.

    Args:
        what: fact, rule, instrument, reason, series, or a further kind such as products.
        name: key or id.
        version: the version's first day and lenders, for facts.
        field: the field that changed; empty when something was added or removed as a whole.
        before, after: the values, as plain data; None where there is none.
    """

    kind: Literal["added", "removed", "changed"]
    what: str
    name: str
    version: str
    field: str
    before: object
    after: object

    def __str__(self) -> str:
        """Say it in plain words."""
        place = f"{self.what} {self.name}" + (f" ({self.version})" if self.version else "")
        if self.kind != "changed":
            return f"{self.kind} {place}"
        return f"{place}: {self.field} was {_said(self.before)}, is {_said(self.after)}"

    def as_json(self) -> dict[str, object]:
        """Return the form for `--json`."""
        return {
            "kind": self.kind,
            "what": self.what,
            "name": self.name,
            "version": self.version,
            "field": self.field,
            "before": self.before,
            "after": self.after,
            "words": str(self),
        }


def _said(value: object) -> str:
    return "nothing" if value is None else canonical_json(value).decode("utf-8")


_IDS: Mapping[str, str] = {"facts": "key", "legs": "component", "reasons": "code"}
_WORDS: Mapping[str, str] = {
    "facts": "fact",
    "rules": "rule",
    "instruments": "instrument",
    "reasons": "reason",
    "series": "series",
}


def diff(old: Library, new: Library) -> tuple[Change, ...]:
    """Return what changed, and only that; order and layout of files do not count."""
    before, after = _items(old), _items(new)
    changes: list[Change] = []
    for what, name in sorted({*before, *after}):
        changes.extend(_item_changes(what, name, before.get((what, name)), after.get((what, name))))
    return tuple(changes)


Item = Mapping[str, object]


def _items(library: Library) -> dict[tuple[str, str], Item]:
    found: dict[tuple[str, str], Item] = {}
    for pack in library.packs:
        for what, items in pack.content().items():
            for item in items if isinstance(items, list) else ():
                found[_WORDS.get(what, what), str(item[_IDS.get(what, "id")])] = item
    return found


def _item_changes(
    what: str, name: str, before: Item | None, after: Item | None
) -> Iterator[Change]:
    if before is None or after is None:
        kind: Literal["added", "removed"] = "added" if before is None else "removed"
        yield Change(kind, what, name, "", "", None, None)
        return
    if what == "fact":
        yield from _version_changes(name, _versions(before), _versions(after))
    yield from _field_changes(what, name, "", _without(before), _without(after))


def _without(item: Item) -> Item:
    return {field: value for field, value in item.items() if field != "versions"}


def _versions(fact: Item) -> dict[str, Item]:
    versions = fact.get("versions")
    return {_label(one): one for one in (versions if isinstance(versions, list) else ())}


def _label(version: Item) -> str:
    reach = [*_words(version, "lender_types"), *_words(version, "regions")]
    return " ".join([f"from {version.get('effective_from', 'the beginning')}", *reach])


def _words(version: Item, field: str) -> list[str]:
    value = version.get(field)
    return [str(word) for word in value] if isinstance(value, list) else []


def _version_changes(
    name: str, before: Mapping[str, Item], after: Mapping[str, Item]
) -> Iterator[Change]:
    for label in sorted({*before, *after}):
        if label not in after:
            yield Change("removed", "fact", name, label, "", None, None)
        elif label not in before:
            yield Change("added", "fact", name, label, "", None, None)
        else:
            yield from _field_changes("fact", name, label, before[label], after[label])


def _field_changes(
    what: str, name: str, version: str, before: Item, after: Item
) -> Iterator[Change]:
    for field in sorted({*before, *after}):
        was, now = before.get(field), after.get(field)
        if was != now:
            yield Change("changed", what, name, version, field, was, now)


@dataclass(frozen=True, slots=True)
class Lapse:
    """A version that ends soon, or has just ended with nothing after it."""

    key: str
    zh: str
    en: str
    ends: date
    days_left: int
    expected: bool
    confidence: str
    value: object
    instrument: str
    instrument_zh: str
    instrument_en: str
    followed_by: date | None

    def as_json(self) -> dict[str, object]:
        """Return the form for `--json`."""
        return {
            "key": self.key,
            "zh": self.zh,
            "en": self.en,
            "ends": self.ends.isoformat(),
            "days_left": self.days_left,
            "expected": self.expected,
            "confidence": self.confidence,
            "value": plain(self.value),
            "instrument": self.instrument,
            "instrument_zh": self.instrument_zh,
            "instrument_en": self.instrument_en,
            "followed_by": self.followed_by.isoformat() if self.followed_by else None,
        }


class Dated(Protocol):
    """What holds dated facts and the instruments they come from."""

    @property
    def facts(self) -> Mapping[str, PolicyFact]:
        """Every fact by key."""

    @property
    def instruments(self) -> Mapping[str, Instrument]:
        """Every instrument by id."""


def lapsing(library: Dated, on: date, within_days: int) -> tuple[Lapse, ...]:
    """Return the versions in force on a day that end within so many days, soonest first."""
    until = on + timedelta(days=within_days)
    found = [
        _lapse(library, fact, version, on)
        for fact in library.facts.values()
        for version in fact.versions
        if _live(version, on) and version.effective_to is not None and version.effective_to <= until
    ]
    return tuple(sorted(found, key=lambda lapse: (lapse.ends, lapse.key)))


def lapsed(library: Dated, on: date) -> tuple[Lapse, ...]:
    """Return facts with nothing in force on a day although there was: their last versions."""
    found = []
    for fact in library.facts.values():
        ended = [v for v in fact.versions if v.effective_to is not None and v.effective_to < on]
        if ended and not any(_live(version, on) for version in fact.versions):
            last = max(ended, key=lambda v: v.effective_to or date.min)
            found.append(_lapse(library, fact, last, on))
    return tuple(sorted(found, key=lambda lapse: (lapse.ends, lapse.key)))


def _live(version: Version, on: date) -> bool:
    begun = version.effective_from is None or version.effective_from <= on
    return begun and (version.effective_to is None or version.effective_to >= on)


def _lapse(library: Dated, fact: PolicyFact, version: Version, on: date) -> Lapse:
    instrument = library.instruments[version.instrument]
    ends = version.effective_to or date.max
    later = [v.effective_from for v in fact.versions if v.effective_from is not None]
    return Lapse(
        key=fact.key,
        zh=fact.zh,
        en=fact.en,
        ends=ends,
        days_left=(ends - on).days,
        expected=version.expected,
        confidence=version.confidence,
        value=version.value,
        instrument=instrument.id,
        instrument_zh=instrument.zh,
        instrument_en=instrument.en,
        followed_by=min((start for start in later if start > ends), default=None),
    )
