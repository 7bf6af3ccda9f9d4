"""Cases, proposals and customers: what somebody looks at, and what they may do about it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from markupsafe import Markup, escape

from sanshi.web.forms import EMPTY, FieldError, Filled
from sanshi.web.language import mark
from sanshi.web.reader import Reader
from sanshi.web.workbench import addresses as at
from sanshi.web.workbench.cells import Cell, coded, fen, ident, staged, words
from sanshi.web.workbench.compare import Foreseen
from sanshi.web.workbench.words import named_code

Answer = Mapping[str, Any]

_DETAILS: Mapping[str, str] = {
    "amount_fen": mark("金额"),
    "value_date": mark("起息日"),
    "stage": mark("本方状态"),
    "status": mark("通道结果"),
    "code": mark("代码"),
    "message": mark("说明"),
    "case_id": mark("案件"),
    "finding": mark("结论"),
    "answer_id": mark("答复"),
    "entity": mark("机构"),
    "user_name": mark("用户名"),
    "display_name": mark("姓名"),
    "roles": mark("角色"),
    "role": mark("角色"),
    "label": mark("说明"),
    "account_id": mark("账户"),
    "key_id": mark("密钥"),
    "loan_id": mark("借据"),
    "person_id": mark("客户"),
    "price_fen": mark("退回标价"),
    "due_date": mark("最迟答复"),
    "reason": mark("理由"),
    "evidence": mark("依据"),
    "buyer": mark("受让方"),
    "received_on": mark("到账日"),
    "reference": mark("银行流水号"),
    "transfer_loan.price_fen": mark("转让价款"),
}
"""What a detail is called; of one use case alone, if its name stands before it."""


@dataclass(frozen=True, slots=True)
class Happened:
    """Something that happened: what, when, by whom, and what was said."""

    what: Markup
    day: str
    who: str
    said: str


@dataclass(frozen=True, slots=True)
class Asked:
    """A proposal in a line."""

    proposal_id: str
    what: Markup
    state: Cell
    who: str
    reason: str
    expires_on: str


@dataclass(frozen=True, slots=True)
class Case:
    """One case; whoever may close it proposes that here."""

    template: ClassVar[str] = "case"

    case_id: str
    kind: Markup
    state: Cell
    subject: Cell
    opened_on: str
    age_days: int
    details: tuple[tuple[Markup, Cell], ...]
    events: tuple[Happened, ...]
    proposals: tuple[Asked, ...]
    may_propose: bool
    letter: str
    reply: str
    late: bool
    filled: Filled = EMPTY


@dataclass(frozen=True, slots=True)
class Proposal:
    """One proposal. `outcome`: what came of it, shown once, when it was just approved.

    `foreseen`: what a change of a loan would do now.
    """

    template: ClassVar[str] = "proposal"

    proposal_id: str
    what: Markup
    state: Cell
    who: str
    made_on: str
    expires_on: str
    reason: str
    subject: Cell
    details: tuple[tuple[Markup, Cell], ...]
    events: tuple[Happened, ...]
    may_check: bool
    may_withdraw: bool
    own: bool
    checkers: Markup
    waits: bool
    reply: str
    filled: Filled = EMPTY
    outcome: tuple[tuple[Markup, str], ...] = ()
    foreseen: Foreseen | None = None


@dataclass(frozen=True, slots=True)
class Customer:
    """One customer, masked. `clear`: their data in full, shown once after a reason was given."""

    template: ClassVar[str] = "customer"

    person_id: str
    erased: bool
    shown: tuple[tuple[Markup, str], ...]
    loans: tuple[tuple[Cell, Cell], ...]
    applications: tuple[tuple[Cell, Cell], ...]
    consents: tuple[tuple[Markup, Cell], ...]
    clear: bool = False
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Unmask:
    """The question why."""

    template: ClassVar[str] = "unmask"

    person_id: str
    full_name: str
    filled: Filled = EMPTY


def case(
    reader: Reader, answer: Answer, *, may_propose: bool, filled: Filled | None = None
) -> Case:
    """Make the page from the answer of `desk_case`."""
    waiting = any(one["stage"] == "open" for one in answer["proposals"])
    return Case(
        case_id=answer["case_id"],
        kind=named_code(reader.say, "case", answer["kind"]),
        state=staged(reader, "case", answer["stage"]),
        subject=ident(answer["person_id"] or answer["subject"]),
        letter=answer["letter"],
        reply=answer["reply"],
        late=answer["late"],
        opened_on=answer["opened_on"],
        age_days=answer["age_days"],
        details=_details(reader, answer["details"]),
        events=_events(reader, answer["events"]),
        proposals=tuple(_asked(reader, one) for one in answer["proposals"]),
        may_propose=may_propose and answer["stage"] == "open" and not waiting,
        filled=filled or EMPTY,
    )


def proposal(
    reader: Reader,
    answer: Answer,
    *,
    own: bool,
    filled: Filled | None = None,
    outcome: tuple[tuple[Markup, str], ...] = (),
) -> Proposal:
    """Make the page from the answer of `desk_proposal`."""
    say = reader.say
    # The reason stands on the page by itself; one of the request's own is shown if it differs.
    request = {
        name: value
        for name, value in answer["request"].items()
        if (name, value) != ("reason", answer["reason"])
    }
    return Proposal(
        proposal_id=answer["proposal_id"],
        what=named_code(say, "flow", answer["flow"]),
        state=staged(reader, "proposal", answer["stage"]),
        who=answer["maker_name"] or answer["maker"],
        made_on=answer["made_on"],
        expires_on=answer["expires_on"],
        reason=answer["reason"],
        subject=ident(answer["subject"]),
        details=_details(reader, request, answer["flow"]),
        events=_events(reader, answer["events"]),
        may_check=answer["may_check"],
        may_withdraw=answer["may_withdraw"],
        own=own,
        checkers=say.joined(named_code(say, "role", role) for role in answer["checkers"]),
        waits=answer["stage"] == "open",
        reply=answer["reply"],
        filled=filled or EMPTY,
        outcome=outcome,
    )


def customer(
    reader: Reader, answer: Answer, clear: Answer | None = None, reason: str = ""
) -> Customer:
    """Make the page from the answer of `desk_customer`, and of `unmask_customer` if given."""
    say, told = reader.say, clear or answer
    return Customer(
        person_id=answer["person_id"],
        erased=answer["erased"],
        shown=(
            (say("姓名"), told["full_name"]),
            (say("身份证号"), told["id_number"]),
            (say("手机号"), told["mobile"]),
        ),
        loans=_standing(reader, "loan", answer["loan_ids"]),
        applications=_standing(reader, "application", answer["application_ids"]),
        consents=tuple(
            (
                named_code(say, "consent", one["purpose"]),
                Cell(say("已撤回 {day}", day=one["withdrawn_on"]), tone="plain")
                if one["withdrawn_on"]
                else Cell(say("有效"), tone="good"),
            )
            for one in answer["consents"]
        ),
        clear=clear is not None,
        reason=reason,
    )


def _standing(reader: Reader, kind: str, found: list[Answer]) -> tuple[tuple[Cell, Cell], ...]:
    return tuple((ident(one["id"]), staged(reader, kind, one["stage"])) for one in found)


def read_reason(
    reader: Reader, sent: Mapping[str, str], *names: str
) -> tuple[dict[str, str], tuple[FieldError, ...]]:
    """Return the texts of a form, and which of them are missing or far too long."""
    missing = {
        "reason": reader.say("请写明理由，4 到 200 个字。"),
        "finding": reader.say("请写明结论，4 到 200 个字。"),
        "answer": reader.say("请写给客户的答复，4 到 2000 个字。"),
    }
    told = {name: sent.get(name, "").strip() for name in names}
    errors = tuple(
        FieldError(name, missing[name])
        for name, text in told.items()
        if not _LEAST <= len(text) <= (_MOST_ANSWERED if name == "answer" else _MOST)
    )
    return told, errors


_LEAST, _MOST, _MOST_ANSWERED = 4, 200, 2000


def _details(reader: Reader, body: Answer, flow: str = "") -> tuple[tuple[Markup, Cell], ...]:
    found = []
    for name, raw in body.items():
        if raw is None or name == "person_id":
            continue
        text = _DETAILS.get(f"{flow}.{name}") or _DETAILS.get(name)
        title = reader.say(text) if text else escape(name)
        found.append((title, _detail(reader, name, raw)))
    return tuple(found)


def _detail(reader: Reader, name: str, raw: object) -> Cell:
    if name.endswith("_fen") and isinstance(raw, int):
        return fen(raw)
    if name == "role":
        return coded(reader, "role", str(raw))
    if isinstance(raw, list | tuple):
        roles = (named_code(reader.say, "role", str(one)) for one in raw)
        return Cell(reader.say.joined(roles))
    text = str(raw)
    return Cell(escape(text), href=at.thing(text), code=True) if at.thing(text) else words(text)


def _events(reader: Reader, events: list[Answer]) -> tuple[Happened, ...]:
    return tuple(
        Happened(
            what=named_code(reader.say, "event", one["kind"]),
            day=one["day"],
            who=one["by_name"] or str(one["data"].get("by", "")),
            said=_said(reader, one["data"]),
        )
        for one in events
    )


def _said(reader: Reader, data: Answer) -> str:
    if "agreed_with" in data:
        return reader.say("与 {day} 的通道文件对上了，自动关闭", day=data["agreed_with"])
    return str(data.get("finding") or data.get("reason") or "")


def _asked(reader: Reader, one: Answer) -> Asked:
    return Asked(
        proposal_id=one["proposal_id"],
        what=named_code(reader.say, "flow", one["flow"]),
        state=staged(reader, "proposal", one["stage"]),
        who=one["maker_name"] or one["maker"],
        reason=one["reason"],
        expires_on=one["expires_on"],
    )
