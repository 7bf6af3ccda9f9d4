"""Questions to the books: what stands on the accounts, and what was booked."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, bindparam, func, literal, literal_column, or_, select, union_all

from sanshi.store.schema import posted, posting
from sanshi.store.schema_ledger import account_day, sealed_day
from sanshi.store.schema_positions import course


def _balances() -> Select[Any]:
    """Sum the sealed days from their totals, and the days since from their postings."""
    days, p = account_day.c, posting.c
    sealed = (
        select(func.coalesce(func.max(sealed_day.c.booking_date), literal_column("''")))
        .where(sealed_day.c.entity == bindparam("entity"))
        .scalar_subquery()
    )
    since = (
        p.entity == bindparam("entity"),
        p.booking_date > sealed,
        p.booking_date <= bindparam("to"),
        p.value_date <= bindparam("value_to"),
    )
    moved = union_all(
        select(days.account.label("account"), days.debit_fen, days.credit_fen).where(
            days.entity == bindparam("entity"),
            days.booking_date <= bindparam("to"),
            days.value_date <= bindparam("value_to"),
        ),
        select(p.debit, p.amount_fen, literal(0)).where(*since),
        select(p.credit, literal(0), p.amount_fen).where(*since),
    ).subquery()
    sums = (func.sum(moved.c[side]).label(side) for side in ("debit_fen", "credit_fen"))
    return select(moved.c.account, *sums).group_by(moved.c.account).order_by(moved.c.account)


BALANCES = _balances()
"""account, debit_fen, credit_fen of an `entity`, up to the days `to` (booking) and `value_to`."""

PAGE = 5_000
BOOKED = (
    select(
        posting.c.posting_id,
        posting.c.entity,
        posting.c.source,
        posting.c.component,
        posting.c.payer,
        posting.c.debit,
        posting.c.credit,
        posting.c.amount_fen,
        posting.c.value_date,
        posting.c.booking_date,
    )
    .where(
        posting.c.entity == bindparam("entity"),
        posting.c.booking_date >= bindparam("day"),
        posting.c.booking_date <= bindparam("to"),
        or_(
            posting.c.booking_date > bindparam("day"),
            posting.c.posting_id > bindparam("beyond"),
        ),
    )
    .order_by(posting.c.booking_date, posting.c.posting_id)
    .limit(PAGE)
)
"""The id and then the fields of `kernel.effects.Posting` in its order: the next page, which begins
after the posting `beyond` of a `day`."""

COURSES = (
    select(course)
    .where(course.c.loan.in_(bindparam("loans", expanding=True)))
    .order_by(course.c.loan)
)
"""The courses of `loans`, no more at a time than a statement may name."""

SUB_LEDGER = (
    select(posted.c.account, func.sum(posted.c.amount_fen).label("fen"))
    .where(posted.c.entity == bindparam("entity"))
    .group_by(posted.c.account)
)
"""account, fen: what stands on each account of an `entity` by what was posted for every source."""
