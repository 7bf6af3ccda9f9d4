"""Effects are applied wholly or not at all, the same on both databases."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import cast

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.exc import IntegrityError

from dumps import rows_of, state_hash
from sanshi.evidence.merkle import Frontier, inclusion_proof, leaf_hash, root, verify_inclusion
from sanshi.kernel.effects import (
    Applied,
    Cell,
    Conflict,
    Effects,
    Event,
    Exists,
    Expect,
    Guard,
    Insert,
    Leaf,
    Message,
    Posting,
    Take,
    Unique,
    Update,
)
from sanshi.kernel.errors import ImpossibleError
from sanshi.store.postgres import PostgresStore
from sanshi.store.sqlite import SqliteStore
from sanshi.wiring import open_store

DAY = date(2026, 11, 2)
NOW = datetime(2026, 11, 2, 2, tzinfo=UTC)
Store = SqliteStore | PostgresStore


@pytest.fixture
def store(database_url: str) -> Iterator[Store]:
    opened = open_store(database_url, lambda: NOW)
    yield opened
    opened.close()


def event(stream: str = "ln_a", version: int = 1) -> Event:
    return Event(stream, version, "agreed", "pending", "bank", DAY, DAY, {"n": 1})


def posting(source: str = "ln_a", amount_fen: int = 500) -> Posting:
    return Posting("bank", source, "disbursed", "customer", "loan", "cash", amount_fen, DAY, DAY)


def counter(name: str, remaining: int) -> Effects:
    return Effects(rows=(Insert("counter", {"counter": name, "remaining": remaining}),))


def test_everything_of_an_effects_is_there(store: Store) -> None:
    message = Message("mg_1", "rail.submit", {"payment_id": "py_1"})
    effects = Effects(
        events=(event(),),
        postings=(posting(),),
        messages=(message,),
        leaves=(Leaf("k", "s", b"x" * 32),),
    )
    assert store.apply(effects) == Applied()
    assert store.events("ln_a") == (event(),)
    assert store.standing("ln_a") == (1, "pending")
    assert store.posted("ln_a") == {
        ("disbursed", "customer", "loan"): 500,
        ("disbursed", "customer", "cash"): -500,
    }
    assert store.balances("bank") == {"cash": (0, 500), "loan": (500, 0)}
    assert store.rows("outbox")[0]["payload"] == {"payment_id": "py_1"}
    assert store.rows("leaf")[0]["leaf_index"] == 0


REFUSED: list[tuple[str, Guard | Insert | Update | Event]] = [
    ("version", Expect("ln_a", 7)),
    ("version", Expect("ln_none", 1)),
    ("version", event("ln_a", 3)),
    ("version", event("ln_a", 1)),
    ("unique", Unique("pay", "key-1", "other", None)),
    ("counter", Take("budget", 11)),
    ("counter", Take("budget", 4, floor=7)),
    ("counter", Take("no such budget", 1)),
    ("exists", Exists("counter", {"counter": "nowhere"})),
    ("row", Insert("counter", {"counter": "budget", "remaining": 1})),
    ("row", Update("counter", {"counter": "nowhere"}, {"remaining": 1})),
]


@pytest.mark.parametrize(("kind", "part"), REFUSED, ids=lambda part: type(part).__name__)
def test_a_refused_part_leaves_nothing_behind(
    store: Store, database_url: str, kind: str, part: Guard | Insert | Update | Event
) -> None:
    store.apply(
        Effects(events=(event(),), guards=(Unique("pay", "key-1", "hash", None),))
        + counter("budget", 10)
    )
    before = state_hash(database_url)
    good = Effects(
        events=(event("ln_b"),),
        postings=(posting("ln_b"),),
        messages=(Message("mg_9", "t", {}),),
        leaves=(Leaf("k", "s", b"y" * 32),),
    )
    match part:
        case Event():
            bad = Effects(events=(part,))
        case Insert() | Update():
            bad = Effects(rows=(part,))
        case _:
            bad = Effects(guards=(part,))
    outcome = store.apply(good + bad)
    assert isinstance(outcome, Conflict)
    assert outcome.kind == kind
    assert state_hash(database_url) == before


def test_a_malformed_effect_raises_and_leaves_its_neighbours_alone(
    store: Store, database_url: str
) -> None:
    before = state_hash(database_url)
    no_such: dict[str, Cell] = {"counter": "c", "no_such_column": 1}
    nothing: dict[str, Cell] = {"counter": "c", "remaining": None}
    for values in (no_such, nothing):
        with pytest.raises((ImpossibleError, IntegrityError)):
            store.apply(Effects(rows=(Insert("counter", values),)))
    assert state_hash(database_url) == before
    assert store.apply(counter("c", 1)) == Applied()


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(amounts=st.lists(st.integers(1, 10**9), min_size=1, max_size=8))
def test_posted_is_always_the_sum_of_the_postings(store: Store, amounts: list[int]) -> None:
    swapped = replace(posting(), debit="cash", credit="loan")
    before = store.posted("ln_a").get(("disbursed", "customer", "loan"), 0)
    entries = tuple(
        replace(swapped if n % 3 == 2 else posting(), amount_fen=fen)
        for n, fen in enumerate(amounts)
    )
    store.apply(Effects(postings=entries))
    signed = sum(-fen if n % 3 == 2 else fen for n, fen in enumerate(amounts))
    assert store.posted("ln_a")[("disbursed", "customer", "loan")] == before + signed
    assert sum(store.posted("ln_a").values()) == 0
    balances = store.balances("bank").values()
    assert sum(debit for debit, _ in balances) == sum(credit for _, credit in balances)


@pytest.mark.parametrize(
    "bad",
    [posting(amount_fen=0), posting(amount_fen=-5), replace(posting(), debit="cash")],
    ids=["nothing", "negative", "one account"],
)
def test_the_database_itself_refuses_an_impossible_posting(store: Store, bad: Posting) -> None:
    with pytest.raises(IntegrityError, match=r"(?i)check"):
        store.apply(Effects(postings=(bad,)))
    assert store.balances("bank") == {}


def test_many_writers_take_from_one_budget_and_never_too_much(store: Store) -> None:
    store.apply(counter("budget", 100))
    outcomes: list[object] = []

    def take() -> None:
        outcomes.extend(store.apply(Effects(guards=(Take("budget", 3),))) for _ in range(5))

    threads = [threading.Thread(target=take) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    taken = sum(isinstance(outcome, Applied) for outcome in outcomes)
    assert taken == 33
    row = store.row("counter", counter="budget")
    assert row is not None
    assert row["remaining"] == 1


def test_many_writers_of_one_stream_never_lose_a_version(store: Store) -> None:
    def append() -> None:
        for _ in range(6):
            while True:
                version, _ = store.standing("ln_hot")
                if isinstance(
                    store.apply(Effects(events=(event("ln_hot", version + 1),))), Applied
                ):
                    break

    threads = [threading.Thread(target=append) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [e.version for e in store.events("ln_hot")] == list(range(1, 25))


def test_every_leaf_gets_one_place_and_can_be_proven(store: Store, database_url: str) -> None:
    contents = [bytes([n]) * 32 for n in range(11)]

    def log(part: list[bytes]) -> None:
        for content in part:
            store.apply(Effects(leaves=(Leaf("consent", "cn", content),)))

    threads = [threading.Thread(target=log, args=(contents[n::3],)) for n in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    leaves = store.rows("leaf", order_by=("leaf_index",))
    assert [row["leaf_index"] for row in leaves] == list(range(11))
    nodes = {(r["level"], r["position"]): bytes(r["hash"]) for r in store.rows("tree_node")}
    state = store.row("log_state", log_id="main")
    assert state is not None
    peaks = bytes(state["peaks"])
    frontier = Frontier(11, tuple(peaks[i : i + 32] for i in range(0, len(peaks), 32)))
    for row in leaves:
        proof = inclusion_proof(row["leaf_index"], 11, lambda level, at: nodes[level, at])
        entry = leaf_hash(bytes(row["content_hash"]))
        assert verify_inclusion(entry, row["leaf_index"], 11, proof, root(frontier))
    assert len(rows_of(database_url)["leaf"]) == 11


def test_waiting_writers_share_a_commit(sqlite_url: str) -> None:
    store = cast("SqliteStore", open_store(sqlite_url, lambda: NOW))
    gate = threading.Event()

    def write(number: int) -> None:
        gate.wait()
        for n in range(10):
            store.apply(Effects(events=(event(f"ln_{number}_{n}"),)))

    threads = [threading.Thread(target=write, args=(n,)) for n in range(16)]
    for thread in threads:
        thread.start()
    gate.set()
    for thread in threads:
        thread.join()
    store.close()
    assert store.applied == 160
    assert store.commits <= 80
