"""Sign in with a one-time code 短信验证码, stay signed in for a while, sign out.

A code follows from the installation's keys and its own id, so that it is stored nowhere; a login
is found by the keyed digest of a token that only its browser has. The login is the actor's id;
who the person is follows in `recognising`.
"""

from __future__ import annotations

import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated

from pydantic import StringConstraints

from sanshi.flows.world import Actor, Command, Decided, Flow, World
from sanshi.kernel.canonical import canonical_json
from sanshi.kernel.effects import Cell, Effects, Insert, Json, Take, Unique, Update
from sanshi.kernel.errors import ImpossibleError, NotFoundError
from sanshi.ports import Record

CODE_DIGITS = 6
CODE_MINUTES = 5
CODE_TRIES = 5
"""How often somebody may type a code: five guesses hit one of a million once in 200,000 times."""
RECOGNITION_TRIES = 5
"""How often somebody may say who they are before they need another code."""
WAIT_SECONDS = 60
"""How long a number waits for the next code."""
CODES_A_DAY = 10
"""How many codes a number is sent a day: whoever is pestered by others is not pestered long."""

IDLE_MINUTES = 30
"""How long a page may lie open: a contract takes a while to read."""
KEEP_MINUTES = 20
"""A login with less than this left is given the whole time again: not every look is a write."""
LONGEST_HOURS = 12

Mobile = Annotated[str, StringConstraints(pattern=r"^1[3-9][0-9]{9}$")]
Token = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]


class RequestCode(Command):
    """The mobile number that a code is wanted for."""

    mobile: Mobile


class SignIn(Command):
    """The number, the code it was sent, and the token that the browser will keep."""

    mobile: Mobile
    code: Annotated[str, StringConstraints(min_length=1, max_length=20)]
    token: Token


class OneLogin(Command):
    """The login that is meant."""

    login_id: str


@dataclass(frozen=True, slots=True)
class Login:
    """A login that holds; without `person_id` nobody knows yet who it is."""

    login_id: str
    person_id: str
    opened_at: datetime
    expires_at: datetime

    @property
    def actor(self) -> Actor:
        """Who acts with it."""
        return Actor(self.login_id, "consumer", person_id=self.person_id)

    def is_short(self, now: datetime) -> bool:
        """Whether it should be given more time, and may be."""
        return self.expires_at < min(now + timedelta(minutes=KEEP_MINUTES), _latest(self.opened_at))


def _request(world: World, _actor: Actor, command: RequestCode) -> Decided:
    blind, now = world.keys.blind("mobile", command.mobile), world.clock.now()
    sent = _codes(world, blind, now - timedelta(days=1))
    if sent and (left := _seconds_left(sent[-1], now)) > 0:
        return Decided({"sent": False, "reason": "too_soon", "wait_seconds": left})
    if len(sent) >= CODES_A_DAY:
        return Decided({"sent": False, "reason": "too_many", "wait_seconds": 0})
    code_id = world.ids.new("oc")
    row: dict[str, Cell] = {
        "code_id": code_id,
        "mobile_blind": blind,
        "sent_at": now,
        "expires_at": now + timedelta(minutes=CODE_MINUTES),
    }
    tries: dict[str, Cell] = {"counter": _tries(code_id), "remaining": CODE_TRIES}
    # Of two requests at once one alone follows upon the code before.
    last = sent[-1]["code_id"] if sent else f"none:{now:%Y-%m-%d}"
    one = Unique("code_after", f"{blind}:{last}", "", code_id)
    rows = (Insert("one_time_code", row), Insert("counter", tries))
    return Decided({"sent": True, "code_id": code_id}, Effects(rows=rows, guards=(one,)))


def _codes(world: World, blind: str, since: datetime) -> tuple[Record, ...]:
    return world.store.rows(
        "one_time_code", {"mobile_blind": blind}, order_by=("sent_at",), after={"sent_at": since}
    )


def _seconds_left(code: Record, now: datetime) -> int:
    passed: timedelta = now - code["sent_at"]
    return WAIT_SECONDS - int(passed.total_seconds())


def code_text(world: World, code_id: str) -> str:
    """Return the digits of a code, to be sent and never shown to anybody else."""
    number = int(world.keys.blind("one_time_code", code_id), 16)
    return f"{number % 10**CODE_DIGITS:0{CODE_DIGITS}d}"


def _sign_in(world: World, _actor: Actor, command: SignIn) -> Decided:
    blind, now = world.keys.blind("mobile", command.mobile), world.clock.now()
    sent = _codes(world, blind, now - timedelta(minutes=CODE_MINUTES))
    code_id = sent[-1]["code_id"] if sent else None
    if code_id is None or not _may_try(world, code_id):
        return Decided({"signed_in": False})
    tried = Effects(guards=(Take(_tries(code_id), 1),))
    typed = command.code.strip()
    if not typed.isascii() or not hmac.compare_digest(typed, code_text(world, code_id)):
        return Decided({"signed_in": False}, tried)
    login_id = world.ids.new("lg")
    row = _opened(world, login_id, command)
    once = Unique("one_time_code", code_id, "", login_id)
    asked: dict[str, Cell] = {
        "counter": recognitions(login_id),
        "remaining": RECOGNITION_TRIES,
    }
    done = Effects(rows=(Insert("login", row), Insert("counter", asked)), guards=(once,))
    answer: dict[str, Json] = {"signed_in": True, "login_id": login_id}
    return Decided(answer, tried + done)


def _opened(world: World, login_id: str, command: SignIn) -> dict[str, Cell]:
    wrapped_key, now = world.keys.new_data_key(), world.clock.now()
    number = canonical_json({"mobile": command.mobile})
    return {
        "login_id": login_id,
        "token_blind": world.keys.blind("login", command.token),
        "kind": "consumer",
        "subject": "",
        "mobile_blind": world.keys.blind("mobile", command.mobile),
        "wrapped_key": wrapped_key,
        "sealed": world.keys.seal(wrapped_key, number, login_id),
        "opened_at": now,
        "expires_at": now + timedelta(minutes=IDLE_MINUTES),
        "ended_at": None,
    }


def _may_try(world: World, code_id: str) -> bool:
    left = world.store.row("counter", counter=_tries(code_id))
    used = world.store.row("used_key", scope="one_time_code", key=code_id)
    return left is not None and left["remaining"] > 0 and used is None


def _tries(code_id: str) -> str:
    return f"code:{code_id}"


def recognitions(login_id: str) -> str:
    """Return the counter of how often somebody may still say who they are."""
    return f"recognise:{login_id}"


def login_at(world: World, token: str) -> Login | None:
    """Return the login of a browser's token; None: there is none, it has ended, or was too long."""
    row = world.store.row("login", token_blind=world.keys.blind("login", token), kind="consumer")
    if row is None or not _holds(world, row):
        return None
    return Login(row["login_id"], row["subject"], row["opened_at"], row["expires_at"])


def login_row(world: World, login_id: str) -> Record:
    """Return the row of a login that holds."""
    row = world.store.row("login", login_id=login_id, kind="consumer")
    if row is None or not _holds(world, row):
        raise NotFoundError("login.unknown", "There is no such login.", field="login_id")
    return row


def mobile_of(world: World, login: Record) -> str:
    """Return the number that somebody signed in with."""
    if login["wrapped_key"] is None or login["sealed"] is None:
        raise ImpossibleError("login.forgotten", "The number of this login was forgotten.")
    plain = world.keys.unseal(
        bytes(login["wrapped_key"]), bytes(login["sealed"]), login["login_id"]
    )
    data: Mapping[str, str] = json.loads(plain)
    return data["mobile"]


def _holds(world: World, row: Record) -> bool:
    now = world.clock.now()
    return row["ended_at"] is None and now < min(row["expires_at"], _latest(row["opened_at"]))


def _latest(opened_at: datetime) -> datetime:
    return opened_at + timedelta(hours=LONGEST_HOURS)


def _keep(world: World, actor: Actor, _command: Command) -> Decided:
    row = login_row(world, actor.actor_id)
    until = world.clock.now() + timedelta(minutes=IDLE_MINUTES)
    more = Update("login", {"login_id": row["login_id"]}, {"expires_at": until})
    return Decided({"kept": True}, Effects(rows=(more,)))


def _end(world: World, actor: Actor, command: OneLogin) -> Decided:
    if actor.role == "consumer" and actor.actor_id != command.login_id:
        raise NotFoundError("login.unknown", "There is no such login.", field="login_id")
    # The number goes with the login: what nobody needs any more is not kept.
    ended: dict[str, Cell] = {
        "ended_at": world.clock.now(),
        "wrapped_key": None,
        "sealed": None,
    }
    end = Update("login", {"login_id": command.login_id}, ended)
    return Decided({"signed_out": True}, Effects(rows=(end,)))


REQUEST_CODE = Flow("request_code", frozenset({"consumer"}), RequestCode, _request)
SIGN_IN = Flow("sign_in", frozenset({"consumer"}), SignIn, _sign_in)
KEEP_SIGNED_IN = Flow("keep_signed_in", frozenset({"consumer"}), Command, _keep)
SIGN_OUT = Flow("sign_out", frozenset({"consumer", "system"}), OneLogin, _end)
