"""Personas: invented buyers（虚构）who do their part at the lender in a known way, in a sandbox.

They go the way of any buyer, through the same flows, and are decided on by the same rules: what
comes of it follows from what the sandbox's sources say of them.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from sanshi.connectors.clock import Moving
from sanshi.connectors.sandbox.control import SandboxControl
from sanshi.connectors.sandbox.persons import PERSONS
from sanshi.flows.applying import APPLY
from sanshi.flows.asking import ASK
from sanshi.flows.consents import GRANT
from sanshi.flows.contracts import OFFER, SERVE, SIGN
from sanshi.flows.deciding import DECIDE
from sanshi.flows.goods_back import purchase_of
from sanshi.flows.identify import IDENTIFY
from sanshi.flows.loans import open_file
from sanshi.flows.perform import perform
from sanshi.flows.quoting import QUOTE
from sanshi.flows.sessions import CHOOSE_CASH, VIEW_SESSION
from sanshi.flows.vouchers import ISSUE, holder_of
from sanshi.flows.world import Actor, World
from sanshi.kernel.errors import ConflictError
from sanshi.party.identity import check_digit

SYSTEM = Actor("sandbox", "system")
_BOTH = ("credit_report", "housing_fund")


@dataclass(frozen=True, slots=True)
class Persona:
    """Who somebody is, and how they behave.

    Args:
        full_name: one of the persons that the sandbox's identity verifier knows, or anybody
            else's, who then gets a number and a mobile of their own.
        consents: what they agree to; without any they pay in full.
        fault: what goes wrong at the rail when they are paid for, if anything.
        poor: their account is empty, so nothing can be collected from it.
        coupon: they have a trade-in voucher for what they buy, where there is one: `fresh`, or
            `spent`, because they have used one of its kind this year.
        returns: once the money is with the shop, they ask it to take half of the goods back.
    """

    name: str
    en: str
    full_name: str
    consents: tuple[str, ...] = _BOTH
    fault: tuple[str, str] | None = None
    poor: bool = False
    coupon: Literal["", "fresh", "spent"] = ""
    returns: bool = False


PERSONAS: Mapping[str, Persona] = {
    persona.name: persona
    for persona in (
        Persona("approve", "is approved and signs", "林小满"),
        Persona("decline", "is declined: too much debt service", "周立夏"),
        Persona("refer", "is referred to a person", "沈谷雨"),
        Persona("opt_out", "agrees to nothing and pays in full", "林小满", ()),
        Persona("hardship", "signs, and cannot pay when it is due", "苏小雪", poor=True),
        Persona(
            "rail_timeout",
            "signs; the rail does not answer the payment at first",
            "林小满",
            fault=("submit", "timeout_after"),
        ),
        Persona("coupon", "has a trade-in voucher and uses it", "何夏至", coupon="fresh"),
        Persona("coupon_exhausted", "has used this year's voucher up", "何夏至", coupon="spent"),
        Persona(
            "partial_refund",
            "signs; once captured, asks for half of it to be taken back",
            "林小满",
            returns=True,
        ),
    )
}


_BODY = "99000019880712007"
_UNKNOWN = {"id_number": _BODY + check_digit(_BODY), "mobile": "16100000007"}
"""Of somebody whom the sandbox's verifier does not know beforehand."""


@dataclass(frozen=True, slots=True)
class Stage:
    """What a persona needs around it: the world, its time, and the sandbox's controls."""

    world: World
    time: Moving
    outside: SandboxControl
    days: threading.Lock = field(default_factory=threading.Lock)
    """Held while days pass: they pass one after the other, whoever asks for them."""


def complete(stage: Stage, session_id: str, persona: Persona) -> Mapping[str, Any]:
    """Let a persona go through a checkout session; returns how the session stands after it."""
    world = stage.world
    session = perform(world, SYSTEM, VIEW_SESSION, {"session_id": session_id})
    if not persona.consents:
        return perform(world, Actor("visitor", "consumer"), CHOOSE_CASH, {"session_id": session_id})
    who = _person(world, persona)
    if persona.returns and session["authorizations"]:
        return _asks_to_return(world, who, session)
    if persona.coupon:
        _gets_coupon(stage, who, persona, session)
    if _buys(stage, who, persona, _quoted(world, who, session), session_id):
        _after(stage, who, persona)
    return perform(world, SYSTEM, VIEW_SESSION, {"session_id": session_id})


def _buys(
    stage: Stage, who: Actor, persona: Persona, quote: Mapping[str, Any], device: str
) -> bool:
    """Choose, agree, apply and sign; says whether it came to that."""
    world = stage.world
    first, also = _chosen(quote)
    _agreed(world, who, persona, first["lender"])
    applied = perform(
        world,
        who,
        APPLY,
        {
            "quote_id": quote["quote_id"],
            "plan_key": first["key"],
            "also": also,
            "job_months": 60,
            "device": f"sandbox-{persona.name}-{device}",
            "device_tampered": False,
        },
    )
    decided = perform(world, SYSTEM, DECIDE, dict(applied))
    if decided["outcome"] != "approved":
        return False
    for sku in (quote["sku"], *also):
        _signed(stage, who, applied["application_id"], sku)
    return True


def _gets_coupon(stage: Stage, who: Actor, persona: Persona, session: Mapping[str, Any]) -> None:
    """Give the buyer a voucher for what they buy; a spent one pays for a purchase before."""
    world = stage.world
    goods = {good.sku: good for good in world.catalogue.merchants[session["merchant"]].goods}
    for item in session["items"]:
        good = goods[item["sku"]]
        for benefit in world.catalogue.benefits.values():
            category = good.attributes.get("category")
            fits = category in benefit.goods.get("category", ()) and (
                good.scenario in benefit.scenarios
            )
            if benefit.entitlement != "voucher" or not fits:
                continue
            given = {"person_id": who.person_id, "benefit": benefit.id, "category": category}
            perform(world, SYSTEM, ISSUE, given)
            if persona.coupon == "spent" and not _has_used(world, who, given):
                before = _quoted(world, who, {**session, "session_id": None, "items": [item]})
                _buys(stage, who, persona, before, f"before-{session['session_id']}")
                perform(world, SYSTEM, ISSUE, given)


def _has_used(world: World, who: Actor, given: Mapping[str, Any]) -> bool:
    scheme = world.catalogue.benefits[given["benefit"]].scheme or ""
    return holder_of(world, who.person_id).used[(scheme, given["category"])] > 0


def _asks_to_return(world: World, who: Actor, session: Mapping[str, Any]) -> Mapping[str, Any]:
    """Ask the shop to take half of the first thing back; the shop hears of it by a notice."""
    loan_id = session["authorizations"][0]
    loan = open_file(world, loan_id)
    half_fen = purchase_of(loan)["price_fen"] // 2
    asked = {"about": "goods_return", "lender": loan.at.entity, "loan_id": loan_id}
    perform(world, who, ASK, {**asked, "text": "退回一半", "price_fen": half_fen})
    return session


def _person(world: World, persona: Persona) -> Actor:
    elements = {"full_name": persona.full_name, **_UNKNOWN}
    for person in PERSONS:
        if person.full_name == persona.full_name:
            elements = asdict(person)
    answer = perform(world, SYSTEM, IDENTIFY, elements)
    return Actor("sandbox", "consumer", person_id=answer["person_id"])


def _quoted(world: World, who: Actor, session: Mapping[str, Any]) -> Mapping[str, Any]:
    bought = [
        {"sku": item["sku"], "down_payment_fen": item["down_payment_fen"]}
        for item in session["items"]
    ]
    request = {
        "person_id": who.person_id,
        "session_id": session["session_id"],
        "merchant": session["merchant"],
        **bought[0],
        "also": bought[1:],
        "student": False,
        "monthly_income_fen": 1_500_000,
        "monthly_debt_service_fen": 100_000,
        "total_debt_fen": 1_000_000,
    }
    quote = perform(world, who, QUOTE, request)
    if not quote["plans"]:
        raise ConflictError(
            "sandbox.no_plan",
            "No lender may offer a plan for this purchase.",
            field="session_id",
            fix="Open a session for something else, or for a smaller amount.",
        )
    return quote


def _chosen(quote: Mapping[str, Any]) -> tuple[Mapping[str, Any], dict[str, str]]:
    """Return the first plan, and for each other thing the first of the same lender."""
    first: Mapping[str, Any] = quote["plans"][0]
    also = {}
    for other in quote["also"]:
        same = [plan["key"] for plan in other["plans"] if plan["lender"] == first["lender"]]
        if same:
            also[other["sku"]] = same[0]
    return first, also


def _agreed(world: World, who: Actor, persona: Persona, lender: str) -> None:
    for purpose in persona.consents:
        request = {"person_id": who.person_id, "purpose": purpose, "recipient": lender}
        perform(world, who, GRANT, {**request, "ticked": True})


def _signed(stage: Stage, who: Actor, application_id: str, sku: str) -> None:
    world = stage.world
    offer = perform(world, who, OFFER, {"application_id": application_id, "sku": sku})
    if not offer["offered"]:
        return
    served = perform(world, who, SERVE, {"contract_id": offer["contract_id"]})
    stage.time.move(seconds=served["reading_seconds"])  # a persona reads as long as it must
    confirmed = {"content_hash": served["content_hash"], "confirmed": True}
    perform(world, who, SIGN, {"contract_id": offer["contract_id"], **confirmed})


def _after(stage: Stage, who: Actor, persona: Persona) -> None:
    if persona.fault is not None:
        at, kind = persona.fault
        stage.outside.queue_fault(at, kind)  # type: ignore[arg-type] # the sandbox checks the words
    stage.outside.set_accounts({f"acct:{who.person_id}": 0 if persona.poor else None})
