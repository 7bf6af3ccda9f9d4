"""What packs hold, what changed, what lapses; and the law on the first working day of 2027."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from catalogue.law_cases import ATTRIBUTES, CLAIM, OBSERVED, TRADE_IN
from sanshi.catalogue.packs import Library
from sanshi.catalogue.policies import PolicyFact
from sanshi.catalogue.report import diff, lapsed, lapsing, summarise
from sanshi.catalogue.rulebook import Context, Rulebook
from sanshi.quote.certificate import certify

NEW_YEAR = date(2027, 1, 4)


def changed(library: Library, key: str, change: Callable[[PolicyFact], PolicyFact]) -> Library:
    return Library(
        tuple(
            replace(
                pack,
                facts=tuple(change(fact) if fact.key == key else fact for fact in pack.facts),
            )
            for pack in library.packs
        )
    )


def test_the_same_packs_do_not_differ(library: Library) -> None:
    shuffled = Library(
        tuple(replace(pack, facts=tuple(reversed(pack.facts))) for pack in library.packs)
    )
    assert diff(library, library) == ()
    assert diff(library, shuffled) == ()
    assert shuffled.hash() == library.hash()


def test_a_changed_value_is_told_in_plain_words_and_alone(library: Library) -> None:
    def raise_limit(fact: PolicyFact) -> PolicyFact:
        first, second = fact.versions
        return fact.model_copy(
            update={"versions": (first, second.model_copy(update={"value": 350_000}))}
        )

    changes = diff(library, changed(library, "loan.internet.consumer_limit", raise_limit))
    assert len(changes) == 1
    assert str(changes[0]) == (
        "fact loan.internet.consumer_limit (from 2025-03-14 state_bank joint_stock_bank city_bank "
        "rural_bank foreign_bank): value was 300000, is 350000"
    )
    assert changes[0].as_json()["before"] == 300_000


def test_a_figure_spelt_otherwise_is_no_change(library: Library) -> None:
    def respell(fact: PolicyFact) -> PolicyFact:
        spelt = [v.model_copy(update={"value": Decimal("200000.00")}) for v in fact.versions[:1]]
        return fact.model_copy(update={"versions": (*spelt, *fact.versions[1:])})

    assert diff(library, changed(library, "loan.internet.consumer_limit", respell)) == ()


def test_versions_and_facts_that_come_and_go_are_named(library: Library) -> None:
    def cut(fact: PolicyFact) -> PolicyFact:
        return fact.model_copy(update={"versions": fact.versions[:1]})

    fewer = changed(library, "subsidy.rate_pp", cut)
    assert [str(change) for change in diff(library, fewer)] == [
        "removed fact subsidy.rate_pp (from 2026-01-01)"
    ]
    assert [str(change) for change in diff(fewer, library)] == [
        "added fact subsidy.rate_pp (from 2026-01-01)"
    ]
    without_city = Library(library.packs[:1])
    gone = {change.name for change in diff(library, without_city) if change.what == "fact"}
    assert gone == {fact.key for fact in library.packs[1].facts}
    assert {change.kind for change in diff(library, without_city)} == {"removed"}


def test_what_lapses_is_listed_with_its_instrument(library: Library) -> None:
    soon = lapsing(library, date(2026, 11, 22), 45)
    assert {lapse.key for lapse in soon} == {
        "auto.dealer_commission_rule_shanghai",
        "subsidy.cap_per_borrower_institution",
        "subsidy.eligibility_evidence",
        "subsidy.fund_split",
        "subsidy.local_institutions_min_rating",
        "subsidy.max_share_of_contract_rate",
        "subsidy.products",
        "subsidy.rate_pp",
        "tradein.appliance",
        "tradein.car.allocation",
        "tradein.car.replace",
        "tradein.car.scrap",
        "tradein.digital",
        "tradein.voucher_validity_days",
    }
    assert all(lapse.expected and lapse.days_left == 39 for lapse in soon)
    assert {lapse.instrument for lapse in soon} == {
        "subsidy_2026",
        "sh_tradein_2026",
        "sh_opinions_2024",
    }
    assert lapsing(library, date(2026, 11, 22), 38) == ()
    rate = next(lapse for lapse in soon if lapse.key == "subsidy.rate_pp")
    assert rate.as_json()["value"] == 1
    assert rate.followed_by is None
    before = lapsing(library, date(2025, 12, 1), 31)
    followed = {lapse.key: lapse.followed_by for lapse in before}
    assert followed["subsidy.rate_pp"] == date(2026, 1, 1)
    assert followed["subsidy.cap_per_transaction"] is None


def test_what_is_gone_on_the_first_working_day_of_2027(library: Library) -> None:
    gone = lapsed(library, NEW_YEAR)
    at_year_end = {lapse.key for lapse in gone if lapse.ends == date(2026, 12, 31)}
    assert at_year_end == {lapse.key for lapse in lapsing(library, date(2026, 12, 31), 0)}
    earlier = {lapse.key for lapse in gone} - at_year_end
    assert earlier == {
        "credit_repair.max_amount",
        "sh_credit_fund.fields",
        "sh_credit_fund.max_rate",
        "sh_credit_fund.max_term_months",
        "sh_credit_fund.min_amount",
        "subsidy.cap_per_transaction",
        "subsidy.cap_small_ticket_under_50k",
        "subsidy.eligible_institutions",
        "subsidy.large_ticket_categories",
        "subsidy.large_ticket_threshold",
        "tradein.ebike",
        "tradein.home",
    }


@pytest.mark.parametrize("lender", ["city_bank", "consumer_finance", "microloan"])
def test_the_law_still_stands_on_that_day(rulebook: Rulebook, lender: str) -> None:
    context = Context(NEW_YEAR, lender, "instalment_loan", "CN-SH", ATTRIBUTES)
    plain = certify(rulebook, OBSERVED, context)
    assert plain.lawful
    day_before = replace(context, quote_date=date(2026, 12, 31))
    before = certify(rulebook, OBSERVED, day_before)
    limits = {f.rule_id: f.active.limit for f in plain.findings if f.active.blocking}
    assert limits == {f.rule_id: f.active.limit for f in before.findings if f.active.blocking}
    claimed = certify(rulebook, {**OBSERVED, **CLAIM, **TRADE_IN}, context)
    assert not claimed.lawful
    assert all(finding.active.kind == "withheld" for finding in claimed.failures)


def test_the_report_counts_what_there_is(library: Library) -> None:
    report = summarise(library.packs)
    assert report.as_json()["by_confidence"] == {"V1": 22, "V2": 95, "V2s": 20, "M": 15, "X": 2}
    named = {rule.fact for rule in library.rules} | {rule.scope for rule in library.rules}
    assert report.information_only == 132 - len(named - {None})
    assert report.rules == len(library.rules) == len({rule.id for rule in library.rules})
    assert report.packs == {pack.manifest.id: pack.hash() for pack in library.packs}
