"""The chain of sealed days 封账链 on the desk: month by month, and checked when somebody asks."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Annotated

from pydantic import StringConstraints

from sanshi.flows.sealing import broken_seals, sealed_days
from sanshi.flows.world import Actor, Command, Decided, Flow, World
from sanshi.kernel.effects import Json
from sanshi.kernel.errors import InputError


class DeskSeals(Command):
    """The month to look at, YYYY-MM (the last one when left out), and whether to check its days.

    A check seals every day of the month again from its postings, and says which does not come out
    the same.
    """

    month: Annotated[str, StringConstraints(pattern=r"^([0-9]{4}-(0[1-9]|1[0-2]))?$")] = ""
    check: bool = False


def _decide(world: World, actor: Actor, command: DeskSeals) -> Decided:
    days = sealed_days(world, actor.entity)
    months = sorted({_month(day["booking_date"]) for day in days}, reverse=True)
    if command.month and command.month not in months:
        raise InputError(
            "seals.month",
            f"No day of {command.month} is sealed.",
            field="month",
            fix=f"Use one of: {', '.join(months) or 'none yet'}.",
        )
    month = command.month or (months[0] if months else "")
    broken = _broken(world, actor.entity, month) if command.check and month else {}
    shown: list[Json] = [
        {
            "day": day["booking_date"].isoformat(),
            "postings": day["postings"],
            "amount_fen": day["amount_fen"],
            "root": bytes(day["root"]).hex(),
            "previous": bytes(day["previous"]).hex(),
            "differs": broken.get(day["booking_date"].isoformat(), []),
        }
        for day in days
        if _month(day["booking_date"]) == month
    ]
    answer: dict[str, Json] = {"month": month, "months": list(months), "days": shown}
    return Decided({**answer, "checked": command.check, "broken": len(broken)})


def _month(day: date) -> str:
    return f"{day:%Y-%m}"


def _broken(world: World, entity: str, month: str) -> dict[str, list[str]]:
    """Return what differs on which day; also days that are not sealed but have kept sums."""
    first = date.fromisoformat(f"{month}-01")
    last = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    found: dict[str, list[str]] = {}
    for one in broken_seals(world, entity, first, last):
        found.setdefault(one["booking_date"], []).extend(one["differs"])
    return found


DESK_SEALS = Flow("desk_seals", frozenset({"servicing", "audit"}), DeskSeals, _decide)
