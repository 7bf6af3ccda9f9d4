"""What a loan is on a day."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta

from sanshi.kernel.schedules import NO_INTEREST, Instalment, Interest
from sanshi.quote.terms import LoanTerms


@dataclass(frozen=True, slots=True)
class Due:
    """An instalment that has fallen due, and what of it is paid.

    `subsidy_fen` is the part of the interest that others pay 贴息. `penalty` is the exact interest
    on overdue principal 罚息 up to `penalty_to`.
    """

    number: int
    due_date: date
    principal_fen: int
    interest_fen: int
    principal_paid_fen: int = 0
    interest_paid_fen: int = 0
    subsidy_fen: int = 0
    penalty: Interest = NO_INTEREST
    penalty_to: date = date.min
    penalty_paid_fen: int = 0

    @property
    def principal_open_fen(self) -> int:
        """Principal of this instalment still unpaid."""
        return self.principal_fen - self.principal_paid_fen

    @property
    def interest_open_fen(self) -> int:
        """Interest of this instalment still unpaid by the customer or for them."""
        return self.interest_fen - self.subsidy_fen - self.interest_paid_fen

    @property
    def penalty_fen(self) -> int:
        """Penalty earned so far, in whole fen."""
        return self.penalty.whole_and_rest()[0]

    @property
    def penalty_open_fen(self) -> int:
        """Penalty still unpaid."""
        return self.penalty_fen - self.penalty_paid_fen

    @property
    def open_fen(self) -> int:
        """All of it still unpaid."""
        return self.principal_open_fen + self.interest_open_fen + self.penalty_open_fen

    def grown_to(self, day: date, terms: LoanTerms) -> Due:
        """Let penalty accrue on what is overdue, once the days of grace have passed."""
        since = max(self.penalty_to, self.due_date)
        within_grace = day <= self.due_date + timedelta(days=terms.grace_days)
        if day <= since or within_grace or not self.principal_open_fen:
            return self
        more = Interest.over(
            self.principal_open_fen, terms.penalty_rate_ppm, since, day, terms.penalty_day_count
        )
        return replace(self, penalty=self.penalty + more, penalty_to=day)


@dataclass(frozen=True, slots=True)
class LoanState:
    """A loan on `as_of`.

    `due` are the instalments that have fallen due, `ahead` those to come; the first of `ahead`
    is the period that runs. `accrued` is what that period earned before its row's start date (a
    prepayment starts a new row in mid-period). `credit_fen` is the customer's money not yet used.
    `subsidies` is what each funder bears of the interest; `granted` are the numbers of the
    instalments for which that was decided. `goods_returned_fen` is the price, before benefits, of
    what went back to the shop.
    """

    terms: LoanTerms
    stage: str
    version: int
    as_of: date
    ordered_fen: int = 0
    disbursed_fen: int = 0
    disbursed_on: date | None = None
    due: tuple[Due, ...] = ()
    ahead: tuple[Instalment, ...] = ()
    accrued: Interest = NO_INTEREST
    prepaid_fen: int = 0
    received_fen: int = 0
    returned_fen: int = 0
    subsidies: tuple[tuple[str, int], ...] = ()
    granted: frozenset[int] = frozenset()
    goods_returned_fen: int = 0

    @property
    def principal_ahead_fen(self) -> int:
        """Principal not yet due."""
        return self.ahead[0].opening_fen if self.ahead else 0

    @property
    def principal_paid_fen(self) -> int:
        """Principal repaid, ahead of time or on instalments."""
        return self.prepaid_fen + sum(d.principal_paid_fen for d in self.due)

    @property
    def outstanding_fen(self) -> int:
        """Principal owed, due or not."""
        return self.principal_ahead_fen + sum(d.principal_open_fen for d in self.due)

    @property
    def running_interest(self) -> Interest:
        """Exact interest of the period that runs, up to `as_of`."""
        if not self.ahead:
            return NO_INTEREST
        row = self.ahead[0]
        return self.accrued + Interest.over(
            row.opening_fen,
            self.terms.rate_ppm,
            row.start_date,
            self.as_of,
            self.terms.day_count,
            anchor_day=self.anchor_day,
        )

    @property
    def anchor_day(self) -> int:
        """The monthly due day that short months clip."""
        dues = [r.due_date for r in self.ahead] + [d.due_date for d in self.due]
        return self.terms.due_day or max(day.day for day in dues)

    @property
    def interest_earned_fen(self) -> int:
        """Interest earned since the loan began, in whole fen (the fraction is carried)."""
        return sum(d.interest_fen for d in self.due) + self.running_interest.whole_and_rest()[0]

    @property
    def subsidy_fen(self) -> int:
        """Interest that others pay."""
        return sum(fen for _, fen in self.subsidies)

    @property
    def interest_paid_fen(self) -> int:
        """Interest paid by the customer."""
        return sum(d.interest_paid_fen for d in self.due)

    @property
    def penalty_earned_fen(self) -> int:
        """Penalty earned."""
        return sum(d.penalty_fen for d in self.due)

    @property
    def penalty_paid_fen(self) -> int:
        """Penalty paid."""
        return sum(d.penalty_paid_fen for d in self.due)

    @property
    def credit_fen(self) -> int:
        """The customer's money that is not used yet 溢缴款."""
        used = self.principal_paid_fen + self.interest_paid_fen + self.penalty_paid_fen
        return self.received_fen - used - self.returned_fen

    @property
    def due_fen(self) -> int:
        """What is payable now."""
        return sum(d.open_fen for d in self.due)

    @property
    def is_paid_off(self) -> bool:
        """Whether money went out and nothing is owed any more."""
        return bool(self.disbursed_fen) and not self.ahead and self.due_fen == 0

    @property
    def payoff_fen(self) -> int:
        """What settles the loan today, before any credit is used 提前结清金额."""
        interest_fen = self.running_interest.rounded(self.terms.rounding)
        return self.due_fen + self.principal_ahead_fen + interest_fen

    @property
    def days_past_due(self) -> int:
        """Days since the oldest unpaid due date 逾期天数."""
        oldest = min((d.due_date for d in self.due if d.open_fen), default=self.as_of)
        return (self.as_of - oldest).days
