"""Confirmation 阅读确认: what a person has read and signed before a contract, and the proof.

Online the text is shown, stays open for the lender's reading time and is confirmed. At a branch
the person also signs the printed cost table 综合融资成本明示表 in front of the lender's staff.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Literal

from sanshi.flows.papers import Paper, read_paper
from sanshi.flows.people import must_be_entity
from sanshi.flows.steps import standing, today
from sanshi.flows.world import Actor, Command, Decided, Flow, World
from sanshi.kernel.dates import utc_text
from sanshi.kernel.errors import ConflictError, ForbiddenError, NotFoundError
from sanshi.ports import Record

SIGNED_TABLE = "cost_table_signed"


class SignCostTable(Command):
    """A printed cost table that was signed before the contract, and who was there.

    The member of staff who records it has seen the person sign. `content_hash` is printed on the
    table: it is that of the contract's text, which holds the same table.
    """

    contract_id: str
    content_hash: str
    person_id: str
    seen_signing: Literal[True]


def _sign_table(world: World, actor: Actor, command: SignCostTable) -> Decided:
    row = world.store.row("contract", contract_id=command.contract_id)
    if row is None:
        raise NotFoundError("contract.unknown", "There is no such contract.", field="contract_id")
    must_be_entity(actor, row["entity"])
    if command.person_id != row["person_id"]:
        raise ForbiddenError(
            "contract.other_person", "Someone else takes this contract.", field="person_id"
        )
    paper = read_paper(world, row["document_id"])
    must_be_the_text(paper, command.content_hash)
    if _channel(paper) != "branch":
        raise ConflictError(
            "contract.not_at_a_branch",
            "This contract is taken online, where the person confirms what is shown.",
            field="contract_id",
        )
    if any(event.kind == SIGNED_TABLE for event in world.store.events(row["contract_id"])):
        raise ConflictError(
            "contract.cost_table_signed",
            "The cost table of this contract has been signed.",
            field="contract_id",
        )
    must_have_been_read(world, row, paper)
    step = today(
        world,
        standing(world, "contract", row["contract_id"], row["entity"]),
        SIGNED_TABLE,
        signed_at=utc_text(world.clock.now()),
        content_hash=command.content_hash,
        signed_by=row["person_id"],
        present=[row["person_id"], actor.actor_id],
        recorded_by={"actor": actor.actor_id, "role": actor.role},
    )
    return Decided({"contract_id": row["contract_id"], "cost_table_signed": True}, step)


def must_be_the_text(paper: Paper, content_hash: str) -> None:
    """Refuse what was done on another text than the one that was served."""
    if content_hash != paper.content_hash.hex():
        raise ConflictError(
            "contract.other_text",
            "The text confirmed is not the text that was served.",
            field="content_hash",
            fix="Open the contract again and confirm what is shown.",
        )


def must_have_been_read(world: World, contract: Record, paper: Paper) -> None:
    """Refuse a confirmation before the lender's reading time has passed."""
    if "reading_time" not in confirmed_steps(world, contract, paper):
        seconds = reading_seconds(world, contract)
        raise ConflictError(
            "contract.not_read",
            f"The text must have been open for {seconds} seconds before it can be confirmed.",
            field="confirmed",
            fix="Read it, then confirm. The time is the lender's own rule; the law names none.",
        )


def confirmed_steps(world: World, contract: Record, paper: Paper) -> frozenset[str]:
    """Return the steps before a contract that its events prove, up to this moment."""
    return frozenset(_steps(world, contract, paper))


def _steps(world: World, contract: Record, paper: Paper) -> Iterator[str]:
    events = world.store.events(contract["contract_id"])
    served = [event for event in events if event.kind == "served"]
    if not served:
        return
    if _channel(paper) == "online":
        yield "pop_up"
    long_enough = timedelta(seconds=reading_seconds(world, contract))
    # Instants are written in one form, so that the earlier text is the earlier time.
    if str(served[0].data["served_at"]) <= utc_text(world.clock.now() - long_enough):
        yield "reading_time"
    if any(event.kind == SIGNED_TABLE for event in events):
        yield "signed_before_contract"


def reading_seconds(world: World, contract: Record) -> int:
    """Return how long the lender wants its text to be open before it is confirmed."""
    return world.catalogue.lenders[contract["entity"]].house.reading_seconds


def _channel(paper: Paper) -> str:
    """Return where a contract is taken: online or at a branch, as its rules were told."""
    return str(paper.content["values"]["certificate"]["attributes"]["channel"])


SIGN_COST_TABLE = Flow(
    "sign_cost_table", frozenset({"product", "servicing"}), SignCostTable, _sign_table
)
