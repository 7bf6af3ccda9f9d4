"""Change a running loan: due day, term, grace, pause, re-age, restructure, waive, or undo that.

A change may be dated back: the loan is replayed with it in its place, and what it alters of days
already closed is posted on the open day. No rate rises here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Literal, TypeAlias

from pydantic import Field, StringConstraints

from sanshi.flows.leaving import sold
from sanshi.flows.loans import LoanFile, booked, open_file
from sanshi.flows.people import must_be_entity
from sanshi.flows.world import Actor, Command, Decided, Flow, World
from sanshi.kernel.effects import Event, Json
from sanshi.kernel.errors import ConflictError, ImpossibleError, InputError
from sanshi.kernel.money import MAX_FEN, PPM
from sanshi.kernel.schedules import MAX_DUE_DAY, PlainMethod
from sanshi.loan.changes import CHANGES
from sanshi.loan.fold import fold
from sanshi.loan.state import LoanState

Fen = Annotated[int, Field(ge=0, le=MAX_FEN)]
Few = Annotated[int, Field(ge=1, le=360)]
DueDay = Annotated[int, Field(ge=1, le=MAX_DUE_DAY)]
Ppm = Annotated[int, Field(ge=0, le=PPM)]
Reason = Annotated[str, StringConstraints(min_length=1, max_length=500, strip_whitespace=True)]


class RateChanged(Command):
    """利率调整: the rate from the value date on; never above the one in force."""

    kind: Literal["rate_changed"]
    rate_ppm: Ppm


class DueDayChanged(Command):
    """变更还款日: another day of the month."""

    kind: Literal["due_day_changed"]
    due_day: DueDay


class Extended(Command):
    """展期: so many monthly instalments more."""

    kind: Literal["extended"]
    instalments: Few


class GraceGiven(Command):
    """宽限: the next so many instalments pay interest only."""

    kind: Literal["grace_given"]
    instalments: Few


class Paused(Command):
    """Hardship pause 延期还款: everything ahead so many months later; `waive`: free of interest."""

    kind: Literal["paused"]
    months: Annotated[int, Field(ge=1, le=36)]
    waive: bool = False


class Reaged(Command):
    """Re-age: what is overdue is spread over the instalments ahead, or over so many."""

    kind: Literal["reaged"]
    instalments: Few | None = None
    waive_penalty: bool = False


class Restructured(Command):
    """重组: what is new of rate, method, due day and number of instalments."""

    kind: Literal["restructured"]
    rate_ppm: Ppm | None = None
    method: PlainMethod | None = None
    due_day: DueDay | None = None
    instalments: Few | None = None
    waive_penalty: bool = False


class Waived(Command):
    """减免: so much penalty and interest of what is due."""

    kind: Literal["waived"]
    penalty_fen: Fen = 0
    interest_fen: Fen = 0


class Reversed(Command):
    """冲销: the change with this version never was."""

    kind: Literal["reversed"]
    reverses: Annotated[int, Field(ge=1)]


Change: TypeAlias = (
    RateChanged
    | DueDayChanged
    | Extended
    | GraceGiven
    | Paused
    | Reaged
    | Restructured
    | Waived
    | Reversed
)


class ChangeLoan(Command):
    """Which loan, what changes, from which day (today when left out), and why."""

    loan_id: str
    change: Annotated[Change, Field(discriminator="kind")]
    value_date: Annotated[date | None, Field(strict=False)] = None
    reason: Reason


@dataclass(frozen=True, slots=True)
class Tried:
    """A change as it would be made today: its event, and the loan before and after it."""

    event: Event
    before: LoanState
    after: LoanState

    def answer(self) -> dict[str, Json]:
        """Return what whoever asks is told."""
        return {
            "version": self.event.version,
            "stage": self.event.stage,
            "value_date": self.event.value_date.isoformat(),
            "before": key_figures(self.before),
            "after": key_figures(self.after),
        }


def _decide(world: World, actor: Actor, command: ChangeLoan) -> Decided:
    loan = open_file(world, command.loan_id)
    must_be_entity(actor, loan.at.entity)
    why = {"by": actor.actor_id, "reason": command.reason}
    made = tried(world, loan, command.change, command.value_date, why)
    return Decided(made.answer(), booked(world, loan, (made.event,)))


def tried(
    world: World, loan: LoanFile, change: Change, value_date: date | None, why: Mapping[str, Json]
) -> Tried:
    """Return a change of a loan worked out in full, or raise: nothing is written here.

    `why` is kept with the event beside what the change says.
    """
    today = world.clock.business_date()
    left = loan.on(today).left
    if left is not None and left.how == "transferred":
        raise sold(left)
    day = _value_date(loan, value_date or today, today)
    data: dict[str, Json] = change.model_dump(exclude={"kind"}, exclude_none=True)
    if isinstance(change, Reversed):
        day = _reversible(loan, change.reverses).value_date
    _must_not_be_dearer(loan, change, day)
    trial = loan.at.step(
        change.kind, value_date=day, booking_date=today, data={**data, **why}, to=loan.at.stage
    )
    after = _folded(loan, trial, today)
    to = after.left.how if after.left else "settled" if after.is_paid_off else "active"
    event = loan.at.step(change.kind, value_date=day, booking_date=today, data=trial.data, to=to)
    return Tried(event, loan.on(today), after)


def _value_date(loan: LoanFile, day: date, today: date) -> date:
    """Return the day a change takes effect: not before the money went out, and not tomorrow."""
    began = loan.on(today).disbursed_on
    if began is None:
        raise ConflictError(
            "loan.not_active", f"The loan is {loan.at.stage}; there is nothing to change yet."
        )
    if not began <= day <= today:
        raise InputError(
            "change.value_date",
            f"{day} is outside {began}..{today}.",
            field="value_date",
            fix=f"Let the change take effect on a day from {began} to {today}.",
        )
    return day


UNDONE_HERE = frozenset(CHANGES) | {"written_off"}
"""What may be undone: changes of terms, and a write-off made by mistake. A sale is the buyer's."""


def _reversible(loan: LoanFile, version: int) -> Event:
    """Return the change that is to be undone; money that moved is undone by its own payment."""
    undone = {event.data["reverses"] for event in loan.events if event.kind == "reversed"}
    found = next((event for event in loan.events if event.version == version), None)
    if found is None or found.kind not in UNDONE_HERE or version in undone:
        why = (
            "has been undone already"
            if version in undone
            else "is not there"
            if found is None
            else f"is {found.kind}, which cannot be undone here"
        )
        raise InputError(
            "change.not_reversible",
            f"Event {version} {why}.",
            field="change.reverses",
            fix="Give the version of a change of this loan that still holds.",
        )
    return found


def _must_not_be_dearer(loan: LoanFile, change: Change, day: date) -> None:
    wanted = getattr(change, "rate_ppm", None)
    in_force = loan.on(day).terms.rate_ppm
    if wanted is not None and wanted > in_force:
        raise InputError(
            "change.dearer",
            f"A rate of {wanted} millionths is above the {in_force} in force.",
            field="change.rate_ppm",
            fix="A rate agreed in a contract is only lowered here.",
        )


def _folded(loan: LoanFile, trial: Event, today: date) -> LoanState:
    try:
        after = fold(loan.terms, (*loan.events, trial), today)
    except (ImpossibleError, InputError) as error:
        raise InputError(
            "change.impossible",
            f"This cannot be done to the loan: {error.message}",
            field="change",
            fix="Look at the schedule and at what happened after that day, then change it.",
        ) from error
    if after.credit_fen < 0:
        raise InputError(
            "change.money_gone",
            f"It would use {-after.credit_fen} fen that went back to the customer meanwhile.",
            field="change",
            fix="Leave it, or agree with the customer on what is still to be paid.",
        )
    return after


def key_figures(state: LoanState) -> dict[str, Json]:
    """Return the figures by which two states of a loan are compared; amounts in fen."""
    ahead = state.ahead
    return {
        "rate_ppm": state.terms.rate_ppm,
        "outstanding_fen": state.outstanding_fen,
        "due_fen": state.due_fen,
        "credit_fen": state.credit_fen,
        "instalments_ahead": len(ahead),
        "next_due": ahead[0].due_date.isoformat() if ahead else None,
        "next_payment_fen": ahead[0].payment_fen if ahead else 0,
        "last_due": ahead[-1].due_date.isoformat() if ahead else None,
        "interest_ahead_fen": sum(row.interest_fen for row in ahead),
    }


CHANGE_LOAN = Flow("change_loan", frozenset({"servicing"}), ChangeLoan, _decide)
