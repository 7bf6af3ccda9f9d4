"""Check a chosen plan again 复核: at the offer, at signing and before money goes out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from sanshi.catalogue.rules import Stage
from sanshi.flows.people import read_person
from sanshi.flows.quoting import QuotePurchase, borrower_of, purchase_of
from sanshi.flows.world import World
from sanshi.kernel.dates import parse_date
from sanshi.ports import Record
from sanshi.quote.certificate import Certificate, certify
from sanshi.quote.observe import context_of, observe
from sanshi.quote.purchase import Borrower, Candidate
from sanshi.quote.quote import costs_of
from sanshi.quote.terms import LoanTerms


def certified_again(
    world: World,
    application: Record,
    asked: Mapping[str, Any],
    stage: Stage,
    *,
    confirmation_steps: frozenset[str] = frozenset(),
    own_fen: int = 0,
) -> Certificate:
    """Return today's certificate of the plan in an application.

    `own_fen` is what this very loan already counts among the borrower's live credit.
    """
    command = QuotePurchase.model_validate(
        {k: v for k, v in asked["declared"].items() if k in QuotePurchase.model_fields}
    )
    plan = asked["plan"]
    lender = world.catalogue.lenders[plan["lender"]]
    candidate = Candidate(
        purchase=replace(
            purchase_of(world, command), quoted_on=parse_date(asked["quoted_on"], "quoted_on")
        ),
        borrower=_without(
            borrower_of(world, read_person(world, application["person_id"]), command),
            lender.id,
            own_fen,
        ),
        lender=lender,
        product=world.catalogue.products[plan["product"]],
        terms=LoanTerms.from_json(plan["terms"]),
    )
    today = world.clock.business_date()
    rows = candidate.terms.schedule_from(today)
    disclosure = costs_of(candidate.product, candidate.terms, rows)
    observed = observe(candidate, disclosure, confirmation_steps)
    return certify(world.catalogue.rulebook, observed, context_of(candidate, stage, today))


def _without(borrower: Borrower, lender: str, own_fen: int) -> Borrower:
    live = dict(borrower.live_credit_fen)
    live[lender] = live.get(lender, 0) - own_fen
    return replace(borrower, live_credit_fen=live)
