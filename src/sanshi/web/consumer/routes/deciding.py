"""Routes of an application: apply, have it decided, see the answer, have contracts made out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter
from fastapi.responses import Response

from sanshi.flows.applying import APPLY
from sanshi.flows.contracts import OFFER
from sanshi.flows.deciding import DECIDE
from sanshi.flows.own import OWN_APPLICATION
from sanshi.flows.perform import perform
from sanshi.flows.world import Actor
from sanshi.kernel.errors import ConflictError
from sanshi.web.consumer import addresses as at
from sanshi.web.consumer.result import Waiting, refused, result
from sanshi.web.consumer.routes.visit import Recognised, RecognisedForm, Visit

router = APIRouter()

DECIDER = Actor("pages", "system")
"""Who has an application decided as soon as it is made."""

_OVER = frozenset({"withdrawn", "expired"})


def applied(
    visit: Visit, quote_id: str, plans: Mapping[str, str], stated: Mapping[str, Any]
) -> Response:
    """Apply for the chosen plans, have them decided at once, and lead to the answer."""
    also = {
        name.removeprefix("also."): key for name, key in plans.items() if name.startswith("also.")
    }
    answer = visit.do_once(
        APPLY,
        quote_id=quote_id,
        plan_key=plans.get("plan"),
        also=also,
        device=visit.device.device_id,
        device_tampered=visit.device.tampered,
        **stated,
    )
    application_id = str(answer["application_id"])
    _have_decided(visit, application_id)
    return visit.go(at.application(application_id))


@router.post(at.decide("{application_id}"))
def decide_again(application_id: str, visit: RecognisedForm) -> Response:
    """Have an application decided whose decision was cut short."""
    visit.do(OWN_APPLICATION, application_id=application_id)  # it must be theirs
    _have_decided(visit, application_id)
    return visit.go(at.application(application_id))


@router.get(at.application("{application_id}"))
def show_result(application_id: str, visit: Recognised) -> Response:
    """Show what was decided."""
    seen = visit.do(OWN_APPLICATION, application_id=application_id)
    if seen["stage"] in _OVER:
        raise ConflictError("application.over", "This application has ended.")
    if seen["decided"] is None:
        return visit.show(Waiting(application_id, (visit.reader.lender(seen["lender"]),)))
    signed = {one["sku"]: one["loan_id"] for one in seen["contracts"] if one["loan_id"]}
    return visit.show(result(visit.reader, seen["decided"], seen["asked"], signed, _link(seen)))


@router.post(at.contracts("{application_id}"))
def make_out(application_id: str, visit: RecognisedForm) -> Response:
    """Have the contract for a thing made out, unless one lies ready."""
    seen = visit.do(OWN_APPLICATION, application_id=application_id)
    sku = visit.form.get("sku", "")
    ready = [one for one in seen["contracts"] if (one["sku"], one["stage"]) == (sku, "offered")]
    if ready:
        return visit.go(at.contract(ready[-1]["contract_id"]))
    asked = {"application_id": application_id, "sku": sku, "language": visit.language}
    offer: Mapping[str, Any] = visit.do_once(OFFER, **asked)
    if not offer["offered"]:
        view = refused(visit.reader, offer["certificate"], seen["asked"], _link(seen))
        return visit.show(view, path=at.application(application_id))
    return visit.go(at.contract(offer["contract_id"]))


def _have_decided(visit: Visit, application_id: str) -> None:
    """Have it decided. Whoever was quicker, in another tab, has had the same done."""
    try:
        perform(visit.world, DECIDER, DECIDE, {"application_id": application_id})
    except ConflictError as error:
        if error.code not in {"application.wrong_stage", "conflict.version"}:
            raise


def _link(seen: Mapping[str, Any]) -> str:
    return seen["session"]["link"] if seen["session"] else ""
