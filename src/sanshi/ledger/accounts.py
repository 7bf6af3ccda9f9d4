"""The chart of accounts 会计科目表: accounts, and between which two each component moves.

A chart is data (`packs/*/chart/`). What the engine can book by name stands here, so that a chart
which lacks any of it is refused before anything is booked.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from sanshi.kernel.errors import InputError

Side = Literal["debit", "credit"]
AccountClass = Literal["asset", "liability", "equity", "income", "expense", "off_balance"]
Legs = tuple[str, str]
"""The accounts that a component debits and credits."""

COMPONENTS = frozenset(
    {
        "ordered",
        "disbursed",
        "interest_earned",
        "penalty_earned",
        "received",
        "principal_paid",
        "interest_paid",
        "penalty_paid",
        "credit_returned",
        "subsidy_granted",
        "benefit_given",
        "claim_paid",
        "merchant_paid",
        "owed_to_merchant",
        "refund_netted",
        "settlement_paid",
        "merchant_fee",
        "merchant_fee_vat",
        "reserve_held",
        "reserve_released",
        "settled_out",
        "settled_in",
        "unmatched_in",
        "written_off_principal",
        "written_off_interest",
        "written_off_penalty",
        "recovered",
        "transferred_principal",
        "transferred_interest",
        "transferred_penalty",
        "transfer_loss",
        "transfer_price_paid",
    }
)
"""Every component that the engine books."""

NAMED = frozenset({"customer_loan", "funder_receivable", "interest_receivable", "rail_clearing"})
"""Accounts that the engine asks for by name: the overview's figures, and reconciliation."""


@dataclass(frozen=True, slots=True)
class Account:
    """A general-ledger account: the side on which it normally stands, and what it is part of."""

    normal: Side
    account_class: AccountClass
    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Flaw:
    """What is wrong with a chart: in which of its lists, of which entry, in which field."""

    where: Literal["accounts", "legs"]
    name: str
    field: str
    code: str
    message: str
    fix: str


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart of accounts that can be booked on; a flawed one is never made.

    Every receipt passes through the customer's overpayment account and leaves it as it is used,
    so what stays there is exactly the customer's money that is still held.
    """

    accounts: Mapping[str, Account]
    legs: Mapping[str, Legs]

    def __post_init__(self) -> None:
        """Refuse a chart with a flaw."""
        for flaw in flaws(self.accounts, self.legs):
            place = ".".join(name for name in (flaw.where, flaw.name, flaw.field) if name)
            raise InputError(flaw.code, flaw.message, field=place, fix=flaw.fix)


def flaws(accounts: Mapping[str, Account], legs: Mapping[str, Legs]) -> Iterator[Flaw]:
    """Yield everything that keeps a chart from being booked on."""
    for component, pair in legs.items():
        yield from _legs_flaws(component, pair, accounts)
    for component in sorted(COMPONENTS - set(legs)):
        yield Flaw(
            "legs",
            component,
            "",
            "chart.no_legs",
            f"The engine books {component!r}, and the chart says nowhere on which accounts.",
            "Add it with the accounts it debits and credits.",
        )
    used = {account for pair in legs.values() for account in pair}
    for name in accounts:
        if name not in used:
            yield Flaw(
                "accounts",
                name,
                "id",
                "chart.unused",
                f"No component is ever booked on {name!r}.",
                "Name it in the legs of a component, or remove it.",
            )
    for name in sorted(NAMED - set(accounts)):
        yield Flaw(
            "accounts",
            name,
            "",
            "chart.no_account",
            f"The engine asks what stands on {name!r}, and the chart has no such account.",
            "Add it; a lender's own name for it belongs to its ledger_codes.",
        )


def _legs_flaws(component: str, pair: Legs, accounts: Mapping[str, Account]) -> Iterator[Flaw]:
    if component not in COMPONENTS:
        yield Flaw(
            "legs",
            component,
            "component",
            "chart.unknown_component",
            f"The engine books no component {component!r}.",
            f"Remove it, or correct its spelling: {', '.join(sorted(COMPONENTS))}.",
        )
    unknown = [
        (field, name)
        for field, name in zip(("debit", "credit"), pair, strict=True)
        if name not in accounts
    ]
    for field, name in unknown:
        yield Flaw(
            "legs",
            component,
            field,
            "chart.unknown_account",
            f"The chart has no account {name!r}.",
            f"Use one of: {', '.join(sorted(accounts))}, or add it to the accounts.",
        )
    if pair[0] == pair[1]:
        yield Flaw(
            "legs",
            component,
            "credit",
            "chart.same_account",
            f"{component} would move an amount from {pair[0]} to itself.",
            "Name two different accounts.",
        )
    elif not unknown and len({accounts[n].account_class == "off_balance" for n in pair}) > 1:
        yield Flaw(
            "legs",
            component,
            "credit",
            "chart.off_balance",
            f"{component} would move an amount off the balance sheet by a single entry.",
            "Off-balance accounts 表外科目 stand against each other only.",
        )
