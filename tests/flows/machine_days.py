"""Rules of days: the date switch, the close and reconciliation, in and out of time."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from flows.machine_base import Base
from flows.machine_rule import EITHER, PICK, beginning, some, step
from flows.machine_tables import Paid, day_of
from flows.machine_walk import BOOKS_OF, LENDER, end_day, pass_the_night, skip_day, staff
from sanshi.connectors.sandbox.faults import FaultKind
from sanshi.flows.books import CHECK_BOOKS, TRIAL_BALANCE
from sanshi.flows.cases import CLOSE_CASE
from sanshi.flows.closing import CLOSE_SHARD
from sanshi.flows.loans import closed_to, file_of
from sanshi.flows.paying import PAY
from sanshi.flows.perform import perform
from sanshi.flows.reconciling import RECONCILE
from sanshi.flows.world import Flow
from sanshi.jobs.close import close_day
from sanshi.jobs.outbox import JOB, deliver
from sanshi.loan.fold import fold

BOOKS: dict[str, Flow[Any]] = {flow.name: flow for flow in (CHECK_BOOKS, TRIAL_BALANCE)}

FILES: tuple[FaultKind | None, ...] = (None,) * 4 + (
    "duplicate",
    "lost",
    "wrong_amount",
    "unknown_line",
)
"""What may be wrong with the rail's file."""


class Days(Base):
    """What time brings."""

    @beginning(
        days=[0, 4, 3, 5, 33],
        under_way=["unsettled", "timeout_after", "timeout_before", None],
    )
    def some_days_later(self, days: int, under_way: FaultKind | None) -> None:
        """Begin before, on or after the first due dates, with an order under way or none."""
        for _ in range(days):
            skip_day(self.life)
        if under_way is not None:
            loan_id = self.choose(days, "loan", "active")
            self.life.outside.queue_fault("submit", under_way)
            perform(self.life.world, JOB, PAY, {"loan_id": loan_id, "amount_fen": 10_000})
            deliver(self.life.world)

    @step()
    def quiet_day(self) -> None:
        """Live through a day as it should be, from direct debit to reconciliation."""
        day = self.now.today
        if self.job(lambda: end_day(self.life)) is None:
            self.night_passes(day)

    @step(twice=EITHER, midnight=EITHER)
    def end_day(self, *, twice: bool, midnight: bool) -> None:
        """End the day as the jobs do it, before or after the rail's own midnight."""
        day = self.now.today
        if self.job(lambda: end_day(self.life, midnight=midnight)) is None:
            self.night_passes(day)
        elif twice:
            self.close_again(day)

    def night_passes(self, day: date) -> None:
        """Let the world go on although a job did not finish."""
        if self.life.world.clock.business_date() > day:
            pass_the_night(self.life)

    def close_again(self, day: date) -> None:
        """Close what is closed, with the rail's file as it really is: the second time is idle."""
        self.life.outside.clear_faults()
        close_day(self.life.world, day, only=BOOKS_OF)
        first = self.hash()
        close_day(self.life.world, day, only=BOOKS_OF)
        assert self.hash() == first

    @step(settles=EITHER)
    def midnight_at_the_rail(self, *, settles: bool) -> None:
        """Let the rail come to our date, if it is behind; it may settle first what it took."""
        self.came["rail was behind"] += self.life.outside.rail_date() < self.now.today
        if settles:
            self.life.outside.rail.settle(None)
        self.life.outside.rail.set_date(self.now.today.isoformat())

    @step(
        days=[1, 2, 5, "due", "due", "grace over"],
        midnight=EITHER,
        pick=PICK,
    )
    def skip_days(self, *, days: int | str, midnight: bool, pick: int) -> None:
        """Let days go by without a close, perhaps to where something happens; one catches up."""
        target = self.now.today
        if isinstance(days, int):
            target += timedelta(days=days)
        elif self.now.in_stage("loan", "active"):
            loan = self.loan(self.choose(pick, "loan", "active"))
            state = self.worked.state(loan, self.now.today)
            dues = [row.due_date for row in state.ahead[:1]]
            past_grace = timedelta(days=(loan.terms.grace_days + 1) * (days == "grace over"))
            target = max([target, *dues]) + past_grace
        while self.life.world.clock.business_date() < target:
            skip_day(self.life, midnight=midnight)

    @step(what=["day", "shard", "shard twice"], shard=range(4))
    def close_late(self, what: str, shard: int) -> None:
        """Close yesterday, or a part of it, once more or for the first time."""
        day = self.now.today - timedelta(days=1)
        if what == "day":
            self.job(lambda: close_day(self.life.world, day, only=BOOKS_OF))
            return
        request = {"entity": LENDER, "business_date": day.isoformat(), "shard": shard}
        first = self.attempt(CLOSE_SHARD, JOB, request)
        if what == "shard twice" and first is not None:
            before = self.hash()
            assert self.attempt(CLOSE_SHARD, JOB, request) == first
            assert self.hash() == before

    @step(back=range(6), twice=EITHER, fault=FILES)
    def reconcile(self, *, back: int, twice: bool, fault: FaultKind | None) -> None:
        """Reconcile a day, often one with money on it, and perhaps with a wrong file."""
        day = self.now.today - timedelta(days=back)
        paid_on = [day_of(p.value_date) for p in self.now.payments if self.is_open(p)]
        if back < 4 and paid_on:
            day = paid_on[back % len(paid_on)]
        if fault is not None:
            self.life.outside.queue_fault("statement", fault)
        request = {"entity": LENDER, "value_date": day.isoformat()}
        for _ in range(1 + twice):
            answer = self.attempt(RECONCILE, JOB, request)
            if answer is not None:
                self.check_breaks(day, answer)

    def is_open(self, payment: Paid) -> bool:
        return self.now.stage(payment.payment_id) == "succeeded"

    def check_breaks(self, day: date, answer: Mapping[str, Any]) -> None:
        """Whatever is still on clearing for the day has a name, and every name is a case."""
        assert answer["unexplained_fen"] == 0
        self.all_holds()
        left = {p.payment_id for p in self.now.payments if self.is_open(p)}
        named = {(f"rail_{found['kind']}", found["subject"]) for found in answer["breaks"]}
        on_day = {p.payment_id for p in self.now.payments if day_of(p.value_date) == day}
        assert left & on_day <= {subject for _, subject in named}
        cases = self.life.world.store.rows("work_case", {"entity": LENDER})
        assert named <= {(case["kind"], case["subject"]) for case in cases}
        self.came.update(f"break: {kind}" for kind, _ in named)

    @step(some("case", "open"), pick=PICK)
    def close_case(self, pick: int) -> None:
        case_id = self.choose(pick, "case", "open")
        self.attempt(CLOSE_CASE, staff("servicing"), {"case_id": case_id, "finding": "seen"})

    @step(
        what=sorted(BOOKS),
        role=["audit", "servicing"],
    )
    def look_at_the_books(self, what: str, role: str) -> None:
        """Ask the engine itself: its books balance and follow from the events."""
        answer = self.attempt(BOOKS[what], staff(role), {"entity": LENDER})
        assert answer is not None
        assert answer.get("balanced", True)
        assert not answer.get("differences", [])

    @step(knew=range(8), back=range(8))
    def look_back(self, *, knew: int, back: int) -> None:
        """Ask what the books of a closed day said of an earlier one: what the events knew then."""
        to = self.now.today - timedelta(days=1 + knew)
        closed = closed_to(self.life.world, LENDER)
        if closed is None or closed < to:
            return
        value_to = to - timedelta(days=back)
        self.came["looked back"] += 1
        days = {"to": to.isoformat(), "value_to": value_to.isoformat()}
        answer = self.attempt(TRIAL_BALANCE, staff("audit"), {"entity": LENDER, **days})
        assert answer is not None
        said = {row["account"]: row["balance_fen"] for row in answer["accounts"]}
        owed = earned = 0
        for row in self.life.world.store.rows("loan", {"entity": LENDER}):
            file = file_of(self.life.world, row)
            known = [event for event in file.events if event.booking_date <= to]
            state = fold(file.terms, known, value_to)
            owed += state.disbursed_fen - state.principal_paid_fen
            earned += state.interest_earned_fen
        assert said.get("customer_loan", 0) == owed
        assert -said.get("interest_income", 0) == earned
