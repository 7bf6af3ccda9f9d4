"""Routes for signing in and out."""

from __future__ import annotations

import secrets

from fastapi import APIRouter
from fastapi.responses import Response

from sanshi.flows.recognising import CONFIRM_PERSON, PROVE_PERSON, is_known
from sanshi.flows.sign_in import (
    CODE_MINUTES,
    REQUEST_CODE,
    SIGN_IN,
    SIGN_OUT,
    code_text,
)
from sanshi.kernel.errors import InputError
from sanshi.party.identity import normal_mobile
from sanshi.web.consumer import addresses as at
from sanshi.web.consumer import doors, who
from sanshi.web.consumer.routes.visit import (
    DoorForm,
    SignedIn,
    SignedInForm,
    Visit,
    Visitor,
    VisitorForm,
)
from sanshi.web.forms import FieldError, Filled
from sanshi.web.serving.cookies import LOGIN

router = APIRouter()

_TOKEN_BYTES = 32


@router.get(at.SIGN_IN)
def sign_in(visit: Visitor) -> Response:
    """Ask for the mobile number."""
    if visit.login is not None:
        return visit.go(at.who(visit.onward()))
    return visit.show(doors.SignIn(onward=visit.onward()))


@router.post(at.SIGN_IN)
def send_code(visit: DoorForm) -> Response:
    """Send a code; whoever asks again too soon is shown where to type the one they have."""
    sent = {**visit.form, "mobile": normal_mobile(visit.form.get("mobile", ""))}
    errors = doors.read_mobile(visit.reader, sent)
    if not errors:
        answer = visit.do(REQUEST_CODE, mobile=sent["mobile"])
        if answer["sent"]:
            _send(visit, sent["mobile"], answer["code_id"])
        elif answer["reason"] == "too_many":
            words = visit.reader.say("这个号码今天收到的验证码太多了，请明天再试。")
            errors = (FieldError("mobile", words),)
    if errors:
        filled = Filled(sent, errors)
        return visit.show(doors.SignIn(filled, visit.onward()), 422)
    view = doors.SignInCode(sent["mobile"], CODE_MINUTES, onward=visit.onward())
    return visit.show(view, path=at.SIGN_IN)


def _send(visit: Visit, mobile: str, code_id: str) -> None:
    """Send the code. The message stands outside the commit: a lost one is asked for again."""
    text = visit.reader.say(
        "【三适】验证码 {code}，{n} 分钟内有效。请不要告诉任何人，我们也不会向您要。",
        code=code_text(visit.world, code_id),
        n=CODE_MINUTES,
    )
    visit.world.messages.send(message_id=code_id, mobile=mobile, text=str(text))


@router.post(at.SIGN_IN_CODE)
def take_code(visit: DoorForm) -> Response:
    """Sign in with the code."""
    mobile, code = visit.form.get("mobile", ""), visit.form.get("code", "").strip()
    token = secrets.token_hex(_TOKEN_BYTES)
    if doors.read_mobile(visit.reader, {"mobile": mobile}):
        return visit.go(at.sign_in(visit.onward()))
    answer = {"signed_in": False}
    if 0 < len(code) <= doors.MAX_CODE_CHARS:
        answer = dict(visit.do(SIGN_IN, mobile=mobile, code=code, token=token))
    if not answer["signed_in"]:
        filled = Filled({"code": code}, doors.wrong_code(visit.reader))
        view = doors.SignInCode(mobile, CODE_MINUTES, filled, visit.onward())
        return visit.show(view, 422, at.SIGN_IN)
    response = visit.go(at.who(visit.onward()))
    visit.site.jar.put(response, LOGIN, token, lasting=False)
    return response


@router.get(at.WHO)
def ask_who(visit: SignedIn) -> Response:
    """Ask who it is, unless that is known."""
    login = visit.login
    if login is None or login.person_id:
        return visit.go(visit.onward() or at.LOANS)
    if is_known(visit.world, login.login_id) and not visit.request.query_params.get("full"):
        return visit.show(who.WhoKnown(onward=visit.onward()))
    return visit.show(who.WhoNew(onward=visit.onward()))


@router.post(at.CONFIRM)
def confirm(visit: SignedInForm) -> Response:
    """Take the end of the identity number."""
    tail, errors = who.read_tail(visit.reader, visit.form)
    if not errors:
        answer = visit.do(CONFIRM_PERSON, id_tail=tail)
        if answer["recognised"]:
            return visit.go(visit.onward() or at.LOANS)
        errors = who.not_them(visit.reader, "id_tail", answer["reason"])
    view = who.WhoKnown(Filled({}, errors), visit.onward())  # what was typed is not sent back
    return visit.show(view, 422, at.WHO)


@router.post(at.PROVE)
def prove(visit: SignedInForm) -> Response:
    """Take name and identity number."""
    elements, errors = who.read_person(visit.reader, visit.form)
    if not errors:
        try:
            answer = visit.do(PROVE_PERSON, **elements)
        except InputError as error:
            wrong = visit.reader.say("身份证号码有误，请逐位核对。")
            errors = (FieldError(error.field, wrong),)
        else:
            if answer["recognised"]:
                return visit.go(visit.onward() or at.LOANS)
            errors = who.not_them(visit.reader, "id_number", answer["reason"])
    filled = Filled({"full_name": elements["full_name"]}, errors)
    return visit.show(who.WhoNew(filled, visit.onward()), 422, at.WHO)


@router.post(at.SIGN_OUT)
def sign_out(visit: VisitorForm) -> Response:
    """Sign out; whoever is not signed in is told the same."""
    if visit.login is not None:
        visit.do(SIGN_OUT, login_id=visit.login.login_id)
    response = visit.gone().show(doors.SignedOut(), path=at.SIGN_IN)
    visit.site.jar.drop(response, LOGIN)
    return response
