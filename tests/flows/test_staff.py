"""Staff accounts and sign-in: names, passwords, roles, time-outs and locks."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import create_engine, text

from sanshi.connectors import keys
from sanshi.flows.staff_sign_in import keep, signed_in, staff_at
from sanshi.flows.world import Actor
from sanshi.kernel.errors import ConflictError, ForbiddenError, InputError, NotFoundError
from worlds import LENDER, Desk, staff

SYSTEM = Actor("test", "system")
FIRST = "first password of hers"
SECOND = "another one, chosen by her"


def added(
    desk: Desk,
    name: str = "lu.wen",
    roles: tuple[str, ...] = ("servicing",),
    **more: Any,  # noqa: ANN401 - as a caller would send it
) -> Mapping[str, Any]:
    asked: dict[str, Any] = {
        "entity": LENDER,
        "display_name": "陆文（虚构）",
        "password": FIRST,
        **more,
    }
    return desk.do("add_account", SYSTEM, user_name=name, roles=list(roles), **asked)


def sign_in(
    desk: Desk, password: str = FIRST, name: str = "lu.wen"
) -> tuple[Mapping[str, Any], str]:
    token = desk.world.keys.salt().hex()
    request = {"user_name": name, "password": password, "token": token}
    return desk.do("sign_in_staff", SYSTEM, **request), token


def at_work(desk: Desk, *roles: str) -> str:
    """Sign in with the password changed; returns the token."""
    added(desk, roles=roles or ("servicing",))
    _, token = sign_in(desk)
    changed(desk, token)
    return token


def changed(desk: Desk, token: str, old: str = FIRST, new: str = SECOND) -> Mapping[str, Any]:
    login = signed_in(desk.world, token)
    assert login is not None
    passwords = {"old_password": old, "new_password": new}
    return desk.do("change_password", login.actor, login_id=login.login_id, **passwords)


def test_a_first_password_opens_the_way_to_a_new_one_alone(desk: Desk) -> None:
    account_id = added(desk)["account_id"]
    answer, token = sign_in(desk)
    assert answer["signed_in"] is True
    login = signed_in(desk.world, token)
    assert login is not None
    assert login.must_change
    assert staff_at(desk.world, token) is None
    assert changed(desk, token)["changed"] is True
    at = staff_at(desk.world, token)
    assert at is not None
    assert at[0] == Actor(account_id, "servicing", LENDER)
    assert at[1]["user_name"] == "lu.wen"
    assert sign_in(desk)[0]["signed_in"] is False
    assert sign_in(desk, SECOND)[0]["signed_in"] is True


def test_a_made_up_password_is_told_once_and_kept_nowhere(desk: Desk) -> None:
    answer = added(desk, password=None)
    password = answer["first_password"]
    assert len(password) >= 20
    assert sign_in(desk, password)[0]["signed_in"] is True
    engine = create_engine(desk.url)
    with engine.connect() as connection:
        kept = connection.execute(text("SELECT * FROM staff_account")).all()
    engine.dispose()
    assert password not in repr(kept)


def test_wrong_password_and_unknown_name_are_answered_alike(desk: Desk) -> None:
    added(desk)
    wrong, _ = sign_in(desk, "not the password")
    unknown, _ = sign_in(desk, "not the password", "nobody.here")
    assert wrong == unknown == {"signed_in": False, "reason": "wrong"}


@pytest.mark.parametrize("name", ["lu.wen", "nobody.here"])
def test_five_wrong_tries_lock_a_name_for_a_quarter_of_an_hour(desk: Desk, name: str) -> None:
    added(desk)
    for _ in range(5):
        assert sign_in(desk, "not the password", name)[0]["reason"] == "wrong"
    # Even the right password opens nothing now, and tries do not make it longer.
    assert sign_in(desk, FIRST, name)[0] == {"signed_in": False, "reason": "locked"}
    desk.time.move(seconds=14 * 60)
    assert sign_in(desk, FIRST, name)[0]["reason"] == "locked"
    desk.time.move(seconds=61)
    answer, _ = sign_in(desk, FIRST, name)
    assert answer["signed_in"] is (name == "lu.wen")


def test_a_right_password_forgives_what_came_before(desk: Desk) -> None:
    added(desk)
    for _ in range(3):
        for _ in range(4):
            assert sign_in(desk, "not the password")[0]["reason"] == "wrong"
        assert sign_in(desk)[0]["signed_in"] is True


def test_guessing_the_old_password_locks_the_name_too(desk: Desk) -> None:
    added(desk)
    _, token = sign_in(desk)
    for _ in range(5):
        assert changed(desk, token, old="not the password") == {"changed": False, "reason": "wrong"}
    assert changed(desk, token)["reason"] == "locked"


def test_a_login_ends_when_nothing_happens_for_a_quarter_of_an_hour(desk: Desk) -> None:
    token = at_work(desk)
    desk.time.move(seconds=14 * 60)
    assert staff_at(desk.world, token) is not None  # and so it goes on
    desk.time.move(seconds=14 * 60)
    assert staff_at(desk.world, token) is not None
    desk.time.move(seconds=15 * 60)
    assert staff_at(desk.world, token) is None
    assert signed_in(desk.world, token) is None


def test_no_login_outlives_ten_hours(desk: Desk) -> None:
    token = at_work(desk)
    for _ in range(59):
        desk.time.move(seconds=600)
        assert staff_at(desk.world, token) is not None
    desk.time.move(seconds=600)
    assert staff_at(desk.world, token) is None


def test_a_login_that_ended_meanwhile_is_not_kept(desk: Desk) -> None:
    token = at_work(desk)
    login = signed_in(desk.world, token)
    assert login is not None
    desk.do("sign_out_staff", login.actor, login_id=login.login_id)
    desk.time.move(seconds=600)
    keep(desk.world, login)
    assert signed_in(desk.world, token) is None


def test_one_role_at_a_time(desk: Desk) -> None:
    token = at_work(desk, "risk", "audit")
    assert staff_at(desk.world, token) is None
    login = signed_in(desk.world, token)
    assert login is not None
    assert login.role is None
    for role in ("audit", "risk"):
        desk.do("take_role", login.actor, login_id=login.login_id, role=role)
        at = staff_at(desk.world, token)
        assert at is not None
        assert at[0].role == role
    with pytest.raises(ForbiddenError):
        desk.do("take_role", login.actor, login_id=login.login_id, role="admin")


def test_nobody_touches_another_persons_login(desk: Desk) -> None:
    token = at_work(desk)
    login = signed_in(desk.world, token)
    assert login is not None
    stranger = staff("servicing")
    for flow, more in (
        ("sign_out_staff", {}),
        ("keep_staff_signed_in", {}),
        ("take_role", {"role": "servicing"}),
        ("change_password", {"old_password": SECOND, "new_password": FIRST}),
    ):
        with pytest.raises(NotFoundError):
            desk.do(flow, stranger, login_id=login.login_id, **more)
    assert staff_at(desk.world, token) is not None


def test_changing_the_password_ends_other_logins(desk: Desk) -> None:
    added(desk)
    _, one = sign_in(desk)
    _, other = sign_in(desk)
    changed(desk, one)
    assert signed_in(desk.world, one) is not None
    assert signed_in(desk.world, other) is None


def test_a_disabled_account_is_out_at_once_and_cannot_come_back(desk: Desk) -> None:
    token = at_work(desk)
    login = signed_in(desk.world, token)
    assert login is not None
    account_id = login.account["account_id"]
    desk.do("disable_account", SYSTEM, account_id=account_id)
    assert signed_in(desk.world, token) is None
    assert sign_in(desk, SECOND)[0] == {"signed_in": False, "reason": "wrong"}
    with pytest.raises(ConflictError):
        desk.do("disable_account", SYSTEM, account_id=account_id)


@pytest.mark.parametrize(
    ("field", "more"),
    [
        ("user_name", {"name": "Lu Wen"}),
        ("user_name", {"name": "x"}),
        ("roles", {"roles": ()}),
        ("roles.0", {"roles": ("system",)}),
        ("entity", {"entity": "haitai"}),
        ("new_password", {"password": "short"}),
        ("new_password", {"password": "aaaaaaaaaaaaaaaaaa"}),
        ("new_password", {"password": "I am LU.WEN, hello"}),
    ],
)
def test_an_account_that_makes_no_sense_is_refused(
    desk: Desk, field: str, more: dict[str, Any]
) -> None:
    with pytest.raises(InputError) as raised:
        added(desk, **more)
    assert raised.value.field == field


def test_a_user_name_belongs_to_one(desk: Desk) -> None:
    added(desk)
    with pytest.raises(ConflictError) as raised:
        added(desk, entity="pujiang_bank")
    assert raised.value.code == "staff.name_taken"


def test_only_a_proposal_or_the_system_adds_and_disables(desk: Desk) -> None:
    account_id = added(desk)["account_id"]
    for flow, request in (
        ("disable_account", {"account_id": account_id}),
        ("add_account", {"entity": LENDER, "user_name": "abc", "display_name": "x", "roles": []}),
    ):
        with pytest.raises(ForbiddenError):
            desk.do(flow, staff("admin"), **request)


def test_signing_in_is_on_record(desk: Desk) -> None:
    account_id = added(desk)["account_id"]
    sign_in(desk)
    rows = desk.world.store.rows("audit", {"action": "sign_in"})
    assert [(row["actor"], row["entity"]) for row in rows] == [(account_id, LENDER)]


def test_capitals_and_blanks_of_a_name_do_not_matter(desk: Desk) -> None:
    added(desk)
    assert sign_in(desk, name=" Lu.Wen ")[0]["signed_in"] is True


def test_every_answer_to_a_sign_in_costs_one_check(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    added(desk)
    checks: list[str] = []
    real = keys._scrypt  # noqa: SLF001 - the work itself is what is counted

    def counted(password: str, salt: bytes, work: tuple[int, int, int]) -> bytes:
        checks.append(password)
        return real(password, salt, work)

    monkeypatch.setattr(keys, "_scrypt", counted)
    costs = []
    for name in ("lu.wen", "nobody.here", "", "lu.wen", "lu.wen", "lu.wen", "lu.wen", "lu.wen"):
        checks.clear()
        sign_in(desk, "not the password", name)
        costs.append(len(checks))
    assert set(costs) == {1}  # the last tries met a locked name


def test_guesses_at_once_are_no_more_than_guesses_one_by_one(desk: Desk) -> None:
    added(desk)

    def guess(number: int) -> str:
        try:
            return str(sign_in(desk, f"not the password {number}")[0]["reason"])
        except ConflictError:
            return "no answer"

    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(guess, range(12)))
    assert 1 <= answers.count("wrong") <= 5
    while sign_in(desk, "not the password")[0]["reason"] == "wrong":
        answers.append("wrong")
    assert answers.count("wrong") == 5
