"""Write off 核销: two people take a loan out of the books that will hardly be paid.

All that is owed is called in and leaves the books against the allowance. It is still owed
账销案存: nothing more is earned on it, nobody is debited for it unasked, and what its customer
pays or the desk collects is a recovery (see `recovering`).
"""

from __future__ import annotations

from dataclasses import replace

from sanshi.flows.leaving import Text, leave, must_run, nothing_under_way, sums, told
from sanshi.flows.loans import booked, open_file
from sanshi.flows.world import Actor, Command, Decided, Flow, World
from sanshi.kernel.effects import Json

PAPER = "write_off"
"""Kind of the paper that says what was written off; its subject is the loan."""


class WriteOffLoan(Command):
    """Which loan, why, and the papers that show it: a ruling, a report, a number of minutes."""

    loan_id: str
    reason: Text
    evidence: Text


def _decide(world: World, actor: Actor, command: WriteOffLoan) -> Decided:
    loan = open_file(world, command.loan_id)
    must_run(actor, loan)
    free = nothing_under_way(world, loan)
    why = {"by": actor.actor_id, "reason": command.reason, "evidence": command.evidence}
    event, left = leave(world, loan, "written_off", dict(why))
    on: dict[str, Json] = {"written_off_on": left.on.isoformat(), **sums(left)}
    paper = told(world, loan, PAPER, on)
    data = {**event.data, **sums(left), "document_id": paper.document_id}
    answer: dict[str, Json] = {
        "loan_id": loan.loan_id,
        "version": event.version,
        "stage": event.stage,
        "document_id": paper.document_id,
        **on,
    }
    return Decided(answer, booked(world, loan, (replace(event, data=data),)) + paper.effects + free)


WRITE_OFF = Flow("write_off_loan", frozenset({"servicing"}), WriteOffLoan, _decide)
