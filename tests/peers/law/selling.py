"""Disclosure, confirmation and the payment page."""

from __future__ import annotations

from datetime import date

from peers.law.book import rule
from peers.law.deals import (
    BANKS,
    COST_TABLE,
    COUNTER_STEPS,
    MICROLOAN,
    NON_BANKS,
    ONLINE_STEPS,
    Deal,
)

SHOWN_BY = BANKS | NON_BANKS | {MICROLOAN}
"""Bank, consumer finance, auto finance, trust, microloan company: no leasing company."""
SINCE = date(2026, 8, 1)


@rule(
    "disclosure.cost_table.required_fields", "cost_disclosure_2026", SINCE, "V2", lenders=SHOWN_BY
)
def cost_table_lacks_an_entry(deal: Deal) -> bool:
    return not deal.cost_table >= COST_TABLE


@rule(
    "disclosure.cost_table.checkout_instalment",
    "cost_disclosure_2026",
    SINCE,
    "V2",
    lenders=SHOWN_BY,
)
def checkout_instalment_hides_the_cost_table(deal: Deal) -> bool:
    return deal.at_checkout and not deal.table_on_payment_page


@rule(
    "disclosure.cost_table.confirmation.offline",
    "cost_disclosure_2026",
    SINCE,
    "V2",
    lenders=SHOWN_BY,
)
def signed_at_the_counter_without_signature(deal: Deal) -> bool:
    return deal.signing and not deal.online and not deal.steps >= COUNTER_STEPS


@rule(
    "disclosure.cost_table.confirmation.online",
    "cost_disclosure_2026",
    SINCE,
    "V2",
    lenders=SHOWN_BY,
)
def signed_online_without_forced_reading(deal: Deal) -> bool:
    return deal.signing and deal.online and not deal.steps >= ONLINE_STEPS


@rule(
    "marketing.payment_page_loan_option_ban",
    "marketing_2026",
    date(2026, 9, 30),
    "V2s",
    kind="prohibition",
    at_quote=True,
)
def payment_firm_lists_a_loan(deal: Deal) -> bool:
    return deal.payment_firm_lists_loan
