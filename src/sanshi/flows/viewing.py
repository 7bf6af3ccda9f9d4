"""See a loan: what it is today, its schedule, what was paid, and every event that made it so."""

from __future__ import annotations

from collections.abc import Mapping

from sanshi.flows.loans import LoanFile, open_file
from sanshi.flows.people import audited, must_be_entity, must_be_own
from sanshi.flows.world import Actor, Command, Decided, Flow, World
from sanshi.kernel.effects import Event, Json
from sanshi.loan.state import Left, LoanState
from sanshi.quote.plan import row_json


class ViewLoan(Command):
    """The loan to look at."""

    loan_id: str


def _decide(world: World, actor: Actor, command: ViewLoan) -> Decided:
    loan = open_file(world, command.loan_id)
    must_be_own(actor, loan.row["person_id"])
    must_be_entity(actor, loan.at.entity)
    seen = audited(
        world,
        actor,
        entity=loan.at.entity,
        action="view_loan",
        subject=command.loan_id,
        purpose="own" if actor.role == "consumer" else "servicing",
    )
    return Decided(loan_seen(world, loan, own=actor.role == "consumer"), seen)


def loan_seen(world: World, loan: LoanFile, *, own: bool = False) -> dict[str, Json]:
    """Return a loan as it is today, with every event that made it so; amounts in fen.

    `own`: for the eyes of the person whose loan it is.
    """
    events = [event_seen(event) for event in loan.events]
    state = loan.on(world.clock.business_date())
    answer: dict[str, Json] = {"loan_id": loan.loan_id, "stage": loan.at.stage, **figures(state)}
    if own:
        events = [_own(event) for event in events]
        answer["left"] = answer["left"] and _without(answer["left"], PRICE)
    return {**answer, "events": events}


PRICE = frozenset({"price_fen", "price_paid_fen"})
"""What a loan was sold for is between the lender and the buyer."""
INTERNAL = PRICE | {"by", "reason", "evidence", "reference"}
LEAVING = frozenset({"written_off", "transferred", "price_paid"})


def _own(event: dict[str, Json]) -> dict[str, Json]:
    """Return an event without what is written for the lender's own people."""
    if event["kind"] not in LEAVING:
        return event
    hidden = INTERNAL | {"amount_fen"} if event["kind"] == "price_paid" else INTERNAL
    return {**event, "data": _without(event["data"], hidden)}


def _without(data: Mapping[str, Json], names: frozenset[str]) -> dict[str, Json]:
    return {name: value for name, value in data.items() if name not in names}


def event_seen(event: Event) -> dict[str, Json]:
    """Return one event of a loan."""
    return {
        "version": event.version,
        "kind": event.kind,
        "stage": event.stage,
        "value_date": event.value_date.isoformat(),
        "booking_date": event.booking_date.isoformat(),
        "data": dict(event.data),
    }


def figures(state: LoanState) -> dict[str, Json]:
    """Return what a loan is on the day of its state; amounts in fen."""
    return {
        "as_of": state.as_of.isoformat(),
        "disbursed_on": state.disbursed_on.isoformat() if state.disbursed_on else None,
        "outstanding_fen": state.outstanding_fen,
        "due_fen": state.due_fen,
        "credit_fen": state.credit_fen,
        "payoff_fen": state.payoff_fen if state.disbursed_fen else 0,
        "days_past_due": state.days_past_due,
        "principal_paid_fen": state.principal_paid_fen,
        "interest_paid_fen": state.interest_paid_fen,
        "subsidy_fen": state.subsidy_fen,
        "subsidies": [{"funder": funder, "amount_fen": fen} for funder, fen in state.subsidies],
        "goods_returned_fen": state.goods_returned_fen,
        "penalty_paid_fen": state.penalty_paid_fen,
        "penalty_earned_fen": state.penalty_earned_fen,
        "interest_earned_fen": state.interest_earned_fen,
        "left": _left(state.left),
        "due": [
            {
                "number": due.number,
                "due_date": due.due_date.isoformat(),
                "principal_fen": due.principal_fen,
                "interest_fen": due.interest_fen,
                "subsidy_fen": due.subsidy_fen,
                "penalty_fen": due.penalty_fen,
                "open_fen": due.open_fen,
            }
            for due in state.due
        ],
        "ahead": [row_json(row) for row in state.ahead],
    }


def _left(left: Left | None) -> dict[str, Json] | None:
    """Return how a loan left the books, and what is still owed to us; None while it is there."""
    if left is None:
        return None
    return {
        "how": left.how,
        "on": left.on.isoformat(),
        "principal_fen": left.principal_fen,
        "interest_fen": left.interest_fen,
        "penalty_fen": left.penalty_fen,
        "total_fen": left.total_fen,
        "recovered_fen": left.recovered_fen,
        "open_fen": left.open_fen,
        "buyer": left.buyer,
        "price_fen": left.price_fen,
        "price_paid_fen": left.paid_fen,
    }


VIEW = Flow(
    "view_loan", frozenset({"consumer", "servicing", "conduct", "audit"}), ViewLoan, _decide
)
