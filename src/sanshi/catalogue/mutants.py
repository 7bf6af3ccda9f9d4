"""Mutants of the law: packs in which one blocking fact is deleted, loosened or shifted in time.

A test suite that lets a mutant live does not guard that fact.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Literal

from sanshi.catalogue.operators import OPERATORS
from sanshi.catalogue.packs import Library
from sanshi.catalogue.policies import Part, PolicyFact, Version, parts_as_stated
from sanshi.catalogue.rules import Rule, blocks, severity
from sanshi.catalogue.units import UNITS

Kind = Literal["deleted", "loosened", "begins_later", "ends_later"]

_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Mutant:
    """A library with one fault."""

    kind: Kind
    fact: str
    version: int
    part: Part
    library: Library

    @property
    def name(self) -> str:
        """Name for a test: what was done to which version."""
        part = f".{'.'.join(self.part)}" if self.part else ""
        return f"{self.fact}{part}[{self.version}]:{self.kind}"


def mutants(library: Library) -> Iterator[Mutant]:
    """Yield every mutant of every fact version on which a blocking rule rests."""
    facts = library.facts
    done: set[tuple[str, int, Kind, Part]] = set()
    for rule in library.rules:
        for key, part in _resting_on(rule):
            fact = facts[key]
            for index in _blocking_versions(library, rule, fact):
                for kind, changed in _changes(rule, fact, index, part):
                    place = (key, index, kind, part if kind == "loosened" else ())
                    if place in done:
                        continue
                    done.add(place)
                    yield Mutant(kind, key, index, place[3], _with(library, fact, index, changed))


def _resting_on(rule: Rule) -> Iterator[tuple[str, Part]]:
    yield rule.fact, rule.part
    if rule.scope is not None:
        yield rule.scope, ()


def _blocking_versions(library: Library, rule: Rule, fact: PolicyFact) -> Iterator[int]:
    for index, version in enumerate(fact.versions):
        instrument = library.instruments[version.instrument]
        level = severity(
            version.confidence,
            version.value_kind,
            prohibition=rule.prohibition,
            house=rule.house,
            binding=instrument.binding,
        )
        if blocks(level):
            yield index


def _changes(
    rule: Rule, fact: PolicyFact, index: int, part: Part
) -> Iterator[tuple[Kind, Version | None]]:
    version = fact.versions[index]
    yield "deleted", None
    loosened = _loosened(rule, version, part)
    if loosened is not None:
        yield "loosened", loosened
    if version.effective_from is not None:
        later = version.effective_from + _ONE_DAY
        yield "begins_later", version.model_copy(update={"effective_from": later})
    if version.effective_to is not None and not _superseded(fact, version.effective_to):
        later = version.effective_to + _ONE_DAY
        yield "ends_later", version.model_copy(update={"effective_to": later})


def _superseded(fact: PolicyFact, last_day: date) -> bool:
    """Say whether another version begins the day after: then a later end changes nothing."""
    return any(version.effective_from == last_day + _ONE_DAY for version in fact.versions)


def _loosened(rule: Rule, version: Version, part: Part) -> Version | None:
    field = "reading" if _is_read(version, part) else "value"
    changed = _at(getattr(version, field), part, rule, version)
    return None if changed is None else version.model_copy(update={field: changed})


def _is_read(version: Version, part: Part) -> bool:
    """Say whether a rule sees the machine reading of this part, not the value as stated."""
    if not isinstance(version.reading, Mapping):
        return version.reading is not None
    return not part or part[0] in version.reading or part[0] not in parts_as_stated(version)


def _at(value: object, part: Part, rule: Rule, version: Version, leaf: str = "") -> object:
    if not part:
        return _looser(value, rule, version.parts.get(leaf, version.unit))
    if not isinstance(value, Mapping) or part[0] not in value:
        return None
    changed = _at(value[part[0]], part[1:], rule, version, part[0])
    return None if changed is None else {**value, part[0]: changed}


def _looser(value: object, rule: Rule, unit: str) -> object:
    """Return the value one smallest step looser, or None if there is nothing to loosen."""
    if isinstance(value, bool):
        return not value
    if isinstance(value, tuple):
        return value[1:] if len(value) > 1 else None
    if isinstance(value, str):
        return _LOOSER_TEXT.get(value)
    if isinstance(value, int | Decimal):
        step = Decimal(1) / UNITS[unit].scale
        return Decimal(value) + (step if OPERATORS[rule.operator].name == "at_most" else -step)
    return None


_LOOSER_TEXT: Mapping[str, str] = {"3A": "3B", "4 x LPR1Y": "5 x LPR1Y"}


def _with(library: Library, fact: PolicyFact, index: int, changed: Version | None) -> Library:
    versions = list(fact.versions)
    versions[index : index + 1] = [] if changed is None else [changed]
    mutated = fact.model_copy(update={"versions": tuple(versions)})
    packs = tuple(
        replace(pack, facts=tuple(mutated if f.key == fact.key else f for f in pack.facts))
        if fact in pack.facts
        else pack
        for pack in library.packs
    )
    return Library(packs)
