"""Authorizations 授权: a signed loan as the shop sees it, until the money is there or it is void.

The shop sees what it will receive and has to do. What the buyer pays for credit, and how the
lender came to its answer, is none of its business.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import Field

from sanshi.benefit.lines import Line
from sanshi.flows.disbursing import last_day, paid_out
from sanshi.flows.goods_back import purchase_of
from sanshi.flows.loans import LoanFile, booked, file_of, open_file
from sanshi.flows.orders import GOODS_RETURN
from sanshi.flows.parts import part_of
from sanshi.flows.people import must_be_own
from sanshi.flows.redeeming import owed_fen
from sanshi.flows.returning import RETURN_GOODS, ReturnGoods
from sanshi.flows.steps import standing, today
from sanshi.flows.vouchers import released
from sanshi.flows.world import Actor, Command, Decided, Flow, World
from sanshi.kernel.effects import Effects, Json
from sanshi.kernel.errors import ConflictError, NotFoundError
from sanshi.kernel.money import MAX_FEN
from sanshi.ports import Record

_STAGES = {
    "pending": "authorized",
    "disbursing": "capturing",
    "disbursement_unknown": "capturing",
    "active": "captured",
    "settled": "captured",
    "written_off": "captured",
    "transferred": "captured",
    "cancelled": "voided",
}
"""Stage of a loan → what the shop calls it."""

_REFUNDS = {"succeeded": "succeeded", "settled": "succeeded", "failed": "failed"}
"""Stage of a payment → how far the refund is; any other is pending."""


class OneAuthorization(Command):
    """The authorization that is meant: a loan's id."""

    authorization_id: str


class Capture(Command):
    """What has been handed over: goods of this much by their price tags; all, if left out."""

    authorization_id: str
    price_fen: Annotated[int, Field(ge=1, le=MAX_FEN)] | None = None


class RefundGoods(Command):
    """What came back, by the price tags; everything that is left, if the price is left out."""

    authorization_id: str
    price_fen: Annotated[int, Field(ge=1, le=MAX_FEN)] | None = None


class Void(Command):
    """The authorization that is given up, and by whom."""

    authorization_id: str
    because: Literal["given_up", "expired"] = "given_up"


class OneRefund(Command):
    """The refund that is meant: a payment's id."""

    refund_id: str


def _view(world: World, actor: Actor, command: OneAuthorization) -> Decided:
    return Decided(seen(world, _theirs(world, actor, command.authorization_id)))


def _capture(world: World, actor: Actor, command: Capture) -> Decided:
    loan = _theirs(world, actor, command.authorization_id)
    _must_be(loan, "authorized")
    decided = paid_out(world, loan, command.price_fen)
    # Why the lender may not pay today is between the lender and its supervisor.
    told = ("ordered", "payment_id", "amount_fen", "settles_on")
    answer = {name: decided.answer[name] for name in told if name in decided.answer}
    return Decided({"authorization_id": loan.loan_id, **answer}, decided.effects)


def _void(world: World, actor: Actor, command: Void) -> Decided:
    loan = _theirs(world, actor, command.authorization_id)
    _must_be(loan, "authorized")
    day = world.clock.business_date()
    if command.because == "expired" and day <= last_day(world, loan):
        raise ConflictError(
            "authorization.not_yet",
            f"It may be paid out until {last_day(world, loan)}.",
            field="authorization_id",
        )
    event = loan.at.step(
        "cancelled",
        value_date=day,
        booking_date=day,
        data={"because": command.because, "by": actor.role},
    )
    contract_id = loan.row["contract_id"]
    contract = today(world, standing(world, "contract", contract_id, loan.at.entity), "cancelled")
    effects = booked(world, loan, (event,)) + contract + _released(world, loan)
    return Decided({"authorization_id": loan.loan_id, "stage": "voided"}, effects)


def _refund_goods(world: World, actor: Actor, command: RefundGoods) -> Decided:
    loan = _theirs(world, actor, command.authorization_id)
    _must_be(loan, "captured")
    asked = ReturnGoods(loan_id=loan.loan_id, price_fen=command.price_fen)
    decided = RETURN_GOODS.decide(world, actor, asked)
    payment_id = decided.answer["payment_id"]
    answer = {
        "refund_id": payment_id or decided.answer["line_id"],
        "authorization_id": loan.loan_id,
        # What comes off the next settlement has been refunded already.
        "stage": "pending" if payment_id else "succeeded",
        "amount_fen": decided.answer["refund_fen"],
        "price_fen": decided.answer["returned_fen"],
    }
    return Decided(answer, decided.effects)


_NOW: Mapping[str, str] = {
    "authorized": "Capture what was handed over, or void it.",
    "capturing": "Wait until the payment is there; a notice says so.",
    "captured": "Refund what came back; one capture ends an authorization.",
    "voided": "Ask the buyer to check out again.",
}
"""What can be done at each stage, as a shop sees it."""


def _must_be(loan: LoanFile, stage: str) -> None:
    """Refuse in the shop's own words: how a loan goes on after its capture is not for the shop."""
    now = _STAGES[loan.at.stage]
    if now != stage:
        raise ConflictError(
            "authorization.wrong_stage",
            f"This authorization is {now}, not {stage}.",
            field="authorization_id",
            fix=_NOW[now],
        )


def _released(world: World, loan: LoanFile) -> Effects:
    stack = purchase_of(loan).get("benefits")
    effects = Effects()
    for line in (Line.from_json(stored) for stored in (stack["lines"] if stack else ())):
        if line.certainty == "held" and line.voucher_id:
            effects = effects + released(world, loan.row["person_id"], line)
    return effects


def _view_refund(world: World, actor: Actor, command: OneRefund) -> Decided:
    line = world.store.row("settlement_line", line_id=command.refund_id)
    if line is not None and line["kind"] == "refund":
        loan = _theirs(world, actor, line["source"], ("refund", "refund_id"))
        return Decided(next(r for r in netted_refunds(loan) if r["refund_id"] == line["line_id"]))
    row = world.store.row("payment", payment_id=command.refund_id)
    if row is None or row["purpose"] != GOODS_RETURN:
        raise NotFoundError("refund.unknown", "There is no such refund.", field="refund_id")
    _theirs(world, actor, row["subject"], ("refund", "refund_id"))
    return Decided(_refund(world, row))


def seen(world: World, loan: LoanFile) -> dict[str, Json]:
    """Return an authorization as the shop sees it; amounts in fen.

    `amount_fen` is what the lender pays the shop for the whole; `owed_by_funders_fen` is what
    others owe it for benefits given at the checkout, paid through the platform.
    """
    bought = purchase_of(loan)
    contract = world.store.row("contract", contract_id=loan.row["contract_id"])
    refunds = world.store.rows(
        "payment", {"subject": loan.loan_id, "purpose": GOODS_RETURN}, order_by=("payment_id",)
    )
    amount_fen = loan.terms.principal_fen
    captured = _captured(loan)
    return {
        "authorization_id": loan.loan_id,
        "session_id": loan.row["session_id"],
        "merchant": loan.row["merchant"],
        "lender": loan.at.entity,
        "stage": "voided" if _lapsed(world, loan) else _STAGES[loan.at.stage],
        "sku": part_of(world, contract) if contract else "",
        "price_fen": bought["price_fen"],
        "amount_fen": amount_fen,
        "paid_by_buyer_fen": bought["net_price_fen"] - amount_fen,
        "given_by_shop_fen": bought["price_fen"]
        - bought["net_price_fen"]
        - _agreed_fen(world, bought),
        "owed_by_funders_fen": owed_fen(world, loan.loan_id)
        if captured
        else _agreed_fen(world, bought),
        "captured_price_fen": bought["price_fen"] - captured["withheld_price_fen"]
        if captured
        else 0,
        "captured_fen": amount_fen - captured["withheld_fen"] if captured else 0,
        "authorized_on": loan.events[0].value_date.isoformat(),
        "expires_on": last_day(world, loan).isoformat(),
        "refunds": [*(_refund(world, row) for row in refunds), *netted_refunds(loan)],
    }


def _lapsed(world: World, loan: LoanFile) -> bool:
    return loan.at.stage == "pending" and last_day(world, loan) < world.clock.business_date()


def _captured(loan: LoanFile) -> dict[str, int] | None:
    for event in loan.events:
        if event.kind == "disbursed":
            return {n: event.data.get(n, 0) for n in ("withheld_price_fen", "withheld_fen")}
    return None


def _agreed_fen(world: World, bought: dict[str, Any]) -> int:
    stack = bought.get("benefits")
    lines = (Line.from_json(stored) for stored in (stack["lines"] if stack else ()))
    funded = (part for line in lines if line.reduces_price for part in line.funded)
    return sum(fen for funder, fen in funded if funder in world.catalogue.funders)


def _refund(world: World, row: Record) -> dict[str, Json]:
    events = world.store.events(row["payment_id"])
    return {
        "refund_id": row["payment_id"],
        "authorization_id": row["subject"],
        "stage": _REFUNDS.get(events[-1].stage, "pending"),
        "amount_fen": row["amount_fen"],
        "price_fen": events[0].data["returned_fen"],
        "ordered_on": row["ordered_on"].isoformat(),
    }


def netted_refunds(loan: LoanFile) -> list[dict[str, Json]]:
    """Return the refunds that come off what the shop is owed, oldest first."""
    return [
        {
            "refund_id": event.data["line_id"],
            "authorization_id": loan.loan_id,
            "stage": "succeeded",
            "amount_fen": event.data["amount_fen"],
            "price_fen": event.data["returned_fen"],
            "ordered_on": event.booking_date.isoformat(),
        }
        for event in loan.events
        if event.kind == "repaid" and "line_id" in event.data
    ]


def _theirs(
    world: World, actor: Actor, loan_id: str, named: tuple[str, str] = ("authorization", "")
) -> LoanFile:
    """Return the loan, if it is one of the caller's; else it is as if there were none."""
    kind, field = named
    unknown = NotFoundError(
        f"{kind}.unknown", f"There is no such {kind}.", field=field or f"{kind}_id"
    )
    if world.store.row("loan", loan_id=loan_id) is None:
        raise unknown
    loan = open_file(world, loan_id)
    if actor.role == "merchant" and actor.entity != loan.row["merchant"]:
        raise unknown
    must_be_own(actor, loan.row["person_id"])
    if actor.role == "servicing" and actor.entity != loan.at.entity:
        raise unknown
    return loan


def lapsed(world: World, loans: Iterable[Record], day: date) -> list[str]:
    """Return the ids of signed loans that no shop may have paid out any more."""
    known = (row for row in loans if row["entity"] in world.catalogue.lenders)
    return [row["loan_id"] for row in known if last_day(world, file_of(world, row)) < day]


VIEW_AUTHORIZATION = Flow(
    "view_authorization", frozenset({"merchant", "servicing"}), OneAuthorization, _view
)
CAPTURE = Flow("capture", frozenset({"merchant"}), Capture, _capture)
VOID = Flow("void_authorization", frozenset({"merchant", "consumer", "system"}), Void, _void)
REFUND = Flow("refund_goods", frozenset({"merchant"}), RefundGoods, _refund_goods)
VIEW_REFUND = Flow("view_refund", frozenset({"merchant", "servicing"}), OneRefund, _view_refund)
