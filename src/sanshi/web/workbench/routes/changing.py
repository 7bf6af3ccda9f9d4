"""Routes that try what may happen to a loan, propose a change, and replay its past."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Annotated, Any

from fastapi import APIRouter, Depends
from fastapi.responses import Response

from sanshi.flows.desk_lists import LIST_FLOWS
from sanshi.flows.desk_loans import DESK_LOAN
from sanshi.flows.desk_replay import LOAN_AT
from sanshi.flows.desk_whatif import TRY_CHANGE
from sanshi.flows.proposals import PROPOSABLE
from sanshi.kernel.errors import ConflictError, InputError
from sanshi.web.forms import FieldError, Filled
from sanshi.web.workbench import addresses as at
from sanshi.web.workbench import changes, matters
from sanshi.web.workbench.change import (
    KIND,
    change,
    kinds_of,
    refusal,
    request_of,
    was_asked,
)
from sanshi.web.workbench.compare import compared
from sanshi.web.workbench.desk import Door, FormDoor, Visit
from sanshi.web.workbench.replay import replay as replay_view
from sanshi.web.workbench.replay import unreadable
from sanshi.web.workbench.routes.acting import proposed

router = APIRouter()

CHANGERS = PROPOSABLE["change_loan"].roles
Trier = Annotated[Visit, Depends(Door(TRY_CHANGE.roles))]
ChangersForm = Annotated[Visit, Depends(FormDoor(Door(CHANGERS)))]
Watcher = Annotated[Visit, Depends(Door(LOAN_AT.roles))]
Answer = Mapping[str, Any]


@router.get(at.LOANS + "/{loan_id}/change")
def ask_change(visit: Trier, loan_id: str) -> Response:
    """Show what may be tried, and what would come of what was asked for."""
    seen = visit.do(DESK_LOAN, loan_id=loan_id)
    tried = _tried(visit, seen, visit.query)
    return _shown(visit, seen, visit.query, tried)


@router.post(at.LOANS + "/{loan_id}/change")
def propose_change(visit: ChangersForm, loan_id: str) -> Response:
    """Propose a change, on the very day and with the very fields that were tried."""
    seen = visit.do(DESK_LOAN, loan_id=loan_id)
    sent = dict(visit.form)
    told, wrong = matters.read_reason(visit.reader, sent, "reason")
    tried = _tried(visit, seen, sent)
    if isinstance(tried, dict) and "change" in tried["asked"] and not wrong:
        body = tried["asked"]["change"]
        request = request_of(loan_id, body, tried["answer"], told["reason"])
        return proposed(visit, "change_loan", request, told["reason"])
    return _shown(visit, seen, sent, tried, wrong)


def _tried(
    visit: Visit, seen: Answer, sent: Mapping[str, str]
) -> dict[str, Any] | tuple[FieldError, ...]:
    """Return what was asked for with its answer, or why there is none (perhaps nothing wrong)."""
    say, wanted = visit.reader.say, sent.get(KIND, "")
    kind = kinds_of(seen).get(wanted)
    if kind is None:
        return (FieldError(KIND, say("现在不能做这一种，请另选。")),) if wanted else ()
    if not was_asked(kind, sent):
        return ()
    read = changes.read(say, kind, sent)
    if read.errors:
        return read.errors
    try:
        answer = visit.do(TRY_CHANGE, loan_id=seen["loan_id"], **read.request)
    except (InputError, ConflictError) as error:
        return (refusal(visit.reader, seen, kind, error),)
    return {"asked": read.request, "answer": answer}


def _shown(
    visit: Visit,
    seen: Answer,
    sent: Mapping[str, str],
    tried: dict[str, Any] | tuple[FieldError, ...],
    wrong: tuple[FieldError, ...] = (),
) -> Response:
    errors = wrong if isinstance(tried, dict) else (*tried, *wrong)
    kind = kinds_of(seen).get(sent.get(KIND, ""))
    view = change(visit.reader, seen, kind, Filled(sent, errors))
    if isinstance(tried, dict):
        answer = tried["answer"]
        view = replace(
            view,
            compared=compared(visit.reader, answer),
            paid_fen=answer["amount_fen"] or 0,
            value_date=answer["value_date"],
            may_propose=visit.actor.role in CHANGERS and not view.is_payment,
            waiting=_waiting(visit, seen["loan_id"]),
        )
    address = view.address if visit.sent is not None else ""
    return visit.show(view, 422 if errors else 200, address)


def _waiting(visit: Visit, loan_id: str) -> str:
    """Return a change of this loan that waits to be checked; there is one at most."""
    asked = {"text": loan_id, "kind": "change_loan", "stage": "open"}
    rows = visit.do(LIST_FLOWS["desk_proposals"], **asked)["rows"]
    open_ones = [row["proposal_id"] for row in rows if row["stage"] == "open"]
    return open_ones[0] if open_ones else ""


@router.get(at.LOANS + "/{loan_id}/replay")
def replay(visit: Watcher, loan_id: str) -> Response:
    """Show a loan as it was on a day."""
    query = visit.query
    today = visit.world.clock.business_date().isoformat()
    asked = {name: query[name].strip() for name in ("on", "known") if query.get(name, "").strip()}
    try:
        then = visit.do(LOAN_AT, loan_id=loan_id, **{"on": today, **asked})
    except InputError as error:
        now = visit.do(LOAN_AT, loan_id=loan_id, on=today)
        filled = Filled(query, (unreadable(visit.reader, now, error),))
        return visit.show(replay_view(visit.reader, now, filled), 422)
    return visit.show(replay_view(visit.reader, then))
