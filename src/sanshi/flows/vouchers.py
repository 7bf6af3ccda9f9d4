"""Vouchers 补贴资格: given to a person, reserved at signing, used when the money is spent.

The city's operator gives them out (by lottery) and hands the winners in; what a voucher is worth
follows from the rules of the day it is used.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from sanshi.benefit.figures import Law
from sanshi.benefit.lines import Line, Voucher
from sanshi.benefit.stack import Holder
from sanshi.catalogue.benefits import Benefit
from sanshi.catalogue.context import Context
from sanshi.flows.entities import PLATFORM
from sanshi.flows.steps import new, standing, today
from sanshi.flows.world import Actor, Command, Decided, Flow, World
from sanshi.kernel.effects import Effects, Insert, Take, Update
from sanshi.kernel.errors import ConflictError, InputError, NotFoundError
from sanshi.kernel.reasons import Reason


class IssueVoucher(Command):
    """Who is given a right to which benefit, for what kind of good."""

    person_id: str
    benefit: str
    category: str


def _decide(world: World, _actor: Actor, command: IssueVoucher) -> Decided:
    if world.store.row("person", person_id=command.person_id) is None:
        raise NotFoundError("person.unknown", "There is no such person.", field="person_id")
    benefit = _benefit(world, command)
    day = world.clock.business_date()
    last = day + timedelta(days=_valid_days(world, benefit, day) - 1)
    voucher_id = world.ids.new("vo")
    row = Insert(
        "voucher",
        {
            "voucher_id": voucher_id,
            "person_id": command.person_id,
            "scheme": benefit.scheme,
            "category": command.category,
            "valid_from": day,
            "valid_to": last,
            "used_on": None,
        },
    )
    step = today(world, new("voucher", voucher_id, PLATFORM), "issued", benefit=benefit.id)
    answer = {"voucher_id": voucher_id, "valid_to": last.isoformat()}
    return Decided(answer, step + Effects(rows=(row,)))


def _benefit(world: World, command: IssueVoucher) -> Benefit:
    benefits = {b.id: b for b in world.catalogue.benefits.values() if b.entitlement == "voucher"}
    benefit = benefits.get(command.benefit)
    if benefit is None:
        raise InputError(
            "voucher.benefit",
            f"No benefit {command.benefit!r} is given by voucher.",
            field="benefit",
            fix=f"Known: {', '.join(sorted(benefits))}.",
        )
    categories = benefit.goods.get("category", ())
    if command.category not in categories:
        raise InputError(
            "voucher.category",
            f"{benefit.en} does not cover {command.category!r}.",
            field="category",
            fix=f"Covered: {', '.join(categories)}.",
        )
    return benefit


def _valid_days(world: World, benefit: Benefit, day: date) -> int:
    context = Context(
        quote_date=day,
        lender_type="merchant",
        product_kind="instalment_loan",
        region=benefit.region,
    )
    law = Law(world.catalogue.rulebook, context)
    days = law.whole(benefit.valid_days) if benefit.valid_days else Reason("benefit.nothing", {})
    if isinstance(days, Reason):
        raise ConflictError(
            "voucher.not_now",
            f"No voucher of {benefit.en} can be given on {day}: {days.code}.",
            field="benefit",
        )
    return days


def holder_of(world: World, person_id: str) -> Holder:
    """Return the vouchers that a person may still use, and what was used this year."""
    day = world.clock.business_date()
    free = world.store.in_stage("voucher", "voucher_id", ("issued",), {"person_id": person_id})
    taken = world.store.in_stage(
        "voucher", "voucher_id", ("reserved", "redeemed"), {"person_id": person_id}
    )
    used = Counter(
        (row["scheme"], row["category"]) for row in taken if row["used_on"].year == day.year
    )
    fields = ("voucher_id", "scheme", "category", "valid_from", "valid_to")
    return Holder(tuple(Voucher(**{name: row[name] for name in fields}) for row in free), used)


def reserved(world: World, person_id: str, stack: Mapping[str, Any], loan_id: str) -> Effects:
    """Return the effects that set aside the vouchers a signed plan uses, or refuse."""
    effects = Effects()
    for line in (Line.from_json(stored) for stored in stack["lines"]):
        if line.certainty == "held" and line.voucher_id:
            effects = effects + _reserved(world, person_id, line, loan_id)
    return effects


def _reserved(world: World, person_id: str, line: Line, loan_id: str) -> Effects:
    day = world.clock.business_date()
    holder = holder_of(world, person_id)
    benefit = world.catalogue.benefits[line.benefit]
    held = {voucher.voucher_id: voucher for voucher in holder.vouchers}
    voucher = held.get(line.voucher_id)
    stands = voucher is not None and voucher.covers(line.scheme, line.category, day)
    if not stands or (line.use and holder.uses_before(benefit, line.category) + 1 != line.use):
        raise ConflictError(
            "voucher.gone",
            "The voucher that lowers this price has lapsed or was used for another purchase.",
            field="contract_id",
            fix="Ask for a new quote.",
        )
    at = standing(world, "voucher", line.voucher_id, PLATFORM)
    step = today(world, at, "reserved", loan_id=loan_id)
    mark = Update("voucher", {"voucher_id": line.voucher_id}, {"used_on": day})
    return step + Effects(rows=(mark,)) + _one_use(world, person_id, line, day)


def _one_use(world: World, person_id: str, line: Line, day: date) -> Effects:
    """Guard: two vouchers of a scheme that allows one use cannot be signed at the same moment."""
    if not line.use:
        return Effects()
    what = "car" if line.scheme.startswith("car_") else f"{line.scheme}:{line.category}"
    counter = f"use:{person_id}:{what}:{day.year}"
    return taken(world, counter, 1, at_most=line.use)


def taken(world: World, counter: str, amount: int, *, at_most: int) -> Effects:
    """Take from a counter that is made when first needed; what was taken stands below zero."""
    if world.store.row("counter", counter=counter) is not None:
        return Effects(guards=(Take(counter, amount, floor=-at_most),))
    return Effects(rows=(Insert("counter", {"counter": counter, "remaining": -amount}),))


def redeemed(world: World, voucher_id: str, loan_id: str) -> Effects:
    """Return the step that uses a reserved voucher up."""
    at = standing(world, "voucher", voucher_id, PLATFORM)
    return today(world, at, "redeemed", loan_id=loan_id)


def given_back(world: World, person_id: str, voucher_id: str, use: int) -> Effects:
    """Return what happens to a voucher when all it was used for went back to the shop."""
    return _free_again(world, person_id, voucher_id, use, "given_back")


def released(world: World, person_id: str, line: Line) -> Effects:
    """Return what happens to a reserved voucher when nothing is bought with it after all."""
    return _free_again(world, person_id, line.voucher_id, line.use, "released")


def _free_again(world: World, person_id: str, voucher_id: str, use: int, event: str) -> Effects:
    """Still valid, it may be used again; else it has lapsed meanwhile. The use is not counted."""
    row = world.store.row("voucher", voucher_id=voucher_id)
    if row is None:
        raise NotFoundError("voucher.unknown", "There is no such voucher.")
    day = world.clock.business_date()
    at = standing(world, "voucher", voucher_id, PLATFORM)
    step = today(world, at, event, "issued" if day <= row["valid_to"] else "returned")
    mark = Update("voucher", {"voucher_id": voucher_id}, {"used_on": None})
    if not use:
        return step + Effects(rows=(mark,))
    what = "car" if row["scheme"].startswith("car_") else f"{row['scheme']}:{row['category']}"
    counter = f"use:{person_id}:{what}:{row['used_on'].year}"
    return step + Effects(rows=(mark,), guards=(Take(counter, -1, floor=-(2**31)),))


ISSUE = Flow("issue_voucher", frozenset({"system"}), IssueVoucher, _decide)
