"""Grant and withdraw consent 授权与撤回: unticked, purpose-bound, dated, with a receipt."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Literal

from pydantic import Field

from sanshi.consent.grants import Grant, purpose_named
from sanshi.flows.papers import file_paper, read_paper
from sanshi.flows.people import must_be_own, read_person
from sanshi.flows.steps import new, standing, today
from sanshi.flows.world import Actor, Command, Decided, Flow, World
from sanshi.kernel.effects import Effects, Insert, Update
from sanshi.kernel.errors import InputError, NotFoundError


class GrantConsent(Command):
    """One purpose for one recipient. `ticked` must be sent as true: it is never assumed."""

    person_id: str
    purpose: str
    recipient: str
    ticked: Literal[True]
    days: Annotated[int, Field(ge=1, le=365)] = 30


class WithdrawConsent(Command):
    """The consent to end. It ends today; what was lawfully done before stays lawful."""

    consent_id: str


def _grant(world: World, actor: Actor, command: GrantConsent) -> Decided:
    must_be_own(actor, command.person_id)
    purpose = purpose_named(command.purpose)
    if command.recipient not in world.catalogue.lenders:
        raise InputError(
            "consent.recipient",
            f"{command.recipient!r} is not a lender here.",
            field="recipient",
            fix="Name the lender that will use the data; consent is given to a named recipient.",
        )
    person = read_person(world, command.person_id)
    day = world.clock.business_date()
    grant = Grant(
        consent_id=world.ids.new("cn"),
        person_id=command.person_id,
        purpose=purpose.code,
        recipient=command.recipient,
        fields=purpose.fields,
        granted_on=day,
        expires_on=day + timedelta(days=command.days),
    )
    paper = file_paper(
        world,
        entity=command.recipient,
        person_id=person.person_id,
        wrapped_key=person.wrapped_key,
        kind="consent",
        subject=grant.consent_id,
        content={**grant.as_json(), "text": {"zh": purpose.zh, "en": purpose.en}},
    )
    row = Insert(
        "consent",
        {
            "consent_id": grant.consent_id,
            "person_id": grant.person_id,
            "purpose": grant.purpose,
            "recipient": grant.recipient,
            "document_id": paper.document_id,
            "withdrawn_on": None,
        },
    )
    step = today(world, new("consent", grant.consent_id, command.recipient), "granted")
    answer = {"consent_id": grant.consent_id, "expires_on": grant.expires_on.isoformat()}
    return Decided(answer, step + paper.effects + Effects(rows=(row,)))


def _withdraw(world: World, actor: Actor, command: WithdrawConsent) -> Decided:
    row = world.store.row("consent", consent_id=command.consent_id)
    if row is None:
        raise NotFoundError("consent.unknown", "There is no such consent.", field="consent_id")
    must_be_own(actor, row["person_id"])
    day = world.clock.business_date()
    step = today(
        world, standing(world, "consent", command.consent_id, row["recipient"]), "withdrawn"
    )
    update = Update("consent", {"consent_id": command.consent_id}, {"withdrawn_on": day})
    return Decided({"withdrawn_on": day.isoformat()}, step + Effects(rows=(update,)))


def grants_of(world: World, person_id: str) -> tuple[Grant, ...]:
    """Return every grant of a person, withdrawn ones too."""
    grants = []
    for row in world.store.rows("consent", {"person_id": person_id}, order_by=("consent_id",)):
        content = dict(read_paper(world, row["document_id"]).content)
        withdrawn = row["withdrawn_on"]
        content["withdrawn_on"] = withdrawn.isoformat() if withdrawn else None
        grants.append(Grant.from_json(content))
    return tuple(grants)


GRANT = Flow("grant_consent", frozenset({"consumer"}), GrantConsent, _grant)
WITHDRAW = Flow("withdraw_consent", frozenset({"consumer"}), WithdrawConsent, _withdraw)
