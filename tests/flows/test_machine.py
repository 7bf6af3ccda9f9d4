"""The state machine on both databases; see `machine_rules` for what happens and what must hold.

How often each rule fired, and what came of it, is printed. Every run is the same on every
machine; SANSHI_SEED takes another way. Each named mutant must be caught within the fast run.
"""

from __future__ import annotations

import ast
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from databases import Server
from flows.machine_base import Tally, looking_at
from flows.machine_books import Worked, check
from flows.machine_drive import drive, replay
from flows.machine_home import (
    Databases,
    Home,
    Life,
    PostgresDatabases,
    SqliteFiles,
    quick_folder,
)
from flows.machine_mutants import MUTANTS
from flows.machine_rule import RULES
from flows.machine_tables import Tables
from flows.machine_walk import (
    LENDER,
    WASHER,
    Past,
    approved,
    end_day,
    lived,
    sign_offer,
    skip_day,
)
from sanshi.flows.books import CHECK_BOOKS
from sanshi.flows.closing import CLOSE_SHARD, FINISH, SWITCH
from sanshi.flows.contracts import OFFER
from sanshi.flows.disbursing import DISBURSE
from sanshi.flows.paying import PAY
from sanshi.flows.perform import perform
from sanshi.flows.shards import closed_shards
from sanshi.jobs.outbox import JOB, deliver
from sanshi.kernel.errors import ConflictError
from sanshi.wiring import Content

SEED = int(os.environ.get("SANSHI_SEED", "1"))
FAST_STEPS = 30
LONG_STEPS = 60
FAST = {"sqlite": range(16), "postgres": range(30, 34)}
"""The examples of the fast run."""
FOR_MUTANTS = range(30)
"""Examples among which every mutant is caught."""
FOR_LONG = [
    pytest.param("sqlite", range(80), id="sqlite-1"),
    pytest.param("sqlite", range(80, 160), id="sqlite-2"),
    pytest.param("sqlite", range(160, 240), id="sqlite-3"),
    pytest.param("postgres", range(240, 300), id="postgres", marks=pytest.mark.postgres),
]
"""The examples of the long run, in parts that processes can share among them."""
ENOUGH = 100
"""How often each rule must have fired in a part of the long run."""
MUST_COME = (
    *("quote_purchase", "apply_for_plan", "decide: approved", "offer_contract", "sign_contract"),
    *("order_disbursement", "pay", "pay: conflict.counter", "hear_rail", "close_shard"),
    *("reconcile", "check_books", "close_case", "rail settles later", "rail was behind"),
    *("break: rail_missing_in_statement", "break: rail_unknown_line"),
    *("died: deliver", "died: enquire", "died: collect", "died: close"),
    *("died: pay", "died: disburse", "died: sign"),
)
"""What each part of the long run must have seen: rules that are only ever refused show little."""


@contextmanager
def lived_on(copies: Databases, content: Content) -> Iterator[Past]:
    """Live through the past that every machine begins with."""
    with quick_folder() as folder:
        home = Home(folder, copies, content)
        yield lived(home)
        home.end()


@pytest.fixture(scope="module")
def sqlite_past(content: Content, sqlite_template: Path) -> Iterator[Past]:
    with quick_folder() as folder, lived_on(SqliteFiles(folder, sqlite_template), content) as past:
        yield past


@pytest.fixture(scope="module")
def postgres_past(content: Content, postgres_server: Server) -> Iterator[Past]:
    with lived_on(PostgresDatabases(postgres_server), content) as past:
        yield past


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def past(kind: str, request: pytest.FixtureRequest) -> Past:
    made: Past = request.getfixturevalue(f"{kind}_past")
    return made


def show(tally: Tally, what: str, capfd: pytest.CaptureFixture[str]) -> None:
    """Print how often each rule fired, and what came of it."""
    lines = [f"\nState machine, {what}, seed {SEED}: {tally.fired.total()} steps"]
    lines += [f"  {tally.fired[name]:>6}  {name}" for name in sorted(RULES)]
    lines += [f"  {count:>6}    {name}" for name, count in sorted(tally.came.items())]
    with capfd.disabled():
        sys.stderr.write("\n".join(lines) + "\n")


def test_everything_holds_after_every_step(
    kind: str, past: Past, capfd: pytest.CaptureFixture[str]
) -> None:
    tally = Tally()
    drive(past, tally, examples=FAST[kind], steps=FAST_STEPS, seed=SEED)
    show(tally, kind, capfd)
    fair = tally.fired.total() // len(RULES)
    assert {name for name in RULES if tally.fired[name] < fair // 2} == set()


@pytest.mark.long
@pytest.mark.timeout(1200)
@pytest.mark.parametrize(("kind", "examples"), FOR_LONG)
def test_everything_holds_for_long(
    kind: str, examples: range, past: Past, capfd: pytest.CaptureFixture[str]
) -> None:
    tally = Tally()
    drive(past, tally, examples=examples, steps=LONG_STEPS, seed=SEED)
    show(tally, kind, capfd)
    assert {name for name in RULES if tally.fired[name] < ENOUGH} == set()
    assert {name for name in MUST_COME if not tally.came[name]} == set()


@pytest.mark.parametrize("name", sorted(MUTANTS))
def test_a_mutant_is_caught(name: str, sqlite_past: Past, monkeypatch: pytest.MonkeyPatch) -> None:
    """Examples that hold in the long run fail where the engine is wrong by so little."""
    MUTANTS[name](monkeypatch)
    with pytest.raises(AssertionError):
        drive(
            sqlite_past,
            Tally(),
            examples=FOR_MUTANTS,
            steps=FAST_STEPS,
            seed=SEED,
            shorten=False,
        )


def test_a_failure_is_told_by_a_short_script(
    sqlite_past: Past, monkeypatch: pytest.MonkeyPatch
) -> None:
    MUTANTS["drop_a_posting"](monkeypatch)
    with pytest.raises(AssertionError) as caught:
        drive(sqlite_past, Tally(), examples=FOR_MUTANTS, steps=FAST_STEPS, seed=SEED)
    [told] = caught.value.__notes__
    script = ast.literal_eval(told.partition("replay(past, ")[2].removesuffix(")"))
    assert len(script) <= 3
    with pytest.raises(AssertionError):
        replay(sqlite_past, script)


# What the machine has found, each by itself. Where the engine does not do right yet the test is
# marked; whoever mends it takes the mark away and widens the rules.


@pytest.fixture
def life(past: Past) -> Iterator[Life]:
    one = past.home.again()
    yield one
    past.home.forget(one)


def look(life: Life) -> Tables:
    """Check everything, and return what there is."""
    engine = looking_at(life.url)
    try:
        now = Tables.read(engine)
        check(now, None, Worked())
        return now
    finally:
        engine.dispose()


def close_shards(life: Life, day: date) -> None:
    for shard in closed_shards(life.world, LENDER):
        request = {"entity": LENDER, "business_date": day.isoformat(), "shard": shard}
        perform(life.world, JOB, CLOSE_SHARD, request)


def differences(life: Life) -> Any:  # noqa: ANN401 - any JSON
    return perform(life.world, JOB, CHECK_BOOKS, {"entity": LENDER})["differences"]


def test_the_books_agree_in_the_middle_of_a_close(life: Life) -> None:
    day = life.world.clock.business_date()
    skip_day(life)
    close_shards(life, day)
    look(life)
    assert differences(life) == []


def test_an_earlier_day_closed_after_a_later_one_rewrites_nothing(life: Life) -> None:
    earlier = life.world.clock.business_date()
    for _ in range(5):
        skip_day(life)
    later = life.world.clock.business_date() - timedelta(days=1)
    close_shards(life, later)
    perform(life.world, JOB, FINISH, {"entity": LENDER, "business_date": later.isoformat()})
    with suppress(ConflictError):
        close_shards(life, earlier)
    look(life)


def test_money_that_the_rail_dates_tomorrow_is_booked(life: Life) -> None:
    """The rail is past midnight, our date switch is late; on a 30th the payoff stays the same."""
    while life.world.clock.business_date() < date(2026, 12, 30):
        skip_day(life)
    loan_id = look(life).in_stage("loan", "active")[0]
    perform(life.world, JOB, PAY, {"loan_id": loan_id})
    deliver(life.world)
    life.outside.rail.set_date("2026-12-31")
    perform(life.world, JOB, PAY, {"loan_id": loan_id, "purpose": "settle"})
    deliver(life.world)
    assert look(life).stage(loan_id) == "settled"
    end_day(life)
    end_day(life)
    assert differences(life) == []


def test_an_order_that_the_rail_refuses_as_of_yesterday_is_undone(life: Life) -> None:
    """Our date switch is done, the rail is not past midnight yet."""
    rail_date = life.world.clock.business_date()
    perform(life.world, JOB, SWITCH, {"business_date": rail_date.isoformat()})
    loan_id = look(life).in_stage("loan", "pending")[0]
    perform(life.world, JOB, DISBURSE, {"loan_id": loan_id})
    life.outside.queue_fault("submit", "reject")
    deliver(life.world)
    assert look(life).stage(loan_id) == "pending"


def test_one_approval_is_one_loan(past: Past, life: Life) -> None:
    buyer = past.buyers[0]
    request = {"application_id": approved(life, buyer, WASHER, "3.equal_principal")}
    signed_ones = []
    for _ in range(2):
        with suppress(ConflictError):
            offer = perform(life.world, buyer.actor, OFFER, request)
            signed_ones.append(sign_offer(life, buyer, offer))
    assert len(signed_ones) == 1
