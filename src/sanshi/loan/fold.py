"""Fold a loan's events into its state on a day: pure, total, replayable.

Events are taken in order of (value date, version), so a late-booked payment with an early value
date is simply one more event in its place. A reversed event is as if it had never been.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import date

from sanshi.kernel.effects import Event
from sanshi.kernel.errors import ImpossibleError
from sanshi.kernel.schedules import NO_INTEREST
from sanshi.loan.changes import CHANGES, number
from sanshi.loan.ending import price_paid, recovered, transferred, written_off
from sanshi.loan.paying import prepay, returned, settle, use_credit
from sanshi.loan.recast import recast
from sanshi.loan.state import MERCHANT_PAYABLE, Due, LoanState
from sanshi.quote.terms import LoanTerms


def fold(terms: LoanTerms, events: Iterable[Event], as_of: date) -> LoanState:
    """Return the loan on `as_of`; events of a later value date have not happened yet."""
    ordered = sorted(events, key=lambda e: (e.value_date, e.version))
    undone = {number(e, "reverses", 1) for e in ordered if e.kind == "reversed"}
    state = LoanState(terms=terms, stage="", version=0, as_of=date.min)
    for event in ordered:
        if event.value_date <= as_of:
            state = apply_event(advance(state, event.value_date), event, event.version in undone)
    return advance(state, as_of)


def apply_event(state: LoanState, event: Event, undone: bool = False) -> LoanState:  # noqa: FBT001, FBT002 - one flag
    """Apply one event to a state that stands on the event's value date.

    One that is `undone` by a later reversal 冲销 changes nothing but the version.
    """
    if state.left is not None and event.kind in CHANGES and not undone:
        raise ImpossibleError(
            "loan.not_on_the_books", "Terms of a loan that has left the books do not change."
        )
    happened = state if undone else _HANDLERS[event.kind](state, event)
    version = max(state.version, event.version)
    stage = event.stage if event.version == version else happened.stage
    return replace(happened, version=version, stage=stage)


def advance(state: LoanState, day: date) -> LoanState:
    """Let time pass: instalments fall due, credit pays them, penalty accrues."""
    if state.left is not None:
        return replace(state, as_of=max(day, state.as_of))
    while state.ahead and state.ahead[0].due_date <= day:
        state = use_credit(_fall_due(_grow(state, state.ahead[0].due_date)))
    return _grow(state, day) if day > state.as_of else state


def _grow(state: LoanState, day: date) -> LoanState:
    live = state.live_due
    if live:
        state = replace(
            state, due=(*state.due[: state.done], *(d.grown_to(day, state.terms) for d in live))
        )
    return replace(state, as_of=max(day, state.as_of))


def _fall_due(state: LoanState) -> LoanState:
    row, *rest = state.ahead
    due = Due(row.number, row.due_date, row.principal_fen, row.interest_fen)
    fallen = replace(state, ahead=tuple(rest), accrued=NO_INTEREST)
    return fallen.with_live((*state.live_due, due))


def _agreed(state: LoanState, _event: Event) -> LoanState:
    return state


def _ordered(state: LoanState, event: Event) -> LoanState:
    return replace(state, ordered_fen=state.ordered_fen + number(event, "amount_fen"))


def _refused(state: LoanState, event: Event) -> LoanState:
    return replace(state, ordered_fen=state.ordered_fen - number(event, "amount_fen"))


def _disbursed(state: LoanState, event: Event) -> LoanState:
    """Pay out all, or a tranche: later ones recast what is ahead."""
    amount_fen = number(event, "amount_fen", 1)
    if event.data.get("through") == MERCHANT_PAYABLE:
        state = replace(
            state,
            payable_to=str(event.data["merchant"]),
            owed_to_merchant_fen=state.owed_to_merchant_fen + amount_fen,
        )
    total_fen = state.disbursed_fen + amount_fen
    if total_fen > state.terms.principal_fen:
        raise ImpossibleError(
            "loan.drawn_too_much",
            f"{total_fen} fen paid out of {state.terms.principal_fen} agreed.",
        )
    if state.disbursed_on is None:
        terms = replace(state.terms, principal_fen=amount_fen)
        return replace(
            state,
            disbursed_fen=amount_fen,
            disbursed_on=event.value_date,
            ahead=terms.schedule_from(event.value_date),
        )
    drawn = recast(state, principal_fen=state.principal_ahead_fen + amount_fen)
    return replace(drawn, disbursed_fen=total_fen)


def _repaid(state: LoanState, event: Event) -> LoanState:
    """Take money in: pay what is due, then what the customer asked for with the rest."""
    amount_fen = number(event, "amount_fen")
    netted_fen = amount_fen if event.data.get("through") == MERCHANT_PAYABLE else 0
    received = replace(
        state,
        received_fen=state.received_fen + amount_fen,
        netted_fen=state.netted_fen + netted_fen,
    )
    paid = use_credit(received)
    match event.data.get("purpose"):
        case "settle" if paid.credit_fen >= paid.payoff_fen:
            return settle(paid)
        case "prepay_lower" | "prepay_shorten" as choice:
            return prepay(paid, keep_level=choice == "prepay_shorten")
        case "goods_return":
            return returned(paid, number(event, "goods_returned_fen"))
        case _:
            return paid


def _subsidy_granted(state: LoanState, event: Event) -> LoanState:
    """Let others pay part of an instalment's interest; what was paid before becomes credit."""
    instalment, amount_fen = event.data["number"], number(event, "amount_fen")
    due = tuple(_subsidised(d, amount_fen) if d.number == instalment else d for d in state.due)
    if amount_fen and due == state.due:
        raise ImpossibleError(
            "loan.no_such_instalment", f"Instalment {instalment} has not fallen due."
        )
    return replace(
        state.with_due(due),
        subsidies=_added(state.subsidies, event, 1),
        granted=state.granted | {int(instalment)},
    )


def _subsidised(due: Due, amount_fen: int) -> Due:
    subsidy_fen = due.subsidy_fen + amount_fen
    left_fen = due.interest_fen - subsidy_fen
    if left_fen < 0:
        raise ImpossibleError(
            "loan.subsidy_above_interest", f"{subsidy_fen} fen for {due.interest_fen} of interest."
        )
    return replace(
        due, subsidy_fen=subsidy_fen, interest_paid_fen=min(due.interest_paid_fen, left_fen)
    )


def _subsidy_withdrawn(state: LoanState, event: Event) -> LoanState:
    """Take back what was granted on returned goods, from the latest instalment backwards."""
    left_fen = number(event, "amount_fen")
    due: list[Due] = []
    for one in reversed(state.due):
        taken_fen = min(left_fen, one.subsidy_fen)
        left_fen -= taken_fen
        due.insert(0, replace(one, subsidy_fen=one.subsidy_fen - taken_fen))
    if left_fen:
        raise ImpossibleError("loan.subsidy_not_there", f"{left_fen} fen were never granted.")
    return replace(state.with_due(tuple(due)), subsidies=_added(state.subsidies, event, -1))


def _added(
    subsidies: tuple[tuple[str, int], ...], event: Event, sign: int
) -> tuple[tuple[str, int], ...]:
    sums = dict(subsidies)
    for part in event.data["funded"]:
        sums[part["funder"]] = sums.get(part["funder"], 0) + sign * part["amount_fen"]
    return tuple(sorted(sums.items()))


def _credit_returned(state: LoanState, event: Event) -> LoanState:
    return replace(state, returned_fen=state.returned_fen + number(event, "amount_fen"))


_HANDLERS: Mapping[str, Callable[[LoanState, Event], LoanState]] = {
    "agreed": _agreed,
    "ordered": _ordered,
    "unanswered": _agreed,
    "refused": _refused,
    "disbursed": _disbursed,
    "repaid": _repaid,
    "credit_returned": _credit_returned,
    "subsidy_granted": _subsidy_granted,
    "subsidy_withdrawn": _subsidy_withdrawn,
    "written_off": written_off,
    "recovered": recovered,
    "transferred": transferred,
    "price_paid": price_paid,
    "reversed": _agreed,
    "cancelled": _agreed,
    "completed": _agreed,
    **CHANGES,
}
