"""Random input documents of `sanshi schedule`, by hypothesis or, faster, from a seed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from random import Random
from typing import Any, Protocol, TypeVar

from hypothesis import strategies as st

from peers.schedules.oracle_terms import months_on

Document = dict[str, Any]
T = TypeVar("T")

ONE_DAY = dt.timedelta(days=1)
LAST_DAY = dt.date(2100, 12, 31)
METHODS = (
    "equal_instalment",
    "equal_principal",
    "interest_only",
    "bullet",
    "balloon",
    "flat",
    "irregular",
)
DAY_COUNTS = ("30/360", "month/12", "act/360", "act/364", "act/365", "act/act")
ROUNDINGS = ("half_up", "half_even", "up", "down")
MONTH_ENDS = (dt.date(2023, 1, 31), dt.date(2024, 2, 29), dt.date(2023, 2, 28))
PAYERS = ("merchant", "manufacturer", "state")


class Chooser(Protocol):
    """Who decides; the simplest is the lowest, the first, no."""

    def integer(self, low: int, high: int) -> int: ...
    def one_of(self, options: Sequence[T]) -> T: ...
    def chance(self, percent: int) -> bool: ...


class Seeded:
    def __init__(self, random: Random) -> None:
        self.random = random

    def integer(self, low: int, high: int) -> int:
        return low + int(self.random.random() * (high - low + 1))

    def one_of(self, options: Sequence[T]) -> T:
        return options[int(self.random.random() * len(options))]

    def chance(self, percent: int) -> bool:
        return self.random.random() * 100 < percent


class Drawn:
    def __init__(self, draw: st.DrawFn) -> None:
        self.draw = draw

    def integer(self, low: int, high: int) -> int:
        return self.draw(st.integers(low, high))

    def one_of(self, options: Sequence[T]) -> T:
        return self.draw(st.sampled_from(options))

    def chance(self, percent: int) -> bool:
        return self.draw(st.integers(0, 99)) >= 100 - percent


def random_document(random: Random) -> tuple[Document, frozenset[str]]:
    """Return a valid document and the names of its features."""
    return _Writer(Seeded(random)).document()


@st.composite
def documents(draw: st.DrawFn, having: str = "") -> Document:
    """Write valid documents, all of them having `index` or `windows` if that is asked for."""
    return _Writer(Drawn(draw), having).document()[0]


class _Writer:
    """Writes one document."""

    def __init__(self, choose: Chooser, having: str = "") -> None:
        self.choose, self.having = choose, having
        self.doc: Document = {}
        self.dues: list[dt.date] = []
        self.begin = LAST_DAY
        self.changed: set[dt.date] = set()
        self.amount = 0
        self.lent = 0

    def document(self) -> tuple[Document, frozenset[str]]:
        self._dates()
        self._money()
        self._rates()
        self._method()
        self._roundings()
        self._windows()
        return self.doc, features(self.doc)

    def day_within(self, last: dt.date | None = None) -> dt.date:
        """Choose a day of the loan before its last due date, often a due date."""
        before = [day for day in self.dues[:-1] if day >= self.begin]
        if before and self.choose.chance(40):
            return self.choose.one_of(before)
        days = ((last or self.dues[-1]) - self.begin).days
        return self.begin + self.choose.integer(0, max(days - 1, 0)) * ONE_DAY

    def day_near(self) -> dt.date:
        """Choose a day of the loan, or one shortly before or after it."""
        if self.choose.chance(94):
            return self.day_within()
        return (
            self.choose.one_of((self.begin, self.dues[-1])) + self.choose.integer(-40, 40) * ONE_DAY
        )

    def rate(self) -> str:
        kind = self.choose.integer(0, 9)
        if kind == 0:
            return self.choose.one_of(("0", "1", "0.5", "0.12", "0.000001", "0.999999"))
        high = 1_000_000 if kind == 1 else 240_000
        ppm = self.choose.integer(0, high)
        return rate_text(ppm - ppm % self.choose.one_of((1, 100, 2500)))

    def money(self, high: int) -> int:
        """Choose an amount of any size."""
        digits = self.choose.integer(1, len(str(high)))
        return min(self.choose.integer(10 ** (digits - 1), 10**digits), high)

    # ── dates ─────────────────────────────────────────────────────────────────────────────────

    def _dates(self) -> None:
        choose = self.choose
        if choose.chance(25):
            self.begin = choose.one_of(MONTH_ENDS)
        else:
            self.begin = dt.date(2023, 1, 1) + choose.integer(0, 3000) * ONE_DAY
        first = self._first_due()
        count = choose.integer(1, choose.one_of((3, 12, 60)))
        if choose.chance(12):
            self._listed(first, count)
            return
        self.doc |= {"instalments": count, "first_due": first.isoformat()}
        every, due_day = {"months": 1}, first.day
        if choose.chance(20):
            every = {"days": choose.one_of((7, 10, 14, 28, 30, 91, 365))}
        elif choose.chance(25):
            every = {"months": choose.one_of((2, 3, 6, 12))}
        if every != {"months": 1} or choose.chance(10):
            self.doc["every"] = every
        if (first + ONE_DAY).day == 1 and choose.chance(40):
            due_day = self.doc["due_day"] = choose.integer(first.day, 31)
        self.dues = [first]
        for _ in range(count - 1):
            last = self.dues[-1]
            days = every.get("days")
            self.dues.append(
                last + days * ONE_DAY if days else months_on(last, every["months"], due_day)
            )

    def _first_due(self) -> dt.date:
        if self.choose.chance(6):
            return self.begin
        if self.choose.chance(60):
            day = self.choose.one_of((self.begin.day, 1, 15, 28, 31))
            return months_on(self.begin, 1, day)
        return self.begin + self.choose.integer(1, 90) * ONE_DAY

    def _listed(self, first: dt.date, count: int) -> None:
        self.dues = [first]
        longest = self.choose.one_of((3, 40, 400))
        for _ in range(count - 1):
            self.dues.append(self.dues[-1] + self.choose.integer(1, longest) * ONE_DAY)
        self.doc["due_dates"] = [day.isoformat() for day in self.dues]
        if self.choose.chance(20):
            self.doc["due_day"] = self.choose.integer(1, 31)

    # ── money and rates ───────────────────────────────────────────────────────────────────────

    def _money(self) -> None:
        choose = self.choose
        self.amount = self.lent = self.money(self._largest())
        draws = [{"on": self.begin.isoformat(), "amount_fen": self.amount}]
        if choose.chance(25):
            for _ in range(choose.integer(1, 3)):
                amount = choose.integer(1, self.amount)
                day = self.day_within()
                if self.dues[-1] > self.begin:
                    draws.append({"on": day.isoformat(), "amount_fen": amount})
                    self.lent += amount
        self.doc["draws"] = draws
        if choose.chance(10):
            down = choose.integer(0, self.amount - 1)
            self.doc["down_payment_fen"] = down
            self.lent -= down
        if choose.chance(15):
            self.doc["fee_fen"] = choose.integer(0, 10_000)
        if choose.chance(10):
            self.doc["upfront_fee_fen"] = choose.integer(0, self.amount // 10)

    def _largest(self) -> int:
        """Return what may be drawn: at 100 % a year no payment is above 10^13 in the end."""
        years = (self.dues[-1] - self.begin).days / 365
        return 10**12 if years <= 1 else 10**11 if years <= 20 else 10**10

    def _rates(self) -> None:
        choose = self.choose
        self.doc["annual_rate"] = self.rate()
        kind = 99 if self.having == "index" else choose.integer(0, 99)
        if kind < 70:
            return
        days = list(dict.fromkeys(self.day_near() for _ in range(choose.integer(1, 4))))
        self.changed.update(days)
        if kind < 90:
            self.doc["rate_changes"] = [
                {"from": day.isoformat()} | self._new_rate() for day in days
            ]
        else:
            self._index(days)

    def _new_rate(self) -> Document:
        same = self.choose.chance(15)
        return {"annual_rate": self.doc["annual_rate"] if same else self.rate()}

    def _index(self, days: Sequence[dt.date]) -> None:
        """Let the index be published some days before the loan and now and then after."""
        choose = self.choose
        published = {min(days), *(self.day_near() for _ in range(choose.integer(0, 3)))}
        values = [
            {
                "from": (day - 20 * ONE_DAY).isoformat(),
                "annual_rate": rate_text(choose.integer(20, 70) * 1000),
            }
            for day in published
        ]
        index: Document = {"values": values, "repriced_on": [day.isoformat() for day in days]}
        if choose.chance(80):
            margin = choose.integer(-40, 40) * 500
            index["margin"] = ("-" if margin < 0 else "") + rate_text(abs(margin))
        self.doc["index"] = index

    # ── how it is repaid ──────────────────────────────────────────────────────────────────────

    def _method(self) -> None:
        choose, count = self.choose, len(self.dues)
        methods = (*METHODS, "equal_instalment", "equal_instalment", "irregular")
        method = self.doc["method"] = choose.one_of(methods)
        if method == "balloon" and choose.chance(50):
            self.doc["balloon_fen"] = choose.integer(0, max(self.amount - self._down(), 0))
        elif method == "balloon":
            self.doc["balloon_share"] = rate_text(choose.integer(0, 100) * 10_000)
        if method == "irregular":
            self._groups(count)
        elif method not in {"bullet", "interest_only"} and count > 1 and choose.chance(15):
            self.doc["grace"] = {"principal": choose.integer(1, count - 1)}

    def _down(self) -> int:
        down: int = self.doc.get("down_payment_fen", 0)
        return down

    def _groups(self, count: int) -> None:
        choose, made = self.choose, 0
        groups: list[Document] = []
        self.doc["lines"] = groups
        while made < count:
            lines = count - made if len(groups) == 4 else choose.integer(1, count - made)
            group: Document = {"count": lines} | self._pays(count)
            start = [self.begin, *self.dues][made]
            # Two rates from one day on would contradict each other.
            if start not in self.changed and choose.chance(20):
                self.changed.add(start)
                group["annual_rate"] = self.rate()
            groups.append(group)
            made += lines

    def _pays(self, count: int) -> Document:
        choose, part = self.choose, 2 * self.lent // count + 2
        kind = choose.integer(0, 9)
        if kind < 2:
            return {"payment_fen": choose.integer(1, part)}
        if kind < 4:
            return {"principal_fen": choose.integer(1, part)}
        if kind == 4:
            return {"pays": "interest"}
        if kind == 5:
            return {"pays": "nothing"}
        group = {"pays": choose.one_of(("level", "level_principal"))}
        if choose.chance(60):
            return group | {"balance_fen": choose.integer(0, self.lent)}
        return group

    def _roundings(self) -> None:
        choose = self.choose
        if choose.chance(60):
            self.doc["day_count"] = choose.one_of(DAY_COUNTS)
        if choose.chance(30):
            self.doc["interest_round"] = choose.one_of(("subperiod", "instalment"))
        if choose.chance(40):
            self.doc["rounding"] = choose.one_of(ROUNDINGS)
        if choose.chance(30):
            self.doc["payment_rounding"] = choose.one_of(ROUNDINGS)
        if choose.chance(20):
            self.doc["round_payment_to_fen"] = choose.one_of((100, 10, 50, 1000, 7))
        if choose.chance(35):
            self.doc["remainder"] = choose.one_of(("smooth", "last"))
        if choose.chance(8):
            rules = ("following", "modified_following", "preceding")
            self.doc["business_day_rule"] = choose.one_of(rules)

    # ── windows ───────────────────────────────────────────────────────────────────────────────

    def _windows(self) -> None:
        choose = self.choose
        if self.having != "windows" and choose.chance(70):
            return
        self.doc["windows"] = windows = []
        for _ in range(choose.integer(1, 3)):
            start = self.day_near()
            if choose.chance(30):
                end = self.dues[choose.integer(0, len(self.dues) - 1)]
            else:
                end = start + choose.integer(1, (self.dues[-1] - self.begin).days + 30) * ONE_DAY
            if end <= start:
                end = start + ONE_DAY
            one: Document = {"from": start.isoformat(), "to": end.isoformat()}
            one["treatment"] = choose.one_of(("waive", "payer", "payer", "defer"))
            if one["treatment"] == "payer":
                one["payer"] = choose.one_of(PAYERS)
            if one["treatment"] != "defer" and choose.chance(50):
                one["annual_rate"] = self.rate()
            windows.append(one)


def rate_text(ppm: int) -> str:
    """Write 70,000 millionths as 0.07."""
    whole, rest = divmod(ppm, 1_000_000)
    return f"{whole}.{rest:06d}".rstrip("0").rstrip(".")


def features(doc: Document) -> frozenset[str]:
    """Name what a document has."""
    names = {key for key in doc if key not in {"draws", "annual_rate", "instalments", "first_due"}}
    names |= {f"{key}={doc[key]}" for key in _NAMED if key in doc}
    names |= {f"window:{one['treatment']}" for one in doc.get("windows", ())}
    names |= {f"group:{one.get('pays', 'fixed')}" for one in doc.get("lines", ())}
    days = {one["on"] for one in doc["draws"]}
    if len(days) > 1:
        names.add("later draws")
    if len(doc["draws"]) > len(days):
        names.add("two draws on a day")
    if min(doc.get("due_dates") or [doc["first_due"]]) in days:
        names.add("a draw on the first due day")
    if min(days) == min(doc.get("due_dates") or [doc["first_due"]]):
        names.add("in advance")
    return frozenset(names)


_NAMED = ("method", "day_count", "interest_round", "rounding", "payment_rounding", "remainder")
