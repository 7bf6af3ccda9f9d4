"""Maker–checker 双人复核: one person proposes, another of the same institution approves or rejects.

The proposed flow is tried when it is proposed and decided again when it is approved; its effects
are applied together with the approval, so that neither stands alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated, Any

from pydantic import StringConstraints

from sanshi.flows.api_keys import ISSUE_KEY, REVOKE_KEY, STAFF
from sanshi.flows.cases import CLOSE_CASE
from sanshi.flows.changing import CHANGE_LOAN
from sanshi.flows.perform import read_command
from sanshi.flows.staff import ADD_ACCOUNT, DISABLE_ACCOUNT, RESET_PASSWORD
from sanshi.flows.steps import new, standing, today
from sanshi.flows.transferring import RECORD_PRICE, TRANSFER
from sanshi.flows.world import Actor, Command, Decided, Flow, Role, World
from sanshi.flows.writing_off import WRITE_OFF
from sanshi.kernel.effects import Cell, Effects, Insert, Json
from sanshi.kernel.errors import ConflictError, ForbiddenError, InputError, NotFoundError
from sanshi.ports import Record

OPEN_DAYS = 5
"""How many days a proposal waits; counted from the business date it was made on."""

Text = Annotated[str, StringConstraints(min_length=1, max_length=500, strip_whitespace=True)]


@dataclass(frozen=True, slots=True)
class Proposable:
    """A flow that takes two people: who may propose or check it, and what it is about."""

    flow: Flow[Any]
    roles: frozenset[Role]
    subject: str


PROPOSABLE: Mapping[str, Proposable] = {
    one.flow.name: one
    for one in (
        Proposable(CLOSE_CASE, frozenset({"servicing", "conduct"}), "case_id"),
        Proposable(CHANGE_LOAN, frozenset({"servicing"}), "loan_id"),
        Proposable(WRITE_OFF, frozenset({"servicing"}), "loan_id"),
        Proposable(TRANSFER, frozenset({"servicing"}), "loan_id"),
        Proposable(RECORD_PRICE, frozenset({"servicing"}), "loan_id"),
        Proposable(ADD_ACCOUNT, frozenset({"admin"}), "user_name"),
        Proposable(DISABLE_ACCOUNT, frozenset({"admin"}), "account_id"),
        Proposable(RESET_PASSWORD, frozenset({"admin"}), "account_id"),
        Proposable(ISSUE_KEY, frozenset({"admin"}), "label"),
        Proposable(REVOKE_KEY, frozenset({"admin"}), "key_id"),
    )
}


class Propose(Command):
    """The flow that is wanted, what it takes, and why."""

    what: str
    request: dict[str, Any]
    reason: Text


class Check(Command):
    """The proposal that was looked at, and why it is approved or rejected."""

    proposal_id: str
    reason: Text


class OneProposal(Command):
    """The proposal that is meant."""

    proposal_id: str


def _propose(world: World, actor: Actor, command: Propose) -> Decided:
    wanted = _proposable(actor, command.what)
    inner = read_command(wanted.flow, command.request)
    wanted.flow.decide(world, actor, inner)  # nobody's time is taken for what cannot be done
    subject = str(command.request[wanted.subject])
    about = {"entity": actor.entity, "flow": command.what, "subject": subject}
    waiting = world.store.in_stage("proposal", "proposal_id", ("open",), about)
    day = world.clock.business_date()
    if any(row["expires_on"] >= day for row in waiting):
        raise ConflictError(
            "proposal.waiting",
            "This has been proposed already and waits to be checked.",
            field="request",
            fix=f"Have {waiting[0]['proposal_id']} approved or withdrawn first.",
        )
    proposal_id = world.ids.new("pr")
    expires_on = day + timedelta(days=OPEN_DAYS)
    row: dict[str, Cell] = {
        "proposal_id": proposal_id,
        **about,
        "request": dict(command.request),
        "reason": command.reason,
        "maker": actor.actor_id,
        "maker_role": actor.role,
        "made_on": day,
        "expires_on": expires_on,
    }
    step = today(world, new("proposal", proposal_id, actor.entity), "proposed", by=actor.actor_id)
    answer = {"proposal_id": proposal_id, "expires_on": expires_on.isoformat()}
    return Decided(answer, step + Effects(rows=(Insert("proposal", row),)))


def _approve(world: World, actor: Actor, command: Check) -> Decided:
    row = _to_check(world, actor, command.proposal_id)
    if row["expires_on"] < world.clock.business_date():
        raise ConflictError(
            "proposal.expired",
            f"This proposal could be approved until {row['expires_on']}.",
            field="proposal_id",
            fix="Propose it again.",
        )
    flow = PROPOSABLE[row["flow"]].flow
    maker = Actor(row["maker"], row["maker_role"], row["entity"])
    done = flow.decide(world, maker, read_command(flow, row["request"]))
    step = _step(world, row, "approved", by=actor.actor_id, reason=command.reason)
    answer: dict[str, Json] = {
        "proposal_id": row["proposal_id"],
        "stage": "approved",
        "flow": row["flow"],
        "answer": dict(done.answer),
    }
    return Decided(answer, step + done.effects)


def _reject(world: World, actor: Actor, command: Check) -> Decided:
    row = _to_check(world, actor, command.proposal_id)
    step = _step(world, row, "rejected", by=actor.actor_id, reason=command.reason)
    return Decided({"proposal_id": row["proposal_id"], "stage": "rejected"}, step)


def _withdraw(world: World, actor: Actor, command: OneProposal) -> Decided:
    row = proposal_of(world, actor, command.proposal_id)
    if row["maker"] != actor.actor_id:
        raise ForbiddenError(
            "proposal.not_yours", "Only who made a proposal withdraws it.", field="proposal_id"
        )
    step = _step(world, row, "withdrawn", by=actor.actor_id)
    return Decided({"proposal_id": row["proposal_id"], "stage": "withdrawn"}, step)


def _expire(world: World, _actor: Actor, command: OneProposal) -> Decided:
    row = world.store.row("proposal", proposal_id=command.proposal_id)
    if row is None:
        raise _unknown()
    if row["expires_on"] >= world.clock.business_date():
        raise ConflictError(
            "proposal.not_over",
            f"This proposal can be approved until {row['expires_on']}.",
            field="proposal_id",
        )
    return Decided({"stage": "expired"}, _step(world, row, "expired"))


def _to_check(world: World, actor: Actor, proposal_id: str) -> Record:
    row = proposal_of(world, actor, proposal_id)
    if row["maker"] == actor.actor_id:
        raise ForbiddenError(
            "proposal.own",
            "Nobody checks what they have proposed themselves.",
            field="proposal_id",
            fix="Ask a colleague who may check it.",
        )
    _proposable(actor, row["flow"])
    return row


def proposal_of(world: World, actor: Actor, proposal_id: str) -> Record:
    """Return a proposal of the actor's institution; another's does not exist for them."""
    row = world.store.row("proposal", proposal_id=proposal_id)
    if row is None or row["entity"] != actor.entity:
        raise _unknown()
    return row


def _proposable(actor: Actor, flow: str) -> Proposable:
    wanted = PROPOSABLE.get(flow)
    if wanted is None:
        raise InputError(
            "proposal.flow",
            f"{flow!r} is nothing that is proposed.",
            field="what",
            fix=f"Use one of: {', '.join(sorted(PROPOSABLE))}.",
        )
    if actor.role not in wanted.roles:
        raise ForbiddenError(
            "access.role",
            f"Role {actor.role} may neither propose nor check this.",
            field="role",
            fix=f"It takes one of: {', '.join(sorted(wanted.roles))}.",
        )
    return wanted


def _step(world: World, row: Record, event: str, **data: Json) -> Effects:
    return today(
        world, standing(world, "proposal", row["proposal_id"], row["entity"]), event, **data
    )


def _unknown() -> NotFoundError:
    return NotFoundError("proposal.unknown", "There is no such proposal.", field="proposal_id")


def late(world: World) -> tuple[str, ...]:
    """Return the proposals that nobody checked in time, for the sweep to let lapse."""
    day = world.clock.business_date()
    rows = world.store.in_stage("proposal", "proposal_id", ("open",), {})
    return tuple(row["proposal_id"] for row in rows if row["expires_on"] < day)


PROPOSE = Flow("propose", STAFF, Propose, _propose)
APPROVE = Flow("approve_proposal", STAFF, Check, _approve, frozenset({"answer"}))
REJECT = Flow("reject_proposal", STAFF, Check, _reject)
WITHDRAW_PROPOSAL = Flow("withdraw_proposal", STAFF, OneProposal, _withdraw)
EXPIRE_PROPOSAL = Flow("expire_proposal", frozenset({"system"}), OneProposal, _expire)
