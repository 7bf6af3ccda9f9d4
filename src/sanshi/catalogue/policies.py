"""Policy facts: what an instrument says, since when, for whom, how sure we are.

A fact is a list of versions. `stated` turns each into a value ready to compare; `find` says what
is in force for a lender, region and product on a day, and if nothing is, why.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from sanshi.catalogue.packed import Packed
from sanshi.catalogue.units import COMPOSITE, UNITS, Dimension, Typed, convert
from sanshi.catalogue.vocabulary import (
    COUNTRY,
    Confidence,
    DateBasis,
    LenderType,
    ProductKind,
    ValueKind,
    expand_lenders,
    within,
)
from sanshi.kernel import dated

Key = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*(\.[a-z0-9_]+)*$")]
Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
Words = Annotated[str, Field(min_length=1)]
Lenders = Annotated[tuple[LenderType, ...], BeforeValidator(expand_lenders)]
Part = tuple[str, ...]


def _as_text(value: object) -> object:
    return value.isoformat() if isinstance(value, date) else value


class Instrument(Packed):
    """A law, measure, notice or standard that policy values come from 文件.

    Args:
        issued: day or month of issue as far as it is known.
        binding: False for standards, pacts between lenders and reported guidance: such a
            source may advise, it never blocks.
        expected: known to lapse on `effective_to`; the list of lapsing policies warns of it.
    """

    id: Name
    zh: Words
    en: Words
    issuer: str | None = None
    doc_no: str | None = None
    issued: Annotated[str | None, BeforeValidator(_as_text)] = None
    effective_from: date | None = None
    effective_to: date | None = None
    confidence: Confidence
    source: str | None = None
    note: str | None = None
    binding: bool = True
    expected: bool = False


class Version(Packed):
    """One version of a policy value.

    Args:
        value: as the source states it, in the source's unit.
        parts: units of the parts of a value whose parts differ in unit, by leaf name.
        reading: machine reading of a value that is a sentence or a list of phrases: codes, or
            a mapping of figures. Of a value whose parts have units of their own it names only
            the parts that need one; the others stand as stated.
        lender_types: whom it binds; empty: everyone the instrument reaches.
        regions: where it holds; empty: wherever its pack holds.
        product_kinds: what it holds for; empty: every kind.
    """

    value: object = None
    unit: str
    parts: Mapping[str, str] = Field(default_factory=dict)
    reading: object = None
    value_kind: ValueKind
    instrument: Name
    article: str | None = None
    effective_from: date | None = None
    effective_to: date | None = None
    expected: bool = False
    confidence: Confidence
    lender_types: Lenders = ()
    regions: tuple[str, ...] = ()
    product_kinds: tuple[ProductKind, ...] = ()
    source: str | None = None
    note: str | None = None


class PolicyFact(Packed):
    """A policy value through time.

    Args:
        date_basis: which date decides the version in force.
        grandfather: whether a signed contract keeps the version it was signed under.
    """

    key: Key
    zh: Words
    en: Words
    date_basis: DateBasis
    grandfather: bool
    versions: Annotated[tuple[Version, ...], Field(min_length=1)]


Tree = Typed | Mapping[str, "Tree"] | tuple["Tree", ...] | None


def typed_value(version: Version) -> Tree:
    """Convert a version's value, or its machine reading, to integers, flags and codes.

    Raises ValueError naming the part that does not fit its unit.
    """
    if version.reading is not None:
        return _typed_reading(version)
    if version.value is None or _is_listing(version.value):
        return None
    if version.unit == COMPOSITE:
        return _typed_parts(version.value, version.parts, ())
    return _typed_same(version.value, version.unit)


def _is_listing(value: object) -> bool:
    """Say whether a value is a list of records, which people read and nothing compares with."""
    return isinstance(value, tuple | list) and any(isinstance(item, Mapping) for item in value)


def _typed_reading(version: Version) -> Tree:
    if isinstance(version.reading, Mapping):
        return _typed_parts(
            {**parts_as_stated(version), **version.reading}, version.parts, ("reading",)
        )
    return convert(version.reading, "list")


def parts_as_stated(version: Version) -> Mapping[str, object]:
    """Return the parts of a value that stand beside its machine reading."""
    if version.unit != COMPOSITE or not isinstance(version.value, Mapping):
        return {}
    return {str(name): item for name, item in version.value.items()}


def _typed_same(value: object, unit: str) -> Tree:
    if isinstance(value, Mapping):
        return {str(name): _typed_same(item, unit) for name, item in value.items()}
    if isinstance(value, tuple | list) and UNITS[unit].dimension != "codes":
        return tuple(convert(item, unit) for item in value)
    return convert(value, unit)


def _typed_parts(value: object, units: Mapping[str, str], path: Part) -> Tree:
    if isinstance(value, Mapping):
        return {str(k): _typed_parts(item, units, (*path, str(k))) for k, item in value.items()}
    leaf = path[-1] if path else ""
    if leaf not in units:
        raise ValueError(f"part {'.'.join(path) or '(whole)'} has no unit under `parts`")
    try:
        return convert(value, units[leaf])
    except ValueError as error:
        raise ValueError(f"part {'.'.join(path)}: {error}") from error


def part_of(tree: Tree, path: Part) -> Tree:
    """Return the part of a value at a path, or None if the value has no such part."""
    for name in path:
        if not isinstance(tree, Mapping) or name not in tree:
            return None
        tree = tree[name]
    return tree


def dimension_of(version: Version, path: Part) -> Dimension:
    """Return what the value at a path measures; a whole value of mixed parts counts as text."""
    if version.reading is not None and not isinstance(version.reading, Mapping):
        return "codes"
    unit = version.parts.get(path[-1], version.unit) if path else version.unit
    return UNITS[unit].dimension if unit in UNITS else "text"


@dataclass(frozen=True, slots=True)
class Stated:
    """A version with its value ready to compare and its reach spelt out."""

    key: str
    version: Version
    value: Tree
    lender_types: frozenset[str]
    regions: tuple[str, ...]
    product_kinds: frozenset[str]
    effective_from: date | None
    effective_to: date | None

    def reaches(self, lender_type: str, region: str, product_kind: str) -> bool:
        """Say whether it binds this lender type, here, for this kind of product."""
        return (
            (not self.lender_types or lender_type in self.lender_types)
            and (not self.product_kinds or product_kind in self.product_kinds)
            and any(within(region, territory) for territory in self.regions)
        )


def stated(fact: PolicyFact, territory: str = COUNTRY) -> tuple[Stated, ...]:
    """Make every version of a fact ready to compare; `territory` is where its pack holds."""
    return tuple(
        Stated(
            key=fact.key,
            version=version,
            value=typed_value(version),
            lender_types=frozenset(version.lender_types),
            regions=version.regions or (territory,),
            product_kinds=frozenset(version.product_kinds),
            effective_from=version.effective_from,
            effective_to=version.effective_to,
        )
        for version in fact.versions
    )


State = Literal["in_force", "not_yet", "lapsed", "out_of_reach"]


@dataclass(frozen=True, slots=True)
class Found:
    """What there is of a fact on a day: the version in force, or why there is none.

    `lapsed` carries the version that ended last, `not_yet` the one that begins next,
    `out_of_reach` none: no version binds this lender type, region and product kind.
    """

    state: State
    stated: Stated | None


def find(
    versions: Iterable[Stated], day: date, *, lender_type: str, region: str, product_kind: str
) -> Found:
    """Find the version in force; of several, the one that began last."""
    reaching = [v for v in versions if v.reaches(lender_type, region, product_kind)]
    if not reaching:
        return Found("out_of_reach", None)
    live = dated.in_force(reaching, day)
    if live is not None:
        return Found("in_force", live)
    gone = dated.lapsed_before(reaching, day)
    if gone is not None:
        return Found("lapsed", gone)
    return Found("not_yet", min(reaching, key=lambda v: v.effective_from or date.min))
