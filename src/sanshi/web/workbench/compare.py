"""A loan before and after what was tried: figures, schedules side by side, chart, entries."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from markupsafe import Markup, escape

from sanshi.documents.words import exact_percent, money
from sanshi.web.language import Tongue, mark
from sanshi.web.reader import Reader
from sanshi.web.workbench.cells import NOTHING, Cell, account, coded
from sanshi.web.workbench.loan import Figure
from sanshi.web.workbench.tracks import Tracks, tracks

Answer = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Pair:
    """One figure before and after, and how they differ in words; empty: they do not."""

    name: Markup
    before: str
    after: str
    said: Markup


@dataclass(frozen=True, slots=True)
class Line:
    """One instalment as it is and as it would be; None: it is not there."""

    number: int
    before: Answer | None
    after: Answer | None
    state: Cell

    def moved(self, name: str) -> bool:
        """Say whether a value is another one after."""
        if self.before is None or self.after is None:
            return True
        return bool(self.before[name] != self.after[name])


@dataclass(frozen=True, slots=True)
class Entry:
    """One posting that would be made."""

    component: Cell
    debit: Cell
    credit: Cell
    amount_fen: int
    value_date: str
    booking_date: str


@dataclass(frozen=True, slots=True)
class Compared:
    """All that is shown of a trial."""

    figures: tuple[Figure, ...]
    pairs: tuple[Pair, ...]
    lines: tuple[Line, ...]
    tracks: Tracks | None
    entries: tuple[Entry, ...]
    moved: int
    ends: bool


@dataclass(frozen=True, slots=True)
class Foreseen:
    """What a proposed change would do now; no figures: it can no longer be done."""

    pairs: tuple[Pair, ...]
    more: str


def compared(reader: Reader, tried: Answer) -> Compared:
    """Lay out the answer of `try_change`."""
    lines = _lines(reader.say, tried["lines_before"], tried["lines_after"])
    return Compared(
        figures=_figures(reader.say, tried),
        pairs=pairs(reader.say, tried),
        lines=lines,
        tracks=tracks(
            date.fromisoformat(tried["as_of"]), tried["lines_before"], tried["lines_after"]
        ),
        entries=tuple(_entry(reader, one) for one in tried["postings"]),
        moved=sum(one.state.tone != "plain" for one in lines),
        ends=tried["stage"] == "settled",
    )


def _figures(say: Tongue, tried: Answer) -> tuple[Figure, ...]:
    told, after = tried["differences"], tried["after"]
    saved_fen = -told["interest_fen"]
    interest = say("少 {fen}", fen=money(saved_fen)) if saved_fen >= 0 else NOTHING
    if saved_fen < 0:
        interest = say("多 {fen}", fen=money(-saved_fen))
    return (
        Figure(
            say("利息一共"),
            interest if saved_fen else say("不变"),
            Markup("{} → {}").format(
                money(told["interest_before_fen"]), money(told["interest_after_fen"])
            ),
            "wait" if saved_fen < 0 else "",
        ),
        Figure(
            say("下期应还"),
            money(after["next_payment_fen"]) if after["next_due"] else "—",
            (_moved_fen(say, told["next_payment_fen"]) or say("不变"))
            if after["next_due"]
            else NOTHING,
        ),
        Figure(
            say("下次应还日"),
            after["next_due"] or "—",
            _moved_days(say, told["next_due_days"]) if after["next_due"] else NOTHING,
        ),
        Figure(
            say("最后一期"),
            after["last_due"] or say("结清"),
            _moved_days(say, told["last_due_days"]) if after["last_due"] else NOTHING,
        ),
    )


def _moved_fen(say: Tongue, fen: int) -> Markup:
    if not fen:
        return NOTHING
    return say("多 {fen}", fen=money(fen)) if fen > 0 else say("少 {fen}", fen=money(-fen))


def _moved_days(say: Tongue, days: int | None) -> Markup:
    if days is None:
        return NOTHING
    if not days:
        return say("不变")
    return say("推迟 {n} 天", n=days) if days > 0 else say("提前 {n} 天", n=-days)


_FENS = (
    ("outstanding_fen", mark("剩余本金")),
    ("due_fen", mark("现在应还")),
    ("credit_fen", mark("客户余额")),
    ("next_payment_fen", mark("下期应还")),
)
_IN_ALL = (("interest", mark("利息一共")), ("penalty", mark("罚息一共")))
_DAYS = (("next_due", mark("下次应还日")), ("last_due", mark("最后一期")))


def pairs(say: Tongue, tried: Answer) -> tuple[Pair, ...]:
    """Return the figures of `before` and `after` side by side."""
    old, new = tried["before"], tried["after"]
    rate_ppm = new["rate_ppm"] - old["rate_ppm"]
    lower, higher = say("调低"), say("调高")
    more = new["instalments_ahead"] - old["instalments_ahead"]
    return (
        Pair(
            say("年利率"),
            exact_percent(old["rate_ppm"]),
            exact_percent(new["rate_ppm"]),
            (higher if rate_ppm > 0 else lower) if rate_ppm else NOTHING,
        ),
        Pair(
            say("剩余期数"),
            str(old["instalments_ahead"]),
            str(new["instalments_ahead"]),
            say("多 {n} 期", n=more)
            if more > 0
            else say("少 {n} 期", n=-more)
            if more
            else NOTHING,
        ),
        *(
            Pair(say(name), money(old[key]), money(new[key]), _moved_fen(say, new[key] - old[key]))
            for key, name in _FENS
        ),
        *(
            Pair(
                say(name),
                money(tried["differences"][f"{key}_before_fen"]),
                money(tried["differences"][f"{key}_after_fen"]),
                _moved_fen(say, tried["differences"][f"{key}_fen"]),
            )
            for key, name in _IN_ALL
        ),
        *(_days(say, say(name), old[key], new[key]) for key, name in _DAYS),
    )


def _days(say: Tongue, name: Markup, old: str | None, new: str | None) -> Pair:
    if old == new:
        return Pair(name, old or "—", new or "—", NOTHING)
    if old is None or new is None:
        return Pair(name, old or "—", new or "—", say("改变") if new else say("不再有"))
    days = (date.fromisoformat(new) - date.fromisoformat(old)).days
    return Pair(name, old, new, _moved_days(say, days))


def _lines(say: Tongue, before: list[Answer], after: list[Answer]) -> tuple[Line, ...]:
    old, new = ({one["number"]: one for one in found} for found in (before, after))
    same, other = Cell(say("不变"), tone="plain"), Cell(say("改变"), tone="wait")
    gone, more = Cell(say("取消"), tone="bad"), Cell(say("新增"), tone="info")
    lines = []
    for number in sorted({*old, *new}):
        one, two = old.get(number), new.get(number)
        state = more if one is None else gone if two is None else same if one == two else other
        lines.append(Line(number, one, two, state))
    return tuple(lines)


def _entry(reader: Reader, one: Answer) -> Entry:
    return Entry(
        component=coded(reader, "component", one["component"]),
        debit=Cell(escape(account(reader, one["debit"]).text)),
        credit=Cell(escape(account(reader, one["credit"]).text)),
        amount_fen=one["amount_fen"],
        value_date=one["value_date"],
        booking_date=one["booking_date"],
    )
