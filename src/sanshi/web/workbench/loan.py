"""One loan: life rail, five figures, chart, schedule, events, postings, payments and cases."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

from markupsafe import Markup, escape

from sanshi.documents.words import exact_percent, money, word
from sanshi.quote.terms import LoanTerms
from sanshi.web import rail
from sanshi.web.reader import Reader
from sanshi.web.workbench import addresses as at
from sanshi.web.workbench.cells import NOTHING, Cell, account, coded, ident, staged
from sanshi.web.workbench.chart import Chart, Instalment, chart

Answer = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Figure:
    """One of the five figures."""

    name: Markup
    value: str
    under: Markup
    tone: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One instalment of the schedule."""

    number: int
    due_date: date
    principal_fen: int
    interest_fen: int
    subsidy_fen: int
    penalty_fen: int
    total_fen: int
    balance_fen: int
    state: Cell
    current: bool


@dataclass(frozen=True, slots=True)
class Entry:
    """One event, posting, payment or case: what, when, how much."""

    what: Cell
    day: str
    amount: str
    under: Markup = NOTHING
    state: Cell | None = None
    href: str = ""
    """Where its day leads."""


@dataclass(frozen=True, slots=True)
class Loan:
    """The page."""

    template: ClassVar[str] = "loan"

    loan_id: str
    contract_id: str
    person_id: str
    application_id: str
    merchant: str
    stage: Cell
    late: Cell | None
    as_of: date
    method: str
    rail: tuple[rail.Stop, ...]
    figures: tuple[Figure, ...]
    chart: Chart | None
    rows: tuple[Row, ...]
    events: tuple[Entry, ...]
    postings: tuple[Entry, ...]
    payments: tuple[Entry, ...]
    cases: tuple[Entry, ...]
    subsidies: tuple[tuple[str, int], ...]
    may_try: bool = False
    may_leave: bool = False


def loan(reader: Reader, seen: Answer, *, may_try: bool = False, may_leave: bool = False) -> Loan:
    """Make the page from the answer of `desk_loan`.

    `may_try`: whether a change may be tried; `may_leave`: whether to propose that it leaves the
    books.
    """
    terms = LoanTerms.from_json(seen["terms"])
    days = seen["days_past_due"]
    say = reader.say
    made = rows(reader, seen, terms)
    return Loan(
        loan_id=seen["loan_id"],
        contract_id=seen["contract_id"],
        person_id=seen["person_id"],
        application_id=seen["way"].get("application_id", ""),
        merchant=reader.name(reader.merchant(seen["merchant"])),
        stage=staged(reader, "loan", seen["stage"]),
        late=Cell(say("逾期 {n} 天", n=days), tone="bad") if days else None,
        as_of=date.fromisoformat(seen["as_of"]),
        method=word(f"method.{terms.method}", reader.language),
        rail=rail.stops(reader, seen, _notes(reader, seen)),
        figures=figures(reader, seen, terms),
        chart=chart(terms.principal_fen, _instalments(made)) if seen["disbursed_on"] else None,
        rows=made,
        events=tuple(_event(reader, seen["loan_id"], one) for one in reversed(seen["events"])),
        postings=tuple(posting_entry(reader, one) for one in reversed(seen["postings"])),
        payments=tuple(payment_entry(reader, one) for one in reversed(seen["payments"])),
        cases=tuple(_case(reader, one) for one in seen["cases"]),
        subsidies=tuple(
            (reader.funder(one["funder"], seen["merchant"]), one["amount_fen"])
            for one in seen["subsidies"]
        ),
        may_try=may_try,
        may_leave=may_leave,
    )


def _notes(reader: Reader, seen: Answer) -> Mapping[int, Markup]:
    """Return what each stop of the rail says: its day, mostly."""
    say, way = reader.say, seen["way"]
    last = seen["ahead"][-1]["due_date"] if seen["ahead"] else ""
    over = [one["booking_date"] for one in seen["events"] if one["stage"] == "settled"]
    return {
        rail.QUOTED: escape(way.get("quoted_on", "")),
        rail.CONSENTED: say("{n} 项", n=way.get("consents", 0)),
        rail.DECIDED: escape(way.get("decided_on", "")),
        rail.SIGNED: escape(way.get("signed_on", "")),
        rail.PAID_OUT: escape(seen["disbursed_on"] or ""),
        rail.USED: say("逐案核验"),
        rail.REPAYING: rail.instalments_paid(reader, seen),
        rail.SETTLED: escape(over[0] if over else last),
    }


def figures(reader: Reader, seen: Answer, terms: LoanTerms) -> tuple[Figure, ...]:
    """Return the five figures of a loan on the day of its answer."""
    say = reader.say
    lent = say("放款 {fen}", fen=money(terms.principal_fen))
    must_fen = max(seen["due_fen"] - seen["credit_fen"], 0)
    days = seen["days_past_due"]
    paid_fen = sum(seen[f"{name}_paid_fen"] for name in ("principal", "interest", "penalty"))
    parts = say(
        "本金 {principal} · 利息 {interest}",
        principal=money(seen["principal_paid_fen"]),
        interest=money(seen["interest_paid_fen"]),
    )
    return (
        Figure(say("剩余本金"), money(seen["outstanding_fen"]), lent),
        Figure(
            say("合同年利率（单利）"),
            exact_percent(terms.rate_ppm),
            say("{n} 期 · {method}", n=terms.term_months, method=_method(reader, terms)),
        ),
        _next(reader, seen, must_fen),
        Figure(
            say("逾期天数"),
            str(days),
            say("宽限 {n} 天", n=terms.grace_days),
            "bad" if days else "",
        ),
        Figure(say("已还"), money(paid_fen), parts),
    )


def _method(reader: Reader, terms: LoanTerms) -> str:
    return word(f"method.{terms.method}", reader.language)


def _next(reader: Reader, seen: Answer, must_fen: int) -> Figure:
    say = reader.say
    if seen["left"]:
        return _left(reader, seen["left"])
    if must_fen:
        penalty_fen = sum(one["penalty_fen"] for one in seen["due"])
        under = say("其中罚息 {fen}", fen=money(penalty_fen)) if penalty_fen else NOTHING
        return Figure(say("现在应还"), money(must_fen), under, "wait")
    if seen["ahead"] and seen["stage"] == "active":
        first = seen["ahead"][0]
        left = (date.fromisoformat(first["due_date"]) - date.fromisoformat(seen["as_of"])).days
        under = say("{day} · 还有 {n} 天", day=first["due_date"], n=left)
        return Figure(say("下期应还"), money(first["payment_fen"]), under)
    return Figure(say("下期应还"), "—", NOTHING)


def _left(reader: Reader, left: Answer) -> Figure:
    """Say what is still to come of a loan that has left the books, and from whom."""
    say = reader.say
    if left["how"] == "written_off":
        under = say(
            "核销 {fen}，已收回 {back}",
            fen=money(left["total_fen"]),
            back=money(left["recovered_fen"]),
        )
        return Figure(
            say("核销后仍欠"), money(left["open_fen"]), under, "wait" if left["open_fen"] else ""
        )
    open_fen = left["price_fen"] - left["price_paid_fen"]
    under = say("转让给 {buyer}，价款 {fen}", buyer=left["buyer"], fen=money(left["price_fen"]))
    return Figure(say("转让价款待收"), money(open_fen), under, "wait" if open_fen else "")


def rows(reader: Reader, seen: Answer, terms: LoanTerms) -> tuple[Row, ...]:
    """Return the instalments of a loan, fallen due and ahead, on the day of its answer."""
    balance_fen, made, as_of = terms.principal_fen, [], date.fromisoformat(seen["as_of"])
    for one in seen["due"]:
        balance_fen -= one["principal_fen"]
        due_date = date.fromisoformat(one["due_date"])
        parts = ("principal_fen", "interest_fen", "penalty_fen")
        made.append(
            Row(
                number=one["number"],
                due_date=due_date,
                principal_fen=one["principal_fen"],
                interest_fen=one["interest_fen"],
                subsidy_fen=one["subsidy_fen"],
                penalty_fen=one["penalty_fen"],
                total_fen=sum(one[name] for name in parts) - one["subsidy_fen"],
                balance_fen=balance_fen,
                state=_due_state(reader, one["open_fen"], due_date < as_of),
                current=bool(one["open_fen"]),
            )
        )
    is_live = seen["stage"] == "active"
    for place, one in enumerate(seen["ahead"]):
        current = place == 0 and is_live and not any(row.current for row in made)
        made.append(
            Row(
                number=one["number"],
                due_date=date.fromisoformat(one["due_date"]),
                principal_fen=one["principal_fen"],
                interest_fen=one["interest_fen"],
                subsidy_fen=0,
                penalty_fen=0,
                total_fen=one["payment_fen"],
                balance_fen=one["closing_fen"],
                state=Cell(reader.say("未到期"), tone="plain"),
                current=current,
            )
        )
    return tuple(made)


def _due_state(reader: Reader, open_fen: int, is_late: bool) -> Cell:  # noqa: FBT001 - one call, said in full there
    say = reader.say
    if not open_fen:
        return Cell(say("已还"), tone="good")
    if is_late:
        return Cell(say("欠 {fen}", fen=money(open_fen)), tone="bad")
    return Cell(say("今天到期"), tone="wait")


def _instalments(made: tuple[Row, ...]) -> tuple[Instalment, ...]:
    ahead = {row.number for row in made if row.state.tone == "plain"}
    return tuple(
        Instalment(
            row.number,
            row.principal_fen,
            row.interest_fen,
            max(row.balance_fen, 0),
            row.number not in ahead,
        )
        for row in made
    )


def _event(reader: Reader, loan_id: str, one: Answer) -> Entry:
    amount_fen = one["data"].get("amount_fen")
    return Entry(
        what=coded(reader, "event", one["kind"]),
        day=one["booking_date"],
        amount=money(amount_fen) if isinstance(amount_fen, int) else "",
        under=Markup(" · ").join(_more_of(reader, one)),
        state=staged(reader, "loan", one["stage"]),
        href=at.asked(at.one(at.LOANS, loan_id, "replay"), on=one["booking_date"]),
    )


def _more_of(reader: Reader, one: Answer) -> Iterator[Markup]:
    """Say what a payment was for, and from which day an event counts if it was dated back."""
    by = one["data"].get("purpose") if one["kind"] == "repaid" else None
    if isinstance(by, str):
        yield coded(reader, "purpose", by).text
    if one["value_date"] != one["booking_date"]:
        yield reader.say("从 {day} 起算", day=one["value_date"])


def posting_entry(reader: Reader, one: Answer) -> Entry:
    """Show a posting: what for, and between which accounts."""
    debit, credit = account(reader, one["debit"]), account(reader, one["credit"])
    return Entry(
        what=coded(reader, "component", one["component"]),
        day=one["booking_date"],
        amount=money(one["amount_fen"]),
        under=reader.say("借 {debit} / 贷 {credit}", debit=debit.text, credit=credit.text),
    )


def payment_entry(reader: Reader, one: Answer) -> Entry:
    """Show a payment on the rail: what for, and what became of it."""
    return Entry(
        what=coded(reader, "purpose", one["purpose"]),
        day=one["ordered_on"],
        amount=money(one["amount_fen"]),
        under=Markup("<code>{}</code>").format(ident(one["payment_id"]).text),
        state=staged(reader, "payment", one["stage"]),
    )


def _case(reader: Reader, one: Answer) -> Entry:
    kind = coded(reader, "case", one["kind"])
    return Entry(
        what=Cell(kind.text, href=at.one(at.CASES, one["case_id"])),
        day=one["opened_on"],
        amount="",
        under=escape(""),
        state=staged(reader, "case", one["stage"]),
    )
