"""A desk with a loan that is late, and what its people do: for tests of loans that leave."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any, TypeAlias

import pytest

from sanshi.flows.world import Actor
from sanshi.jobs.close import close_day, collect_due
from sanshi.jobs.outbox import JOB, deliver
from worlds import LENDER, MONDAY, XIAOMAN, Desk, staff

MAKER, CHECKER = (Actor(f"sa_{name}", "servicing", LENDER) for name in ("maker", "checker"))
WHY = {"reason": "Nobody is left to pay it.", "evidence": "Minutes 2026-17 (虚构)"}
LATE = date(2026, 12, 12)
"""Ten days after the first instalment of a fridge fell due."""


def live_until(desk: Desk, last: date, *, collecting: bool = False) -> None:
    """Let days pass; with `collecting`, what is due is debited each day."""
    while (day := desk.world.clock.business_date()) < last:
        desk.outside.set_date(day)
        if collecting:
            collect_due(desk.world, LENDER)
            deliver(desk.world)
        close_day(desk.world, day, only=(LENDER, "platform"))
        desk.time.move(days=1)
        desk.outside.set_date(desk.world.clock.business_date())


def two_people(desk: Desk, what: str, **request: Any) -> Mapping[str, Any]:  # noqa: ANN401 - a request
    made = desk.do("propose", MAKER, what=what, request=request, reason="See the file.")
    done = desk.do("approve_proposal", CHECKER, proposal_id=made["proposal_id"], reason="Seen.")
    answer: Mapping[str, Any] = done["answer"]
    return answer


def written_off(desk: Desk, loan_id: str) -> Mapping[str, Any]:
    return two_people(desk, "write_off_loan", loan_id=loan_id, **WHY)


def undone(desk: Desk, loan_id: str, version: int) -> Mapping[str, Any]:
    change = {"kind": "reversed", "reverses": version}
    return two_people(desk, "change_loan", loan_id=loan_id, change=change, reason="By mistake.")


def paid(desk: Desk, who: Actor, loan_id: str, amount_fen: int | None = None) -> None:
    request: dict[str, Any] = {} if amount_fen is None else {"amount_fen": amount_fen}
    desk.do("pay", who, loan_id=loan_id, **request)
    deliver(desk.world)


def seen(desk: Desk, loan_id: str) -> Mapping[str, Any]:
    return desk.do("view_loan", staff("servicing"), loan_id=loan_id)


def balances(desk: Desk) -> dict[str, int]:
    """Return account → signed balance, debits positive; those at nothing left out."""
    rows = desk.world.store.balances(LENDER)
    return {name: debit - credit for name, (debit, credit) in rows.items() if debit != credit}


def books_hold(desk: Desk) -> None:
    assert desk.do("check_books", staff("audit"), entity=LENDER)["differences"] == []
    assert desk.do("trial_balance", staff("audit"), entity=LENDER)["balanced"]
    assert sum(balances(desk).values()) == 0


def postings(desk: Desk, loan_id: str, *components: str) -> dict[tuple[str, str, str], int]:
    """Return (component, debit, credit) → fen posted on the open day."""
    sums: Counter[tuple[str, str, str]] = Counter()
    today = desk.world.clock.business_date()
    for row in desk.world.store.rows("posting", {"source": loan_id, "booking_date": today}):
        if not components or row["component"].startswith(components):
            sums[row["component"], row["debit"], row["credit"]] += row["amount_fen"]
    return dict(sums)


Late: TypeAlias = tuple[Desk, Actor, str]


@pytest.fixture
def late(living_desk: Desk) -> Late:
    """A fridge of 6,999.00 at 4.80 % over three months; ten days late with its first payment.

    Its first day is closed; then the date is switched on, and nobody closes or collects.
    """
    desk, who = living_desk, living_desk.person(XIAOMAN)
    loan_id = desk.paid_out(who)
    live_until(desk, MONDAY + timedelta(days=1))
    while (day := desk.world.clock.business_date()) < LATE:
        desk.do("switch_date", JOB, business_date=day.isoformat())
        desk.time.move(days=1)
    desk.outside.set_date(LATE)
    return desk, who, loan_id
