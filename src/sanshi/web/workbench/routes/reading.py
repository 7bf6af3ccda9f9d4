"""Routes that show one thing: overview, application, loan, customer, case, books, settlement."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Depends
from fastapi.responses import HTMLResponse, Response

from sanshi.flows.books import TRIAL_BALANCE
from sanshi.flows.deciding import REPLAY
from sanshi.flows.desk_applications import DESK_APPLICATION
from sanshi.flows.desk_books import (
    DESK_CASE,
    DESK_CLAIM,
    DESK_CLOSE,
    DESK_OVERVIEW,
    DESK_PROPOSAL,
)
from sanshi.flows.desk_customers import DESK_CUSTOMER, UNMASK_CUSTOMER
from sanshi.flows.desk_loans import DESK_CONTRACT, DESK_LOAN
from sanshi.flows.desk_settlements import DESK_SETTLEMENT
from sanshi.flows.desk_whatif import TRY_CHANGE
from sanshi.flows.proposals import PROPOSABLE
from sanshi.flows.settlements import VIEW_SETTLEMENT
from sanshi.kernel.errors import ConflictError, InputError
from sanshi.web.forms import Filled
from sanshi.web.rendering import DOCUMENT_SECURITY_POLICY
from sanshi.web.workbench import addresses as at
from sanshi.web.workbench import books as book_views
from sanshi.web.workbench import matters
from sanshi.web.workbench.application import application as application_view
from sanshi.web.workbench.desk import Door, FormDoor, Visit
from sanshi.web.workbench.leave import forms_of
from sanshi.web.workbench.lists import read_query
from sanshi.web.workbench.loan import loan as loan_view
from sanshi.web.workbench.proposed import proposal_page
from sanshi.web.workbench.routes.listing import BALANCE, BALANCE_ROLES, given_away
from sanshi.web.workbench.settlement import settlement as settlement_view
from sanshi.web.workbench.settlement_sheets import LINES

router = APIRouter()

Everyone = Annotated[Visit, Depends(Door(DESK_OVERVIEW.roles))]
Decider = Annotated[Visit, Depends(Door(DESK_APPLICATION.roles))]
DecidersForm = Annotated[Visit, Depends(FormDoor(Door(DESK_APPLICATION.roles)))]
Watcher = Annotated[Visit, Depends(Door(DESK_LOAN.roles))]
Helper = Annotated[Visit, Depends(Door(DESK_CUSTOMER.roles))]
HelpersForm = Annotated[Visit, Depends(FormDoor(Door(UNMASK_CUSTOMER.roles)))]
CaseReader = Annotated[Visit, Depends(Door(DESK_CASE.roles))]
BookKeeper = Annotated[Visit, Depends(Door(DESK_CLOSE.roles))]
Balancer = Annotated[Visit, Depends(Door(BALANCE_ROLES))]
Claimant = Annotated[Visit, Depends(Door(DESK_CLAIM.roles))]
Settler = Annotated[Visit, Depends(Door(DESK_SETTLEMENT.roles))]
Colleague = Annotated[Visit, Depends(Door(DESK_PROPOSAL.roles))]


@router.get(at.OVERVIEW)
def overview(visit: Everyone) -> Response:
    """Show what waits for whoever sits here."""
    answer = visit.do(DESK_OVERVIEW)
    return visit.show(book_views.overview(visit.reader, answer, visit.actor.role))


@router.get(at.APPLICATIONS + "/{application_id}")
def application(visit: Decider, application_id: str) -> Response:
    """Show why an application was decided as it was."""
    answer = visit.do(DESK_APPLICATION, application_id=application_id)
    return visit.show(application_view(visit.reader, answer))


@router.post(at.APPLICATIONS + "/{application_id}/replay")
def replay(visit: DecidersForm, application_id: str) -> Response:
    """Work the decision out again and say whether it is the same."""
    answer = visit.do(DESK_APPLICATION, application_id=application_id)
    if answer["decision"] is None:
        raise ConflictError("application.undecided", "Nothing has been decided yet.")
    found = visit.do(REPLAY, decision_id=answer["decision"]["decision_id"])
    address = at.one(at.APPLICATIONS, application_id)
    return visit.show(application_view(visit.reader, answer, found), path=address)


@router.get(at.LOANS + "/{loan_id}")
def loan(visit: Watcher, loan_id: str) -> Response:
    """Show a loan's whole life."""
    answer = visit.do(DESK_LOAN, loan_id=loan_id)
    may_try = visit.actor.role in TRY_CHANGE.roles
    may_leave = visit.actor.role in PROPOSABLE["write_off_loan"].roles and bool(forms_of(answer))
    return visit.show(loan_view(visit.reader, answer, may_try=may_try, may_leave=may_leave))


@router.get(at.CONTRACTS + "/{contract_id}/text")
def contract(visit: Watcher, contract_id: str) -> Response:
    """Show a contract as it was signed: the stored document itself."""
    answer = visit.do(DESK_CONTRACT, contract_id=contract_id)
    headers = {"Content-Security-Policy": DOCUMENT_SECURITY_POLICY}
    return visit.remembered(HTMLResponse(answer["html"], headers=headers))


@router.get(at.CUSTOMERS + "/{person_id}")
def customer(visit: Helper, person_id: str) -> Response:
    """Show a customer, masked."""
    answer = visit.do(DESK_CUSTOMER, person_id=person_id)
    return visit.show(matters.customer(visit.reader, answer))


@router.get(at.CUSTOMERS + "/{person_id}/unmask")
def ask_why(visit: Helper, person_id: str) -> Response:
    """Ask why somebody must see the customer's data in full."""
    answer = visit.do(DESK_CUSTOMER, person_id=person_id)
    return visit.show(matters.Unmask(person_id, answer["full_name"]))


@router.post(at.CUSTOMERS + "/{person_id}/unmask")
def unmask(visit: HelpersForm, person_id: str) -> Response:
    """Show the data in full, once; who asked and why is on record first."""
    told, errors = matters.read_reason(visit.reader, visit.form, "reason")
    answer = visit.do(DESK_CUSTOMER, person_id=person_id)
    if errors:
        view = matters.Unmask(person_id, answer["full_name"], Filled(told, errors))
        return visit.show(view, 422)
    clear = visit.do(UNMASK_CUSTOMER, person_id=person_id, reason=told["reason"])
    shown = matters.customer(visit.reader, answer, clear, told["reason"])
    return visit.show(shown, path=at.one(at.CUSTOMERS, person_id))


@router.get(at.CASES + "/{case_id}")
def case(visit: CaseReader, case_id: str) -> Response:
    """Show a case."""
    answer = visit.do(DESK_CASE, case_id=case_id)
    may_propose = visit.actor.role in PROPOSABLE["close_case"].roles
    return visit.show(matters.case(visit.reader, answer, may_propose=may_propose))


@router.get(at.CLOSE)
def close(visit: BookKeeper) -> Response:
    """Show the close, day by day."""
    return visit.show(book_views.close(visit.reader, visit.do(DESK_CLOSE)))


def _day(text: str) -> str | None:
    """Return a date as it was asked for; None: it is none."""
    try:
        return date.fromisoformat(text).isoformat() if text else ""
    except ValueError:
        return None


def _balances(visit: Visit) -> tuple[Mapping[str, Any], dict[str, str], str]:
    """Return the trial balance, the days that were asked for, and what was wrong with them."""
    asked = {name: _day(visit.query.get(name, "")) for name in book_views.DAYS}
    wrong = next((name for name, day in asked.items() if day is None), "")
    days = {name: day for name, day in asked.items() if day}
    try:
        return visit.do(TRIAL_BALANCE, entity=visit.actor.entity, **days), days, wrong
    except InputError as error:
        return visit.do(TRIAL_BALANCE, entity=visit.actor.entity), {}, error.field


@router.get(at.BOOKS)
def balance(visit: Balancer) -> Response:
    """Show the trial balance."""
    answer, days, wrong = _balances(visit)
    return visit.show(book_views.books(visit.reader, answer, days, wrong=bool(wrong)))


@router.get(at.BOOKS + ".csv")
def balance_file(visit: Balancer) -> Response:
    """Give the trial balance away as a file."""
    return given_away(visit, at.BOOKS, BALANCE, _balances(visit)[0]["accounts"])


@router.get(at.CLAIMS + "/{claim_id}")
def claim(visit: Claimant, claim_id: str) -> Response:
    """Show a claim with its lines."""
    return visit.show(book_views.claim(visit.reader, visit.do(DESK_CLAIM, claim_id=claim_id)))


@router.get(at.SETTLEMENTS + "/{settlement_id}.csv")
def settlement_file(visit: Settler, settlement_id: str) -> Response:
    """Give all lines of a settlement away as a file."""
    lines = visit.do(VIEW_SETTLEMENT, settlement_id=settlement_id)["lines"]
    return given_away(visit, at.one(at.SETTLEMENTS, settlement_id), LINES, lines)


@router.get(at.SETTLEMENTS + "/{settlement_id}")
def settlement(visit: Settler, settlement_id: str) -> Response:
    """Show a settlement with a part of its lines."""
    part = {name: read_query(visit.query)[name] for name in ("offset", "limit")}
    answer = visit.do(DESK_SETTLEMENT, settlement_id=settlement_id, **part)
    return visit.show(settlement_view(visit.reader, answer))


@router.get(at.PROPOSALS + "/{proposal_id}")
def proposal(visit: Colleague, proposal_id: str) -> Response:
    """Show a proposal."""
    return visit.show(proposal_page(visit, proposal_id))
