"""At the edge of every rule, engine and oracle say the same: kept or broken, with what force."""

from __future__ import annotations

import pytest

from peers.law.oracle import RULES, judge
from quote.described import context, observed
from quote.disagreements import Difference, differences
from quote.edges import EDGES, Edge, edges
from sanshi.catalogue.catalogue import Catalogue
from sanshi.catalogue.rulebook import Rulebook
from sanshi.quote.certificate import certify


def compared(rulebook: Rulebook, edge: Edge) -> frozenset[Difference]:
    certificate = certify(rulebook, observed(edge.deal), context(edge.deal))
    return differences(certificate, judge(edge.deal))


def test_every_rule_of_the_oracle_has_edges() -> None:
    assert set(EDGES) == {rule.key for rule in RULES}


@pytest.mark.parametrize("key", sorted(EDGES))
def test_engine_and_oracle_agree_at_the_edges(lawful: Catalogue, key: str) -> None:
    wrong = []
    broken = 0
    for edge in edges(key):
        found = compared(lawful.rulebook, edge)
        broken += any(one == key for one, _ in judge(edge.deal).broken)
        if found:
            wrong.append((edge.name, sorted(map(str, found))))
    assert wrong == []
    assert 0 < broken < len(edges(key)), "edges lie on both sides of the rule"
