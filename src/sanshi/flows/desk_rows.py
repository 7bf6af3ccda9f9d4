"""Rows of the desk's lists: what is said of each thing in a line."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, fields

from sanshi.flows.loans import file_of
from sanshi.flows.proposals import PROPOSABLE
from sanshi.flows.world import Actor, World
from sanshi.kernel.effects import Json, Posting
from sanshi.kernel.errors import SanshiError
from sanshi.ports import Record

Line = Mapping[str, Json]


def application_row(world: World, _actor: Actor, row: Record) -> Line:
    """An application: what was asked for and where it stands."""
    product, months, method = row["plan_key"].split(".")
    decision = world.store.rows(
        "decision",
        {"application_id": row["application_id"]},
        order_by=("decision_id",),
        limit=1,
        newest_first=True,
    )
    return {
        "application_id": row["application_id"],
        "stage": row["stage"],
        "applied_on": row["applied_on"].isoformat(),
        "product": product,
        "term_months": int(months),
        "method": method,
        "person_id": row["person_id"],
        "decision_id": decision[0]["decision_id"] if decision else "",
    }


def loan_row(world: World, _actor: Actor, row: Record) -> Line:
    """A loan: its terms, and its figures today. One that cannot be worked out says so."""
    terms, day = row["terms"], world.clock.business_date()
    line = {
        "loan_id": row["loan_id"],
        "stage": row["stage"],
        "merchant": row["merchant"],
        "person_id": row["person_id"],
        "principal_fen": terms["principal_fen"],
        "term_months": terms["term_months"],
        "rate_ppm": terms["rate_ppm"],
    }
    try:
        state = file_of(world, row).on(day)
    except SanshiError as error:
        return {**line, "fault": error.code}
    ahead = [one.due_date for one in state.ahead[:1]]
    return {
        **line,
        "term_months": state.terms.term_months,
        "rate_ppm": state.terms.rate_ppm,
        "fault": "",
        "outstanding_fen": state.outstanding_fen,
        "due_fen": max(state.due_fen - state.credit_fen, 0),
        "days_past_due": state.days_past_due,
        "next_due": ahead[0].isoformat() if ahead else "",
        "disbursed_on": state.disbursed_on.isoformat() if state.disbursed_on else "",
    }


def case_row(world: World, _actor: Actor, row: Record) -> Line:
    """A case: what it is about, how long it has waited, and by when the law wants an answer."""
    due = row["body"].get("due_date") or ""
    today = world.clock.business_date().isoformat()
    return {
        "due_date": due,
        "late": bool(due) and due < today and row["stage"] == "open",
        "case_id": row["case_id"],
        "stage": row["stage"],
        "kind": row["kind"],
        "subject": row["subject"],
        "opened_on": row["opened_on"].isoformat(),
        "age_days": (world.clock.business_date() - row["opened_on"]).days,
        "details": row["body"],
    }


def posting_row(_world: World, _actor: Actor, row: Record) -> Line:
    """A posting, whole."""
    posting = Posting(**{one.name: row[one.name] for one in fields(Posting)})
    return {"posting_id": row["posting_id"], **posting_seen(posting)}


def posting_seen(posting: Posting) -> Line:
    """All that an entry says."""
    days = ("value_date", "booking_date")
    return asdict(posting) | {name: getattr(posting, name).isoformat() for name in days}


def payment_row(_world: World, _actor: Actor, row: Record) -> Line:
    """A payment order and what became of it."""
    names = ("payment_id", "stage", "subject", "kind", "purpose", "amount_fen")
    return {
        **{name: row[name] for name in names},
        "ordered_on": row["ordered_on"].isoformat(),
        "value_date": row["value_date"].isoformat() if row["value_date"] else "",
    }


def claim_row(_world: World, _actor: Actor, row: Record) -> Line:
    """A claim on a funder."""
    return {
        **{name: row[name] for name in ("claim_id", "stage", "funder", "number", "amount_fen")},
        "claimed_on": row["claimed_on"].isoformat(),
    }


def settlement_row(world: World, _actor: Actor, row: Record) -> Line:
    """A settlement with a shop, and the first day on which something of it was due."""
    where = {"settlement_id": row["settlement_id"]}
    order = ("due_on", "line_id")
    first = world.store.rows("settlement_line", where, order_by=order, limit=1)
    names = ("settlement_id", "stage", "merchant", "paid_fen", "carried_fen")
    return {
        **{name: row[name] for name in names},
        "settled_on": row["settled_on"].isoformat(),
        "due_on": first[0]["due_on"].isoformat() if first else "",
        "days_late": (row["settled_on"] - first[0]["due_on"]).days if first else 0,
    }


def audit_row(world: World, _actor: Actor, row: Record) -> Line:
    """A look at somebody's data: who, when, at what and why."""
    names = ("audit_id", "actor", "role", "action", "subject", "purpose")
    return {
        **{name: row[name] for name in names},
        "actor_name": name_of(world, row["actor"]),
        "at": row["at"].isoformat(),
    }


def proposal_row(world: World, actor: Actor, row: Record) -> Line:
    """A proposal, whether it ran out, and what whoever asks may do with it."""
    lapsed = row["stage"] == "open" and row["expires_on"] < world.clock.business_date()
    waits = row["stage"] == "open" and not lapsed
    own = row["maker"] == actor.actor_id
    names = ("proposal_id", "flow", "subject", "reason", "maker", "maker_role")
    return {
        **{name: row[name] for name in names},
        "stage": "expired" if lapsed else row["stage"],
        "maker_name": name_of(world, row["maker"]),
        "made_on": row["made_on"].isoformat(),
        "expires_on": row["expires_on"].isoformat(),
        "may_check": waits and not own and actor.role in PROPOSABLE[row["flow"]].roles,
        "may_withdraw": row["stage"] == "open" and own,
    }


def account_row(_world: World, actor: Actor, row: Record) -> Line:
    """A staff account."""
    return {
        **{name: row[name] for name in ("account_id", "user_name", "display_name", "roles")},
        "created_on": row["created_on"].isoformat(),
        "disabled_on": row["disabled_on"].isoformat() if row["disabled_on"] else "",
        "may_end": actor.role == "admin"
        and row["account_id"] != actor.actor_id
        and row["disabled_on"] is None,
        "must_change": bool(row["must_change"]),
    }


def key_row(_world: World, _actor: Actor, row: Record) -> Line:
    """An API key; never its secret."""
    return {
        **{name: row[name] for name in ("key_id", "role", "label")},
        "issued_on": row["issued_on"].isoformat(),
        "revoked_on": row["revoked_on"].isoformat() if row["revoked_on"] else "",
    }


def name_of(world: World, actor_id: str) -> str:
    """Name whoever acted: staff by their display name, anything else by nothing."""
    row = world.store.row("staff_account", account_id=actor_id)
    return str(row["display_name"]) if row is not None else ""
