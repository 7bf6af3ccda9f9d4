"""A loan lived through day by day with exact fractions: slow, plain, and nothing of sanshi in it.

Written from the words of the product and the contract, not from the engine:

- 30/360: every month counts 30 days; where instalments fall due at a month's end, the last day
  of February stands for the due day.
- 等额本息, 等额本金, 先息后本, 一次还本付息; the last instalment takes what rounding leaves.
- Interest of a period is exact and rounded half up once, when it falls due.
- Money pays what is due, the oldest first: penalty, interest, principal. The rest waits.
- A line whose interest is above the level pays that interest alone, and the level knows it.
- A prepayment goes to principal not yet due; then the instalments are worked out again, either
  lower over the same dates or at the same level and fewer. What would leave no principal waits.
- Settling ends the running period today: its interest to the day, and all principal.
- Penalty: contract rate and markup, actual days over 360, on overdue principal; none if it is
  paid within the days of grace, else from the due date. Whole fen are owed, fractions carried.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Deal:
    """What was agreed."""

    principal_fen: int
    yearly_rate: Fraction
    method: str
    months: int
    penalty_rate: Fraction
    grace_days: int

    @classmethod
    def of_millionths(
        cls,
        principal_fen: int,
        method: str,
        months: int,
        *,
        rate: int,
        markup: int,
        grace_days: int,
    ) -> Deal:
        """Read rates in millionths; the penalty rate has whole ones, what is beyond is left."""
        million = 1_000_000
        penalty_rate = rate * (million + markup) // million
        return cls(
            principal_fen,
            Fraction(rate, million),
            method,
            months,
            Fraction(penalty_rate, million),
            grace_days,
        )


@dataclass(frozen=True)
class Money:
    """Money that came in on a day, and what for."""

    day: date
    amount_fen: int
    purpose: str


@dataclass
class Row:
    """An instalment to come."""

    due_date: date
    principal_fen: int
    interest_fen: int


@dataclass
class Overdue:
    """An instalment that has fallen due."""

    due_date: date
    principal_fen: int
    interest_fen: int
    principal_paid_fen: int = 0
    interest_paid_fen: int = 0
    penalty_paid_fen: int = 0
    penalty: Fraction = Fraction(0)
    penalty_runs: bool = False

    @property
    def unpaid_principal_fen(self) -> int:
        return self.principal_fen - self.principal_paid_fen

    @property
    def unpaid_interest_fen(self) -> int:
        return self.interest_fen - self.interest_paid_fen

    @property
    def unpaid_penalty_fen(self) -> int:
        return int(self.penalty) - self.penalty_paid_fen

    @property
    def unpaid_fen(self) -> int:
        return self.unpaid_principal_fen + self.unpaid_interest_fen + self.unpaid_penalty_fen


@dataclass
class Account:
    """The loan as it stands."""

    deal: Deal
    today: date
    due_day: int = 0
    owed_ahead_fen: int = 0
    rows: list[Row] = field(default_factory=list)
    due: list[Overdue] = field(default_factory=list)
    running: Fraction = Fraction(0)
    credit_fen: int = 0
    received_fen: int = 0
    disbursed_fen: int = 0
    prepaid_fen: int = 0

    @property
    def due_fen(self) -> int:
        return sum(d.unpaid_fen for d in self.due)

    @property
    def principal_paid_fen(self) -> int:
        return self.prepaid_fen + sum(d.principal_paid_fen for d in self.due)

    @property
    def interest_paid_fen(self) -> int:
        return sum(d.interest_paid_fen for d in self.due)

    @property
    def penalty_paid_fen(self) -> int:
        return sum(d.penalty_paid_fen for d in self.due)

    @property
    def penalty_earned_fen(self) -> int:
        return sum(int(d.penalty) for d in self.due)

    @property
    def interest_earned_fen(self) -> int:
        return sum(d.interest_fen for d in self.due) + int(self.running)

    @property
    def outstanding_fen(self) -> int:
        return self.owed_ahead_fen + sum(d.unpaid_principal_fen for d in self.due)

    @property
    def payoff_fen(self) -> int:
        return self.due_fen + self.owed_ahead_fen + half_up(self.running)


def live(deal: Deal, start: date | None, money: Iterable[Money], today: date) -> Account:
    """Live through every day up to `today`; `money` is in the order in which it was booked."""
    coming = [one for one in money if one.day <= today]
    started = start is not None and start <= today
    days = [one.day for one in coming] + ([start] if start is not None and started else [])
    account = Account(deal, min(days, default=today))
    _events_of_day(account, start, coming)
    while account.today < today:
        _next_day(account)
        _events_of_day(account, start, coming)
    return account


def half_up(amount: Fraction) -> int:
    """Round a non-negative amount to whole fen, a half upwards."""
    return int(amount + Fraction(1, 2))


def _events_of_day(account: Account, start: date | None, coming: list[Money]) -> None:
    if start == account.today:
        _pay_out(account, account.today)
    for one in coming:
        if one.day == account.today:
            _take(account, one)


def _pay_out(account: Account, start: date) -> None:
    deal = account.deal
    account.due_day = start.day
    dates = [_months_later(start, number) for number in range(1, deal.months + 1)]
    if deal.method == "bullet":
        dates = dates[-1:]
    account.owed_ahead_fen = account.disbursed_fen = deal.principal_fen
    account.rows = _rows(account, dates, None)


def _months_later(start: date, months: int) -> date:
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    return date(year, month + 1, min(start.day, monthrange(year, month + 1)[1]))


def _next_day(account: Account) -> None:
    """Let one day pass: interest and penalty for it, then what falls due at its end."""
    yesterday, account.today = account.today, account.today + ONE_DAY
    if account.rows:
        account.running += account.owed_ahead_fen * _interest_share(account, yesterday)
    for overdue in account.due:
        _let_penalty_run(account, overdue)
    if account.rows and account.rows[0].due_date == account.today:
        row = account.rows.pop(0)
        account.due.append(Overdue(row.due_date, row.principal_fen, half_up(account.running)))
        account.owed_ahead_fen -= row.principal_fen
        account.running = Fraction(0)
        _use_credit(account)


def _interest_share(account: Account, day: date) -> Fraction:
    """Return the interest that one fen earns from one day to the next."""
    days = _thirties(day + ONE_DAY, account.due_day) - _thirties(day, account.due_day)
    return account.deal.yearly_rate * Fraction(days, 360)


def _thirties(day: date, due_day: int) -> int:
    number = min(day.day, 30)
    if (day.month, day.day) == (2, monthrange(day.year, 2)[1]):
        number = min(max(number, due_day), 30)
    return (day.year * 12 + day.month) * 30 + number


def _let_penalty_run(account: Account, overdue: Overdue) -> None:
    if overdue.unpaid_principal_fen == 0:
        return
    late_days = (account.today - overdue.due_date).days
    if late_days <= account.deal.grace_days:
        return
    days = 1 if overdue.penalty_runs else late_days
    overdue.penalty_runs = True
    per_day = overdue.unpaid_principal_fen * account.deal.penalty_rate / 360
    overdue.penalty += per_day * days


def _use_credit(account: Account) -> None:
    for overdue in account.due:
        for part in ("penalty", "interest", "principal"):
            paid_fen = min(account.credit_fen, getattr(overdue, f"unpaid_{part}_fen"))
            already_fen = getattr(overdue, f"{part}_paid_fen")
            setattr(overdue, f"{part}_paid_fen", already_fen + paid_fen)
            account.credit_fen -= paid_fen


def _take(account: Account, money: Money) -> None:
    if money.purpose == "credit_returned":
        account.credit_fen -= money.amount_fen
        return
    account.received_fen += money.amount_fen
    account.credit_fen += money.amount_fen
    _use_credit(account)
    if money.purpose == "settle" and account.credit_fen >= account.payoff_fen and account.rows:
        _settle(account)
    elif money.purpose == "goods_return" and account.credit_fen >= account.owed_ahead_fen:
        if account.rows:
            _settle(account)
    elif money.purpose in {"prepay_lower", "prepay_shorten", "goods_return"}:
        _prepay(account, shorten=money.purpose == "prepay_shorten")


def _settle(account: Account) -> None:
    interest_fen = half_up(account.running)
    account.due.append(Overdue(account.today, account.owed_ahead_fen, interest_fen))
    account.owed_ahead_fen = 0
    account.rows = []
    account.running = Fraction(0)
    _use_credit(account)


def _prepay(account: Account, *, shorten: bool) -> None:
    if not 0 < account.credit_fen < account.owed_ahead_fen:
        return
    level_fen = None
    if shorten and account.deal.method == "equal_instalment":
        level_fen = account.rows[0].principal_fen + account.rows[0].interest_fen
    if shorten and account.deal.method == "equal_principal":
        level_fen = account.rows[0].principal_fen
    account.owed_ahead_fen -= account.credit_fen
    account.prepaid_fen += account.credit_fen
    account.credit_fen = 0
    account.rows = _rows(account, [row.due_date for row in account.rows], level_fen)


def _rows(account: Account, dates: list[date], level_fen: int | None) -> list[Row]:
    """Work out the instalments from today over the dates, what has run so far included."""
    shares = []
    begin = account.today
    for due_date in dates:
        days = _thirties(due_date, account.due_day) - _thirties(begin, account.due_day)
        shares.append(account.deal.yearly_rate * Fraction(days, 360))
        begin = due_date
    if level_fen is None:
        wanted_fen = _level(account, shares)
        shortened = False
    else:
        wanted_fen, shortened = level_fen, True
    rows = []
    owed_fen = account.owed_ahead_fen
    before = account.running
    for number, (due_date, share) in enumerate(zip(dates, shares, strict=True), start=1):
        interest_fen = half_up(owed_fen * share + before)
        before = Fraction(0)
        principal_fen = _principal(account.deal.method, wanted_fen, interest_fen)
        principal_fen = owed_fen if number == len(dates) else min(max(principal_fen, 0), owed_fen)
        rows.append(Row(due_date, principal_fen, interest_fen))
        owed_fen -= principal_fen
        if shortened and owed_fen == 0:
            break
    return rows


def _principal(method: str, wanted_fen: int, interest_fen: int) -> int:
    if method == "equal_instalment":
        return wanted_fen - interest_fen
    return wanted_fen if method == "equal_principal" else 0


def _level(account: Account, shares: list[Fraction]) -> int:
    """Return the level payment, or the level principal, before any row is rounded.

    What is left at the end falls evenly with the payment: two trials give the one that leaves 0.
    """
    if account.deal.method == "equal_principal":
        return half_up(Fraction(account.owed_ahead_fen, len(shares)))
    above: set[int] = set()
    while True:
        nothing, one = (_left(account, shares, Fraction(trial), above)[0] for trial in (0, 1))
        level = nothing / (nothing - one)
        _, found = _left(account, shares, level, above)
        if found <= above:
            return half_up(level)
        above |= found


def _left(
    account: Account, shares: list[Fraction], payment: Fraction, above: set[int]
) -> tuple[Fraction, set[int]]:
    """Return what is left at the end, and the lines, but the last, with more interest than that.

    Those already known to be `above` pay their interest and no principal.
    """
    left, before, found = Fraction(account.owed_ahead_fen), account.running, set()
    for line, share in enumerate(shares):
        interest = left * share + before
        before = Fraction(0)
        if interest > payment and line < len(shares) - 1:
            found.add(line)
        if line not in above:
            left += interest - payment
    return left, found
