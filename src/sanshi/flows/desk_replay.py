"""A loan replayed: what it was on any day, by what was known on that day or another."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from sanshi.flows.desk_loans import DESK_LOAN, looked_at, own_row
from sanshi.flows.loans import LoanFile, file_of
from sanshi.flows.viewing import event_seen, figures
from sanshi.flows.world import Actor, Command, Decided, Flow, World
from sanshi.kernel.effects import Event, Json
from sanshi.kernel.errors import InputError
from sanshi.loan.fold import fold
from sanshi.loan.state import LoanState

Mark = Literal["counted", "later", "unknown", "undone"]
"""In force; of a later value date; booked later than what is known; undone by a reversal."""


class LoanAt(Command):
    """Which loan, on which day, and by what was booked up to which day (today when left out)."""

    loan_id: str
    on: Annotated[date, Field(strict=False)]
    known: Annotated[date | None, Field(strict=False)] = None


def _decide(world: World, actor: Actor, command: LoanAt) -> Decided:
    row = own_row(world, actor, "loan", "loan_id", command.loan_id)
    loan, today = file_of(world, row), world.clock.business_date()
    known = today if command.known is None else command.known
    first = min(event.booking_date for event in loan.events)
    _within("known", known, first, today)
    counted = tuple(event for event in loan.events if event.booking_date <= known)
    begin, end = _bounds(loan, counted, today)
    _within("on", command.on, begin, end)
    state = fold(loan.terms, counted, command.on)
    answer: dict[str, Json] = {
        "loan_id": loan.loan_id,
        "merchant": row["merchant"],
        "on": command.on.isoformat(),
        "known": known.isoformat(),
        "today": today.isoformat(),
        "first_day": begin.isoformat(),
        "first_known": first.isoformat(),
        "last_day": end.isoformat(),
        "stage": state.stage,
        "terms": state.terms.as_json(),
        **figures(state),
        "events": _marked(loan, known, command.on),
    }
    return Decided(answer, looked_at(world, actor, loan.loan_id))


def _bounds(loan: LoanFile, counted: tuple[Event, ...], today: date) -> tuple[date, date]:
    """Return the days a loan can be seen on: its first, and the last its schedule knows of."""
    begin = min(event.value_date for event in counted)
    return begin, max(today, _last_due(fold(loan.terms, counted, today), today))


def _last_due(state: LoanState, today: date) -> date:
    return state.ahead[-1].due_date if state.ahead else today


def _within(field: str, day: date, first: date, last: date) -> None:
    if not first <= day <= last:
        raise InputError(
            f"replay.{field}",
            f"{day} is outside {first}..{last}.",
            field=field,
            fix=f"Choose a day from {first} to {last}.",
        )


def _marked(loan: LoanFile, known: date, on: date) -> list[Json]:
    """Return every event with what it is on that day, by what was known."""
    undone = {
        event.data["reverses"]
        for event in loan.events
        if event.kind == "reversed" and event.booking_date <= known
    }
    return [{**event_seen(one), "mark": _mark(one, known, on, undone)} for one in loan.events]


def _mark(event: Event, known: date, on: date, undone: set[Json]) -> Mark:
    if event.booking_date > known:
        return "unknown"
    if event.version in undone:
        return "undone"
    return "counted" if event.value_date <= on else "later"


LOAN_AT = Flow("loan_at", DESK_LOAN.roles, LoanAt, _decide)
