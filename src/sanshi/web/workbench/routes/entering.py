"""Routes of the door: sign in and out, a new password, a role."""

from __future__ import annotations

import secrets

from fastapi import APIRouter
from fastapi.responses import Response

from sanshi.flows.perform import perform
from sanshi.flows.staff_sign_in import (
    CHANGE_PASSWORD,
    SIGN_IN_STAFF,
    SIGN_OUT_STAFF,
    TAKE_ROLE,
)
from sanshi.kernel.errors import InputError
from sanshi.web.forms import FieldError, Filled
from sanshi.web.serving.cookies import LOGIN
from sanshi.web.workbench import addresses as at
from sanshi.web.workbench import doors
from sanshi.web.workbench.desk import (
    DOOR,
    Anybody,
    AnybodysForm,
    Member,
    MembersForm,
)

router = APIRouter()

_TOKEN_BYTES = 32
_MOST_TYPED = 200


@router.get(at.SIGN_IN)
def sign_in(visit: Anybody) -> Response:
    """Ask for name and password."""
    if visit.login is not None:
        return visit.go(visit.onward() or at.OVERVIEW)
    had_login = bool(visit.site.jar.read(visit.request, LOGIN))
    return visit.show(doors.SignIn(onward=visit.onward(), timed_out=had_login))


@router.post(at.SIGN_IN)
def signed_in(visit: AnybodysForm) -> Response:
    """Open a login under a fresh token, or say that name or password are wrong."""
    token = secrets.token_hex(_TOKEN_BYTES)
    typed = {name: visit.form.get(name, "")[:_MOST_TYPED] for name in ("user_name", "password")}
    answer = perform(visit.world, DOOR, SIGN_IN_STAFF, {**typed, "token": token})
    if not answer["signed_in"]:
        errors = doors.not_signed_in(visit.reader.say, answer["reason"])
        filled = Filled({"user_name": typed["user_name"]}, errors)
        return visit.show(doors.SignIn(filled, visit.onward()), 422)
    response = visit.go(visit.onward() or at.OVERVIEW)
    visit.site.jar.put(response, LOGIN, token, lasting=False)
    return response


@router.post(at.SIGN_OUT)
def sign_out(visit: MembersForm) -> Response:
    """End the login."""
    visit.do(SIGN_OUT_STAFF, login_id=visit.member.login_id)
    response = visit.go(at.SIGN_IN)
    visit.site.jar.drop(response, LOGIN)
    return response


@router.get(at.PASSWORD)
def password(visit: Member) -> Response:
    """Ask for a new password."""
    account = visit.member.account
    return visit.show(doors.Password(account["user_name"], visit.member.must_change))


@router.post(at.PASSWORD)
def change_password(visit: MembersForm) -> Response:
    """Change the password."""
    say, form = visit.reader.say, visit.form
    old, new = form.get("old_password", ""), form.get("new_password", "")
    errors: tuple[FieldError, ...] = ()
    if new != form.get("again", ""):
        errors = (FieldError("again", say("两次输入的新密码不一样。")),)
    else:
        try:
            answer = visit.do(
                CHANGE_PASSWORD,
                login_id=visit.member.login_id,
                old_password=old,
                new_password=new,
            )
            if not answer["changed"]:
                errors = doors.wrong_old(say, answer["reason"])
        except InputError:
            words = say("新密码太容易猜到，或者和现在的一样。请换一个更长的。")
            errors = (FieldError("new_password", words),)
    if errors:
        account = visit.member.account
        view = doors.Password(account["user_name"], visit.member.must_change, Filled({}, errors))
        return visit.show(view, 422)
    return visit.go(at.OVERVIEW)


@router.get(at.ROLE)
def role(visit: Member) -> Response:
    """Ask for a role."""
    login = visit.member
    choice = doors.role_choice(
        visit.reader.say, tuple(login.account["roles"]), login.role or "", visit.onward()
    )
    return visit.show(choice)


@router.post(at.ROLE)
def take_role(visit: MembersForm) -> Response:
    """Sit down in a role."""
    visit.do(TAKE_ROLE, login_id=visit.member.login_id, role=visit.form.get("role", ""))
    return visit.go(visit.onward() or at.OVERVIEW)
