"""The identity verifier 身份核验: invented persons, invented lists, and a rule for the rest.

Every person and list here is invented（虚构）: identity numbers begin with 99, which no region
has. A known person must match in all three elements. Of anybody else, a well-formed number and
mobile match.
"""

from __future__ import annotations

from dataclasses import dataclass

from sanshi.party.identity import (
    check_digit,
    check_id_number,
    is_mobile,
    normal_id_number,
    normal_mobile,
    normal_name,
)


@dataclass(frozen=True, slots=True)
class Person:
    """An invented person（虚构）."""

    full_name: str
    id_number: str
    mobile: str


def _person(full_name: str, born: str, mobile: str) -> Person:
    body = f"990000{born}001"
    return Person(full_name, body + check_digit(body), mobile)


PERSONS = (
    _person("林小满", "19920520", "16100000001"),
    _person("周立夏", "19851106", "16100000002"),
    _person("陈白露", "20070908", "16100000003"),
    _person("沈谷雨", "19580420", "16100000004"),
    _person("许惊蛰", "19990305", "16100000005"),
    _person("欧阳无名", "19700101", "16100000006"),
)

SANCTIONED = {
    normal_name("欧阳无名"): "demo-list-a/001",
    normal_name("Victor Nobody"): "demo-list-a/002",
    normal_name("无影商贸"): "demo-list-b/001",
}
"""Names on invented lists（虚构）and the entry that names them."""


COURT_LISTED = {normal_name("钱大雪")}
"""Names on an invented copy（虚构）of the courts' list of dishonest debtors 失信被执行人."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What the verifier found."""

    matched: bool
    sanctions_hits: tuple[str, ...]
    court_dishonest: bool


def verify(full_name: str, id_number: str, mobile: str) -> Finding:
    """Check the three elements 三要素 and the sanctions lists; the same input, the same answer."""
    hit = SANCTIONED.get(normal_name(full_name))
    return Finding(
        matched=_matches(full_name, id_number, mobile),
        sanctions_hits=() if hit is None else (hit,),
        court_dishonest=normal_name(full_name) in COURT_LISTED,
    )


def _matches(full_name: str, id_number: str, mobile: str) -> bool:
    asked = (normal_name(full_name), normal_id_number(id_number), normal_mobile(mobile))
    for person in PERSONS:
        known = (normal_name(person.full_name), person.id_number, person.mobile)
        if known[1] == asked[1] or known[2] == asked[2]:
            return known == asked
    return check_id_number(id_number).valid and is_mobile(mobile)
