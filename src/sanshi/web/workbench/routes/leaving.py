"""Routes that propose how a loan leaves the books."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends
from fastapi.responses import Response

from sanshi.flows.desk_loans import DESK_LOAN
from sanshi.flows.proposals import PROPOSABLE
from sanshi.kernel.errors import ConflictError, InputError
from sanshi.web.forms import Filled
from sanshi.web.workbench import addresses as at
from sanshi.web.workbench import matters
from sanshi.web.workbench.change import KIND
from sanshi.web.workbench.desk import Door, FormDoor, Visit
from sanshi.web.workbench.leave import forms_of, leave, read, refusal
from sanshi.web.workbench.routes.acting import proposed

router = APIRouter()

WHO = PROPOSABLE["write_off_loan"].roles
Asker = Annotated[Visit, Depends(Door(WHO))]
AskersForm = Annotated[Visit, Depends(FormDoor(Door(WHO)))]


@router.get(at.LOANS + "/{loan_id}/leave")
def ask_leave(visit: Asker, loan_id: str) -> Response:
    """Show what may be proposed, and the form that was chosen."""
    seen = visit.do(DESK_LOAN, loan_id=loan_id)
    return visit.show(leave(visit.reader, seen, forms_of(seen).get(visit.query.get(KIND, ""))))


@router.post(at.LOANS + "/{loan_id}/leave")
def propose_leave(visit: AskersForm, loan_id: str) -> Response:
    """Propose it to a colleague; what is wrong is said beside its field."""
    seen, reader = visit.do(DESK_LOAN, loan_id=loan_id), visit.reader
    sent = dict(visit.form)
    form = forms_of(seen).get(sent.get(KIND, ""))
    if form is None:
        return visit.show(leave(reader, seen, None), 422, at.one(at.LOANS, loan_id, "leave"))
    request, errors = read(reader, form, sent)
    told, unsaid = matters.read_reason(reader, sent, "reason")
    errors = (*errors, *unsaid)
    if not errors:
        kept = {"reason": told["reason"]} if form.own_reason else {}
        try:
            whole = {"loan_id": loan_id, **request, **kept}
            return proposed(visit, form.flow, whole, told["reason"])
        except (InputError, ConflictError) as error:
            errors = (refusal(reader, form, error),)
    view = leave(reader, seen, form, Filled(sent, errors))
    return visit.show(view, 422, view.address)
