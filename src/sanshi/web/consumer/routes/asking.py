"""Routes for asking: fees explained, enquiries and complaints, goods to return, my data."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import Response

from sanshi.flows.asking import ASK
from sanshi.flows.own import OWN_DATA, OWN_LOAN, OWN_REQUESTS
from sanshi.kernel.errors import ConflictError, InputError
from sanshi.web.consumer import addresses as at
from sanshi.web.consumer.asking import asking, read_request
from sanshi.web.consumer.fees import fees
from sanshi.web.consumer.loans import loan, read_return
from sanshi.web.consumer.mine import mine
from sanshi.web.consumer.routes.visit import Recognised, RecognisedForm, Visit, Visitor
from sanshi.web.forms import FieldError, Filled

router = APIRouter()


@router.get(at.FEES)
def show_fees(visit: Visitor) -> Response:
    """Show what each lender offers."""
    return visit.show(fees(visit.reader, visit.world.clock.business_date()))


@router.get(at.COMPLAINTS)
def show_form(visit: Visitor) -> Response:
    """Show the form to whoever has said who they are, and the way there to others."""
    return _page(visit, visit.request.query_params.get("loan", ""))


@router.post(at.COMPLAINTS)
def ask(visit: RecognisedForm) -> Response:
    """Take what was written."""
    request, errors = read_request(visit.reader, visit.form)
    if not errors:
        try:
            visit.do_once(ASK, **request)
        except ConflictError as error:
            if error.code != "ask.many":
                raise
            words = visit.reader.say("您已有几件在处理中，请等其中一件答复后再提。")
            errors = (FieldError("text", words),)
    if errors:
        filled = Filled(visit.form, errors)
        return _page(visit, visit.form.get("loan_id", ""), filled)
    return visit.go(at.COMPLAINTS)


@router.post(at.return_goods("{loan_id}"))
def ask_to_return(loan_id: str, visit: RecognisedForm) -> Response:
    """Ask the shop to take goods back."""
    found = visit.do(OWN_LOAN, loan_id=loan_id)
    asked, errors = read_return(visit.reader, visit.form)
    if not errors:
        try:
            visit.do_once(
                ASK,
                about="goods_return",
                lender=found["about"]["entity"],
                loan_id=loan_id,
                text=str(visit.reader.say("申请退货")),
                **asked,
            )
        except InputError as error:
            if error.code != "return.too_much":
                raise
            words = visit.reader.say("退回标价：超过了还能退的部分。")
            errors = (FieldError("price", words),)
    if errors:
        view = loan(visit.reader, found["seen"], found["about"], Filled(visit.form, errors))
        return visit.show(view, 422, at.loan(loan_id))
    return visit.go(at.COMPLAINTS)


@router.get(at.MINE)
def show_mine(visit: Recognised) -> Response:
    """Show what is known of this person, what they agreed to, and who has looked."""
    return visit.show(mine(visit.reader, visit.do(OWN_DATA)))


def _page(visit: Visit, loan_id: str, filled: Filled | None = None) -> Response:
    if visit.login is None or not visit.login.person_id:
        return visit.show(asking(visit.reader, None))
    lender = visit.do(OWN_LOAN, loan_id=loan_id)["about"]["entity"] if loan_id else ""
    view = asking(visit.reader, visit.do(OWN_REQUESTS), filled, loan_id, lender)
    return visit.show(view, 422 if filled else 200, at.COMPLAINTS if filled else "")
