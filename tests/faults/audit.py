"""What must hold after a kill, read from the database while nobody writes to it."""

from __future__ import annotations

import json
import sqlite3
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

from faults.client import Acknowledged
from sanshi.connectors.sandbox.control import SandboxControl
from sanshi.evidence.merkle import EMPTY, HASH_BYTES, append, leaf_hash
from sanshi.flows.books import CHECK_BOOKS, TRIAL_BALANCE
from sanshi.flows.orders import slot
from sanshi.flows.perform import perform
from sanshi.flows.world import Actor, World
from sanshi.kernel.canonical import canonical_json
from sanshi.ports import Record
from worlds import LENDER

AUDIT = Actor("auditor", "audit", LENDER)
OPEN = ("intended", "sent", "unknown")
NAMED = {
    "person_id": "person",
    "quote_id": "quote",
    "consent_id": "consent",
    "application_id": "application",
    "decision_id": "decision",
    "contract_id": "contract",
    "loan_id": "loan",
    "payment_id": "payment",
}
"""Field of an answer → the table that must hold what it names."""


def table(world: World, name: str) -> tuple[Record, ...]:
    """Return a whole table."""
    return world.store.rows(name)


def check_all(world: World, acknowledged: Iterable[Acknowledged], rail: Path) -> None:
    """Check everything that no kill may break."""
    check_answers(world, acknowledged)
    check_streams(world)
    check_books(world)
    check_places(world)
    check_evidence(world)
    check_rail_knows_only_intents(world, rail)


def check_answers(world: World, acknowledged: Iterable[Acknowledged]) -> None:
    """No acknowledged answer is lost, and what it names exists."""
    kept = {row["key"]: row["answer"] for row in table(world, "used_key")}
    ids = {field: {row[field] for row in table(world, name)} for field, name in NAMED.items()}
    for item in acknowledged:
        assert item.key in kept, f"the answer under {item.key} is lost"
        assert canonical_json(kept[item.key]).decode() == item.answer
        answer = json.loads(item.answer)
        for field in NAMED.keys() & answer.keys():
            assert answer[field] is None or answer[field] in ids[field], (item.key, field)


def count_unheard(world: World, acknowledged: Iterable[Acknowledged]) -> int:
    """Count answers that became durable although nobody heard them."""
    heard = {item.key for item in acknowledged}
    kept = {row["key"] for row in table(world, "used_key")}
    return len({key for key in kept - heard if not key.startswith("msg_")})


def check_streams(world: World) -> None:
    """Every stream stands where its last event left it, without gaps."""
    versions: dict[str, list[int]] = defaultdict(list)
    stages: dict[str, dict[int, str]] = defaultdict(dict)
    for event in table(world, "event"):
        versions[event["stream"]].append(event["version"])
        stages[event["stream"]][event["version"]] = event["stage"]
    streams = table(world, "stream")
    assert {row["stream"] for row in streams} == versions.keys()
    for row in streams:
        assert sorted(versions[row["stream"]]) == list(range(1, row["version"] + 1))
        assert stages[row["stream"]][row["version"]] == row["stage"]


def check_books(world: World) -> None:
    """Debits equal credits, the sums follow from the postings, the postings from the events."""
    sums: Counter[tuple[str, str, str, str]] = Counter()
    for p in table(world, "posting"):
        sums[p["source"], p["component"], p["payer"], p["debit"]] += p["amount_fen"]
        sums[p["source"], p["component"], p["payer"], p["credit"]] -= p["amount_fen"]
    cumulative = {
        (row["source"], row["component"], row["payer"], row["account"]): row["amount_fen"]
        for row in table(world, "posted")
    }
    assert cumulative == dict(sums)
    assert sum(cumulative.values()) == 0
    trial = perform(world, AUDIT, TRIAL_BALANCE, {"entity": LENDER})
    assert trial["balanced"]
    checked = perform(world, AUDIT, CHECK_BOOKS, {"entity": LENDER})
    assert checked["differences"] == []
    assert checked["loans"] == len(table(world, "loan"))


def check_places(world: World) -> None:
    """A loan has a free place for a payment exactly when none of its payments is under way."""
    under_way = Counter(
        row["subject"] for row in world.store.in_stage("payment", "payment_id", OPEN, {})
    )
    counters = {row["counter"]: row["remaining"] for row in table(world, "counter")}
    for loan in table(world, "loan"):
        assert counters[slot(loan["loan_id"])] == 1 - under_way[loan["loan_id"]]


def check_evidence(world: World, *, all_placed: bool = False) -> None:
    """The log's state follows from its leaves, and each leaf has one place.

    On PostgreSQL leaves get their places after the commit, so a kill may leave the newest
    without one until the next leaf comes.
    """
    leaves = table(world, "leaf")
    placed = sorted((row for row in leaves if row["leaf_index"] is not None), key=_index)
    assert [row["leaf_index"] for row in placed] == list(range(len(placed)))
    waiting = len(leaves) - len(placed)
    assert waiting == 0 or not all_placed
    hashes = [leaf_hash(bytes(row["content_hash"])) for row in placed]
    frontier, nodes = append(EMPTY, hashes)
    [state] = table(world, "log_state")
    assert (state["size"], bytes(state["peaks"])) == (frontier.size, b"".join(frontier.peaks))
    assert all(len(peak) == HASH_BYTES for peak in frontier.peaks)
    stored = {(r["level"], r["position"]): bytes(r["hash"]) for r in table(world, "tree_node")}
    assert stored == {(n.level, n.index): n.digest for n in nodes}


def _index(row: Record) -> int:
    return int(row["leaf_index"])


def at_the_rail(rail: Path) -> dict[str, Mapping[str, Any]]:
    """Return what the rail really holds, from its own book."""
    with closing(sqlite3.connect(rail / "sandbox.sqlite")) as db:
        db.row_factory = sqlite3.Row
        rows = db.execute("SELECT * FROM instructions").fetchall()
    return {row["instruction_id"]: dict(row) for row in rows}


def check_rail_knows_only_intents(world: World, rail: Path) -> None:
    """Whatever reached the rail had been committed here before, with the same contents."""
    payments = {row["payment_id"]: row for row in table(world, "payment")}
    for payment_id, instruction in at_the_rail(rail).items():
        assert payment_id in payments, f"{payment_id} was sent without a committed intent"
        assert json.loads(instruction["body"]) == payments[payment_id]["instruction"]


def check_every_answer_acted_once(
    world: World, acknowledged: Iterable[Acknowledged]
) -> dict[str, int]:
    """As many objects as answers that name a new one: no key has acted twice."""
    named: dict[str, set[str]] = defaultdict(set)
    for item in acknowledged:
        answer = json.loads(item.answer)
        for field in NAMED.keys() & answer.keys():
            if answer[field] is not None:
                named[field].add(answer[field])
    counts = {}
    for field, name in NAMED.items():
        rows = table(world, name)
        if name == "payment":  # the direct debits of the day's end were ordered by the job
            rows = tuple(row for row in rows if row["purpose"] != "instalment")
        assert {row[field] for row in rows} == named[field], name
        counts[name] = len(rows)
    paid_out = Counter(
        row["subject"]
        for row in world.store.in_stage("payment", "payment_id", ("succeeded", "settled"), {})
        if row["purpose"] == "disburse"
    )
    assert all(number == 1 for number in paid_out.values()), "paid out twice"
    return counts


def check_settled(world: World, outside: SandboxControl, rail: Path) -> dict[str, int]:
    """The rail's files are our payments, one line each; clearing is empty or its rest has names."""
    assert world.store.in_stage("payment", "payment_id", OPEN, {}) == ()
    settled = world.store.in_stage("payment", "payment_id", ("settled",), {})
    lines = [
        (line.instruction_id, line.kind, line.amount_fen, line.value_date)
        for day in sorted({row["value_date"] for row in settled})
        for line in world.payments.statement(day)
    ]
    ours = [
        (row["payment_id"], row["kind"], row["amount_fen"], row["value_date"]) for row in settled
    ]
    assert sorted(lines) == sorted(ours)
    booked = {name for name, row in at_the_rail(rail).items() if row["status"] == "succeeded"}
    assert booked == {row["payment_id"] for row in settled}
    assert outside.faults_waiting() == 0
    debit_fen, credit_fen = world.store.balances(LENDER).get("rail_clearing", (0, 0))
    assert debit_fen == credit_fen
    kinds = Counter(row["kind"] for row in table(world, "work_case"))
    assert "rail_unexplained" not in kinds
    assert "close_quarantine" not in kinds
    return dict(kinds)
