"""A siege: people buy while the worker is killed at chosen moments and started again."""

from __future__ import annotations

import random
import socket
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psycopg

from dumps import state_hash
from faults import audit
from faults.client import Acknowledged, Client, Journal
from faults.door import PATH, SECRET
from faults.engine import Engine, Running, listening
from faults.rail_log import Tail
from faults.shopper import Calendar, Mall, next_purchase, shop
from faults.worker import FastTime, Orders, first_instant
from sanshi.connectors.process import SandboxPlan, SandboxProcess, running_sandbox
from sanshi.connectors.sandbox.control import SandboxControl
from sanshi.connectors.sandbox.faults import FaultKind, FaultPoint
from sanshi.flows.world import World
from sanshi.settings import Settings
from sanshi.wiring import Content, open_world, set_up
from worlds import MONDAY

SHOPPERS = 4
RATES: Mapping[tuple[FaultPoint, FaultKind], int] = {
    ("submit", "timeout_before"): 60_000,
    ("submit", "timeout_after"): 60_000,
    ("submit", "http_500"): 30_000,
    ("submit", "garbled"): 20_000,
    ("submit", "wrong_amount"): 20_000,
    ("submit", "reject"): 30_000,
    ("submit", "unsettled"): 100_000,
    ("enquire", "timeout_before"): 50_000,
    ("enquire", "lost"): 30_000,
    ("enquire", "wrong_amount"): 20_000,
    ("callback", "duplicate"): 150_000,
    ("callback", "late"): 150_000,
    ("callback", "lost"): 100_000,
    ("callback", "wrong_amount"): 30_000,
    ("statement", "http_500"): 100_000,
    ("statement", "lost"): 50_000,
    ("statement", "duplicate"): 50_000,
    ("statement", "wrong_amount"): 50_000,
    ("identity", "http_500"): 50_000,
    ("bureau", "http_500"): 30_000,
}
CLOSING = {"switch_date", "close_shard", "finish_close"}
CLOSING_JOBS = {"close_day"}
BETWEEN = 11
"""How many answers people hear at least before the next kill is thought of."""
MOMENT_SECONDS = 30.0
"""How long a moment is waited for; most come within one."""
PATIENCE_SECONDS = 240.0
"""How long that is waited for which has to come, on a machine that does much else."""
Moment = Callable[["Siege"], bool]
"""Waits until something is under way; False when it does not come."""


@dataclass(slots=True)
class Siege:
    """Everything of one siege, and what was counted in it."""

    url: str
    folder: Path
    content: Content
    engine: Engine
    client: Client
    outside: SandboxControl
    rail: SandboxProcess
    mall: Mall
    calendar: Calendar
    chance: random.Random
    kills: Counter[str] = field(default_factory=Counter)
    in_flight: Counter[str] = field(default_factory=Counter)
    unheard: int = 0
    resent: int = 0
    checked: int = 0
    between: int = 0

    def expose(self) -> None:
        """Let the rail call back, and everything outside fail now and then."""
        port = self.engine.running.port
        self.outside.listen(f"http://127.0.0.1:{port}{PATH}", SECRET)
        self.outside.set_rates(RATES)

    @contextmanager
    def under_load(self) -> Iterator[None]:
        """Let people buy and days pass while the block runs."""
        threads = [threading.Thread(target=shop, args=(self.mall,)) for _ in range(SHOPPERS)]
        days = threading.Thread(target=self.calendar.run)
        for thread in (days, *threads):
            thread.start()
        try:
            yield
        except BaseException as error:
            error.add_note(self._news())
            self.engine.abandoned = True
            raise
        finally:  # the calendar ends last, or nobody would settle what people wait for
            self.mall.ended.set()
            for thread in threads:
                thread.join()
            self.calendar.ended.set()
            days.join()
        self._fail_if_they_did()

    def kill_at(self, name: str) -> None:
        """Kill at a moment, check what is left, start again, and let it get going.

        A moment that does not come is replaced by whatever is going on.
        """
        happened = name if MOMENTS[name](self) else "some time"
        left = self.engine.kill()
        self.kills[happened] += 1
        self.in_flight.update(_name(command) for command in left.in_flight())
        self._nothing_is_left_of(left)
        acknowledged = self.client.journal.read()
        self._check(acknowledged)
        self.engine.start()
        self._resend(acknowledged[self.checked :])
        if self.checked:
            self.between += len(acknowledged) - self.checked
        self.checked = len(acknowledged)
        people = self.client.journal.by_people
        self.wait_for(lambda: self.client.journal.by_people >= people + BETWEEN)

    def wait_for(self, condition: Callable[[], bool], seconds: float = PATIENCE_SECONDS) -> None:
        """Wait while the load goes on, for what has to come."""
        assert self.comes(condition, seconds), f"waited too long: {self._news()}"

    def comes(self, condition: Callable[[], bool], seconds: float = MOMENT_SECONDS) -> bool:
        """Wait while the load goes on; False when it did not come in time."""

        def holds() -> bool:
            self._fail_if_they_did()
            return condition()

        return self.engine.bell.wait_for(holds, seconds)

    def finish(self) -> dict[str, int]:
        """Let everything come to its end without faults, and check the whole."""
        self._come_to_rest()
        acknowledged = self.client.journal.read()
        with self._alone() as world:
            audit.check_all(world, acknowledged, self.rail_folder)
            audit.check_evidence(world, all_placed=True)
            counts = audit.check_every_answer_acted_once(world, acknowledged)
            counts |= audit.check_settled(world, self.outside, self.rail_folder)
        before = state_hash(self.url)
        self.engine.start()
        self._resend(acknowledged)
        port = self.engine.running.port
        self.engine.stop()
        assert listening(port) == []
        assert state_hash(self.url) == before, "a key that came again has done something"
        return counts

    @property
    def rail_folder(self) -> Path:
        """Where the sandbox keeps its book."""
        return self.rail.log_path.parent

    def report(self, counts: Mapping[str, int]) -> str:
        """Say in one line what happened."""
        return (
            f"kills {dict(self.kills)}; acknowledged {len(self.client.journal.read())}; "
            f"in flight at a kill {sum(self.in_flight.values())} {dict(self.in_flight)}; "
            f"of which durable all the same {self.unheard}; "
            f"sent again unanswered {self.client.resends}; checked again {self.resent}; "
            f"complaints {dict(Counter(said.split()[0] for said in self.engine.complaints))}; "
            f"days {self.mall.days}; purchases {dict(self.mall.results)}; rows {dict(counts)}; "
            f"told {self.engine.complaints[:5]}"
        )

    def _come_to_rest(self) -> None:
        self.outside.clear_faults()
        self.outside.settle()
        self.outside.release("held", "lost", "given_up")
        next_purchase(self.mall).make()
        for _ in range(2):  # what the first day's enquiries find out settles with the second
            self.calendar.pass_day()
            self.wait_for(self._quiet)
        self.calendar.pass_day()
        self.engine.stop()

    def _quiet(self) -> bool:
        states = {callback["state"] for callback in self.outside.callbacks()}
        time.sleep(0.7)  # more than a retry's pause, at the speed of the worker's clock
        return "due" not in states

    def _nothing_is_left_of(self, left: Running) -> None:
        with socket.socket() as probe:
            assert probe.connect_ex(("127.0.0.1", left.port)) != 0, "somebody still answers"
        assert listening(left.port) == []
        if self.url.startswith("postgresql"):
            self.wait_for(lambda: _sessions(self.url) == 0, 10)

    def _check(self, acknowledged: list[Acknowledged]) -> None:
        with self._alone() as world:
            audit.check_all(world, acknowledged, self.rail_folder)
            self.unheard += audit.count_unheard(world, acknowledged)

    @contextmanager
    def _alone(self) -> Iterator[World]:
        """Open the database in this process; on SQLite that takes the free write lock."""
        orders = self.engine.orders
        settings = Settings(
            self.url, Path(orders.keys), (), orders.outside_url, orders.outside_secret
        )
        with open_world(settings, self.content, FastTime.of(orders)) as world:
            yield world

    def _resend(self, acknowledged: list[Acknowledged]) -> None:
        for item in acknowledged:
            assert self.engine.ask(item.command) == item.answer, item.key
            self.resent += 1

    def _news(self) -> str:
        flying = [_name(command) for command in self.engine.in_flight()]
        acknowledged = self.client.journal.read()
        last = [item.key for item in acknowledged[-5:]]
        return (
            f"{len(acknowledged)} acknowledged, last {last}; in flight {flying}; {self.kills}; "
            f"day {self.calendar.today}; complaints {self.engine.complaints[-5:]}"
        )

    def _fail_if_they_did(self) -> None:
        if self.mall.failures:
            raise self.mall.failures[0]
        crashes = [said for said in self.engine.complaints if said.startswith("crash")]
        assert crashes == []


def _name(command: Mapping[str, object]) -> str:
    return str(command.get("flow", command.get("job")))


def _sessions(url: str) -> int:
    """Count who is connected to a PostgreSQL database, this question aside."""
    with psycopg.connect(url.replace("+psycopg", "")) as connection:
        row = connection.execute(
            "SELECT count(*) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        ).fetchone()
    assert row is not None
    return int(row[0])


# ── Moments ──


def commit(siege: Siege) -> bool:
    """Several commands are under way, each somewhere between its arrival and its answer."""

    def several() -> bool:
        flying = siege.engine.running.in_flight()
        return sum("key" in command for command in flying) >= 2

    return _soon_after(siege, several, 0.03)


def close(siege: Siege) -> bool:
    """A day is being closed: the command has been written and not answered."""

    def closing() -> bool:
        flying = siege.engine.running.in_flight()
        return any(_name(command) in CLOSING | CLOSING_JOBS for command in flying)

    return _soon_after(siege, closing, 0.01)


def outbox(siege: Siege) -> bool:
    """A payment has been sent, and the rail holds its answer back."""
    log = Tail(siege.rail.log_path)  # begun first: the very next payment may be the one
    siege.outside.queue_fault("submit", "late", hold_ms=1500)
    return _soon_after(siege, lambda: any(_held(entry) for entry in log.new()), 0.1)


def callback(siege: Siege) -> bool:
    """Several results are being called back at once."""
    for _ in range(3):
        siege.outside.queue_fault("callback", "late")

    def held() -> bool:
        states = Counter(row["state"] for row in siege.outside.callbacks())
        return states["held"] >= 3

    came = siege.comes(held)
    siege.outside.release("held", "lost", "given_up")
    return came and _soon_after(siege, lambda: True, 0.03)


def _held(entry: Mapping[str, object]) -> bool:
    return entry.get("event") == "submit" and entry.get("fault") == "late"


def _soon_after(siege: Siege, condition: Callable[[], bool], seconds: float) -> bool:
    """Let a little time pass after something has begun, never the same."""
    came = siege.comes(condition)
    time.sleep(siege.chance.uniform(0, seconds))
    return came


MOMENTS: Mapping[str, Moment] = {
    "commit": commit,
    "close": close,
    "outbox": outbox,
    "callback": callback,
}


@contextmanager
def besieged(url: str, folder: Path, nursery: Path, content: Content, seed: int) -> Iterator[Siege]:
    """Set everything up; afterwards no process of it is left."""
    set_up(url, MONDAY)
    plan = SandboxPlan(data=folder / "outside", value_date=MONDAY, seed=seed)
    with running_sandbox(plan) as rail:
        orders = Orders(
            database=url,
            keys=str(folder / "keys.json"),
            outside_url=rail.base_url,
            outside_secret=rail.secret,
            first=first_instant(MONDAY),
            began=time.time(),  # real clock: the worker is another process
        )
        engine = Engine(nursery, orders)
        engine.start()
        outside = SandboxControl(rail.base_url, rail.secret)
        journal = Journal(folder / "acknowledged.jsonl", engine.bell)
        client = Client(engine, journal)
        mall = Mall(client, seed)
        siege = Siege(
            url=url,
            folder=folder,
            content=content,
            engine=engine,
            client=client,
            outside=outside,
            rail=rail,
            mall=mall,
            calendar=Calendar(mall, outside, MONDAY),
            chance=random.Random(seed),
        )
        try:
            yield siege
        finally:
            engine.stop()
            outside.close()
            journal.close()
