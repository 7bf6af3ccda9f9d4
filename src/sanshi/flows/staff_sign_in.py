"""Staff at the desk: sign in with a password, sit in one role at a time, sign out.

A login is found by the keyed digest of a token that only its browser has. A name that nobody has
takes as long, is counted and is locked like any other: nobody learns here who works for whom.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated

from pydantic import StringConstraints

from sanshi.flows.api_keys import STAFF
from sanshi.flows.people import audited
from sanshi.flows.perform import perform
from sanshi.flows.staff import StaffRole, ended_logins, must_be_strong
from sanshi.flows.world import Actor, Command, Decided, Flow, World
from sanshi.kernel.effects import Cell, Effects, Insert, Json, Update
from sanshi.kernel.errors import ConflictError, ForbiddenError, InputError, NotFoundError
from sanshi.ports import Record

IDLE_MINUTES = 15
KEEP_MINUTES = 10
"""A login with less than this left is given the whole time again: not every look is a write."""
LONGEST_HOURS = 10
WRONG_TRIES = 5
LOCK_MINUTES = 15

Token = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]


class SignInStaff(Command):
    """User name and password as they were typed, and the token that the browser will keep."""

    user_name: Annotated[str, StringConstraints(max_length=200)]
    password: Annotated[str, StringConstraints(max_length=1000)]
    token: Token


class OneStaffLogin(Command):
    """The login that is meant."""

    login_id: str


class TakeRole(OneStaffLogin):
    """The role to sit in from now on."""

    role: StaffRole


class ChangePassword(OneStaffLogin):
    """The password one has, and the one it will be; other logins of the account end."""

    old_password: str
    new_password: str


@dataclass(frozen=True, slots=True)
class StaffLogin:
    """A login that holds. Without `role` its person has yet to take one."""

    login_id: str
    account: Record
    role: StaffRole | None
    expires_at: datetime
    opened_at: datetime

    @property
    def must_change(self) -> bool:
        """Whether a new password is needed before anything else."""
        return bool(self.account["must_change"])

    @property
    def actor(self) -> Actor:
        """Who acts: in the role taken, or in one of theirs while none is."""
        role = self.role or self.account["roles"][0]
        return Actor(self.account["account_id"], role, self.account["entity"])

    def is_short(self, now: datetime) -> bool:
        """Whether it should be given more time, and may be."""
        return self.expires_at < min(now + timedelta(minutes=KEEP_MINUTES), _latest(self.opened_at))


@dataclass(frozen=True, slots=True)
class Tries:
    """How often a name was tried in vain; every answer about it counts, one at a time."""

    blind: str
    now: datetime
    row: Record | None

    @property
    def locked(self) -> bool:
        """Whether the name opens nothing for now, whatever is typed."""
        return self._recent and self.row is not None and self.row["failures"] >= WRONG_TRIES

    @property
    def _recent(self) -> bool:
        return self.row is not None and self.row["last_at"] > self.now - timedelta(
            minutes=LOCK_MINUTES
        )

    def missed(self) -> Effects:
        """Return the effects of one more try in vain; a locked name counts no further."""
        if self.locked:
            return Effects()
        before = self.row["failures"] if self.row is not None and self._recent else 0
        return self._set(before + 1)

    def passed(self) -> Effects:
        """Return the effects of a try that was right."""
        return self._set(0) if self.row is not None and self.row["failures"] else Effects()

    def _set(self, failures: int) -> Effects:
        values: dict[str, Cell] = {"failures": failures, "last_at": self.now}
        if self.row is None:
            return Effects(rows=(Insert("sign_in_failure", {"name_blind": self.blind, **values}),))
        # Of tries at once only one is answered: the others find another count than they read.
        key = {"name_blind": self.blind, "failures": self.row["failures"]}
        return Effects(rows=(Update("sign_in_failure", key, values),))


def _tries(world: World, user_name: str) -> Tries:
    blind = world.keys.blind("staff_name", user_name)
    row = world.store.row("sign_in_failure", name_blind=blind)
    return Tries(blind, world.clock.now(), row)


def _sign_in(world: World, _actor: Actor, command: SignInStaff) -> Decided:
    user_name = command.user_name.strip().casefold()
    tries = _tries(world, user_name)
    account = world.store.row("staff_account", user_name=user_name)
    if account is not None and account["disabled_on"] is not None:
        account = None
    if account is None:  # costs what a real check costs
        world.keys.hash_password(command.password)
        right = False
    else:
        right = world.keys.password_fits(command.password, account["password_hash"])
    if account is None or not right or tries.locked:
        reason = "locked" if tries.locked else "wrong"
        return Decided({"signed_in": False, "reason": reason}, tries.missed())
    login_id = world.ids.new("lg")
    opened = _opened(world, login_id, account, command.token)
    roles = account["roles"]
    if len(roles) == 1:
        opened = opened + _sat_down(login_id, roles[0])
    seen = audited(
        world,
        Actor(account["account_id"], roles[0], account["entity"]),
        entity=account["entity"],
        action="sign_in",
        subject=account["account_id"],
        purpose="own",
    )
    answer: dict[str, Json] = {"signed_in": True, "login_id": login_id}
    return Decided(answer, opened + tries.passed() + seen)


def _opened(world: World, login_id: str, account: Record, token: str) -> Effects:
    now = world.clock.now()
    row: dict[str, Cell] = {
        "login_id": login_id,
        "token_blind": world.keys.blind("login", token),
        "kind": "staff",
        "subject": account["account_id"],
        "mobile_blind": "",
        "wrapped_key": None,
        "sealed": None,
        "opened_at": now,
        "expires_at": now + timedelta(minutes=IDLE_MINUTES),
        "ended_at": None,
    }
    return Effects(rows=(Insert("login", row),))


def _sat_down(login_id: str, role: str) -> Effects:
    return Effects(rows=(Insert("staff_seat", {"login_id": login_id, "role": role}),))


def _take_role(world: World, actor: Actor, command: TakeRole) -> Decided:
    login = _own(world, actor, command.login_id)
    if command.role not in login.account["roles"]:
        raise ForbiddenError("staff.role", "This account does not have that role.", field="role")
    answer = {"login_id": login.login_id, "role": command.role}
    if login.role is None:
        return Decided(answer, _sat_down(login.login_id, command.role))
    move = Update("staff_seat", {"login_id": login.login_id}, {"role": command.role})
    return Decided(answer, Effects(rows=(move,)))


def _change(world: World, actor: Actor, command: ChangePassword) -> Decided:
    login = _own(world, actor, command.login_id)
    account = login.account
    tries = _tries(world, account["user_name"])
    fits = world.keys.password_fits(command.old_password, account["password_hash"])
    if tries.locked or not fits:
        reason = "locked" if tries.locked else "wrong"
        return Decided({"changed": False, "reason": reason}, tries.missed())
    must_be_strong(command.new_password, account["user_name"])
    if command.new_password == command.old_password:
        raise InputError(
            "staff.same_password",
            "This is the password you have.",
            field="new_password",
            fix="Choose another one.",
        )
    hashed = world.keys.hash_password(command.new_password)
    # From the very password that was checked: of two changes at once only one is right.
    key = {"account_id": account["account_id"], "password_hash": account["password_hash"]}
    change = Update("staff_account", key, {"password_hash": hashed, "must_change": 0})
    others = ended_logins(world, account["account_id"], but=login.login_id)
    seen = audited(
        world,
        actor,
        entity=account["entity"],
        action="change_password",
        subject=account["account_id"],
        purpose="own",
    )
    return Decided({"changed": True}, Effects(rows=(change, *others)) + tries.passed() + seen)


def _keep(world: World, actor: Actor, command: OneStaffLogin) -> Decided:
    login = _own(world, actor, command.login_id)
    until = world.clock.now() + timedelta(minutes=IDLE_MINUTES)
    key: dict[str, Cell] = {"login_id": login.login_id, "ended_at": None}
    more = Update("login", key, {"expires_at": min(until, _latest(login.opened_at))})
    return Decided({"kept": True}, Effects(rows=(more,)))


def _end(world: World, actor: Actor, command: OneStaffLogin) -> Decided:
    login = _own(world, actor, command.login_id)
    end = Update("login", {"login_id": login.login_id}, {"ended_at": world.clock.now()})
    return Decided({"signed_out": True}, Effects(rows=(end,)))


def signed_in(world: World, token: str) -> StaffLogin | None:
    """Return the login of a browser's token; None: there is none, or it has ended."""
    row = world.store.row("login", token_blind=world.keys.blind("login", token), kind="staff")
    return None if row is None else _login(world, row)


def staff_at(world: World, token: str) -> tuple[Actor, Record] | None:
    """Return who acts with a token, and their account; None while they may not act yet.

    A login that runs out soon is given more time.
    """
    login = signed_in(world, token)
    if login is None or login.role is None or login.must_change:
        return None
    keep(world, login)
    return login.actor, login.account


def keep(world: World, login: StaffLogin) -> None:
    """Give a login that runs out soon the whole time again; one that has just ended stays so."""
    if not login.is_short(world.clock.now()):
        return
    try:
        perform(world, login.actor, KEEP_STAFF, {"login_id": login.login_id})
    except (ConflictError, NotFoundError):
        return


def _own(world: World, actor: Actor, login_id: str) -> StaffLogin:
    row = world.store.row("login", login_id=login_id, kind="staff", subject=actor.actor_id)
    login = None if row is None else _login(world, row)
    if login is None:
        raise NotFoundError("login.unknown", "There is no such login.", field="login_id")
    return login


def _login(world: World, row: Record) -> StaffLogin | None:
    now = world.clock.now()
    over = row["ended_at"] is not None or now >= min(row["expires_at"], _latest(row["opened_at"]))
    account = world.store.row("staff_account", account_id=row["subject"])
    if over or account is None or account["disabled_on"] is not None:
        return None
    seat = world.store.row("staff_seat", login_id=row["login_id"])
    role = seat["role"] if seat is not None and seat["role"] in account["roles"] else None
    return StaffLogin(row["login_id"], account, role, row["expires_at"], row["opened_at"])


def _latest(opened_at: datetime) -> datetime:
    return opened_at + timedelta(hours=LONGEST_HOURS)


SIGN_IN_STAFF = Flow("sign_in_staff", frozenset({"system"}), SignInStaff, _sign_in)
TAKE_ROLE = Flow("take_role", STAFF, TakeRole, _take_role)
CHANGE_PASSWORD = Flow("change_password", STAFF, ChangePassword, _change)
KEEP_STAFF = Flow("keep_staff_signed_in", STAFF, OneStaffLogin, _keep)
SIGN_OUT_STAFF = Flow("sign_out_staff", STAFF, OneStaffLogin, _end)
