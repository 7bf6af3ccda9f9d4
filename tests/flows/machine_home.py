"""Where the machine's worlds live: copies of one that has been lived in, and how they die."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, Literal, Protocol

import psycopg

import databases
from flows.machine_outside import BureauHere, IdentityHere, NoPhones, Outside, RailHere
from sanshi.connectors.clock import BusinessClock, HandTime
from sanshi.connectors.keyfile import read_key_file
from sanshi.connectors.keys import LocalKeys
from sanshi.documents.render import HtmlDocuments
from sanshi.flows.world import World
from sanshi.kernel.effects import Applied, Effects, Outcome
from sanshi.kernel.ids import RANDOM_BYTES, make_id
from sanshi.wiring import Content, open_date, open_store, set_up

Kind = Literal["sqlite", "postgres"]


class Crashed(BaseException):
    """The engine's process is dead from here on."""


@dataclass(slots=True)
class Fate:
    """When the process dies: so many writes or sendings from now, before or after the last."""

    left: int | None = None
    after: bool = False

    def comes(self, *, after: bool) -> None:
        """Die if the time has come."""
        if self.left is None or after != self.after:
            return
        self.left -= 1
        if self.left < 0:
            self.left = None
            raise Crashed


@dataclass(slots=True)
class CountedIds:
    """Ids that follow from the order in which they are asked for, so that a run can be repeated."""

    time: HandTime
    given: int = 0

    def new(self, prefix: str) -> str:
        self.given += 1
        return make_id(prefix, self.time.now(), self.given.to_bytes(RANDOM_BYTES))


class MortalStore:
    """The real store, which may die with its process just before or just after a commit."""

    def __init__(self, store: Any, fate: Fate) -> None:  # noqa: ANN401 - either of the two stores
        self._store = store
        self._fate = fate

    def apply(self, effects: Effects) -> Outcome:
        self._fate.comes(after=False)
        outcome: Outcome = self._store.apply(effects)
        if isinstance(outcome, Applied):
            self._fate.comes(after=True)
        return outcome

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever the store has
        return getattr(self._store, name)


class Databases(Protocol):
    """How one kind of database makes fresh copies."""

    def first(self) -> str:
        """Return the address of a fresh migrated database."""

    def copy(self, url: str) -> str:
        """Return the address of a copy; nobody may be connected to the original."""

    def drop(self, url: str) -> None:
        """Remove a database."""


@dataclass(slots=True)
class SqliteFiles:
    """SQLite files in a folder."""

    folder: Path
    template: Path
    made: int = 0

    def first(self) -> str:
        return self._copy_of(self.template)

    def copy(self, url: str) -> str:
        return self._copy_of(Path(url.removeprefix("sqlite:///")))

    def drop(self, url: str) -> None:
        path = Path(url.removeprefix("sqlite:///"))
        for leftover in path.parent.glob(path.name + "*"):
            leftover.unlink()

    def _copy_of(self, path: Path) -> str:
        self.made += 1
        return f"sqlite:///{shutil.copyfile(path, self.folder / f'{self.made}.db')}"


@dataclass(slots=True)
class PostgresDatabases:
    """Databases of the test run's server."""

    server: databases.Server
    made: int = 0

    def first(self) -> str:
        return self.server.url(self.server.clone())

    def copy(self, url: str) -> str:
        self.made += 1
        name = f"machine_{os.getpid()}_{self.made}"
        with psycopg.connect(
            host=str(self.server.folder),
            user=databases.SUPERUSER,
            dbname="postgres",
            autocommit=True,
        ) as connection:
            statement = f"CREATE DATABASE {name} TEMPLATE {_name(url)} STRATEGY file_copy"
            connection.execute(statement.encode())
        return self.server.url(name)

    def drop(self, url: str) -> None:
        self.server.drop(_name(url))


def _name(url: str) -> str:
    return url.partition("@/")[2].partition("?")[0]


@dataclass(slots=True)
class Life:
    """One machine's database, outside world and time; the engine over them may die and return."""

    url: str
    folder: Path
    outside: Outside
    time: HandTime
    ids: CountedIds
    keys: LocalKeys
    content: Content
    documents: HtmlDocuments
    fate: Fate = field(default_factory=Fate)
    world: World = field(init=False)
    _store: Any = field(init=False, default=None)

    def open(self) -> None:
        """Start the engine over what the database holds."""
        self._store = open_store(self.url, self.time.now)
        store = MortalStore(self._store, self.fate)
        clock = BusinessClock(self.time, lambda: open_date(self._store))
        self.world = World(
            store=store,
            clock=clock,
            ids=self.ids,
            keys=self.keys,
            identity=IdentityHere(self.outside),
            bureau=BureauHere(self.outside),
            messages=NoPhones(),
            payments=RailHere(self.outside, lambda: self.fate.comes(after=True)),
            documents=self.documents,
            catalogue=self.content.catalogue,
            policies=self.content.policies,
            chart=self.content.chart,
        )

    def die(self) -> None:
        """End the engine. What it had committed stays, what it was about to do is forgotten.

        Calls are made one by one here, so at this moment nothing waits in the writer's queue, and
        letting go of the file is all that is left of a death.
        """
        self.fate.left = None
        self._store.close()

    def close(self) -> None:
        """End everything."""
        self.die()
        self.outside.close()


@dataclass(slots=True)
class Home:
    """Makes lives: each begins as a copy of one that was lived through the flows."""

    folder: Path
    databases: Databases
    content: Content
    keys: LocalKeys = field(init=False)
    documents: HtmlDocuments = field(init=False)
    """One for all lives: it keeps nothing but the templates, which take long to compile."""
    made: int = 0
    _seed: Life | None = None

    def __post_init__(self) -> None:
        self.keys = LocalKeys(read_key_file(self.folder / "keys.json", create=True))
        self.documents = HtmlDocuments(self.content.catalogue.texts)

    def begin(self, business_date: date) -> Life:
        """Return a life with nothing in it, at ten in the morning in Shanghai."""
        url = self.databases.first()
        set_up(url, business_date)
        start = datetime.combine(business_date, datetime.min.time(), UTC) + timedelta(hours=2)
        life = self._life(url, self._outside(), start)
        life.outside.rail.set_date(business_date.isoformat())
        return life

    def keep(self, life: Life) -> None:
        """Let every later life begin as this one ends."""
        life.close()
        self._seed = life

    def again(self) -> Life:
        """Return a copy of the life that was kept."""
        assert self._seed is not None
        folder = self._outside()
        shutil.copytree(self._seed.folder, folder)
        url = self.databases.copy(self._seed.url)
        return self._life(url, folder, self._seed.time.now(), self._seed.ids.given)

    def end(self) -> None:
        """Remove the past too."""
        if self._seed is not None:
            self.databases.drop(self._seed.url)

    def forget(self, life: Life) -> None:
        """End a life and remove what it left."""
        life.close()
        self.databases.drop(life.url)
        shutil.rmtree(life.folder)

    def _outside(self) -> Path:
        self.made += 1
        return self.folder / f"outside-{self.made}"

    def _life(self, url: str, folder: Path, now: datetime, given: int = 0) -> Life:
        time = HandTime(now)
        ids = CountedIds(time, given)
        outside = Outside(folder)
        life = Life(url, folder, outside, time, ids, self.keys, self.content, self.documents)
        life.open()
        return life


@contextmanager
def quick_folder() -> Iterator[Path]:
    """Give a folder in memory where there is one: no test here cuts the power."""
    memory = Path("/dev/shm")  # noqa: S108 - only a folder of our own is made there
    with tempfile.TemporaryDirectory(dir=memory if memory.is_dir() else None) as name:
        yield Path(name)
