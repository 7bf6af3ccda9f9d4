"""Perform a flow: role, idempotency key, decide, apply; again on a conflict, at most thrice."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from pydantic import ValidationError

from sanshi.flows.notices import with_notices
from sanshi.flows.world import Actor, C, Decided, Flow, World
from sanshi.kernel.canonical import digest
from sanshi.kernel.effects import Applied, Conflict, Effects, Json, Unique
from sanshi.kernel.errors import (
    ConflictError,
    ForbiddenError,
    ImpossibleError,
    InputError,
    SanshiError,
)
from sanshi.ports import Clock

TRIES = 3


class _OneDate:
    """A clock for one decision: the date may be switched meanwhile, but not within what it makes.

    Else an event could be of the day before and its postings of the day after.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._date: date | None = None

    def now(self) -> datetime:
        """Return the instant."""
        return self._clock.now()

    def business_date(self) -> date:
        """Return the business date that was open when it was first asked for."""
        if self._date is None:
            self._date = self._clock.business_date()
        return self._date


def perform(
    world: World, actor: Actor, flow: Flow[C], request: Mapping[str, Any], key: str | None = None
) -> Mapping[str, Json]:
    """Run one use case and return its answer once its effects are durable.

    With `key` the same request gives the same answer for ever; another request under the same
    key is refused. Keys are kept in the transaction of the effects they protect.
    """
    if actor.role not in flow.roles:
        raise ForbiddenError(
            "access.role",
            f"Role {actor.role} may not {flow.name.replace('_', ' ')}.",
            field="role",
            fix=f"Sign in as one of: {', '.join(sorted(flow.roles))}.",
        )
    if actor.role != "system":  # what the outside world says is taken in as it is
        _must_be_text(request, "")
    command = read_command(flow, request)
    request_hash = _hash(flow, request)
    scope = f"{flow.name}:{actor.entity or actor.person_id or actor.actor_id}"
    conflict = Conflict("version", flow.name)
    for _ in range(TRIES):
        if key is not None and (earlier := _earlier(world, scope, key, request_hash)) is not None:
            return earlier
        one_day = replace(world, clock=_OneDate(world.clock))
        try:
            decided = flow.decide(one_day, actor, command)
        except SanshiError:
            # A twin of this very request may have come through since the key was looked up.
            if key is None or (earlier := _earlier(world, scope, key, request_hash)) is None:
                raise
            return earlier
        told = with_notices(one_day, decided.effects)
        effects = told + _remember(scope, key, request_hash, decided)
        outcome = world.store.apply(effects) if effects else Applied()
        if isinstance(outcome, Applied):
            return decided.answer
        conflict = outcome
    raise _gave_up(conflict)


def read_command(flow: Flow[C], request: Mapping[str, Any]) -> C:
    """Type the request, or raise InputError naming the first field at fault."""
    try:
        return flow.command.model_validate(request)
    except ValidationError as error:
        first = error.errors()[0]
        raise InputError(
            "request.malformed",
            f"{first['msg']}.",
            field=".".join(str(part) for part in first["loc"]),
            fix=f"See `sanshi schema {flow.name}` for the fields and their types.",
        ) from error


def _must_be_text(value: object, field: str) -> None:
    """Refuse a character that stands in no text, and that not every database can keep."""
    if isinstance(value, str) and "\0" in value:
        raise InputError(
            "request.malformed",
            "This holds the character U+0000.",
            field=field,
            fix="Leave it out.",
        )
    if isinstance(value, Mapping):
        for name, inner in value.items():
            _must_be_text(name, field)
            _must_be_text(inner, f"{field}.{name}".strip("."))
    elif isinstance(value, list | tuple):
        for number, inner in enumerate(value):
            _must_be_text(inner, f"{field}.{number}".strip("."))


def _hash(flow: Flow[C], request: Mapping[str, Any]) -> str:
    """Hash what was sent. Text may pass every type and still have no written form."""
    try:
        return digest({"flow": flow.name, "request": dict(request)})
    except ImpossibleError as error:
        raise InputError(
            "request.malformed",
            error.message,
            field=error.field.removeprefix("$.request."),
            fix=error.fix,
        ) from error


def _earlier(world: World, scope: str, key: str, request_hash: str) -> Mapping[str, Json] | None:
    used = world.store.row("used_key", scope=scope, key=key)
    if used is None:
        return None
    if used["request_hash"] != request_hash:
        raise ConflictError(
            "idempotency.key_reused",
            "This Idempotency-Key was used for a different request.",
            field="Idempotency-Key",
            fix="Use a new key for a new request.",
        )
    answer: Mapping[str, Json] = used["answer"]
    return answer


def _remember(scope: str, key: str | None, request_hash: str, decided: Decided) -> Effects:
    if key is None:
        return Effects()
    return Effects(guards=(Unique(scope, key, request_hash, dict(decided.answer)),))


def _gave_up(conflict: Conflict) -> ConflictError:
    if conflict.kind == "counter" and conflict.what.startswith("order:"):
        return ConflictError(
            "conflict.counter",
            f"A payment of {conflict.what.removeprefix('order:')} is still under way.",
            fix="Wait until it has gone through, then send the same request again.",
        )
    return ConflictError(
        f"conflict.{conflict.kind}",
        f"{conflict.what} was changed by others at the same time.",
        fix="Read it again and repeat the request.",
    )
