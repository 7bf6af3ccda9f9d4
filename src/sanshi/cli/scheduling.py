"""`sanshi schedule`: a schedule from the terms in a document (docs/schedules.md)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Annotated, Any, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator
from rich.table import Table

from sanshi.cli.output import console
from sanshi.kernel.conventions import stated_rate
from sanshi.kernel.dates import BusinessDayRule, DayCount, monthly_dates, roll, workday
from sanshi.kernel.errors import InputError
from sanshi.kernel.money import MAX_FEN, PPM, Rounding, div_round, percent, yuan
from sanshi.kernel.rates import LABELS, Convention, Flow
from sanshi.kernel.schedules import (
    MAX_INSTALMENTS,
    Draw,
    Group,
    Instalment,
    InterestRound,
    Method,
    RateChange,
    Remainder,
    Terms,
    Window,
    schedule,
)
from sanshi.kernel.schedules.indexed import repriced
from sanshi.kernel.schedules.payers import Paid, paid_by_others
from sanshi.kernel.schedules.terms import Pays, Treatment

Day = Annotated[date, Field(strict=False)]
Fen = Annotated[int, Field(ge=0, le=MAX_FEN)]
Count = Annotated[int, Field(ge=1, le=MAX_INSTALMENTS)]
RateText = Annotated[str, Field(pattern=r"^(0(\.[0-9]{1,6})?|1(\.0{1,6})?)$")]
"""From 0 to 1: a share of the amount a year, or of the whole."""
_WITHOUT_GRACE: frozenset[Method] = frozenset({"interest_only", "bullet", "irregular"})
"""They pay principal at the end, or as their lines say."""
MarginText = Annotated[str, Field(pattern=r"^-?0(\.[0-9]{1,6})?$")]


class _Input(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, populate_by_name=True)


class EveryInput(_Input):
    """How far apart things are that come again: so many months, or so many days."""

    months: Annotated[int, Field(ge=1, le=120)] | None = None
    days: Annotated[int, Field(ge=1, le=3660)] | None = None

    @model_validator(mode="after")
    def _one(self) -> Self:
        if (self.months is None) == (self.days is None):
            raise ValueError("give either months or days")
        return self

    def dates(self, first: date, count: int, due_day: int | None = None) -> tuple[date, ...]:
        """Return the days; months keep the day of the first, which short months clip."""
        if self.days:
            return tuple(first + timedelta(days=k * self.days) for k in range(count))
        return monthly_dates(first, count, self.months or 1, due_day or first.day)


class DrawInput(_Input):
    """Money paid out on a day."""

    on: Day
    amount_fen: Annotated[int, Field(ge=1, le=MAX_FEN)]


class RateInput(_Input):
    """A rate from a day on."""

    from_: Annotated[Day, Field(alias="from")]
    annual_rate: RateText


class IndexInput(_Input):
    """A published index, the margin on it, and the days on which the contract takes it anew."""

    values: tuple[RateInput, ...] = Field(strict=False, min_length=1)
    margin: MarginText = "0"
    repriced_on: tuple[Day, ...] = Field(strict=False, min_length=1)
    max_age_days: Annotated[int, Field(ge=1)] | None = None


class GraceInput(_Input):
    """The first so many lines pay interest only."""

    principal: Annotated[int, Field(ge=0, le=MAX_INSTALMENTS)] = 0


class WindowInput(_Input):
    """Days whose interest is waived, deferred, or paid by another."""

    from_: Annotated[Day, Field(alias="from")]
    to: Day
    treatment: Treatment
    annual_rate: RateText | None = None
    payer: Annotated[str, Field(max_length=64)] = ""


class LinesInput(_Input):
    """A group of neighbouring lines of an irregular loan."""

    count: Count
    payment_fen: Fen | None = None
    principal_fen: Fen | None = None
    pays: Pays | None = None
    balance_fen: Fen = 0
    annual_rate: RateText | None = None

    @model_validator(mode="after")
    def _one(self) -> Self:
        given = [x for x in (self.payment_fen, self.principal_fen, self.pays) if x is not None]
        if len(given) != 1 or self.pays in ("payment", "principal"):
            raise ValueError(
                "give one of payment_fen, principal_fen and pays (level, level_principal, "
                "interest, nothing)"
            )
        return self

    def group(self) -> Group:
        """Return the group for the engine."""
        if self.payment_fen is not None:
            return Group(self.count, "payment", amount_fen=self.payment_fen)
        if self.principal_fen is not None:
            return Group(self.count, "principal", amount_fen=self.principal_fen)
        return Group(self.count, self.pays or "level", balance_fen=self.balance_fen)


class ScheduleInput(_Input):
    """What `sanshi schedule` reads; every field is explained in docs/schedules.md."""

    draws: tuple[DrawInput, ...] = Field(strict=False, min_length=1)
    annual_rate: RateText
    rate_changes: tuple[RateInput, ...] = Field(default=(), strict=False)
    index: IndexInput | None = None
    method: Method
    instalments: Count | None = None
    first_due: Day | None = None
    every: EveryInput = EveryInput(months=1)
    due_day: Annotated[int, Field(ge=1, le=31)] | None = None
    due_dates: tuple[Day, ...] = Field(default=(), strict=False)
    day_count: DayCount = "30/360"
    interest_round: InterestRound = "instalment"
    rounding: Rounding = "half_up"
    payment_rounding: Rounding | None = None
    round_payment_to_fen: Annotated[int, Field(ge=1, le=MAX_FEN)] = 1
    remainder: Remainder = "last"
    grace: GraceInput = GraceInput()
    down_payment_fen: Fen = 0
    balloon_fen: Fen | None = None
    balloon_share: RateText | None = None
    lines: tuple[LinesInput, ...] = Field(default=(), strict=False)
    windows: tuple[WindowInput, ...] = Field(default=(), strict=False)
    upfront_fee_fen: Fen = 0
    fee_fen: Fen = 0
    business_day_rule: BusinessDayRule = "none"

    @property
    def start(self) -> date:
        """The day of the first draw."""
        return min(draw.on for draw in self.draws)

    def dues(self) -> tuple[date, ...]:
        """Return the due dates, given or worked out."""
        worked_out = (self.instalments, self.first_due)
        if self.due_dates:
            if worked_out != (None, None):
                raise _wrong("due_dates", "Due dates are given twice.", "Give them in one way.")
            return self.due_dates
        if self.instalments is None or self.first_due is None:
            missing = "instalments" if self.instalments is None else "first_due"
            raise _wrong(missing, "The due dates are not known.", f"Give {missing}.")
        return self.every.dates(self.first_due, self.instalments, self.due_day)

    def terms(self) -> Terms:
        """Return the terms for the engine."""
        dues = self.dues()
        drawn: dict[date, int] = {}
        for draw in self.draws:
            drawn[draw.on] = drawn.get(draw.on, 0) + draw.amount_fen
        principal_fen = drawn.pop(self.start) - self.down_payment_fen
        if self.grace.principal and self.method in _WITHOUT_GRACE:
            raise _wrong("grace.principal", f"{self.method} has no grace.", "Leave grace out.")
        if dues[0] < self.start:
            first = "due_dates" if self.due_dates else "first_due"
            raise _wrong(first, "It comes before the first draw.", "Let it fall on or after it.")
        if principal_fen <= 0:
            raise _wrong(
                "down_payment_fen", "Nothing is lent.", "Lower it below what is drawn first."
            )
        return Terms(
            principal_fen,
            ppm(self.annual_rate),
            self.method,
            self.start,
            dues,
            day_count=self.day_count,
            rounding=self.rounding,
            instalment_rounding=self.payment_rounding or self.rounding,
            remainder=self.remainder,
            due_day=self.due_day or (self.first_due.day if self.first_due else None),
            draws=tuple(Draw(on, drawn[on]) for on in sorted(drawn)),
            rate_changes=self._changes(dues),
            interest_round=self.interest_round,
            round_to_fen=self.round_payment_to_fen,
            grace_lines=self.grace.principal,
            balloon_fen=self._balloon_fen(principal_fen + sum(drawn.values())),
            windows=tuple(
                Window(w.from_, w.to, w.treatment, _ppm_or_none(w.annual_rate), w.payer)
                for w in self.windows
            ),
            groups=tuple(line.group() for line in self.lines),
        )

    def _changes(self, dues: Sequence[date]) -> tuple[RateChange, ...]:
        """Return the rate changes: as given, of the index, or of groups of lines."""
        given = [RateChange(r.from_, ppm(r.annual_rate)) for r in self.rate_changes]
        if self.index is not None:
            if given:
                raise _wrong("index", "Rate changes are given twice.", "Give them in one way.")
            values = [RateChange(v.from_, ppm(v.annual_rate)) for v in self.index.values]
            days = self.index.repriced_on
            given += repriced(values, ppm(self.index.margin), days, self.index.max_age_days)
        by_group: dict[date, RateChange] = {}
        begin = 0
        for line in self.lines:
            if line.annual_rate is not None and begin <= len(dues):
                start = dues[begin - 1] if begin else self.start
                by_group[start] = RateChange(start, ppm(line.annual_rate))
            begin += line.count
        return tuple(sorted([*given, *by_group.values()], key=lambda change: change.start_date))

    def _balloon_fen(self, lent_fen: int) -> int:
        if self.method != "balloon":
            if self.balloon_fen is not None or self.balloon_share is not None:
                raise _wrong(
                    "balloon_fen", "Only `balloon` leaves one.", "Set the method to balloon."
                )
            return 0
        if self.balloon_fen is not None and self.balloon_share is not None:
            raise _wrong("balloon_share", "The balloon is given twice.", "Leave one of both out.")
        if self.balloon_fen is None and self.balloon_share is None:
            raise _wrong(
                "balloon_fen", "The balloon is not known.", "Give balloon_fen or balloon_share."
            )
        if self.balloon_fen is not None:
            return self.balloon_fen
        rounding = self.payment_rounding or self.rounding
        return div_round(lent_fen * ppm(self.balloon_share or "0"), PPM, rounding)


def ppm(text: str) -> int:
    """Read '0.07' as 70,000 millionths."""
    return int(Decimal(text) * PPM)


def _ppm_or_none(text: str | None) -> int | None:
    return None if text is None else ppm(text)


def _wrong(field: str, message: str, fix: str) -> InputError:
    return InputError("schedule.malformed", message, field=field, fix=fix)


def schedule_answer(asked: ScheduleInput) -> dict[str, Any]:
    """Return the lines and the annual cost of a schedule."""
    rows, paid = worked_out(asked)
    answer: dict[str, Any] = {
        "lines": shown_lines(asked, rows, paid),
        "interest_total_fen": sum(row.interest_fen for row in rows),
        "annual_cost": _annual_cost(asked, rows, ((),) * len(rows)),
    }
    if any(paid):
        answer["annual_cost_after"] = _annual_cost(asked, rows, paid)
    return answer


def worked_out(asked: ScheduleInput) -> tuple[tuple[Instalment, ...], tuple[Paid, ...]]:
    """Return the instalments, and what others pay of each."""
    terms = asked.terms()
    rows = schedule(terms)
    return rows, paid_by_others(terms, rows)


def shown_lines(
    asked: ScheduleInput, rows: Sequence[Instalment], paid: Sequence[Paid]
) -> list[dict[str, Any]]:
    """Return the lines as they are printed."""
    return [*_down_payment(asked, rows), *_lines(asked, rows, paid)]


def _down_payment(asked: ScheduleInput, rows: Sequence[Instalment]) -> Iterator[dict[str, Any]]:
    fen = asked.down_payment_fen
    if fen:
        yield {
            "no": 0,
            "due": asked.start.isoformat(),
            "principal_fen": fen,
            "interest_fen": 0,
            "fee_fen": 0,
            "payment_fen": fen,
            "balance_fen": rows[0].opening_fen,
        }


def _lines(
    asked: ScheduleInput, rows: Sequence[Instalment], paid: Sequence[Paid]
) -> Iterator[dict[str, Any]]:
    for row, parts in zip(rows, paid, strict=True):
        line = {
            "no": row.number,
            "due": row.due_date.isoformat(),
            "principal_fen": row.principal_fen,
            "interest_fen": row.interest_fen,
            "fee_fen": asked.fee_fen,
            "payment_fen": row.payment_fen + asked.fee_fen - sum(fen for _, fen in parts),
            "balance_fen": row.closing_fen,
        }
        if parts:
            line["payers"] = [{"payer": payer, "interest_fen": fen} for payer, fen in parts]
        if asked.business_day_rule != "none":
            paid_on = roll(row.due_date, asked.business_day_rule)
            provisional = workday(row.due_date).provisional or workday(paid_on).provisional
            line |= {"pay_on": paid_on.isoformat(), "provisional": provisional}
        yield line


def _annual_cost(
    asked: ScheduleInput, rows: Sequence[Instalment], paid: Sequence[Paid]
) -> dict[str, Any]:
    """Return the annual cost of the customer's flows, as text, or None where there is none."""
    flows = [Flow(draw.on, draw.amount_fen) for draw in asked.draws]
    flows.append(Flow(asked.start, -asked.down_payment_fen - asked.upfront_fee_fen))
    for row, parts in zip(rows, paid, strict=True):
        others = sum(fen for _, fen in parts)
        flows.append(Flow(row.due_date, others - row.payment_fen - asked.fee_fen))
    return {f"{name}_pct": _percent(name, flows) for name in _DISCLOSED}


_DISCLOSED: tuple[Convention, ...] = ("cn_irr_nominal", "effective")


def _percent(convention: Convention, flows: Sequence[Flow]) -> str | None:
    rate = stated_rate(convention, [flow for flow in flows if flow.amount_fen])
    return None if rate is None else percent(rate.rate_ppm)[:-1]


def print_schedule(answer: dict[str, Any]) -> None:
    """Print a schedule and its cost for people."""
    table = Table("no", "due", "principal", "interest", "fee", "payment", "balance")
    for line in answer["lines"]:
        sums = ("principal_fen", "interest_fen", "fee_fen", "payment_fen", "balance_fen")
        table.add_row(str(line["no"]), line["due"], *(yuan(line[name]) for name in sums))
    console.print(table)
    for key in ("annual_cost", "annual_cost_after"):
        said = [
            f"{LABELS[name]['zh']} {answer[key][f'{name}_pct'] or '—'} %"
            for name in _DISCLOSED
            if key in answer
        ]
        if said:
            others = " after what others pay" if key == "annual_cost_after" else ""
            console.print("   ".join(said) + others, markup=False)
