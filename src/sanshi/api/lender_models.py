"""What the API answers a lender's programs."""

from __future__ import annotations

from datetime import date
from typing import Any, Literal

from pydantic import BaseModel, JsonValue

from sanshi.api.models import Answer, Fen


class LoanInList(Answer):
    """A loan in a list."""

    loan_id: str
    stage: str
    contract_id: str
    merchant: str
    session_id: str | None
    principal_fen: Fen
    term_months: int


class LoanEvent(Answer):
    """Something that happened to a loan; the events are what every figure is worked out from."""

    version: int
    kind: str
    stage: str
    value_date: date
    booking_date: date
    data: dict[str, JsonValue]


class DueInstalment(Answer):
    """An instalment that has fallen due."""

    number: int
    due_date: date
    principal_fen: Fen
    interest_fen: Fen
    subsidy_fen: Fen
    penalty_fen: Fen
    open_fen: Fen


class InstalmentAhead(Answer):
    """An instalment to come."""

    number: int
    due_date: date
    principal_fen: Fen
    interest_fen: Fen
    payment_fen: Fen
    closing_fen: Fen


class Subsidy(Answer):
    """What somebody else has paid of the interest."""

    funder: str
    amount_fen: Fen


class LeftTheBooks(Answer):
    """How a loan was written off or sold, what it took along, and what is still owed to us."""

    how: Literal["written_off", "transferred"]
    on: date
    principal_fen: Fen
    interest_fen: Fen
    penalty_fen: Fen
    total_fen: Fen
    recovered_fen: Fen
    open_fen: Fen
    buyer: str
    price_fen: Fen
    price_paid_fen: Fen


class Loan(Answer):
    """A loan on the open business date."""

    loan_id: str
    stage: str
    as_of: date
    disbursed_on: date | None
    outstanding_fen: Fen
    due_fen: Fen
    credit_fen: Fen
    payoff_fen: Fen
    days_past_due: int
    principal_paid_fen: Fen
    interest_paid_fen: Fen
    subsidy_fen: Fen
    subsidies: list[Subsidy]
    goods_returned_fen: Fen
    penalty_paid_fen: Fen
    penalty_earned_fen: Fen
    interest_earned_fen: Fen
    left: LeftTheBooks | None
    due: list[DueInstalment]
    ahead: list[InstalmentAhead]
    events: list[LoanEvent]


class Disbursement(BaseModel):
    """A payment to the shop; `certificate` says which rule forbids it when it is not ordered."""

    ordered: bool
    payment_id: str | None
    amount_fen: Fen
    settles_on: date | None = None
    certificate: dict[str, JsonValue] | None = None


class PaymentOrdered(BaseModel):
    """A collection from the borrower; no payment when nothing was due."""

    payment_id: str | None
    amount_fen: Fen
    due_fen: Fen | None = None


class ApplicationInList(Answer):
    """An application in a list."""

    application_id: str
    stage: str
    applied_on: date
    plan_key: str


class Reason(Answer):
    """Why, as a code with values; the packs hold the words."""

    code: str
    values: dict[str, JsonValue]


class Decision(Answer):
    """What was decided of an application, why, and what else would be possible."""

    decision_id: str
    outcome: Literal["approved", "referred", "declined"]
    reasons: list[Reason]
    counter_offers: list[dict[str, JsonValue]]
    counter_offers_left_out: list[str]
    approved_fen: Fen


class Difference(Answer):
    """A place where a replay came to something else."""

    path: str
    stored: Any
    replayed: Any


class Replay(Answer):
    """Whether a decision, worked out again from its record, is the same."""

    same: bool
    differences: list[Difference]


class Case(Answer):
    """Something that a person has to look at."""

    case_id: str
    stage: str
    kind: str
    subject: str
    opened_on: date
    details: dict[str, JsonValue]


class CaseAnswer(Answer):
    """An answer that was written."""

    case_id: str
    answer_id: str


class CaseClosed(Answer):
    """A case that was closed."""

    case_id: str
    stage: Literal["closed"]


class Account(Answer):
    """An account in a trial balance; `ledger_code` is the lender's own, if it named one."""

    account: str
    ledger_code: str
    account_class: str
    zh: str
    en: str
    normal: str
    opening_fen: Fen
    debit_fen: Fen
    credit_fen: Fen
    balance_fen: Fen


class TrialBalance(Answer):
    """A trial balance 试算平衡."""

    entity: str
    accounts: list[Account]
    debit_fen: Fen
    credit_fen: Fen
    balanced: bool
