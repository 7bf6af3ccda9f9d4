"""Match the rail's file of a day with our payments: what settles, and what breaks by name."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal, get_args

BreakKind = Literal[
    "unknown_line", "amount_differs", "not_confirmed", "missing_in_statement", "unexplained"
]
KINDS: tuple[BreakKind, ...] = get_args(BreakKind)
AGES = (1, 3, 7, 30)
"""Up to how many days old a difference is in each class of age; one class more is older still.

The classes are the house's own; no rule names any.
"""


@dataclass(frozen=True, slots=True)
class Moved:
    """A movement as one side tells it: `stage` is ours and empty in the rail's file."""

    payment_id: str
    kind: str
    amount_fen: int
    value_date: date | None
    stage: str = ""


@dataclass(frozen=True, slots=True)
class Break:
    """A difference that somebody must look at."""

    kind: BreakKind
    subject: str
    amount_fen: int


@dataclass(frozen=True, slots=True)
class Matched:
    """What of a day settles, and what does not agree."""

    settled: tuple[str, ...]
    breaks: tuple[Break, ...]


def match(lines: Iterable[Moved], ours: Mapping[str, Moved], value_date: date) -> Matched:
    """Compare the file of a day with every payment of ours, in order of id."""
    file = {line.payment_id: line for line in lines}
    settled = []
    breaks = []
    for payment_id, line in sorted(file.items()):
        verdict = _judge(line, ours.get(payment_id))
        if verdict == "settle":
            settled.append(payment_id)
        elif verdict is not None:
            breaks.append(Break(verdict, payment_id, line.amount_fen))
    breaks.extend(_missing(file, ours, value_date))
    return Matched(tuple(settled), tuple(breaks))


def _judge(line: Moved, own: Moved | None) -> BreakKind | Literal["settle"] | None:
    if own is None:
        return "unknown_line"
    if own.stage == "settled":
        return None
    if (line.amount_fen, line.kind) != (own.amount_fen, own.kind):
        return "amount_differs"
    return "settle" if own.stage == "succeeded" else "not_confirmed"


def _missing(
    file: Mapping[str, Moved], ours: Mapping[str, Moved], value_date: date
) -> Iterator[Break]:
    for payment_id, own in sorted(ours.items()):
        expected = own.stage == "succeeded" and own.value_date == value_date
        if expected and payment_id not in file:
            yield Break("missing_in_statement", payment_id, own.amount_fen)


def open_on_clearing_fen(ours: Iterable[Moved]) -> int:
    """Return what the clearing account holds for payments not settled yet.

    An order to pay credits clearing when it is given; a collection debits it, and money that goes
    back to a customer credits it, when it succeeds.
    """
    return sum(_open_fen(own) for own in ours)


def _open_fen(own: Moved) -> int:
    if own.kind in {"collect", "refund"}:
        sign = 1 if own.kind == "collect" else -1
        return sign * own.amount_fen if own.stage == "succeeded" else 0
    under_way = {"intended", "sent", "unknown", "succeeded"}
    return -own.amount_fen if own.stage in under_way else 0


@dataclass(frozen=True, slots=True)
class Aged:
    """Differences that have stood open for `since` to `to` days (`to` None: or more) 差异账龄."""

    since: int
    to: int | None
    count: int
    amount_fen: int


def aged(breaks: Iterable[tuple[date, int]], day: date) -> tuple[Aged, ...]:
    """Return open differences (day found, fen) by age on a day; amounts without their signs."""
    found = [((day - opened_on).days, abs(amount_fen)) for opened_on, amount_fen in breaks]
    starts = (0, *(last + 1 for last in AGES))
    classes = []
    for since, to in zip(starts, (*AGES, None), strict=True):
        own = [fen for age, fen in found if since <= age and (to is None or age <= to)]
        classes.append(Aged(since, to, len(own), sum(own)))
    return tuple(classes)
