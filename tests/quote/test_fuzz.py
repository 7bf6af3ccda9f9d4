"""Invented purchases by the thousand: what is offered is lawful, what is withheld says why.

Engine and oracle must agree on every plan, both ways, rule by rule and with the same force;
nothing that they differ on is tolerated.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import Any

import pytest

from needs import LONG
from peers.law.deals import MICROLOAN
from peers.law.oracle import RULES, judge
from quote.asked import Asked, asked
from quote.described import force
from quote.disagreements import differences
from quote.drafts import Draft, Offer
from quote.engine import Answer, answers
from quote.entitled import interest_faults, swap_faults
from quote.purchases import draft
from sanshi.catalogue.catalogue import Catalogue
from sanshi.kernel.reasons import Language, ReasonTexts
from sanshi.quote.certificate import Finding
from sanshi.quote.checklist import words

FORBIDDING = sorted({rule.key for rule in RULES if rule.force != "warn"})
WARNING = sorted({rule.key for rule in RULES} - set(FORBIDDING))
SHARE_PERCENT = 30
CHINESE = re.compile(r"[一-鿿]")
LAW: dict[Language, str] = {"zh": "法规（", "en": "Law ("}

LONG_ONLY = [pytest.mark.long, pytest.mark.skipif(not LONG, reason="runs in make test-long")]


@dataclass
class Tally:
    """What the run has seen."""

    purchases: int = 0
    plans: int = 0
    asked: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    given: Counter[str] = field(default_factory=Counter)
    lost: int = 0
    kept: int = 0
    broken: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    worded: set[tuple[object, ...]] = field(default_factory=set)

    def lines(self) -> list[str]:
        """Say it."""
        of = self.purchases
        return [
            f"{of} purchases quoted, {self.plans} plans; {dict(sorted(self.given.items()))}",
            f"{self.lost / of:7.1%} lost a plan",
            f"{self.kept / of:7.1%} kept one",
            f"asked of the certificate beside quotes: {dict(sorted(self.asked.items()))},",
            f"  of these refused: {dict(sorted(self.refused.items()))}; in all of it together",
            *(f"{self.broken[key]:7} purchases broke {key}" for key in FORBIDDING),
            *(f"{self.broken[key]:7} purchases were warned by {key}" for key in WARNING),
        ]


@pytest.mark.parametrize(
    ("rate_ppm", "offered"), [(240_000, True), (240_100, False), (239_900, True)]
)
def test_a_cost_of_exactly_the_cap_is_lawful(
    lawful: Catalogue,
    rate_ppm: int,
    offered: bool,  # noqa: FBT001 - a column of the table
) -> None:
    """Twelve months, one payment: the effective cost is the contract rate."""
    offer = Offer(MICROLOAN, terms_months=(12,), methods=("bullet",), rate_ppm=rate_ppm)
    draft = Draft(0, 0, "at the cap", date(2026, 11, 22), (offer,), price_fen=10_000_000)
    (answer,) = answers(lawful, draft)
    assert answer.deal.effective_cost == Fraction(rate_ppm, 1_000_000)
    assert judge(answer.deal).allowed is offered
    assert answer.offered is offered


def test_a_cost_just_over_the_cap_is_not_lawful(lawful: Catalogue) -> None:
    """24.004 % is disclosed as 24.00 %, and is still over the cap."""
    offer = Offer(MICROLOAN, terms_months=(12,), methods=("bullet",), rate_ppm=240_040)
    draft = Draft(0, 0, "over the cap", date(2026, 11, 22), (offer,), price_fen=10_000_000)
    (answer,) = answers(lawful, draft)
    assert not judge(answer.deal).allowed
    assert not answer.offered


@pytest.mark.parametrize(
    ("count", "hits_least"), [(400, 1), pytest.param(10_000, 50, marks=LONG_ONLY)]
)
def test_no_plan_breaks_a_blocking_rule(
    lawful: Catalogue, capsys: pytest.CaptureFixture[str], count: int, hits_least: int
) -> None:
    tally = Tally()
    for number in range(count):
        one = draft(number)
        found = answers(lawful, one)
        tally.purchases += 1
        tally.lost += any(not answer.offered for answer in found)
        tally.kept += any(answer.offered for answer in found)
        broken: set[str] = set()
        for answer in found:
            broken |= examine(tally, lawful.texts, one, answer)
        give(tally, one, found)
        for certified in asked(lawful, one, found):
            broken |= refuse(tally, one, certified)
        tally.broken.update(broken)
    with capsys.disabled():
        print("", *tally.lines(), sep="\n")  # noqa: T201 - figures of the run
    assert tally.wrong == []
    assert {key: tally.broken[key] for key in FORBIDDING if tally.broken[key] < hits_least} == {}
    assert tally.lost * 100 >= SHARE_PERCENT * count
    assert tally.kept * 100 >= SHARE_PERCENT * count


def examine(tally: Tally, texts: ReasonTexts, draft: Draft, answer: Answer) -> set[str]:
    """Hold a plan against the oracle, its words against both languages; say what it broke."""
    verdict = judge(answer.deal)
    tally.plans += 1
    left = differences(answer.certificate, verdict)
    where = f"purchase {draft.number} ({draft.focus}), {answer.name}"
    if left:
        tally.wrong.append(f"{where}: {sorted(map(str, left))} {answer.deal}")
    if answer.offered != answer.certificate.lawful:
        tally.wrong.append(f"{where}: offered against its certificate")
    if not answer.offered and not answer.certificate.failures:
        tally.wrong.append(f"{where}: withheld for no reason")
    for failure in answer.certificate.failures:
        tally.wrong.extend(f"{where}: {what}" for what in badly_said(tally, texts, failure))
    return {key for key, _ in verdict.broken}


def give(tally: Tally, draft: Draft, found: tuple[Answer, ...]) -> None:
    """Hold what is given of public money against the oracle."""
    where = f"purchase {draft.number} ({draft.focus})"
    for answer in found:
        faults = [f"{answer.name}: {fault}" for fault in interest_faults(answer)]
        tally.wrong.extend(f"{where}, {fault}, {answer.deal}" for fault in faults)
        tally.given.update(
            line.kind for line in answer.stack.lines if line.kind == "interest_subsidy"
        )
    for answer in found[:1]:
        faults = list(swap_faults(draft, answer.stack))
        tally.wrong.extend(f"{where}: {fault} {draft}" for fault in faults)
        tally.given.update(
            f"{line.kind} {line.certainty}"
            for line in answer.stack.lines
            if line.kind != "interest_subsidy"
        )


def refuse(tally: Tally, draft: Draft, certified: Asked) -> set[str]:
    """Hold a certificate without a quote against the oracle: greed is refused, or warned of."""
    verdict = judge(certified.deal)
    tally.asked[certified.about] += 1
    tally.refused[certified.about] += not certified.certificate.lawful
    left = differences(certified.certificate, verdict)
    where = f"purchase {draft.number} ({draft.focus}), {certified.name}"
    if left:
        tally.wrong.append(f"{where}: {sorted(map(str, left))} {certified.deal}")
    if certified.greedy and not verdict.broken:
        tally.wrong.append(f"{where}: more than there is, and allowed: {certified.deal}")
    return {key for key, _ in verdict.broken}


def badly_said(tally: Tally, texts: ReasonTexts, failure: Finding) -> list[str]:
    """Return what is wrong with the words of a failure; each wording is read once."""
    stored: dict[str, Any] = failure.as_json()
    names = ("rule", "reason", "standing", "limit", "effective_from")
    wording = tuple(str(stored[name]) for name in names)
    if wording in tally.worded:
        return []
    tally.worded.add(wording)
    zh, en = words(stored, texts, "zh"), words(stored, texts, "en")
    is_law = stored["standing"] == "law"
    said = {
        "no Chinese": bool(CHINESE.search(zh)),
        "no English": bool(re.search("[A-Za-z]{3}", en)) and not CHINESE.search(en),
        "a gap in the words": "{" not in zh + en,
        "no source": all(
            name in text for name, text in zip(_source(stored), (zh, en), strict=True)
        ),
        "no title": all(stored["title"].values()),
        "law claimed for what is none": is_law
        or not (zh.startswith(LAW["zh"]) or en.startswith(LAW["en"])),
        "law not called so": not is_law or (zh.startswith(LAW["zh"]) and en.startswith(LAW["en"])),
        "of no known force": force(failure) in {"law", "house", "wider", "own", "claim"},
    }
    return [f"{what}: {zh} | {en}" for what, is_right in said.items() if not is_right]


def _source(stored: Mapping[str, Any]) -> tuple[str, str]:
    instrument = stored["instrument"]
    return instrument["zh"], instrument["en"]
