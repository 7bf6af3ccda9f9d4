"""Customers on the desk: masked, until somebody says why they must see more. Both are on record."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, StringConstraints

from sanshi.flows.desk_lists import MAX_OFFSET
from sanshi.flows.people import audited, read_person
from sanshi.flows.world import Actor, Command, Decided, Flow, Role, World
from sanshi.kernel.effects import Cell, Effects, Json
from sanshi.kernel.errors import InputError, NotFoundError
from sanshi.party.identity import (
    check_id_number,
    is_mobile,
    mask_id_number,
    mask_mobile,
    mask_name,
    normal_id_number,
    normal_mobile,
)
from sanshi.ports import Record, Search


class DeskCustomers(Command):
    """Which customers: `text` is a whole identity number, a whole mobile number, or their id."""

    text: Annotated[str, StringConstraints(max_length=80)] = ""
    descending: bool = True
    offset: Annotated[int, Field(ge=0, le=MAX_OFFSET)] = 0
    limit: Annotated[int, Field(ge=1, le=500)] = 50


class DeskCustomer(Command):
    """The customer to look at."""

    person_id: str


class UnmaskCustomer(DeskCustomer):
    """The customer whose data are needed in clear, and why; both stay on record."""

    reason: Annotated[str, StringConstraints(min_length=4, max_length=200, strip_whitespace=True)]


def _list(world: World, actor: Actor, command: DeskCustomers) -> Decided:
    wanted = _find(world, command.text.strip())
    if wanted is None:
        raise InputError(
            "list.text",
            "Customers are found by a whole number, not by a part of one.",
            field="text",
            fix="Give the whole identity number, mobile number or customer id.",
        )
    search = Search(
        table="person",
        where=wanted,
        known_in=("person_id", "application", {"entity": actor.entity}),
        order_by=("person_id",),
        newest_first=command.descending,
    )
    rows, total = world.store.search(search, command.offset, command.limit)
    shown: list[Json] = [_masked(world, actor, row) for row in rows]
    answer: dict[str, Json] = {"rows": shown, "total": total, "offset": command.offset}
    action = "find_customer" if wanted else "list_customers"
    subject = rows[0]["person_id"] if wanted and rows else f"customers · {len(rows)}"
    return Decided(answer, _seen(world, actor, action, subject, "masked"))


def _find(world: World, text: str) -> dict[str, Cell] | None:
    if not text:
        return {}
    if text.startswith("ps_"):
        return {"person_id": text}
    if check_id_number(text).valid:
        return {"id_number_blind": world.keys.blind("id_number", normal_id_number(text))}
    if is_mobile(text):
        return {"mobile_blind": world.keys.blind("mobile", normal_mobile(text))}
    return None


def _view(world: World, actor: Actor, command: DeskCustomer) -> Decided:
    row = _customer(world, actor, command.person_id)
    whose: dict[str, Cell] = {"person_id": command.person_id, "entity": actor.entity}
    consents = world.store.rows(
        "consent",
        {"person_id": command.person_id, "recipient": actor.entity},
        order_by=("consent_id",),
    )
    answer: dict[str, Json] = {
        **_masked(world, actor, row),
        "loan_ids": _ids(world, "loan", "loan_id", whose),
        "application_ids": _ids(world, "application", "application_id", whose),
        "consents": [
            {
                "consent_id": one["consent_id"],
                "purpose": one["purpose"],
                "withdrawn_on": one["withdrawn_on"].isoformat() if one["withdrawn_on"] else "",
            }
            for one in {row["purpose"]: row for row in consents}.values()  # the latest of each
        ],
    }
    return Decided(answer, _seen(world, actor, "view_customer", command.person_id, "masked"))


def _ids(world: World, table: str, key: str, whose: dict[str, Cell]) -> list[Json]:
    return [
        {"id": row[key], "stage": world.store.standing(row[key])[1]}
        for row in world.store.rows(table, whose, order_by=(key,), newest_first=True, limit=100)
    ]


def _unmask(world: World, actor: Actor, command: UnmaskCustomer) -> Decided:
    _customer(world, actor, command.person_id)
    person = read_person(world, command.person_id)
    answer = {
        "person_id": person.person_id,
        "full_name": person.full_name,
        "id_number": person.id_number,
        "mobile": person.mobile,
    }
    seen = _seen(world, actor, "unmask_customer", command.person_id, command.reason)
    return Decided(answer, seen)


def _customer(world: World, actor: Actor, person_id: str) -> Record:
    """Return a person who has dealt with the actor's institution; others do not exist for it."""
    row = world.store.row("person", person_id=person_id)
    applied = world.store.rows(
        "application", {"person_id": person_id, "entity": actor.entity}, limit=1
    )
    if row is None or not applied:
        raise NotFoundError("customer.unknown", "There is no such customer.", field="person_id")
    return row


def _masked(world: World, actor: Actor, row: Record) -> dict[str, Json]:
    person_id = row["person_id"]
    whose: dict[str, Cell] = {"person_id": person_id, "entity": actor.entity}
    counts: dict[str, Json] = {
        table: world.store.search(Search(table=table, where=whose, order_by=(key,)), 0, 1)[1]
        for table, key in (("loan", "loan_id"), ("application", "application_id"))
    }
    line: dict[str, Json] = {"person_id": person_id, **counts}
    if row["wrapped_key"] is None:
        return {**line, "erased": True, "full_name": "", "id_number": "", "mobile": ""}
    person = read_person(world, person_id)
    return {
        **line,
        "erased": False,
        "full_name": mask_name(person.full_name),
        "id_number": mask_id_number(person.id_number),
        "mobile": mask_mobile(person.mobile),
    }


def _seen(world: World, actor: Actor, action: str, subject: str, purpose: str) -> Effects:
    return audited(
        world, actor, entity=actor.entity, action=action, subject=subject, purpose=purpose
    )


_WHO: frozenset[Role] = frozenset({"risk", "servicing", "conduct"})
DESK_CUSTOMERS = Flow("desk_customers", _WHO, DeskCustomers, _list)
DESK_CUSTOMER = Flow("desk_customer", _WHO, DeskCustomer, _view)
UNMASK_CUSTOMER = Flow(
    "unmask_customer",
    _WHO,
    UnmaskCustomer,
    _unmask,
    frozenset({"full_name", "id_number", "mobile"}),
)
