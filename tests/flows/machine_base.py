"""What every rule of the machine stands on: a life, its means, and what must hold after a step."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import wraps
from typing import Any, ClassVar

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule
from sqlalchemy import Engine, create_engine

from flows.machine_books import Worked, check
from flows.machine_home import Home, Life
from flows.machine_tables import Loan, Tables, content_hash
from flows.machine_walk import Buyer
from sanshi.flows.perform import perform
from sanshi.flows.world import Actor, Flow
from sanshi.jobs.outbox import deliver
from sanshi.kernel.errors import ImpossibleError, SanshiError, UnavailableError
from sanshi.store.sqlite import open_engine

PICK = st.integers(0, 999)
SELDOM = st.sampled_from([False] * 9 + [True])
FINAL = ("succeeded", "failed", "settled")
UNDER_WAY = ("intended", "sent", "unknown")
RULES: set[str] = set()
"""The name of every rule."""
LIVE = ("pending", "disbursing", "disbursement_unknown", "active", "settled")


def step(**given: Any) -> Callable[[Callable[..., None]], Any]:  # noqa: ANN401 - as the library has it
    """Make a rule that counts how often it fires."""

    def made(body: Callable[..., None]) -> Any:  # noqa: ANN401 - hypothesis' own form of a rule
        RULES.add(body.__name__)

        @wraps(body)
        def run(self: Base, **drawn: Any) -> None:  # noqa: ANN401 - what was drawn
            self.fired[body.__name__] += 1
            body(self, **drawn)

        return rule(**given)(run)  # type: ignore[no-untyped-call] # hypothesis leaves it so

    return made


def some(kind: str, *stages: str) -> Callable[[Any], bool]:
    """Say that there must be an object of a kind in one of the stages."""
    return lambda self: bool(self.now.in_stage(kind, *stages))


@dataclass(frozen=True, slots=True)
class Used:
    """A request that was answered under a key."""

    flow: Flow[Any]
    actor: Actor
    request: dict[str, Any]
    key: str
    answer: dict[str, Any]


class AllRules:
    """No rule is switched off."""

    def is_enabled(self, _name: str) -> bool:
        return True


class Base(RuleBasedStateMachine):
    """A platform with a past, watched from outside."""

    home: ClassVar[Home]
    buyers: ClassVar[tuple[Buyer, ...]]
    fired: ClassVar[Counter[str]]
    came: ClassVar[Counter[str]]

    def __init__(self) -> None:
        super().__init__()
        self._let_all_rules_meet()
        self.life: Life = self.home.again()
        self.engine = looking_at(self.life.url)
        self.worked = Worked()
        self.now = Tables.read(self.engine)
        self.used: list[Used] = []
        self.number = 0
        self._hashed: tuple[int, str] = (-1, "")

    def _let_all_rules_meet(self) -> None:
        """Let half of the examples use every rule: a purchase takes many of them in a row.

        Left alone, hypothesis switches about half of the rules off in each example.
        """
        strategy: Any = self._rules_strategy
        chosen = st.one_of(st.just(AllRules()), strategy.enabled_rules_strategy)
        strategy.enabled_rules_strategy = st.shared(chosen, key=("rules", id(self)))

    def teardown(self) -> None:
        self.engine.dispose()
        self.home.forget(self.life)

    def hash(self) -> str:
        """Return the hash of the content as it is, worked out again only after a write."""
        writes = self.life.fate.writes
        if self._hashed[0] != writes:
            self._hashed = (writes, content_hash(self.engine))
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
            assert content_hash(self.engine) == before, (flow.name, answer)
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

    @invariant()
    def all_holds(self) -> None:
        before, self.now = self.now, Tables.read(self.engine)
        check(self.now, before, self.worked)
        self.rail_and_engine_agree()

    def rail_and_engine_agree(self) -> None:
        """What we call final is what the rail did, once and for that amount."""
        held = self.life.outside.instructions()
        for payment in self.now.payments:
            stage = self.now.stage(payment.payment_id)
            if stage in FINAL:
                there = held[payment.payment_id]
                assert (there["status"] == "failed") == (stage == "failed")
                assert there["amount_fen"] == payment.amount_fen


def looking_at(url: str) -> Engine:
    """Return connections of our own, beside the store's."""
    return (
        open_engine(url)
        if url.startswith("sqlite")
        else create_engine(url, isolation_level="AUTOCOMMIT")
    )
