"""Routes of loans: see them, pay, prepay, settle, take back what is left over, give up."""

from __future__ import annotations

import json

from fastapi import APIRouter
from fastapi.responses import Response

from sanshi.flows.authorizations import VOID
from sanshi.flows.own import OWN_LOAN, OWN_LOANS
from sanshi.flows.paying import PAY
from sanshi.flows.receipts import RECEIPT
from sanshi.flows.returning import RETURN_CREDIT
from sanshi.flows.world import C, Flow
from sanshi.kernel.errors import ConflictError, InputError
from sanshi.web.consumer import addresses as at
from sanshi.web.consumer.loans import loan, loans, read_prepayment, read_recovery
from sanshi.web.consumer.routes.visit import Recognised, RecognisedForm, Visit, Visitor
from sanshi.web.forms import FieldError, Filled

router = APIRouter()

_UNDER_WAY = "conflict.counter"
"""Code of the refusal of a second payment while one is under way."""


@router.get("/")
def begin(visit: Visitor) -> Response:
    """Lead to the loans, or to what a sandbox has to try."""
    return visit.go(at.TOWN if visit.site.sandbox else at.LOANS)


@router.get(at.LOANS)
def list_loans(visit: Recognised) -> Response:
    """Show all loans."""
    found = visit.do(OWN_LOANS)["loans"]
    return visit.show(loans(visit.reader, [(one["seen"], one["about"]) for one in found]))


@router.get(at.loan("{loan_id}"))
def show_loan(loan_id: str, visit: Recognised) -> Response:
    """Show one loan."""
    return _page(visit, loan_id)


@router.post(at.pay("{loan_id}"))
def pay(loan_id: str, visit: RecognisedForm) -> Response:
    """Pay what is due, a part early, or all."""
    purpose = visit.form.get("purpose", "")
    if purpose in {"instalment", "settle"}:
        return _ordered(visit, loan_id, PAY, purpose=purpose)
    recovers = purpose == "recovery"
    asked, errors = (read_recovery if recovers else read_prepayment)(visit.reader, visit.form)
    if errors:
        return _page(visit, loan_id, Filled(visit.form, errors))
    try:
        return _ordered(visit, loan_id, PAY, **asked)
    except InputError as error:
        if not error.code.startswith("pay."):
            raise
        say = visit.reader.say
        words = (
            say("还多少：不能多于还须归还的金额。")
            if recovers
            else say("还多少：须多于现在应还、少于结清金额。")
        )
        return _page(visit, loan_id, Filled(visit.form, (FieldError("amount", words),)))


@router.post(at.return_credit("{loan_id}"))
def return_credit(loan_id: str, visit: RecognisedForm) -> Response:
    """Pay out what is left over."""
    return _ordered(visit, loan_id, RETURN_CREDIT)


@router.post(at.give_up("{loan_id}"))
def give_up(loan_id: str, visit: RecognisedForm) -> Response:
    """Give up what was signed, while no money has been paid out."""
    visit.do_once(VOID, authorization_id=loan_id)
    return visit.go(at.loan(loan_id))


@router.get(at.receipt("{document_id}"))
def receipt(document_id: str, visit: Recognised) -> Response:
    """Give a receipt as a file, to be checked with `sanshi verify`."""
    found = visit.do(RECEIPT, document_id=document_id)["receipt"]
    return Response(
        json.dumps(found, ensure_ascii=False, indent=2),
        media_type="application/json",
        headers={"Content-Disposition": f'attachment; filename="{document_id}.json"'},
    )


def _page(visit: Visit, loan_id: str, filled: Filled | None = None) -> Response:
    found = visit.do(OWN_LOAN, loan_id=loan_id)
    view = loan(visit.reader, found["seen"], found["about"], filled)
    return visit.show(view, 422 if filled else 200, at.loan(loan_id) if filled else "")


def _ordered(visit: Visit, loan_id: str, flow: Flow[C], **request: object) -> Response:
    """Order a payment; one that is under way is shown instead of a second."""
    try:
        visit.do_once(flow, loan_id=loan_id, **request)
    except ConflictError as error:
        if error.code != _UNDER_WAY:
            raise
    return visit.go(at.loan(loan_id))
