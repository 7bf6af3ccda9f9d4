"""The state machine: everybody who acts on a loan, in any order, and what must hold throughout.

Flows, jobs, packs, documents, keys and databases are the real ones; the rail, the verifier and
the bureau are the sandbox's own, called in this process (see `machine_outside`). Goods returns
join as one more rule once their flow exists.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from functools import wraps
from typing import Any, ClassVar

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from sqlalchemy import Engine, create_engine

from flows.machine_books import Tables, Worked, check, content_hash
from flows.machine_home import Crashed, Home, Life
from flows.machine_walk import FRIDGE, LENDER, WASHER, Buyer, end_day, skip_day, staff
from sanshi.flows.applying import APPLY
from sanshi.flows.books import CHECK_BOOKS, TRIAL_BALANCE
from sanshi.flows.cases import CLOSE_CASE
from sanshi.flows.closing import CLOSE_SHARD, FINISH, SWITCH
from sanshi.flows.consents import GRANT, WITHDRAW
from sanshi.flows.contracts import OFFER, SERVE, SHARDS, SIGN
from sanshi.flows.deciding import DECIDE
from sanshi.flows.disbursing import DISBURSE
from sanshi.flows.hearing import HEAR
from sanshi.flows.paying import PAY
from sanshi.flows.perform import perform
from sanshi.flows.quoting import QUOTE
from sanshi.flows.reconciling import RECONCILE
from sanshi.flows.world import Actor, Flow
from sanshi.jobs.close import close_day, collect_due
from sanshi.jobs.outbox import JOB, deliver, enquire_open
from sanshi.kernel.errors import ImpossibleError, SanshiError, UnavailableError
from sanshi.kernel.money import MAX_FEN
from sanshi.store.sqlite import open_engine

PICK = st.integers(0, 999)
FINAL = ("succeeded", "failed", "settled")
LIVE = ("pending", "disbursing", "disbursement_unknown", "active", "settled")
FAULTS = (
    ("submit", "timeout_before"),
    ("submit", "timeout_after"),
    ("submit", "http_500"),
    ("submit", "reject"),
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
PLANS = [f"{m}.{how}" for m in (3, 6, 12, 24) for how in ("equal_instalment", "equal_principal")]
AMOUNTS = ("left_out", "one", "some", "most", "due", "payoff", "beyond", "absurd")


def step(**given: Any) -> Callable[[Callable[..., None]], Any]:  # noqa: ANN401 - strategies
    """Make a rule that counts how often it fires."""

    def made(body: Callable[..., None]) -> Any:  # noqa: ANN401 - hypothesis' own form of a rule
        @wraps(body)
        def run(self: Machine, **drawn: Any) -> None:  # noqa: ANN401 - what was drawn
            self.fired[body.__name__] += 1
            body(self, **drawn)

        return rule(**given)(run)

    return made


def some(kind: str, *stages: str) -> Callable[[Machine], bool]:
    """Say that there must be an object of a kind in one of the stages."""
    return lambda self: bool(self.now.in_stage(kind, *stages))


class Machine(RuleBasedStateMachine):
    """A lender's platform under everything that can befall it."""

    home: ClassVar[Home]
    buyers: ClassVar[tuple[Buyer, ...]]
    fired: ClassVar[Counter[str]]
    came: ClassVar[Counter[str]]

    def __init__(self) -> None:
        super().__init__()
        self.life: Life = self.home.again()
        self.engine = _looking_at(self.life.url)
        self.worked = Worked()
        self.now = Tables.read(self.engine)
        self.used: list[tuple[Flow[Any], Actor, dict[str, Any], str, Mapping[str, Any]]] = []
        self.number = 0
        self._hashed: tuple[int, str] = (-1, "")

    def teardown(self) -> None:
        self.engine.dispose()
        self.home.forget(self.life)

    # ── the means ──

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
        try:
            answer = perform(self.life.world, actor, flow, request, key)
        except ImpossibleError:
            raise
        except SanshiError as error:
            self.came[f"{flow.name}: {error.code}"] += 1
            assert content_hash(self.engine) == before, (flow.name, error)
            return None
        self.came[flow.name] += 1
        if key is not None:
            self.used.append((flow, actor, request, key, answer))
        return answer

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

    def loan(self, loan_id: str) -> Any:  # noqa: ANN401 - a Loan
        return next(loan for loan in self.now.loans if loan.loan_id == loan_id)

    # ── the beginning ──

    @initialize(days=st.sampled_from([0, 2, 3, 4, 5, 33]))
    def some_days_later(self, days: int) -> None:
        """Begin before, on or after the first due dates."""
        for _ in range(days):
            skip_day(self.life)

    # ── a purchase ──

    @step(pick=PICK, sku=st.sampled_from([FRIDGE, WASHER]), part=st.sampled_from([0, 0, 1, 3, 99]))
    def quote(self, pick: int, sku: str, part: int) -> None:
        buyer = self.buyers[pick % len(self.buyers)]
        self.attempt(QUOTE, buyer.actor, buyer.asks(sku, part * 100_000), keyed=True)

    @step(pick=PICK, plan=PICK, device=st.integers(0, 3), stale=st.integers(0, 9))
    def apply(self, pick: int, plan: int, device: int, stale: int) -> None:
        """Accept a quote of today, asking for one first; now and then one from before."""
        buyer = self.buyers[pick % len(self.buyers)]
        if stale and not self.quotes_of_today():
            request = buyer.asks(WASHER if pick % 2 else FRIDGE, pick % 4 * 50_000)
            if self.attempt(QUOTE, buyer.actor, request, keyed=True) is None:
                return
            self.now = Tables.read(self.engine)
        found = self.quotes_of_today() if stale else self.now.in_stage("quote", "open", "accepted")
        if not found:
            return
        quote_id = found[pick % len(found)]
        buyer = self.buyer_of("quote", quote_id=quote_id)
        request = {
            "quote_id": quote_id,
            "plan_key": f"shenpu_appliance.{PLANS[plan % len(PLANS)]}",
            "job_months": 60,
            "device": f"phone-{buyer.person_id}-{device}",
            "device_tampered": False,
        }
        self.attempt(APPLY, buyer.actor, request, keyed=True)

    def quotes_of_today(self) -> list[str]:
        open_ones = self.now.in_stage("quote", "open")
        return [name for name in open_ones if self.now.quotes[name] == self.now.today]

    @precondition(some("application", "draft", "referred", "approved"))
    @step(pick=PICK)
    def decide(self, pick: int) -> None:
        open_ones = self.now.in_stage("application", "draft", "referred")
        application_id = (
            open_ones[pick % len(open_ones)]
            if open_ones
            else self.choose(pick, "application", "approved")
        )
        answer = self.attempt(DECIDE, staff("risk"), {"application_id": application_id})
        if answer is not None:
            self.came[f"decide: {answer['outcome']}"] += 1

    @precondition(some("application", "approved"))
    @step(pick=PICK)
    def offer(self, pick: int) -> None:
        application_id = self.choose(pick, "application", "approved")
        buyer = self.buyer_of("application", application_id=application_id)
        self.attempt(OFFER, buyer.actor, {"application_id": application_id}, keyed=True)

    @precondition(some("contract", "offered"))
    @step(pick=PICK)
    def serve(self, pick: int) -> None:
        contract_id = self.choose(pick, "contract", "offered")
        buyer = self.buyer_of("contract", contract_id=contract_id)
        self.attempt(SERVE, buyer.actor, {"contract_id": contract_id})

    @precondition(some("contract", "offered", "signed"))
    @step(
        pick=PICK,
        seconds=st.sampled_from([0, 9, 10, 60]),
        text=st.sampled_from("rrrrrw"),
        serve=st.booleans(),
    )
    def sign(self, pick: int, seconds: int, text: str, serve: bool) -> None:
        offered = self.now.in_stage("contract", "offered")
        contract_id = (
            offered[pick % len(offered)] if offered else self.choose(pick, "contract", "signed")
        )
        buyer = self.buyer_of("contract", contract_id=contract_id)
        if serve:
            self.attempt(SERVE, buyer.actor, {"contract_id": contract_id})
        self.life.time.move(seconds=seconds)
        self.attempt(SIGN, buyer.actor, self.read(contract_id, right=text == "r"), keyed=True)

    def read(self, contract_id: str, *, right: bool = True) -> dict[str, Any]:
        row = self.life.world.store.row("contract", contract_id=contract_id)
        assert row is not None
        paper = self.life.world.store.row("document", document_id=row["document_id"])
        assert paper is not None
        content_hash = bytes(paper["content_hash"]).hex() if right else "00" * 32
        return {"contract_id": contract_id, "content_hash": content_hash, "confirmed": True}

    @precondition(some("consent", "granted"))
    @step(pick=PICK)
    def withdraw_consent(self, pick: int) -> None:
        consent_id = self.choose(pick, "consent", "granted")
        buyer = self.buyer_of("consent", consent_id=consent_id)
        self.attempt(WITHDRAW, buyer.actor, {"consent_id": consent_id})

    @step(pick=PICK, purpose=st.sampled_from(["credit_report", "housing_fund"]))
    def grant_consent(self, pick: int, purpose: str) -> None:
        buyer = self.buyers[pick % len(self.buyers)]
        request = {
            "person_id": buyer.person_id,
            "purpose": purpose,
            "recipient": LENDER,
            "ticked": True,
            "days": 1 + pick % 365,
        }
        self.attempt(GRANT, buyer.actor, request, keyed=True)

    # ── money ──

    @precondition(some("loan", *LIVE))
    @step(pick=PICK, other=st.integers(0, 5))
    def disburse(self, pick: int, other: int) -> None:
        stages = ("pending",) if other and self.now.in_stage("loan", "pending") else LIVE
        loan_id = self.choose(pick, "loan", *stages)
        self.attempt(DISBURSE, staff("servicing"), {"loan_id": loan_id}, keyed=True)

    @precondition(some("loan", "active"))
    @step(
        pick=PICK,
        purpose=st.sampled_from(["instalment", "prepay_lower", "prepay_shorten", "settle"]),
        amount=st.sampled_from(AMOUNTS),
    )
    def pay(self, pick: int, purpose: str, amount: str) -> None:
        loan_id = self.choose(pick, "loan", "active")
        buyer = self.buyer_of("loan", loan_id=loan_id)
        request = {"loan_id": loan_id, "purpose": purpose, **self.amount(loan_id, amount)}
        self.attempt(PAY, buyer.actor, request, keyed=True)

    def amount(self, loan_id: str, amount: str) -> dict[str, int]:
        state = self.worked.state(self.loan(loan_id), self.now.today)
        fen = {
            "one": 1,
            "some": state.due_fen + state.principal_ahead_fen // 3,
            "most": state.due_fen + state.principal_ahead_fen - 1,
            "due": state.due_fen,
            "payoff": state.payoff_fen - state.credit_fen,
            "beyond": state.payoff_fen - state.credit_fen + 1,
            "absurd": MAX_FEN,
        }
        return {} if amount == "left_out" else {"amount_fen": max(fen[amount], 1)}

    @precondition(some("loan", "settled", "pending", "disbursing", "disbursement_unknown"))
    @step(pick=PICK)
    def pay_what_is_not_active(self, pick: int) -> None:
        loan_id = self.choose(
            pick, "loan", "settled", "pending", "disbursing", "disbursement_unknown"
        )
        assert self.attempt(PAY, JOB, {"loan_id": loan_id, "amount_fen": 100}) is None

    @step()
    def collect(self) -> None:
        self.job(lambda: collect_due(self.life.world, LENDER))

    @step(seconds=st.sampled_from([0, 0, 31]))
    def deliver(self, seconds: int) -> None:
        self.life.time.move(seconds=seconds)
        done = self.job(lambda: deliver(self.life.world))
        if done is not None:
            self.came["delivered: sent"] += done.sent
            self.came["delivered: unanswered"] += done.unanswered

    @precondition(some("payment", "sent", "unknown"))
    @step()
    def enquire(self) -> None:
        self.job(lambda: enquire_open(self.life.world, LENDER))

    @precondition(some("payment", *FINAL))
    @step(pick=PICK, times=st.integers(1, 2))
    def hear_again(self, pick: int, times: int) -> None:
        """Say once more what the rail has said: nothing may change, however often."""
        payment_id = self.choose(pick, "payment", *FINAL)
        before = self.hash()
        for _ in range(times):
            assert self.attempt(HEAR, JOB, self.said(payment_id)) is not None
        assert content_hash(self.engine) == before

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

    @precondition(some("payment", *FINAL))
    @step(pick=PICK)
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

    @precondition(some("payment", "intended", "sent", "unknown"))
    @step(pick=PICK, off=st.integers(0, 2))
    def hear_callback(self, pick: int, off: int) -> None:
        """Hear of what is under way, now and then with a wrong amount."""
        payment_id = self.choose(pick, "payment", "intended", "sent", "unknown")
        if payment_id not in self.life.outside.instructions():
            return
        said = self.said(payment_id)
        said["amount_fen"] += off % 2
        answer = self.attempt(HEAR, JOB, said)
        assert answer is not None
        assert (answer["heard"] == "rail_amount") == bool(off % 2)

    @step(fault=st.sampled_from(FAULTS))
    def fault(self, fault: tuple[Any, Any]) -> None:
        self.life.outside.queue_fault(*fault)

    @step()
    def settle_on_the_rail(self) -> None:
        self.came["rail settles later"] += self.life.outside.rail.settle(None)

    @step(pick=PICK, balance_fen=st.sampled_from([0, 50_000, 500_000, None, None]))
    def set_balance(self, pick: int, balance_fen: int | None) -> None:
        holders = [*(f"acct:{b.person_id}" for b in self.buyers), "acct:shenpu_bank"]
        self.life.outside.rail.set_accounts({holders[pick % len(holders)]: balance_fen})

    # ── days ──

    @step(twice=st.booleans())
    def end_day(self, twice: bool) -> None:
        day = self.now.today
        whole = self.job(lambda: end_day(self.life)) is not None
        if not whole:
            self.night_passes(day)
        elif twice:
            self.close_again(day)

    def night_passes(self, day: date) -> None:
        """Let the world go on although a job did not finish."""
        following = day + timedelta(days=1)
        if self.life.world.clock.business_date() == following:
            self.life.time.move(days=1)
            self.life.outside.rail.set_date(following.isoformat())

    def close_again(self, day: date) -> None:
        """Close what is closed: nothing may change, unless the rail's file does."""
        self.life.outside.clear_faults()
        first = content_hash(self.engine)
        close_day(self.life.world, day)
        if not self.came_anew():
            assert content_hash(self.engine) == first

    def came_anew(self) -> bool:
        """Say whether the last reconciliation opened cases for what earlier files left open."""
        return len(Tables.read(self.engine).in_stage("case", "open")) > len(
            self.now.in_stage("case", "open")
        )

    @step()
    def finish_yesterday(self) -> None:
        """Run yesterday's close once more, whether it was cut short or not."""
        self.job(lambda: close_day(self.life.world, self.now.today - timedelta(days=1)))

    @step(days=st.integers(1, 6))
    def skip_days(self, days: int) -> None:
        """Let days go by without a close; a later one catches up."""
        for _ in range(days):
            skip_day(self.life)

    @precondition(some("loan", "active"))
    @step(short=st.integers(0, 2), pick=PICK)
    def live_to_a_due_date(self, short: int, pick: int) -> None:
        """Skip to a day at or just before an instalment falls due."""
        state = self.worked.state(
            self.loan(self.choose(pick, "loan", "active")), self.now.today
        )
        if state.ahead:
            target = state.ahead[0].due_date - timedelta(days=short)
            while self.life.world.clock.business_date() < target:
                skip_day(self.life)

    @step(shard=st.integers(0, SHARDS - 1), twice=st.booleans())
    def close_one_shard(self, shard: int, twice: bool) -> None:
        day = self.now.today - timedelta(days=1)
        request = {"entity": LENDER, "business_date": day.isoformat(), "shard": shard}
        first = self.attempt(CLOSE_SHARD, JOB, request)
        if twice and first is not None:
            before = self.hash()
            assert self.attempt(CLOSE_SHARD, JOB, request) == first
            assert content_hash(self.engine) == before

    @step(back=st.integers(0, 3), twice=st.booleans())
    def reconcile(self, back: int, twice: bool) -> None:
        day = self.now.today - timedelta(days=back)
        request = {"entity": LENDER, "value_date": day.isoformat()}
        answer = self.attempt(RECONCILE, JOB, request)
        if answer is None:
            return
        assert answer["unexplained_fen"] == 0
        for found in answer["breaks"]:
            self.came[f"break: {found['kind']}"] += 1
        if twice:
            self.attempt(RECONCILE, JOB, request)

    @precondition(some("case", "open"))
    @step(pick=PICK)
    def close_case(self, pick: int) -> None:
        case_id = self.choose(pick, "case", "open")
        self.attempt(CLOSE_CASE, staff("servicing"), {"case_id": case_id, "finding": "seen"})

    # ── against all odds ──

    @step(
        what=st.sampled_from(["deliver", "enquire", "collect", "close", "pay", "disburse", "sign"]),
        left=st.integers(0, 5),
        after=st.booleans(),
        pick=PICK,
    )
    def crash(self, what: str, left: int, after: bool, pick: int) -> None:
        """Die in the middle of something, and come back over what had been committed."""
        day = self.now.today
        work = self.dangerous(what, pick)
        fate = self.life.fate
        fate.left, fate.after = (left if what in {"deliver", "enquire", "collect", "close"} else 0), after
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

    def dangerous(self, what: str, pick: int) -> Callable[[], Any]:
        world = self.life.world
        day = self.now.today
        jobs: dict[str, Callable[[], Any]] = {
            "deliver": lambda: deliver(world),
            "enquire": lambda: enquire_open(world, LENDER),
            "collect": lambda: collect_due(world, LENDER),
            "close": lambda: close_day(world, day),
        }
        requests = {
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
            self.used.append((flow, actor, request, key, answer))
            after = Tables.read(self.engine)
            assert len(after.payments) <= len(before.payments) + 1
            assert len(after.loans) <= len(before.loans) + 1
            raise

    @precondition(lambda self: self.used)
    @step(pick=PICK, altered=st.booleans())
    def resend(self, pick: int, altered: bool) -> None:
        """Send an old request again: the same answer. Another under its key: refused."""
        flow, actor, request, key, answer = self.used[pick % len(self.used)]
        before = self.hash()
        if altered:
            other = {**request, "language": "en"} if flow is OFFER else dict(request)
            name = next(iter(other))
            other[name] = other[name] if flow is OFFER else f"{other[name]}x"
            try:
                perform(self.life.world, actor, flow, other, key)
            except SanshiError as error:
                assert error.code == "idempotency.key_reused"
            else:
                raise AssertionError("a key was used for two requests")
        else:
            assert dict(perform(self.life.world, actor, flow, request, key)) == dict(answer)
        assert content_hash(self.engine) == before

    @step(pick=PICK, what=st.integers(0, 11))
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

    @precondition(lambda self: not self.now.half_closed)
    @step()
    def look_at_the_books(self) -> None:
        """Ask the engine itself: its books balance and follow from the events."""
        balance = self.attempt(TRIAL_BALANCE, staff("audit"), {"entity": LENDER})
        assert balance is not None
        assert balance["balanced"]
        checked = self.attempt(CHECK_BOOKS, staff("audit"), {"entity": LENDER})
        assert checked is not None
        assert checked["differences"] == []

    # ── what must hold ──

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


def _looking_at(url: str) -> Engine:
    return open_engine(url) if url.startswith("sqlite") else create_engine(url)
