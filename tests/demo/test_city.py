"""The demo city: the same seed, the same city, whatever happens while it is made."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest

from demo import rebuild
from desks import packs
from sanshi.connectors.clock import SandboxTime
from sanshi.connectors.process import SandboxPlan, running_sandbox
from sanshi.connectors.sandbox.control import SandboxControl
from sanshi.demo import city
from sanshi.demo.chance import CityTime
from sanshi.demo.city import pass_day, plan_of, seed_city
from sanshi.demo.city_hash import city_hash
from sanshi.demo.city_keep import Folder
from sanshi.demo.city_plan import BUSINESS_DATE, Plan
from sanshi.demo.personas import Stage
from sanshi.flows.books import CHECK_BOOKS
from sanshi.flows.entities import entities
from sanshi.flows.perform import perform
from sanshi.flows.world import World
from sanshi.jobs.outbox import JOB
from sanshi.kernel.canonical import digest
from sanshi.kernel.errors import InputError
from sanshi.settings import Settings
from sanshi.wiring import Content, open_world, opened_date

SMALL = Plan(seed=7, consumers=16, days=12)
NOBODY = "http://127.0.0.1:9"
"""Where nothing answers: whoever only reads needs nothing outside."""

DATA = "UPDATE event SET data = json_set(data, "


class CutError(Exception):
    """The seeding ends here."""


@dataclass(frozen=True, slots=True)
class Twins:
    """Two cities of one seed: one made in one go elsewhere, one here that was cut short twice."""

    one: Folder
    said: str
    other: Folder
    other_hash: str


@pytest.fixture(scope="module")
def content() -> Content:
    return packs()


@pytest.fixture(scope="module")
def twins(run_folder: Path, tmp_path_factory: pytest.TempPathFactory, content: Content) -> Twins:
    """Return copies of both cities, which one process of this test run makes for all."""
    made = run_folder / "cities"
    with (run_folder / "cities.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (made / "said").exists():
            said = make_twins(Folder(made / "one"), Folder(made / "other"), content)
            (made / "said").write_text(said, "utf-8")
    own = tmp_path_factory.mktemp("cities")
    shutil.copytree(made, own, dirs_exist_ok=True)
    note = json.loads((own / "other/city.json").read_text("utf-8"))
    said = (own / "said").read_text("utf-8")
    return Twins(Folder(own / "one"), said, Folder(own / "other"), note["made"]["city_hash"])


def make_twins(one: Folder, other: Folder, content: Content) -> str:
    """Make both at the same time; returns what the one said that was made in one go."""
    with begun(one, SMALL) as process, pytest.MonkeyPatch.context() as patch:
        patch.setattr(city, "KEEP_SECONDS", 0.0)  # every morning, else a small city has none
        for day in (4, 9):
            with pytest.raises(CutError):
                seed_city(other, content, SMALL, passed=cut_on(day))
        seed_city(other, content, SMALL)
        said, _ = process.communicate()
    assert process.returncode == 0, said
    return said


@contextmanager
def begun(folder: Folder, plan: Plan) -> Iterator[subprocess.Popen[str]]:
    """Seed a city in a process of its own, where sets and dicts hash otherwise than here."""
    command = [sys.executable, "-c", "from sanshi.cli.main import main; main()", "demo"]
    command += ["--no-serve", "--folder", str(folder.path)]
    numbers = {"seed": plan.seed, "consumers": plan.consumers, "days": plan.days}
    command += [f"--{name}={number}" for name, number in numbers.items()]
    process = subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env=os.environ | {"PYTHONHASHSEED": "3"},
    )
    with process:
        try:
            yield process
        finally:
            process.kill()


def cut_on(day: int) -> city.Passed:
    def passed(days: int, _of: int, _came: int, _all: int) -> None:
        if days == day:
            raise CutError

    return passed


@contextmanager
def looked_at(folder: Folder, content: Content) -> Iterator[World]:
    settings = Settings(folder.url, folder.keys, (), NOBODY, "nobody")
    time = CityTime(opened_date(folder.url))
    with open_world(settings, content, time) as world:
        yield world


@contextmanager
def lived_in(folder: Folder, content: Content) -> Iterator[Stage]:
    today = opened_date(folder.url)
    with running_sandbox(SandboxPlan(folder.outside, today)) as outside:
        settings = Settings(folder.url, folder.keys, (), outside.base_url, outside.secret)
        control = SandboxControl(outside.base_url, outside.secret)
        time = SandboxTime(today)
        with open_world(settings, content, time) as world:
            yield Stage(world, time, control)
        control.close()


def copied(folder: Folder, to: Path) -> Folder:
    shutil.copytree(folder.path, to)
    return Folder(to)


def changed(folder: Folder, statement: str) -> None:
    with sqlite3.connect(folder.database) as database:
        assert database.execute(statement).rowcount > 0
    database.close()


# ── The same seed, the same city ──


def test_the_same_seed_gives_the_same_city_though_one_was_cut_short(twins: Twins) -> None:
    note = json.loads((twins.one.path / "city.json").read_text("utf-8"))
    assert note["made"]["city_hash"] == twins.other_hash
    assert f"hash {twins.other_hash}" in twins.said
    assert {"shenpu_bank", "haitai"} <= spoken_of(twins.one)


def spoken_of(folder: Folder) -> set[str]:
    with sqlite3.connect(folder.database) as database:
        rows = database.execute("SELECT entity FROM stream UNION SELECT merchant FROM loan")
        found = {name for (name,) in rows}
    database.close()
    return found


def test_the_city_follows_from_its_events(twins: Twins, content: Content) -> None:
    with looked_at(twins.one, content) as world:
        events = rebuild.streams(world)
        standing = {row["stream"]: row["stage"] for row in world.store.rows("stream")}
        assert rebuild.stages(events) == standing
        held = rebuild.stored_books(world)
        assert len(held) > 50
        assert books_hash(rebuild.books(world, events)) == books_hash(held)
        assert rebuild.summed_books(world) == held
        for entity in entities(world):
            checked = perform(world, JOB, CHECK_BOOKS, {"entity": entity})
            assert checked["differences"] == [], entity
        assert city_hash(world.store) == twins.other_hash


def books_hash(books: rebuild.Books) -> str:
    return digest([[*key, fen] for key, fen in sorted(books.items())])


@pytest.mark.parametrize(
    ("statement", "same"),
    [
        ("UPDATE posting SET amount_fen = amount_fen + 1 WHERE posting_id = 9", False),
        ("UPDATE event SET value_date = '2026-11-01' WHERE kind = 'agreed'", False),
        ("UPDATE event SET stage = 'other' WHERE kind = 'granted'", False),
        (f"{DATA}'$.amount_fen', 1) WHERE kind = 'disbursed'", False),
        (f"{DATA}'$.rail_reference', 'R') WHERE data LIKE '%\"rail_reference\":\"R%'", True),
        ("UPDATE event SET recorded_at = '2020-01-01T00:00:00.000000Z'", True),
    ],
)
def test_the_hash_sees_what_happened_and_not_who_wrote_it_down(
    twins: Twins, content: Content, tmp_path: Path, statement: str, *, same: bool
) -> None:
    folder = copied(twins.one, tmp_path / "city")
    changed(folder, statement)
    with looked_at(folder, content) as world:
        assert (city_hash(world.store) == twins.other_hash) is same


# ── A second start, and folders that hold something else ──


def test_a_city_that_is_there_is_not_made_again(twins: Twins) -> None:
    before = twins.one.database.stat().st_mtime_ns
    with begun(twins.one, SMALL) as process:
        said, _ = process.communicate()
    assert twins.other_hash in said
    assert twins.one.database.stat().st_mtime_ns == before


def test_another_city_is_not_made_in_its_place(twins: Twins, content: Content) -> None:
    with pytest.raises(InputError, match="another city") as refused:
        seed_city(twins.one, content, Plan(seed=8, consumers=16, days=12))
    assert refused.value.field == "folder"


def test_a_database_that_is_no_city_is_left_alone(content: Content, tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    folder.database.write_bytes(b"somebody's")
    with pytest.raises(InputError, match="no demo city"):
        seed_city(folder, content, SMALL)
    assert folder.database.read_bytes() == b"somebody's"


# ── The city lives on ──


def test_days_pass_in_a_city(twins: Twins, content: Content, tmp_path: Path) -> None:
    folder = copied(twins.other, tmp_path / "city")
    with lived_in(folder, content) as stage:
        world = stage.world
        assert plan_of(world) == SMALL
        people, paid = len(world.store.rows("person")), kinds(world, "repaid")
        report = pass_day(stage, 3)
        assert report["business_date"] == (BUSINESS_DATE + timedelta(days=2)).isoformat()
        assert world.clock.business_date() == BUSINESS_DATE + timedelta(days=3)
        assert len(world.store.rows("person")) > people
        assert kinds(world, "repaid") >= paid
        for entity in entities(world):
            checked = perform(world, JOB, CHECK_BOOKS, {"entity": entity})
            assert checked["differences"] == [], entity


def kinds(world: World, kind: str) -> int:
    return len(world.store.rows("event", {"kind": kind}))
