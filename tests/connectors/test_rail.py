"""The rail as its own process, reached over TCP: idempotency, rules, statements, each fault."""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path

import httpx
import pytest

from sanshi.connectors.payments import HttpPayments, unknown_outcome
from sanshi.connectors.process import SandboxPlan, running_sandbox
from sanshi.connectors.sandbox.control import SandboxControl
from sanshi.connectors.sandbox.faults import ALLOWED, FaultKind, FaultPoint
from sanshi.kernel.errors import ConflictError, ImpossibleError, InputError, UnavailableError
from sanshi.ports import Instruction, Payments, RailAnswer

_FIRST_DAY = date(2026, 11, 2)


@dataclass
class Rail:
    payments: HttpPayments
    control: SandboxControl
    base_url: str
    secret: str
    numbers: Iterator[int]
    today: date

    def instruction(self, **changes: object) -> Instruction:
        plain = Instruction(
            instruction_id=f"py_{next(self.numbers):06d}",
            kind="collect",
            amount_fen=51_234,
            currency="CNY",
            payer_account="consumer-1（虚构）",
            payee_account="lender-1（虚构）",
            memo="第 1 期",
        )
        return replace(plain, **changes)  # type: ignore[arg-type] # any of its fields

    def fault(self, at: FaultPoint, kind: FaultKind, hold_ms: int = 2000) -> None:
        self.control.queue_fault(at, kind, hold_ms=hold_ms)


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rail]:
    plan = SandboxPlan(tmp_path_factory.mktemp("rail"), value_date=_FIRST_DAY)
    with running_sandbox(plan) as process:
        payments = HttpPayments(process.base_url, process.secret, timeout_seconds=10)
        control = SandboxControl(process.base_url, process.secret)
        yield Rail(
            payments, control, process.base_url, process.secret, itertools.count(1), _FIRST_DAY
        )
        payments.close()
        control.close()


@pytest.fixture
def rail(shared: Rail) -> Rail:
    shared.control.clear_faults()
    shared.control.set_limit(None)
    shared.control.set_accounts(dict.fromkeys(shared.control.accounts()))
    shared.today += timedelta(days=1)
    shared.control.set_date(shared.today)
    return shared


def test_it_is_the_port(rail: Rail) -> None:
    port: Payments = rail.payments
    order = rail.instruction()
    answer = port.submit(order)
    assert answer == RailAnswer(
        order.instruction_id, "succeeded", answer.rail_reference, rail.today, "", order.amount_fen
    )
    assert port.enquire(order.instruction_id) == answer


def test_a_repeated_instruction_moves_money_once(rail: Rail) -> None:
    rail.control.set_accounts({"a": 100_000, "b": 0})
    order = rail.instruction(payer_account="a", payee_account="b", amount_fen=60_000)
    assert rail.payments.submit(order) == rail.payments.submit(order)
    assert rail.control.accounts() == {"a": 40_000, "b": 60_000}
    assert len(rail.payments.statement(rail.today)) == 1


def test_one_instruction_sent_by_many_at_once_moves_money_once(rail: Rail) -> None:
    rail.control.set_accounts({"a": 100_000, "b": 0})
    order = rail.instruction(payer_account="a", payee_account="b", amount_fen=60_000)
    with ThreadPoolExecutor(8) as pool:
        answers = set(pool.map(rail.payments.submit, [order] * 24))
    assert len(answers) == 1
    assert rail.control.accounts() == {"a": 40_000, "b": 60_000}


@pytest.mark.parametrize(
    "change",
    [
        {"amount_fen": 51_235},
        {"kind": "refund"},
        {"payer_account": "x"},
        {"payee_account": "x"},
        {"memo": ""},
    ],
)
def test_an_id_with_other_contents_conflicts(rail: Rail, change: dict[str, object]) -> None:
    order = rail.instruction()
    first = rail.payments.submit(order)
    with pytest.raises(ConflictError) as caught:
        rail.payments.submit(replace(order, **change))  # type: ignore[arg-type] # any field
    assert caught.value.code == "rail.id_reused"
    assert rail.payments.enquire(order.instruction_id) == first


def test_what_never_arrived_is_not_found(rail: Rail) -> None:
    answer = rail.payments.enquire("py_never")
    assert answer == RailAnswer("py_never", "not_found", "", None, "")


def test_a_payer_without_the_money_fails_and_nothing_moves(rail: Rail) -> None:
    rail.control.set_accounts({"poor": 51_233, "b": 5})
    order = rail.instruction(payer_account="poor", payee_account="b")
    answer = rail.payments.submit(order)
    assert (answer.status, answer.failure_code) == ("failed", "insufficient_funds")
    assert rail.control.accounts() == {"b": 5, "poor": 51_233}
    exact = rail.instruction(payer_account="poor", payee_account="b", amount_fen=51_233)
    assert rail.payments.submit(exact).status == "succeeded"
    assert rail.control.accounts() == {"b": 51_238, "poor": 0}
    rail.control.set_accounts({"poor": None})
    assert rail.payments.submit(rail.instruction(payer_account="poor")).status == "succeeded"
    settled = [line.amount_fen for line in rail.payments.statement(rail.today)]
    assert settled == [51_233, 51_234]


def test_the_amount_limit_binds_above_it(rail: Rail) -> None:
    rail.control.set_limit(1_000)
    assert rail.payments.submit(rail.instruction(amount_fen=1_000)).status == "succeeded"
    over = rail.payments.submit(rail.instruction(amount_fen=1_001))
    assert (over.status, over.failure_code) == ("failed", "amount_limit")


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"amount_fen": 0}, "amount_fen"),
        ({"amount_fen": -1}, "amount_fen"),
        ({"amount_fen": 10**13 + 1}, "amount_fen"),
        ({"currency": "USD"}, "currency"),
        ({"kind": "steal"}, "kind"),
        ({"payer_account": ""}, "payer_account"),
        ({"instruction_id": "a/b"}, "instruction_id"),
        ({"memo": "x" * 201}, "memo"),
    ],
)
def test_a_malformed_instruction_is_refused_by_field(
    rail: Rail, change: dict[str, object], field: str
) -> None:
    with pytest.raises(ImpossibleError, match=r"rail\.refused_form") as caught:
        rail.payments.submit(rail.instruction(**change))
    assert field in caught.value.field
    assert rail.payments.statement(rail.today) == ()


def test_the_statement_holds_every_settled_movement_of_its_day_and_adds_up(rail: Rail) -> None:
    luck = random.Random(7)
    orders = [
        rail.instruction(
            amount_fen=luck.randrange(1, 10**9), kind=luck.choice(["pay", "collect", "refund"])
        )
        for _ in range(40)
    ]
    for order in orders:
        rail.payments.submit(order)
    rail.fault("submit", "reject")
    rail.payments.submit(rail.instruction())
    lines = rail.payments.statement(rail.today)
    assert [(x.instruction_id, x.kind, x.amount_fen) for x in lines] == [
        (x.instruction_id, x.kind, x.amount_fen) for x in orders
    ]
    assert {line.value_date for line in lines} == {rail.today}
    assert rail.payments.statement(rail.today + timedelta(days=1)) == ()
    raw = httpx.get(
        f"{rail.base_url}/rail/statements/{rail.today}", headers={"x-sandbox-secret": rail.secret}
    )
    end = raw.text.splitlines()[-1]
    assert f'"total_fen": {sum(order.amount_fen for order in orders)}' in end


def test_the_date_moves_forward_alone(rail: Rail) -> None:
    with pytest.raises(InputError, match=r"rail\.date_backwards"):
        rail.control.set_date(rail.today - timedelta(days=1))
    old = rail.today
    order = rail.instruction()
    assert rail.payments.submit(order).value_date == old
    rail.today += timedelta(days=1)
    rail.control.set_date(rail.today)
    assert rail.payments.submit(rail.instruction()).value_date == rail.today
    assert rail.payments.submit(order).value_date == old


def test_without_a_date_the_rail_takes_nothing(tmp_path: Path) -> None:
    with running_sandbox(SandboxPlan(tmp_path)) as process:
        payments = HttpPayments(process.base_url, process.secret, timeout_seconds=10)
        order = Instruction("py_1", "pay", 1, "CNY", "a", "b", "")
        with pytest.raises(UnavailableError):
            payments.submit(order)
        assert payments.enquire("py_1").status == "not_found"
        payments.close()


# ── faults ──


@pytest.mark.parametrize("kind", ["timeout_before", "http_500"])
def test_fault_submit_silent_and_not_taken(rail: Rail, kind: FaultKind) -> None:
    rail.fault("submit", kind)
    order = rail.instruction()
    _expect_unknown(rail, order)
    assert rail.payments.enquire(order.instruction_id).status == "not_found"
    assert rail.payments.submit(order).status == "succeeded"


@pytest.mark.parametrize("kind", ["timeout_after", "garbled"])
def test_fault_submit_silent_but_taken(rail: Rail, kind: FaultKind) -> None:
    rail.fault("submit", kind)
    order = rail.instruction()
    _expect_unknown(rail, order)
    assert rail.payments.enquire(order.instruction_id).status == "succeeded"
    assert len(rail.payments.statement(rail.today)) == 1


def test_fault_submit_late_runs_into_the_callers_time_out(rail: Rail) -> None:
    rail.fault("submit", "late", hold_ms=1500)
    hasty = HttpPayments(rail.base_url, rail.secret, timeout_seconds=0.3)
    order = rail.instruction()
    with pytest.raises(UnavailableError, match="ReadTimeout") as caught:
        hasty.submit(order)
    assert unknown_outcome(caught.value)
    assert hasty.enquire(order.instruction_id).status == "succeeded"
    hasty.close()


def test_fault_submit_late_within_the_time_out_is_only_slow(rail: Rail) -> None:
    rail.fault("submit", "late", hold_ms=50)
    assert rail.payments.submit(rail.instruction()).status == "succeeded"


def test_fault_submit_reject(rail: Rail) -> None:
    rail.fault("submit", "reject")
    order = rail.instruction()
    answer = rail.payments.submit(order)
    assert (answer.status, answer.failure_code) == ("failed", "rejected")
    assert rail.payments.submit(order) == answer
    assert rail.payments.statement(rail.today) == ()


def test_fault_submit_unsettled_until_settled(rail: Rail) -> None:
    rail.control.set_accounts({"a": 60_000})
    orders = [rail.instruction(payer_account="a", amount_fen=40_000) for _ in range(2)]
    for order in orders:
        rail.fault("submit", "unsettled")
        answer = rail.payments.submit(order)
        assert (answer.status, answer.value_date) == ("accepted", None)
    assert rail.payments.statement(rail.today) == ()
    rail.today += timedelta(days=1)
    rail.control.set_date(rail.today)
    assert rail.control.settle([orders[0].instruction_id]) == 1
    assert rail.payments.enquire(orders[0].instruction_id).value_date == rail.today
    assert rail.payments.enquire(orders[1].instruction_id).status == "accepted"
    assert rail.control.settle() == 1
    assert rail.control.settle() == 0
    assert rail.payments.enquire(orders[1].instruction_id).failure_code == "insufficient_funds"


def test_fault_submit_wrong_amount_is_refused_and_nothing_wrong_is_booked(rail: Rail) -> None:
    rail.fault("submit", "wrong_amount")
    order = rail.instruction()
    with pytest.raises(ImpossibleError, match=r"rail\.other_amount"):
        rail.payments.submit(order)
    assert [line.amount_fen for line in rail.payments.statement(rail.today)] == [51_234]


@pytest.mark.parametrize("kind", ["timeout_before", "timeout_after", "http_500", "garbled"])
def test_fault_enquire_silent(rail: Rail, kind: FaultKind) -> None:
    order = rail.instruction()
    rail.payments.submit(order)
    rail.fault("enquire", kind)
    with pytest.raises(UnavailableError):
        rail.payments.enquire(order.instruction_id)
    assert rail.payments.enquire(order.instruction_id).status == "succeeded"


def test_fault_enquire_lost_says_not_found_of_what_was_taken(rail: Rail) -> None:
    order = rail.instruction()
    rail.payments.submit(order)
    rail.fault("enquire", "lost")
    assert rail.payments.enquire(order.instruction_id).status == "not_found"
    assert rail.payments.submit(order).status == "succeeded"
    assert len(rail.payments.statement(rail.today)) == 1


def test_fault_statement_lost_duplicate_wrong_and_unknown_lines(rail: Rail) -> None:
    orders = [rail.instruction(amount_fen=100 * n) for n in range(1, 6)]
    for order in orders:
        rail.payments.submit(order)
    true = rail.payments.statement(rail.today)
    assert len(true) == 5
    rail.fault("statement", "lost")
    rail.fault("statement", "duplicate")
    rail.fault("statement", "wrong_amount")
    rail.fault("statement", "unknown_line")
    lost, twice, wrong, unknown = (rail.payments.statement(rail.today) for _ in range(4))
    assert len(lost) == 4
    assert set(lost) < set(true)
    assert len(twice) == 6
    assert set(twice) == set(true)
    differing = [(a, b) for a, b in zip(true, wrong, strict=True) if a != b]
    assert [b.amount_fen - a.amount_fen for a, b in differing] == [1]
    assert unknown[:-1] == true
    assert rail.payments.enquire(unknown[-1].instruction_id).status == "not_found"
    assert rail.payments.statement(rail.today) == true


@pytest.mark.parametrize("kind", ["timeout_before", "http_500", "garbled"])
def test_fault_statement_silent(rail: Rail, kind: FaultKind) -> None:
    rail.payments.submit(rail.instruction())
    rail.fault("statement", kind)
    with pytest.raises(UnavailableError):
        rail.payments.statement(rail.today)
    assert len(rail.payments.statement(rail.today)) == 1


def test_faults_wait_in_order_and_by_place(rail: Rail) -> None:
    rail.fault("enquire", "lost")
    rail.fault("submit", "reject")
    rail.fault("submit", "timeout_before")
    assert rail.control.faults_waiting() == 3
    assert rail.payments.submit(rail.instruction()).failure_code == "rejected"
    _expect_unknown(rail, rail.instruction())
    assert rail.payments.submit(rail.instruction()).status == "succeeded"
    assert rail.control.faults_waiting() == 1


@pytest.mark.parametrize(
    ("at", "kind"),
    [("submit", "unknown_line"), ("callback", "http_500"), ("identity", "reject")],
)
def test_an_impossible_fault_is_refused(rail: Rail, at: FaultPoint, kind: FaultKind) -> None:
    assert kind not in ALLOWED[at]
    with pytest.raises(InputError, match=r"sandbox\.fault"):
        rail.fault(at, kind)


def test_rates_above_one_are_refused(rail: Rail) -> None:
    with pytest.raises(InputError, match=r"sandbox\.rates"):
        rail.control.set_rates({("submit", "reject"): 600_000, ("submit", "late"): 400_001})


def test_seeded_rates_repeat_and_are_about_right(tmp_path: Path) -> None:
    def run(folder: str, seed: int) -> list[str]:
        plan = SandboxPlan(tmp_path / folder, value_date=_FIRST_DAY, seed=seed)
        with running_sandbox(plan) as process:
            control = SandboxControl(process.base_url, process.secret)
            control.set_rates({("submit", "reject"): 300_000})
            payments = HttpPayments(process.base_url, process.secret, timeout_seconds=10)
            orders = [Instruction(f"py_{n}", "pay", 1, "CNY", "a", "b", "") for n in range(120)]
            codes = [payments.submit(order).failure_code for order in orders]
            payments.close()
            control.close()
            return codes

    first = run("a", 1)
    assert run("b", 1) == first
    assert run("c", 2) != first
    assert 15 <= first.count("rejected") <= 57  # 36 expected; 4 standard deviations are 20


@pytest.mark.parametrize("secret", ["", "wrong"])
def test_a_wrong_secret_is_not_let_in(rail: Rail, secret: str) -> None:
    stranger = HttpPayments(rail.base_url, secret, timeout_seconds=10)
    order = rail.instruction()
    with pytest.raises(UnavailableError, match=r"rail\.not_let_in"):
        stranger.submit(order)
    with pytest.raises(UnavailableError, match=r"rail\.not_let_in"):
        stranger.enquire(order.instruction_id)
    assert rail.payments.enquire(order.instruction_id).status == "not_found"
    stranger.close()


def _expect_unknown(rail: Rail, order: Instruction) -> None:
    with pytest.raises(UnavailableError) as caught:
        rail.payments.submit(order)
    assert unknown_outcome(caught.value)
    assert "Enquire" in caught.value.fix
