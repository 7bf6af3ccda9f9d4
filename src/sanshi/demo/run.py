"""Run a story on a world and say, step by step, what was expected and what came."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from sanshi.connectors.clock import HandTime
from sanshi.connectors.sandbox.control import SandboxControl
from sanshi.demo.days import live_through
from sanshi.demo.story import Expected, Step, Story
from sanshi.flows.entities import PLATFORM
from sanshi.flows.perform import perform
from sanshi.flows.registry import FLOWS
from sanshi.flows.world import Actor, World
from sanshi.jobs.outbox import deliver, enquire_open
from sanshi.kernel.errors import InputError, SanshiError
from sanshi.kernel.money import parse_yuan

_PART = re.compile(r"([A-Za-z0-9_]+)|\[(\d+|#|-1)\]|\[([a-z_]+)=([^\]]+)\]")


@dataclass(frozen=True, slots=True)
class Mismatch:
    """A figure that came out otherwise."""

    step: int
    at: str
    expected: object
    came: object


def agreed_in(world: World, story: Story) -> World:
    """Return the world in which shops are paid as a story says."""
    shops = dict(world.catalogue.merchants)
    for name, settlement in story.agreements.items():
        shops[name] = shops[name].model_copy(update={"settlement": settlement})
    return replace(world, catalogue=replace(world.catalogue, merchants=shops))


@dataclass(slots=True)
class StoryRun:
    """A story under way on a world whose time is moved by hand."""

    world: World
    time: HandTime
    outside: SandboxControl
    story: Story
    kept: dict[str, Any] = field(default_factory=dict)
    mismatches: list[Mismatch] = field(default_factory=list)
    answers: list[Any] = field(default_factory=list)

    def run(self) -> list[Mismatch]:
        """Run every step; return what did not come out as expected."""
        self.world = agreed_in(self.world, self.story)
        self.outside.set_date(self.world.clock.business_date())
        for number, step in enumerate(self.story.steps, start=1):
            answer = self._step(number, step)
            self.answers.append(answer)
            for expected in step.expect:
                self._compare(number, expected, answer)
            for name, path in step.keep.items():
                self.kept[name] = look(answer, path)
        return self.mismatches

    def _step(self, number: int, step: Step) -> Any:  # noqa: ANN401 - an answer of any flow
        if step.fault is not None:
            self.outside.queue_fault(*step.fault)  # type: ignore[arg-type] # the sandbox checks the words
        if step.balance:
            amounts = {self._value(k): parse_yuan(v) for k, v in step.balance.items()}
            self.outside.set_accounts(amounts)
        if step.job is not None:
            return self._job(step)
        if step.do is None:
            return {}
        try:
            answer = self._perform(step)
        except SanshiError as error:
            if step.fails is None:
                raise
            if error.code != step.fails:
                self.mismatches.append(Mismatch(number, "fails", step.fails, error.code))
            return {"code": error.code, "field": error.field, "message": error.message}
        if step.fails is not None:
            self.mismatches.append(Mismatch(number, "fails", step.fails, "accepted"))
        return answer

    def _perform(self, step: Step) -> Mapping[str, Any]:
        if step.do is None or step.do not in FLOWS:
            raise InputError("story.flow", f"There is no flow {step.do!r}.", field="do")
        actor = Actor(
            actor_id=f"story:{step.actor}",
            role=step.actor,  # type: ignore[arg-type] # a wrong role is refused by perform
            entity="" if step.actor == "consumer" else self.story.entity,
            person_id=self.kept.get("person", "") if step.actor == "consumer" else "",
        )
        request = {name: self._value(value) for name, value in step.request.items()}
        return perform(self.world, actor, FLOWS[step.do], request, step.key)

    def _value(self, value: Any) -> Any:  # noqa: ANN401 - as the story has it
        """Put kept values in place of $name."""
        if isinstance(value, str) and "$" in value:
            if value.startswith("$") and value[1:] in self.kept:
                return self.kept[value[1:]]
            for name, kept in self.kept.items():
                value = value.replace(f"${name}", str(kept))
        return value

    def _job(self, step: Step) -> dict[str, Any]:
        match step.job:
            case "deliver":
                done = deliver(self.world)
                return {"sent": done.sent, "unanswered": done.unanswered}
            case "enquire":
                return {"asked": enquire_open(self.world, self.story.entity)}
            case "wait":
                self.time.move(seconds=step.seconds)
                return {}
            case "close":
                return self.close_until(step.until)
            case None:
                return {}

    def close_until(self, last: date) -> dict[str, Any]:
        """Live through each day: direct debits, sending, enquiry, close, reconciliation."""
        involved = (self.story.entity, PLATFORM)
        return live_through(self.world, self.time, self.outside, last, only=involved)

    def _compare(self, number: int, expected: Expected, answer: object) -> None:
        came = look(answer, expected.at)
        wanted = self._value(expected.value)
        if came != wanted:
            self.mismatches.append(Mismatch(number, expected.at, wanted, came))


def look(answer: Any, path: str) -> Any:  # noqa: ANN401 - any part of an answer
    """Return the part of an answer at a path; `[#]` counts, `[name=value]` picks, None: absent."""
    at = answer
    for name, index, key, value in _PART.findall(path):
        if name:
            at = at.get(name) if isinstance(at, Mapping) else None
        elif index == "#":
            at = len(at)
        elif index:
            at = at[int(index)] if at else None
        else:
            at = next((item for item in at or () if str(item.get(key)) == value), None)
    return at
