"""Maker–checker: what one proposes another checks, and both or neither happens."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from sanshi.flows.cases import opened
from sanshi.flows.proposals import late
from sanshi.flows.staff_sign_in import signed_in
from sanshi.flows.world import Actor
from sanshi.jobs.close import close_day
from sanshi.jobs.sweep import sweep
from sanshi.kernel.effects import Applied
from sanshi.kernel.errors import ConflictError, ForbiddenError, InputError, NotFoundError
from worlds import LENDER, Desk

MAKER = Actor("sa_maker", "servicing", LENDER)
CHECKER = Actor("sa_checker", "conduct", LENDER)
SYSTEM = Actor("test", "system")
ONE, OTHER = Actor("sa_one", "admin", LENDER), Actor("sa_other", "admin", LENDER)


def case_of(desk: Desk, subject: str = "py_1", entity: str = LENDER) -> str:
    effects = opened(desk.world, entity, "rail_missing", subject, {"amount_fen": 100})
    assert isinstance(desk.world.store.apply(effects), Applied)
    row = desk.world.store.row("work_case", subject=subject, entity=entity)
    assert row is not None
    return str(row["case_id"])


def proposed(desk: Desk, case_id: str, by: Actor = MAKER) -> str:
    request = {"case_id": case_id, "finding": "The bank had booked it twice."}
    answer = desk.do("propose", by, what="close_case", request=request, reason="Seen in its file.")
    return str(answer["proposal_id"])


def checked(desk: Desk, what: str, proposal_id: str, by: Actor = CHECKER) -> Mapping[str, Any]:
    return desk.do(f"{what}_proposal", by, proposal_id=proposal_id, reason="I looked too.")


def stage(desk: Desk, stream: str) -> str:
    return desk.world.store.standing(stream)[1]


def test_two_people_close_a_case(desk: Desk) -> None:
    case_id = case_of(desk)
    proposal_id = proposed(desk, case_id)
    assert stage(desk, case_id) == "open"
    answer = checked(desk, "approve", proposal_id)
    assert answer["answer"] == {"case_id": case_id, "stage": "closed"}
    assert (stage(desk, proposal_id), stage(desk, case_id)) == ("approved", "closed")
    closed = desk.world.store.events(case_id)[-1]
    assert closed.data["by"] == MAKER.actor_id
    approved = desk.world.store.events(proposal_id)[-1]
    assert approved.data == {"by": CHECKER.actor_id, "reason": "I looked too."}


def test_the_maker_never_checks(desk: Desk) -> None:
    case_id = case_of(desk)
    proposal_id = proposed(desk, case_id)
    in_another_role = Actor(MAKER.actor_id, "conduct", LENDER)
    for actor in (MAKER, in_another_role):
        for what in ("approve", "reject"):
            with pytest.raises(ForbiddenError) as raised:
                checked(desk, what, proposal_id, actor)
            assert raised.value.code == "proposal.own"
    assert (stage(desk, proposal_id), stage(desk, case_id)) == ("open", "open")


def test_another_institution_sees_nothing_of_it(desk: Desk) -> None:
    proposal_id = proposed(desk, case_of(desk))
    stranger = Actor("sa_checker", "conduct", "pujiang_bank")
    for what in ("approve", "reject"):
        with pytest.raises(NotFoundError):
            checked(desk, what, proposal_id, stranger)
    with pytest.raises(NotFoundError):
        desk.do("withdraw_proposal", stranger, proposal_id=proposal_id)


def test_nobody_proposes_about_anothers_case(desk: Desk) -> None:
    theirs = case_of(desk, entity="pujiang_bank")
    with pytest.raises(ForbiddenError):
        proposed(desk, theirs)


@pytest.mark.parametrize("role", ["product", "risk", "audit", "admin"])
def test_a_role_that_may_not_propose_may_not_check(desk: Desk, role: str) -> None:
    proposal_id = proposed(desk, case_of(desk))
    other = Actor("sa_other", role, LENDER)  # type: ignore[arg-type] # a role, as tests write it
    with pytest.raises(ForbiddenError) as raised:
        checked(desk, "approve", proposal_id, other)
    assert raised.value.code == "access.role"
    with pytest.raises(ForbiddenError):
        proposed(desk, case_of(desk, "py_2"), other)


def test_what_is_rejected_stays_undone_and_can_be_proposed_again(desk: Desk) -> None:
    case_id = case_of(desk)
    proposal_id = proposed(desk, case_id)
    checked(desk, "reject", proposal_id)
    assert (stage(desk, proposal_id), stage(desk, case_id)) == ("rejected", "open")
    for what in ("approve", "reject"):
        with pytest.raises(ConflictError):
            checked(desk, what, proposal_id)
    checked(desk, "approve", proposed(desk, case_id))
    assert stage(desk, case_id) == "closed"


def test_approving_twice_does_it_once(desk: Desk) -> None:
    proposal_id = proposed(desk, case_of(desk))
    checked(desk, "approve", proposal_id)
    with pytest.raises(ConflictError):
        checked(desk, "approve", proposal_id)


def test_only_the_maker_withdraws(desk: Desk) -> None:
    proposal_id = proposed(desk, case_of(desk))
    with pytest.raises(ForbiddenError):
        desk.do("withdraw_proposal", CHECKER, proposal_id=proposal_id)
    desk.do("withdraw_proposal", MAKER, proposal_id=proposal_id)
    assert stage(desk, proposal_id) == "withdrawn"


def test_one_proposal_about_one_thing(desk: Desk) -> None:
    case_id = case_of(desk)
    proposed(desk, case_id)
    with pytest.raises(ConflictError) as raised:
        proposed(desk, case_id, CHECKER)
    assert raised.value.code == "proposal.waiting"


def test_what_cannot_be_done_is_not_proposed(desk: Desk) -> None:
    for request, field in (
        ({"case_id": "cs_none", "finding": "x"}, "case_id"),
        ({"case_id": "cs_none"}, "finding"),
    ):
        with pytest.raises((NotFoundError, InputError)) as raised:
            desk.do("propose", MAKER, what="close_case", request=request, reason="x")
        assert raised.value.field == field
    with pytest.raises(InputError):
        desk.do("propose", MAKER, what="pay", request={}, reason="x")


def test_a_case_closed_meanwhile_is_not_closed_again(desk: Desk) -> None:
    case_id = case_of(desk)
    proposal_id = proposed(desk, case_id)
    desk.do("close_case", Actor("program", "servicing", LENDER), case_id=case_id, finding="x")
    with pytest.raises(ConflictError):
        checked(desk, "approve", proposal_id)
    assert stage(desk, proposal_id) == "open"


def test_a_proposal_waits_five_days(living_desk: Desk) -> None:
    desk = living_desk
    case_id = case_of(desk)
    proposal_id = proposed(desk, case_id)

    def days_pass(days: int) -> None:
        for _ in range(days):
            day = desk.world.clock.business_date()
            desk.outside.set_date(day)
            close_day(desk.world, day, only=("platform",))
            desk.time.move(days=1)

    days_pass(5)
    with pytest.raises(ConflictError):
        desk.do("expire_proposal", SYSTEM, proposal_id=proposal_id)
    assert late(desk.world) == ()
    days_pass(1)
    with pytest.raises(ConflictError) as raised:
        checked(desk, "approve", proposal_id)
    assert raised.value.code == "proposal.expired"
    assert late(desk.world) == (proposal_id,)
    again = proposed(desk, case_id)  # what nobody can approve blocks nobody
    assert sweep(desk.world)["proposals"] == 1
    assert (stage(desk, proposal_id), stage(desk, again)) == ("expired", "open")
    checked(desk, "approve", again)


def test_two_administrators_add_and_disable_an_account(desk: Desk) -> None:
    request = {
        "entity": LENDER,
        "user_name": "xin.ren",
        "display_name": "新人（虚构）",
        "roles": ["risk"],
    }
    asked: dict[str, Any] = {
        "what": "add_account",
        "request": request,
        "reason": "Begins on Monday.",
    }
    proposal_id = desk.do("propose", ONE, **asked)["proposal_id"]
    answer = checked(desk, "approve", proposal_id, OTHER)["answer"]
    token = "0" * 64
    password = answer["first_password"]
    sign_in = {"user_name": "xin.ren", "password": password, "token": token}
    assert desk.do("sign_in_staff", SYSTEM, **sign_in)["signed_in"] is True
    kept = desk.world.store.row("proposal", proposal_id=proposal_id)
    assert password not in repr((kept, desk.world.store.events(proposal_id)))
    request = {"account_id": answer["account_id"]}
    asked = {"what": "disable_account", "request": request, "reason": "Left."}
    checked(desk, "approve", desk.do("propose", OTHER, **asked)["proposal_id"], ONE)
    assert desk.do("sign_in_staff", SYSTEM, **sign_in)["signed_in"] is False


def test_nobody_chooses_anothers_password_or_house(desk: Desk) -> None:
    request = {"entity": LENDER, "user_name": "xin.ren", "display_name": "x", "roles": ["risk"]}
    for more, error in (
        ({"password": "I know it too, alas"}, InputError),
        ({"entity": "pujiang_bank"}, ForbiddenError),
    ):
        with pytest.raises(error):
            desk.do("propose", ONE, what="add_account", request={**request, **more}, reason="x")


def test_two_administrators_give_another_first_password(desk: Desk) -> None:
    account: dict[str, Any] = {
        "entity": LENDER,
        "user_name": "xin.ren",
        "display_name": "x",
        "roles": ["risk"],
    }
    first = desk.do("add_account", SYSTEM, **account)
    sign_in = {"user_name": "xin.ren", "password": first["first_password"], "token": "0" * 64}
    assert desk.do("sign_in_staff", SYSTEM, **sign_in)["signed_in"] is True
    request = {"account_id": first["account_id"]}
    asked: dict[str, Any] = {"what": "reset_password", "request": request, "reason": "Forgot it."}
    answer = checked(desk, "approve", desk.do("propose", ONE, **asked)["proposal_id"], OTHER)
    assert signed_in(desk.world, "0" * 64) is None
    sign_in["token"] = "1" * 64
    assert desk.do("sign_in_staff", SYSTEM, **sign_in)["signed_in"] is False
    sign_in["password"] = answer["answer"]["first_password"]
    assert desk.do("sign_in_staff", SYSTEM, **sign_in)["signed_in"] is True
    login = signed_in(desk.world, "1" * 64)
    assert login is not None
    assert login.must_change
    stranger = Actor("sa_one", "admin", "pujiang_bank")
    with pytest.raises(NotFoundError):
        desk.do("propose", stranger, **asked)


def test_two_administrators_issue_a_key(desk: Desk) -> None:
    request = {"entity": LENDER, "role": "servicing", "label": "night batch"}
    asked: dict[str, Any] = {"what": "issue_api_key", "request": request, "reason": "New program."}
    proposal_id = desk.do("propose", ONE, **asked)["proposal_id"]
    key_id = checked(desk, "approve", proposal_id, OTHER)["answer"]["key_id"]
    row = desk.world.store.row("api_key", key_id=key_id)
    assert row is not None
    assert row["label"] == "night batch"
