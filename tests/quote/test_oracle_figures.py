"""The oracle's figures are the researched ones: key, instrument, day, confidence and value.

The oracle was typed by hand and reads nothing; this reads the researched facts beside the
repository, where they are at hand, and leaves none of them out unsaid.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from peers.law import deals, subsidies
from peers.law.deals import Deal, Vehicle
from peers.law.oracle import RULES, judge
from quote.edges import CLAIM, PLAIN
from sanshi.store.marked_yaml import read_document

Row = Mapping[str, Any]

NOT_ABOUT_ONE_PLAN: Mapping[str, str] = {
    "afc.": "capital of the lender, and what it is allowed",
    "aml.": "keeping of records",
    "auto.customer_rate_max": "a pact of lenders in another province",
    "auto.dealer_commission": "another province's pact; no figure for Shanghai",
    "auto.early_settlement": "encouragement",
    "auto.price_basis": "how the price of a car is counted",
    "card.cash_instalment": "cash is no purchase",
    "card.dormant_share_max": "a lender's whole book of cards",
    "card.instalment_cost_label": "wording",
    "card.instalment_rules": "how instalments are contracted",
    "card.student_second_repayment_source": "the issue of a card, not a plan",
    "cfc.guaranteed_loan_share_max": "a lender's whole book",
    "cfc.registered_capital_min": "capital of the lender",
    "collection.": "after the loan",
    "complaint.": "after the loan",
    "cooling_off.": "nothing found for loans; goods by their own law",
    "credit_bureau.": "who is licensed",
    "credit_repair.": "what a bureau shows",
    "credit_reporting.": "data",
    "disclosure.apr.": "how the annual rate is counted and shown",
    "disclosure.cost_table.scope": "stands in the oracle as its set of lenders",
    "loan.bank.ftp_discount_min": "inside the bank",
    "loan.internet.all_partners_cap_loans": "a lender's whole book",
    "loan.internet.cross_region_ban_local_banks": "where the customer lives is not asked yet",
    "loan.internet.partner_share_min": "no plan is lent jointly yet",
    "loan.internet.single_partner_cap_tier1": "a lender's whole book",
    "loan.onsite_survey_exemption_max": "how the lender checks",
    "loan.penalty_interest_markup": "remembered only, and contingent",
    "lpr": "a rate, not a rule; its last reading stands in the oracle",
    "marketing.banned_claims": "advertising",
    "marketing.live_stream": "advertising",
    "marketing.no_excessive": "advertising",
    "marketing.opt_out": "advertising",
    "marketing.platform_may_not": "who does what, not a plan",
    "microloan.group_cap": "a lender's whole book",
    "microloan.single_borrower_cap": "over the lender's net assets",
    "pipl.": "data",
    "provision.": "a lender's whole book",
    "rate.cap.private_lending": "not for licensed lenders",
    "rate.floor.": "remembered only, and no cap",
    "risk_class.": "after the loan",
    "sh_credit_fund.": "a fund for projects of lenders, weakly sourced",
    "sh_data.": "data",
    "sh_social_credit.": "data",
    "student.targeted_marketing_ban": "advertising",
    "subsidy.eligibility_evidence": "after the loan",
    "subsidy.fund_split": "who funds it",
    "tradein.voucher_validity_days": "a voucher's life",
}
"""Facts that no rule of the oracle names, by the beginning of their keys, and why."""


@pytest.fixture(scope="module")
def rows(shared_data: Path) -> tuple[Row, ...]:
    path = shared_data.parent / "policy" / "policy_facts.yaml"
    if not path.is_file():
        pytest.skip(f"No researched facts in {path.parent}.")
    content = read_document(path).content
    assert isinstance(content, dict)
    return tuple(content["facts"])


def test_every_researched_fact_is_judged_or_said_to_be_none_of_a_plan(
    rows: tuple[Row, ...],
) -> None:
    judged = {rule.key for rule in RULES}
    keys = {row["key"] for row in rows}
    assert judged <= keys
    excused = {key for key in keys if key.startswith(tuple(NOT_ABOUT_ONE_PLAN))}
    assert keys - judged - excused == set()
    assert judged & excused == set()
    unused = [start for start in NOT_ABOUT_ONE_PLAN if not any(k.startswith(start) for k in keys)]
    assert unused == []


def test_key_instrument_day_and_confidence_are_the_researched_ones(rows: tuple[Row, ...]) -> None:
    researched = {
        (row["key"], row["instrument"], _day(row["effective_from"]), row["confidence"])
        for row in rows
    }
    dated = [rule for rule in RULES if rule.since != subsidies.ALWAYS]
    assert len(dated) > 40
    for rule in dated:
        assert (rule.key, rule.instrument, rule.since, rule.confidence) in researched, rule.key


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def test_the_last_days_are_the_researched_ones(rows: tuple[Row, ...]) -> None:
    """A version ends on its own last day, or the day before the one that supersedes it."""
    for rule in RULES:
        if rule.until is not None:
            ends = {row["effective_to"] for row in rows if row["key"] == rule.key}
            starts = {row["effective_from"] for row in rows if row["key"] == rule.key}
            after = date.fromordinal(rule.until.toordinal() + 1)
            assert rule.until.isoformat() in ends or after.isoformat() in starts, rule.key


def _fen(deal: Deal, **more: Any) -> Callable[[int], tuple[Deal, Deal]]:  # noqa: ANN401 - fields of a deal
    base = replace(deal, **more)
    return lambda yuan: (
        replace(base, amount_fen=yuan * 100),
        replace(base, amount_fen=yuan * 100 + 1),
    )


def _months(deal: Deal, **more: Any) -> Callable[[int], tuple[Deal, Deal]]:  # noqa: ANN401 - fields of a deal
    base = replace(deal, **more)
    return lambda months: (
        replace(base, term_months=months),
        replace(base, term_months=months + 1),
    )


def _cost(deal: Deal, **more: Any) -> Callable[[Decimal], tuple[Deal, Deal]]:  # noqa: ANN401 - fields of a deal
    base = replace(deal, **more)
    least = Fraction(1, 10**9)
    return lambda cap: (
        replace(base, effective_cost=Fraction(cap)),
        replace(base, effective_cost=Fraction(cap) + least),
    )


def _car(energy: str, *, private: bool, new: bool) -> Callable[[Decimal], tuple[Deal, Deal]]:
    car = Vehicle(energy, private, new, price_basis_fen=10**8)
    base = replace(PLAIN, vehicle=car, purpose=deals.CAR, online=False)
    return lambda share: (
        replace(base, amount_fen=int(share * 10**8)),
        replace(base, amount_fen=int(share * 10**8) + 1),
    )


def _subsidy(name: str, least: int | Fraction) -> Callable[[Any], tuple[Deal, Deal]]:
    base = replace(PLAIN, lender=deals.STATE, on=date(2025, 10, 10))
    scale = Fraction(1, 100) if name == "rate" else 100

    def claims(**value: Any) -> Deal:  # noqa: ANN401 - fields of a claim
        return replace(base, interest_subsidy=replace(CLAIM, **value))

    return lambda value: (
        claims(**{name: Fraction(value) * scale}),
        claims(**{name: Fraction(value) * scale + least}),
    )


OFFLINE = replace(PLAIN, online=False)
BEFORE = date(2025, 1, 10)
PROBES: Mapping[tuple[str, str], Callable[[Any], tuple[Deal, Deal]]] = {
    ("loan.internet.consumer_limit", "internet_loans_2020"): _fen(PLAIN, on=BEFORE),
    ("loan.internet.consumer_limit", "nfra_cf_2025"): _fen(PLAIN),
    ("microloan.network.consumer_limit", "microloan_2024"): _fen(PLAIN, lender=deals.MICROLOAN),
    ("microloan.network.business_limit", "microloan_2024"): _fen(
        PLAIN, lender=deals.MICROLOAN, purpose=deals.BUSINESS
    ),
    ("loan.self_payment_limit.business", "pl_measures_2024"): _fen(
        OFFLINE, purpose=deals.BUSINESS, entrusted=False
    ),
    ("cfc.single_borrower_limit", "cfc_2024"): _fen(OFFLINE, lender=deals.CONSUMER_FINANCE),
    ("loan.self_payment_limit.consumer", "pl_measures_2024"): _fen(
        OFFLINE, on=BEFORE, entrusted=False
    ),
    ("loan.self_payment_limit.consumer", "nfra_cf_2025"): _fen(OFFLINE, entrusted=False),
    ("loan.max_term.consumer", "pl_measures_2024"): _months(PLAIN, on=BEFORE),
    ("loan.max_term.consumer", "nfra_cf_2025"): _months(PLAIN),
    ("loan.internet.bullet_max_term", "internet_loans_2020"): _months(PLAIN, principal_at_end=True),
    ("card.instalment_max_term", "credit_card_2022"): _months(PLAIN, kind=deals.CARD_INSTALMENT),
    ("rate.cap.microloan_new", "microloan_cost_2025"): _cost(PLAIN, lender=deals.MICROLOAN),
    ("rate.cap.loan_facilitation", "loan_facilitation_2025"): _cost(PLAIN, facilitated=True),
    ("rate.cap.cfc_window", "window_guidance_2025_10"): _cost(PLAIN, lender=deals.CONSUMER_FINANCE),
    ("auto.ltv.commercial_ice", "auto_loan_2024"): _car(deals.PETROL, private=False, new=True),
    ("auto.ltv.commercial_nev", "auto_loan_2024"): _car(deals.PHEV, private=False, new=True),
    ("auto.ltv.used", "auto_loan_2024"): _car(deals.PETROL, private=True, new=False),
    ("subsidy.rate_pp", "subsidy_2025"): _subsidy("rate", Fraction(1, 10**6)),
    ("subsidy.cap_per_borrower_institution", "subsidy_2025"): _subsidy("granted_fen", 1),
    ("subsidy.cap_small_ticket_under_50k", "subsidy_2025"): _subsidy("small_tickets_fen", 1),
    ("subsidy.cap_per_transaction", "subsidy_2025"): _subsidy("transaction_fen", 1),
    ("subsidy.large_ticket_threshold", "subsidy_2025"): _subsidy("base_fen", 1),
}
"""From the researched value to the last deal that keeps it and the first that breaks it."""


@pytest.mark.parametrize(("key", "instrument"), PROBES)
def test_the_line_lies_at_the_researched_value(
    rows: tuple[Row, ...], key: str, instrument: str
) -> None:
    (row,) = (r for r in rows if (r["key"], r["instrument"]) == (key, instrument))
    kept, broken = PROBES[key, instrument](row["value"])
    assert key not in {one for one, _ in judge(kept).broken}
    assert key in {one for one, _ in judge(broken).broken}


SCHEMES: Mapping[str, tuple[subsidies.Scheme, ...]] = {
    "tradein.appliance": subsidies.APPLIANCES,
    "tradein.digital": subsidies.DIGITAL,
    "tradein.home": subsidies.HOME,
    "tradein.ebike": subsidies.EBIKE,
    "tradein.car.scrap": subsidies.SCRAP,
    "tradein.car.replace": subsidies.REPLACE,
}


@pytest.mark.parametrize("key", SCHEMES)
def test_each_version_of_a_scheme_has_the_researched_days_and_figures(
    rows: tuple[Row, ...], key: str
) -> None:
    ours = sorted(SCHEMES[key], key=lambda scheme: scheme.first_day)
    theirs = sorted((r for r in rows if r["key"] == key), key=lambda row: row["effective_from"])
    assert len(ours) == len(theirs)
    for scheme, row in zip(ours, theirs, strict=True):
        assert (scheme.first_day, scheme.last_day) == (
            _day(row["effective_from"]),
            _day(row["effective_to"]),
        )
        assert scheme.sure == (row["confidence"] in {"V1", "V2"})
        assert _figures(scheme) <= _numbers(row["value"])


def _figures(scheme: subsidies.Scheme) -> set[Decimal]:
    """Return every figure of ours: shares, and amounts in yuan."""
    shares = {Decimal(g.percent) / 100 for g in scheme.tiers.values() if g.percent < 100}
    caps = {Decimal(grant.cap_yuan) for grant in scheme.tiers.values()}
    others = {scheme.price_max_yuan, scheme.items_max, *scheme.items_max_of.values()}
    return shares | caps | {Decimal(one) for one in others if one != subsidies.NO_CAP}


def _numbers(value: object) -> set[Decimal]:
    if isinstance(value, Mapping):
        return {number for item in value.values() for number in _numbers(item)}
    if isinstance(value, int | Decimal):
        return {Decimal(value)}
    return set()
