"""Cash flows laid out by whole periods and odd days, and the exact sign of their present value.

Time is counted as in US Regulation Z, Appendix J (b)(5): whole months backwards from each payment
towards the first flow; days left over are a simple fraction of a period, so that a payment after
t months and d days is discounted by (1 + i·d/30)·(1 + i)^t.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from itertools import compress, islice, pairwise
from operator import itemgetter, ne
from typing import NamedTuple

from sanshi.kernel.dates import check_date, months_back
from sanshi.kernel.errors import InputError
from sanshi.kernel.money import MAX_FEN, check_fen

MONTHLY = 12
FIRST_FLOW = date(1900, 1, 1)
"""Rates are worked out for loans of long ago, too: those that others published."""
_WEEKLY = 52
_WEEK_BASED = (52, 26, 13)
PERIODS = (12, 6, 4, 3, 2, 1, 24, *_WEEK_BASED)
_MONTH_DAYS = 30
_WEEK_DAYS = 7


@dataclass(frozen=True, slots=True)
class Flow:
    """Money that moves on a day, as the borrower sees it: advances +, payments and fees −."""

    value_date: date
    amount_fen: int

    def __post_init__(self) -> None:
        """Refuse what is no amount or no date."""
        check_fen(self.amount_fen, "amount_fen", low=-MAX_FEN)
        check_date(self.value_date, "value_date", first=FIRST_FLOW)


class _Times(NamedTuple):
    """Where the flows stand: how to lay them out by odd days, then by whole periods.

    `merges` adds the flow at one index to another of the same time, then `rows` picks by index.
    """

    merges: tuple[tuple[int, int], ...]
    rows: tuple[tuple[int, Callable[[list[int]], Sequence[int]]], ...]
    odd_base: int


class Cash(NamedTuple):
    """The flows by odd days, each row in runs (how many periods, amount at the end of each).

    Level instalments are one run whatever their number, and a run's value has a closed form.
    """

    rows: list[tuple[int, list[tuple[int, int]]]]
    odd_base: int
    periods_per_year: int


def laid_out(flows: Sequence[Flow], periods_per_year: int) -> Cash:
    """Lay flows out in time. Flows of one time are netted.

    Periods are months (12 a year), several months (6, 4, 3, 2, 1), half months (24) or weeks
    (52, 26, 13).
    """
    times = _times(tuple([flow.value_date for flow in flows]), periods_per_year)
    return _held(times, [flow.amount_fen for flow in flows], periods_per_year)


def placed(
    places: Sequence[tuple[int, int]], odd_base: int, amounts: Sequence[int], periods_per_year: int
) -> Cash:
    """Lay amounts out at places: whole periods and a fraction over `odd_base`, the first at 0."""
    return _held(_layout(list(places), odd_base), list(amounts), periods_per_year)


def _held(times: _Times, amounts: list[int], periods_per_year: int) -> Cash:
    amounts.append(0)  # stands for the times without a flow
    for source, target in times.merges:
        amounts[target] += amounts[source]
    rows = [(odd, _runs(pick(amounts))) for odd, pick in times.rows]
    return Cash(rows, times.odd_base, periods_per_year)


def _runs(row: Sequence[int]) -> list[tuple[int, int]]:
    starts = [0, *compress(range(1, len(row)), map(ne, row, islice(row, 1, None)))]
    return [(end - start, row[start]) for start, end in pairwise([*starts, len(row)])]


def not_one_advance(cash: Cash) -> str | None:
    """Say why there is no advance that every other flow repays; with one, the rate is unique."""
    (_, first), *others = cash.rows
    count, advance_fen = first[0]
    if advance_fen <= 0:
        return "rate.no_advance"
    later = [amount_fen for _, amount_fen in first[1:]]
    for _, runs in others:
        later += [amount_fen for _, amount_fen in runs]
    if count > 1 or max(later) > 0:
        return "rate.several_advances"
    return "rate.no_payments" if min(later) == 0 else None


@lru_cache(maxsize=256)  # the plans of one quote share a few lists of due dates
def _times(dates: tuple[date, ...], per_year: int) -> _Times:
    if per_year not in PERIODS:
        raise InputError(
            "rate.periods",
            f"{per_year} periods a year are not supported.",
            field="periods_per_year",
            fix=f"Use one of {', '.join(map(str, PERIODS))}.",
        )
    if not dates:
        raise InputError(
            "rate.no_flows",
            "There are no flows to find a rate for.",
            field="flows",
            fix="Give the advance (+) and the payments (−) with their dates.",
        )
    start = min(dates)
    if per_year in _WEEK_BASED:
        base = _WEEKLY // per_year * _WEEK_DAYS
        places = [divmod((day - start).days, base) for day in dates]
    else:
        base = MONTHLY * _MONTH_DAYS // per_year
        counted = months_back(start, dates)
        places = [divmod(months * _MONTH_DAYS + odd, base) for months, odd in counted]
    return _layout(places, base)


def _layout(places: list[tuple[int, int]], odd_base: int) -> _Times:
    """Give each time the index of its flow; index −1 is the zero that stands for no flow."""
    length = max(max(whole for whole, _ in places) + 1, 2)  # an itemgetter of one gives no tuple
    rows: dict[int, list[int]] = {0: [-1] * length}
    merges = []
    for index, (whole, odd) in enumerate(places):
        row = rows.setdefault(odd, [-1] * length)
        if row[whole] >= 0:
            merges.append((index, row[whole]))
        else:
            row[whole] = index
    pickers = tuple((odd, itemgetter(*row)) for odd, row in rows.items())
    return _Times(tuple(merges), pickers, odd_base)


_power = lru_cache(maxsize=256)(int.__pow__)  # of the few denominators there are


def npv_sign(cash: Cash, numerator: int, denominator: int) -> int:
    """Return the sign of the flows' present value at a period rate, exactly.

    With the rate p/q and R = q + p, a flow c is worth c·q^t/R^t · bq/(bq + dp). All is multiplied
    by R^span and by the odd-day factors, which are positive, and by p, so that a run of n flows c
    adds c·q^t·(R^n − q^n).
    """
    if numerator == 0:
        total = sum(count * amount_fen for _, runs in cash.rows for count, amount_fen in runs)
        return (total > 0) - (total < 0)
    growth = denominator + numerator
    value, common = 0, 1
    for odd, runs in cash.rows:
        row, scale = 0, 1
        for count, amount_fen in runs:
            if count == 1:
                row = row * growth + amount_fen * numerator * scale
                scale *= denominator
            else:
                grown, scaled = growth**count, _power(denominator, count)
                row *= grown
                if amount_fen:
                    row += amount_fen * scale * (grown - scaled)
                scale *= scaled
        if odd:
            share = cash.odd_base * denominator
            factor = share + odd * numerator
            value, common = value * factor + row * share * common, common * factor
        else:  # the first row
            value = row
    return ((value > 0) - (value < 0)) * (1 if numerator > 0 else -1)
