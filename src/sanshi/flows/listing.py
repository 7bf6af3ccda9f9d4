"""Lists, newest first: ids sort by time, so the last id of a page leads to the next."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Annotated

from pydantic import Field

from sanshi.flows.authorizations import seen as authorization
from sanshi.flows.loans import file_of
from sanshi.flows.sessions import seen as session
from sanshi.flows.webhooks import endpoint_json, notice_json
from sanshi.flows.world import Actor, Command, Decided, Flow, Role, World
from sanshi.kernel.effects import Cell, Json
from sanshi.kernel.errors import InputError
from sanshi.kernel.ids import check_id
from sanshi.ports import Record

MAX_LIMIT = 100


class Listing(Command):
    """How many to list, and the last id of the page before."""

    after: str | None = None
    limit: Annotated[int, Field(ge=1, le=MAX_LIMIT)] = 20


class SessionListing(Listing):
    """The same; `reference` finds the sessions of one order."""

    reference: str | None = None


@dataclass(frozen=True, slots=True)
class Kind:
    """What is listed: its table, its id, the column that says whose it is, and how it is shown."""

    table: str
    id_column: str
    prefix: str
    owner: str
    shown: Callable[[World, Record], Mapping[str, Json]]


def listed(
    name: str,
    kind: Kind,
    roles: frozenset[Role] = frozenset({"merchant"}),
    command_type: type[Listing] = Listing,
) -> Flow[Listing]:
    """Return the flow that lists one kind of thing."""

    def decide(world: World, actor: Actor, command: Listing) -> Decided:
        after = {}
        if command.after is not None:
            after = {kind.id_column: _cursor(command.after, kind.prefix)}
        rows = world.store.rows(
            kind.table,
            {kind.owner: actor.entity, **_wanted(command)},
            order_by=(kind.id_column,),
            after=after,
            limit=command.limit + 1,
            newest_first=True,
        )
        page = rows[: command.limit]
        more = page[-1][kind.id_column] if len(rows) > command.limit else None
        return Decided({"data": [kind.shown(world, row) for row in page], "next": more})

    return Flow(name, roles, command_type, decide)


def _wanted(command: Listing) -> dict[str, Cell]:
    """Return the columns that were asked for by value."""
    beyond = command.model_dump(exclude=set(Listing.model_fields), exclude_none=True)
    return dict(beyond)


def _cursor(text: str, prefix: str) -> str:
    try:
        return check_id(text, prefix, "after")
    except InputError as error:
        raise InputError(
            "list.cursor",
            "This is not the end of a page.",
            field="after",
            fix="Send the `next` of the page before, or leave it out for the first page.",
        ) from error


LIST_SESSIONS = listed(
    "list_sessions",
    Kind("checkout_session", "session_id", "se", "entity", session),
    command_type=SessionListing,
)
LIST_AUTHORIZATIONS = listed(
    "list_authorizations",
    Kind("loan", "loan_id", "ln", "merchant", lambda w, row: authorization(w, file_of(w, row))),
)
LIST_NOTICES = listed(
    "list_notices", Kind("notice", "notice_id", "nt", "entity", lambda _, row: notice_json(row))
)
LIST_ENDPOINTS = listed(
    "list_webhook_endpoints",
    Kind("webhook_endpoint", "endpoint_id", "we", "entity", lambda _, row: endpoint_json(row)),
)


def _loan(world: World, row: Record) -> Mapping[str, Json]:
    terms = row["terms"]
    return {
        "loan_id": row["loan_id"],
        "stage": world.store.standing(row["loan_id"])[1],
        "contract_id": row["contract_id"],
        "merchant": row["merchant"],
        "session_id": row["session_id"],
        "principal_fen": terms["principal_fen"],
        "term_months": terms["term_months"],
    }


def _application(world: World, row: Record) -> Mapping[str, Json]:
    return {
        "application_id": row["application_id"],
        "stage": world.store.standing(row["application_id"])[1],
        "applied_on": row["applied_on"].isoformat(),
        "plan_key": row["plan_key"],
    }


def _case(world: World, row: Record) -> Mapping[str, Json]:
    return {
        "case_id": row["case_id"],
        "stage": world.store.standing(row["case_id"])[1],
        "kind": row["kind"],
        "subject": row["subject"],
        "opened_on": row["opened_on"].isoformat(),
        "details": row["body"],
    }


LIST_LOANS = listed(
    "list_loans",
    Kind("loan", "loan_id", "ln", "entity", _loan),
    frozenset({"servicing", "conduct", "audit"}),
)
LIST_APPLICATIONS = listed(
    "list_applications",
    Kind("application", "application_id", "ap", "entity", _application),
    frozenset({"risk"}),
)
LIST_CASES = listed(
    "list_cases",
    Kind("work_case", "case_id", "cs", "entity", _case),
    frozenset({"servicing", "conduct"}),
)
