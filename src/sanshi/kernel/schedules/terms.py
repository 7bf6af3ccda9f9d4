"""What a schedule follows from: the terms, each with its checks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Literal

from sanshi.kernel.dates import DayCount, check_date
from sanshi.kernel.errors import InputError
from sanshi.kernel.money import PPM, Rounding, check_fen
from sanshi.kernel.schedules.interest import NO_INTEREST, Interest

PlainMethod = Literal["equal_instalment", "equal_principal", "interest_only", "bullet"]
"""等额本息, 等额本金, 先息后本, 一次还本付息: they need nothing but amount, rate and dates."""

Method = PlainMethod | Literal["balloon", "flat", "irregular"]
"""Also 尾款, 按原始本金计息, 不规则还款."""

Pays = Literal["level", "level_principal", "payment", "principal", "interest", "nothing"]
Remainder = Literal["last", "smooth"]
InterestRound = Literal["instalment", "subperiod"]
Treatment = Literal["waive", "payer", "defer"]
"""免息, 贴息, 缓息."""

MAX_INSTALMENTS = 480
MAX_DUE_DAY = 31


@dataclass(frozen=True, slots=True)
class Draw:
    """Money paid out later than the first: a milestone, a semester, a session 分期放款."""

    on: date
    amount_fen: int


@dataclass(frozen=True, slots=True)
class RateChange:
    """A new annual rate 利率调整; the interest of `start_date` is the first to bear it."""

    start_date: date
    rate_ppm: int


@dataclass(frozen=True, slots=True)
class Window:
    """Days, from `start_date` up to but without `end_date`, whose interest is not as usual.

    Args:
        treatment: `waive` 免息: nobody pays it; `payer` 贴息: `payer` does; `defer` 缓息: lines
            that fall due within do not collect interest, the first line after does.
        rate_ppm: the part of the contract rate that is meant; None: all of it.
    """

    start_date: date
    end_date: date
    treatment: Treatment
    rate_ppm: int | None = None
    payer: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """Neighbouring lines that pay by one rule.

    Args:
        pays: `level` payments or `level_principal` down to `balance_fen`, a fixed `payment` or
            `principal` of `amount_fen`, `interest` only, or `nothing` (interest comes with the
            next line that pays).
    """

    count: int
    pays: Pays
    amount_fen: int = 0
    balance_fen: int = 0


@dataclass(frozen=True, slots=True)
class Terms:
    """What a schedule follows from.

    Args:
        principal_fen: what is owed at `start_date`.
        rate_ppm: annual nominal contract rate.
        method: how it is repaid; `bullet` is due at the last date only.
        start_date: first day that bears interest.
        due_dates: strictly increasing, the first not before `start_date`.
        day_count: convention of the rate.
        rounding: of each line's interest.
        instalment_rounding: of the level payment 等额本息, or the level principal 等额本金.
        remainder: what the levels leave over: `last` puts it into the last instalment; `smooth`
            takes the level payment with the least different last one (the rounded one, unless
            another is better), or spreads the odd fen.
        due_day: the monthly due day that short months clip; by default the latest day of month
            among `due_dates`. Give it when these are the rest of a longer list.
        accrued: interest earned in the current period before `start_date`, due with the first
            instalment: a prepayment in mid-period leaves some.
        level_fen: keep this level instead of working one out; rows end once all is repaid
            (prepayment that shortens the term 缩短期限).
        first_number: number of the first row.
        draws: later ones, after `start_date` and before the last due date, in order.
        rate_changes: in order.
        interest_round: what of interest is rounded by itself: a line, or each of its stretches.
        round_to_fen: levels are multiples of this.
        grace_lines: so many first lines pay interest only 宽限期.
        balloon_fen: what the levels leave for the last line besides its own payment 尾款.
        windows: days whose interest is not as usual; agreed from the beginning.
        groups: of an irregular loan.
        flat_base_fen: what a flat rate is taken on at `start_date`; None: `principal_fen`.
    """

    principal_fen: int
    rate_ppm: int
    method: Method
    start_date: date
    due_dates: tuple[date, ...]
    day_count: DayCount = "30/360"
    rounding: Rounding = "half_up"
    instalment_rounding: Rounding = "half_up"
    remainder: Remainder = "last"
    due_day: int | None = None
    accrued: Interest = NO_INTEREST
    level_fen: int | None = None
    first_number: int = 1
    draws: tuple[Draw, ...] = ()
    rate_changes: tuple[RateChange, ...] = ()
    interest_round: InterestRound = "instalment"
    round_to_fen: int = 1
    grace_lines: int = 0
    balloon_fen: int = 0
    windows: tuple[Window, ...] = ()
    groups: tuple[Group, ...] = ()
    flat_base_fen: int | None = None

    def __post_init__(self) -> None:
        """Refuse what cannot be scheduled, naming the field."""
        check_fen(self.principal_fen, "principal_fen", low=1)
        if self.level_fen is not None:
            check_fen(self.level_fen, "level_fen", low=1)
        check_whole(self.rate_ppm, "rate_ppm", 0, PPM)
        check_whole(self.first_number, "first_number", 1, MAX_INSTALMENTS)
        if self.due_day is not None:
            check_whole(self.due_day, "due_day", 1, MAX_DUE_DAY)
        if self.accrued.numerator < 0 or self.accrued.denominator < 1:
            raise InputError(
                "schedule.accrued",
                "Interest already earned cannot be negative.",
                field="accrued",
                fix="Pass what was earned since the period began, or leave it out.",
            )
        _check_due_dates(self.start_date, self.due_dates)
        if self.is_plain:
            return
        _check_draws(self)
        _check_rate_changes(self.rate_changes)
        _check_windows(self.windows)
        _check_lines(self)

    @property
    def is_plain(self) -> bool:
        """Say whether nothing is agreed but amount, rate, method and dates."""
        return (
            not (self.draws or self.rate_changes or self.windows or self.groups)
            and self.grace_lines == self.balloon_fen == 0
            and self.round_to_fen == 1
            and self.method not in ("balloon", "irregular")
        )

    @property
    def line_dates(self) -> tuple[date, ...]:
        """When lines fall due: with `bullet`, the last date only."""
        return self.due_dates[-1:] if self.method == "bullet" else self.due_dates

    @property
    def anchor_day(self) -> int:
        """The due day that short months clip."""
        return self.due_day or max(due.day for due in self.due_dates)

    @property
    def line_groups(self) -> tuple[Group, ...]:
        """The groups of lines that the method stands for."""
        count = len(self.due_dates)
        rest = count - self.grace_lines
        grace = (Group(self.grace_lines, "interest"),) if self.grace_lines else ()
        match self.method:
            case "irregular":
                return self.groups
            case "bullet":
                return (Group(1, "interest"),)
            case "interest_only":
                return (Group(count, "interest"),)
            case "equal_principal" | "flat":
                return (*grace, Group(rest, "level_principal"))
            case "equal_instalment" | "balloon":
                return (*grace, Group(rest, "level", balance_fen=self.balloon_fen))


def check_whole(value: object, field: str, low: int, high: int) -> None:
    """Refuse what is not a whole number within the bounds."""
    if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
        raise InputError(
            "schedule.out_of_range",
            f"{value!r} is not a whole number within {low}..{high}.",
            field=field,
            fix="Rates are millionths: 8.88 % is 88800." if "rate_ppm" in field else "Correct it.",
        )


def _check_due_dates(start: date, dues: tuple[date, ...]) -> None:
    if not 1 <= len(dues) <= MAX_INSTALMENTS:
        raise InputError(
            "schedule.instalments",
            f"{len(dues)} due dates; 1 to {MAX_INSTALMENTS} can be scheduled.",
            field="due_dates",
            fix="Check the term in months.",
        )
    check_date(start, "start_date")
    check_date(dues[-1], "due_dates")
    if dues[0] < start:
        raise InputError(
            "schedule.dates_order",
            f"The first due date {dues[0]} comes before {start}.",
            field="due_dates",
            fix="Let the first instalment fall due on the start or later.",
        )
    _in_order(dues, "due_dates")


def _in_order(days: Sequence[date], field: str) -> None:
    for earlier, later in pairwise(days):
        if later <= earlier:
            raise InputError(
                "schedule.dates_order",
                f"{later} does not come after {earlier}.",
                field=field,
                fix="List them in order, one a day.",
            )


def _check_draws(terms: Terms) -> None:
    _in_order([terms.start_date, *(draw.on for draw in terms.draws)], "draws")
    for draw in terms.draws:
        check_fen(draw.amount_fen, "draws.amount_fen", low=1)
        if draw.on >= terms.due_dates[-1]:
            raise InputError(
                "schedule.draw_too_late",
                f"A draw on {draw.on} comes after all is due on {terms.due_dates[-1]}.",
                field="draws.on",
                fix="Draw before the last due date, or add instalments.",
            )
    check_fen(terms.principal_fen + sum(draw.amount_fen for draw in terms.draws), "draws")


def _check_rate_changes(changes: tuple[RateChange, ...]) -> None:
    _in_order([change.start_date for change in changes], "rate_changes")
    for change in changes:
        check_whole(change.rate_ppm, "rate_changes.rate_ppm", 0, PPM)


def _check_windows(windows: tuple[Window, ...]) -> None:
    for window in windows:
        if window.end_date <= window.start_date:
            raise InputError(
                "schedule.window",
                f"A window from {window.start_date} to {window.end_date} holds no day.",
                field="windows.to",
                fix="`to` is the first day after the window.",
            )
        if window.rate_ppm is not None:
            check_whole(window.rate_ppm, "windows.rate_ppm", 0, PPM)
        if (window.treatment == "payer") != bool(window.payer):
            raise InputError(
                "schedule.payer",
                "A window names its payer exactly if somebody pays.",
                field="windows.payer",
                fix="Give `payer` with the treatment `payer`, and with no other.",
            )
        if window.treatment == "defer" and window.rate_ppm is not None:
            raise InputError(
                "schedule.deferred_part",
                "Interest is deferred whole.",
                field="windows.annual_rate",
                fix="Leave the rate out of a window that defers.",
            )


def _check_lines(terms: Terms) -> None:
    count = len(terms.due_dates)
    check_whole(terms.grace_lines, "grace.principal", 0, count - 1)
    check_fen(terms.round_to_fen, "round_payment_to_fen", low=1)
    lent_fen = terms.principal_fen + sum(draw.amount_fen for draw in terms.draws)
    check_fen(terms.balloon_fen, "balloon_fen", high=lent_fen)
    if terms.balloon_fen and terms.method != "balloon":
        raise InputError(
            "schedule.balloon",
            "Only the method `balloon` leaves a balloon.",
            field="balloon_fen",
            fix="Set the method to balloon, or leave the balloon out.",
        )
    if (terms.method == "irregular") != bool(terms.groups):
        raise InputError(
            "schedule.lines",
            "Groups of lines make an irregular loan, and nothing else.",
            field="lines",
            fix="Give `lines` with the method irregular, and with no other.",
        )
    for group in terms.groups:
        check_whole(group.count, "lines.count", 1, MAX_INSTALMENTS)
        check_fen(group.amount_fen, "lines.amount_fen")
        check_fen(group.balance_fen, "lines.balance_fen")
    if terms.groups and sum(group.count for group in terms.groups) != count:
        raise InputError(
            "schedule.lines_count",
            f"The groups make {sum(group.count for group in terms.groups)} lines of {count}.",
            field="lines.count",
            fix="Let the counts make up `instalments`.",
        )
