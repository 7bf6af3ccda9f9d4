"""What a loan is on a day."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import reduce
from itertools import pairwise
from typing import Literal

from sanshi.kernel.money import share_ppm
from sanshi.kernel.schedules import NO_INTEREST, Instalment, Interest
from sanshi.quote.terms import LoanTerms

MERCHANT_PAYABLE = "merchant_payable"
"""What an event goes `through` when no rail moves it: what is owed to the shop."""


@dataclass(frozen=True, slots=True)
class Due:
    """An instalment that has fallen due, and what of it is paid.

    `subsidy_fen` is the part of the interest that others pay 贴息. `penalty` is the exact interest
    on overdue principal 罚息 up to `penalty_to`; `penalty_waived_fen` of it is forgiven.
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
    penalty_waived_fen: int = 0

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
        """Penalty earned so far and not forgiven, in whole fen."""
        return self.penalty.numerator // self.penalty.denominator - self.penalty_waived_fen

    @property
    def penalty_open_fen(self) -> int:
        """Penalty still unpaid."""
        return self.penalty_fen - self.penalty_paid_fen

    @property
    def overdue_fen(self) -> int:
        """Principal and interest still unpaid: what makes a loan late."""
        return self.principal_open_fen + self.interest_open_fen

    @property
    def open_fen(self) -> int:
        """All of it still unpaid."""
        return self.overdue_fen + self.penalty_open_fen

    def grown_to(self, day: date, terms: LoanTerms) -> Due:
        """Let penalty accrue on what is overdue, once the days of grace have passed."""
        since = max(self.penalty_to, self.due_date)
        within_grace = day <= self.due_date + timedelta(days=terms.grace_days)
        if day <= since or within_grace or not self.principal_open_fen:
            return self
        more = self.penalty + Interest.over(
            self.principal_open_fen, terms.penalty_rate_ppm, since, day, terms.penalty_day_count
        )
        if terms.penalty_cap_ppm is not None:
            cap_fen = share_ppm(self.principal_fen, terms.penalty_cap_ppm, "down")
            if more.numerator > cap_fen * more.denominator:
                more = Interest(cap_fen, 1)
        return replace(self, penalty=more, penalty_to=day)


@dataclass(frozen=True, slots=True)
class Sums:
    """Sums over instalments."""

    principal_paid_fen: int = 0
    interest_fen: int = 0
    interest_paid_fen: int = 0
    penalty_fen: int = 0
    penalty_paid_fen: int = 0

    def plus(self, due: Due) -> Sums:
        """Return the sums with one instalment more."""
        return Sums(
            self.principal_paid_fen + due.principal_paid_fen,
            self.interest_fen + due.interest_fen,
            self.interest_paid_fen + due.interest_paid_fen,
            self.penalty_fen + due.penalty_fen,
            self.penalty_paid_fen + due.penalty_paid_fen,
        )


@dataclass(frozen=True, slots=True)
class Left:
    """How a loan left the books: written off 核销 (the right to recover is kept) or sold.

    `on` is the day, and `buyer` is whose it is since. `recovered_fen` is what the customer still
    paid; `paid_fen` is what the buyer paid of the price.
    """

    how: Literal["written_off", "transferred"]
    on: date
    principal_fen: int
    interest_fen: int
    penalty_fen: int
    buyer: str = ""
    price_fen: int = 0
    recovered_fen: int = 0
    paid_fen: int = 0

    @property
    def total_fen(self) -> int:
        """All that was owed."""
        return self.principal_fen + self.interest_fen + self.penalty_fen

    @property
    def open_fen(self) -> int:
        """What the customer still owes us 账销案存; of a loan that was sold, nothing."""
        return self.total_fen - self.recovered_fen if self.how == "written_off" else 0


@dataclass(frozen=True, slots=True)
class LoanState:
    """A loan on `as_of`.

    `terms` are those in force now: a new rate or a restructuring replaces them. `due` are the
    instalments that have fallen due, `ahead` those to come; the first of `ahead` is the period
    that runs. `accrued` is what that period earned before its row's start date (a prepayment
    starts a new row in mid-period). `credit_fen` is the customer's money not yet used.
    `subsidies` is what each funder bears of the interest; `granted` are the numbers of the
    instalments for which that was decided. `goods_returned_fen` is the price, before benefits, of
    what went back to the shop. In `free` days (from, up to but without) no interest is earned.
    `changed_on` is when the customer last got easier terms 重组. `counted` is how much of an
    instalment's interest came to it from others for which a subsidy has been decided.
    `payable_to` is the shop that is paid later for `owed_to_merchant_fen` of what was disbursed;
    `netted_fen` of what was received came off what it is owed, not over the rail.

    The first `done` of `due` are paid in full; `done_sums` are theirs, so that a long loan need
    not look at them again.
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
    free: tuple[tuple[date, date], ...] = ()
    changed_on: date | None = None
    counted: tuple[tuple[int, int], ...] = ()
    left: Left | None = None
    payable_to: str = ""
    owed_to_merchant_fen: int = 0
    netted_fen: int = 0
    done: int = 0
    done_sums: Sums = Sums()

    @property
    def live_due(self) -> tuple[Due, ...]:
        """Instalments that may still be open."""
        return self.due[self.done :]

    @property
    def sums(self) -> Sums:
        """Sums over all instalments that fell due."""
        return reduce(Sums.plus, self.live_due, self.done_sums)

    def with_live(self, live: tuple[Due, ...]) -> LoanState:
        """Return the loan with these instalments in place of those that may be open."""
        done, sums = self.done, self.done_sums
        for one in live:
            if one.open_fen:
                break
            done, sums = done + 1, sums.plus(one)
        return replace(self, due=(*self.due[: self.done], *live), done=done, done_sums=sums)

    def with_due(self, due: tuple[Due, ...]) -> LoanState:
        """Return the loan with all its instalments replaced."""
        return replace(self, due=due, done=0, done_sums=Sums()).with_live(due)

    @property
    def principal_ahead_fen(self) -> int:
        """Principal not yet due."""
        return self.ahead[0].opening_fen if self.ahead else 0

    @property
    def principal_paid_fen(self) -> int:
        """Principal repaid, ahead of time or on instalments."""
        return self.prepaid_fen + self.sums.principal_paid_fen

    @property
    def outstanding_fen(self) -> int:
        """Principal owed, due or not; nothing once it has left the books."""
        if self.left is not None:
            return 0
        return self.principal_ahead_fen + sum(d.principal_open_fen for d in self.live_due)

    @property
    def running_interest(self) -> Interest:
        """Exact interest of the period that runs, up to `as_of`."""
        if not self.ahead:
            return NO_INTEREST
        row = self.ahead[0]
        earned = self.accrued
        for start, end in _without(self.free, row.start_date, self.as_of):
            earned = earned + Interest.over(
                row.opening_fen,
                self.terms.rate_ppm,
                start,
                end,
                self.terms.day_count,
                anchor_day=self.anchor_day,
            )
        return earned

    @property
    def anchor_day(self) -> int:
        """The monthly due day that short months clip."""
        if self.terms.due_day:
            return self.terms.due_day
        dues = [r.due_date for r in self.ahead] + [d.due_date for d in self.due]
        return max(day.day for day in dues)

    @property
    def interest_earned_fen(self) -> int:
        """Interest earned since the loan began, in whole fen (the fraction is carried)."""
        return self.sums.interest_fen + self.running_interest.whole_and_rest()[0]

    @property
    def subsidy_fen(self) -> int:
        """Interest that others pay."""
        return sum(fen for _, fen in self.subsidies)

    @property
    def interest_paid_fen(self) -> int:
        """Interest paid by the customer."""
        return self.sums.interest_paid_fen

    @property
    def penalty_earned_fen(self) -> int:
        """Penalty earned and not forgiven."""
        return self.sums.penalty_fen

    @property
    def penalty_paid_fen(self) -> int:
        """Penalty paid."""
        return self.sums.penalty_paid_fen

    @property
    def credit_fen(self) -> int:
        """The customer's money that is not used yet 溢缴款."""
        sums = self.sums
        paid = sums.principal_paid_fen + sums.interest_paid_fen + sums.penalty_paid_fen
        recovered = self.left.recovered_fen if self.left else 0
        return self.received_fen - self.prepaid_fen - paid - self.returned_fen - recovered

    @property
    def due_fen(self) -> int:
        """What is payable to us now; once the loan has left the books, what is left of that."""
        if self.left is not None:
            return self.left.open_fen
        return sum(d.open_fen for d in self.live_due)

    @property
    def is_paid_off(self) -> bool:
        """Whether money went out and nothing is owed any more, without any of it written off."""
        if self.left is not None:
            return False
        return bool(self.disbursed_fen) and not self.ahead and self.due_fen == 0

    @property
    def payoff_fen(self) -> int:
        """What settles the loan today, before any credit is used 提前结清金额."""
        interest_fen = self.running_interest.rounded(self.terms.rounding)
        return self.due_fen + self.principal_ahead_fen + interest_fen

    @property
    def days_past_due(self) -> int:
        """Days since the oldest due date with unpaid principal or interest 逾期天数."""
        if self.left is not None and not self.left.open_fen:
            return 0
        oldest = min((d.due_date for d in self.live_due if d.overdue_fen), default=self.as_of)
        return (self.as_of - oldest).days


def _without(
    free: tuple[tuple[date, date], ...], start: date, end: date
) -> list[tuple[date, date]]:
    """Return the stretches between two days that are not free of interest."""
    if not free:
        return [(start, end)]
    cuts = sorted({start, end, *(day for span in free for day in span if start < day < end)})
    return [(a, b) for a, b in pairwise(cuts) if not any(begin <= a < over for begin, over in free)]
