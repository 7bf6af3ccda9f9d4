"""What lenders here adopt beyond the reach of a verified rule.

No source demands it, so it is never law; the packs say it in so many words ("other lenders keep to
it as their own rule"), and this file says once more for whom, written from those sentences. A plan
withheld for it must say that it is a house rule modelled on the law.
"""

from __future__ import annotations

from datetime import date
from fractions import Fraction

from peers.law.book import rule
from peers.law.deals import (
    AUTO_FINANCE,
    BANKS,
    BUSINESS,
    CONSUMER_PURPOSES,
    LEASE,
    LEASING,
    LOAN,
    MICROLOAN,
    NON_BANKS,
    TRUST,
    Deal,
)
from peers.law.loans import YUAN

UNNAMED = frozenset({AUTO_FINANCE, TRUST})
"""No source of the limits on consumer loans names them, neither for the base nor for the raise."""


def _consumer_loan(deal: Deal) -> bool:
    return deal.kind == LOAN and deal.purpose in CONSUMER_PURPOSES


@rule("card.min_age_primary", "credit_card_2011", date(2011, 1, 13), "V2", kind="adopted")
def any_loan_under_18(deal: Deal) -> bool:
    return deal.kind in {LOAN, LEASE} and deal.age < 18


@rule(
    "student.microloan_internet_consumer_ban",
    "student_2021",
    date(2021, 3, 17),
    "V2",
    kind="adopted",
    lenders={MICROLOAN},
)
def microloan_to_a_student_at_a_branch(deal: Deal) -> bool:
    return not deal.online and deal.student


@rule(
    "student.bank_second_repayment_source",
    "student_2021",
    date(2021, 3, 17),
    "V2",
    kind="adopted",
    lenders=BANKS,
)
def student_without_second_source_at_a_branch(deal: Deal) -> bool:
    return not deal.online and deal.student and not deal.second_source_agreed


@rule(
    "student.bank_second_repayment_source",
    "student_2021",
    date(2021, 3, 17),
    "V2",
    kind="adopted",
    lenders=NON_BANKS | {LEASING},
)
def student_without_second_source_elsewhere(deal: Deal) -> bool:
    return deal.student and not deal.second_source_agreed


@rule(
    "rate.cap.loan_facilitation",
    "loan_facilitation_2025",
    date(2025, 10, 1),
    "V2",
    kind="adopted",
    lenders=NON_BANKS,
)
def facilitated_loan_of_a_non_bank_over_24_percent(deal: Deal) -> bool:
    cost = max(deal.nominal_cost, deal.effective_cost)
    return deal.facilitated and cost > Fraction(24, 100)


@rule(
    "rate.cap.loan_facilitation",
    "loan_facilitation_2025",
    date(2025, 10, 1),
    "V2",
    kind="adopted",
    lenders=BANKS,
)
def facilitated_loan_at_a_branch_over_24_percent(deal: Deal) -> bool:
    cost = max(deal.nominal_cost, deal.effective_cost)
    return not deal.online and deal.facilitated and cost > Fraction(24, 100)


@rule(
    "loan.internet.consumer_limit",
    "internet_loans_2020",
    date(2020, 7, 17),
    "V2",
    kind="adopted",
    lenders=UNNAMED,
)
def internet_loan_of_the_unnamed_over_200_000(deal: Deal) -> bool:
    whole_fen = deal.amount_fen + deal.owed_fen
    return _consumer_loan(deal) and deal.online and whole_fen > 200_000 * YUAN


@rule(
    "loan.max_term.consumer",
    "pl_measures_2024",
    date(2024, 7, 1),
    "V2",
    kind="adopted",
    lenders=UNNAMED,
)
def consumer_loan_of_the_unnamed_over_60_months(deal: Deal) -> bool:
    return _consumer_loan(deal) and deal.term_months > 60


@rule(
    "loan.max_term.consumer",
    "pl_measures_2024",
    date(2024, 7, 1),
    "V2",
    kind="adopted",
    lenders={MICROLOAN},
)
def microloan_over_60_months(deal: Deal) -> bool:
    return deal.kind == LOAN and deal.term_months > 60


@rule(
    "loan.internet.bullet_max_term",
    "internet_loans_2020",
    date(2020, 7, 17),
    "V2",
    kind="adopted",
    lenders=NON_BANKS | {MICROLOAN},
)
def internet_bullet_of_a_non_bank_over_12_months(deal: Deal) -> bool:
    return deal.online and deal.kind == LOAN and deal.principal_at_end and deal.term_months > 12


@rule(
    "loan.self_payment_limit.consumer",
    "pl_measures_2024",
    date(2024, 7, 1),
    "V2",
    kind="adopted",
    lenders=UNNAMED | {MICROLOAN},
)
def consumer_loan_paid_out_over_300_000(deal: Deal) -> bool:
    return _consumer_loan(deal) and not deal.entrusted and deal.amount_fen > 300_000 * YUAN


@rule(
    "loan.self_payment_limit.business",
    "pl_measures_2024",
    date(2024, 7, 1),
    "V2",
    kind="adopted",
    lenders=UNNAMED | {MICROLOAN},
)
def business_loan_paid_out_over_500_000(deal: Deal) -> bool:
    business = deal.kind == LOAN and deal.purpose == BUSINESS
    return business and not deal.entrusted and deal.amount_fen > 500_000 * YUAN
