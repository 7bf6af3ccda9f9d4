"""Fold a loan's events into its state on a day: pure, total, replayable.

Events are taken in order of (value date, version), so a late-booked payment with an early value
date is simply one more event in its place.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import date

from sanshi.kernel.effects import Event
from sanshi.kernel.errors import ImpossibleError
from sanshi.kernel.schedules import NO_INTEREST, Instalment, schedule
from sanshi.loan.state import Due, LoanState
from sanshi.quote.terms import LoanTerms


def fold(terms: LoanTerms, events: Iterable[Event], as_of: date) -> LoanState:
    """Return the loan on `as_of`; events of a later value date have not happened yet."""
    ordered = sorted(events, key=lambda e: (e.value_date, e.version))
    state = LoanState(terms=terms, stage="", version=0, as_of=date.min)
    for event in ordered:
        if event.value_date <= as_of:
            state = apply_event(advance(state, event.value_date), event)
    return advance(state, as_of)


def apply_event(state: LoanState, event: Event) -> LoanState:
    """Apply one event to a state that stands on the event's value date."""
    happened = _HANDLERS[event.kind](state, event)
    version = max(state.version, event.version)
    stage = event.stage if event.version == version else happened.stage
    return replace(happened, version=version, stage=stage)


def advance(state: LoanState, day: date) -> LoanState:
    """Let time pass: instalments fall due, credit pays them, penalty accrues."""
    while state.ahead and state.ahead[0].due_date <= day:
        state = _use_credit(_fall_due(_grow(state, state.ahead[0].due_date)))
    return _grow(state, day) if day > state.as_of else state


def _grow(state: LoanState, day: date) -> LoanState:
    grown = tuple(d.grown_to(day, state.terms) for d in state.due)
    return replace(state, due=grown, as_of=max(day, state.as_of))


def _fall_due(state: LoanState) -> LoanState:
    row, *rest = state.ahead
    due = Due(row.number, row.due_date, row.principal_fen, row.interest_fen)
    return replace(state, due=(*state.due, due), ahead=tuple(rest), accrued=NO_INTEREST)


def _use_credit(state: LoanState) -> LoanState:
    """Pay what is due from the customer's credit: oldest first; penalty, interest, principal."""
    credit_fen = state.credit_fen
    paid: list[Due] = []
    for due in state.due:
        penalty_fen = min(credit_fen, due.penalty_open_fen)
        interest_fen = min(credit_fen - penalty_fen, due.interest_open_fen)
        principal_fen = min(credit_fen - penalty_fen - interest_fen, due.principal_open_fen)
        credit_fen -= penalty_fen + interest_fen + principal_fen
        paid.append(
            replace(
                due,
                penalty_paid_fen=due.penalty_paid_fen + penalty_fen,
                interest_paid_fen=due.interest_paid_fen + interest_fen,
                principal_paid_fen=due.principal_paid_fen + principal_fen,
            )
        )
    return replace(state, due=tuple(paid))


def _agreed(state: LoanState, _event: Event) -> LoanState:
    return state


def _ordered(state: LoanState, event: Event) -> LoanState:
    return replace(state, ordered_fen=_fen(event, "amount_fen"))


def _refused(state: LoanState, _event: Event) -> LoanState:
    return replace(state, ordered_fen=0)


def _disbursed(state: LoanState, event: Event) -> LoanState:
    amount_fen = _fen(event, "amount_fen")
    if amount_fen != state.terms.principal_fen:
        raise ImpossibleError(
            "loan.partial_draw", f"{amount_fen} fen paid out of {state.terms.principal_fen} agreed."
        )
    return replace(
        state,
        disbursed_fen=amount_fen,
        disbursed_on=event.value_date,
        ahead=state.terms.schedule_from(event.value_date),
    )


def _repaid(state: LoanState, event: Event) -> LoanState:
    """Take money in: pay what is due, then what the customer asked for with the rest."""
    received = replace(state, received_fen=state.received_fen + _fen(event, "amount_fen"))
    paid = _use_credit(received)
    match event.data.get("purpose"):
        case "settle" if paid.credit_fen >= paid.payoff_fen:
            return _settle(paid)
        case "prepay_lower" | "prepay_shorten" as choice:
            return _prepay(paid, keep_level=choice == "prepay_shorten")
        case "goods_return":
            return _returned(paid, event)
        case _:
            return paid


def _returned(state: LoanState, event: Event) -> LoanState:
    """Use a shop's refund: it ends the loan if it reaches that far, else it lowers the rest.

    One that covers all principal but not the days of interest before it leaves these due today:
    nothing is lent any more, so nothing more is earned.
    """
    back = replace(state, goods_returned_fen=_fen(event, "goods_returned_fen"))
    if back.credit_fen >= back.principal_ahead_fen:
        return _settle(back)
    return _prepay(back, keep_level=False)


def _subsidy_granted(state: LoanState, event: Event) -> LoanState:
    """Let others pay part of an instalment's interest; what was paid before becomes credit."""
    number, amount_fen = event.data["number"], _fen(event, "amount_fen")
    due = tuple(_subsidised(d, amount_fen) if d.number == number else d for d in state.due)
    if amount_fen and due == state.due:
        raise ImpossibleError("loan.no_such_instalment", f"Instalment {number} has not fallen due.")
    return replace(
        state,
        due=due,
        subsidies=_added(state.subsidies, event, 1),
        granted=state.granted | {int(number)},
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
    left_fen = _fen(event, "amount_fen")
    due: list[Due] = []
    for one in reversed(state.due):
        taken_fen = min(left_fen, one.subsidy_fen)
        left_fen -= taken_fen
        due.insert(0, replace(one, subsidy_fen=one.subsidy_fen - taken_fen))
    if left_fen:
        raise ImpossibleError("loan.subsidy_not_there", f"{left_fen} fen were never granted.")
    return replace(state, due=tuple(due), subsidies=_added(state.subsidies, event, -1))


def _added(
    subsidies: tuple[tuple[str, int], ...], event: Event, sign: int
) -> tuple[tuple[str, int], ...]:
    sums = dict(subsidies)
    for part in event.data["funded"]:
        sums[part["funder"]] = sums.get(part["funder"], 0) + sign * part["amount_fen"]
    return tuple(sorted(sums.items()))


def _settle(state: LoanState) -> LoanState:
    """End the running period today: its interest and all principal ahead fall due and are paid."""
    if not state.ahead:
        return state
    last = Due(
        number=state.ahead[0].number,
        due_date=state.as_of,
        principal_fen=state.principal_ahead_fen,
        interest_fen=state.running_interest.rounded(state.terms.rounding),
    )
    return _use_credit(replace(state, due=(*state.due, last), ahead=(), accrued=NO_INTEREST))


def _prepay(state: LoanState, *, keep_level: bool) -> LoanState:
    """Use the credit on principal ahead and schedule the rest anew.

    Credit that would leave interest but no principal stays credit until the due date: whoever
    means to end the loan settles it.
    """
    amount_fen = state.credit_fen
    if not 0 < amount_fen < state.principal_ahead_fen:
        return state
    running = state.running_interest
    rows = schedule(
        state.terms.kernel_terms(
            state.as_of,
            tuple(row.due_date for row in state.ahead),
            principal_fen=state.principal_ahead_fen - amount_fen,
            due_day=state.anchor_day,
            accrued=running,
            level_fen=_level_fen(state) if keep_level else None,
            first_number=state.ahead[0].number,
        )
    )
    return replace(state, ahead=rows, accrued=running, prepaid_fen=state.prepaid_fen + amount_fen)


def _level_fen(state: LoanState) -> int | None:
    row: Instalment = state.ahead[0]
    match state.terms.method:
        case "equal_instalment":
            return row.payment_fen
        case "equal_principal":
            return row.principal_fen
        case _:
            return None


def _credit_returned(state: LoanState, event: Event) -> LoanState:
    return replace(state, returned_fen=state.returned_fen + _fen(event, "amount_fen"))


def _fen(event: Event, name: str) -> int:
    value = event.data[name]
    if not isinstance(value, int) or isinstance(value, bool):
        raise ImpossibleError("loan.event_value", f"{name} of {event.kind} is {value!r}.")
    return value


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
    "cancelled": _agreed,
    "completed": _agreed,
}
