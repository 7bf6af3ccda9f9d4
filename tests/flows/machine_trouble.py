"""Rules of trouble: deaths in the middle of something, requests sent again, nonsense."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flows.machine_base import Used
from flows.machine_days import Days
from flows.machine_home import Crashed
from flows.machine_rule import EITHER, PICK, step
from flows.machine_tables import Tables
from flows.machine_walk import BOOKS_OF, FRIDGE, LENDER
from sanshi.flows.closing import CLOSE_SHARD, SWITCH
from sanshi.flows.contracts import SERVE, SIGN
from sanshi.flows.disbursing import DISBURSE
from sanshi.flows.hearing import HEAR
from sanshi.flows.paying import PAY
from sanshi.flows.perform import perform
from sanshi.flows.quoting import QUOTE
from sanshi.flows.world import Actor, Flow
from sanshi.jobs.close import close_day, collect_due
from sanshi.jobs.outbox import JOB, deliver, enquire_open
from sanshi.kernel.errors import SanshiError
from sanshi.kernel.money import MAX_FEN

WRITES = {"deliver": 3, "enquire": 1, "collect": 3, "close": 6}
"""How many commits of a job may pass before the process dies; other requests have but one."""


class Trouble(Days):
    """What nobody wants and everything must survive."""

    @step(
        what=["deliver", "enquire", "collect", "close", "pay", "disburse", "sign"],
        left=range(6),
        after=EITHER,
        pick=PICK,
    )
    def crash(self, *, what: str, left: int, after: bool, pick: int) -> None:
        """Die in the middle of something, and come back over what had been committed."""
        day = self.now.today
        self.give_work(what, pick)
        work = self.dangerous(what, pick)
        fate = self.life.fate
        fate.left, fate.after = (left % WRITES.get(what, 1), after)
        try:
            self.job(work)
            self.came[f"outlived: {what}"] += 1
        except Crashed:
            self.came[f"died: {what}"] += 1
            self.life.die()
            self.life.open()
        except SanshiError as error:
            self.came[f"refused: {what} {error.code}"] += 1
        fate.left = None
        if what == "close":
            self.night_passes(day)

    def give_work(self, what: str, pick: int) -> None:
        """See that there is something to send or to ask for: an idle job has nowhere to die."""
        if what not in {"deliver", "enquire"} or not self.now.in_stage("loan", "active"):
            return
        request = {"loan_id": self.choose(pick, "loan", "active"), "amount_fen": 20_000}
        self.attempt(PAY, JOB, request)
        if what == "enquire":
            self.life.outside.queue_fault("submit", "unsettled")
            self.send()
            self.life.outside.rail.settle(None)

    def dangerous(self, what: str, pick: int) -> Callable[[], Any]:
        world = self.life.world
        day = self.now.today
        jobs: dict[str, Callable[[], Any]] = {
            "deliver": lambda: deliver(world),
            "enquire": lambda: enquire_open(world, LENDER),
            "collect": lambda: collect_due(world, LENDER),
            "close": lambda: close_day(world, day, only=BOOKS_OF),
        }
        requests: dict[str, tuple[Flow[Any], tuple[str, str], str]] = {
            "pay": (PAY, ("loan", "active"), "loan_id"),
            "disburse": (DISBURSE, ("loan", "pending"), "loan_id"),
            "sign": (SIGN, ("contract", "offered"), "contract_id"),
        }
        if what in jobs:
            return jobs[what]
        flow, at, name = requests[what]
        if not self.now.in_stage(*at):
            return jobs["deliver"]
        subject = self.choose(pick, *at)
        request: dict[str, Any] = {name: subject}
        actor = JOB
        if flow is SIGN:
            request = self.read(subject)
            actor = self.buyer_of("contract", contract_id=subject).actor
            self.attempt(SERVE, actor, {"contract_id": subject})
            self.life.time.move(seconds=10)
        return lambda: self.send_until_answered(flow, actor, request)

    def send_until_answered(self, flow: Flow[Any], actor: Actor, request: dict[str, Any]) -> None:
        """Send under one key, die, come back and send again: it has happened once."""
        key = self.new_key()
        before = Tables.read(self.engine)
        try:
            perform(self.life.world, actor, flow, request, key)
        except Crashed:
            self.life.die()
            self.life.open()
            answer = perform(self.life.world, actor, flow, request, key)
            assert perform(self.life.world, actor, flow, request, key) == answer
            self.used.append(Used(flow, actor, request, key, dict(answer)))
            after = Tables.read(self.engine)
            assert len(after.payments) <= len(before.payments) + 1
            assert len(after.loans) <= len(before.loans) + 1
            raise

    @step(lambda self: self.used, pick=PICK, altered=EITHER)
    def resend(self, *, pick: int, altered: bool) -> None:
        """Send an old request again: the same answer. Another under its key: refused."""
        used = self.used[pick % len(self.used)]
        before = self.hash()
        if altered:
            name, value = next(iter(used.request.items()))
            other = {**used.request, name: f"{value}x"}
            refusal = self.ask(used.flow, used.actor, other, used.key)
            assert isinstance(refusal, SanshiError)
            assert refusal.code == "idempotency.key_reused"
        else:
            again = self.ask(used.flow, used.actor, used.request, used.key)
            assert again == used.answer, (used.flow.name, again, used.answer)
        assert self.hash() == before

    @step(pick=PICK, what=range(12))
    def ask_for_nonsense(self, pick: int, what: int) -> None:
        """Ask for what nobody may have."""
        flow, actor, request = self.nonsense(pick)[what]
        assert self.attempt(flow, actor, request) is None

    def nonsense(self, pick: int) -> list[tuple[Flow[Any], Actor, dict[str, Any]]]:
        one, other = self.buyers[pick % 3], self.buyers[(pick + 1) % 3]
        today = self.now.today.isoformat()
        theirs = [n.loan_id for n in self.now.loans if n.person_id == one.person_id]
        loan_id = theirs[0]
        stranger = Actor("servicing:2", "servicing", entity="another_bank")
        return [
            (QUOTE, one.actor, {**one.asks(FRIDGE), "down_payment_fen": -1}),
            (QUOTE, one.actor, one.asks("NO-SUCH-SKU")),
            (QUOTE, other.actor, one.asks(FRIDGE)),
            (QUOTE, one.actor, {**one.asks(FRIDGE), "price_fen": 1}),
            (PAY, one.actor, {"loan_id": loan_id, "amount_fen": 0}),
            (PAY, one.actor, {"loan_id": loan_id, "amount_fen": MAX_FEN + 1}),
            (PAY, other.actor, {"loan_id": loan_id, "amount_fen": 1}),
            (DISBURSE, stranger, {"loan_id": loan_id}),
            (HEAR, JOB, {"payment_id": "py_nobody", "status": "succeeded"}),
            (HEAR, one.actor, {"payment_id": "py_nobody", "status": "succeeded"}),
            (CLOSE_SHARD, JOB, {"entity": LENDER, "business_date": today, "shard": 1}),
            (SWITCH, JOB, {"business_date": "2026-10-30"}),
        ]
