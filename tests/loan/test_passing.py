"""Columns let a day pass exactly as the fold of one loan does."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from loan_lives import LOAN, START, event, lives, opening
from sanshi.kernel.effects import Event
from sanshi.kernel.errors import ImpossibleError
from sanshi.loan.books import CUSTOMER, components
from sanshi.loan.fold import fold
from sanshi.loan.passing import COMPONENTS, EARNED, falling, pass_day, standing
from sanshi.loan.position import (
    NEVER,
    NEXT_LINES,
    OPEN_DUES,
    POSITIONS,
    Course,
    NextLine,
    OpenDue,
    Placed,
    Position,
    placed,
    table_of,
)
from sanshi.loan.state import LoanState
from sanshi.quote.terms import LoanTerms

Life = tuple[LoanTerms, list[Event]]


class Book:
    """Loans in columns, moved on day by day, with what their books came to."""

    def __init__(self, held: list[Placed]) -> None:
        self.positions = {one.position.loan: one.position for one in held}
        self.dues = [due for one in held for due in one.open_dues]
        self.courses: dict[int, tuple[int, Course]] = {
            one.position.loan: (one.position.number, one.course) for one in held
        }
        self.earned: dict[tuple[int, str], int] = {}

    def pass_day(self, day: date) -> None:
        positions = table_of(POSITIONS, list(self.positions.values()))
        followers: list[NextLine] = []
        for loan in falling(day, positions).tolist():
            first, course = self.courses[loan]
            followers.append(course.next_line(first, self.positions[loan].number))
        passed = pass_day(day, positions, self.open_dues(), table_of(NEXT_LINES, followers))
        for row in passed.positions.to_pylist():
            self.positions[row["loan"]] = Position(**row)
        self.dues += [OpenDue(**row) for row in passed.open_dues.to_pylist()]
        for row in passed.earned.to_pylist():
            key = row["loan"], COMPONENTS[row["component"]]
            self.earned[key] = self.earned.get(key, 0) + row["amount_fen"]

    def open_dues(self) -> pa.RecordBatch:
        return table_of(OPEN_DUES, sorted(self.dues, key=lambda due: (due.loan, due.number)))

    def standing(self, day: date) -> dict[int, dict[str, int]]:
        return {row["loan"]: row for row in standing(day, self.open_dues()).to_pylist()}


def known(life: Life, day: date) -> tuple[LoanTerms, list[Event]]:
    """What is known of a loan on a day: later events have not happened."""
    loan, events = life
    return loan, [one for one in events if one.value_date <= day]


def check(book: Book, begun: dict[int, LoanState], now: dict[int, LoanState], day: date) -> None:
    owed = book.standing(day)
    for loan, state in now.items():
        before, after = components(begun[loan]), components(state)
        for name in COMPONENTS:
            moved_fen = after[name, CUSTOMER] - before[name, CUSTOMER]
            assert book.earned.get((loan, name), 0) == moved_fen, (loan, name, day)
        others = {key for key in before if key[0] not in COMPONENTS}
        assert {key: before[key] for key in others} == {key: after[key] for key in others}
        if state.left is None:
            row = owed.get(loan, {})
            assert row.get("days_past_due", 0) == state.days_past_due
            sums = ("principal_fen", "interest_fen", "penalty_fen")
            assert sum(row.get(name, 0) for name in sums) == state.due_fen
            position = book.positions[loan]
            assert position.opening_fen + row.get("principal_fen", 0) == state.outstanding_fen


@settings(max_examples=80, deadline=None)
@given(st.lists(lives(), min_size=1, max_size=4), st.integers(0, 420), st.integers(1, 70))
def test_days_pass_in_columns_as_in_the_fold(some: list[Life], after: int, days: int) -> None:
    begin = START + timedelta(days=after)
    told = {number: known(life, begin) for number, life in enumerate(some)}
    states = {number: fold(*life, begin) for number, life in told.items()}
    found = {number: placed(number, state) for number, state in states.items()}
    carried = {number: one for number, one in found.items() if one is not None}
    book = Book(list(carried.values()))
    for step in range(1, days + 1):
        day = begin + timedelta(days=step)
        book.pass_day(day)
        now = {number: fold(*told[number], day) for number in carried}
        check(book, states, now, day)
        for number, state in now.items():
            # A position that was moved on is the one the fold would write on that day.
            if book.positions[number].as_of == day.toordinal():
                again = placed(number, state)
                assert again is not None
                assert book.positions[number] == again.position
                mine = [due.moved_to(day) for due in book.dues if due.loan == number]
                assert [due for due in mine if due in again.open_dues] == [*again.open_dues]


def late(**terms: object) -> tuple[LoanTerms, LoanState]:
    loan = replace(LOAN, **terms)  # type: ignore[arg-type] # fields by name
    return loan, fold(loan, opening(loan), START)


def moved_on(loan: LoanTerms, state: LoanState, days: int) -> Book:
    held = placed(1, state)
    assert held is not None
    book = Book([held])
    for step in range(1, days + 1):
        day = START + timedelta(days=step)
        book.pass_day(day)
        check(book, {1: state}, {1: fold(loan, opening(loan), day)}, day)
    return book


@pytest.mark.parametrize("grace_days", [0, 3])
@pytest.mark.parametrize("cap_ppm", [None, 0, 1_500])
def test_a_loan_nobody_pays(grace_days: int, cap_ppm: int | None) -> None:
    loan, state = late(grace_days=grace_days, penalty_cap_ppm=cap_ppm, term_months=4)
    book = moved_on(loan, state, 260)
    assert book.positions[1].due == NEVER
    assert [due.number for due in book.dues] == [1, 2, 3, 4]
    assert (book.earned.get((1, "penalty_earned"), 0) > 0) == (cap_ppm != 0)


@pytest.mark.parametrize("day_count", ["30/360", "month/12", "act/360", "act/364", "act/act"])
@pytest.mark.parametrize("principal_fen", [1_200_000, 10**13])
def test_amounts_beyond_64_bits_on_the_way(day_count: str, principal_fen: int) -> None:
    """100 billion yuan in the finest units of a year: products of 90 bits."""
    terms = {"day_count": day_count, "penalty_day_count": day_count, "rate_ppm": 239_999}
    loan, state = late(principal_fen=principal_fen, term_months=3, **terms)
    moved_on(loan, state, 130)


def test_what_columns_cannot_carry_is_left_to_the_fold() -> None:
    credit = [*opening(), event(4, "repaid", START, amount_fen=500)]
    assert fold(LOAN, credit, START).credit_fen == 500
    assert placed(1, fold(LOAN, credit, START)) is None
    paused = [*opening(), event(4, "paused", START, months=2, waive=True)]
    assert placed(1, fold(LOAN, paused, START)) is None
    over = fold(LOAN, paused, START + timedelta(days=100))
    assert over.free
    assert placed(1, over) is not None


def test_a_missed_day_is_refused() -> None:
    held = placed(1, fold(LOAN, opening(), START))
    assert held is not None
    book = Book([held])
    with pytest.raises(ImpossibleError) as refused:
        book.pass_day(START + timedelta(days=31))
    assert refused.value.code == "position.left_behind"


def test_a_next_line_is_of_the_loan_that_needs_it() -> None:
    held = placed(1, fold(LOAN, opening(), START))
    assert held is not None
    positions = table_of(POSITIONS, [held.position])
    day = date.fromordinal(held.position.due)
    with pytest.raises(ImpossibleError) as refused:
        pass_day(day, positions, table_of(OPEN_DUES, []), table_of(NEXT_LINES, []))
    assert refused.value.code == "position.next_lines"


def test_a_day_is_booked_once_however_often_it_is_passed() -> None:
    """A position that was written on the day, or after it, has had its share."""
    held = placed(1, fold(LOAN, opening(), START))
    assert held is not None
    positions, none = table_of(POSITIONS, [held.position]), table_of(OPEN_DUES, [])
    for back in range(3):
        day = START - timedelta(days=back)
        passed = pass_day(day, positions, none, table_of(NEXT_LINES, []))
        assert passed.earned.num_rows == 0
        assert passed.earned.schema == EARNED


def test_an_empty_book_passes_a_day() -> None:
    none = [table_of(schema, []) for schema in (POSITIONS, OPEN_DUES, NEXT_LINES)]
    passed = pass_day(START, *none)
    assert passed.earned.num_rows == passed.positions.num_rows == passed.open_dues.num_rows == 0
    assert standing(START, none[1]).num_rows == 0
    assert np.array_equal(falling(START, none[0]), [])
