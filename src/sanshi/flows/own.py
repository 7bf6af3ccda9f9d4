"""What a person sees of their own affairs: quotes, applications, contracts and loans.

Each answer holds all that one page shows, read in one go, and nothing that is anybody else's.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from sanshi.flows.applying import still_stands
from sanshi.flows.asking import requests_of
from sanshi.flows.confirming import SIGNED_TABLE, reading_seconds
from sanshi.flows.deciding import STAGES
from sanshi.flows.loans import LoanFile, file_of, open_file
from sanshi.flows.papers import read_paper
from sanshi.flows.parts import part_of, seen_from
from sanshi.flows.people import audited, must_be_own, read_person
from sanshi.flows.sessions import link_of, session_row
from sanshi.flows.viewing import loan_seen
from sanshi.flows.world import Actor, Command, Decided, Flow, World
from sanshi.kernel.dates import utc_text
from sanshi.kernel.effects import Effects, Json
from sanshi.kernel.errors import NotFoundError
from sanshi.party.identity import mask_id_number, mask_mobile, mask_name
from sanshi.ports import Record

LOOKS = 50
"""How many of the latest looks at somebody's data, and contacts, they are shown."""
UNMASKED = "unmask_customer"


class OwnQuote(Command):
    """The quote that is meant."""

    quote_id: str


class OwnApplication(Command):
    """The application that is meant."""

    application_id: str


class OwnContract(Command):
    """The contract that is meant."""

    contract_id: str


class OwnLoan(Command):
    """The loan that is meant."""

    loan_id: str


def _quote(world: World, actor: Actor, command: OwnQuote) -> Decided:
    row = _row(world, actor, "quote", quote_id=command.quote_id)
    applied = world.store.rows("application", {"quote_id": command.quote_id})
    body = None if applied else read_paper(world, row["document_id"]).content
    answer: dict[str, Json] = {
        "application_id": applied[0]["application_id"] if applied else None,
        "session": _session(world, row["session_id"]),
        "merchant": row["merchant"],
        "stands": still_stands(world, row),
        "quote": body,
    }
    return Decided(answer)


def _application(world: World, actor: Actor, command: OwnApplication) -> Decided:
    row = _row(world, actor, "application", application_id=command.application_id)
    contracts = world.store.rows(
        "contract", {"application_id": row["application_id"]}, order_by=("contract_id",)
    )
    answer: dict[str, Json] = {
        "application_id": row["application_id"],
        "lender": row["entity"],
        "stage": world.store.standing(row["application_id"])[1],
        "asked": read_paper(world, row["document_id"]).content,
        "decided": _decided(world, row),
        "contracts": [_contract_json(world, one) for one in contracts],
        "session": _session(world, row["session_id"]),
    }
    return Decided(answer)


def _decided(world: World, row: Record) -> dict[str, Any] | None:
    """Return the last decision on an application as its person may see it; None: not yet."""
    rows = world.store.rows(
        "decision",
        {"application_id": row["application_id"]},
        order_by=("decision_id",),
        newest_first=True,
        limit=1,
    )
    if not rows:
        return None
    found = read_paper(world, rows[0]["document_id"]).content["result"]
    return {
        "outcome": STAGES[rows[0]["outcome"]],
        "document_id": rows[0]["document_id"],
        **{name: found[name] for name in ("reasons", "counter_offers", "approved_fen")},
    }


def _contract_json(world: World, row: Record) -> dict[str, Json]:
    loan = world.store.row("loan", contract_id=row["contract_id"])
    return {
        "contract_id": row["contract_id"],
        "sku": part_of(world, row),
        "stage": world.store.standing(row["contract_id"])[1],
        "loan_id": loan["loan_id"] if loan else None,
    }


def _contract(world: World, actor: Actor, command: OwnContract) -> Decided:
    row = _row(world, actor, "contract", contract_id=command.contract_id)
    application = world.store.row("application", application_id=row["application_id"])
    if application is None:
        raise NotFoundError("application.unknown", "There is no such application.")
    paper = read_paper(world, row["document_id"])
    asked = read_paper(world, application["document_id"]).content
    about = _contract_json(world, row)
    events = world.store.events(row["contract_id"])
    answer: dict[str, Json] = {
        **about,
        "application_id": row["application_id"],
        "html": paper.content["html"],
        "content_hash": paper.content_hash.hex(),
        "reading_seconds": reading_seconds(world, row),
        "table_signed": any(event.kind == SIGNED_TABLE for event in events),
        "asked": seen_from(asked, part_of(world, row)),
        "session": _session(world, application["session_id"]),
    }
    return Decided(answer)


def _loans(world: World, actor: Actor, _command: Command) -> Decided:
    rows = world.store.rows("loan", {"person_id": actor.person_id}, order_by=("loan_id",))
    loans = [_loan_json(world, file_of(world, row)) for row in rows]
    seen = Effects()
    for entity in sorted({row["entity"] for row in rows}):
        seen = seen + audited(
            world,
            actor,
            entity=entity,
            action="list_own_loans",
            subject=actor.person_id,
            purpose="own",
        )
    return Decided({"loans": loans}, seen)


def _loan(world: World, actor: Actor, command: OwnLoan) -> Decided:
    loan = open_file(world, command.loan_id)
    must_be_own(actor, loan.row["person_id"])
    seen = audited(
        world,
        actor,
        entity=loan.at.entity,
        action="view_loan",
        subject=command.loan_id,
        purpose="own",
    )
    return Decided(_loan_json(world, loan), seen)


def _loan_json(world: World, loan: LoanFile) -> dict[str, Json]:
    """Return a loan as it is today, and what its page shows around it."""
    row = loan.row
    contract = world.store.row("contract", contract_id=row["contract_id"])
    if contract is None:
        raise NotFoundError("contract.unknown", "There is no such contract.")
    payments = world.store.rows("payment", {"subject": loan.loan_id}, order_by=("payment_id",))
    return {
        "seen": loan_seen(world, loan, own=True),
        "about": {
            "entity": row["entity"],
            "merchant": row["merchant"],
            "terms": loan.on(world.clock.business_date()).terms.as_json(),
            "contract_id": row["contract_id"],
            "document_id": contract["document_id"],
            "sku": part_of(world, contract),
            "payments": [_payment_json(world, one) for one in payments],
            "session": _session(world, row["session_id"]),
        },
    }


def _payment_json(world: World, row: Record) -> dict[str, Json]:
    return {
        "purpose": row["purpose"],
        "amount_fen": row["amount_fen"],
        "ordered_on": row["ordered_on"].isoformat(),
        "stage": world.store.standing(row["payment_id"])[1],
    }


def _session(world: World, session_id: str | None) -> dict[str, Json] | None:
    """Return the checkout that something belongs to, so that its page can lead back there."""
    if session_id is None:
        return None
    row = session_row(world, session_id)
    return {
        "link": link_of(world, session_id),
        "merchant": row["entity"],
        "return_url": row["return_url"],
    }


def _row(world: World, actor: Actor, table: str, **key: str) -> Mapping[str, Any]:
    row = world.store.row(table, **key)
    if row is None:
        raise NotFoundError(f"{table}.unknown", f"There is no such {table}.", field=next(iter(key)))
    must_be_own(actor, row["person_id"])
    return row


def _data(world: World, actor: Actor, _command: Command) -> Decided:
    person = read_person(world, actor.person_id)
    day = world.clock.business_date()
    looks = world.store.rows(
        "audit",
        {"subject": actor.person_id},
        order_by=("audit_id",),
        newest_first=True,
        limit=LOOKS,
    )
    answer: dict[str, Json] = {
        "full_name": mask_name(person.full_name),
        "id_number": mask_id_number(person.id_number),
        "mobile": mask_mobile(person.mobile),
        "consents": [_consent_json(world, row, day) for row in _consents(world, actor)],
        "looks": [_look_json(row) for row in looks if row["role"] != "consumer"],
        "contacts": _contacts(world, actor),
    }
    return Decided(answer)


def _contacts(world: World, actor: Actor) -> list[Json]:
    """Return when this person was written to; so far one-time codes are all that anybody sends."""
    person = world.store.row("person", person_id=actor.person_id)
    if person is None or person["mobile_blind"] is None:
        return []
    where = {"mobile_blind": person["mobile_blind"]}
    codes = world.store.rows(
        "one_time_code", where, order_by=("sent_at",), newest_first=True, limit=LOOKS
    )
    return [{"at": utc_text(row["sent_at"]), "kind": "one_time_code"} for row in codes]


def _consents(world: World, actor: Actor) -> tuple[Record, ...]:
    where = {"person_id": actor.person_id}
    return world.store.rows("consent", where, order_by=("consent_id",), newest_first=True)


def _consent_json(world: World, row: Record, day: date) -> dict[str, Json]:
    content = read_paper(world, row["document_id"]).content
    withdrawn = row["withdrawn_on"]
    return {
        "consent_id": row["consent_id"],
        "document_id": row["document_id"],
        "purpose": row["purpose"],
        "recipient": row["recipient"],
        "granted_on": content["granted_on"],
        "expires_on": content["expires_on"],
        "withdrawn_on": withdrawn.isoformat() if withdrawn else None,
        "holds": withdrawn is None and date.fromisoformat(content["expires_on"]) >= day,
    }


def _look_json(row: Record) -> dict[str, Json]:
    """Return who looked, by institution and role: people of a desk are not named to the public."""
    return {
        "at": utc_text(row["at"]),
        "entity": row["entity"],
        "role": row["role"],
        "action": row["action"],
        "purpose": row["purpose"] if row["action"] == UNMASKED else "",
    }


def _requests(world: World, actor: Actor, _command: Command) -> Decided:
    loans = world.store.rows("loan", {"person_id": actor.person_id}, order_by=("loan_id",))
    applications = world.store.rows("application", {"person_id": actor.person_id})
    lenders = dict.fromkeys(row["entity"] for row in (*loans, *applications))
    asked: list[Json] = [dict(one) for one in requests_of(world, actor.person_id)]
    return Decided({"requests": asked, "lenders": list(lenders)})


OWN_QUOTE = Flow("see_own_quote", frozenset({"consumer"}), OwnQuote, _quote)
OWN_APPLICATION = Flow("see_own_application", frozenset({"consumer"}), OwnApplication, _application)
OWN_CONTRACT = Flow("see_own_contract", frozenset({"consumer"}), OwnContract, _contract)
OWN_LOANS = Flow("see_own_loans", frozenset({"consumer"}), Command, _loans)
OWN_DATA = Flow("see_own_data", frozenset({"consumer"}), Command, _data)
OWN_REQUESTS = Flow("see_own_requests", frozenset({"consumer"}), Command, _requests)
OWN_LOAN = Flow("see_own_loan", frozenset({"consumer"}), OwnLoan, _loan)
