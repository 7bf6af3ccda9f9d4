"""Steps: the next event of an object, its stage checked against the object's life."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from sanshi import life
from sanshi.flows.world import World
from sanshi.kernel.effects import Effects, Event, Json
from sanshi.kernel.errors import NotFoundError


@dataclass(frozen=True, slots=True)
class Standing:
    """Where an object stands: whose it is, its version and stage. Version 0: it is new."""

    kind: str
    stream: str
    entity: str
    version: int
    stage: str

    def step(
        self,
        event: str,
        *,
        value_date: date,
        booking_date: date,
        data: Mapping[str, Json],
        to: str | None = None,
    ) -> Event:
        """Return the next event, or raise ConflictError if it may not happen at this stage."""
        return Event(
            stream=self.stream,
            version=self.version + 1,
            kind=event,
            stage=life.move(self.kind, self.stage, event, to),
            entity=self.entity,
            value_date=value_date,
            booking_date=booking_date,
            data=data,
        )

    def after(self, events: int, stage: str | None = None) -> Standing:
        """Return where the object will stand after some more events, at a stage if it moves."""
        return replace(self, version=self.version + events, stage=stage or self.stage)


def new(kind: str, stream: str, entity: str) -> Standing:
    """Return the standing of an object that does not exist yet."""
    return Standing(kind, stream, entity, 0, life.NEW)


def standing(world: World, kind: str, stream: str, entity: str) -> Standing:
    """Return where an existing object stands."""
    version, stage = world.store.standing(stream)
    if version == 0:
        raise NotFoundError(f"{kind}.unknown", f"There is no {kind} {stream}.", field=f"{kind}_id")
    return Standing(kind, stream, entity, version, stage)


def today(world: World, at: Standing, event: str, to: str | None = None, **data: Json) -> Effects:
    """Return the effects of a step that happens on the open business date."""
    day = world.clock.business_date()
    return Effects(events=(at.step(event, value_date=day, booking_date=day, data=data, to=to),))
