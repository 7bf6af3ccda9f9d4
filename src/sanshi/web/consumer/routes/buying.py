"""Routes from the shop's checkout to the answer: declarations, plans, consents, the decision."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter
from fastapi.responses import Response

from sanshi.flows.consents import GRANT, WITHDRAW, grants_of
from sanshi.flows.own import OWN_QUOTE
from sanshi.flows.quoting import QUOTE
from sanshi.flows.sessions import CHOOSE_CASH, VIEW_SESSION, session_at
from sanshi.kernel.errors import ConflictError, NotFoundError
from sanshi.web.consumer import addresses as at
from sanshi.web.consumer.arriving import arrived, ended, paid_elsewhere
from sanshi.web.consumer.checkout import CASH, checkout
from sanshi.web.consumer.consents import consents, read_consents
from sanshi.web.consumer.declare import Declare, declare, read_declarations
from sanshi.web.consumer.doors import problem
from sanshi.web.consumer.routes.deciding import applied
from sanshi.web.consumer.routes.visit import (
    Recognised,
    RecognisedForm,
    Visit,
    Visitor,
    VisitorForm,
)
from sanshi.web.forms import Filled
from sanshi.web.serving.visiting import is_ours

router = APIRouter()

OPEN = "open"
MAX_SKUS = 3


@router.get(at.arrival("{link}"))
def arrive(link: str, visit: Visitor) -> Response:
    """Show a shop's checkout, or how it ended."""
    session = _session(visit, link)
    if session["stage"] != OPEN:
        return visit.show(ended(visit.reader, session))
    return visit.speaking(session["language"]).show(arrived(visit.reader, session, link))


@router.post(at.arrival_cash("{link}"))
def pay_shop(link: str, visit: VisitorForm) -> Response:
    """Tell the shop that its buyer pays in full."""
    session = _session(visit, link)
    if session["stage"] == OPEN:
        visit.do(CHOOSE_CASH, session_id=session["session_id"])
    return visit.go(at.arrival(link))


@router.get(at.arrival_plans("{link}"))
def declare_for_shop(link: str, visit: Recognised) -> Response:
    """Ask what a quote for a shop's checkout needs to know."""
    session = _session(visit, link)
    if session["stage"] != OPEN:
        return visit.go(at.arrival(link))
    return visit.show(_declare(visit, session, link))


@router.post(at.arrival_plans("{link}"))
def quote_for_shop(link: str, visit: RecognisedForm) -> Response:
    """Quote what the shop asked for."""
    session = _session(visit, link)
    declared, errors = read_declarations(visit.reader, visit.form)
    if errors:
        return visit.show(_declare(visit, session, link, Filled(visit.form, errors)), 422)
    things = [
        {"sku": item["sku"], "down_payment_fen": item["down_payment_fen"]}
        for item in session["items"]
    ]
    bought = {"session_id": session["session_id"], "merchant": session["merchant"]}
    return _quoted(visit, {**declared, **bought, **things[0], "also": things[1:]})


@router.get(at.purchase("{merchant}", "{sku}"))
def declare_here(merchant: str, sku: str, visit: Recognised) -> Response:
    """Ask the same for something of a shop that has sent nobody."""
    return visit.show(declare(visit.reader, merchant, _skus(visit, merchant, sku)))


@router.post(at.purchase("{merchant}", "{sku}"))
def quote_here(merchant: str, sku: str, visit: RecognisedForm) -> Response:
    """Quote it."""
    skus = _skus(visit, merchant, sku)
    declared, errors = read_declarations(visit.reader, visit.form)
    if errors:
        view = declare(visit.reader, merchant, skus, Filled(visit.form, errors))
        return visit.show(view, 422)
    also = [{"sku": one} for one in skus[1:]]
    return _quoted(visit, {**declared, "merchant": merchant, "sku": sku, "also": also})


@router.get(at.checkout("{quote_id}"))
def choose(quote_id: str, visit: Recognised) -> Response:
    """Show the ways to pay."""
    seen = visit.do(OWN_QUOTE, quote_id=quote_id)
    if over := _over(visit, seen):
        return over
    return visit.show(checkout(visit.reader, seen["quote"], visit.request.query_params))


@router.post(at.cash("{quote_id}"))
def pay_in_full(quote_id: str, visit: RecognisedForm) -> Response:
    """Borrow nothing."""
    seen = visit.do(OWN_QUOTE, quote_id=quote_id)
    if seen["session"] is None:
        view = paid_elsewhere(visit.reader, seen["merchant"])
        return visit.show(view, path=at.checkout(quote_id))
    link = seen["session"]["link"]
    if _session(visit, link)["stage"] == OPEN:
        visit.do(CHOOSE_CASH, session_id=session_at(visit.world, link))
    return visit.go(at.arrival(link))


@router.get(at.consents("{quote_id}"))
def ask_consent(quote_id: str, visit: Recognised) -> Response:
    """Ask for what the chosen plans need."""
    seen = visit.do(OWN_QUOTE, quote_id=quote_id)
    if over := _over(visit, seen):
        return over
    chosen = _chosen(seen["quote"], visit.request.query_params)
    if not _plans(chosen):
        return visit.go(at.checkout(quote_id, chosen))
    grants = grants_of(visit.world, visit.actor.person_id)
    return visit.show(consents(visit.reader, seen["quote"], chosen, grants))


@router.post(at.consents("{quote_id}"))
def agree_and_apply(quote_id: str, visit: RecognisedForm) -> Response:
    """Give the consents that were ticked, apply, and have it decided."""
    seen = visit.do(OWN_QUOTE, quote_id=quote_id)
    if over := _over(visit, seen):
        return over
    quote, chosen = seen["quote"], _chosen(seen["quote"], visit.form)
    plans = _plans(chosen)
    if not plans:
        return visit.go(at.checkout(quote_id, chosen))
    grants = grants_of(visit.world, visit.actor.person_id)
    held = {
        one.purpose
        for one in consents(visit.reader, quote, chosen, grants).consents
        if one.held_until
    }
    ticked, stated, errors = read_consents(visit.reader, visit.form, held)
    if errors:
        filled = Filled(visit.form, errors)
        view = consents(visit.reader, quote, chosen, grants, filled)
        return visit.show(view, 422)
    for purpose in ticked:
        if purpose not in held:
            _grant(visit, purpose, _lender(quote, plans))
    return applied(visit, quote_id, plans, stated)


@router.post(at.withdraw("{consent_id}"))
def withdraw(consent_id: str, visit: RecognisedForm) -> Response:
    """End a consent today."""
    visit.do_once(WITHDRAW, consent_id=consent_id)
    back = visit.form.get("back", "")
    return visit.go(back if is_ours(back) else at.MINE)


def _over(visit: Visit, seen: Mapping[str, Any]) -> Response | None:
    """Lead on from a quote that was applied for, or that no longer stands; None: it is open."""
    if seen["application_id"]:
        return visit.go(at.application(seen["application_id"]))
    if seen["stands"]:
        return None
    asked = seen["quote"]["asked"]
    skus = (asked["sku"], *(one["sku"] for one in asked["also"]))
    link = seen["session"]["link"] if seen["session"] else ""
    again = at.arrival_plans(link) if link else at.purchase(asked["merchant"], *skus)
    expired = ConflictError("quote.expired", "This quote no longer stands.")
    return visit.show(problem(visit.reader, expired, again), expired.status, at.LOANS)


def _session(visit: Visit, link: str) -> Mapping[str, Any]:
    return visit.do(VIEW_SESSION, session_id=session_at(visit.world, link))


def _declare(
    visit: Visit, session: Mapping[str, Any], link: str, filled: Filled | None = None
) -> Declare:
    skus = tuple(item["sku"] for item in session["items"])
    return declare(visit.reader, session["merchant"], skus, filled, link)


def _skus(visit: Visit, merchant: str, first: str) -> tuple[str, ...]:
    """Return what is bought; an address that names what no shop sells leads nowhere."""
    skus = (first, *visit.request.query_params.getlist("also"))
    shop = visit.reader.catalogue.merchants.get(merchant)
    sold = {good.sku for good in shop.goods} if shop else set()
    if not sold.issuperset(skus) or len(set(skus)) < len(skus) or len(skus) > MAX_SKUS:
        raise NotFoundError("purchase.unknown", "No shop here sells this.", field="sku")
    return skus


def _quoted(visit: Visit, request: Mapping[str, Any]) -> Response:
    answer = visit.do_once(QUOTE, person_id=visit.actor.person_id, **request)
    return visit.go(at.checkout(str(answer["quote_id"])))


def _chosen(quote: Mapping[str, Any], sent: Mapping[str, str]) -> dict[str, str]:
    """Return what is chosen so far, as far as the quote knows it."""
    quotes = {"plan": quote} | {f"also.{other['sku']}": other for other in quote["also"]}
    known = {name: {CASH, *(plan["key"] for plan in one["plans"])} for name, one in quotes.items()}
    return {name: sent[name] for name in quotes if sent.get(name) in known[name]}


def _plans(chosen: Mapping[str, str]) -> dict[str, str]:
    """Return the plans among the choices."""
    return {name: key for name, key in chosen.items() if key != CASH}


def _lender(quote: Mapping[str, Any], plans: Mapping[str, str]) -> str:
    """Return the lender of the chosen plans, who the consents are for."""
    keys = set(plans.values())
    quotes = [quote, *quote["also"]]
    return next(
        str(plan["lender"]) for one in quotes for plan in one["plans"] if plan["key"] in keys
    )


def _grant(visit: Visit, purpose: str, lender: str) -> None:
    request = {"person_id": visit.actor.person_id, "purpose": purpose, "recipient": lender}
    visit.do(GRANT, **request, ticked=True)
