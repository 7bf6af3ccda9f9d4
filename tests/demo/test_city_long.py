"""The whole demo city, and one whose making is killed again and again."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import pytest

from demo import rebuild
from desks import packs
from sanshi.demo.chance import CityTime
from sanshi.demo.city import seed_city
from sanshi.demo.city_hash import city_hash
from sanshi.demo.city_keep import Folder
from sanshi.demo.city_people import Resident
from sanshi.demo.city_plan import Plan
from sanshi.flows.books import CHECK_BOOKS
from sanshi.flows.entities import entities
from sanshi.flows.loans import open_file
from sanshi.flows.perform import perform
from sanshi.flows.world import World
from sanshi.jobs.outbox import JOB
from sanshi.life import LIVES, Moves
from sanshi.loan.state import LoanState
from sanshi.settings import Settings
from sanshi.wiring import open_world

PAID_AT_ONCE = "every shop of the city is paid at once; a story lives with one that is not"
NOT_YET = {
    ("person", "erased"): "no flow erases anybody yet",
    ("quote", "expired"): "a quote lapses by its time; nothing marks it",
    ("application", "expired"): "no flow lets an application lapse yet",
    ("contract", "ended"): "no flow ends a contract when its loan is settled yet",
    ("loan", "written_off"): "two people at a desk write off; nobody in the city is given up",
    ("loan", "transferred"): "two people at a desk sell a loan; the city's lenders keep theirs",
    ("settlement", "carried"): PAID_AT_ONCE,
    ("settlement", "failed"): PAID_AT_ONCE,
    ("settlement", "ordered"): PAID_AT_ONCE,
    ("settlement", "paid"): PAID_AT_ONCE,
}
"""Stages that no flow leads to today, and those that the city does not come to."""

AT_THE_DESK = {"proposal"}
"""Lives that staff begin at their own pages, not people in the city."""

KILLED = Plan(seed=5, consumers=36, days=30)
SEEDED = "city.json"


def command(folder: Path, plan: Plan) -> list[str]:
    numbers = {"seed": plan.seed, "consumers": plan.consumers, "days": plan.days}
    return [
        sys.executable,
        "-c",
        "from sanshi.cli.main import main; main()",
        "demo",
        "--no-serve",
        f"--folder={folder}",
        *(f"--{name}={number}" for name, number in numbers.items()),
    ]


def hash_in(folder: Path) -> str | None:
    try:
        note = json.loads((folder / SEEDED).read_text("utf-8"))
    except FileNotFoundError:
        return None
    return None if note["made"] is None else str(note["made"]["city_hash"])


def ends(moves: Moves) -> set[str]:
    """Return every stage of a life."""
    return {stage for events in moves.values() for led in events.values() for stage in led}


@pytest.mark.long
@pytest.mark.timeout(1200)
def test_the_whole_city_reaches_every_stage_and_follows_from_its_events(tmp_path: Path) -> None:
    content, folder, plan = packs(), Folder(tmp_path / "city"), Plan()
    made = seed_city(folder, content, plan)
    settings = Settings(folder.url, folder.keys, (), "http://127.0.0.1:9", "nobody")
    with open_world(settings, content, CityTime(plan.last)) as world:
        events = rebuild.streams(world)
        standing = rebuild.stages(events)
        now = {(rebuild.KINDS[name[:2]], stage) for name, stage in standing.items()}
        lives = {kind: moves for kind, moves in LIVES.items() if kind not in AT_THE_DESK}
        possible = {(kind, stage) for kind, moves in lives.items() for stage in ends(moves)}
        assert possible - now == NOT_YET.keys()
        assert all(count > 0 for count in made.overdue.values()), made.overdue
        assert rebuild.books(world, events) == rebuild.stored_books(world)
        assert rebuild.summed_books(world) == rebuild.stored_books(world)
        for entity in entities(world):
            checked = perform(world, JOB, CHECK_BOOKS, {"entity": entity})
            assert checked["differences"] == [], entity
        assert city_hash(world.store) == made.city_hash
        as_planned(world, plan)
        for persona, who in plan.personas:
            assert LIKE[persona.full_name](standing_of(world, who)), persona.full_name


def as_planned(world: World, plan: Plan) -> None:
    """Nearly everybody who was to sign has a loan, and each way with goods ended as it should."""
    signing = [one for one in plan.shoppers if "sign" in {name for _, name in one.acts}]
    came: dict[str, list[tuple[str, LoanState]]] = defaultdict(list)
    for shopper in signing:
        now = standing_of(world, shopper.resident)
        came[shopper.path.name] += zip(now.loans, now.states, strict=True)
    assert sum(map(len, came.values())) > len(signing) * 95 // 100
    assert {stage for stage, _ in came["returns_all"]} == {"settled"}
    assert all(state.goods_returned_fen for _, state in came["gets_part_only"])
    assert all(state.credit_fen for _, state in came["is_owed_money"])
    assert not any(state.credit_fen for _, state in came["got_money_back"])
    assert {stage for stage, _ in came["settles_at_term"]} == {"settled"}
    assert {stage for stage, _ in came["shop_forgets"]} == {"cancelled"}
    assert {stage for stage, _ in came["rail_silent"]} == {"disbursement_unknown"}


@dataclass(frozen=True, slots=True)
class Standing:
    """What has become of somebody."""

    applications: list[str]
    contracts: list[str]
    loans: list[str]
    states: list[LoanState]


LIKE: Mapping[str, Callable[[Standing], bool]] = {
    "何向阳": lambda now: now.loans == ["active"] and now.states[0].days_past_due == 0,
    "郑晚晴": lambda now: now.loans == ["active"] and 30 < now.states[0].days_past_due <= 60,
    "方舒然": lambda now: now.loans == ["settled"],
    "韩若水": lambda now: now.applications == ["declined"],
    "叶知秋": lambda now: not (now.applications or now.loans),
    "唐令仪": lambda now: now.loans == ["active"] and now.states[0].subsidy_fen > 0,
    "罗朝露": lambda now: now.loans == ["active", "active"],
    "顾南风": lambda now: now.loans == ["active"] and now.states[0].goods_returned_fen > 0,
    "苏暮云": lambda now: now.contracts == ["offered"],
    "陆星野": lambda now: now.applications == ["referred"],
}
"""Who one can be → whether they stand as their line says."""


def standing_of(world: World, who: Resident) -> Standing:
    blind = world.keys.blind("id_number", who.id_number)
    person = world.store.row("person", id_number_blind=blind)
    assert person is not None, who.full_name

    def stages(table: str) -> list[str]:
        rows = world.store.rows(table, {"person_id": person["person_id"]})
        return [world.store.standing(row[f"{table}_id"])[1] for row in rows]

    loans = world.store.rows("loan", {"person_id": person["person_id"]})
    day = world.clock.business_date()
    states = [open_file(world, row["loan_id"]).on(day) for row in loans]
    return Standing(stages("application"), stages("contract"), stages("loan"), states)


@pytest.mark.long
@pytest.mark.timeout(1200)
def test_a_city_killed_again_and_again_comes_to_the_same(tmp_path: Path) -> None:
    whole = tmp_path / "whole"
    subprocess.run(command(whole, KILLED), check=True, capture_output=True)
    cut = tmp_path / "cut"
    chance = random.Random("kills")
    for victims in (["all"], ["seeder"], ["sandbox"], ["all"], ["seeder"], ["sandbox"], ["all"]):
        begin_and_kill(cut, victims[0], chance.uniform(1, 9))
    done = subprocess.run(command(cut, KILLED), check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    assert hash_in(cut) == hash_in(whole) is not None


def begin_and_kill(folder: Path, victim: str, seconds: float) -> None:
    """Let a seeding live for some seconds after its sandbox is there, then kill who is named."""
    process = subprocess.Popen(
        command(folder, KILLED), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    with process:
        sandbox = sandbox_of(folder, process)
        with suppress(subprocess.TimeoutExpired):
            process.wait(seconds)
        if victim in {"all", "sandbox"} and sandbox:
            with suppress(ProcessLookupError):
                os.kill(sandbox, signal.SIGKILL)
        if victim in {"all", "seeder"}:
            process.kill()
        process.wait(60)


def sandbox_of(folder: Path, process: subprocess.Popen[bytes]) -> int:
    """Return the process that holds the sandbox's folder, once it is one of this seeding."""
    lock = folder / "outside/sandbox.lock"
    before = lock.read_text() if lock.exists() else ""
    while process.poll() is None:
        now = lock.read_text() if lock.exists() else ""
        if now not in {"", before}:
            return int(now)
        time.sleep(0.05)
    return 0
