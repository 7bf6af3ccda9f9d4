"""Rules of money: orders, the rail and what it says, late, twice, wrongly or never."""

from __future__ import annotations

from typing import Any

from flows.machine_base import FINAL, LIVE, UNDER_WAY, Base
from flows.machine_rule import EITHER, PICK, SELDOM, some, step
from flows.machine_tables import Tables
from flows.machine_walk import LENDER, staff
from sanshi.flows.disbursing import DISBURSE
from sanshi.flows.hearing import HEAR
from sanshi.flows.paying import PAY
from sanshi.jobs.close import collect_due
from sanshi.jobs.outbox import JOB, enquire_open
from sanshi.kernel.money import MAX_FEN

FAULTS = (
    ("submit", "timeout_before"),
    ("submit", "timeout_after"),
    ("submit", "http_500"),
    ("submit", "reject"),
    ("submit", "unsettled"),
    ("submit", "unsettled"),
    ("submit", "unsettled"),
    ("submit", "wrong_amount"),
    ("submit", "garbled"),
    ("enquire", "timeout_before"),
    ("enquire", "lost"),
    ("enquire", "wrong_amount"),
    ("statement", "timeout_before"),
    ("statement", "duplicate"),
    ("statement", "lost"),
    ("statement", "wrong_amount"),
    ("statement", "unknown_line"),
    ("bureau", "timeout_before"),
    ("public_data", "garbled"),
)
AMOUNTS = {
    "instalment": ("left out", "due", "some", "one", "payoff", "absurd"),
    "prepay_lower": ("some", "most", "just more", "due", "payoff", "left out"),
    "prepay_shorten": ("some", "most", "just more", "due", "payoff", "left out"),
    "settle": ("left out", "left out", "payoff", "most", "beyond", "absurd"),
}
"""What each purpose is tried with, the sensible first."""
AMOUNT = [0, 0, 0, 1, 1, 2, 3, 4, 5]


class Payments(Base):
    """What moves money."""

    @step(some("loan", *LIVE), pick=PICK, other=SELDOM, at_once=EITHER)
    def disburse(self, *, pick: int, other: bool, at_once: bool) -> None:
        stages = ("pending",) if not other and self.now.in_stage("loan", "pending") else LIVE
        loan_id = self.choose(pick, "loan", *stages)
        self.attempt(DISBURSE, staff("servicing"), {"loan_id": loan_id}, keyed=True)
        if at_once:
            self.send()

    @step(some("loan", "active"), pick=PICK, amount=AMOUNT, other=SELDOM, at_once=EITHER)
    def pay(self, *, pick: int, amount: int, other: bool, at_once: bool) -> None:
        stages = LIVE if other else ("active",)
        self.order(self.choose(pick, "loan", *stages), "instalment", amount, at_once=at_once)

    @step(some("loan", "active"), pick=PICK, amount=AMOUNT, shorten=EITHER, at_once=EITHER)
    def prepay(self, *, pick: int, amount: int, shorten: bool, at_once: bool) -> None:
        purpose = "prepay_shorten" if shorten else "prepay_lower"
        self.order(self.choose(pick, "loan", "active"), purpose, amount, at_once=at_once)

    @step(some("loan", "active"), pick=PICK, amount=AMOUNT, at_once=EITHER)
    def settle(self, *, pick: int, amount: int, at_once: bool) -> None:
        self.order(self.choose(pick, "loan", "active"), "settle", amount, at_once=at_once)

    def order(self, loan_id: str, purpose: str, amount: int, *, at_once: bool) -> None:
        """Order a payment by direct debit, and send it now or leave it to the outbox."""
        request: dict[str, Any] = {"loan_id": loan_id, "purpose": purpose}
        request |= self.amount(loan_id, AMOUNTS[purpose][amount])
        buyer = self.buyer_of("loan", loan_id=loan_id)
        self.attempt(PAY, buyer.actor, request, keyed=True)
        if at_once:
            self.send()

    def amount(self, loan_id: str, amount: str) -> dict[str, int]:
        state = self.worked.state(self.loan(loan_id), self.now.today)
        fen = {
            "one": 1,
            "just more": state.due_fen - state.credit_fen + 1,
            "some": state.due_fen + state.principal_ahead_fen // 3,
            "most": state.due_fen + state.principal_ahead_fen - state.credit_fen - 1,
            "due": state.due_fen,
            "payoff": state.payoff_fen - state.credit_fen,
            "beyond": state.payoff_fen - state.credit_fen + 1,
            "absurd": MAX_FEN,
        }
        return {} if amount == "left out" else {"amount_fen": max(fen[amount], 1)}

    @step(at_once=EITHER)
    def collect(self, *, at_once: bool) -> None:
        """Order the direct debit of whatever is due."""
        self.job(lambda: collect_due(self.life.world, LENDER))
        if at_once:
            self.send()

    @step(seconds=[0, 0, 31])
    def deliver(self, seconds: int) -> None:
        self.life.time.move(seconds=seconds)
        self.send()

    @step(some("payment", *UNDER_WAY), times=range(1, 3))
    def enquire(self, times: int) -> None:
        for _ in range(times):
            asked = self.job(lambda: enquire_open(self.life.world, LENDER))
            self.came["enquired"] += asked or 0

    @step(some("payment", *FINAL), pick=PICK, times=range(1, 3))
    def hear_again(self, pick: int, times: int) -> None:
        """Say once more what the rail has said: nothing may change, however often."""
        payment_id = self.choose(pick, "payment", *FINAL)
        before = self.hash()
        for _ in range(times):
            assert self.attempt(HEAR, JOB, self.said(payment_id)) is not None
        assert self.hash() == before

    def said(self, payment_id: str) -> dict[str, Any]:
        """Return what the rail's book has of a payment, as a callback would tell it."""
        held = self.life.outside.instructions()[payment_id]
        return {
            "payment_id": payment_id,
            "status": held["status"],
            "amount_fen": held["amount_fen"],
            "value_date": held["value_date"],
            "rail_reference": "callback",
            "failure_code": held["failure_code"],
        }

    @step(some("payment", *FINAL), pick=PICK)
    def hear_the_contrary(self, pick: int) -> None:
        """Contradict what is final: it becomes a case and moves no money."""
        payment_id = self.choose(pick, "payment", *FINAL)
        said = self.said(payment_id)
        said["status"] = "failed" if said["status"] == "succeeded" else "succeeded"
        said["value_date"] = said["value_date"] or self.now.today.isoformat()
        answer = self.attempt(HEAR, JOB, said)
        assert answer is not None
        assert answer["heard"] == "rail_contradiction"
        assert Tables.read(self.engine).postings == self.now.postings

    def at_the_rail(self) -> list[str]:
        """Return what is under way and has come to the rail."""
        under_way = self.now.in_stage("payment", *UNDER_WAY)
        return [name for name in under_way if name in self.held]

    @step(lambda self: self.at_the_rail(), pick=PICK, off=range(3))
    def hear_callback(self, pick: int, off: int) -> None:
        """Hear of what is under way, now and then with a wrong amount."""
        found = self.at_the_rail()
        payment_id = found[pick % len(found)]
        said = self.said(payment_id)
        said["amount_fen"] += off % 2
        answer = self.attempt(HEAR, JOB, said)
        assert answer is not None
        assert (answer["heard"] == "rail_amount") == bool(off % 2)

    @step(fault=FAULTS)
    def fault(self, fault: tuple[Any, Any]) -> None:
        self.life.outside.queue_fault(*fault)

    @step(some("payment", *UNDER_WAY), heard=EITHER)
    def settle_on_the_rail(self, *, heard: bool) -> None:
        """Let the rail settle what it had only accepted; it may say so by itself."""
        waiting = [
            n for n, r in self.life.outside.instructions().items() if r["status"] == "accepted"
        ]
        self.came["rail settles later"] += self.life.outside.rail.settle(None)
        for payment_id in waiting if heard else ():
            assert self.attempt(HEAR, JOB, self.said(payment_id)) is not None

    @step(pick=PICK, balance_fen=[0, 50_000, 500_000, None, None])
    def set_balance(self, pick: int, balance_fen: int | None) -> None:
        holders = [*(f"acct:{b.person_id}" for b in self.buyers), "acct:shenpu_bank"]
        self.life.outside.rail.set_accounts({holders[pick % len(holders)]: balance_fen})
