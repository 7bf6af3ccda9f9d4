"""Annual rates over columns are those of single loans, whichever way they were proven."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import date, timedelta
from fractions import Fraction

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from sanshi.kernel import rate_columns
from sanshi.kernel.cashflow import laid_out, npv_sign
from sanshi.kernel.cashflow_columns import times
from sanshi.kernel.dates import add_months, due_dates
from sanshi.kernel.errors import InputError
from sanshi.kernel.rate_columns import annual_rates
from sanshi.kernel.rates import Flow, annual_rate
from sanshi.kernel.schedules.batch import schedules
from sanshi.kernel.tables import SCHEDULE_LINES, SCHEDULE_TERMS
from schedule_rows import Row, usual

METHODS = ("equal_instalment", "equal_principal", "interest_only", "bullet", "balloon", "flat")
START = date(2026, 11, 22)
EPOCH = date(1970, 1, 1)
Block = rate_columns._Block  # noqa: SLF001 - what is proven by floats, and how surely
Rate = tuple[int | None, int | None, bool]
NONE: Rate = (None, None, False)
INT64 = 2**63 - 1


class Counted:
    """`annual_rate`, and how often it was called."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.calls = 0
        monkeypatch.setattr(rate_columns, "annual_rate", self)

    def __call__(self, flows: Sequence[Flow], periods_per_year: int) -> object:
        self.calls += 1
        return annual_rate(flows, periods_per_year)


# What single loans say


def alone(lines: Sequence[Row], start: date, fee_fen: int, per_year: int) -> Rate:
    opening = lines[0]["opening_fen"]
    if sum(line["principal_fen"] for line in lines) != opening:
        return NONE
    flows = [Flow(start, opening), Flow(start, -fee_fen)]
    flows += [Flow(x["due_date"], -x["principal_fen"] - x["interest_fen"]) for x in lines]
    rate = annual_rate(flows, per_year)
    if not rate.proven:
        return NONE
    effective = rate.effective_ppm
    return rate.cn_irr_nominal_ppm, effective if effective <= INT64 else None, True


def by_columns(
    lines: Sequence[pa.RecordBatch],
    starts: pa.RecordBatch,
    fees: Sequence[int] | None = None,
    per_year: int = 12,
) -> dict[int, Rate]:
    fee_column = None if fees is None else pa.array(fees, pa.int64())
    rates = annual_rates(lines, starts, fee_column, periods_per_year=per_year)
    found = [rate for batch in rates for rate in batch.to_pylist()]
    assert len({rate["row"] for rate in found}) == len(found)
    return {rate.pop("row"): tuple(rate.values()) for rate in found}


# Random schedules


def any_row(chance: random.Random, number: int) -> Row:
    method = chance.choice(METHODS)
    start = date(2004, 1, 1) + timedelta(chance.randrange(12_000))
    if chance.random() < 0.3:
        start = add_months(start, 0, anchor_day=chance.choice((28, 29, 30, 31)))
    first = start + timedelta(chance.choice((0, 3, 15, 29, 45, 200)))
    if chance.random() < 0.6:
        first = add_months(start, chance.choice((1, 1, 1, 2)), anchor_day=start.day)
    due_day = first.day
    if add_months(first, 0, anchor_day=31) == first and chance.random() < 0.7:
        due_day = chance.randint(first.day, 31)
    months = chance.choice((1, 1, 1, 1, 1, 1, 2, 3, 6, 12, 0))
    principal = chance.choice((1, 100, 1_000, 600_000, 10**7, 10**9, 10**11))
    principal = chance.randint((principal + 1) // 2, principal)
    count = chance.choice((1, 2, 3, 12, 24, 36, 60, chance.randint(1, 60)))
    count = max(1, count // (months or 1))
    draws = []
    if chance.random() < 0.02 and count > 1:
        draws = [{"on": start + timedelta(1), "amount_fen": 5_000}]
    return usual(
        row=number,
        principal_fen=principal,
        rate_ppm=chance.choice((0, 1, 48_050, 88_800, 240_000, 10**6, chance.randint(0, 360_000))),
        method=method,
        start_date=start,
        first_due=first,
        instalments=count,
        every_months=months,
        every_days=0 if months else chance.choice((7, 14, 28, 30)),
        due_day=due_day,
        day_count=chance.choice(("30/360", "30/360", "act/365", "act/360")),
        balloon_fen=chance.randint(0, principal) if method == "balloon" else 0,
        draws=[] if method in ("balloon", "bullet") else draws,
    )


def any_fee(chance: random.Random, row: Row) -> int:
    principal: int = row["principal_fen"]
    share = chance.choice((0, 0, 0, 0.01, 0.05, 0.5, 0.99, 1))
    return min(principal, int(principal * share) + chance.choice((0, 0, 1)))


def assert_same(seed: int, size: int, per_year: int) -> None:
    chance = random.Random(seed)
    rows = [any_row(chance, 7 * n) for n in range(size)]
    fees = [any_fee(chance, row) for row in rows]
    terms = pa.RecordBatch.from_pylist(rows, schema=SCHEDULE_TERMS)
    batches = list(schedules(terms))
    found = by_columns(batches, terms, fees, per_year)
    lines: dict[int, list[Row]] = {}
    for batch in batches:
        for line in batch.to_pylist():
            lines.setdefault(line["row"], []).append(line)
    assert len(found) == size
    for row, fee in zip(rows, fees, strict=True):
        expected = alone(lines[row["row"]], row["start_date"], fee, per_year)
        assert found[row["row"]] == expected, (row, fee)


@pytest.mark.parametrize(
    ("seed", "size", "per_year"), [(1, 3_000, 12), (2, 150, 4), (3, 150, 24), (4, 150, 52)]
)
def test_columns_are_single_loans(
    seed: int, size: int, per_year: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    counted = Counted(monkeypatch)
    assert_same(seed, size, per_year)
    # Otherwise single loans would be compared with themselves.
    assert 0 < counted.calls < size * (0.4 if per_year in (12, 24) else 1)


@pytest.mark.long
@pytest.mark.parametrize("per_year", [12, 6, 4, 3, 2, 24, 52, 26, 13])
def test_columns_are_single_loans_at_length(per_year: int) -> None:
    assert_same(100 + per_year, 10_000 if per_year == 12 else 2_500, per_year)


# Lines made by hand


def lines_of(paid: Sequence[Sequence[int]], advance: int, dues: Sequence[date]) -> pa.RecordBatch:
    """Return rows 0, 1, … that pay so much on the due dates, all principal at the end."""
    lines = []
    for row, amounts in enumerate(paid):
        for number, (due, amount) in enumerate(zip(dues, amounts, strict=False), 1):
            principal = advance if number == len(amounts) else 0
            values = (row, number, due, advance, principal, amount - principal, advance - principal)
            lines.append(dict(zip(SCHEDULE_LINES.names, values, strict=True)))
    return pa.RecordBatch.from_pylist(lines, schema=SCHEDULE_LINES)


def starting(count: int, start: date = START) -> pa.RecordBatch:
    return pa.RecordBatch.from_pydict(
        {"row": list(range(count)), "start_date": pa.array([start] * count, pa.date32())}
    )


def of_payments(paid: Sequence[Sequence[int]], advance: int, per_year: int = 12) -> list[Rate]:
    dues = due_dates(START, max(map(len, paid)))
    found = by_columns([lines_of(paid, advance, dues)], starting(len(paid)), per_year=per_year)
    return [found[row] for row in range(len(paid))]


@pytest.mark.parametrize("steps", [1, 961, 2_001, 4_801, 24_001, 99_999])
def test_a_nominal_rate_on_a_boundary_rounds_half_up(
    steps: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Interest of steps × 0.005 % a year, paid monthly: the rate is exactly that; 961 is 4.805 %.

    A fen less in 240,000 yuan of it, and the rate is below; floats tell none of the three.
    """
    counted = Counted(monkeypatch)
    unit, up = 240_000 * 10**5, (steps + 1) // 2 * 100
    interest = [steps * 10**5 + nudge for nudge in (-1, 0, 1)]
    later = [[fen] * 11 + [unit + fen] for fen in interest]
    assert [rate[0] for rate in of_payments(later, unit)] == [up - 100, up, up]
    assert counted.calls >= 1


@pytest.mark.parametrize("steps", [1, 961])
def test_a_negative_rate_on_a_boundary_rounds_away_from_zero(steps: int) -> None:
    unit = 240_000 * 10**5
    paid = [[unit - steps * 10**5 + nudge] for nudge in (-1, 0, 1)]
    down = -(steps + 1) // 2 * 100
    assert [rate[0] for rate in of_payments(paid, unit)] == [down, down, down + 100]


@pytest.mark.parametrize("steps", [1, 961, 2_001, 4_801, 24_001])
def test_an_effective_rate_on_a_boundary_rounds_half_up(
    steps: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One payment after a year, of steps × 0.005 % more: the rate of a month is no fraction."""
    counted = Counted(monkeypatch)
    unit = 20_000 * 10**8
    paid = [[0] * 11 + [unit + steps * 10**8 + nudge] for nudge in (-1, 0, 1)]
    up = (steps + 1) // 2 * 100
    assert [rate[1] for rate in of_payments(paid, unit)] == [up - 100, up, up]
    assert counted.calls == 3


@given(
    st.integers(1, 60_000),
    st.lists(st.integers(-5, 5), min_size=1, max_size=30),
    st.integers(1, 36),
    st.sampled_from([240_000, 240_000 * 10**3, 240_000 * 10**6]),
)
def test_near_boundaries_columns_are_single_loans(
    steps: int, nudges: list[int], count: int, advance: int
) -> None:
    """Interest near that of a rate in steps of 0.005 %, nudged by a few fen."""
    interest = advance * steps // 240_000
    paid = [[interest] * (count - 1) + [advance + interest + nudge] for nudge in nudges]
    dues = due_dates(START, count)
    batch = lines_of(paid, advance, dues)
    found = by_columns([batch], starting(len(paid)))
    for row, amounts in enumerate(paid):
        flows = [Flow(START, advance), *(Flow(d, -a) for d, a in zip(dues, amounts, strict=True))]
        rate = annual_rate(flows)
        assert rate.proven
        assert found[row] == (rate.cn_irr_nominal_ppm, rate.effective_ppm, True)


@given(
    st.integers(1, 10**12),
    st.lists(st.integers(0, 10**11), min_size=1, max_size=60).filter(any),
    st.integers(0, 60),
)
def test_a_sign_that_floats_are_sure_of_is_the_exact_one(
    advance: int, amounts: list[int], wait: int
) -> None:
    """At the floats next to the rate, where floats cannot but be wrong sometimes."""
    first = add_months(START + timedelta(1 + wait), 0, anchor_day=28)
    dues = [add_months(first, k, anchor_day=28) for k in range(len(amounts))]
    flows = [Flow(START, advance), *(Flow(d, -a) for d, a in zip(dues, amounts, strict=True))]
    block = block_of(advance, amounts, dues)
    low, high = exact_ends(flows, 0.5, 100.0)
    for end, side, sign in ((low, 0.0, 1), (high, 1e3, -1)):
        growth, seen = end, []
        for _ in range(40):
            seen.append(sign_of(block, growth))
            growth = float(np.nextafter(growth, side))
        assert set(seen) <= {0, sign}
        assert sign_of(block, end * (1 - sign * 1e-11)) == sign


def sign_of(block: Block, growth: float) -> int:
    return int(np.sign(block.excess(np.array([growth])))[0])


def block_of(advance: int, amounts: Sequence[int], dues: Sequence[date]) -> Block:
    days = np.array([[(due - EPOCH).days for due in dues]], np.int32)
    counts, start = np.array([len(dues)]), np.array([(START - EPOCH).days], np.int32)
    when = times(days, counts, start, 12)
    assert when.regular.all()
    paid = np.array(amounts, np.float64)[:, None]
    return Block(paid, np.array([float(advance)]), counts, when, 12)


def exact_ends(flows: Sequence[Flow], low: float, high: float) -> tuple[float, float]:
    """Return two neighbouring floats with the growth factor between them, by integers."""
    cash = laid_out(flows, 12)

    def rises(growth: float) -> bool:
        rate = Fraction(growth) - 1
        return npv_sign(cash, rate.numerator, rate.denominator) > 0

    assume(rises(high) and not rises(low))
    while (middle := (low + high) / 2) not in (low, high):
        low, high = (low, middle) if rises(middle) else (middle, high)
    return low, high


def test_no_sign_is_sure_at_the_rate_itself() -> None:
    """2 % a month: both signs are possible within the error, and a little further off one is."""
    block = block_of(100_000, [2_000] * 11 + [102_000], due_dates(START, 12))
    assert [sign_of(block, 1.02 + off) for off in (-1e-12, 0, 1e-12)] == [1, 0, -1]


@pytest.mark.parametrize("off", [1e-6, -1e-9, 1e-11])
def test_a_wrong_solver_proves_nothing(off: float, monkeypatch: pytest.MonkeyPatch) -> None:
    right = of_payments([[90_000] * 12, [51_000] * 24], 1_000_000)
    solve = Block.solve
    monkeypatch.setattr(Block, "solve", lambda self: solve(self) * (1 + off))
    counted = Counted(monkeypatch)
    assert of_payments([[90_000] * 12, [51_000] * 24], 1_000_000) == right
    assert counted.calls == 2


def test_rates_too_high_for_64_bits() -> None:
    """100 times the advance after a month: 9,900 % a month, and 100^12 − 1 a year."""
    found = of_payments([[100_000], [1_000], [101_001], [50_000]], 1_000)
    assert found[0] == (12 * 99 * 10**6, None, True)
    assert found[1] == (0, 0, True)
    assert found[2] == NONE
    assert found[3] == (12 * 49 * 10**6, None, True)


def test_figures_that_are_not_there() -> None:
    """A fee as large as the advance; more drawn later; nothing paid."""
    dues = due_dates(START, 2)
    lines = lines_of([[0, 1_050]] * 5, 1_000, dues).to_pydict()
    lines["principal_fen"][3] += 1
    lines["principal_fen"][4:6], lines["interest_fen"][4:6] = [0, 0], [0, 0]
    batch = pa.RecordBatch.from_pydict(lines, schema=SCHEDULE_LINES)
    found = by_columns([batch], starting(5), [1_000, 0, 0, 999, 0])
    assert found[0] == found[1] == found[2] == NONE
    assert found[3][2]
    assert found[4][2]
    assert found[3][0] is not None
    assert found[3][0] > 10**7


def test_a_row_that_cannot_be_is_named_and_the_others_are_not_lost() -> None:
    lines = lines_of([[0, 1_050]] * 3, 1_000, due_dates(START, 2)).to_pydict()
    lines["interest_fen"][3] = 10**13
    batch = pa.RecordBatch.from_pydict(lines, schema=SCHEDULE_LINES)
    with pytest.raises(InputError, match="amount_fen"):
        list(annual_rates([batch], starting(3)))
    refused: list[tuple[int, str]] = []
    rates = annual_rates(
        [batch], starting(3), refused=lambda row, error: refused.append((row, error.field))
    )
    assert [rate["row"] for found in rates for rate in found.to_pylist()] == [0, 2]
    assert refused == [(1, "amount_fen")]


def test_a_row_without_a_start_is_refused() -> None:
    batch = lines_of([[0, 1_050]] * 3, 1_000, due_dates(START, 2))
    for count in (0, 2):
        with pytest.raises(InputError, match="starts"):
            list(annual_rates([batch], starting(count)))


def test_a_row_with_two_starts_is_refused() -> None:
    twice = pa.RecordBatch.from_pydict(
        {"row": [0, 1, 0], "start_date": pa.array([START] * 3, pa.date32())}
    )
    with pytest.raises(InputError, match="starts"):
        list(annual_rates([], twice))


def test_seven_periods_a_year_are_refused() -> None:
    with pytest.raises(InputError, match="periods_per_year"):
        list(annual_rates([], starting(0), periods_per_year=7))


def test_nothing_gives_nothing() -> None:
    empty = lines_of([], 1, [START])
    assert list(annual_rates([empty], starting(0))) == []
