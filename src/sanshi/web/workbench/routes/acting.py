"""Routes that propose, approve, reject and withdraw."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Depends
from fastapi.responses import Response
from markupsafe import Markup

from sanshi.flows.api_keys import STAFF, key_text
from sanshi.flows.cases import WRITE_ANSWER
from sanshi.flows.desk_books import DESK_CASE
from sanshi.flows.proposals import APPROVE, PROPOSABLE, PROPOSE, REJECT, WITHDRAW_PROPOSAL
from sanshi.flows.staff import account_of_entity
from sanshi.kernel.errors import ConflictError, NotFoundError
from sanshi.web.forms import FieldError, Filled
from sanshi.web.workbench import addresses as at
from sanshi.web.workbench import asking, matters
from sanshi.web.workbench.desk import Door, FormDoor, Visit
from sanshi.web.workbench.proposed import proposal_page

router = APIRouter()

CaseWorker = Annotated[Visit, Depends(FormDoor(Door(PROPOSABLE["close_case"].roles)))]
Checker = Annotated[Visit, Depends(FormDoor(Door(STAFF)))]
Admin = Annotated[Visit, Depends(Door(PROPOSABLE["add_account"].roles))]
AdminsForm = Annotated[Visit, Depends(FormDoor(Door(PROPOSABLE["add_account"].roles)))]


def proposed(visit: Visit, what: str, request: Mapping[str, Any], reason: str) -> Response:
    """Propose something and lead to the proposal."""
    answer = visit.do_once(PROPOSE, what=what, request=dict(request), reason=reason)
    return visit.go(at.one(at.PROPOSALS, answer["proposal_id"]))


@router.post(at.CASES + "/{case_id}/close")
def close_case(visit: CaseWorker, case_id: str) -> Response:
    """Propose that a case be closed."""
    seen = visit.do(DESK_CASE, case_id=case_id)  # another institution's does not exist here
    fields = ("finding", "answer", "reason") if seen["letter"] else ("finding", "reason")
    told, errors = matters.read_reason(visit.reader, visit.form, *fields)
    if errors:
        view = matters.case(visit.reader, seen, may_propose=True, filled=Filled(told, errors))
        return visit.show(view, 422, at.one(at.CASES, case_id))
    request = {"case_id": case_id, "finding": told["finding"]}
    if seen["letter"]:
        written = visit.do_once(WRITE_ANSWER, case_id=case_id, text=told["answer"])
        request["answer_id"] = written["answer_id"]
    return proposed(visit, "close_case", request, told["reason"])


@router.post(at.PROPOSALS + "/{proposal_id}/approve")
def approve(visit: Checker, proposal_id: str) -> Response:
    """Approve a proposal; what is to be seen once is shown here and nowhere else."""
    told, errors = matters.read_reason(visit.reader, visit.form, "reason")
    if errors:
        return _again(visit, proposal_id, told, errors)
    made = visit.do(APPROVE, proposal_id=proposal_id, reason=told["reason"])
    outcome = _outcome(visit, made)
    address = at.one(at.PROPOSALS, proposal_id)
    if not outcome:
        return visit.go(address)
    return visit.show(proposal_page(visit, proposal_id, outcome=outcome), path=address)


def _outcome(visit: Visit, made: Mapping[str, Any]) -> tuple[tuple[Markup, str], ...]:
    say, answer = visit.reader.say, made["answer"]
    if made["flow"] in {"add_account", "reset_password"}:
        return (
            (say("用户名"), answer["user_name"]),
            (say("首次密码"), answer["first_password"]),
        )
    if made["flow"] == "issue_api_key":
        text = key_text(visit.world, answer["key_id"], visit.site.key_kind)
        return ((say("密钥"), text),)
    return ()


@router.post(at.PROPOSALS + "/{proposal_id}/reject")
def reject(visit: Checker, proposal_id: str) -> Response:
    """Reject a proposal."""
    told, errors = matters.read_reason(visit.reader, visit.form, "reason")
    if errors:
        return _again(visit, proposal_id, told, errors)
    visit.do(REJECT, proposal_id=proposal_id, reason=told["reason"])
    return visit.go(at.one(at.PROPOSALS, proposal_id))


def _again(
    visit: Visit, proposal_id: str, told: dict[str, str], errors: tuple[FieldError, ...]
) -> Response:
    view = proposal_page(visit, proposal_id, Filled(told, errors))
    return visit.show(view, 422, at.one(at.PROPOSALS, proposal_id))


@router.post(at.PROPOSALS + "/{proposal_id}/withdraw")
def withdraw(visit: Checker, proposal_id: str) -> Response:
    """Take back a proposal of one's own."""
    visit.do(WITHDRAW_PROPOSAL, proposal_id=proposal_id)
    return visit.go(at.one(at.PROPOSALS, proposal_id))


@router.get(at.ACCOUNTS + "/new")
def ask_account(visit: Admin) -> Response:
    """Ask for whom an account is."""
    return visit.show(asking.new_account(visit.reader))


@router.post(at.ACCOUNTS + "/new")
def new_account(visit: AdminsForm) -> Response:
    """Propose an account."""
    roles = visit.form.all("roles")
    request, reason, errors = asking.read_account(visit.reader, visit.form, roles)
    if not errors:
        try:
            whole = {**request, "entity": visit.actor.entity}
            return proposed(visit, "add_account", whole, reason)
        except ConflictError as error:
            if error.code != "staff.name_taken":
                raise
            errors = (FieldError("user_name", visit.reader.say("用户名已被使用")),)
    filled = Filled(dict(visit.form), errors)
    return visit.show(asking.new_account(visit.reader, frozenset(roles), filled), 422)


@router.get(at.ACCOUNTS + "/{account_id}/disable")
def ask_disable(visit: Admin, account_id: str) -> Response:
    """Ask why an account should end."""
    return visit.show(_ending_account(visit, account_id))


@router.post(at.ACCOUNTS + "/{account_id}/disable")
def disable(visit: AdminsForm, account_id: str) -> Response:
    """Propose that an account be disabled."""
    told, errors = matters.read_reason(visit.reader, visit.form, "reason")
    if errors:
        return visit.show(_ending_account(visit, account_id, Filled(told, errors)), 422)
    return proposed(visit, "disable_account", {"account_id": account_id}, told["reason"])


@router.get(at.ACCOUNTS + "/{account_id}/reset")
def ask_reset(visit: Admin, account_id: str) -> Response:
    """Ask why an account needs another first password."""
    return visit.show(_resetting(visit, account_id))


@router.post(at.ACCOUNTS + "/{account_id}/reset")
def reset(visit: AdminsForm, account_id: str) -> Response:
    """Propose that an account be given another first password."""
    told, errors = matters.read_reason(visit.reader, visit.form, "reason")
    if errors:
        return visit.show(_resetting(visit, account_id, Filled(told, errors)), 422)
    return proposed(visit, "reset_password", {"account_id": account_id}, told["reason"])


def _resetting(visit: Visit, account_id: str, filled: Filled | None = None) -> asking.Ending:
    row, say = account_of_entity(visit.world, visit.actor, account_id), visit.reader.say
    return asking.Ending(
        title=say("重置密码"),
        what=say("复核之后生成新的首次密码，显示一次；现在的密码和所有登录都会失效。"),
        name=row["user_name"],
        address=at.one(at.ACCOUNTS, account_id, "reset"),
        back=at.ACCOUNTS,
        filled=filled or Filled(),
    )


def _ending_account(visit: Visit, account_id: str, filled: Filled | None = None) -> asking.Ending:
    row, say = account_of_entity(visit.world, visit.actor, account_id), visit.reader.say
    return asking.Ending(
        title=say("停用账户"),
        what=say("复核之后立即生效：所有登录都会结束，不能再登录。"),
        name=row["user_name"],
        address=at.one(at.ACCOUNTS, account_id, "disable"),
        back=at.ACCOUNTS,
        filled=filled or Filled(),
    )


@router.get(at.KEYS + "/new")
def ask_key(visit: Admin) -> Response:
    """Ask which program a key is for."""
    return visit.show(asking.new_key(visit.reader))


@router.post(at.KEYS + "/new")
def new_key(visit: AdminsForm) -> Response:
    """Propose a key."""
    request, reason, errors = asking.read_key(visit.reader, visit.form)
    if errors:
        filled = Filled(dict(visit.form), errors)
        return visit.show(asking.new_key(visit.reader, filled), 422)
    whole = {**request, "entity": visit.actor.entity}
    return proposed(visit, "issue_api_key", whole, reason)


@router.get(at.KEYS + "/{key_id}/revoke")
def ask_revoke(visit: Admin, key_id: str) -> Response:
    """Ask why a key should end."""
    return visit.show(_ending_key(visit, key_id))


@router.post(at.KEYS + "/{key_id}/revoke")
def revoke(visit: AdminsForm, key_id: str) -> Response:
    """Propose that a key be revoked."""
    told, errors = matters.read_reason(visit.reader, visit.form, "reason")
    if errors:
        return visit.show(_ending_key(visit, key_id, Filled(told, errors)), 422)
    _ending_key(visit, key_id)
    return proposed(visit, "revoke_api_key", {"key_id": key_id}, told["reason"])


def _ending_key(visit: Visit, key_id: str, filled: Filled | None = None) -> asking.Ending:
    row, say = visit.world.store.row("api_key", key_id=key_id), visit.reader.say
    if row is None or row["entity"] != visit.actor.entity:
        raise NotFoundError("api_key.unknown", "There is no such key.", field="key_id")
    return asking.Ending(
        title=say("撤销密钥"),
        what=say("复核之后立即生效：用这把密钥的程序不能再办事。"),
        name=row["label"],
        address=at.one(at.KEYS, key_id, "revoke"),
        back=at.KEYS,
        filled=filled or Filled(),
    )
