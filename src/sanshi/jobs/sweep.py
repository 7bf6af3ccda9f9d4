"""Sweep: let lapse what nobody took up in time, so that nothing stays open for ever."""

from __future__ import annotations

import structlog

from sanshi.flows.authorizations import VOID, lapsed
from sanshi.flows.perform import perform
from sanshi.flows.sessions import EXPIRE_SESSION
from sanshi.flows.world import World
from sanshi.jobs.outbox import JOB
from sanshi.kernel.errors import ConflictError

log = structlog.get_logger()


def sweep(world: World) -> dict[str, int]:
    """Expire sessions, and void signed loans that no shop had paid out; returns how many."""
    now = world.clock.now()
    open_sessions = world.store.in_stage(
        "checkout_session", "session_id", ("open", "in_review"), {}
    )
    late = [row["session_id"] for row in open_sessions if row["expires_at"] <= now]
    signed = world.store.in_stage("loan", "loan_id", ("pending",), {})
    gone = lapsed(world, signed, world.clock.business_date())
    return {
        "sessions": sum(_ended(world, EXPIRE_SESSION, {"session_id": one}) for one in late),
        "authorizations": sum(
            _ended(world, VOID, {"authorization_id": one, "because": "expired"}) for one in gone
        ),
    }


def _ended(world: World, flow: object, request: dict[str, str]) -> bool:
    try:
        perform(world, JOB, flow, request)  # type: ignore[arg-type] # flows of several commands
    except ConflictError as error:  # somebody was quicker
        log.info("sweep_left", code=error.code, **request)
        return False
    except Exception as error:  # noqa: BLE001 - one that cannot be ended holds up no other
        log.error("sweep_failed", error=type(error).__name__, **request)  # noqa: TRY400 - no values
        return False
    return True
