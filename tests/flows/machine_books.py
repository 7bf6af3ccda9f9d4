"""What must hold after every step."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from charts import LEGS
from flows.machine_tables import KINDS, Loan, Paid, Tables, day_of
from peers.loan.oracle import Account, live
from sanshi.ledger.reconciliation import Moved, open_on_clearing_fen
from sanshi.life import LIVES, NEW
from sanshi.loan.books import components
from sanshi.loan.fold import fold
from sanshi.loan.state import LoanState

UNDER_WAY = frozenset({"intended", "sent", "unknown"})
FIGURES = (
    "disbursed_fen",
    "received_fen",
    "credit_fen",
    "due_fen",
    "payoff_fen",
    "outstanding_fen",
    "principal_paid_fen",
    "interest_paid_fen",
    "penalty_paid_fen",
    "interest_earned_fen",
    "penalty_earned_fen",
)
"""What the engine's fold and the oracle must agree on, name by name."""


@dataclass(slots=True)
class Worked:
    """Figures worked out once for the same events and day; nothing is taken from the database."""

    right: set[tuple[object, ...]] = field(default_factory=set)
    """Loans that were found right, with all that was looked at: it stays so while that does."""
    states: dict[tuple[str, int, date], LoanState] = field(default_factory=dict)
    accounts: dict[tuple[str, int, date], Account] = field(default_factory=dict)

    def state(self, loan: Loan, day: date) -> LoanState:
        key = (loan.loan_id, len(loan.events), day)
        if key not in self.states:
            self.states[key] = fold(loan.terms, loan.events, day)
        return self.states[key]

    def account(self, loan: Loan, day: date) -> Account:
        key = (loan.loan_id, len(loan.events), day)
        if key not in self.accounts:
            self.accounts[key] = live(loan.deal, loan.start, loan.money, day)
        return self.accounts[key]


def check(now: Tables, before: Tables | None, worked: Worked) -> None:
    """Check everything."""
    check_lives(now)
    check_double_entry(now)
    if before is not None:
        check_history(now, before)
        check_closed_days(now, before)
    for loan in now.loans:
        check_loan(now, loan, worked)
    check_sub_ledgers(now, worked)
    check_orders(now)


def check_lives(now: Tables) -> None:
    """Every event was possible at its stage, and each stream stands where its last event led."""
    assert now.events.keys() == now.standing.keys()
    for stream, events in now.events.items():
        moves = LIVES[KINDS[stream.partition("_")[0]]]
        stage = NEW
        for version, event in enumerate(events, start=1):
            assert event.version == version, stream
            assert event.stage in moves[stage][event.kind], (stream, stage, event)
            stage = event.stage
        assert now.standing[stream] == (len(events), stage), stream


def check_history(now: Tables, before: Tables) -> None:
    """What has happened stays as it was told; later events come after it."""
    for stream, events in before.events.items():
        assert now.events[stream][: len(events)] == events, stream


def check_double_entry(now: Tables) -> None:
    """Debits are credits for each entity, and `posted` is what the postings add up to."""
    sums: Counter[tuple[str, str, str, str, str]] = Counter()
    for p in now.postings:
        assert p.amount_fen > 0
        assert {p.debit, p.credit} == set(LEGS[p.component]), p
        where = (p.entity, p.source, p.component, p.payer)
        sums[*where, p.debit] += p.amount_fen
        sums[*where, p.credit] -= p.amount_fen
    assert now.posted == dict(sums)
    for (_, source, *rest), fen in now.by_source.items():
        assert not fen or not source.startswith("close:"), (source, rest, fen)
    totals: Counter[str] = Counter()
    for (entity, *_), fen in now.posted.items():
        totals[entity] += fen
    assert not any(totals.values()), totals


def check_closed_days(now: Tables, before: Tables) -> None:
    """What was closed before this step has not been written to by it, and stays closed."""
    known = {p.posting_id for p in before.postings}
    assert before.postings == [p for p in now.postings if p.posting_id in known]
    for p in now.postings:
        if p.posting_id not in known:
            closed = before.closed.get(p.entity, date.min)
            assert closed < day_of(p.booking_date) <= now.today, p
    for entity, day in before.closed.items():
        assert now.closed[entity] >= day


def check_loan(now: Tables, loan: Loan, worked: Worked) -> None:
    """The books follow from the events, nothing is lost, and the oracle comes to the same."""
    day = now.booked_to(loan)
    posted = {
        tuple(where): fen
        for (_, source, *where), fen in now.by_source.items()
        if source == loan.loan_id
    }
    looked_at = (loan.loan_id, len(loan.events), day, now.today, frozenset(posted.items()))
    if (*looked_at, now.stage(loan.loan_id)) in worked.right:
        return
    expected = {
        (component, payer, account): sign * fen
        for (component, payer), fen in components(worked.state(loan, day)).items()
        for account, sign in zip(LEGS[component], (1, -1), strict=True)
        if fen
    }
    assert {key: fen for key, fen in posted.items() if fen} == expected, (loan.loan_id, day)
    for at in {day, now.today}:
        check_state(worked.state(loan, at))
        state, account = worked.state(loan, at), worked.account(loan, at)
        came = {name: getattr(state, name) for name in FIGURES}
        assert came == {name: getattr(account, name) for name in FIGURES}, (loan, at)
        assert [(r.due_date, r.principal_fen, r.interest_fen) for r in state.ahead] == [
            (r.due_date, r.principal_fen, r.interest_fen) for r in account.rows
        ]
    check_returns(loan, worked.state(loan, now.today))
    stage = now.stage(loan.loan_id)
    assert worked.state(loan, now.today).is_paid_off or stage != "settled"
    worked.right.add((*looked_at, stage))


def check_returns(loan: Loan, state: LoanState) -> None:
    """Goods come back once, and the shop pays back no more than was paid for them."""
    returns = [e.data for e in loan.events if e.data.get("purpose") == "goods_return"]
    bought = loan.events[0].data
    totals = [data["goods_returned_fen"] for data in returns]
    assert totals == sorted(set(totals)), totals
    assert state.goods_returned_fen == max(totals, default=0) <= bought["price_fen"]
    refunds_fen = sum(data["amount_fen"] for data in returns)
    assert refunds_fen <= bought["net_price_fen"], (loan.loan_id, refunds_fen)


def check_state(state: LoanState) -> None:
    """Nothing is lost or made, and no part is negative."""
    used_fen = state.principal_paid_fen + state.interest_paid_fen + state.penalty_paid_fen
    assert state.received_fen == used_fen + state.credit_fen + state.returned_fen
    assert state.disbursed_fen == state.principal_paid_fen + state.outstanding_fen
    assert state.credit_fen >= 0
    assert all(d.principal_open_fen >= 0 and d.interest_open_fen >= 0 for d in state.due)
    assert all(d.penalty_open_fen >= 0 for d in state.due)
    assert all(r.principal_fen >= 0 and r.interest_fen >= 0 for r in state.ahead)
    assert sum(r.principal_fen for r in state.ahead) == state.principal_ahead_fen


def check_sub_ledgers(now: Tables, worked: Worked) -> None:
    """Each control account says what the loans, and the payments, say in sum."""
    balances: Counter[tuple[str, str]] = Counter()
    for p in now.postings:
        balances[p.entity, p.debit] += p.amount_fen
        balances[p.entity, p.credit] -= p.amount_fen
    for entity in {loan.entity for loan in now.loans}:
        accounts = [
            worked.account(loan, now.booked_to(loan)) for loan in now.loans if loan.entity == entity
        ]
        payments = [p for p in now.payments if p.entity == entity]
        for account, fen in (control_balances(accounts) | settled(now, payments)).items():
            assert balances[entity, account] == fen, (entity, account)
        assert balances[entity, "suspense"] == 0


def control_balances(accounts: Iterable[Account]) -> dict[str, int]:
    """Return what the loans alone say of the control accounts; debits are positive."""
    held = list(accounts)
    interest_fen = sum(a.interest_earned_fen for a in held)
    penalty_fen = sum(a.penalty_earned_fen for a in held)
    return {
        "customer_loan": sum(a.outstanding_fen for a in held),
        "overpayment": -sum(a.credit_fen for a in held),
        "interest_receivable": interest_fen - sum(a.interest_paid_fen for a in held),
        "penalty_receivable": penalty_fen - sum(a.penalty_paid_fen for a in held),
        "interest_income": -interest_fen,
        "penalty_income": -penalty_fen,
    }


def settled(now: Tables, payments: list[Paid]) -> dict[str, int]:
    """Return what the payments alone say of clearing, the bank and money in transit."""
    moved = [
        Moved(p.payment_id, p.kind, p.amount_fen, day_of(p.value_date), now.stage(p.payment_id))
        for p in payments
    ]
    sign = {"collect": 1, "pay": -1, "refund": -1}
    return {
        "rail_clearing": open_on_clearing_fen(moved),
        "bank_deposit": sum(sign[m.kind] * m.amount_fen for m in moved if m.stage == "settled"),
        "disbursement_in_transit": sum(
            m.amount_fen for m in moved if m.kind == "pay" and m.stage in UNDER_WAY
        ),
    }


def check_orders(now: Tables) -> None:
    """At most one order of a loan is under way, and its one place says so."""
    kinds: dict[str, list[str]] = defaultdict(list)
    for payment in now.payments:
        if now.stage(payment.payment_id) in UNDER_WAY:
            kinds[payment.subject].append(payment.kind)
    for loan in now.loans:
        under_way = kinds[loan.loan_id]
        assert len(under_way) <= 1
        assert now.free[f"order:{loan.loan_id}"] == 1 - len(under_way)
        ordered = now.stage(loan.loan_id) in {"disbursing", "disbursement_unknown"}
        assert ordered == ("pay" in under_way)
