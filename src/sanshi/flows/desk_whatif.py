"""What if: a change of a loan, or a payment today, worked out in full and not made."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from sanshi.flows.changing import Change, key_figures, tried
from sanshi.flows.desk_loans import own_row
from sanshi.flows.loans import LoanFile, booked, file_of
from sanshi.flows.paying import PAY, Pay
from sanshi.flows.world import Actor, Command, Decided, Flow, World
from sanshi.kernel.effects import Json, Posting
from sanshi.kernel.errors import InputError
from sanshi.kernel.money import MAX_FEN
from sanshi.loan.fold import fold
from sanshi.loan.state import LoanState
from sanshi.quote.plan import row_json


class TriedPayment(Command):
    """A payment of the customer's, today; `settle` takes what settles the loan."""

    kind: Literal["prepay_lower", "prepay_shorten", "settle"]
    amount_fen: Annotated[int, Field(ge=1, le=MAX_FEN)] | None = None


class TryChange(Command):
    """Which loan, and either a change (with its day, today when left out) or a payment today."""

    loan_id: str
    change: Annotated[Change, Field(discriminator="kind")] | None = None
    payment: TriedPayment | None = None
    value_date: Annotated[date | None, Field(strict=False)] = None


@dataclass(frozen=True, slots=True)
class _Found:
    """What came of it; `told` says more of what was tried."""

    before: LoanState
    after: LoanState
    told: Mapping[str, Json]
    postings: tuple[Posting, ...] = ()


def _decide(world: World, actor: Actor, command: TryChange) -> Decided:
    loan = file_of(world, own_row(world, actor, "loan", "loan_id", command.loan_id))
    found = _found(world, actor, loan, command)
    before, after = found.before, found.after
    return Decided(
        {
            "loan_id": loan.loan_id,
            "as_of": before.as_of.isoformat(),
            **found.told,
            "before": key_figures(before),
            "after": key_figures(after),
            "lines_before": [row_json(row) for row in before.ahead],
            "lines_after": [row_json(row) for row in after.ahead],
            "differences": _differences(before, after),
            "postings": _postings(found.postings),
        }
    )


def _found(world: World, actor: Actor, loan: LoanFile, command: TryChange) -> _Found:
    change, payment = command.change, command.payment
    if change is not None and payment is None:
        return _changed(world, loan, change, command.value_date)
    if payment is not None and change is None and command.value_date is None:
        return _paid(world, actor, loan, payment)
    raise InputError(
        "try.one",
        "A trial takes a change, with a value date if need be, or a payment today.",
        field="change",
        fix="Send either `change` or `payment`; a payment takes no `value_date`.",
    )


def _changed(world: World, loan: LoanFile, change: Change, value_date: date | None) -> _Found:
    made = tried(world, loan, change, value_date, {})
    told = {"kind": change.kind, "amount_fen": None, **made.answer()}
    return _Found(made.before, made.after, told, booked(world, loan, (made.event,)).postings)


def _paid(world: World, actor: Actor, loan: LoanFile, payment: TriedPayment) -> _Found:
    """Ask the payment flow itself whether it would take this money, and let the loan have it."""
    today = world.clock.business_date()
    asked = Pay(loan_id=loan.loan_id, purpose=payment.kind, amount_fen=payment.amount_fen)
    amount_fen = PAY.decide(world, actor, asked).answer["amount_fen"]
    if not amount_fen:
        raise InputError(
            "try.nothing_to_pay",
            "The customer's credit settles this loan; no money is needed.",
            field="payment.amount_fen",
            fix="There is nothing to try.",
        )
    data = {"purpose": payment.kind, "amount_fen": amount_fen}
    at, day = loan.at, {"value_date": today, "booking_date": today}
    trial = at.step("repaid", **day, data=data, to=at.stage)
    after = fold(loan.terms, (*loan.events, trial), today)
    told = {
        "kind": payment.kind,
        "amount_fen": amount_fen,
        "version": trial.version,
        "stage": "settled" if after.is_paid_off else "active",
        "value_date": today.isoformat(),
    }
    return _Found(loan.on(today), after, told)


def _differences(before: LoanState, after: LoanState) -> dict[str, Json]:
    """Return what is after less what was before; None where one of the two has no such day."""
    old, new = key_figures(before), key_figures(after)
    return {
        "interest_fen": _interest_in_all(after) - _interest_in_all(before),
        "interest_before_fen": _interest_in_all(before),
        "interest_after_fen": _interest_in_all(after),
        "penalty_fen": after.penalty_earned_fen - before.penalty_earned_fen,
        "penalty_before_fen": before.penalty_earned_fen,
        "penalty_after_fen": after.penalty_earned_fen,
        "next_payment_fen": new["next_payment_fen"] - old["next_payment_fen"],
        "instalments": new["instalments_ahead"] - old["instalments_ahead"],
        "next_due_days": _days(old["next_due"], new["next_due"]),
        "last_due_days": _days(old["last_due"], new["last_due"]),
    }


def _interest_in_all(state: LoanState) -> int:
    """Return the interest of the whole loan, if from now on every instalment is paid when due."""
    return state.sums.interest_fen + sum(row.interest_fen for row in state.ahead)


def _days(old: str | None, new: str | None) -> int | None:
    if old is None or new is None:
        return None
    return (date.fromisoformat(new) - date.fromisoformat(old)).days


def _postings(postings: Sequence[Posting]) -> list[Json]:
    names = ("component", "payer", "debit", "credit", "amount_fen")
    return [
        {
            **{name: getattr(one, name) for name in names},
            "value_date": one.value_date.isoformat(),
            "booking_date": one.booking_date.isoformat(),
        }
        for one in postings
    ]


TRY_CHANGE = Flow("try_change", frozenset({"servicing", "audit"}), TryChange, _decide)
