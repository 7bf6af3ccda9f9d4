"""Sweep: let lapse what nobody took up in time, so that nothing stays open for ever."""

from __future__ import annotations

import structlog

from sanshi.flows.authorizations import VOID, lapsed
from sanshi.flows.perform import perform
from sanshi.flows.proposals import EXPIRE_PROPOSAL
from sanshi.flows.proposals import late as late_proposals
from sanshi.flows.sessions import EXPIRE_SESSION
from sanshi.flows.sign_in import SIGN_OUT
from sanshi.flows.world import World
from sanshi.jobs.outbox import JOB
from sanshi.kernel.errors import ConflictError

log = structlog.get_logger()


LOGINS_AT_ONCE = 200
"""How many logins one sweep ends at most; the next ends the others."""


def sweep(world: World) -> dict[str, int]:
    """Expire sessions and proposals, void signed loans that no shop had paid out, end logins.

    Returns how many of each.
    """
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
        "proposals": sum(
            _ended(world, EXPIRE_PROPOSAL, {"proposal_id": one}) for one in late_proposals(world)
        ),
        "logins": sum(_ended(world, SIGN_OUT, {"login_id": one}) for one in _left_open(world)),
    }


def _left_open(world: World) -> list[str]:
    """Return logins whose time is over: the number that somebody signed in with goes with them."""
    now = world.clock.now()
    where = {"kind": "consumer", "ended_at": None}
    rows = world.store.rows("login", where, order_by=("expires_at",), limit=LOGINS_AT_ONCE)
    return [row["login_id"] for row in rows if row["expires_at"] <= now]


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
