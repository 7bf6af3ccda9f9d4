"""Apply for a plan 申请: the quote is accepted while it stands, once."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field

from sanshi.flows.certify_again import Moment, certified_again
from sanshi.flows.papers import file_paper, read_paper
from sanshi.flows.parts import views
from sanshi.flows.people import must_be_own, read_person
from sanshi.flows.quoting import MAX_ALSO
from sanshi.flows.sessions import applied_in
from sanshi.flows.steps import new, standing, today
from sanshi.flows.world import Actor, Command, Decided, Flow, World
from sanshi.kernel.effects import Effects, Insert
from sanshi.kernel.errors import ConflictError, InputError, NotFoundError
from sanshi.ports import Record


class ApplyForPlan(Command):
    """The plan chosen from a quote, by its key, and what the form asks beyond the quote.

    `also` is sku → plan key for each further thing that is to be bought on credit; a thing that
    is left out, the first one too, is paid in full or not bought. All plans come from one lender,
    who decides once.
    `device` is the channel's id of the device in use; it is stored only as a keyed digest.
    """

    quote_id: str
    plan_key: str | None = None
    also: dict[str, str] = Field(default_factory=dict, max_length=MAX_ALSO)
    job_months: Annotated[int, Field(ge=0, le=720)] | None = None
    device: str | None = None
    device_tampered: bool | None = None


def _decide(world: World, actor: Actor, command: ApplyForPlan) -> Decided:
    row, body = open_quote(world, actor, command.quote_id)
    person = read_person(world, row["person_id"])
    application_id = world.ids.new("ap")
    application = {"application_id": application_id, "person_id": person.person_id}
    parts = _together(world, application, body, _chosen(body, command))
    plan = parts[0]["plan"]
    paper = file_paper(
        world,
        entity=plan["lender"],
        person_id=person.person_id,
        wrapped_key=person.wrapped_key,
        kind="application",
        subject=application_id,
        content={
            "application_id": application_id,
            "quote_id": command.quote_id,
            **parts[0],
            "merchant": body["merchant"],
            "quoted_on": body["quoted_on"],
            "also": parts[1:],
            "declared": body["asked"]
            | command.model_dump(include={"job_months", "device", "device_tampered"}),
        },
        evidenced=False,
    )
    entry = Insert(
        "application",
        {
            "application_id": application_id,
            "entity": plan["lender"],
            "person_id": person.person_id,
            "quote_id": command.quote_id,
            "plan_key": plan["key"],
            "applied_on": world.clock.business_date(),
            "device": world.keys.blind("device", command.device) if command.device else None,
            "document_id": paper.document_id,
            "session_id": row["session_id"],
        },
    )
    quote = standing(world, "quote", command.quote_id, "platform")
    accepted = today(world, quote, "accepted", plan_key=plan["key"], also=command.also)
    applied = today(world, new("application", application_id, plan["lender"]), "applied")
    session = applied_in(world, row["session_id"], person.person_id, application_id)
    return Decided(
        {"application_id": application_id},
        accepted + applied + session + paper.effects + Effects(rows=(entry,)),
    )


def open_quote(world: World, actor: Actor, quote_id: str) -> tuple[Record, dict[str, Any]]:
    """Return a quote that still stands, for the person it was made for."""
    row = world.store.row("quote", quote_id=quote_id)
    if row is None:
        raise NotFoundError("quote.unknown", f"There is no quote {quote_id}.", field="quote_id")
    must_be_own(actor, row["person_id"])
    if not still_stands(world, row):
        raise ConflictError(
            "quote.expired",
            "This quote no longer stands: its time is over, or prices or rules have changed.",
            field="quote_id",
            fix="Ask for a new quote; it takes a second and costs nothing.",
        )
    body: dict[str, Any] = read_paper(world, row["document_id"]).content
    return row, body


def still_stands(world: World, row: Record) -> bool:
    """Say whether a quote stands: its time is not over, and prices and rules are as they were."""
    in_time = world.clock.now() < row["expires_at"]
    same_day = row["quoted_on"] == world.clock.business_date()
    return bool(in_time and same_day and row["pack_hash"] == world.catalogue.pack_hash)


def _chosen(body: dict[str, Any], command: ApplyForPlan) -> list[dict[str, Any]]:
    """Return the chosen plans, the first thing's first, all of one lender."""
    quotes = {quote["sku"]: quote for quote in body["also"]}
    unknown = sorted(command.also.keys() - quotes.keys())
    if unknown:
        raise InputError(
            "application.part",
            f"This quote holds nothing else called {unknown[0]!r}.",
            field="also",
            fix=f"Quoted beside the first: {', '.join(quotes) or 'nothing'}.",
        )
    parts = []
    if command.plan_key is not None:
        parts.append({"sku": body["sku"], "plan": plan_in(body, command.plan_key)})
    for sku, key in command.also.items():
        parts.append({"sku": sku, "plan": plan_in(quotes[sku], key, f"also.{sku}")})
    if not parts:
        raise InputError(
            "application.nothing",
            "No plan was chosen.",
            field="plan_key",
            fix="Name the plan for one of the things at least; paying in full needs none.",
        )
    lenders = sorted({part["plan"]["lender"] for part in parts})
    if len(lenders) > 1:
        raise InputError(
            "application.lenders_mixed",
            f"These plans come from {' and '.join(lenders)}; one lender decides on all together.",
            field="also",
            fix="Choose plans of one lender, or ask for a quote for each thing.",
        )
    return parts


def _together(
    world: World, application: Record, body: dict[str, Any], parts: list[dict[str, Any]]
) -> list[dict[str, Any]]:
    """Certify plans beside each other, with exact sums; refuse what is not lawful together."""
    if len(parts) == 1:
        return parts
    declared = {"declared": body["asked"], "quoted_on": body["quoted_on"]}
    certified = []
    for view in views({**declared, **parts[0], "also": parts[1:]}):
        certificate = certified_again(world, application, view, Moment("quote"))
        for failure in certificate.failures:
            title = failure.active.rule.en
            raise ConflictError(
                "application.not_together",
                f"{view['sku']} may not be lent for beside the others: {title} "
                f"({failure.rule_id}).",
                field="also",
                fix="Choose smaller plans, or pay for one of the things in full.",
            )
        plan = {**view["plan"], "certificate": certificate.as_json()}
        certified.append({"sku": view["sku"], "plan": plan})
    return certified


def plan_in(body: dict[str, Any], key: str, field: str = "plan_key") -> dict[str, Any]:
    """Return a plan of a quote."""
    for plan in body["plans"]:
        if plan["key"] == key:
            found: dict[str, Any] = plan
            return found
    raise InputError(
        "quote.plan",
        f"The quote for {body['sku']} has no plan {key!r}.",
        field=field,
        fix=f"Choose one of: {', '.join(plan['key'] for plan in body['plans']) or 'none offered'}.",
    )


APPLY = Flow("apply_for_plan", frozenset({"consumer"}), ApplyForPlan, _decide)
