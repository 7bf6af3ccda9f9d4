"""Ask the lender 咨询、投诉、困难、退货: what a person wants of it becomes a case with a deadline.

What they write is sealed under their own key and evidenced: they can prove what they said, and
when. A wish to return goods is told to the shop, which alone can take them back.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Annotated, Any, Literal

from pydantic import Field

from sanshi.catalogue.context import Context
from sanshi.flows.cases import REQUEST, Letter
from sanshi.flows.goods_back import purchase_of
from sanshi.flows.loans import LoanFile, open_file
from sanshi.flows.papers import file_paper, read_paper
from sanshi.flows.people import must_be_own, read_person
from sanshi.flows.steps import new, today
from sanshi.flows.world import Actor, Command, Decided, Flow, World
from sanshi.kernel.effects import Cell, Effects, Insert, Json
from sanshi.kernel.errors import ConflictError, InputError
from sanshi.kernel.money import MAX_FEN
from sanshi.ports import Record

About = Literal["enquiry", "complaint", "review", "hardship", "goods_return"]
"""An enquiry 咨询, a complaint 投诉, another look by a person 人工复核, a difficulty in paying
还款困难, or goods that are to go back 退货."""

MAX_OPEN = 5
"""How many requests of one person may be open: a form is no way to flood a desk."""

_COMPLAINT_DAYS = "complaint.days.base"


class AskLender(Command):
    """What is asked, of whom, and about which loan, if any.

    `price_fen`: of goods that are to go back, their price tag; all, if left out.
    """

    about: About
    lender: str
    text: Letter
    loan_id: str | None = None
    price_fen: Annotated[int, Field(ge=1, le=MAX_FEN)] | None = None


def _ask(world: World, actor: Actor, command: AskLender) -> Decided:
    person = read_person(world, actor.person_id)
    loan = _loan(world, actor, command)
    if command.lender not in world.catalogue.lenders:
        raise InputError("ask.lender", "There is no such lender.", field="lender")
    if len(_open(world, actor.person_id)) >= MAX_OPEN:
        raise ConflictError(
            "ask.many",
            f"{MAX_OPEN} requests are still being worked on.",
            fix="Wait for an answer to one of them.",
        )
    case_id, day = world.ids.new("cs"), world.clock.business_date()
    due = _due(world, command, day)
    details: dict[str, Json] = {
        "loan_id": command.loan_id,
        "price_fen": command.price_fen,
        "due_date": due.isoformat() if due else None,
    }
    paper = file_paper(
        world,
        entity=command.lender,
        person_id=person.person_id,
        wrapped_key=person.wrapped_key,
        kind=REQUEST,
        subject=case_id,
        content={"about": command.about, "text": command.text, **details},
    )
    row: dict[str, Cell] = {
        "case_id": case_id,
        "entity": command.lender,
        "kind": command.about,
        "subject": paper.document_id,
        "opened_on": day,
        "body": {**details, "person_id": person.person_id},
    }
    said: dict[str, Any] = {
        "about": command.about,
        "loan_id": command.loan_id,
        "price_fen": command.price_fen,
    }
    step = today(world, new("case", case_id, command.lender), "opened", **said)
    answer = {"case_id": case_id, "document_id": paper.document_id, "due_date": details["due_date"]}
    _must_be_returnable(world, command, loan)
    return Decided(answer, step + paper.effects + Effects(rows=(Insert("work_case", row),)))


def _loan(world: World, actor: Actor, command: AskLender) -> LoanFile | None:
    if command.loan_id is None:
        return None
    loan = open_file(world, command.loan_id)
    must_be_own(actor, loan.row["person_id"])
    if loan.at.entity != command.lender:
        raise InputError("ask.lender", "Another lender made this loan.", field="lender")
    return loan


def _must_be_returnable(world: World, command: AskLender, loan: LoanFile | None) -> None:
    if command.about != "goods_return":
        return
    if loan is None or loan.at.stage not in {"active", "settled"}:
        raise ConflictError(
            "loan.not_active", "Nothing was paid to the shop that could come back.", field="loan_id"
        )
    state = loan.on(world.clock.business_date())
    left_fen = purchase_of(loan)["price_fen"] - state.goods_returned_fen
    if not 0 < (command.price_fen or left_fen) <= left_fen:
        raise InputError(
            "return.too_much",
            f"Goods of {left_fen} fen by their price tag are left to return.",
            field="price_fen",
            fix=f"Send at most {left_fen}, or leave it out for all.",
        )


def _due(world: World, command: AskLender, day: date) -> date | None:
    """Return by when the law wants an answer; None where it names no time."""
    if command.about != "complaint":
        return None
    lender = world.catalogue.lenders[command.lender]
    context = Context(
        quote_date=day,
        lender_type=lender.lender_type,
        product_kind="instalment_loan",
        region=lender.region,
    )
    days = world.catalogue.rulebook.value(_COMPLAINT_DAYS, context).limit
    return day + timedelta(days=days) if isinstance(days, int) else None


def requests_of(world: World, person_id: str) -> tuple[Mapping[str, Json], ...]:
    """Return what a person has asked, newest first, each with its stage."""
    where = {"person_id": person_id, "kind": REQUEST}
    papers = world.store.rows("document", where, order_by=("document_id",), newest_first=True)
    return tuple(_request(world, row) for row in papers)


def _request(world: World, row: Record) -> dict[str, Json]:
    content = read_paper(world, row["document_id"]).content
    events = world.store.events(row["subject"])
    answer_id = events[-1].data.get("answer_id")
    return {
        "case_id": row["subject"],
        "document_id": row["document_id"],
        "lender": row["entity"],
        "stage": events[-1].stage,
        "opened_on": events[0].booking_date.isoformat(),
        "answer_id": answer_id,
        "answer": read_paper(world, str(answer_id)).content["text"] if answer_id else "",
        "answered_on": events[-1].booking_date.isoformat() if answer_id else None,
        **content,
    }


def _open(world: World, person_id: str) -> list[Record]:
    where = {"person_id": person_id, "kind": REQUEST}
    papers = world.store.rows("document", where)
    return [row for row in papers if world.store.standing(row["subject"])[1] == "open"]


ASK = Flow("ask_lender", frozenset({"consumer"}), AskLender, _ask)
