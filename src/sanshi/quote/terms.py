"""What an offer and its loan follow from: terms fixed at the quote, stored with the loan."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any, Literal

from sanshi.kernel.dates import DayCount, due_dates
from sanshi.kernel.money import PPM, Rounding
from sanshi.kernel.schedules import (
    Instalment,
    InterestRound,
    Method,
    Remainder,
    Terms,
    schedule,
)

ENGINE_VERSION = 1
"""Raised when the same events would fold to other figures; a loan keeps the one it began with."""


Owed = Literal["penalty", "interest", "principal"]


@dataclass(frozen=True, slots=True)
class Allocation:
    """In which order money pays what is due 还款顺序.

    Args:
        over_days: it holds once the loan is more than so many days past due.
        order: what is paid first.
        by: `due`: all of the oldest instalment, then the next; `component`: the first kind of all
            instalments, then the second.
    """

    over_days: int
    order: tuple[Owed, ...]
    by: Literal["due", "component"] = "due"


OLDEST_FIRST = Allocation(-1, ("penalty", "interest", "principal"))
"""Penalty, interest, principal of the oldest instalment, then of the next."""


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
        interest_round: what of interest is rounded by itself.
        round_to_fen: level payments are multiples of this.
        grace_lines: so many first instalments pay interest only.
        balloon_fen: what the level payments leave for the last 尾款.
        allocations: how money is used, where it differs from `OLDEST_FIRST`.
        penalty_cap_ppm: most penalty on an instalment, as a share of its principal; None: no cap.
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
    interest_round: InterestRound = "instalment"
    round_to_fen: int = 1
    grace_lines: int = 0
    balloon_fen: int = 0
    allocations: tuple[Allocation, ...] = ()
    penalty_cap_ppm: int | None = None

    def allocation(self, days_past_due: int) -> Allocation:
        """Return how money is used by a loan that is so late."""
        fitting = [a for a in self.allocations if days_past_due > a.over_days]
        return max(fitting, key=lambda a: a.over_days, default=OLDEST_FIRST)

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
            "interest_round": self.interest_round,
            "round_to_fen": self.round_to_fen,
            "grace_lines": self.grace_lines,
            "balloon_fen": self.balloon_fen,
        }
        return Terms(**(fields | changes))

    def as_json(self) -> dict[str, Any]:
        """Return the stored form."""
        allocations = [
            {"over_days": one.over_days, "order": list(one.order), "by": one.by}
            for one in self.allocations
        ]
        return {**asdict(self), "allocations": allocations}

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> LoanTerms:
        """Read the stored form."""
        allocations = tuple(
            Allocation(one["over_days"], tuple(one["order"]), one["by"])
            for one in stored.get("allocations", ())
        )
        return cls(**{**stored, "allocations": allocations})


def penalty_rate(rate_ppm: int, markup_ppm: int) -> int:
    """Return the yearly rate on overdue principal: the contract rate and a share of it."""
    return rate_ppm + rate_ppm * markup_ppm // PPM
