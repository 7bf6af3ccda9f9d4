from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise
from typing import Any, get_args

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from sanshi.kernel.dates import DayCount, due_dates
from sanshi.kernel.errors import InputError
from sanshi.kernel.money import Rounding
from sanshi.kernel.schedules import (
    NO_INTEREST,
    Draw,
    Group,
    Instalment,
    Interest,
    Method,
    RateChange,
    Remainder,
    Terms,
    Window,
    interest_numerator,
    schedule,
)

START = date(2026, 11, 22)
DAYS = st.dates(date(2000, 1, 1), date(2060, 12, 31))
DAY_COUNTS = st.sampled_from(get_args(DayCount))
ROUNDINGS = st.sampled_from(get_args(Rounding))
METHODS: tuple[Method, ...] = ("equal_instalment", "equal_principal", "interest_only", "bullet")
"""Those that need nothing but amount, rate and dates; the others are tested against an oracle."""


@st.composite
def any_terms(draw: st.DrawFn, methods: tuple[Method, ...] = METHODS) -> Terms:
    start = draw(DAYS)
    count = draw(st.integers(1, 60))
    dates = draw(
        st.builds(due_dates, st.just(start), st.just(count), st.none() | st.integers(1, 31))
        | st.lists(st.integers(1, 3000), min_size=1, max_size=12, unique=True).map(
            lambda gaps: tuple(start + timedelta(gap) for gap in sorted(gaps))
        )
    )
    return Terms(
        draw(st.integers(1, 500) | st.integers(1, 10**9) | st.integers(1, 10**13)),
        draw(st.sampled_from([0, 1, 88_800, 240_000, 1_000_000]) | st.integers(0, 1_000_000)),
        draw(st.sampled_from(methods)),
        start,
        dates,
        day_count=draw(DAY_COUNTS),
        rounding=draw(ROUNDINGS),
        instalment_rounding=draw(ROUNDINGS),
        remainder=draw(st.sampled_from(get_args(Remainder))),
    )


def usual(method: Method, count: int = 12, **changes: Any) -> Terms:  # noqa: ANN401 - any field
    return Terms(600_000, 88_800, method, START, due_dates(START, count), **changes)


def payments(rows: tuple[Instalment, ...]) -> list[int]:
    return [row.payment_fen for row in rows]


@given(any_terms())
def test_every_schedule_repays_exactly(terms: Terms) -> None:
    rows = schedule(terms)
    assert sum(row.principal_fen for row in rows) == terms.principal_fen
    assert rows[-1].closing_fen == 0
    assert rows[0].opening_fen == terms.principal_fen
    assert rows[0].start_date == terms.start_date
    for before, after in pairwise(rows):
        assert after.opening_fen == before.closing_fen
        assert after.start_date == before.due_date
        assert after.number == before.number + 1
    for row in rows:
        assert row.principal_fen >= 0
        assert row.interest_fen >= 0
        assert row.closing_fen == row.opening_fen - row.principal_fen


@given(any_terms())
def test_rows_stand_where_something_is_due(terms: Terms) -> None:
    dates = [row.due_date for row in schedule(terms)]
    assert dates == list(terms.due_dates[-1:] if terms.method == "bullet" else terms.due_dates)


@given(any_terms())
def test_each_interest_is_the_exact_one_rounded_by_itself(terms: Terms) -> None:
    anchor = max(day.day for day in terms.due_dates)
    for row in schedule(terms):
        about = (row.opening_fen, terms.rate_ppm, row.start_date, row.due_date)
        exact = Interest.over(*about, terms.day_count, anchor_day=anchor)
        assert row.interest_fen == exact.rounded(terms.rounding)


@given(any_terms(("equal_instalment",)))
def test_level_payments_differ_only_at_the_last(terms: Terms) -> None:
    body = schedule(terms)[:-1]
    levels = {row.payment_fen for row in body if row.principal_fen and row.closing_fen}
    assert len(levels) <= 1
    for row in body:
        if not row.principal_fen and row.opening_fen:
            assert row.interest_fen >= max(levels, default=0), "only more interest than level"


@given(any_terms(("equal_instalment",)))
def test_no_other_level_is_smoother(terms: Terms) -> None:
    terms = replace(terms, remainder="smooth")
    rows = schedule(terms)
    assume(len(rows) > 1 and all(row.principal_fen > 0 for row in rows))
    level = rows[0].payment_fen
    gap = abs(rows[-1].payment_fen - level)
    for other in {max(level - 1, 1), level + 1}:
        rival = schedule(replace(terms, level_fen=other))
        if len(rival) == len(rows):
            assert gap <= abs(rival[-1].payment_fen - other)


@given(any_terms(("equal_principal",)))
def test_smooth_principal_parts_differ_by_a_fen_at_most(terms: Terms) -> None:
    parts = [row.principal_fen for row in schedule(replace(terms, remainder="smooth"))]
    assert max(parts) - min(parts) <= 1
    assert parts == sorted(parts, reverse=True)


@given(any_terms(("interest_only", "bullet")))
def test_principal_is_repaid_at_the_end(terms: Terms) -> None:
    *body, last = schedule(terms)
    assert all(row.principal_fen == 0 for row in body)
    assert last.principal_fen == terms.principal_fen


@given(any_terms())
def test_without_a_rate_there_is_no_interest(terms: Terms) -> None:
    rows = schedule(replace(terms, rate_ppm=0))
    assert sum(payments(rows)) == terms.principal_fen


@given(any_terms(), st.data())
def test_the_rest_of_a_loan_is_scheduled_as_it_was(terms: Terms, data: st.DataObject) -> None:
    """Nothing is special about the first period: after any payment made as due, the rest stands."""
    assume(terms.method != "bullet")
    rows = schedule(terms)
    paid = data.draw(st.integers(0, len(rows) - 1))
    assume(rows[paid].opening_fen > 0)
    rest = replace(
        terms,
        principal_fen=rows[paid].opening_fen,
        start_date=rows[paid].start_date,
        due_dates=terms.due_dates[paid:],
        due_day=max(day.day for day in terms.due_dates),
        first_number=rows[paid].number,
        level_fen=_level(terms, rows),
    )
    again = schedule(rest)
    assert again == tuple(row for row in rows[paid:] if row.opening_fen > 0)


def _level(terms: Terms, rows: tuple[Instalment, ...]) -> int | None:
    first = rows[0]
    if terms.method == "equal_instalment":
        assume(first.principal_fen > 0 and first.closing_fen > 0)
        return first.payment_fen
    if terms.method == "equal_principal":
        assume(terms.remainder == "last" and first.principal_fen > 0 and first.closing_fen > 0)
        return first.principal_fen
    return None


def test_a_month_is_a_twelfth_whatever_the_due_day() -> None:
    """6,000.00 × 8.88 % / 12 = 44.40 in every period, February and the 31st included."""
    start = date(2026, 1, 31)
    rows = schedule(Terms(600_000, 88_800, "interest_only", start, due_dates(start, 12)))
    assert [row.interest_fen for row in rows] == [4_440] * 12


def test_level_payment_of_a_known_loan() -> None:
    """100,000.00 at 12 % over 12 months: A = P·i/(1 − 1.01^−12) = 8,884.88 (any annuity table)."""
    terms = Terms(10_000_000, 120_000, "equal_instalment", START, due_dates(START, 12))
    rows = schedule(terms)
    assert payments(rows)[:-1] == [888_488] * 11
    assert abs(rows[-1].payment_fen - 888_488) <= 12
    assert rows[0].interest_fen == 100_000


def test_equal_principal_of_a_known_loan() -> None:
    """12,000.00 at 12 % over 12 months: 1,000.00 and 1 % of what is owed: 120.00, 110.00, …"""
    terms = Terms(1_200_000, 120_000, "equal_principal", START, due_dates(START, 12))
    assert payments(schedule(terms)) == [100_000 + 1_000 * k for k in range(12, 0, -1)]


def test_bullet_of_a_known_loan() -> None:
    """10,000.00 for 365 days at 3.65 % act/365: 365.00."""
    terms = Terms(1_000_000, 36_500, "bullet", START, due_dates(START, 12), day_count="act/365")
    (row,) = schedule(terms)
    assert (row.number, row.interest_fen, row.payment_fen) == (1, 36_500, 1_036_500)


def test_an_odd_first_period_is_in_the_level() -> None:
    """From the 22nd to the 10th are 18 days: 6,000.00 × 8.88 % × 18 / 360 = 26.64."""
    odd = Terms(600_000, 88_800, "equal_instalment", START, due_dates(START, 12, 10))
    *body, last = schedule(odd)
    assert len({row.payment_fen for row in body}) == 1
    assert abs(last.payment_fen - body[0].payment_fen) <= len(body)
    assert body[0].interest_fen == 2_664


@pytest.mark.parametrize("remainder", get_args(Remainder))
@pytest.mark.parametrize("principal_fen", [1, 5, 11, 12, 13])
def test_a_tiny_loan_ends_without_negative_principal(
    principal_fen: int, remainder: Remainder
) -> None:
    terms = Terms(
        principal_fen,
        1_000_000,
        "equal_instalment",
        START,
        due_dates(START, 12),
        remainder=remainder,
    )
    rows = schedule(terms)
    assert len(rows) == 12
    assert sum(row.principal_fen for row in rows) == principal_fen


def test_a_level_below_the_interest_repays_nothing_until_the_end() -> None:
    rows = schedule(usual("equal_instalment", level_fen=1))
    assert [row.principal_fen for row in rows] == [0] * 11 + [600_000]


def test_a_kept_level_shortens_the_term() -> None:
    before = schedule(usual("equal_instalment", 24))
    level = before[0].payment_fen
    rest = replace(
        usual("equal_instalment", 24),
        principal_fen=before[6].opening_fen - 200_000,
        start_date=before[6].start_date,
        due_dates=tuple(row.due_date for row in before[6:]),
        first_number=7,
        level_fen=level,
    )
    rows = schedule(rest)
    assert 0 < len(rows) < 18
    assert rows[0].number == 7
    assert {row.payment_fen for row in rows[:-1]} == {level}
    assert 0 < rows[-1].payment_fen <= level


def test_the_level_is_the_same_wherever_the_first_period_is_cut() -> None:
    start, cut = date(2026, 11, 22), date(2027, 1, 21)
    dates = due_dates(date(2027, 1, 22), 12)
    whole = Terms(10**12, 360_000, "equal_instalment", start, dates, day_count="act/365")
    earned = Interest.over(10**12, 360_000, start, cut, "act/365")
    assert payments(schedule(replace(whole, start_date=cut, accrued=earned))) == payments(
        schedule(whole)
    )


def test_interest_already_earned_falls_due_with_the_first_instalment() -> None:
    """A prepayment in mid-period: the new level pays the old stretch's interest as well."""
    whole = usual("equal_instalment", day_count="act/365")
    middle = START + timedelta(10)
    earned = Interest.over(600_000, 88_800, START, middle, "act/365")
    split = replace(whole, start_date=middle, accrued=earned)
    assert payments(schedule(split)) == payments(schedule(whole))
    less = schedule(replace(split, principal_fen=400_000))
    first = earned + Interest.over(400_000, 88_800, middle, whole.due_dates[0], "act/365")
    assert less[0].interest_fen == first.rounded("half_up")
    assert len({row.payment_fen for row in less[:-1]}) == 1


@given(
    st.integers(0, 10**12),
    st.integers(0, 1_000_000),
    st.tuples(DAYS, DAY_COUNTS, st.none() | st.integers(1, 31)),
    st.lists(st.integers(1, 60), min_size=1, max_size=40),
)
def test_accrual_day_by_day_is_accrual_at_once(
    balance: int, rate: int, when: tuple[date, DayCount, int | None], gaps: list[int]
) -> None:
    start, day_count, due_day = when
    posted, carry, day = 0, NO_INTEREST, start
    for gap in gaps:
        then = day + timedelta(gap)
        stretch = Interest.over(balance, rate, day, then, day_count, anchor_day=due_day)
        fen, carry = (carry + stretch).whole_and_rest()
        assert 0 <= carry.numerator < carry.denominator
        posted, day = posted + fen, then
    at_once = Interest.over(balance, rate, start, day, day_count, anchor_day=due_day)
    assert posted == at_once.rounded("down")
    assert Fraction(posted) + Fraction(carry.numerator, carry.denominator) == Fraction(
        at_once.numerator, at_once.denominator
    )


@given(
    st.tuples(st.integers(-(10**9), 10**9), st.integers(1, 10**6)),
    st.tuples(st.integers(-(10**9), 10**9), st.integers(1, 10**6)),
)
def test_interest_adds_like_fractions(one: tuple[int, int], other: tuple[int, int]) -> None:
    total = Interest(*one) + Interest(*other)
    assert Fraction(total.numerator, total.denominator) == Fraction(*one) + Fraction(*other)


def test_the_denominator_depends_on_the_day_count_alone() -> None:
    for day_count in get_args(DayCount):
        seen = {
            interest_numerator(balance, rate, START, START + timedelta(days), day_count)[1]
            for balance in (1, 10**9)
            for rate in (0, 88_800)
            for days in (0, 1, 400)
        }
        assert len(seen) == 1


@given(any_terms(("equal_instalment", "equal_principal", "interest_only")))
def test_a_higher_rate_costs_no_less(terms: Terms) -> None:
    assume(terms.rate_ppm < 999_000 and terms.remainder == "last")
    dearer = schedule(replace(terms, rate_ppm=terms.rate_ppm + 1_000))
    cheaper = schedule(terms)
    rounding = len(cheaper) * len(cheaper)
    assert sum(payments(dearer)) >= sum(payments(cheaper)) - rounding


BAD: list[tuple[str, dict[str, Any]]] = [
    ("principal_fen", {"principal_fen": 0}),
    ("principal_fen", {"principal_fen": -1}),
    ("principal_fen", {"principal_fen": 1.5}),
    ("rate_ppm", {"rate_ppm": -1}),
    ("rate_ppm", {"rate_ppm": 1_000_001}),
    ("rate_ppm", {"rate_ppm": 0.0888}),
    ("rate_ppm", {"rate_ppm": True}),
    ("due_dates", {"due_dates": ()}),
    ("due_dates", {"due_dates": (START - timedelta(1),)}),
    ("due_dates", {"due_dates": (date(2026, 12, 1), date(2026, 12, 1))}),
    ("due_dates", {"due_dates": (date(2026, 12, 2), date(2026, 12, 1))}),
    ("due_dates", {"due_dates": due_dates(date(2026, 11, 22), 481)}),
    ("due_dates", {"due_dates": (date(2101, 1, 1),)}),
    ("start_date", {"start_date": date(1999, 12, 31)}),
    ("due_day", {"due_day": 0}),
    ("due_day", {"due_day": 32}),
    ("level_fen", {"level_fen": 0}),
    ("first_number", {"first_number": 0}),
    ("accrued", {"accrued": Interest(-1, 1)}),
    ("draws", {"draws": (Draw(START, 1),)}),
    ("draws", {"draws": (Draw(date(2027, 1, 2), 1), Draw(date(2027, 1, 2), 1))}),
    ("draws", {"draws": (Draw(date(2027, 1, 2), 10**13),)}),
    ("draws.amount_fen", {"draws": (Draw(date(2027, 1, 2), 0),)}),
    ("draws.on", {"draws": (Draw(date(2027, 11, 22), 1),)}),
    ("rate_changes", {"rate_changes": (RateChange(START, 1), RateChange(START, 2))}),
    ("rate_changes.rate_ppm", {"rate_changes": (RateChange(START, -1),)}),
    ("windows.to", {"windows": (Window(START, START, "waive"),)}),
    ("windows.rate_ppm", {"windows": (Window(START, date.max, "waive", -1),)}),
    ("windows.payer", {"windows": (Window(START, date.max, "payer"),)}),
    ("windows.payer", {"windows": (Window(START, date.max, "waive", payer="state"),)}),
    ("windows.annual_rate", {"windows": (Window(START, date.max, "defer", 1),)}),
    ("grace.principal", {"grace_lines": 12}),
    ("grace.principal", {"grace_lines": -1}),
    ("round_payment_to_fen", {"round_to_fen": 0}),
    ("balloon_fen", {"balloon_fen": 1}),
    ("balloon_fen", {"balloon_fen": 600_001, "method": "balloon"}),
    ("lines", {"groups": (Group(12, "level"),)}),
    ("lines", {"method": "irregular"}),
    ("lines.count", {"groups": (Group(11, "level"),), "method": "irregular"}),
    ("lines.count", {"groups": (Group(0, "level"),), "method": "irregular"}),
    ("lines.amount_fen", {"groups": (Group(12, "payment", -1),), "method": "irregular"}),
    ("lines.balance_fen", {"groups": (Group(12, "level", 0, -1),), "method": "irregular"}),
]


@pytest.mark.parametrize(("field", "changes"), BAD)
def test_what_cannot_be_scheduled_is_refused(field: str, changes: dict[str, Any]) -> None:
    with pytest.raises(InputError) as caught:
        replace(usual("equal_instalment"), **changes)
    assert caught.value.field == field
    assert caught.value.fix


def test_the_longest_loan_is_scheduled() -> None:
    rows = schedule(usual("equal_instalment", 480, remainder="smooth", day_count="act/act"))
    assert len(rows) == 480
    assert rows[-1].closing_fen == 0


def test_the_last_of_february_may_stand_for_the_31st() -> None:
    """6,000.00 × 8.88 % × 28 or 30 / 360: 41.44 or, with the loan's due day known, 44.40."""
    one = Terms(600_000, 88_800, "bullet", date(2026, 1, 31), (date(2026, 2, 28),))
    assert schedule(one)[0].interest_fen == 4_144
    assert schedule(replace(one, due_day=31))[0].interest_fen == 4_440
