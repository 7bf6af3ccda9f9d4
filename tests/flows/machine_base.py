"""What every rule of the machine stands on: a life, its means, and what must hold after a step."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Engine, create_engine

from flows.machine_books import Worked, check
from flows.machine_home import Life
from flows.machine_tables import Loan, Tables, commit_mark, content_hash
from flows.machine_walk import Buyer, Past
from sanshi.flows.perform import perform
from sanshi.flows.world import Actor, Flow
from sanshi.jobs.outbox import deliver
from sanshi.kernel.errors import ImpossibleError, SanshiError, UnavailableError
from sanshi.store.sqlite import open_engine

FINAL = ("succeeded", "failed", "settled")
UNDER_WAY = ("intended", "sent", "unknown")
LIVE = ("pending", "disbursing", "disbursement_unknown", "active", "settled")


@dataclass(frozen=True, slots=True)
class Used:
    """A request that was answered under a key."""

    flow: Flow[Any]
    actor: Actor
    request: dict[str, Any]
    key: str
    answer: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Tally:
    """How often each rule fired, and how often each thing came of it."""

    fired: Counter[str] = field(default_factory=Counter)
    came: Counter[str] = field(default_factory=Counter)


class Base:
    """A platform with a past, watched from outside."""

    def __init__(self, past: Past, tally: Tally) -> None:
        self.home = past.home
        self.buyers = past.buyers
        self.fired = tally.fired
        self.came = tally.came
        self.life: Life = self.home.again()
        self.engine = looking_at(self.life.url)
        self.worked = Worked()
        self.watch = self.engine.connect()
        self.now = Tables.read(self.engine)
        self.held = self.life.outside.instructions()
        self.used: list[Used] = []
        self.number = 0
        self._hashed: tuple[object, str] = (None, "")
        self._checked: object = None

    def teardown(self) -> None:
        self.watch.close()
        self.engine.dispose()
        self.home.forget(self.life)

    def hash(self) -> str:
        """Return the hash of the content as it is, worked out again after anybody's commit."""
        mark = commit_mark(self.watch)
        if self._hashed[0] != mark:
            self._hashed = (mark, content_hash(self.engine))
        return self._hashed[1]

    def attempt(
        self, flow: Flow[Any], actor: Actor, request: dict[str, Any], *, keyed: bool = False
    ) -> Mapping[str, Any] | None:
        """Use a flow; what it refuses must have left everything as it was."""
        before = self.hash()
        key = self.new_key() if keyed else None
        answer = self.ask(flow, actor, request, key)
        if isinstance(answer, SanshiError):
            self.came[f"{flow.name}: {answer.code}"] += 1
            assert self.hash() == before, (flow.name, answer)
            return None
        self.came[flow.name] += 1
        if key is not None:
            self.used.append(Used(flow, actor, request, key, dict(answer)))
        return answer

    def ask(
        self, flow: Flow[Any], actor: Actor, request: dict[str, Any], key: str | None
    ) -> Mapping[str, Any] | SanshiError:
        """Return the answer or the refusal; a fault of the engine itself is neither."""
        try:
            return perform(self.life.world, actor, flow, request, key)
        except ImpossibleError:
            raise
        except SanshiError as error:
            return error

    def new_key(self) -> str:
        self.number += 1
        return f"key-{self.number}"

    def job(self, work: Callable[[], Any]) -> Any:  # noqa: ANN401 - whatever the job returns
        """Run a job as its runner would: what it could not finish is left for its next turn."""
        try:
            return work()
        except UnavailableError as error:
            self.came[f"job: {error.code}"] += 1
        return None

    def choose(self, pick: int, kind: str, *stages: str) -> str:
        found = self.now.in_stage(kind, *stages)
        return found[pick % len(found)]

    def buyer_of(self, table: str, **key: str) -> Buyer:
        row = self.life.world.store.row(table, **key)
        assert row is not None
        return next(b for b in self.buyers if b.person_id == row["person_id"])

    def loan(self, loan_id: str) -> Loan:
        return next(loan for loan in self.now.loans if loan.loan_id == loan_id)

    def read(self, contract_id: str, *, right: bool = True) -> dict[str, Any]:
        row = self.life.world.store.row("contract", contract_id=contract_id)
        assert row is not None
        paper = self.life.world.store.row("document", document_id=row["document_id"])
        assert paper is not None
        content_hash = bytes(paper["content_hash"]).hex() if right else "00" * 32
        return {"contract_id": contract_id, "content_hash": content_hash, "confirmed": True}

    def send(self) -> None:
        """Let the outbox have its turn."""
        done = self.job(lambda: deliver(self.life.world))
        if done is not None:
            self.came["delivered: sent"] += done.sent
            self.came["delivered: unanswered"] += done.unanswered

    def all_holds(self) -> None:
        """Check everything; what nobody has written to since is as right as it was."""
        mark = commit_mark(self.watch)
        if self._checked != mark:
            before, self.now = self.now, Tables.read(self.engine)
            check(self.now, before, self.worked)
            self._checked = mark
        self.rail_and_engine_agree()

    def rail_and_engine_agree(self) -> None:
        """What we call final is what the rail did, once and for that amount."""
        self.held = self.life.outside.instructions()
        for payment in self.now.payments:
            stage = self.now.stage(payment.payment_id)
            if stage in FINAL:
                there = self.held[payment.payment_id]
                assert (there["status"] == "failed") == (stage == "failed")
                assert there["amount_fen"] == payment.amount_fen


def looking_at(url: str) -> Engine:
    """Return connections of our own, beside the store's."""
    return (
        open_engine(url)
        if url.startswith("sqlite")
        else create_engine(url, isolation_level="AUTOCOMMIT")
    )
