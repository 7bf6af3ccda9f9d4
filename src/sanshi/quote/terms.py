"""What an offer and its loan follow from: terms fixed at the quote, stored with the loan."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from sanshi.kernel.dates import DayCount, due_dates
from sanshi.kernel.money import PPM, Rounding
from sanshi.kernel.schedules import Instalment, Method, Remainder, Terms, schedule

ENGINE_VERSION = 1
"""Raised when the same events would fold to other figures; a loan keeps the one it began with."""


@dataclass(frozen=True, slots=True)
class LoanTerms:
    """Terms of one loan.

    Args:
        entity: the lender, by its pack id.
        principal_fen: the amount lent.
        rate_ppm: annual nominal contract rate 合同利率.
        term_months: number of monthly due dates.
        due_day: day of month on which instalments fall due; None: the day of disbursement.
        penalty_markup_ppm: share of the contract rate added on overdue principal 罚息加收.
        grace_days: days after a due date during which no penalty accrues 宽限期.
        pack_hash: the packs it was signed under.
    """

    entity: str
    principal_fen: int
    rate_ppm: int
    method: Method
    term_months: int
    due_day: int | None
    day_count: DayCount
    rounding: Rounding
    instalment_rounding: Rounding
    remainder: Remainder
    penalty_markup_ppm: int
    penalty_day_count: DayCount
    grace_days: int
    pack_hash: str
    engine_version: int = ENGINE_VERSION

    @property
    def penalty_rate_ppm(self) -> int:
        """Annual rate on overdue principal 逾期利率."""
        return penalty_rate(self.rate_ppm, self.penalty_markup_ppm)

    def schedule_from(self, start: date) -> tuple[Instalment, ...]:
        """Return the instalments of a loan disbursed on `start`."""
        return schedule(self.kernel_terms(start, due_dates(start, self.term_months, self.due_day)))

    def kernel_terms(self, start: date, dues: tuple[date, ...], **changes: Any) -> Terms:  # noqa: ANN401 - fields of Terms
        """Return the schedule terms from `start` over `dues`; `changes` replace fields."""
        fields: dict[str, Any] = {
            "principal_fen": self.principal_fen,
            "rate_ppm": self.rate_ppm,
            "method": self.method,
            "start_date": start,
            "due_dates": dues,
            "day_count": self.day_count,
            "rounding": self.rounding,
            "instalment_rounding": self.instalment_rounding,
            "remainder": self.remainder,
            "due_day": self.due_day,
        }
        return Terms(**(fields | changes))

    def as_json(self) -> dict[str, Any]:
        """Return the stored form."""
        return asdict(self)

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> LoanTerms:
        """Read the stored form."""
        return cls(**stored)


def penalty_rate(rate_ppm: int, markup_ppm: int) -> int:
    """Return the yearly rate on overdue principal: the contract rate and a share of it."""
    return rate_ppm + rate_ppm * markup_ppm // PPM
