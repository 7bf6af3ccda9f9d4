"""Day close 日终: every live loan's books brought to the day, shard by shard, restartable.

The date is switched first 日切, so online work goes on under the new date. A loan that fails goes
to visible quarantine (a case) and never blocks the day.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated

from pydantic import Field

from sanshi.flows.cases import opened
from sanshi.flows.loans import (
    ONE_DAY,
    LoanFile,
    brought_to,
    closed_to,
    held_of,
    open_file,
)
from sanshi.flows.passing import BROKEN, carried, passed, read_shard
from sanshi.flows.positions import ALONE, without_columns
from sanshi.flows.shards import closed_shards
from sanshi.flows.steps import standing, today
from sanshi.flows.world import Actor, Command, Decided, Flow, Role, World
from sanshi.kernel.effects import Cell, Count, Effects, Exists, Insert, Json, Update
from sanshi.kernel.errors import ConflictError, NotFoundError, SanshiError
from sanshi.ports import closed_mark

Day = Annotated[date, Field(strict=False)]
STEP = "accrual"
QUARANTINE = "close_quarantine"
"""Kind of the case about a loan that a close could not bring to its day."""


_TOTALS = ("loans", "debit_fen", "quarantined")


class SwitchDate(Command):
    """The day to leave: the next calendar day becomes the open business date."""

    business_date: Day


class CloseShard(Command):
    """One shard of one entity's loans on a day that is over."""

    entity: str
    business_date: Day
    shard: Annotated[int, Field(ge=0)]


class FinishClose(Command):
    """Mark a day of an entity closed once every shard is done."""

    entity: str
    business_date: Day


def _switch(world: World, _actor: Actor, command: SwitchDate) -> Decided:
    open_date = world.clock.business_date()
    if command.business_date == open_date - ONE_DAY:
        return Decided({"open_date": open_date.isoformat()})
    if open_date != command.business_date:
        raise ConflictError(
            "close.other_day",
            f"The open business date is {open_date}, not {command.business_date}.",
            field="business_date",
            fix=f"Close {open_date} first.",
        )
    following = open_date + ONE_DAY
    key: dict[str, Cell] = {"name": "open", "open_date": open_date}
    effects = Effects(rows=(Update("business_day", key, {"open_date": following}),))
    return Decided({"open_date": following.isoformat()}, effects)


def _close_shard(world: World, _actor: Actor, command: CloseShard) -> Decided:
    _must_be_over(world, command.business_date)
    key: dict[str, Cell] = {
        "entity": command.entity,
        "business_date": command.business_date,
        "step": STEP,
        "shard": command.shard,
    }
    done = world.store.row("close_step", **key)
    if done is not None:
        return Decided({name: done[name] for name in _TOTALS})
    _must_be_the_last(world, command)
    marked = _marked(world, command)
    if marked.closed_to is not None and marked.closed_to >= command.business_date:
        return Decided(dict.fromkeys(_TOTALS, 0))  # it was begun since
    shard = read_shard(world, command.entity, command.shard, command.business_date)
    can = carried(shard, command.business_date) & marked.stands_on_the_eve(command.business_date)
    whose = (command.entity, command.shard)
    effects, broken = passed(world, whose, shard.only(can), command.business_date)
    alone = _named(world, [*shard.loans[~can].tolist(), *broken]) + _alone(world, command)
    quarantined = 0
    for loan_id in alone:
        closed, failed = _close_by_itself(world, loan_id, command)
        effects, quarantined = effects + closed, quarantined + failed
    totals = {
        "loans": int(can.sum()) - len(broken) + len(alone),
        "debit_fen": sum(posting.amount_fen for posting in effects.postings),
        "quarantined": quarantined,
    }
    step = Effects(rows=(Insert("close_step", {**key, **totals}),))
    return Decided(totals, marked.effects + effects + step)


@dataclass(frozen=True, slots=True)
class _Marked:
    """Up to which day a shard was closed, and what closes it for one more."""

    closed_to: date | None
    effects: Effects

    def stands_on_the_eve(self, day: date) -> bool:
        """Say whether the books stand where columns go on from.

        If not, each loan is brought on from where it was last booked.
        """
        return self.closed_to == day - ONE_DAY


def _marked(world: World, command: CloseShard) -> _Marked:
    """Read the shard's mark, and how many loans were touched on the day or since.

    Whoever books a loan holds the mark until that is durable. So once the close has it alone, and
    no more loans were touched than when it read, every loan it carries stands as it was read.
    """
    where: dict[str, Cell] = {"entity": command.entity, "shard": command.shard}
    to: dict[str, Cell] = {"closed_to": command.business_date}
    mark = world.store.row("close_mark", **where)
    if mark is None:
        raise NotFoundError(
            "close.no_shard",
            f"{command.entity} has no shard {command.shard}.",
            field="shard",
            fix="The page of the day close lists them.",
        )
    day = command.business_date.toordinal()
    touched = world.store.rows("position", where, after={"as_of": day - 1})
    guards = (
        Exists("close_mark", {**where, "closed_to": mark["closed_to"]}, "alone"),
        Count("position", where, {"as_of": day}, len(touched)),
    )
    effects = Effects(rows=(Update("close_mark", where, to),), guards=guards)
    return _Marked(mark["closed_to"], effects)


def _alone(world: World, command: CloseShard) -> list[str]:
    """Return the loans that columns never carry, but for those touched since the day."""
    where: dict[str, Cell] = {"entity": command.entity, "shard": command.shard, "handling": ALONE}
    rows = world.store.rows("position", where, order_by=("loan",))
    day = command.business_date.toordinal()
    return [row["loan_id"] for row in rows if row["as_of"] <= day]


def _named(world: World, loans: Sequence[int]) -> list[str]:
    rows = (world.store.row("position", loan=loan) for loan in loans)
    return [row["loan_id"] for row in rows if row is not None]


def _close_by_itself(world: World, loan_id: str, command: CloseShard) -> tuple[Effects, bool]:
    """Bring one loan to the day; one that fails goes to quarantine, and True says so.

    Once it comes through again, nobody need look at it any more.
    """
    try:
        closed = _close_loan(world, open_file(world, loan_id), command.business_date)
    except BROKEN as error:
        details = _told(error)
        stopped = opened(world, command.entity, QUARANTINE, loan_id, details)
        return stopped + _set_aside(world, loan_id), True
    return closed + _out_of_quarantine(world, loan_id, command), False


def _set_aside(world: World, loan_id: str) -> Effects:
    """Leave a loan to itself from now on; what was accrued of it stays in the files."""
    loan = world.store.row("loan", loan_id=loan_id)
    if loan is None:
        return Effects()
    held = held_of(world, loan)
    booked_on = held.booked_on or date.min
    return without_columns(held.whose(loan), ALONE, booked_on, held.accrued)


def _told(error: Exception) -> dict[str, Json]:
    if isinstance(error, SanshiError):
        return {"code": error.code, "message": error.message}
    # Its text may hold what is in the record.
    return {"code": f"close.{type(error).__name__}", "message": "Its record cannot be worked out."}


def _out_of_quarantine(world: World, loan_id: str, command: CloseShard) -> Effects:
    about: dict[str, Cell] = {"kind": QUARANTINE, "subject": loan_id}
    effects = Effects()
    for case in world.store.in_stage("work_case", "case_id", ("open",), about):
        at = standing(world, "case", case["case_id"], command.entity)
        day = command.business_date.isoformat()
        effects = effects + today(world, at, "closed", agreed_with=day)
    return effects


def _must_be_the_last(world: World, command: CloseShard) -> None:
    """A later close has already brought these books further; going back would undo it."""
    where: dict[str, Cell] = {"entity": command.entity, "step": STEP, "shard": command.shard}
    later = world.store.rows(
        "close_step",
        where,
        order_by=("business_date",),
        after={"business_date": command.business_date},
        limit=1,
    )
    if later:
        raise ConflictError(
            "close.later_day_closed",
            f"{later[0]['business_date']} is closed already and includes {command.business_date}.",
            field="business_date",
            fix="Nothing is left to do for this day.",
        )


def _close_loan(world: World, loan: LoanFile, day: date) -> Effects:
    if loan.touched_after(day):
        return Effects()
    if loan.at.stage != "active" or not loan.on(day).is_paid_off:
        return brought_to(world, loan, day)
    today = world.clock.business_date()
    done = loan.at.step("completed", value_date=day, booking_date=today, data={})
    return brought_to(world, loan, day, (done,))


def _finish(world: World, _actor: Actor, command: FinishClose) -> Decided:
    _must_be_over(world, command.business_date)
    closed = closed_to(world, command.entity)
    if closed is not None and closed >= command.business_date:
        return Decided({"closed": closed.isoformat()})
    _must_be_closed_by_shard(world, command)
    name = closed_mark(command.entity)
    mark = (
        Insert("business_day", {"name": name, "open_date": command.business_date})
        if closed is None
        else Update("business_day", {"name": name}, {"open_date": command.business_date})
    )
    answer = {"closed": command.business_date.isoformat()}
    return Decided(answer, Effects(rows=(mark,)))


def _must_be_closed_by_shard(world: World, command: FinishClose) -> None:
    """Refuse while a shard lags behind; one begun meanwhile has nothing of a day that is over."""
    shards = closed_shards(world, command.entity).items()
    open_ = [str(shard) for shard, to in shards if to < command.business_date]
    if open_:
        raise ConflictError(
            "close.open_shards",
            f"{command.business_date} is not closed yet in shard {', '.join(open_)}.",
            field="business_date",
            fix="Close these shards first.",
        )


def _must_be_over(world: World, day: date) -> None:
    if day >= world.clock.business_date():
        raise ConflictError(
            "close.not_over",
            f"{day} is not over: the open business date is {world.clock.business_date()}.",
            field="business_date",
            fix="Switch the date first.",
        )


_WHO: frozenset[Role] = frozenset({"servicing", "system"})
SWITCH = Flow("switch_date", frozenset({"system"}), SwitchDate, _switch)
CLOSE_SHARD = Flow("close_shard", _WHO, CloseShard, _close_shard)
FINISH = Flow("finish_close", _WHO, FinishClose, _finish)
