"""Staff accounts 员工账户: who works for a lender, in which roles; how accounts begin and end.

The first password is known to whoever hands it over, so it opens the way to a new one alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from sanshi.flows.entities import PLATFORM
from sanshi.flows.world import Actor, Command, Decided, Flow, Role, World
from sanshi.kernel.effects import Cell, Effects, Insert, Json, Update
from sanshi.kernel.errors import ConflictError, ForbiddenError, InputError, NotFoundError
from sanshi.ports import Record

StaffRole = Literal["product", "risk", "servicing", "conduct", "audit", "admin"]
UserName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9._-]{2,39}$")]

MIN_PASSWORD_CHARS, MAX_PASSWORD_CHARS = 12, 128
_LEAST_KINDS = 5
"""How many different characters a password has at least."""
_LETTERS = "23456789abcdefghjkmnpqrstuvwxyz"
"""Characters of first passwords: none that looks like another."""
_GROUPS, _GROUP_CHARS = 4, 5


class AddAccount(Command):
    """Whose account, under which name, in which roles; without a password one is made up.

    Password and `must_change` are for whoever sets an installation or a sandbox up.
    """

    entity: str
    user_name: UserName
    display_name: Annotated[
        str, StringConstraints(min_length=1, max_length=40, strip_whitespace=True)
    ]
    roles: Annotated[tuple[StaffRole, ...], Field(strict=False, min_length=1)]
    password: str | None = None
    must_change: bool = True


class DisableAccount(Command):
    """The account that opens nothing any more."""

    account_id: str


class ResetPassword(Command):
    """The account whose password was forgotten, or never seen."""

    account_id: str


def _add(world: World, actor: Actor, command: AddAccount) -> Decided:
    must_be_own_house(actor, command.entity)
    if command.entity not in world.catalogue.lenders and command.entity != PLATFORM:
        raise InputError("staff.entity", f"There is no {command.entity!r}.", field="entity")
    if world.store.row("staff_account", user_name=command.user_name) is not None:
        raise ConflictError(
            "staff.name_taken",
            f"{command.user_name} is in use.",
            field="user_name",
            fix="Choose another user name.",
        )
    if actor.role != "system" and (command.password is not None or not command.must_change):
        # What somebody asks for is kept, and read by others.
        raise InputError("staff.password", "First passwords are made up.", field="password")
    if command.password is not None:
        must_be_strong(command.password, command.user_name)
    password = command.password or _made_up(world)
    account_id = world.ids.new("sa")
    row: dict[str, Cell] = {
        "account_id": account_id,
        "entity": command.entity,
        "user_name": command.user_name,
        "display_name": command.display_name,
        "roles": sorted(set(command.roles)),
        "password_hash": world.keys.hash_password(password),
        "must_change": int(command.must_change),
        "created_on": world.clock.business_date(),
        "disabled_on": None,
    }
    answer: dict[str, Json] = {"account_id": account_id, "user_name": command.user_name}
    if command.password is None:
        answer["first_password"] = password
    return Decided(answer, Effects(rows=(Insert("staff_account", row),)))


def _made_up(world: World) -> str:
    letters = [_LETTERS[byte % len(_LETTERS)] for byte in world.keys.salt()]
    size = _GROUP_CHARS
    return "-".join("".join(letters[n * size : (n + 1) * size]) for n in range(_GROUPS))


def _disable(world: World, actor: Actor, command: DisableAccount) -> Decided:
    row = account_of_entity(world, actor, command.account_id)
    if row["account_id"] == actor.actor_id:
        raise ConflictError(
            "staff.own_account", "Nobody disables their own account.", field="account_id"
        )
    if row["disabled_on"] is not None:
        raise ConflictError(
            "staff.disabled", "This account is disabled already.", field="account_id"
        )
    day = world.clock.business_date()
    mark = Update("staff_account", {"account_id": row["account_id"]}, {"disabled_on": day})
    answer = {"account_id": row["account_id"], "disabled_on": day.isoformat()}
    return Decided(answer, Effects(rows=(mark, *ended_logins(world, row["account_id"]))))


def _reset(world: World, actor: Actor, command: ResetPassword) -> Decided:
    row = account_of_entity(world, actor, command.account_id)
    if row["disabled_on"] is not None:
        raise ConflictError("staff.disabled", "This account is disabled.", field="account_id")
    password = _made_up(world)
    values: dict[str, Cell] = {
        "password_hash": world.keys.hash_password(password),
        "must_change": 1,
    }
    mark = Update("staff_account", {"account_id": row["account_id"]}, values)
    answer: dict[str, Json] = {
        "account_id": row["account_id"],
        "user_name": row["user_name"],
        "first_password": password,
    }
    return Decided(answer, Effects(rows=(mark, *ended_logins(world, row["account_id"]))))


def account_of_entity(world: World, actor: Actor, account_id: str) -> Record:
    """Return an account of the actor's institution; another's does not exist for them."""
    row = world.store.row("staff_account", account_id=account_id)
    if row is None or (actor.role != "system" and actor.entity != row["entity"]):
        raise NotFoundError("staff.unknown", "There is no such account.", field="account_id")
    return row


def ended_logins(world: World, account_id: str, but: str = "") -> Sequence[Update]:
    """Return what ends every login of an account, except one."""
    where: dict[str, Cell] = {"kind": "staff", "subject": account_id, "ended_at": None}
    return tuple(
        Update("login", {"login_id": row["login_id"]}, {"ended_at": world.clock.now()})
        for row in world.store.rows("login", where)
        if row["login_id"] != but
    )


def must_be_own_house(actor: Actor, entity: str) -> None:
    """Accounts and keys are matters of one's own institution."""
    if actor.role != "system" and actor.entity != entity:
        raise ForbiddenError("access.other_entity", "This belongs to another institution.")


def must_be_strong(password: str, user_name: str) -> None:
    """Refuse a password that is short, simple, or says whose it is."""
    fits = MIN_PASSWORD_CHARS <= len(password) <= MAX_PASSWORD_CHARS
    if not fits or len(set(password)) < _LEAST_KINDS or user_name in password.casefold():
        raise InputError(
            "staff.weak_password",
            "This password is too easy to guess.",
            field="new_password",
            fix=f"Use {MIN_PASSWORD_CHARS} to {MAX_PASSWORD_CHARS} characters, "
            "several different ones, without the user name.",
        )


_WHO: frozenset[Role] = frozenset({"system"})
# An administrator asks for these by a proposal, which somebody else approves.
ADD_ACCOUNT = Flow("add_account", _WHO, AddAccount, _add, frozenset({"first_password"}))
RESET_PASSWORD = Flow("reset_password", _WHO, ResetPassword, _reset, frozenset({"first_password"}))
DISABLE_ACCOUNT = Flow("disable_account", _WHO, DisableAccount, _disable)
