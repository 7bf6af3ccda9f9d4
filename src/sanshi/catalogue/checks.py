"""Checks that look beyond one field: values and units, rules and facts, versions among each other.

A problem names a path within its item; the loader adds file and line.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import combinations

from sanshi.catalogue.observables import ATTRIBUTES, OBSERVABLES
from sanshi.catalogue.operators import OPERATORS
from sanshi.catalogue.policies import (
    Instrument,
    PolicyFact,
    Version,
    dimension_of,
    part_of,
    typed_value,
)
from sanshi.catalogue.rules import Rule
from sanshi.catalogue.units import COMPOSITE, UNITS

Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong in a pack: what, where within which item, and what to do."""

    code: str
    message: str
    path: Path
    fix: str


def instrument_problems(item: Instrument) -> Iterator[Problem]:
    """Check one instrument."""
    yield from _dates(item.effective_from, item.effective_to, ())
    if item.expected and item.effective_to is None:
        yield _expected_without_end(())


def fact_problems(fact: PolicyFact, instruments: Collection[str]) -> Iterator[Problem]:
    """Check one fact: each version by itself, then all against each other."""
    for index, version in enumerate(fact.versions):
        yield from _version_problems(version, instruments, ("versions", index))
    for (i, one), (j, other) in combinations(enumerate(fact.versions), 2):
        if _ambiguous(one, other):
            yield Problem(
                "pack.overlap",
                f"Versions {i} and {j} of {fact.key} claim the same days for the same lenders.",
                ("versions", j, "effective_from"),
                "End the earlier one the day before, leave its end open so that the later one "
                "supersedes it, or narrow lender_types, regions or product_kinds.",
            )


def _version_problems(
    version: Version, instruments: Collection[str], path: Path
) -> Iterator[Problem]:
    if version.instrument not in instruments:
        yield Problem(
            "pack.unknown_instrument",
            f"No instrument has the id {version.instrument!r}.",
            (*path, "instrument"),
            "Add it to instruments.yaml, or correct the id.",
        )
    yield from _dates(version.effective_from, version.effective_to, path)
    if version.expected and version.effective_to is None:
        yield _expected_without_end(path)
    yield from _kind_problems(version, path)
    unknown = [unit for unit in (version.unit, *version.parts.values()) if not _known(unit)]
    for unit in unknown:
        yield Problem(
            "pack.unknown_unit",
            f"{unit!r} is not a unit.",
            (*path, "unit" if unit == version.unit else "parts"),
            f"Use one of: {', '.join(sorted([*UNITS, COMPOSITE]))}.",
        )
    if not unknown:
        yield from _value_problems(version, path)


def _known(unit: str) -> bool:
    return unit in UNITS or unit == COMPOSITE


def _dates(first: date | None, last: date | None, path: Path) -> Iterator[Problem]:
    if first is not None and last is not None and last < first:
        yield Problem(
            "pack.dates_backwards",
            f"It ends on {last}, before it begins on {first}.",
            (*path, "effective_to"),
            "Correct one of the two dates.",
        )


def _expected_without_end(path: Path) -> Problem:
    return Problem(
        "pack.expected_without_end",
        "Marked as expected to lapse, but it has no last day.",
        (*path, "expected"),
        "Give effective_to, or remove expected.",
    )


def _kind_problems(version: Version, path: Path) -> Iterator[Problem]:
    stated = version.value is not None
    if version.confidence == "X" and stated:
        yield Problem(
            "pack.value_not_found",
            "Confidence X means searched and not found, yet there is a value.",
            (*path, "value"),
            "Leave the value empty, or give the confidence of its source.",
        )
    if (version.confidence == "X") != (version.value_kind == "unknown"):
        yield Problem(
            "pack.kind_confidence",
            f"Confidence {version.confidence} does not go with value_kind {version.value_kind}.",
            (*path, "value_kind"),
            "`unknown` goes with confidence X, and only with it.",
        )
    if version.value_kind == "set_by_lender" and stated:
        yield Problem(
            "pack.lender_sets_value",
            "The law leaves this value to the lender, yet there is a value.",
            (*path, "value"),
            "Leave the value empty; the lender's own value belongs to its pack.",
        )
    if version.value_kind in {"limit", "information"} and not stated:
        yield Problem(
            "pack.value_missing",
            f"A version of kind {version.value_kind} needs a value.",
            (*path, "value"),
            "State the value, or use value_kind set_by_lender or unknown.",
        )


def _value_problems(version: Version, path: Path) -> Iterator[Problem]:
    try:
        typed_value(version)
    except ValueError as error:
        yield Problem(
            "pack.value_wrong",
            f"The value does not fit its unit {version.unit}: {error}.",
            (*path, "value" if version.reading is None else "reading"),
            "Write the figure as the source states it, in the unit named beside it.",
        )


def _ambiguous(one: Version, other: Version) -> bool:
    if not _same_reach(one, other, exactly=False):
        return False
    first, second = sorted((one, other), key=lambda v: v.effective_from or date.min)
    if first.effective_from == second.effective_from:
        return True
    starts = second.effective_from or date.min
    overlaps = first.effective_to is not None and first.effective_to >= starts
    return overlaps and _same_reach(one, other, exactly=True)


def _same_reach(one: Version, other: Version, *, exactly: bool) -> bool:
    pairs: Sequence[tuple[tuple[str, ...], tuple[str, ...]]] = (
        (one.lender_types, other.lender_types),
        (one.regions, other.regions),
        (one.product_kinds, other.product_kinds),
    )
    if exactly:
        return all(set(a) == set(b) for a, b in pairs)
    return all(not a or not b or set(a) & set(b) for a, b in pairs)


def rule_problems(
    rule: Rule, facts: Mapping[str, PolicyFact], codes: Collection[str], declared: Collection[str]
) -> Iterator[Problem]:
    """Check one rule. `declared` also holds keys of facts that failed their own check."""
    yield from _name_problems(rule)
    for field, key in (("fact", rule.fact), ("scope", rule.scope)):
        if key is not None and key not in declared:
            yield Problem(
                "pack.unknown_fact",
                f"No policy fact has the key {key!r}.",
                (field,),
                "Add the fact under policies/, or correct the key.",
            )
    for field, code in (("reason", rule.reason), ("kept", rule.kept)):
        if code is not None and code not in codes:
            yield Problem(
                "pack.reason_without_words",
                f"Reason {code!r} has no words.",
                (field,),
                "Add it with zh and en to reasons.yaml.",
            )
    if rule.fact in facts and rule.operator in OPERATORS:
        yield from _fit_problems(rule, facts[rule.fact])


def _name_problems(rule: Rule) -> Iterator[Problem]:
    if rule.operator not in OPERATORS:
        yield _unregistered("operator", rule.operator, OPERATORS, ("operator",))
    for index, name in enumerate(rule.observable):
        if name not in OBSERVABLES:
            yield _unregistered("observable", name, OBSERVABLES, ("observable", index))
    for name, values in rule.when.items():
        yield from _condition_problems(name, values)
    if rule.party not in ATTRIBUTES:
        yield _unregistered("attribute", rule.party, ATTRIBUTES, ("party",))


def _condition_problems(name: str, values: Sequence[bool | str]) -> Iterator[Problem]:
    known = ATTRIBUTES.get(name) or OBSERVABLES.get(name)
    if known is None:
        yield _unregistered("attribute or observable", name, ATTRIBUTES, ("when", name))
        return
    for value in values:
        if not known.accepts(value):
            yield Problem(
                "pack.condition_value",
                f"{name} never has the value {value!r}.",
                ("when", name),
                "Use one of its registered values; see `sanshi schema observables`.",
            )


def _unregistered(what: str, name: str, known: Collection[str], path: Path) -> Problem:
    return Problem(
        "pack.unregistered",
        f"{name!r} is not a registered {what}.",
        path,
        f"Packs name only what the code registers: {', '.join(sorted(known))}.",
    )


def _fit_problems(rule: Rule, fact: PolicyFact) -> Iterator[Problem]:
    limits = [v for v in fact.versions if v.value_kind == "limit" and _compares(v, rule)]
    stated_kinds = {v.value_kind for v in fact.versions} <= {"limit", "information"}
    if not limits and stated_kinds and rule.part_missing != "forbid":
        yield Problem(
            "pack.nothing_to_compare",
            f"No version of {fact.key} has a value at {'.'.join(rule.part) or 'its top'} that a "
            "rule could compare with.",
            ("part",),
            "Correct the part, give the version a machine `reading`, or set value_kind: limit.",
        )
    operator = OPERATORS[rule.operator]
    for dimension in sorted({dimension_of(v, rule.part) for v in limits}):
        if dimension not in operator.limits:
            yield Problem(
                "pack.operator_unfit",
                f"Operator {rule.operator} cannot compare with {dimension}.",
                ("operator",),
                f"It compares with: {', '.join(sorted(operator.limits))}.",
            )
        wanted = operator.observes or frozenset({dimension})
        for index, name in enumerate(rule.observable):
            if name in OBSERVABLES and OBSERVABLES[name].dimension not in wanted:
                yield Problem(
                    "pack.observable_unfit",
                    f"{name} measures {OBSERVABLES[name].dimension}, the value is {dimension}.",
                    ("observable", index),
                    "Compare like with like.",
                )


def _compares(version: Version, rule: Rule) -> bool:
    try:
        tree = part_of(typed_value(version), rule.part)
    except (ValueError, KeyError):
        return False
    return tree is not None and not isinstance(tree, Mapping)
