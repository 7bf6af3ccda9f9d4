"""One loan on the desk: figures, schedule, events, postings, payments, cases, and how it came."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from sanshi.flows.accruals import entries_of
from sanshi.flows.desk_rows import case_row, payment_row, posting_seen
from sanshi.flows.loans import file_of
from sanshi.flows.papers import read_paper
from sanshi.flows.people import audited
from sanshi.flows.viewing import loan_seen
from sanshi.flows.world import Actor, Command, Decided, Flow, Role, World
from sanshi.kernel.effects import Cell, Effects, Json
from sanshi.kernel.errors import NotFoundError
from sanshi.ports import Record, Search

MOST_ROWS = 500


class DeskLoan(Command):
    """The loan to look at."""

    loan_id: str


class DeskContract(Command):
    """The contract whose text is wanted."""

    contract_id: str


def _contract(world: World, actor: Actor, command: DeskContract) -> Decided:
    row = own_row(world, actor, "contract", "contract_id", command.contract_id)
    paper = read_paper(world, row["document_id"])
    seen = audited(
        world,
        actor,
        entity=actor.entity,
        action="view_contract",
        subject=command.contract_id,
        purpose=actor.role,
    )
    answer = {"html": paper.content["html"], "content_hash": paper.content_hash.hex()}
    return Decided(answer, seen)


def _decide(world: World, actor: Actor, command: DeskLoan) -> Decided:
    row = own_row(world, actor, "loan", "loan_id", command.loan_id)
    loan = file_of(world, row)
    payments = staged_rows(world, "payment", "payment_id", {"subject": loan.loan_id})
    sources = (loan.loan_id, *(one["payment_id"] for one in payments))
    answer: dict[str, Json] = {
        **loan_seen(world, loan),
        "contract_id": row["contract_id"],
        "merchant": row["merchant"],
        "person_id": row["person_id"],
        "terms": loan.on(world.clock.business_date()).terms.as_json(),
        "way": _way(world, row),
        "payments": [payment_row(world, actor, one) for one in payments],
        "postings": postings_of(world, actor, sources),
        "cases": [
            case_row(world, actor, one)
            for source in sources
            for one in staged_rows(world, "work_case", "case_id", {"subject": source})
        ],
    }
    return Decided(answer, looked_at(world, actor, loan.loan_id))


def looked_at(world: World, actor: Actor, loan_id: str) -> Effects:
    """Put on record that somebody of the institution looked at a loan."""
    return audited(
        world,
        actor,
        entity=actor.entity,
        action="view_loan",
        subject=loan_id,
        purpose=actor.role,
    )


def own_row(world: World, actor: Actor, table: str, key: str, value: str) -> Record:
    """Return a row of the actor's institution; another's does not exist for them."""
    row = world.store.row(table, **{key: value})
    if row is None or row["entity"] != actor.entity:
        what = key.removesuffix("_id").replace("_", " ")
        raise NotFoundError(f"{what}.unknown", f"There is no such {what}.", field=key)
    return row


def staged_rows(
    world: World, table: str, key: str, where: Mapping[str, Cell]
) -> tuple[Record, ...]:
    """Return rows with the stages they stand in, oldest first."""
    found, _ = world.store.search(
        Search(table=table, stream=key, where=where, order_by=(key,)), 0, MOST_ROWS
    )
    return found


def postings_of(world: World, actor: Actor, sources: tuple[str, ...]) -> list[Json]:
    """Return what was booked of these sources in the actor's books, by day."""
    found = [
        one for source in sources for one in entries_of(world, source) if one.entity == actor.entity
    ]
    return [posting_seen(one) for one in sorted(found, key=lambda one: one.booking_date)]


def _way(world: World, row: Record) -> dict[str, Json]:
    """Return how a loan came to be: the days, by the stops of the life rail."""
    contract = world.store.row("contract", contract_id=row["contract_id"])
    if contract is None:
        return {}
    application_id = contract["application_id"]
    application = world.store.row("application", application_id=application_id)
    quote = application and world.store.row("quote", quote_id=application["quote_id"])
    decisions = world.store.rows(
        "decision", {"application_id": application_id}, order_by=("decision_id",)
    )
    consents = world.store.rows(
        "consent", {"person_id": row["person_id"], "recipient": row["entity"]}
    )
    return {
        "application_id": application_id,
        "quoted_on": _iso(quote["quoted_on"]) if quote else "",
        "applied_on": _iso(application["applied_on"]) if application else "",
        "consents": len({one["purpose"] for one in consents if one["withdrawn_on"] is None}),
        "decision_id": decisions[-1]["decision_id"] if decisions else "",
        "decided_on": _event_day(world, application_id, "decided"),
        "signed_on": _event_day(world, row["contract_id"], "signed"),
    }


def _event_day(world: World, stream: str, kind: str) -> str:
    days = [event.value_date for event in world.store.events(stream) if event.kind == kind]
    return _iso(days[-1]) if days else ""


def _iso(day: date) -> str:
    return day.isoformat()


_WHO: frozenset[Role] = frozenset({"servicing", "conduct", "audit"})
DESK_LOAN = Flow("desk_loan", _WHO, DeskLoan, _decide)
DESK_CONTRACT = Flow("desk_contract", _WHO, DeskContract, _contract)
