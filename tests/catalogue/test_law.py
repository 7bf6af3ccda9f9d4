"""The law's lines, and that no fact which draws one can be deleted or shifted unnoticed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

import pytest

from catalogue.cost_cases import cost_cases
from catalogue.law_cases import Case
from catalogue.loan_cases import loan_cases
from catalogue.subsidy_cases import subsidy_cases
from sanshi.catalogue.mutants import mutants
from sanshi.catalogue.packs import Library
from sanshi.catalogue.rulebook import Rulebook

CASES = (*loan_cases(), *cost_cases(), *subsidy_cases())


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_line_lies_where_the_source_puts_it(rulebook: Rulebook, case: Case) -> None:
    assert case.outcome(rulebook) == case.expected


NOT_TO_BE_KEPT = {
    "dealer.commission",  # no figure for Shanghai was found
    "trade_in.appliance.other",  # grades that no scheme covers
    "trade_in.car_replace.other",  # cars that no replacing scheme covers
    "trade_in.car_scrap.other",  # cars that no scrapping scheme covers
}
NOT_TO_BE_BROKEN = {"dealer.commission"}


def test_every_rule_has_a_row_that_keeps_it_and_a_row_that_breaks_it(library: Library) -> None:
    kept = {case.rule for case in CASES if case.expected == "pass"}
    broken = {case.rule for case in CASES if case.expected in {"fail", "warn"}}
    rules = {rule.id for rule in library.rules}
    assert rules - kept == NOT_TO_BE_KEPT
    assert rules - broken == NOT_TO_BE_BROKEN


def test_each_mutant_of_a_blocking_fact_turns_a_row_red(
    library: Library, record_property: Callable[[str, object], None]
) -> None:
    survivors = []
    tried: Counter[str] = Counter()
    for mutant in mutants(library):
        rulebook = Rulebook(mutant.library, pack_hash=mutant.name)
        touched = {rule.id for rule in library.rules if mutant.fact in {rule.fact, rule.scope}}
        tried[mutant.kind] += 1
        if not any(
            case.outcome(rulebook) != case.expected for case in CASES if case.rule in touched
        ):
            survivors.append(mutant.name)
    record_property("mutants", dict(tried))
    assert survivors == []
    assert tried["deleted"] == tried["begins_later"] >= 60
    assert tried["loosened"] >= 75
    assert tried["ends_later"] >= 10
