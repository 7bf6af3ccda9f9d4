"""The result 审批结果: approved, declined or referred, with reasons in words and a way forward.

Made from the answer of `decide_application` and from what was applied for.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Literal

from sanshi.documents.findings import Check
from sanshi.kernel.reasons import Reason, say
from sanshi.web.consumer import addresses as at
from sanshi.web.consumer.withheld import failures
from sanshi.web.reader import Reader

EMPTY: Mapping[str, str] = {}

Outcome = Literal["approved", "referred", "declined"]


@dataclass(frozen=True, slots=True)
class Offer:
    """A way to complete the purchase after all; `debt_fen` is 0 where nothing is borrowed."""

    kind: str
    text: str
    debt_fen: int
    price_fen: int


@dataclass(frozen=True, slots=True)
class Thing:
    """A thing applied for, whose contract can be made out; `loan`: where it is, once signed."""

    sku: str
    name: str
    loan: str


@dataclass(frozen=True, slots=True)
class Result:
    """The page. The first reason leads; of a decline the others say what it rests on.

    `document_id` is of the decision's paper, whose receipt proves what was decided.
    """

    template: ClassVar[str] = "result"

    application_id: str
    document_id: str
    outcome: Outcome
    again: str
    approved_fen: int
    reasons: tuple[str, ...]
    offers: tuple[Offer, ...]
    things: tuple[Thing, ...]
    lenders: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Refused:
    """No contract after all: rules checked again on the day no longer allow it."""

    template: ClassVar[str] = "refused"

    failures: tuple[Check, ...]
    again: str
    lenders: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Waiting:
    """An application that nobody has decided yet, as some outside system was silent."""

    template: ClassVar[str] = "waiting"

    application_id: str
    lenders: tuple[str, ...]


def result(
    reader: Reader,
    decided: Mapping[str, Any],
    asked: Mapping[str, Any],
    signed: Mapping[str, str] = EMPTY,
    link: str = "",
) -> Result:
    """Make the page from what was `decided`, as `see_own_application` tells it, and what was asked.

    `asked` has `application_id`, `merchant`, `sku`, `plan` and `also` as the paper stores them;
    `signed` gives the loan of each thing whose contract was signed, `link` the shop's checkout.
    """
    parts = [asked, *asked["also"]]
    return Result(
        application_id=asked["application_id"],
        document_id=decided["document_id"],
        outcome=decided["outcome"],
        again=_again(asked, link),
        approved_fen=decided["approved_fen"],
        reasons=tuple(_words(reader, reason) for reason in decided["reasons"]),
        offers=tuple(
            Offer(
                kind=offer["kind"],
                text=_words(reader, offer["words"]),
                debt_fen=offer["debt_fen"],
                price_fen=offer["price_fen"],
            )
            for offer in decided["counter_offers"]
        ),
        things=tuple(
            Thing(
                part["sku"],
                reader.name(reader.good(asked["merchant"], part["sku"])),
                at.loan(signed[part["sku"]]) if part["sku"] in signed else "",
            )
            for part in parts
        ),
        lenders=(reader.lender(asked["plan"]["lender"]),),
    )


def refused(
    reader: Reader, certificate: Mapping[str, Any], asked: Mapping[str, Any], link: str = ""
) -> Refused:
    """Make the page from the certificate of an answer with `offered` or `signed` false."""
    return Refused(
        failures=failures(reader, certificate),
        again=_again(asked, link),
        lenders=(reader.lender(asked["plan"]["lender"]),),
    )


def _again(asked: Mapping[str, Any], link: str) -> str:
    """Return where another quote for the same things is asked for."""
    if link:
        return at.arrival_plans(link)
    return at.purchase(asked["merchant"], asked["sku"], *(part["sku"] for part in asked["also"]))


def _words(reader: Reader, stored: Mapping[str, Any]) -> str:
    reason = Reason(stored["code"], stored["values"])
    return say(reason, reader.catalogue.texts, reader.language)
