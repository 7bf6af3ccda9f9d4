"""The page of a loan as it was on a day, by what was known then or is known now."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

from sanshi.documents.words import money, word
from sanshi.kernel.errors import InputError
from sanshi.quote.terms import LoanTerms
from sanshi.web.forms import EMPTY, FieldError, Filled
from sanshi.web.language import mark
from sanshi.web.reader import Reader
from sanshi.web.workbench import addresses as at
from sanshi.web.workbench.cells import Cell, coded, staged
from sanshi.web.workbench.loan import Figure, Row, figures, rows
from sanshi.web.workbench.words import Tone

Answer = Mapping[str, Any]
_MARKS: Mapping[str, tuple[str, Tone]] = {
    "counted": (mark("计入"), "good"),
    "later": (mark("这天之后"), "plain"),
    "unknown": (mark("那时还不知道"), "wait"),
    "undone": (mark("已冲销"), "bad"),
}


@dataclass(frozen=True, slots=True)
class Seen:
    """One event, and what it is on that day."""

    version: int
    what: Cell
    value_date: str
    value_href: str
    booking_date: str
    booking_href: str
    amount: str
    state: Cell
    here: bool


@dataclass(frozen=True, slots=True)
class Replay:
    """The page. `ahead`: the day has not come; `partly`: something booked since is left out."""

    template: ClassVar[str] = "replay"

    loan_id: str
    address: str
    merchant: str
    stage: Cell
    late: Cell | None
    on: date
    known: date
    today: date
    first_day: str
    last_day: str
    method: str
    figures: tuple[Figure, ...]
    rows: tuple[Row, ...]
    events: tuple[Seen, ...]
    before: str
    after: str
    ahead: bool
    partly: int
    filled: Filled = EMPTY


def replay(reader: Reader, then: Answer, filled: Filled | None = None) -> Replay:
    """Make the page from the answer of `loan_at`."""
    terms, say = LoanTerms.from_json(then["terms"]), reader.say
    address = at.one(at.LOANS, then["loan_id"], "replay")
    known = "" if then["known"] == then["today"] else then["known"]
    days = sorted({one["value_date"] for one in then["events"] if one["mark"] != "unknown"})
    before = [day for day in days if day < then["on"]]
    after = [day for day in days if day > then["on"]]
    late = then["days_past_due"]
    return Replay(
        loan_id=then["loan_id"],
        address=address,
        merchant=reader.name(reader.merchant(then["merchant"])),
        stage=staged(reader, "loan", then["stage"]),
        late=Cell(say("逾期 {n} 天", n=late), tone="bad") if late else None,
        on=date.fromisoformat(then["on"]),
        known=date.fromisoformat(then["known"]),
        today=date.fromisoformat(then["today"]),
        first_day=then["first_day"],
        last_day=then["last_day"],
        method=word(f"method.{terms.method}", reader.language),
        figures=figures(reader, then, terms),
        rows=rows(reader, then, terms),
        events=tuple(_seen(reader, address, known, one, then["on"]) for one in then["events"]),
        before=at.asked(address, on=before[-1], known=known) if before else "",
        after=at.asked(address, on=after[0], known=known) if after else "",
        ahead=then["on"] > then["today"],
        partly=sum(one["mark"] == "unknown" for one in then["events"]),
        filled=filled or Filled({"on": then["on"], "known": known}),
    )


def _seen(reader: Reader, address: str, known: str, one: Answer, on: str) -> Seen:
    text, tone = _MARKS[one["mark"]]
    amount_fen = one["data"].get("amount_fen")
    day, booked = one["value_date"], one["booking_date"]
    return Seen(
        version=one["version"],
        what=coded(reader, "event", one["kind"]),
        value_date=day,
        value_href=at.asked(address, on=day, known=known),
        booking_date=booked,
        booking_href=at.asked(address, on=booked, known=booked),
        amount=money(amount_fen) if isinstance(amount_fen, int) else "",
        state=Cell(reader.say(text), tone=tone),
        here=one["mark"] == "counted" and day == on,
    )


def unreadable(reader: Reader, now: Answer, error: InputError) -> FieldError:
    """Say which days there are; `now`: the answer for today."""
    say = reader.say
    if error.code == "replay.on":
        days = {"first": now["first_day"], "last": now["last_day"]}
        return FieldError("on", say("请选 {first} 到 {last} 之间的一天。", **days))
    if error.code == "replay.known":
        days = {"first": now["first_known"], "last": now["today"]}
        return FieldError("known", say("请选 {first} 到 {last} 之间的一天。", **days))
    field = error.field if error.field in {"on", "known"} else "on"
    return FieldError(field, say("日期读不懂，请写成 2026-12-31 这样。"))
