"""Loans that leave the books 核销、转让: what both ways out have in common."""

from __future__ import annotations

from typing import Annotated

from pydantic import StringConstraints

from sanshi.flows.loans import LoanFile
from sanshi.flows.orders import slot
from sanshi.flows.papers import Filed, file_paper
from sanshi.flows.people import must_be_entity, read_person
from sanshi.flows.world import Actor, World
from sanshi.kernel.effects import Effects, Event, Json, Take
from sanshi.kernel.errors import ConflictError
from sanshi.loan.fold import fold
from sanshi.loan.state import Left

Text = Annotated[str, StringConstraints(min_length=1, max_length=500, strip_whitespace=True)]
Name = Annotated[str, StringConstraints(min_length=1, max_length=200, strip_whitespace=True)]

UNDER_WAY = ("intended", "sent", "unknown")
"""Stages of a payment on which the rail has not spoken its last word."""


def must_run(actor: Actor, loan: LoanFile) -> None:
    """Refuse what is not this lender's, or does not stand in the books."""
    must_be_entity(actor, loan.at.entity)
    if loan.at.stage != "active":
        raise ConflictError(
            "loan.not_active",
            f"The loan is {loan.at.stage}; only a loan that runs can leave the books.",
            field="loan_id",
        )


def nothing_under_way(world: World, loan: LoanFile) -> Effects:
    """Return the guards that no payment is under way; refuse one that is, by its name."""
    where = {"subject": loan.loan_id}
    for row in world.store.in_stage("payment", "payment_id", UNDER_WAY, where):
        raise ConflictError(
            "loan.payment_under_way",
            f"Payment {row['payment_id']} of {row['amount_fen']} fen is {row['stage']}.",
            field="loan_id",
            fix="Wait until the rail has said what became of it, then do this again.",
        )
    # Taken and given back at once: whoever orders a payment meanwhile comes first or not at all.
    place = slot(loan.loan_id)
    return Effects(guards=(Take(place, 1), Take(place, -1, floor=-(2**31))))


def leave(world: World, loan: LoanFile, kind: str, data: dict[str, Json]) -> tuple[Event, Left]:
    """Return the event by which a loan leaves the books today, and what it takes along."""
    day = world.clock.business_date()
    event = loan.at.step(kind, value_date=day, booking_date=day, data=data)
    left = fold(loan.terms, (*loan.events, event), day).left
    if left is None or left.total_fen == 0:
        raise ConflictError(
            "loan.nothing_owed",
            "Nothing is owed on this loan any more.",
            field="loan_id",
            fix="Wait for the day's close, which ends it.",
        )
    return event, left


def told(world: World, loan: LoanFile, kind: str, content: dict[str, Json]) -> Filed:
    """File what the customer may know of it, sealed under their key and evidenced."""
    person = read_person(world, loan.row["person_id"])
    return file_paper(
        world,
        entity=loan.at.entity,
        person_id=person.person_id,
        wrapped_key=person.wrapped_key,
        kind=kind,
        subject=loan.loan_id,
        content={"loan_id": loan.loan_id, **content},
    )


def sums(left: Left) -> dict[str, Json]:
    """Return what a loan took along, by its parts; amounts in fen."""
    return {
        "principal_fen": left.principal_fen,
        "interest_fen": left.interest_fen,
        "penalty_fen": left.penalty_fen,
        "total_fen": left.total_fen,
    }


def sold(left: Left) -> ConflictError:
    """Return the refusal of whatever is asked of a loan that belongs to somebody else now."""
    return ConflictError(
        "loan.sold",
        f"This loan was sold to {left.buyer} on {left.on}; it is theirs since.",
        field="loan_id",
        fix=f"Turn to {left.buyer}.",
    )
