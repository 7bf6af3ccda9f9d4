"""Books of the desk: trial balance, close run, claims; and what waits when one sits down."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from markupsafe import Markup, escape

from sanshi.documents.words import money
from sanshi.flows.desk_applications import DESK_APPLICATION
from sanshi.flows.desk_books import DESK_CASE, DESK_CLAIM, DESK_CLOSE, DESK_LAPSING
from sanshi.flows.world import Role
from sanshi.ledger.exports import What
from sanshi.web.language import mark
from sanshi.web.reader import Reader
from sanshi.web.workbench import addresses as at
from sanshi.web.workbench.cells import Cell, coded, ident, payer, staged
from sanshi.web.workbench.words import named_code

Answer = Mapping[str, Any]

_COUNTS: tuple[tuple[str, str, str, str, frozenset[Role], str], ...] = (
    (
        mark("待处理案件"),
        mark("对账差异、隔离的借据等"),
        "open_cases",
        at.asked(at.CASES, stage="open"),
        DESK_CASE.roles,
        "wait",
    ),
    (
        mark("转人工的申请"),
        mark("机器不能决定"),
        "referred",
        at.asked(at.APPLICATIONS, stage="referred"),
        DESK_APPLICATION.roles,
        "wait",
    ),
    (
        mark("查证中的付款"),
        mark("通道没有给出结果"),
        "unknown_payments",
        at.asked(at.PAYMENTS, stage="unknown"),
        DESK_CLOSE.roles,
        "bad",
    ),
    (
        mark("未收到的结算"),
        mark("已向资金方提交"),
        "open_claims",
        at.asked(at.CLAIMS, stage="submitted"),
        DESK_CLAIM.roles,
        "",
    ),
    (
        mark("将到期的政策"),
        mark("九十天之内"),
        "lapsing",
        at.POLICIES,
        DESK_LAPSING.roles,
        "wait",
    ),
)
"""Counts of the overview: name, explanation, key, list, who may see the list, colour if any."""


DAYS = ("since", "to", "value_to")
"""What the trial balance, and all that is exported from its page, may be asked for by."""

_EXPORTS: tuple[tuple[What, str], ...] = (
    ("journal", mark("分录流水")),
    ("summary", mark("总账日汇总")),
    ("trial-balance", mark("试算平衡")),
)


@dataclass(frozen=True, slots=True)
class Account:
    """A line of the trial balance; balances stand on the account's normal side."""

    code: str
    name: str
    side: Markup
    opening_fen: int
    debit_fen: int
    credit_fen: int
    balance_fen: int
    address: str


@dataclass(frozen=True, slots=True)
class Books:
    """The trial balance."""

    template: ClassVar[str] = "books"

    accounts: tuple[Account, ...]
    debit_fen: int
    credit_fen: int
    balanced: bool
    since: str
    to: str
    value_to: str
    export: str
    exports: tuple[tuple[Markup, str, str], ...]
    wrong: bool = False


@dataclass(frozen=True, slots=True)
class Day:
    """One day of the close."""

    day: str
    state: Cell
    done: int
    of: int
    loans: int
    debit_fen: int
    quarantined: int
    steps: tuple[tuple[int, int, int, int], ...]
    root: str


@dataclass(frozen=True, slots=True)
class Close:
    """The close run 日终. While `running` the page looks again by itself, where it can."""

    template: ClassVar[str] = "close"

    open_date: str
    closed_to: str
    days: tuple[Day, ...]
    running: bool
    open_cases: int
    breaks: tuple[tuple[Markup, int, int], ...]


@dataclass(frozen=True, slots=True)
class Claim:
    """One claim on a funder, with its lines."""

    template: ClassVar[str] = "claim"

    claim_id: str
    number: int
    funder: Markup
    stage: Cell
    claimed_on: str
    amount_fen: int
    lines: tuple[tuple[Cell, Cell, int], ...]
    events: tuple[tuple[Markup, str], ...]


@dataclass(frozen=True, slots=True)
class Tile:
    """A figure of the overview."""

    name: Markup
    value: str
    under: Markup
    address: str = ""
    tone: str = ""


@dataclass(frozen=True, slots=True)
class Waiting:
    """Something that waits for whoever sits here."""

    what: Markup
    under: Markup
    address: str
    tag: Cell


@dataclass(frozen=True, slots=True)
class Overview:
    """What waits for me, and how the house stands."""

    template: ClassVar[str] = "overview"

    open_date: str
    closed_to: str
    waiting: tuple[Waiting, ...]
    own: tuple[Waiting, ...]
    tiles: tuple[Tile, ...]
    house: tuple[Tile, ...]


def books(reader: Reader, answer: Answer, days: Mapping[str, str], *, wrong: bool = False) -> Books:
    """Make the page from the answer of `trial_balance` and the days that were asked for."""
    since, to = days.get("since", ""), days.get("to", "")
    return Books(
        accounts=tuple(_account(reader, one, since, to) for one in answer["accounts"]),
        debit_fen=answer["debit_fen"],
        credit_fen=answer["credit_fen"],
        balanced=answer["balanced"],
        since=since,
        to=to,
        value_to=days.get("value_to", ""),
        export=at.asked(f"{at.BOOKS}.csv", **days),
        exports=tuple(
            (
                reader.say(name),
                at.asked(f"{at.BOOKS}/{what}.csv", **days),
                at.asked(f"{at.BOOKS}/{what}.parquet", **days),
            )
            for what, name in _EXPORTS
        ),
        wrong=wrong,
    )


def _account(reader: Reader, one: Answer, since: str, to: str) -> Account:
    say = reader.say
    sign = 1 if one["normal"] == "debit" else -1
    return Account(
        code=one["account"],
        name=say.pick(one["zh"], one["en"]),
        side=say("借") if one["normal"] == "debit" else say("贷"),
        opening_fen=one["opening_fen"] * sign,
        debit_fen=one["debit_fen"],
        credit_fen=one["credit_fen"],
        balance_fen=one["balance_fen"] * sign,
        address=at.asked(at.POSTINGS, kind=one["account"], since=since, until=to),
    )


def close(reader: Reader, answer: Answer) -> Close:
    """Make the page from the answer of `desk_close`."""
    days = tuple(_day(reader, one) for one in answer["days"])
    return Close(
        open_date=answer["open_date"],
        closed_to=answer["closed_to"],
        days=days,
        running=any(0 < one["done"] < one["of"] for one in answer["days"]),
        open_cases=answer["open_cases"],
        breaks=tuple(_aged(reader, one) for one in answer["breaks"]),
    )


def _aged(reader: Reader, one: Answer) -> tuple[Markup, int, int]:
    """Return a class of age in words, how many differences are of it, and how much."""
    say, since, to = reader.say, one["since"], one["to"]
    span = say("{since}–{to} 天", since=since, to=to) if to else say("{since} 天以上", since=since)
    return span, one["count"], one["amount_fen"]


def _day(reader: Reader, one: Answer) -> Day:
    say = reader.say
    if one["closed"]:
        state = Cell(say("已日终"), tone="good")
    elif one["done"]:
        state = Cell(say("正在日终"), tone="wait")
    else:
        state = Cell(say("没有日终"), tone="plain")
    names = ("shard", "loans", "debit_fen", "quarantined")
    steps = tuple((step[names[0]], *(step[name] for name in names[1:])) for step in one["steps"])
    return Day(
        day=one["day"],
        state=state,
        done=one["done"],
        of=one["of"],
        loans=one["loans"],
        debit_fen=one["debit_fen"],
        quarantined=one["quarantined"],
        steps=steps,
        root=one["root"],
    )


def claim(reader: Reader, answer: Answer) -> Claim:
    """Make the page from the answer of `desk_claim`."""
    return Claim(
        claim_id=answer["claim_id"],
        number=answer["number"],
        funder=payer(reader, answer["funder"]).text,
        stage=staged(reader, "claim", answer["stage"]),
        claimed_on=answer["claimed_on"],
        amount_fen=answer["amount_fen"],
        lines=tuple(
            (ident(one["source"]), coded(reader, "component", one["component"]), one["amount_fen"])
            for one in answer["lines"]
        ),
        events=tuple(
            (named_code(reader.say, "event", one["kind"]), one["day"]) for one in answer["events"]
        ),
    )


def overview(reader: Reader, answer: Answer, role: Role) -> Overview:
    """Make the page from the answer of `desk_overview`."""
    checks = tuple(_proposal(reader, one) for one in answer["to_check"])
    cases = tuple(_case(reader, one) for one in answer["cases"])
    return Overview(
        open_date=answer["open_date"],
        closed_to=answer["closed_to"],
        waiting=(*checks, *cases),
        own=tuple(_proposal(reader, one) for one in answer["own_proposals"]),
        tiles=_tiles(reader, answer, role),
        house=_house(reader, answer),
    )


def _proposal(reader: Reader, one: Answer) -> Waiting:
    say = reader.say
    return Waiting(
        what=named_code(say, "flow", one["flow"]),
        under=say(
            "{who} 提交，最迟 {day}", who=one["maker_name"] or one["maker"], day=one["expires_on"]
        ),
        address=at.one(at.PROPOSALS, one["proposal_id"]),
        tag=Cell(say("待复核"), tone="wait"),
    )


def _case(reader: Reader, one: Answer) -> Waiting:
    say = reader.say
    return Waiting(
        what=named_code(say, "case", one["kind"]),
        under=say("{day} 立案，已等 {n} 天", day=one["opened_on"], n=one["age_days"]),
        address=at.one(at.CASES, one["case_id"]),
        tag=Cell(say("待处理"), tone="wait"),
    )


def _tiles(reader: Reader, answer: Answer, role: Role) -> tuple[Tile, ...]:
    """Return the counts, each leading to its list where this role may go there."""
    found = []
    for name, under, key, address, roles, tone in _COUNTS:
        count = answer[key]
        link = address if role in roles else ""
        said = (reader.say(name), str(count), reader.say(under))
        found.append(Tile(*said, link, tone if count else ""))
    return tuple(found)


def _house(reader: Reader, answer: Answer) -> tuple[Tile, ...]:
    say = reader.say
    return (
        Tile(
            say("贷款余额"),
            money(answer["outstanding_fen"]),
            say("还款中 {n} 笔", n=answer["active_loans"]),
        ),
        Tile(say("应收利息"), money(answer["interest_fen"]), escape("")),
        Tile(say("应收资金方"), money(answer["funders_fen"]), escape("")),
        Tile(say("支付通道清算"), money(answer["clearing_fen"]), say("对账之后应当为零")),
    )
