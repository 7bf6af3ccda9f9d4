"""How the oracle reads a document: due dates, rates, windows, day counts, groups of lines."""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import cache, cached_property
from itertools import pairwise
from typing import Any

from peers.schedules.oracle_numbers import whole

PPM = 1_000_000
ONE_DAY = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Group:
    """Lines `start` to `end` (the first not meant) that pay in one way."""

    start: int
    end: int
    pays: str
    amount: int = 0
    target: int = 0


@dataclass(frozen=True, slots=True)
class Piece:
    """Some days of a period: `drawn` at their beginning, then one rate and one treatment."""

    drawn: int
    share: Fraction
    rate_ppm: int
    parts: dict[str, int]

    def bears(self, ppm: int) -> Fraction:
        """Return the interest of a balance of 1 at a rate."""
        return self.share * ppm / PPM


@dataclass(frozen=True)
class Case:
    """A document, read."""

    method: str
    draws: Sequence[tuple[dt.date, int]]
    rates: Sequence[tuple[dt.date, int]]
    recasts: frozenset[dt.date]
    dues: Sequence[dt.date]
    due_day: int
    groups: Sequence[Group]
    windows: Sequence[Mapping[str, Any]]
    down_payment: int
    fee: int
    day_count: str
    interest_round: str
    rounding: str
    payment_rounding: str
    unit: int
    remainder: str

    @property
    def begin(self) -> dt.date:
        return self.draws[0][0]

    @cached_property
    def of_line(self) -> list[Group]:
        return [group for group in self.groups for _ in range(group.start, group.end)]

    @cached_property
    def payers(self) -> list[str]:
        """Who pays for others, as listed."""
        named = [one["payer"] for one in self.windows if one["treatment"] == "payer"]
        return list(dict.fromkeys(named))

    def drawn_on(self, day: dt.date) -> int:
        return sum(amount for on, amount in self.draws if on == day)

    def starts(self, index: int) -> dt.date:
        return self.dues[index - 1] if index else self.begin

    def known(self, index: int) -> dt.date:
        """Return the last day whose draws and rates a line knows of: the last of its period.

        What is so on the first day is always known.
        """
        return max(self.dues[index] - ONE_DAY, self.begin)

    def recast_at(self, index: int) -> bool:
        """Say whether a line's level is worked out anew."""
        if index == self.of_line[index].start:
            return True
        return any(self.known(index - 1) < day <= self.known(index) for day in self.recasts)

    def deferred(self, index: int) -> bool:
        return index < len(self.dues) - 1 and any(
            one["from"] < self.dues[index] <= one["to"]
            for one in self.windows
            if one["treatment"] == "defer"
        )

    def rate_on(self, day: dt.date) -> int:
        return [ppm for since, ppm in self.rates if since <= day][-1]

    def pieces(self, index: int, known: dt.date) -> list[Piece]:
        """Cut a period where anything that is known on the day `known` changes."""
        start, end = self.starts(index), self.dues[index]
        news = [on for on, _ in (*self.draws, *self.rates) if on <= known]
        news += [one[edge] for one in self.windows for edge in ("from", "to")]
        cuts = sorted({start, end} | {day for day in news if start < day < end})
        return [self._piece(a, b, start, known) for a, b in pairwise(cuts)]

    def _piece(self, a: dt.date, b: dt.date, start: dt.date, known: dt.date) -> Piece:
        rate = self.rate_on(min(a, known))
        left, waived, parts = rate, 0, dict[str, int]()
        for one in self.windows:
            if one["treatment"] == "defer" or not one["from"] <= a < one["to"]:
                continue
            taken = min(left, rate if one["annual_rate"] is None else one["annual_rate"])
            left -= taken
            if one["treatment"] == "waive":
                waived += taken
            else:
                parts[one["payer"]] = parts.get(one["payer"], 0) + taken
        drawn = self.drawn_on(a) if start < a <= known else 0
        share = share_of_year(a, b, self.day_count, self.due_day)
        return Piece(drawn, share, rate - waived, parts)


def read(document: Mapping[str, Any]) -> Case:
    draws = sorted((_day(one["on"]), one["amount_fen"]) for one in document["draws"])
    every_due, due_day = _due_dates(document)
    dues = every_due[-1:] if document["method"] == "bullet" else every_due
    groups, group_rates = _groups(document, dues, draws[0][0])
    changes = _rate_changes(document)
    first = (dt.date.min, _ppm(document["annual_rate"]))
    rounding = document.get("rounding", "half_up")
    return Case(
        method=document["method"],
        draws=draws,
        # What a group of lines says goes before a change of the same day.
        rates=[first, *sorted([*changes, *group_rates], key=lambda one: one[0])],
        recasts=frozenset(day for day, _ in (*draws, *changes)),
        dues=dues,
        due_day=due_day,
        groups=groups,
        windows=[_window(one) for one in document.get("windows", ())],
        down_payment=document.get("down_payment_fen", 0),
        fee=document.get("fee_fen", 0),
        day_count=document.get("day_count", "30/360"),
        interest_round=document.get("interest_round", "instalment"),
        rounding=rounding,
        payment_rounding=document.get("payment_rounding", rounding),
        unit=document.get("round_payment_to_fen", 1),
        remainder=document.get("remainder", "last"),
    )


def _day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def _ppm(text: str) -> int:
    return int(Decimal(text) * PPM)


def _window(one: Mapping[str, Any]) -> Mapping[str, Any]:
    part = one.get("annual_rate")
    return {
        "from": _day(one["from"]),
        "to": _day(one["to"]),
        "treatment": one["treatment"],
        "payer": one.get("payer"),
        "annual_rate": None if part is None else _ppm(part),
    }


def _rate_changes(document: Mapping[str, Any]) -> list[tuple[dt.date, int]]:
    index = document.get("index")
    if index is None:
        changes = document.get("rate_changes", ())
        return sorted((_day(one["from"]), _ppm(one["annual_rate"])) for one in changes)
    found = []
    for text in index["repriced_on"]:
        published = [one for one in index["values"] if _day(one["from"]) <= _day(text)]
        value = max(published, key=lambda one: _day(one["from"]))
        found.append((_day(text), _ppm(value["annual_rate"]) + _ppm(index.get("margin", "0"))))
    return sorted(found)


def _due_dates(document: Mapping[str, Any]) -> tuple[list[dt.date], int]:
    if "due_dates" in document:
        dues = [_day(text) for text in document["due_dates"]]
        return dues, document.get("due_day", max(day.day for day in dues))
    first, every = _day(document["first_due"]), document.get("every", {"months": 1})
    due_day = document.get("due_day", first.day)
    dues = [first]
    for _ in range(document["instalments"] - 1):
        if "days" in every:
            dues.append(dues[-1] + dt.timedelta(days=every["days"]))
        else:
            dues.append(months_on(dues[-1], every["months"], due_day))
    return dues, due_day


def months_on(day: dt.date, months: int, due_day: int) -> dt.date:
    """Go on month by month."""
    year, month = day.year, day.month
    for _ in range(months):
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)
    return dt.date(year, month, min(due_day, calendar.monthrange(year, month)[1]))


def _groups(
    document: Mapping[str, Any], dues: Sequence[dt.date], begin: dt.date
) -> tuple[list[Group], list[tuple[dt.date, int]]]:
    """Return the groups of lines, and the rates that begin with them."""
    method, count = document["method"], len(dues)
    if method == "irregular":
        return _irregular(document["lines"], dues, begin)
    if method in {"bullet", "interest_only"}:
        return [Group(0, count, "interest")], []
    grace = document.get("grace", {}).get("principal", 0)
    pays = "level_principal" if method in {"equal_principal", "flat"} else "level"
    rest = Group(grace, count, pays, target=_balloon(document))
    return [*([Group(0, grace, "interest")] if grace else []), rest], []


def _balloon(document: Mapping[str, Any]) -> int:
    """Return the balloon: a share is one of all draws, in whole fen as payments are rounded."""
    if "balloon_share" not in document:
        fen: int = document.get("balloon_fen", 0)
        return fen
    lent = sum(one["amount_fen"] for one in document["draws"])
    lent -= document.get("down_payment_fen", 0)
    rounding = document.get("payment_rounding", document.get("rounding", "half_up"))
    return whole(Fraction(_ppm(document["balloon_share"]) * lent, PPM), rounding)


def _irregular(
    listed: Sequence[Mapping[str, Any]], dues: Sequence[dt.date], begin: dt.date
) -> tuple[list[Group], list[tuple[dt.date, int]]]:
    groups, rates, start = [], [], 0
    for one in listed:
        end = start + one["count"]
        target = one.get("balance_fen", 0)
        if "pays" in one:
            groups.append(Group(start, end, one["pays"], target=target))
        elif "payment_fen" in one:
            groups.append(Group(start, end, "payment", one["payment_fen"]))
        else:
            groups.append(Group(start, end, "principal", one["principal_fen"]))
        if "annual_rate" in one:
            since = dues[start - 1] if start else begin
            rates.append((since, _ppm(one["annual_rate"])))
        start = end
    return groups, rates


# ── shares of a year ──────────────────────────────────────────────────────────────────────────


@cache
def _days_of_leap_years() -> list[int]:
    """Count, day by day from 1990, the days that lie in leap years."""
    counts, day = [0], dt.date(1990, 1, 1)
    while day.year < 2110:
        counts.append(counts[-1] + calendar.isleap(day.year))
        day += ONE_DAY
    return counts


def even_number(day: dt.date, due_day: int) -> int:
    """Number a day as if all months had 30; February's last may stand for the due day."""
    last = calendar.monthrange(day.year, day.month)[1]
    shown = due_day if day.month == 2 and day.day == last and due_day > last else day.day
    return 30 * (12 * day.year + day.month) + min(shown, 30)


def month_number(day: dt.date, due_day: int) -> Fraction:
    """Number a day by months from due day to due day; a part counts by the month's own days."""
    begin = months_on(day, 0, due_day)
    if begin > day:
        begin = months_on(day.replace(day=1) - ONE_DAY, 0, due_day)
    end = months_on(begin, 1, due_day)
    return 12 * begin.year + begin.month + Fraction((day - begin).days, (end - begin).days)


def share_of_year(start: dt.date, end: dt.date, day_count: str, due_day: int) -> Fraction:
    if day_count == "30/360":
        return Fraction(even_number(end, due_day) - even_number(start, due_day), 360)
    if day_count == "month/12":
        return (month_number(end, due_day) - month_number(start, due_day)) / 12
    days = (end - start).days
    if day_count != "act/act":
        return Fraction(days, int(day_count.removeprefix("act/")))
    counts, origin = _days_of_leap_years(), dt.date(1990, 1, 1)
    leap = counts[(end - origin).days] - counts[(start - origin).days]
    return Fraction(leap, 366) + Fraction(days - leap, 365)
