"""Two things at once: each test puts one write exactly between another's reading and writing."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

import pytest

from faults.rail_log import talk_about
from sanshi.connectors.process import SandboxPlan, SandboxProcess, running_sandbox
from sanshi.flows.hearing import HEAR
from sanshi.flows.paying import PAY, Pay
from sanshi.flows.perform import perform
from sanshi.flows.reconciling import RECONCILE
from sanshi.flows.shards import closed_shards
from sanshi.flows.world import Actor
from sanshi.jobs.close import close_day, collect_due
from sanshi.jobs.outbox import JOB, deliver, enquire_open
from sanshi.kernel.effects import Applied, Conflict, Effects, Insert, Message
from sanshi.kernel.errors import UnavailableError
from sanshi.ports import Store
from sanshi.store.sqlite import SqliteStore
from sanshi.wiring import Content
from worlds import LENDER, MONDAY, XIAOMAN, Desk, open_desk, staff

SERVICING = staff("servicing")
WASHER = "HT-WASHER-10"


class Between:
    """The real store; something happens just before one of its methods is called the first time."""

    def __init__(self, store: Store, method: str, happens: Callable[[], object]) -> None:
        self._store = store
        self._happens = {method: happens}

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever the store has
        happens = self._happens.pop(name, None)
        if happens is not None:
            happens()
        return getattr(self._store, name)


def between(desk: Desk, method: str, happens: Callable[[], object]) -> Any:  # noqa: ANN401 - a World
    store = cast("Store", Between(desk.world.store, method, happens))
    return replace(desk.world, store=store)


def prepaid(desk: Desk, loan_id: str, actor: Actor = SERVICING) -> str:
    """Order a prepayment of 1,000.00 yuan; returns the payment."""
    answer = desk.do("pay", actor, loan_id=loan_id, purpose="prepay_lower", amount_fen=100_000)
    return str(answer["payment_id"])


def stage(desk: Desk, stream: str) -> str:
    return desk.world.store.standing(stream)[1]


def clearing_fen(desk: Desk) -> int:
    debit_fen, credit_fen = desk.world.store.balances(LENDER)["rail_clearing"]
    return debit_fen - credit_fen


def test_an_amount_read_before_a_payment_came_in_is_never_collected(desk: Desk) -> None:
    loan_id = desk.paid_out(desk.person(XIAOMAN))
    prepaid(desk, loan_id)
    settle = Pay(loan_id=loan_id, purpose="settle")
    stale = PAY.decide(desk.world, SERVICING, settle)
    assert deliver(desk.world).sent == 1  # the prepayment has come in, the place is free again
    outcome = desk.world.store.apply(stale.effects)
    assert isinstance(outcome, Conflict), "what settled the loan before would be too much now"
    answer = perform(desk.world, SERVICING, PAY, settle.model_dump())
    assert answer["amount_fen"] < stale.answer["amount_fen"]


def test_reconciling_while_a_payment_comes_in_names_no_false_break(desk: Desk) -> None:
    loan_id = desk.paid_out(desk.person(XIAOMAN))
    prepaid(desk, loan_id)
    world = between(desk, "balances", lambda: deliver(desk.world))
    request = {"entity": LENDER, "value_date": MONDAY.isoformat()}
    answer = perform(world, JOB, RECONCILE, request)
    assert answer["unexplained_fen"] == 0
    assert desk.world.store.rows("work_case", {"kind": "rail_unexplained"}) == ()


def test_a_loan_settled_meanwhile_does_not_stop_the_direct_debits_of_others(desk: Desk) -> None:
    who = desk.person(XIAOMAN)
    first, second = desk.paid_out(who), desk.paid_out(who, sku=WASHER)
    desk.do("pay", SERVICING, loan_id=first, purpose="settle")
    world = between(desk, "row", lambda: deliver(desk.world))  # once both are on the list
    assert collect_due(world, LENDER) == 0
    assert (stage(desk, first), stage(desk, second)) == ("settled", "active")


def test_what_is_heard_after_its_day_was_reconciled_settles_with_the_next_close(desk: Desk) -> None:
    loan_id = desk.paid_out(desk.person(XIAOMAN))
    desk.outside.queue_fault("submit", "timeout_after")
    payment_id = prepaid(desk, loan_id)
    assert deliver(desk.world).unanswered == 1
    report = close_day(desk.world, MONDAY)
    breaks = report["entities"][LENDER]["reconciliation"]["breaks"]
    named = [found["kind"] for found in breaks if found["subject"] == payment_id]
    assert named == ["not_confirmed"]
    enquire_open(desk.world, LENDER)
    assert (stage(desk, payment_id), clearing_fen(desk)) == ("succeeded", 100_000)
    close_day(desk.world, desk.world.clock.business_date())
    assert (stage(desk, payment_id), clearing_fen(desk)) == ("settled", 0)


def test_a_refusal_dated_before_the_order_takes_the_order_back(desk: Desk) -> None:
    loan_id = desk.signed(desk.person(XIAOMAN))
    desk.do("switch_date", JOB, business_date=MONDAY.isoformat())  # the rail stays on Monday
    desk.do("order_disbursement", SERVICING, loan_id=loan_id)
    desk.outside.queue_fault("submit", "reject")
    deliver(desk.world)
    assert (stage(desk, loan_id), clearing_fen(desk)) == ("pending", 0)
    request = {"entity": LENDER, "value_date": MONDAY.isoformat()}
    assert perform(desk.world, JOB, RECONCILE, request)["unexplained_fen"] == 0
    assert desk.do("check_books", staff("audit"), entity=LENDER)["differences"] == []


def test_a_break_that_stays_is_one_case_however_often_it_is_found(
    sqlite_url: str, tmp_path: Path, content: Content
) -> None:
    plan = SandboxPlan(data=tmp_path / "outside", value_date=MONDAY)  # its file has one line only
    with (
        running_sandbox(plan) as outside,
        open_desk(sqlite_url, tmp_path, content, outside) as desk,
    ):
        desk.paid_out(desk.person(XIAOMAN))
        [payment] = desk.world.store.rows("payment")
        for _ in range(3):
            desk.outside.queue_fault("statement", "lost")
            desk.outside.queue_fault("statement", "lost")
            close_day(desk.world, desk.world.clock.business_date())
        cases = desk.world.store.rows("work_case", {"subject": payment["payment_id"]})
        assert [case["kind"] for case in cases] == ["rail_missing_in_statement"]


def test_what_waits_for_a_retry_holds_up_nobody_else(desk: Desk) -> None:
    who = desk.person(XIAOMAN)
    first, second = desk.paid_out(who), desk.paid_out(who, sku=WASHER)
    prepaid(desk, first)
    desk.outside.queue_fault("submit", "timeout_before")
    assert deliver(desk.world, limit=1).unanswered == 1
    payment_id = prepaid(desk, second)
    assert deliver(desk.world, limit=1).sent == 1
    assert stage(desk, payment_id) == "succeeded"


def test_a_second_message_of_a_payment_asks_before_it_sends(
    desk: Desk, outside: SandboxProcess
) -> None:
    loan_id = desk.paid_out(desk.person(XIAOMAN))
    desk.outside.queue_fault("submit", "timeout_before")
    desk.outside.queue_fault("submit", "timeout_after")
    payment_id = prepaid(desk, loan_id)
    assert deliver(desk.world).unanswered == 1
    # Two rounds of enquiry before anything is sent again: two messages now wait.
    for _ in range(2):
        enquire_open(desk.world, LENDER)
    done = deliver(desk.world)
    assert (done.sent, done.unanswered) == (1, 1)
    said = talk_about(outside.log_path, payment_id)
    assert said == ["submit", "enquire", "enquire", "enquire", "submit", "enquire"]
    assert stage(desk, payment_id) == "succeeded"


class Jammed:
    """The real store; what would change one stream never gets through."""

    def __init__(self, store: Store, stream: str) -> None:
        self._store = store
        self._stream = stream

    def apply(self, effects: Effects) -> Any:  # noqa: ANN401 - an Outcome
        if any(event.stream == self._stream for event in effects.events):
            return Conflict("version", self._stream)
        return self._store.apply(effects)

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever the store has
        return getattr(self._store, name)


def test_one_message_that_cannot_be_dealt_with_holds_up_no_other(desk: Desk) -> None:
    loans = [desk.signed(desk.person(XIAOMAN)) for _ in range(3)]
    ordered = [
        desk.do("order_disbursement", SERVICING, loan_id=loan)["payment_id"] for loan in loans
    ]
    nothing = Message("mg_0", "rail.submit", {"payment_id": "py_of_nobody"})
    assert desk.world.store.apply(Effects(messages=(nothing,))) == Applied()
    jammed = replace(desk.world, store=cast("Store", Jammed(desk.world.store, ordered[0])))
    done = deliver(jammed)
    assert (done.sent, done.unanswered, done.failed) == (2, 0, 2)
    assert [stage(desk, payment) for payment in ordered] == ["intended", "succeeded", "succeeded"]
    desk.time.move(seconds=60)
    assert deliver(desk.world).sent == 1
    assert stage(desk, ordered[0]) == "succeeded"


def test_one_answer_that_cannot_be_heard_holds_up_no_other(desk: Desk) -> None:
    loans = [desk.signed(desk.person(XIAOMAN)) for _ in range(2)]
    for loan in loans:
        desk.outside.queue_fault("submit", "unsettled")
        desk.do("order_disbursement", SERVICING, loan_id=loan)
    deliver(desk.world)
    desk.outside.settle()
    waiting = desk.world.store.in_stage("payment", "payment_id", ("sent",), {})
    payments = [row["payment_id"] for row in waiting]
    jammed = replace(desk.world, store=cast("Store", Jammed(desk.world.store, payments[0])))
    assert enquire_open(jammed, LENDER) == 2
    assert [stage(desk, payment) for payment in payments] == ["sent", "succeeded"]


def test_an_answer_with_another_amount_is_asked_for_again(desk: Desk) -> None:
    """Found by the kills: the order's message was done with, and nobody ever asked again."""
    loan_id = desk.signed(desk.person(XIAOMAN))
    desk.outside.queue_fault("submit", "timeout_after")
    payment_id = desk.do("order_disbursement", SERVICING, loan_id=loan_id)["payment_id"]
    row = desk.world.store.row("payment", payment_id=payment_id)
    assert row is not None
    wrong = {"status": "succeeded", "amount_fen": row["amount_fen"] + 1}
    perform(desk.world, JOB, HEAR, {"payment_id": payment_id, **wrong})
    assert stage(desk, payment_id) == "unknown"
    assert stage(desk, loan_id) == "disbursement_unknown"
    deliver(desk.world)
    enquire_open(desk.world, LENDER)
    desk.time.move(seconds=60)
    deliver(desk.world)
    assert stage(desk, payment_id) == "succeeded"
    assert stage(desk, loan_id) == "active"


def test_a_store_that_closes_lets_nobody_wait_for_ever(sqlite_url: str) -> None:
    answers: list[object] = []

    def write(counter: str) -> None:
        row = Insert("counter", {"counter": counter, "remaining": 1})
        answers.append(store.apply(Effects(rows=(row,))))

    def now() -> datetime:
        """Stand in the middle of a commit: one more caller queues, then somebody closes."""
        for other in others:
            if not other.ident:
                other.start()
                other.join(0.3)
        return datetime.now(UTC)  # real clock: any instant will do

    store = SqliteStore(sqlite_url, now)
    others = [
        threading.Thread(target=write, args=("theirs",), daemon=True),
        threading.Thread(target=store.close, daemon=True),
    ]
    first = threading.Thread(target=write, args=("mine",), daemon=True)
    first.start()
    for thread in (first, *others):
        thread.join(10)
        assert not thread.is_alive(), "a caller waits for an answer that cannot come"
    assert answers == [Applied(), Applied()]
    with pytest.raises(UnavailableError):
        store.apply(Effects())


def test_the_books_agree_in_the_middle_of_a_close(desk: Desk) -> None:
    desk.paid_out(desk.person(XIAOMAN))
    for _ in range(3):
        close_day(desk.world, desk.world.clock.business_date())
        desk.time.move(days=1)
    day = desk.world.clock.business_date().isoformat()
    desk.do("switch_date", JOB, business_date=day)
    for shard in closed_shards(desk.world, LENDER):
        desk.do("close_shard", JOB, entity=LENDER, business_date=day, shard=shard)
        assert desk.do("check_books", staff("audit"), entity=LENDER)["differences"] == []
