"""A pack: one folder of data (the law, a city, a demo), parsed, with a hash of its content."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Annotated

from pydantic import Field

from sanshi.catalogue.charts import LedgerAccount, LedgerLegs
from sanshi.catalogue.packed import Packed
from sanshi.catalogue.policies import Instrument, Key, Name, PolicyFact, Words
from sanshi.catalogue.rules import Rule
from sanshi.catalogue.vocabulary import COUNTRY
from sanshi.kernel.canonical import canonical_json, digest
from sanshi.kernel.reasons import ReasonTexts

Region = Annotated[str, Field(pattern=r"^CN(-[A-Z]{2})?$")]


class Manifest(Packed):
    """What a pack is: `pack.yaml`.

    Args:
        region: where its facts hold unless a version says otherwise.
        checked_on: the day its facts were last compared with their sources.
    """

    id: Name
    zh: Words
    en: Words
    region: Region = COUNTRY
    checked_on: date
    note: str | None = None


class ReasonText(Packed):
    """Words of one reason or term; `{limit_zh}` and the like are filled in."""

    code: Key
    zh: Words
    en: Words


class Series(Packed):
    """A published statistical series, as information."""

    id: Name
    zh: Words
    en: Words
    unit: Words
    month: str | None = None
    source: str | None = None
    break_note: str | None = None
    rows: object


@dataclass(frozen=True, slots=True)
class FileKind:
    """What the files of a pack that match a pattern hold: a list of one model under one key."""

    pattern: str
    key: str
    model: type[Packed]
    id_field: str


KINDS: tuple[FileKind, ...] = (
    FileKind("instruments.yaml", "instruments", Instrument, "id"),
    FileKind("policies/*.yaml", "facts", PolicyFact, "key"),
    FileKind("rules/*.yaml", "rules", Rule, "id"),
    FileKind("reasons.yaml", "reasons", ReasonText, "code"),
    FileKind("series/*.yaml", "series", Series, "id"),
    FileKind("chart/accounts.yaml", "accounts", LedgerAccount, "id"),
    FileKind("chart/legs.yaml", "legs", LedgerLegs, "component"),
)
"""What this room reads; a loader may be given more kinds, which land in `Pack.more`."""


@dataclass(frozen=True, slots=True)
class Pack:
    """One parsed pack. `more` holds kinds beyond those of this room, by their key."""

    manifest: Manifest
    instruments: tuple[Instrument, ...] = ()
    facts: tuple[PolicyFact, ...] = ()
    rules: tuple[Rule, ...] = ()
    reasons: tuple[ReasonText, ...] = ()
    series: tuple[Series, ...] = ()
    accounts: tuple[LedgerAccount, ...] = ()
    legs: tuple[LedgerLegs, ...] = ()
    more: Mapping[str, tuple[Packed, ...]] = field(default_factory=dict)

    def content(self) -> dict[str, object]:
        """Return everything said, whatever file, order or spelling of a number it came in."""
        lists: dict[str, Iterable[Packed]] = {
            "instruments": self.instruments,
            "facts": self.facts,
            "rules": self.rules,
            "reasons": self.reasons,
            "series": self.series,
            "accounts": self.accounts,
            "legs": self.legs,
            **self.more,
        }
        return {
            "manifest": plain(self.manifest.model_dump()),
            **{name: _sorted(plain(item.model_dump()) for item in lists[name]) for name in lists},
        }

    def hash(self) -> str:
        """Return the hex SHA-256 of the content."""
        return digest(self.content())


def plain(value: object) -> object:
    """Return a value in what canonical JSON can hold: dates as text, decimals exactly.

    Unset fields and empty ones say the same, so they are left out.
    """
    if isinstance(value, Mapping):
        items = {str(name): plain(item) for name, item in value.items()}
        kept = {name: item for name, item in items.items() if item not in (None, [], {})}
        if "versions" in kept and isinstance(kept["versions"], list):
            kept["versions"] = _sorted(kept["versions"])
        return kept
    if isinstance(value, tuple | list):
        return [plain(item) for item in value]
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        whole = value == value.to_integral_value()
        return int(value) if whole else f"{value.normalize():f}"
    return value


def _sorted(items: Iterable[object]) -> list[object]:
    return sorted(items, key=canonical_json)


@dataclass(frozen=True, slots=True)
class Library:
    """The packs in use together: the country's, the city's, the lenders'."""

    packs: tuple[Pack, ...]

    @property
    def instruments(self) -> Mapping[str, Instrument]:
        """Every instrument by id."""
        return {item.id: item for pack in self.packs for item in pack.instruments}

    @property
    def facts(self) -> Mapping[str, PolicyFact]:
        """Every fact by key."""
        return {fact.key: fact for pack in self.packs for fact in pack.facts}

    @property
    def accounts(self) -> Mapping[str, LedgerAccount]:
        """Every general-ledger account by name."""
        return {one.id: one for pack in self.packs for one in pack.accounts}

    @property
    def legs(self) -> Mapping[str, LedgerLegs]:
        """Where each component of the books moves, by its name."""
        return {one.component: one for pack in self.packs for one in pack.legs}

    @property
    def territories(self) -> Mapping[str, str]:
        """Where each fact's pack holds, by key."""
        return {fact.key: pack.manifest.region for pack in self.packs for fact in pack.facts}

    @property
    def rules(self) -> tuple[Rule, ...]:
        """Every rule, in the order of the packs."""
        return tuple(rule for pack in self.packs for rule in pack.rules)

    @property
    def texts(self) -> ReasonTexts:
        """Words of every reason code; a later pack may reword an earlier one's."""
        return {
            text.code: {"zh": text.zh, "en": text.en}
            for pack in self.packs
            for text in pack.reasons
        }

    def hash(self) -> str:
        """Return one hash over the hashes of all packs."""
        return digest({pack.manifest.id: pack.hash() for pack in self.packs})

    def listed(self, kind: str) -> tuple[Packed, ...]:
        """Return every item of a further kind, such as products."""
        return tuple(item for pack in self.packs for item in pack.more.get(kind, ()))
