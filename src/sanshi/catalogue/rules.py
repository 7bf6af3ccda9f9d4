"""Rules: a policy fact compared with something observed on a plan.

A rule holds no figure of its own. It names a fact, a registered observable and a registered
operator, and says when it binds by equality and membership only.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from sanshi.catalogue.packed import Packed
from sanshi.catalogue.policies import Key, Words
from sanshi.catalogue.vocabulary import LENDER_GROUPS, VERIFIED, Confidence, ValueKind

Stage = Literal["quote", "sign", "disburse"]
"""When a certificate is made: for the offer, again before signing, again before paying out."""

Level = Literal["law", "house", "warning", "information"]
Absent = Literal["release", "forbid"]


def _spread(value: object) -> object:
    """Let `lender_type: [bank]` stand for its lender types, and a single word for a list."""
    if not isinstance(value, Mapping):
        return value
    return {name: _words(name, item) for name, item in value.items()}


def _words(name: object, item: object) -> object:
    words = item if isinstance(item, list | tuple) else (item,)
    if name not in {"lender_type", "payment_page_operator"}:
        return tuple(words)
    spread = (
        LENDER_GROUPS.get(word, (word,)) if isinstance(word, str) else (word,) for word in words
    )
    return tuple(dict.fromkeys(one for group in spread for one in group))


When = Annotated[Mapping[str, tuple[bool | str, ...]], BeforeValidator(_spread)]


def _listed(value: object) -> object:
    return (value,) if isinstance(value, str) else value


Names = Annotated[tuple[str, ...], BeforeValidator(_listed), Field(min_length=1)]


class Rule(Packed):
    """One comparison.

    Args:
        fact: key of the policy fact.
        part: path into a value that has parts: [nev, cap].
        observable: what is compared. Several: each must keep the rule, so that the higher of
            two cost figures decides under `at_most`, and both are printed.
        when: attribute or observable → the values for which the rule binds; all must hold.
        scope: key of a fact whose codes are the lender types bound.
        party: the attribute that names who is bound by the fact, if not the lender.
        reason: code of the sentence said when the rule is not kept.
        kept: code of the sentence said when it is kept; default `certificate.kept.<operator>`.
        prohibition: a ban or a black list; it blocks as the lender's house rule even where the
            source is unverified.
        house: the lender adopts a verified figure beyond the instrument's own reach, so it
            blocks as house rule and is never shown as law.
        absent: what follows when no version is in force: `release` the rule (a limit has
            lapsed or not begun), or `forbid` (what it permits, such as a subsidy, is not to be
            had).
        part_missing: the same for a version in force that lacks the part: an energy grade that
            a subsidy no longer knows.
        stages: at which certificates it is checked.
    """

    id: Key
    zh: Words
    en: Words
    fact: Key
    part: tuple[str, ...] = ()
    observable: Names
    operator: str
    when: When = Field(default_factory=dict)
    scope: Key | None = None
    party: str = "lender_type"
    reason: Key
    kept: Key | None = None
    prohibition: bool = False
    house: bool = False
    absent: Absent = "release"
    part_missing: Absent = "release"
    stages: tuple[Stage, ...] = ("quote", "sign", "disburse")
    note: str | None = None


def severity(
    confidence: Confidence,
    value_kind: ValueKind,
    *,
    prohibition: bool = False,
    house: bool = False,
    binding: bool = True,
) -> Level:
    """Say how strongly a rule on such a value speaks; `law` and `house` block.

    Verified values (V1, V2) of a binding instrument are law. What the law leaves to the lender
    is the lender's house rule. Anything unverified (V2s, M) or not binding (standards, pacts,
    reports) is never law: a ban from there blocks as house rule, any other value warns.
    A value not found (X) neither passes nor fails.
    """
    if confidence == "X" or value_kind in {"unknown", "information"}:
        return "information"
    if value_kind == "set_by_lender":
        return "house"
    if confidence in VERIFIED and binding:
        return "house" if house else "law"
    return "house" if prohibition else "warning"


def blocks(level: Level) -> bool:
    """Say whether a broken rule of this level withholds the plan."""
    return level in {"law", "house"}
