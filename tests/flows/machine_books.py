"""What must hold after every step, read from the tables themselves and not through the flows."""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import Connection, Engine, select

from peers.loan.oracle import Account, Deal, Money, live
from sanshi.kernel.effects import Event
from sanshi.ledger.accounts import LEGS
from sanshi.ledger.reconciliation import Moved, open_on_clearing_fen
from sanshi.life import LIVES, NEW
from sanshi.loan.books import components
from sanshi.loan.fold import fold
from sanshi.loan.state import LoanState
from sanshi.quote.terms import LoanTerms
from sanshi.store import schema as s

KINDS = {
    "ps": "person",
    "qt": "quote",
    "cn": "consent",
    "ap": "application",
    "ct": "contract",
    "ln": "loan",
    "py": "payment",
    "cs": "case",
}
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


def content_hash(engine: Engine) -> str:
    """Hash every row of every table: the state that a refusal must leave alone."""
    digest = hashlib.sha256()
    with engine.connect() as connection:
        for table in s.metadata.sorted_tables:
            rows = connection.execute(select(table)).all()
            digest.update(repr((table.name, sorted(map(repr, rows)))).encode())
    return digest.hexdigest()


@dataclass(frozen=True, slots=True)
class Loan:
    """A loan's row and events."""

    row: Mapping[str, Any]
    terms: LoanTerms
    events: tuple[Event, ...]

    @property
    def deal(self) -> Deal:
        return Deal.of_millionths(
            self.terms.principal_fen,
            self.terms.rate_ppm,
            self.terms.method,
            self.terms.term_months,
            self.terms.penalty_markup_ppm,
            self.terms.grace_days,
        )

    @property
    def money(self) -> list[Money]:
        return [
            Money(e.value_date, e.data["amount_fen"], e.data["purpose"])
            for e in self.events
            if e.kind == "repaid"
        ]

    @property
    def start(self) -> date | None:
        return next((e.value_date for e in self.events if e.kind == "disbursed"), None)


@dataclass(slots=True)
class Worked:
    """Figures worked out once for the same events and day; nothing is taken from the database."""

    states: dict[tuple[str, int, date], LoanState] = field(default_factory=dict)
    accounts: dict[tuple[str, int, date], Account] = field(default_factory=dict)

    def state(self, loan: Loan, day: date) -> LoanState:
        key = (loan.row["loan_id"], len(loan.events), day)
        if key not in self.states:
            self.states[key] = fold(loan.terms, loan.events, day)
        return self.states[key]

    def account(self, loan: Loan, day: date) -> Account:
        key = (loan.row["loan_id"], len(loan.events), day)
        if key not in self.accounts:
            self.accounts[key] = live(loan.deal, loan.start, loan.money, day)
        return self.accounts[key]


@dataclass(slots=True)
class Tables:
    """One look at everything."""

    today: date
    closed: dict[str, date]
    streams: dict[str, Mapping[str, Any]]
    events: dict[str, tuple[Event, ...]]
    postings: list[Mapping[str, Any]]
    posted: list[Mapping[str, Any]]
    payments: list[Mapping[str, Any]]
    loans: list[Loan]
    free: dict[str, int]
    steps: list[Mapping[str, Any]]

    @classmethod
    def read(cls, engine: Engine) -> Tables:
        with engine.connect() as connection:
            days = {r["name"]: r["open_date"] for r in _rows(connection, s.business_day)}
            events = _events(connection)
            loans = [
                Loan(row, LoanTerms.from_json(row["terms"]), events[row["loan_id"]])
                for row in _rows(connection, s.loan)
            ]
            return cls(
                today=days.pop("open"),
                closed={name.partition(":")[2]: day for name, day in days.items()},
                streams={r["stream"]: r for r in _rows(connection, s.stream)},
                events=events,
                postings=_rows(connection, s.posting),
                posted=_rows(connection, s.posted),
                payments=_rows(connection, s.payment),
                loans=loans,
                free={r["counter"]: r["remaining"] for r in _rows(connection, s.counter)},
                steps=_rows(connection, s.close_step),
            )

    def in_stage(self, kind: str, *stages: str) -> list[str]:
        """Return the ids of a kind that stand in one of the stages, oldest first."""
        return sorted(
            name
            for name, row in self.streams.items()
            if KINDS[name.partition("_")[0]] == kind and row["stage"] in stages
        )

    @property
    def half_closed(self) -> bool:
        """Say whether some shards are closed for a day that is not finished."""
        return any(
            step["business_date"] > self.closed.get(step["entity"], date.min) for step in self.steps
        )

    def booked_to(self, loan: Loan) -> date:
        """Return the day to which a loan's books have been brought: its last event or close."""
        days = [event.booking_date for event in loan.events]
        days += [
            step["business_date"]
            for step in self.steps
            if (step["entity"], step["shard"]) == (loan.row["entity"], loan.row["shard"])
        ]
        return max(days)


def _rows(connection: Connection, table: Any) -> list[Mapping[str, Any]]:  # noqa: ANN401 - a table
    return [dict(row) for row in connection.execute(select(table)).mappings()]


def _events(connection: Connection) -> dict[str, tuple[Event, ...]]:
    found: dict[str, list[Event]] = defaultdict(list)
    statement = select(s.event).order_by(s.event.c.stream, s.event.c.version)
    for row in connection.execute(statement).mappings():
        fields = {name: row[name] for name in Event.__slots__}
        found[row["stream"]].append(Event(**fields))
    return {stream: tuple(events) for stream, events in found.items()}


def check(now: Tables, before: Tables | None, worked: Worked) -> None:
    """Check everything."""
    check_lives(now)
    check_double_entry(now)
    if before is not None:
        check_closed_days(now, before)
    for loan in now.loans:
        check_loan(now, loan, worked)
    check_sub_ledgers(now, worked)
    check_orders(now)


def check_lives(now: Tables) -> None:
    """Every event was possible at its stage, and each stream stands where its last event led."""
    assert now.events.keys() == now.streams.keys()
    for stream, events in now.events.items():
        moves = LIVES[KINDS[stream.partition("_")[0]]]
        stage = NEW
        for version, event in enumerate(events, start=1):
            assert event.version == version, stream
            assert event.stage in moves[stage][event.kind], (stream, stage, event)
            stage = event.stage
        held = now.streams[stream]
        assert (held["version"], held["stage"]) == (len(events), stage), stream


def check_double_entry(now: Tables) -> None:
    """Debits are credits for each entity, and `posted` is what the postings add up to."""
    sums: Counter[tuple[str, str, str, str, str]] = Counter()
    for p in now.postings:
        assert p["amount_fen"] > 0
        assert {p["debit"], p["credit"]} == set(LEGS[p["component"]]), p
        where = (p["entity"], p["source"], p["component"], p["payer"])
        sums[*where, p["debit"]] += p["amount_fen"]
        sums[*where, p["credit"]] -= p["amount_fen"]
    held = {
        (r["entity"], r["source"], r["component"], r["payer"], r["account"]): r["amount_fen"]
        for r in now.posted
    }
    assert held == dict(sums)
    totals: Counter[str] = Counter()
    for r in now.posted:
        totals[r["entity"]] += r["amount_fen"]
    assert not any(totals.values()), totals


def check_closed_days(now: Tables, before: Tables) -> None:
    """What was closed before this step has not been written to by it, and stays closed."""
    known = {p["posting_id"] for p in before.postings}
    for p in now.postings:
        closed = before.closed.get(p["entity"])
        new = p["posting_id"] not in known
        assert not new or closed is None or p["booking_date"] > closed, p
        assert not new or p["booking_date"] <= now.today, p
    assert known <= {p["posting_id"] for p in now.postings}
    for entity, day in before.closed.items():
        assert now.closed[entity] >= day


def check_loan(now: Tables, loan: Loan, worked: Worked) -> None:
    """The books follow from the events, nothing is lost, and the oracle comes to the same."""
    day = now.booked_to(loan)
    posted = {
        (r["component"], r["payer"], r["account"]): r["amount_fen"]
        for r in now.posted
        if r["source"] == loan.row["loan_id"]
    }
    expected = {
        (component, payer, account): sign * fen
        for (component, payer), fen in components(worked.state(loan, day)).items()
        for account, sign in zip(LEGS[component], (1, -1), strict=True)
        if fen
    }
    assert {key: fen for key, fen in posted.items() if fen} == expected, (loan.row["loan_id"], day)
    for at in {day, now.today}:
        check_state(worked.state(loan, at))
        state, account = worked.state(loan, at), worked.account(loan, at)
        came = {name: getattr(state, name) for name in FIGURES}
        assert came == {name: getattr(account, name) for name in FIGURES}, (loan, at)
        assert [(r.due_date, r.principal_fen, r.interest_fen) for r in state.ahead] == [
            (r.due_date, r.principal_fen, r.interest_fen) for r in account.rows
        ]
    stage = now.streams[loan.row["loan_id"]]["stage"]
    assert worked.state(loan, now.today).is_paid_off or stage != "settled"


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
        balances[p["entity"], p["debit"]] += p["amount_fen"]
        balances[p["entity"], p["credit"]] -= p["amount_fen"]
    for entity in {loan.row["entity"] for loan in now.loans}:
        states = [
            worked.account(loan, now.booked_to(loan))
            for loan in now.loans
            if loan.row["entity"] == entity
        ]
        payments = [p for p in now.payments if p["entity"] == entity]
        for account, fen in (control_balances(states) | settled(now, payments)).items():
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


def settled(now: Tables, payments: list[Mapping[str, Any]]) -> dict[str, int]:
    """Return what the payments alone say of clearing, the bank and money in transit."""
    moved = [
        Moved(
            p["payment_id"],
            p["kind"],
            p["amount_fen"],
            p["value_date"],
            now.streams[p["payment_id"]]["stage"],
        )
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
    under_way = Counter(
        p["loan_id"] for p in now.payments if now.streams[p["payment_id"]]["stage"] in UNDER_WAY
    )
    for loan in now.loans:
        loan_id = loan.row["loan_id"]
        assert now.free[f"order:{loan_id}"] == 1 - under_way[loan_id]
        assert under_way[loan_id] <= 1
        ordered = now.streams[loan_id]["stage"] in {"disbursing", "disbursement_unknown"}
        kinds = {
            p["kind"]
            for p in now.payments
            if p["loan_id"] == loan_id and now.streams[p["payment_id"]]["stage"] in UNDER_WAY
        }
        assert ordered == ("pay" in kinds)
