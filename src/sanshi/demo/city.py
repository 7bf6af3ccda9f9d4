"""The demo city: some hundred invented residents（虚构）, and loans in every stage.

Everything is made by running the flows day by day with the real close, never by rows. The same
seed gives the same city, and one that was cut short goes on. It lives on afterwards: `pass_day`.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

import structlog

from sanshi.connectors.keyfile import read_key_file
from sanshi.connectors.process import SandboxPlan, running_sandbox
from sanshi.connectors.sandbox.control import SandboxControl
from sanshi.demo.chance import CityTime, SeededIds, SeededKeys
from sanshi.demo.city_acts import ACTS
from sanshi.demo.city_hash import city_hash, overdue_of, stages_of
from sanshi.demo.city_keep import Folder, Made
from sanshi.demo.city_office import office_day
from sanshi.demo.city_plan import Plan
from sanshi.demo.city_visit import Visit
from sanshi.demo.days import live_through
from sanshi.demo.personas import Stage
from sanshi.flows.world import World
from sanshi.kernel.effects import Applied, Effects, Insert
from sanshi.kernel.errors import SanshiError
from sanshi.settings import Settings
from sanshi.wiring import Content, open_world, opened_date, set_up

KEEP_SECONDS = 4.0
"""After how much work both files are kept, at the next morning: this much is done again at most."""
MORNING, EVENING = 9, 20
_MARK = "city:"
_PARTS = ("seed", "consumers", "days")

Passed = Callable[[int, int, int, int], None]
"""Called as days pass: how many are over, of all; how many residents have come, of all."""

log = structlog.get_logger()


def silent(_days: int, _of: int, _came: int, _all: int) -> None:
    """Report nothing."""


@dataclass(frozen=True, slots=True)
class _Seeding:
    """A seeding under way, with chance that repeats itself."""

    stage: Stage
    time: CityTime
    ids: SeededIds
    keys: SeededKeys

    def morning(self, day: date) -> None:
        """Begin a day: its hour, its ids, its salts follow from the seed and the date alone."""
        self.time.stand_at(day, MORNING)
        self.ids.begin(day)
        self.keys.begin(day)

    def evening(self, day: date) -> None:
        """Close a day."""
        self.time.stand_at(day, EVENING)
        live_through(self.stage.world, self.time, self.stage.outside, day)


def seed_city(
    folder: Folder,
    content: Content,
    plan: Plan,
    *,
    marks: Mapping[str, int] | None = None,
    passed: Passed = silent,
) -> Made:
    """Make a city, or go on with one that was cut short; returns the one that is there.

    `marks` are counters that the database shall have from its first moment.
    """
    made = folder.made(plan)
    if made is not None:
        return made
    packs = content.catalogue.pack_hash
    began = time.monotonic()
    folder.begin(plan, packs)
    with _opened(folder, content, plan, marks or {}) as seeding:
        _live(folder, seeding, plan, passed)
        world = seeding.stage.world
        made = Made(
            business_date=plan.last.isoformat(),
            city_hash=city_hash(world.store),
            stages=stages_of(world.store),
            overdue=overdue_of(world),
            seconds=int(time.monotonic() - began),
        )
    folder.finish(plan, packs, made)
    return made


def _live(folder: Folder, seeding: _Seeding, plan: Plan, passed: Passed) -> None:
    """Live through every day that is left, up to the pinned date's morning."""
    day = seeding.stage.world.clock.business_date()
    kept = time.monotonic()
    while True:
        if time.monotonic() > kept + KEEP_SECONDS:
            folder.keep(day)
            kept = time.monotonic()
        seeding.morning(day)
        visits(seeding.stage, plan, day)
        passed((day - plan.first).days, plan.days, plan.came_by(day), plan.consumers)
        if day == plan.last:
            return
        seeding.evening(day)
        day += timedelta(days=1)


@contextmanager
def _opened(
    folder: Folder, content: Content, plan: Plan, marks: Mapping[str, int]
) -> Iterator[_Seeding]:
    set_up(folder.url, plan.first)
    sandbox = SandboxPlan(folder.outside, opened_date(folder.url))
    with ExitStack() as things:
        outside = things.enter_context(running_sandbox(sandbox))
        control = SandboxControl(outside.base_url, outside.secret)
        things.callback(control.close)
        hand = CityTime(plan.first)
        settings = Settings(folder.url, folder.keys, (), outside.base_url, outside.secret)
        world = things.enter_context(open_world(settings, content, hand))
        ids = SeededIds(hand.now, plan.seed)
        keys = SeededKeys(read_key_file(folder.keys), plan.seed)
        world = replace(world, ids=ids, keys=keys)
        numbers = {_MARK + name: getattr(plan, name) for name in _PARTS}
        for name, number in {**marks, **numbers}.items():
            _mark(world, name, number)
        yield _Seeding(Stage(world, hand, control), hand, ids, keys)


def visits(stage: Stage, plan: Plan, day: date, *, forgiving: bool = False) -> None:
    """Let everybody do what the plan has for a morning, and the offices their work.

    `forgiving`: what cannot be done is left, because others use the city as well.
    """
    office_day(stage, day, plan.last)
    for shopper, name in plan.on(day):
        try:
            ACTS[name](Visit(stage, shopper))
        except SanshiError as error:
            if not forgiving:
                raise
            log.info("act_left", act=name, code=error.code)


def plan_of(world: World) -> Plan | None:
    """Return the plan of the city that a database holds; None if it holds none."""
    rows = [world.store.row("counter", counter=_MARK + name) for name in _PARTS]
    numbers = [int(row["remaining"]) for row in rows if row is not None]
    if len(numbers) < len(_PARTS):
        return None
    seed, consumers, days = numbers
    return Plan(seed, consumers, days)


def pass_day(stage: Stage, days: int = 1) -> Mapping[str, Any]:
    """Let days pass in a city: each evening is closed, and the next morning people come again.

    Who paid on time still does, and new residents come. Returns the report of the last close.
    """
    report: Mapping[str, Any] = {}
    with stage.days:
        plan = plan_of(stage.world)
        for _ in range(days):
            today = stage.world.clock.business_date()
            report = live_through(stage.world, stage.time, stage.outside, today)
            morning = today + timedelta(days=1)
            # A morning comes once, even if somebody is interrupted in the middle of it.
            if plan is not None and _mark(stage.world, f"{_MARK}morning:{morning}", 1):
                visits(stage, plan, morning, forgiving=True)
    return report


def _mark(world: World, name: str, number: int) -> bool:
    """Set a counter that is not there yet; says whether it was not."""
    row = Insert("counter", {"counter": name, "remaining": number})
    return isinstance(world.store.apply(Effects(rows=(row,))), Applied)
