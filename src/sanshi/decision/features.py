"""Features: the typed facts that rules and scorecards may look at, and how values are read.

A value that is missing, of the wrong type, out of range, too old, or not consented to is a state
of its own and never a default.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from types import MappingProxyType
from typing import Literal

from sanshi.consent.grants import PURPOSES
from sanshi.kernel.dates import parse_date, shanghai_date
from sanshi.kernel.errors import ImpossibleError, InputError
from sanshi.kernel.money import MAX_FEN

Value = int | bool | str
Kind = Literal["int", "bool", "str", "ppm", "fen"]
Source = Literal["application", "identity", "consented_data", "bureau", "quote", "internal"]
State = Literal["known", "missing", "mistyped", "no_consent", "stale"]

MAX_TEXT = 200


@dataclass(frozen=True, slots=True)
class Feature:
    """One typed fact.

    Args:
        name: what rules call it; fen and ppm features end in `_fen` and `_ppm`.
        kind: its type; `fen` and `ppm` are integers of that unit.
        unit: what an `int` counts: months, days, items.
        zh: what a person reads.
        en: the same in English.
        source: where it comes from.
        purpose: the consent 授权 it needs; None: no separate consent.
        low: least value that makes sense.
        high: greatest value that makes sense.
        codes: the only texts allowed, each with its zh and en words; empty: any short text.
        computed: worked out by the decision or taken from the request, never given by the caller.
    """

    name: str
    kind: Kind
    unit: str
    zh: str
    en: str
    source: Source
    purpose: str | None = None
    low: int = 0
    high: int = MAX_FEN
    codes: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    computed: bool = False

    @property
    def ordered(self) -> bool:
        """Say whether values can be compared by size."""
        return self.kind in ("int", "ppm", "fen")

    def fault(self, value: object) -> str:
        """Return what is wrong with a value: its type, its range, its code; '' when it is fine."""
        if self.kind == "bool":
            return "" if isinstance(value, bool) else _type_fault(value)
        if self.kind == "str":
            return self._text_fault(value)
        if isinstance(value, bool) or not isinstance(value, int):
            return _type_fault(value)
        return "" if self.low <= value <= self.high else "out_of_range"

    def _text_fault(self, value: object) -> str:
        if not isinstance(value, str):
            return _type_fault(value)
        if self.codes:
            return "" if value in self.codes else "unknown_code"
        return "" if 0 < len(value) <= MAX_TEXT else "out_of_range"


def _type_fault(value: object) -> str:
    return f"type:{type(value).__name__}"


def may_refuse(feature: Feature) -> bool:
    """Say whether a person may decline this data and still be decided on as well as before."""
    purpose = PURPOSES.get(feature.purpose or "")
    return purpose is not None and not purpose.required


Registry = Mapping[str, Feature]


def registry(features: Iterable[Feature]) -> Registry:
    """Index features by name; two of one name are a fault of ours."""
    index: dict[str, Feature] = {}
    for feature in features:
        if feature.name in index:
            raise ImpossibleError("decision.feature_twice", f"Two features named {feature.name}.")
        index[feature.name] = feature
    return MappingProxyType(index)


@dataclass(frozen=True, slots=True)
class Known:
    """A value that somebody gave, and the day (a date) or instant (UTC text) it was true."""

    value: object
    as_of: date | str

    @property
    def as_of_text(self) -> str:
        """The stored form."""
        return self.as_of if isinstance(self.as_of, str) else self.as_of.isoformat()


Features = Mapping[str, Known]
"""What the caller knows, by feature name."""


@dataclass(frozen=True, slots=True)
class Input:
    """One feature as the decision read it.

    `value` is there only when the state is `known`: what must not be used is not stored either.
    `detail` says what was wrong with a mistyped value. `needs` names the absent features that a
    computed one was waiting for.
    """

    name: str
    state: State
    value: Value | None = None
    as_of: str = ""
    detail: str = ""
    needs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reading:
    """The circumstances in which values are read."""

    business_date: date
    consents: frozenset[str]
    max_age_days: Mapping[Source, int]


def read_features(
    features: Features, wanted: Iterable[str], known: Registry, reading: Reading
) -> tuple[Input, ...]:
    """Read the wanted features, sorted by name; absent ones are listed as missing.

    A name that is not registered, or that the decision works out itself, is the caller's mistake.
    """
    for name in features:
        _check_name(name, known)
    return tuple(_read(known[name], features.get(name), reading) for name in sorted(wanted))


def read_again(stored: Input, known: Registry, reading: Reading) -> Input:
    """Read a stored input as if it had just arrived; only a known value can change its state."""
    if stored.state != "known":
        return stored
    return _read(known[stored.name], Known(stored.value, stored.as_of), reading)


def _check_name(name: str, known: Registry) -> None:
    if name not in known:
        raise InputError(
            "decision.unknown_feature",
            f"No feature is called {name!r}.",
            field=f"features.{name}",
            fix="Use a registered name; a misspelt one would count as missing.",
        )
    if known[name].computed:
        raise InputError(
            "decision.computed_feature",
            f"{name} is worked out from the request and other features.",
            field=f"features.{name}",
            fix="Leave it out.",
        )


def _read(feature: Feature, given: Known | None, reading: Reading) -> Input:
    if given is None:
        return Input(feature.name, "missing")
    as_of = given.as_of_text
    since = as_of_date(as_of, feature.name)
    if feature.purpose is not None and feature.purpose not in reading.consents:
        return Input(feature.name, "no_consent", as_of=as_of)
    value = given.value
    fault = feature.fault(value)
    if fault or not isinstance(value, int | str):
        return Input(feature.name, "mistyped", as_of=as_of, detail=fault)
    limit = reading.max_age_days.get(feature.source)
    if limit is not None and (reading.business_date - since).days > limit:
        return Input(feature.name, "stale", as_of=as_of)
    return Input(feature.name, "known", value, as_of)


def as_of_date(text: str, name: str) -> date:
    """Return the day in Shanghai of an as-of text: a date, or an instant with its zone."""
    field_name = f"features.{name}.as_of"
    if "T" not in text:
        return parse_date(text, field_name)
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        instant = None
    if instant is None or instant.tzinfo is None:
        raise InputError(
            "decision.as_of",
            f"{text!r} is not an instant.",
            field=field_name,
            fix="Write UTC, for example 2026-11-22T05:00:00Z.",
        )
    return shanghai_date(instant)
