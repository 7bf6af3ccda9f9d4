"""Worked repayment schedules that others published, to the fen."""

from __future__ import annotations

import csv
import gzip
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import TypeVar

import pyarrow as pa
import pytest

from peers.schedules.oracle import schedule as slow_schedule
from peers.schedules.published_cases import Case, Figures, read, shown, summed, worked_out
from sanshi.kernel.schedules import schedule
from sanshi.kernel.schedules.batch import schedules, terms_of
from sanshi.kernel.tables import SCHEDULE_TERMS
from schedule_rows import Row, usual

K = TypeVar("K", str, tuple[int, int])

PUBLISHED = read("published")
OTHERS = read("other_conventions")


def by_name(case: Case) -> str:
    return case.name


@pytest.mark.parametrize("case", PUBLISHED, ids=by_name)
def test_the_engine_gives_the_published_figures(case: Case) -> None:
    assert not case.differs
    lines = worked_out(case.terms)
    assert shown(case, lines) == case.lines
    assert summed(case, lines) == case.sums


@pytest.mark.parametrize("case", OTHERS, ids=by_name)
def test_a_convention_of_others_differs_as_documented(case: Case) -> None:
    """`ours` says every figure that differs, and only those."""
    assert case.why
    assert case.differs
    lines = worked_out(case.terms)
    assert shown(case, lines) == expected(case.lines, case.ours)
    assert summed(case, lines) == expected(case.sums, case.our_sums)


@pytest.mark.parametrize("case", [*PUBLISHED, *OTHERS], ids=by_name)
def test_our_figures_follow_from_the_specification(case: Case) -> None:
    """An oracle that was written from docs/schedules.md alone gives them, too."""
    lines = slow_schedule(case.terms)
    assert shown(case, lines) == expected(case.lines, case.ours)
    assert summed(case, lines) == expected(case.sums, case.our_sums)


def expected(theirs: dict[K, Figures], ours: dict[K, Figures]) -> dict[K, Figures]:
    for at, figures in ours.items():
        assert all(theirs[at][field] != fen for field, fen in figures.items()), at
    return {at: figures | ours.get(at, {}) for at, figures in theirs.items()}


def test_a_name_stands_for_one_document() -> None:
    names = [case.name for case in (*PUBLISHED, *OTHERS)]
    assert len(names) == len(set(names))


@dataclass(frozen=True, slots=True)
class Loan:
    """A LendingClub loan as the table has it."""

    principal_fen: int
    rate_ppm: int
    term_months: int
    instalment_fen: int


def lending_club(data: Path) -> Iterator[Loan]:
    path = data / "lendingclub_loans/loans_full_schema.csv.gz"
    with gzip.open(path, "rt", encoding="utf-8", newline="") as table:
        for row in csv.DictReader(table):
            yield Loan(
                principal_fen=int(Decimal(row["loan_amount"]) * 100),
                rate_ppm=int(Decimal(row["interest_rate"]) * 10_000),
                term_months=int(row["term"]),
                instalment_fen=int(Decimal(row["installment"]) * 100),
            )


def as_row(number: int, loan: Loan) -> Row:
    return usual(
        row=number,
        principal_fen=loan.principal_fen,
        rate_ppm=loan.rate_ppm,
        start_date=date(2018, 1, 1),
        first_due=date(2018, 2, 1),
        due_day=1,
        instalments=loan.term_months,
        instalment_rounding="up",
    )


def test_the_instalments_of_ten_thousand_real_loans(shared_data: Path) -> None:
    """LendingClub, January to March 2018: the level payment, rounded up to the cent.

    Three loans have an instalment of another kind, two of them far from any rounding. They are
    worked out over columns, and some of them by themselves.
    """
    loans = list(lending_club(shared_data))
    rows = [as_row(number, loan) for number, loan in enumerate(loans)]
    first: dict[int, int] = {}
    for batch in schedules(pa.RecordBatch.from_pylist(rows, schema=SCHEDULE_TERMS)):
        numbers, lines, principal, interest = (
            batch.column(name).to_pylist()
            for name in ("row", "number", "principal_fen", "interest_fen")
        )
        for row, number, paid, earned in zip(numbers, lines, principal, interest, strict=True):
            if number == 1:
                first[row] = paid + earned
    for number in range(0, len(loans), 50):
        assert schedule(terms_of(rows[number]))[0].payment_fen == first[number]
    equal = sum(first[number] == loan.instalment_fen for number, loan in enumerate(loans))
    print(f"{equal} of {len(loans)} instalments equal")  # noqa: T201 the number is asked for
    assert len(loans) == 10_000
    assert equal >= 9_990
