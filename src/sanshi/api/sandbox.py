"""Calls that exist in a sandbox only: buyers who do their part by themselves, and a test clock."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Annotated, Literal

from fastapi import APIRouter, Request
from pydantic import Field

from sanshi.api import models as m
from sanshi.api.checkout import SessionId, session_answer
from sanshi.api.gate import InWorld, Shop
from sanshi.api.kit import Key, TaggedRoute
from sanshi.api.once import Answer, Attempt, once
from sanshi.api.problems import documented
from sanshi.demo.days import live_through
from sanshi.demo.personas import PERSONAS, Stage, complete
from sanshi.flows import sessions as s
from sanshi.flows.perform import perform
from sanshi.flows.world import Command

router = APIRouter(prefix="/v1/sandbox", route_class=TaggedRoute, tags=["sandbox"])

MAX_DAYS = 31
"""How many days one call may let pass: each is closed as a real one would be."""

PersonaName = Literal[
    "approve",
    "decline",
    "refer",
    "opt_out",
    "hardship",
    "rail_timeout",
    "coupon",
    "coupon_exhausted",
    "partial_refund",
]


class Buyer(Command):
    """Who comes to the checkout."""

    persona: PersonaName = "approve"


class Days(Command):
    """How many business dates are to pass."""

    days: Annotated[int, Field(ge=1, le=MAX_DAYS)] = 1


class Clock(m.Answer):
    """The business date that is open."""

    business_date: date


@router.post(
    "/checkout-sessions/{session_id}/complete",
    summary="Let a persona check out",
    responses=documented(401, 403, 404, 409, 413, 422),
)
def complete_session(
    session_id: SessionId, body: Buyer, key: Key, actor: Shop, request: Request
) -> m.Session:
    """Let an invented buyer go through the lender's steps, so that you need not click."""
    stage: Stage = request.app.state.stage
    world = stage.world
    perform(world, actor, s.VIEW_SESSION, {"session_id": session_id})  # it must be the shop's own
    asked = {"session_id": session_id, "persona": body.persona}

    def work() -> Answer:
        return complete(stage, session_id, PERSONAS[body.persona])

    answer = once(Attempt(world, actor, "sandbox_complete", key, asked), work)
    return session_answer(world, request, answer)


@router.post(
    "/clock",
    summary="Let days pass",
    responses=documented(401, 403, 409, 413, 422),
)
def pass_days(body: Days, key: Key, actor: Shop, world: InWorld, request: Request) -> Clock:
    """Close one business date after the other, with everything that a day brings.

    A sandbox has one clock for all its shops. A month takes some seconds.
    """
    stage: Stage = request.app.state.stage

    def work() -> Answer:
        with stage.days:
            last = world.clock.business_date() + timedelta(days=body.days - 1)
            live_through(world, stage.time, stage.outside, last)
            return {"business_date": world.clock.business_date().isoformat()}

    attempt = Attempt(world, actor, "sandbox_clock", key, {"days": body.days})
    return Clock.model_validate(once(attempt, work))


@router.get("/clock", summary="See the business date", responses=documented(401, 403))
def see_clock(actor: Shop, world: InWorld) -> Clock:
    """Return the business date that is open."""
    del actor
    return Clock(business_date=world.clock.business_date())
