"""My loans 我的借款, and one loan: what it is today, what is due, and what can be done.

Made from the answer of `view_loan` and from a file on the loan that the routes put together:

- `entity`, `merchant`, `terms`: as the loan's row stores them; `sku`: what was bought
- `contract_id` and `document_id`: of the contract that was signed
- `session`: the shop's checkout that it was bought in, or None
- `payments`: its payments, newest last, each with `purpose`, `amount_fen`, `ordered_on` and `stage`
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

from markupsafe import Markup, escape

from sanshi.quote.terms import LoanTerms
from sanshi.web import rail
from sanshi.web.consumer.status import Tone, payment_words, stage_words
from sanshi.web.forms import FieldError, Filled, fen_in
from sanshi.web.language import mark
from sanshi.web.reader import Reader

Answer = Mapping[str, Any]

LATEST = 6
"""Payments that are shown unfolded: somebody who is late has many that failed."""

UNDER_WAY = frozenset({"intended", "sent", "unknown"})
"""Stages of a payment on which the rail has not spoken its last word."""

_PURPOSES: Mapping[str, str] = {
    "instalment": mark("还到期款"),
    "prepay_lower": mark("提前还一部分"),
    "prepay_shorten": mark("提前还一部分"),
    "settle": mark("提前结清"),
    "disburse": mark("放款给商户"),
    "goods_return": mark("商户退款"),
    "credit": mark("退还余额"),
}


@dataclass(frozen=True, slots=True)
class Status:
    """A stage in words, with the colour that goes with them."""

    word: Markup
    tone: Tone


@dataclass(frozen=True, slots=True)
class Due:
    """An instalment that has fallen due; `open_fen` is what is left to pay of it."""

    number: int
    due_date: date
    principal_fen: int
    interest_fen: int
    subsidy_fen: int
    penalty_fen: int
    open_fen: int


@dataclass(frozen=True, slots=True)
class Ahead:
    """An instalment to come."""

    number: int
    due_date: date
    principal_fen: int
    interest_fen: int
    payment_fen: int
    closing_fen: int


@dataclass(frozen=True, slots=True)
class Payment:
    """A payment on this loan."""

    what: Markup
    amount_fen: int
    ordered_on: date
    status: Markup
    tone: Tone
    unknown: bool


@dataclass(frozen=True, slots=True)
class Settling:
    """What settling today costs and saves, against paying on as agreed."""

    pay_fen: int
    on_plan_fen: int

    @property
    def saved_fen(self) -> int:
        """The interest of the rest of the term that is not paid."""
        return max(self.on_plan_fen - self.pay_fen, 0)


@dataclass(frozen=True, slots=True)
class Left:
    """How a loan left the lender's books, and what is still owed to the lender.

    `document_id` is of the paper that says so; `buyer` is whose the loan is, if it was sold.
    """

    how: str
    on: date
    buyer: str
    principal_fen: int
    interest_fen: int
    penalty_fen: int
    total_fen: int
    recovered_fen: int
    open_fen: int
    document_id: str


@dataclass(frozen=True, slots=True)
class Loan:
    """One loan. `next_*` are the first instalment to come; `must_pay_fen` is due now."""

    template: ClassVar[str] = "loan"

    loan_id: str
    contract_id: str
    document_id: str
    back_url: str
    name: str
    merchant: str
    status: Status
    stage: str
    as_of: date
    terms: LoanTerms
    disbursed_on: date | None
    outstanding_fen: int
    must_pay_fen: int
    credit_fen: int
    days_past_due: int
    paid_fen: int
    subsidies: tuple[tuple[str, int], ...]
    returned_fen: int
    left_to_return_fen: int
    due: tuple[Due, ...]
    ahead: tuple[Ahead, ...]
    settling: Settling
    payments: tuple[Payment, ...]
    busy: bool
    rail: tuple[rail.Stop, ...]
    lenders: tuple[str, ...]
    filled: Filled
    left: Left | None = None

    @property
    def overdue(self) -> tuple[Due, ...]:
        """Instalments that are late; once the loan has left the books, it is owed as a whole."""
        if self.left is not None:
            return ()
        return tuple(due for due in self.due if due.open_fen and due.due_date < self.as_of)

    @property
    def latest(self) -> tuple[Payment, ...]:
        """The latest payments, newest first."""
        return self.payments[::-1][:LATEST]

    @property
    def earlier(self) -> tuple[Payment, ...]:
        """Those before, newest first."""
        return self.payments[::-1][LATEST:]

    @property
    def penalty_fen(self) -> int:
        """Penalty charged so far."""
        return sum(due.penalty_fen for due in self.due)

    @property
    def subsidy_fen(self) -> int:
        """Interest that others have paid."""
        return sum(fen for _, fen in self.subsidies)

    @property
    def next(self) -> Ahead | None:
        """The instalment to come."""
        return self.ahead[0] if self.ahead else None

    @property
    def paid_number(self) -> int:
        """How many instalments are paid in full."""
        return sum(due.open_fen == 0 for due in self.due)

    @property
    def instalments(self) -> int:
        """How many there are."""
        return len(self.due) + len(self.ahead)


@dataclass(frozen=True, slots=True)
class Loans:
    """The list: those that need something first, then live ones, then the settled."""

    template: ClassVar[str] = "loans"

    loans: tuple[Loan, ...]
    lenders: tuple[str, ...] = ()

    @property
    def must_pay_fen(self) -> int:
        """What is due now on all of them."""
        return sum(loan.must_pay_fen for loan in self.loans)

    @property
    def outstanding_fen(self) -> int:
        """Principal owed on all of them."""
        return sum(loan.outstanding_fen for loan in self.loans)


def loans(reader: Reader, pairs: Iterable[tuple[Answer, Answer]]) -> Loans:
    """Make the list from each loan's answer of `view_loan` and its file."""
    made = [loan(reader, seen, about) for seen, about in pairs]
    return Loans(tuple(sorted(made, key=lambda one: (-one.days_past_due, one.stage == "settled"))))


def loan(reader: Reader, seen: Answer, about: Answer, filled: Filled | None = None) -> Loan:
    """Make the page of one loan; `filled` is a form on it that was sent with errors."""
    payments = tuple(_payment(reader, one) for one in about["payments"])
    word, tone = stage_words(reader, seen)
    bought = seen["events"][0]["data"]
    return Loan(
        loan_id=seen["loan_id"],
        contract_id=about["contract_id"],
        document_id=about["document_id"],
        back_url=about["session"]["return_url"] if about["session"] else "",
        name=reader.name(reader.good(about["merchant"], about["sku"])),
        merchant=reader.name(reader.merchant(about["merchant"])),
        status=Status(word, tone),
        stage=seen["stage"],
        as_of=date.fromisoformat(seen["as_of"]),
        terms=LoanTerms.from_json(about["terms"]),
        disbursed_on=date.fromisoformat(seen["disbursed_on"]) if seen["disbursed_on"] else None,
        outstanding_fen=seen["outstanding_fen"],
        must_pay_fen=max(seen["due_fen"] - seen["credit_fen"], 0),
        credit_fen=seen["credit_fen"],
        days_past_due=seen["days_past_due"],
        paid_fen=sum(seen[f"{part}_paid_fen"] for part in ("principal", "interest", "penalty")),
        subsidies=tuple(
            (reader.funder(one["funder"], about["merchant"]), one["amount_fen"])
            for one in seen["subsidies"]
        ),
        returned_fen=seen["goods_returned_fen"],
        left_to_return_fen=bought["price_fen"] - seen["goods_returned_fen"],
        due=tuple(_due(one) for one in seen["due"]),
        ahead=tuple(_ahead(one) for one in seen["ahead"]),
        settling=_settling(seen),
        payments=payments,
        busy=any(one["stage"] in UNDER_WAY for one in about["payments"]),
        rail=rail.stops(reader, seen, _notes(reader, seen)),
        lenders=(reader.lender(about["entity"]),),
        filled=filled or Filled(),
        left=_left(seen),
    )


def _left(seen: Answer) -> Left | None:
    found = seen["left"]
    if found is None:
        return None
    told = [event["data"] for event in seen["events"] if event["kind"] == found["how"]]
    return Left(
        **{**found, "on": date.fromisoformat(found["on"])}, document_id=told[-1]["document_id"]
    )


def _notes(reader: Reader, seen: Mapping[str, Any]) -> Mapping[int, Markup]:
    """Return what the stops of the rail say to the person whose loan it is."""
    notes = {rail.USED: reader.say("需要时通知您")}
    if seen["disbursed_on"]:
        notes[rail.PAID_OUT] = escape(seen["disbursed_on"])
    if seen["stage"] == "transferred":
        notes[rail.REPAYING] = reader.say("已转让")
    if seen["stage"] == "active":
        notes[rail.REPAYING] = rail.instalments_paid(reader, seen)
    return notes


def _settling(seen: Answer) -> Settling:
    to_come_fen = sum(row["payment_fen"] for row in seen["ahead"])
    credit_fen = seen["credit_fen"]
    return Settling(
        pay_fen=max(seen["payoff_fen"] - credit_fen, 0),
        on_plan_fen=max(seen["due_fen"] + to_come_fen - credit_fen, 0),
    )


def _due(stored: Answer) -> Due:
    return Due(**{**stored, "due_date": date.fromisoformat(stored["due_date"])})


def _ahead(stored: Answer) -> Ahead:
    return Ahead(**{**stored, "due_date": date.fromisoformat(stored["due_date"])})


def _payment(reader: Reader, stored: Answer) -> Payment:
    word, tone = payment_words(reader, stored["stage"])
    what = _PURPOSES[stored["purpose"]]
    return Payment(
        what=reader.say(what),
        amount_fen=stored["amount_fen"],
        ordered_on=date.fromisoformat(stored["ordered_on"]),
        status=word,
        tone=tone,
        unknown=stored["stage"] == "unknown",
    )


def read_prepayment(
    reader: Reader, sent: Mapping[str, str]
) -> tuple[dict[str, Any], tuple[FieldError, ...]]:
    """Return what `pay` takes of the form for paying a part early, and what is wrong with it."""
    say, errors = reader.say, []
    amount_fen = fen_in(sent.get("amount", ""))
    if not amount_fen:
        errors.append(FieldError("amount", say("还多少：请填写金额，例如 500。")))
    if sent.get("purpose") not in {"prepay_lower", "prepay_shorten"}:
        errors.append(FieldError("purpose", say("请选择剩下的怎么还。")))
    return {"purpose": sent.get("purpose"), "amount_fen": amount_fen}, tuple(errors)


def read_recovery(
    reader: Reader, sent: Mapping[str, str]
) -> tuple[dict[str, Any], tuple[FieldError, ...]]:
    """Return what `pay` takes of the form for what was written off, and what is wrong with it."""
    text = sent.get("amount", "").strip()
    amount_fen = fen_in(text) if text else None
    if text and not amount_fen:
        wrong = FieldError("amount", reader.say("还多少：请填写金额，或者留空。"))
        return {}, (wrong,)
    return {"purpose": "instalment", "amount_fen": amount_fen}, ()


def read_return(
    reader: Reader, sent: Mapping[str, str]
) -> tuple[dict[str, Any], tuple[FieldError, ...]]:
    """Return what `return_goods` takes of the form for a return, and what is wrong with it."""
    text = sent.get("price", "").strip()
    price_fen = fen_in(text) if text else None
    if text and not price_fen:
        wrong = FieldError("price", reader.say("退回标价：请填写金额，或者留空。"))
        return {}, (wrong,)
    return {"price_fen": price_fen}, ()
