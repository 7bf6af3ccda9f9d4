"""Purposes a person may agree to, and whether a grant covers a use on a day.

Sources: PIPL 个人信息保护法 arts 14, 15, 23, 29; 征信业管理条例 art. 18 (written consent and an
agreed purpose for each query).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from sanshi.kernel.errors import InputError


@dataclass(frozen=True, slots=True)
class Purpose:
    """Something data may be asked for.

    `required` says that the application cannot be decided without it; a person who declines an
    optional one is neither refused nor scored lower for it.
    """

    code: str
    zh: str
    en: str
    fields: tuple[str, ...]
    required: bool


PURPOSES: Mapping[str, Purpose] = {
    purpose.code: purpose
    for purpose in (
        Purpose(
            "credit_report",
            "查询个人征信报告，用于本次贷款审批，会留下一条查询记录",
            "Query of the credit report for this application; it leaves a record of the query",
            (
                "current_dpd_days",
                "max_dpd_12m_days",
                "inquiries_6m",
                "live_loans",
                "oldest_account_months",
                "utilisation_ppm",
                "total_debt_fen",
                "monthly_debt_service_fen",
            ),
            required=True,
        ),
        Purpose(
            "housing_fund",
            "查询由公积金、个税记录推算的月收入和连续缴存月数；原始数据不出域，贷款机构看不到明细",
            "Query of monthly income and months paid, derived from housing-fund and tax records; "
            "the raw data stay where they are and the lender sees none of them",
            ("verified_income_fen", "income_evidence", "housing_fund_months"),
            required=False,
        ),
    )
}


@dataclass(frozen=True, slots=True)
class Grant:
    """One person's agreement: what for, to whom, which fields, from when and until when."""

    consent_id: str
    person_id: str
    purpose: str
    recipient: str
    fields: tuple[str, ...]
    granted_on: date
    expires_on: date
    withdrawn_on: date | None = None

    def covers(self, purpose: str, recipient: str, day: date) -> bool:
        """Say whether it allows this use by this recipient on this day."""
        live = self.granted_on <= day <= self.expires_on
        kept = self.withdrawn_on is None or day < self.withdrawn_on
        return live and kept and (self.purpose, self.recipient) == (purpose, recipient)

    def as_json(self) -> dict[str, Any]:
        """Return the stored form."""
        dates = {
            name: None if value is None else value.isoformat()
            for name, value in (
                ("granted_on", self.granted_on),
                ("expires_on", self.expires_on),
                ("withdrawn_on", self.withdrawn_on),
            )
        }
        return {**asdict(self), "fields": list(self.fields), **dates}

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Grant:
        """Read the stored form."""
        withdrawn = stored["withdrawn_on"]
        return cls(
            consent_id=stored["consent_id"],
            person_id=stored["person_id"],
            purpose=stored["purpose"],
            recipient=stored["recipient"],
            fields=tuple(stored["fields"]),
            granted_on=date.fromisoformat(stored["granted_on"]),
            expires_on=date.fromisoformat(stored["expires_on"]),
            withdrawn_on=None if withdrawn is None else date.fromisoformat(withdrawn),
        )


def purpose_named(code: str) -> Purpose:
    """Return a registered purpose, or say which there are."""
    if code not in PURPOSES:
        raise InputError(
            "consent.purpose",
            f"{code!r} is not a purpose that data may be asked for.",
            field="purpose",
            fix=f"Use one of: {', '.join(sorted(PURPOSES))}.",
        )
    return PURPOSES[code]


def covering(grants: Iterable[Grant], purpose: str, recipient: str, day: date) -> Grant | None:
    """Return the grant that allows a use, or None."""
    return next((g for g in grants if g.covers(purpose, recipient, day)), None)


def missing(grants: Iterable[Grant], recipient: str, day: date) -> tuple[str, ...]:
    """Return the required purposes that no grant covers."""
    held = tuple(grants)
    return tuple(
        purpose.code
        for purpose in PURPOSES.values()
        if purpose.required and covering(held, purpose.code, recipient, day) is None
    )
