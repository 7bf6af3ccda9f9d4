"""An independent oracle of the law: may this deal be offered, and which rule forbids it?

Every figure below was typed from the shared facts file, with its key, instrument, dates and
confidence. Nothing is read from the packs and nothing is imported from the code under test. What a
rule may do follows the design: a limit or duty seen at V1 or V2 forbids as law; so does a
prohibition; a prohibition that is only remembered (M) or weakly sourced (V2s) forbids as the
lender's house rule; every other unverified value only warns; what was searched and not found (X)
does nothing.

Where the facts file does not say whom a rule binds, the reading is written beside the rule.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Literal

from peers.law.deals import (
    AUTO_FINANCE,
    BANKS,
    BUSINESS,
    CONSUMER_FINANCE,
    COST_TABLE,
    EQUITY,
    FIXED_ASSETS,
    HOUSE,
    LEASING,
    MICROLOAN,
    OTHER_BARRED,
    RAISED_BANKS,
    REPAY_DEBT,
    SECURITIES,
    Deal,
)

Force = Literal["law", "house", "warn"]
Kind = Literal["limit", "prohibition"]
YUAN = 100


@dataclass(frozen=True, slots=True)
class Rule:
    """One version of one fact, and the question whether a deal breaks it."""

    key: str
    instrument: str
    since: date
    until: date | None
    confidence: str
    kind: Kind
    lenders: frozenset[str] | None
    breaks: Callable[[Deal], bool]

    @property
    def force(self) -> Force | None:
        if self.confidence in {"V1", "V2"}:
            return "law"
        if self.confidence == "X":
            return None
        return "house" if self.kind == "prohibition" else "warn"

    def binds(self, deal: Deal) -> bool:
        """Whether this version is in force for this lender on the deal's day."""
        if self.lenders is not None and deal.lender not in self.lenders:
            return False
        return self.since <= deal.on and (self.until is None or deal.on <= self.until)


@dataclass(frozen=True, slots=True)
class Verdict:
    """Which rules forbid the deal as law, which as house rule, and which only warn."""

    law: tuple[str, ...]
    house: tuple[str, ...]
    warn: tuple[str, ...]

    @property
    def allowed(self) -> bool:
        return not self.law and not self.house

    @property
    def forbidding(self) -> frozenset[str]:
        return frozenset(self.law + self.house)


RULES: list[Rule] = []


def rule(
    key: str,
    instrument: str,
    since: date,
    confidence: str,
    *,
    kind: Kind = "limit",
    lenders: Iterable[str] | None = None,
    until: date | None = None,
) -> Callable[[Callable[[Deal], bool]], Callable[[Deal], bool]]:
    """Enter one version of one fact; the decorated function says whether a deal breaks it."""
    whom = None if lenders is None else frozenset(lenders)

    def enter(breaks: Callable[[Deal], bool]) -> Callable[[Deal], bool]:
        RULES.append(Rule(key, instrument, since, until, confidence, kind, whom, breaks))
        return breaks

    return enter


def judge(deal: Deal) -> Verdict:
    """Ask every rule."""
    broken: dict[Force, list[str]] = {"law": [], "house": [], "warn": []}
    for entry in RULES:
        if entry.force is not None and entry.binds(deal) and entry.breaks(deal):
            broken[entry.force].append(entry.key)
    return Verdict(tuple(broken["law"]), tuple(broken["house"]), tuple(broken["warn"]))


def _consumer_loan(deal: Deal) -> bool:
    return deal.kind == "loan" and deal.purpose != BUSINESS


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
    return deal.online and deal.student and _consumer_loan(deal)


@rule("student.bank_second_repayment_source", "student_2021", date(2021, 3, 17), "V2", lenders=BANKS)
def student_without_second_source(deal: Deal) -> bool:
    return deal.online and deal.student and _consumer_loan(deal) and not deal.second_source_agreed


@rule("card.student_second_repayment_source", "credit_card_2011", date(2009, 6, 23), "V2")
def student_card_without_second_source(deal: Deal) -> bool:
    return deal.kind == "card_instalment" and deal.student and not deal.second_source_agreed


@rule("card.min_age_primary", "credit_card_2011", date(2011, 1, 13), "V2")
def card_under_18(deal: Deal) -> bool:
    return deal.kind == "card_instalment" and deal.age < 18


@rule("card.instalment_max_term", "credit_card_2022", date(2022, 7, 7), "V2")
def card_instalment_over_60_months(deal: Deal) -> bool:
    return deal.kind == "card_instalment" and deal.term_months > 60


# ── amounts and terms ─────────────────────────────────────────────────────────────────────────
# The measures on Internet loans are written for commercial banks, and press reads private banks
# and consumer finance companies as staying at the base. Nobody names auto finance companies, whose
# Internet loans the base therefore does not reach here.


def _online_total_yuan(deal: Deal) -> Fraction:
    return Fraction(deal.amount_fen + deal.owed_online_fen, YUAN)


@rule(
    "loan.internet.consumer_limit",
    "internet_loans_2020",
    date(2020, 7, 17),
    "V2",
    lenders=RAISED_BANKS,
    until=date(2025, 3, 13),
)
@rule(
    "loan.internet.consumer_limit",
    "internet_loans_2020",
    date(2020, 7, 17),
    "V2",
    lenders=(BANKS - RAISED_BANKS) | {CONSUMER_FINANCE},
)
def internet_loan_over_200_000(deal: Deal) -> bool:
    return deal.online and _consumer_loan(deal) and _online_total_yuan(deal) > 200_000


@rule(
    "loan.internet.consumer_limit",
    "nfra_cf_2025",
    date(2025, 3, 14),
    "V2",
    lenders=RAISED_BANKS,
)
def internet_loan_over_300_000(deal: Deal) -> bool:
    return deal.online and _consumer_loan(deal) and _online_total_yuan(deal) > 300_000


@rule(
    "microloan.network.consumer_limit",
    "microloan_2024",
    date(2024, 12, 31),
    "V2",
    lenders={MICROLOAN},
)
def network_microloan_over_200_000(deal: Deal) -> bool:
    return deal.online and _consumer_loan(deal) and _online_total_yuan(deal) > 200_000


@rule("cfc.single_borrower_limit", "cfc_2024", date(2024, 4, 18), "M", lenders={CONSUMER_FINANCE})
def consumer_finance_over_200_000(deal: Deal) -> bool:
    return deal.amount_fen > 200_000 * YUAN


@rule(
    "loan.max_term.consumer",
    "pl_measures_2024",
    date(2024, 7, 1),
    "V2",
    lenders=RAISED_BANKS,
    until=date(2025, 3, 13),
)
@rule(
    "loan.max_term.consumer",
    "pl_measures_2024",
    date(2024, 7, 1),
    "V2",
    lenders=(BANKS - RAISED_BANKS) | {CONSUMER_FINANCE, AUTO_FINANCE},
)
def consumer_loan_over_60_months(deal: Deal) -> bool:
    return _consumer_loan(deal) and deal.term_months > 60


@rule("loan.max_term.consumer", "nfra_cf_2025", date(2025, 3, 14), "V2", lenders=RAISED_BANKS)
def consumer_loan_over_84_months(deal: Deal) -> bool:
    return _consumer_loan(deal) and deal.term_months > 84


@rule("auto.max_term", "auto_loan_2017", date(2018, 1, 1), "M")
def car_loan_too_long(deal: Deal) -> bool:
    if deal.car is None or deal.kind != "loan":
        return False
    return deal.term_months > (60 if deal.car.state == "new" else 36)


@rule(
    "loan.internet.bullet_max_term",
    "internet_loans_2020",
    date(2020, 7, 17),
    "V2",
    lenders=BANKS | {CONSUMER_FINANCE},
)
def internet_bullet_over_12_months(deal: Deal) -> bool:
    return deal.online and _consumer_loan(deal) and deal.bullet and deal.term_months > 12


@rule(
    "loan.self_payment_limit.consumer",
    "pl_measures_2024",
    date(2024, 7, 1),
    "V2",
    lenders=RAISED_BANKS,
    until=date(2025, 3, 13),
)
@rule(
    "loan.self_payment_limit.consumer",
    "pl_measures_2024",
    date(2024, 7, 1),
    "V2",
    lenders=(BANKS - RAISED_BANKS) | {CONSUMER_FINANCE, AUTO_FINANCE},
)
def self_payment_over_300_000(deal: Deal) -> bool:
    return _consumer_loan(deal) and not deal.entrusted and deal.amount_fen > 300_000 * YUAN


@rule(
    "loan.self_payment_limit.consumer",
    "nfra_cf_2025",
    date(2025, 3, 14),
    "V2",
    lenders=RAISED_BANKS,
)
def self_payment_over_500_000(deal: Deal) -> bool:
    return _consumer_loan(deal) and not deal.entrusted and deal.amount_fen > 500_000 * YUAN


@rule(
    "loan.internet.partner_share_min",
    "internet_loans_2021",
    date(2022, 1, 1),
    "V2",
    lenders=BANKS,
)
def partner_carries_under_30_percent(deal: Deal) -> bool:
    return (
        deal.online and deal.partner_share is not None and deal.partner_share < Fraction(30, 100)
    )


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
    barred = {HOUSE, SECURITIES, FIXED_ASSETS, EQUITY, OTHER_BARRED}
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
def consumer_finance_for_car_or_house(deal: Deal) -> bool:
    return deal.car is not None or deal.purpose == HOUSE


# ── price ─────────────────────────────────────────────────────────────────────────────────────
# The sources give no rate convention, so the higher of the two figures is tested.


def _cost(deal: Deal) -> Fraction:
    return max(deal.nominal_cost, deal.effective_cost)


@rule(
    "rate.cap.microloan_new",
    "microloan_cost_2025",
    date(2025, 12, 24),
    "V2",
    lenders={MICROLOAN},
)
def microloan_over_24_percent(deal: Deal) -> bool:
    return _cost(deal) > Fraction(24, 100)


@rule(
    "rate.cap.loan_facilitation",
    "loan_facilitation_2025",
    date(2025, 10, 1),
    "V2",
    lenders=BANKS,
)
def facilitated_loan_over_24_percent(deal: Deal) -> bool:
    return deal.facilitated and deal.online and _cost(deal) > Fraction(24, 100)


@rule(
    "rate.cap.cfc_window",
    "window_guidance_2025_10",
    date(2025, 10, 1),
    "V2s",
    lenders={CONSUMER_FINANCE},
)
def consumer_finance_over_20_percent(deal: Deal) -> bool:
    return _cost(deal) > Fraction(20, 100)


# ── cars ──────────────────────────────────────────────────────────────────────────────────────
# Private new cars: set by the lender since 2024-04-03, so no figure forbids.


def _over_car_share(deal: Deal, percent: int) -> bool:
    return deal.car is not None and deal.amount_fen * 100 > deal.car.price_basis_fen * percent


@rule("auto.ltv.commercial_ice", "auto_loan_2024", date(2018, 1, 1), "V2")
def commercial_petrol_car_over_70_percent(deal: Deal) -> bool:
    car = deal.car
    if deal.kind != "loan" or car is None or (car.use, car.energy) != ("commercial", "ice"):
        return False
    return car.state == "new" and _over_car_share(deal, 70)


@rule("auto.ltv.commercial_nev", "auto_loan_2024", date(2018, 1, 1), "V2")
def commercial_new_energy_car_over_75_percent(deal: Deal) -> bool:
    car = deal.car
    if deal.kind != "loan" or car is None or car.use != "commercial" or car.energy == "ice":
        return False
    return car.state == "new" and _over_car_share(deal, 75)


@rule("auto.ltv.used", "auto_loan_2024", date(2018, 1, 1), "V2")
def used_car_over_70_percent(deal: Deal) -> bool:
    used = deal.car is not None and deal.car.state == "used"
    return deal.kind == "loan" and used and _over_car_share(deal, 70)


@rule(
    "plate.shanghai.bev_quota_free",
    "sh_plate_rules",
    date(2023, 1, 1),
    "V2s",
    kind="prohibition",
)
def plate_loan_for_a_battery_electric_car(deal: Deal) -> bool:
    return deal.plate_of == "bev"


# ── disclosure and selling ────────────────────────────────────────────────────────────────────

COST_TABLE_LENDERS = BANKS | {CONSUMER_FINANCE, AUTO_FINANCE, MICROLOAN}
"""Bank, consumer finance, auto finance, trust, microloan: no leasing company."""


@rule(
    "disclosure.cost_table.required_fields",
    "cost_disclosure_2026",
    date(2026, 8, 1),
    "V2",
    lenders=COST_TABLE_LENDERS,
)
def cost_table_lacks_an_entry(deal: Deal) -> bool:
    return not deal.cost_table >= COST_TABLE


@rule(
    "disclosure.cost_table.checkout_instalment",
    "cost_disclosure_2026",
    date(2026, 8, 1),
    "V2",
    lenders=COST_TABLE_LENDERS,
)
def checkout_instalment_hides_the_cost_table(deal: Deal) -> bool:
    return deal.at_checkout and not deal.on_payment_page


@rule(
    "disclosure.cost_table.confirmation.offline",
    "cost_disclosure_2026",
    date(2026, 8, 1),
    "V2",
    lenders=COST_TABLE_LENDERS,
)
def signed_at_the_counter_without_signature(deal: Deal) -> bool:
    return deal.signing and not deal.online and not deal.signature


@rule(
    "disclosure.cost_table.confirmation.online",
    "cost_disclosure_2026",
    date(2026, 8, 1),
    "V2",
    lenders=COST_TABLE_LENDERS,
)
def signed_online_without_forced_reading(deal: Deal) -> bool:
    read = deal.popup_confirmed and deal.reading_time_forced
    return deal.signing and deal.online and not read


@rule(
    "marketing.payment_page_loan_option_ban",
    "marketing_2026",
    date(2026, 9, 30),
    "V2s",
    kind="prohibition",
)
def payment_firm_lists_a_loan(deal: Deal) -> bool:
    return deal.loan_option_of_payment_firm and deal.kind != "lease"


__all__ = ["LEASING", "RULES", "Rule", "Verdict", "judge", "rule"]
