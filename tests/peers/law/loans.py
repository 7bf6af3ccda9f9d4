"""Who may borrow, what for, how much, how long and at what price.

Figures typed from the shared facts file. Where it does not say whom a rule binds, the reading
stands beside the rule.
"""

from __future__ import annotations

from datetime import date
from fractions import Fraction

from peers.law.book import rule
from peers.law.deals import (
    BANKS,
    BUSINESS,
    CAR,
    CARD,
    CARD_INSTALMENT,
    CONSUMER_FINANCE,
    CONSUMER_PURPOSES,
    EQUITY,
    FIXED_ASSETS,
    HOUSE,
    LOAN,
    MICROLOAN,
    MORTGAGE,
    OTHER_BARRED,
    RAISED_BANKS,
    REPAY_DEBT,
    SECURITIES,
    Deal,
)

YUAN = 100
DAY_BEFORE_RAISE = date(2025, 3, 13)
RAISE = date(2025, 3, 14)
NOT_RAISED = (BANKS - RAISED_BANKS) | {CONSUMER_FINANCE}
"""Press reads private banks and consumer finance companies as outside the raise, so under the base
figures; nobody names auto finance and trust companies: what they keep to is their own (`adopted`).
"""
BANKING = BANKS | {CONSUMER_FINANCE}
"""Whom the measures on personal loans are read to bind."""


def _consumer_loan(deal: Deal) -> bool:
    return deal.kind == LOAN and deal.purpose in CONSUMER_PURPOSES


# ── students and age ──────────────────────────────────────────────────────────────────────────


@rule(
    "student.microloan_internet_consumer_ban",
    "student_2021",
    date(2021, 3, 17),
    "V2",
    kind="prohibition",
    lenders={MICROLOAN},
)
def microloan_to_a_student_online(deal: Deal) -> bool:
    return deal.online and deal.student


@rule(
    "student.bank_second_repayment_source", "student_2021", date(2021, 3, 17), "V2", lenders=BANKS
)
def student_without_second_source(deal: Deal) -> bool:
    """The notice is on Internet consumer loans; a private bank is a bank."""
    return deal.online and deal.student and not deal.second_source_agreed


@rule("card.min_age_primary", "credit_card_2011", date(2011, 1, 13), "V2")
def card_under_18(deal: Deal) -> bool:
    return deal.kind in {CARD, CARD_INSTALMENT} and deal.age < 18


@rule("card.instalment_max_term", "credit_card_2022", date(2022, 7, 7), "V2")
def card_instalment_over_60_months(deal: Deal) -> bool:
    return deal.kind == CARD_INSTALMENT and deal.term_months > 60


# ── amounts ───────────────────────────────────────────────────────────────────────────────────


def _online_yuan(deal: Deal) -> Fraction:
    """What the borrower owes this lender with the new loan, if the new loan is online."""
    return Fraction(deal.amount_fen + deal.owed_fen, YUAN) if deal.online else Fraction(0)


@rule(
    "loan.internet.consumer_limit",
    "internet_loans_2020",
    date(2020, 7, 17),
    "V2",
    lenders=RAISED_BANKS,
    until=DAY_BEFORE_RAISE,
)
@rule(
    "loan.internet.consumer_limit",
    "internet_loans_2020",
    date(2020, 7, 17),
    "V2",
    lenders=NOT_RAISED,
)
def internet_loan_over_200_000(deal: Deal) -> bool:
    return _consumer_loan(deal) and _online_yuan(deal) > 200_000


@rule("loan.internet.consumer_limit", "nfra_cf_2025", RAISE, "V2", lenders=RAISED_BANKS)
def internet_loan_over_300_000(deal: Deal) -> bool:
    return _consumer_loan(deal) and _online_yuan(deal) > 300_000


@rule(
    "microloan.network.consumer_limit",
    "microloan_2024",
    date(2024, 12, 31),
    "V2",
    lenders={MICROLOAN},
)
def network_microloan_over_200_000(deal: Deal) -> bool:
    return deal.purpose in CONSUMER_PURPOSES and _online_yuan(deal) > 200_000


@rule(
    "microloan.network.business_limit",
    "microloan_2024",
    date(2024, 12, 31),
    "V2",
    lenders={MICROLOAN},
)
def network_microloan_for_business_over_10_million(deal: Deal) -> bool:
    return deal.purpose == BUSINESS and _online_yuan(deal) > 10_000_000


@rule("cfc.single_borrower_limit", "cfc_2024", date(2024, 4, 18), "M", lenders={CONSUMER_FINANCE})
def consumer_finance_over_200_000(deal: Deal) -> bool:
    return deal.amount_fen + deal.owed_fen > 200_000 * YUAN


@rule(
    "loan.self_payment_limit.consumer",
    "pl_measures_2024",
    date(2024, 7, 1),
    "V2",
    lenders=RAISED_BANKS,
    until=DAY_BEFORE_RAISE,
)
@rule(
    "loan.self_payment_limit.consumer",
    "pl_measures_2024",
    date(2024, 7, 1),
    "V2",
    lenders=NOT_RAISED,
)
def self_payment_over_300_000(deal: Deal) -> bool:
    return _consumer_loan(deal) and not deal.entrusted and deal.amount_fen > 300_000 * YUAN


@rule("loan.self_payment_limit.consumer", "nfra_cf_2025", RAISE, "V2", lenders=RAISED_BANKS)
def self_payment_over_500_000(deal: Deal) -> bool:
    return _consumer_loan(deal) and not deal.entrusted and deal.amount_fen > 500_000 * YUAN


@rule(
    "loan.self_payment_limit.business",
    "pl_measures_2024",
    date(2024, 7, 1),
    "V2",
    lenders=BANKING,
)
def self_payment_for_business_over_500_000(deal: Deal) -> bool:
    business = deal.kind == LOAN and deal.purpose == BUSINESS
    return business and not deal.entrusted and deal.amount_fen > 500_000 * YUAN


# ── terms ─────────────────────────────────────────────────────────────────────────────────────


@rule(
    "loan.max_term.consumer",
    "pl_measures_2024",
    date(2024, 7, 1),
    "V2",
    lenders=RAISED_BANKS,
    until=DAY_BEFORE_RAISE,
)
@rule("loan.max_term.consumer", "pl_measures_2024", date(2024, 7, 1), "V2", lenders=NOT_RAISED)
def consumer_loan_over_60_months(deal: Deal) -> bool:
    return _consumer_loan(deal) and deal.term_months > 60


@rule("loan.max_term.consumer", "nfra_cf_2025", RAISE, "V2", lenders=RAISED_BANKS)
def consumer_loan_over_84_months(deal: Deal) -> bool:
    return _consumer_loan(deal) and deal.term_months > 84


@rule(
    "loan.internet.bullet_max_term",
    "internet_loans_2020",
    date(2020, 7, 17),
    "V2",
    lenders=BANKS,
)
def internet_bullet_over_12_months(deal: Deal) -> bool:
    """The measures are written for commercial banks, and no source extends this one."""
    return deal.online and deal.kind == LOAN and deal.principal_at_end and deal.term_months > 12


# ── purposes ──────────────────────────────────────────────────────────────────────────────────


@rule(
    "loan.forbidden_purposes.bank_internet",
    "internet_loans_2020",
    date(2020, 7, 17),
    "M",
    kind="prohibition",
    lenders=BANKS,
)
def bank_internet_purpose(deal: Deal) -> bool:
    barred = {HOUSE, MORTGAGE, SECURITIES, FIXED_ASSETS, EQUITY, OTHER_BARRED}
    return deal.online and deal.purpose in barred


@rule(
    "loan.forbidden_purposes.microloan",
    "microloan_2024",
    date(2024, 12, 31),
    "V2",
    kind="prohibition",
    lenders={MICROLOAN},
)
def microloan_purpose(deal: Deal) -> bool:
    return deal.purpose in {SECURITIES, EQUITY, REPAY_DEBT, OTHER_BARRED}


@rule(
    "cfc.scope_excludes",
    "cfc_2024",
    date(2024, 4, 18),
    "M",
    kind="prohibition",
    lenders={CONSUMER_FINANCE},
)
def consumer_finance_for_a_car_or_house(deal: Deal) -> bool:
    return deal.purpose in {CAR, HOUSE}


# ── price ─────────────────────────────────────────────────────────────────────────────────────
# The sources give no rate convention, so the higher of the two figures is tested.


def _cost(deal: Deal) -> Fraction:
    return max(deal.nominal_cost, deal.effective_cost)


@rule(
    "rate.cap.microloan_new", "microloan_cost_2025", date(2025, 12, 24), "V2", lenders={MICROLOAN}
)
def microloan_over_24_percent(deal: Deal) -> bool:
    return _cost(deal) > Fraction(24, 100)


@rule(
    "rate.cap.microloan_target",
    "microloan_cost_2025",
    date(2027, 12, 31),
    "V2",
    lenders={MICROLOAN},
)
def microloan_over_four_times_lpr(deal: Deal) -> bool:
    """Four times the one-year LPR, 3.0 % in the last reading; a month or less stays at 24 %."""
    return deal.term_months > 1 and _cost(deal) > 4 * Fraction(30, 1000)


@rule(
    "rate.cap.loan_facilitation",
    "loan_facilitation_2025",
    date(2025, 10, 1),
    "V2",
    lenders=BANKS,
)
def facilitated_loan_over_24_percent(deal: Deal) -> bool:
    """The notice is on Internet loan facilitation."""
    return deal.online and deal.facilitated and _cost(deal) > Fraction(24, 100)


@rule(
    "rate.cap.cfc_window",
    "window_guidance_2025_10",
    date(2025, 10, 1),
    "V2s",
    lenders={CONSUMER_FINANCE},
)
def consumer_finance_over_20_percent(deal: Deal) -> bool:
    return _cost(deal) > Fraction(20, 100)
