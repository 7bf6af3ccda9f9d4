"""Deleting or shifting any blocking fact, or changing any rule, turns the comparison red."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache

import pytest

from peers.law.oracle import judge
from quote.described import PUBLIC_MONEY, context, observed
from quote.disagreements import differences
from quote.edges import Edge, edges
from sanshi.catalogue.mutants import Mutant, mutants
from sanshi.catalogue.packs import Library, Pack
from sanshi.catalogue.policies import PolicyFact, Version
from sanshi.catalogue.rulebook import LPR, Context, Rulebook
from sanshi.catalogue.rules import Rule
from sanshi.catalogue.vocabulary import VERIFIED
from sanshi.quote.certificate import certify

ONE_DAY = timedelta(days=1)
KEYS = {"disclosure.cost_table.scope": "disclosure.cost_table.required_fields"}
"""Whom a table binds shows where an entry of it is missing."""

THE_SAME = frozenset(
    {
        # The version before says the same up to that day; only the instrument differs.
        "subsidy.rate_pp[1]:begins_earlier",
        "subsidy.max_share_of_contract_rate[1]:begins_earlier",
        "subsidy.cap_per_borrower_institution[1]:begins_earlier",
        # Who is bound matters from the day on which there is something to be bound by.
        "disclosure.cost_table.scope[0]:begins_earlier",
        # The rule itself asks who runs the payment page.
        "marketing.payment_page_loan_option_ban[0]:reaches_everyone",
    }
)
"""Changes that change nothing: each is seen to live."""

known_judge, known_context, known_observed = cache(judge), cache(context), cache(observed)


@dataclass(frozen=True)
class Changed:
    """A library with one fault, and the version of the law that it hurts."""

    kind: str
    fact: str
    version: Version
    library: Library
    name: str


def all_mutants(law: Library) -> Iterator[Changed]:
    """Give every mutant, and two kinds more: begins a day early, reaches every lender."""
    for mutant in mutants(law):
        version = law.facts[mutant.fact].versions[mutant.version]
        yield Changed(mutant.kind, mutant.fact, version, mutant.library, mutant.name)
        if mutant.kind == "begins_later" and version.effective_from is not None:
            early = {"effective_from": version.effective_from - ONE_DAY}
            yield _other(law, mutant, version, early, "begins_earlier")
            if version.lender_types:
                yield _other(law, mutant, version, {"lender_types": ()}, "reaches_everyone")


def _other(
    law: Library, mutant: Mutant, version: Version, update: Mapping[str, object], kind: str
) -> Changed:
    fact = law.facts[mutant.fact]
    versions = list(fact.versions)
    versions[mutant.version] = version.model_copy(update=update)
    library = _with(law, fact.model_copy(update={"versions": tuple(versions)}))
    name = mutant.name.replace(mutant.kind, kind)
    return Changed(kind, mutant.fact, version, library, name)


def _with(law: Library, changed: PolicyFact) -> Library:
    return Library(
        tuple(
            replace(pack, facts=tuple(changed if f.key == changed.key else f for f in pack.facts))
            for pack in law.packs
        )
    )


def nearest_first(changed: Changed) -> list[Edge]:
    """Return the edges of the fact, those about the version's own first and last day first."""
    version = changed.version
    last = version.effective_to
    turns = [version.effective_from, last + ONE_DAY if last is not None else None]

    def distance(edge: Edge) -> int:
        return min(abs((edge.deal.on - turn).days) for turn in turns if turn is not None)

    return sorted(edges(KEYS.get(changed.fact, changed.fact)), key=distance)


def caught_by(changed: Changed) -> str | None:
    """Return the first purchase on which the mutant and the oracle differ."""
    rulebook = Rulebook(changed.library, pack_hash=changed.name)
    for edge in nearest_first(changed):
        deal = edge.deal
        certificate = certify(rulebook, known_observed(deal), known_context(deal))
        if differences(certificate, known_judge(deal)):
            return edge.name
    return None


def test_no_mutant_of_the_law_survives(law: Library, capsys: pytest.CaptureFixture[str]) -> None:
    kinds: Counter[str] = Counter()
    survivors = []
    for changed in all_mutants(law):
        kinds[changed.kind] += 1
        if caught_by(changed) is None:
            survivors.append(changed.name)
    alive = sorted(set(survivors) - THE_SAME)
    with capsys.disabled():
        print(f"\nmutants of the law: {dict(sorted(kinds.items()))}")  # noqa: T201 - figures of the run
        print(f"  alive: {alive}, and {len(THE_SAME)} that change nothing")  # noqa: T201 - same run
    assert alive == []
    assert set(survivors) == THE_SAME, "remove from THE_SAME what is caught now"
    assert set(kinds) == {
        "deleted",
        "loosened",
        "begins_later",
        "begins_earlier",
        "ends_later",
        "reaches_everyone",
    }


@dataclass(frozen=True)
class ChangedRule:
    """A rule gone (`after` is None) or changed; `word` is what it no longer binds."""

    name: str
    rule: Rule
    after: Rule | None
    word: bool | str = ""


def rule_mutants(law: Library) -> Iterator[ChangedRule]:
    """Give every rule deleted, without one word of a condition, and with the other standing."""
    for rule in law.rules:
        yield ChangedRule(f"{rule.id}:deleted", rule, None)
        for name, words in rule.when.items():
            for word in words if len(words) > 1 else ():
                fewer = {**rule.when, name: tuple(one for one in words if one != word)}
                after = rule.model_copy(update={"when": fewer})
                yield ChangedRule(f"{rule.id}:fewer:{word}", rule, after, word)
        if has_standing(law, rule):
            after = rule.model_copy(update={"house": not rule.house})
            yield ChangedRule(f"{rule.id}:standing", rule, after)


def has_standing(law: Library, rule: Rule) -> bool:
    """Say whether it matters that a rule is adopted: public money and weak sources know no law."""
    sure = {v.confidence for v in law.facts[rule.fact].versions if v.value_kind == "limit"}
    return bool(sure & VERIFIED) and not rule.fact.startswith(PUBLIC_MONEY)


def with_rule(law: Library, changed: ChangedRule) -> Library:
    """Return what the library says of one fact, with the changed rule in its place."""
    keys = {changed.rule.fact, changed.rule.scope, LPR}

    def about(pack: Pack) -> Pack:
        named = (one for one in pack.rules if one.fact == changed.rule.fact)
        put = (changed.after if one.id == changed.rule.id else one for one in named)
        facts = tuple(fact for fact in pack.facts if fact.key in keys)
        return replace(pack, facts=facts, rules=tuple(one for one in put if one is not None))

    return Library(tuple(about(pack) for pack in law.packs))


def in_other_words(place: Context, word: bool | str) -> Context:  # noqa: FBT001 - a word of a rule
    """Say a context with a word that means the same to the oracle: it knows loans, not lines."""
    if word == "credit_line" and place.product_kind == "instalment_loan":
        return replace(place, product_kind="credit_line")
    if word == "interest_only" and place.attributes["method"] == "bullet":
        return replace(place, attributes={**place.attributes, "method": "interest_only"})
    return place


def rule_caught_by(law: Library, changed: ChangedRule) -> str | None:
    """Return the first purchase on which a changed rule and the oracle differ."""
    rulebook = Rulebook(with_rule(law, changed), pack_hash=changed.name)
    for edge in edges(changed.rule.fact):
        deal = edge.deal
        place = in_other_words(known_context(deal), changed.word)
        certificate = certify(rulebook, known_observed(deal), place)
        found = differences(certificate, known_judge(deal))
        if any(one.key == changed.rule.fact for one in found):
            return edge.name
    return None


WITHOUT_A_FIGURE = {"dealer.commission"}
"""No figure for Shanghai was found: it neither passes nor fails."""


def test_no_mutant_of_a_rule_survives(law: Library, capsys: pytest.CaptureFixture[str]) -> None:
    tried = [one for one in rule_mutants(law) if one.rule.id not in WITHOUT_A_FIGURE]
    alive = [one.name for one in tried if rule_caught_by(law, one) is None]
    kinds = Counter(one.name.split(":")[1] for one in tried)
    with capsys.disabled():
        print(f"\nmutants of the rules: {dict(sorted(kinds.items()))}, alive: {alive}")  # noqa: T201 - figures of the run
    assert alive == []
    assert kinds["deleted"] == len(law.rules) - len(WITHOUT_A_FIGURE)
    assert set(kinds) == {"deleted", "fewer", "standing"}


def test_the_comparison_is_about_days_not_only_values(law: Library) -> None:
    """A rise that comes a day early is caught on that very day."""
    early = next(
        one
        for one in all_mutants(law)
        if one.name == "loan.internet.consumer_limit[1]:begins_earlier"
    )
    name = caught_by(early)
    assert name is not None
    assert f"on={date(2025, 3, 13)}" in name
