"""Check a chosen plan again 复核: at the offer, at signing and before money goes out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sanshi.benefit.interest import Agreement
from sanshi.benefit.lines import Stack
from sanshi.catalogue.rules import Stage
from sanshi.flows.loans import LoanFile
from sanshi.flows.papers import read_paper
from sanshi.flows.parts import part_of, seen_from, signed_for
from sanshi.flows.people import read_person
from sanshi.flows.quoting import QuotePurchase, borrower_of, purchases_of
from sanshi.flows.world import World
from sanshi.kernel.dates import parse_date
from sanshi.kernel.effects import Json
from sanshi.kernel.errors import NotFoundError
from sanshi.ports import Record
from sanshi.quote.benefits import Subsidy, agreement_of, interest_benefit, subsidy_of
from sanshi.quote.bundle import beside
from sanshi.quote.certificate import Certificate, certify
from sanshi.quote.observe import context_of, observe
from sanshi.quote.purchase import Borrower, Candidate
from sanshi.quote.quote import costs_of
from sanshi.quote.terms import LoanTerms


@dataclass(frozen=True, slots=True)
class Moment:
    """When and how far along a plan is checked again.

    Args:
        stage: `quote` for the offer, `sign`, or `disburse`.
        steps: steps of the online confirmation that have been seen to happen.
        signed_on: the day of signing, once there is one.
        own_fen: what this very loan already counts among the borrower's live credit.
    """

    stage: Stage
    steps: frozenset[str] = frozenset()
    signed_on: date | None = None
    own_fen: int = 0


def certified_again(
    world: World, application: Record, asked: Mapping[str, Any], moment: Moment
) -> Certificate:
    """Return today's certificate of the plan in an application."""
    today = world.clock.business_date()
    candidate = candidate_of(world, application, asked, own_fen=moment.own_fen)
    if moment.stage == "quote":
        candidate = replace(candidate, purchase=replace(candidate.purchase, quoted_on=today))
    rows = candidate.terms.schedule_from(today)
    disclosure = costs_of(candidate.product, candidate.terms, rows)
    context = context_of(
        candidate,
        moment.stage,
        signed_on=today if moment.stage == "sign" else moment.signed_on,
        disbursed_on=today if moment.stage == "disburse" else None,
    )
    subsidy = subsidy_of(world.catalogue, candidate, context, rows)
    claimed = subsidy if isinstance(subsidy, Subsidy) else None
    observed = observe(candidate, disclosure, moment.steps, claimed)
    return certify(world.catalogue.rulebook, observed, context)


def agreed_subsidy(world: World, loan: LoanFile, spent_on: date, spent_fen: int) -> Json:
    """Return what a loan may earn under the rules of the day its money is spent; None: nothing.

    `spent_fen` is what was really paid out: a limit on large sums is about that.
    """
    application, asked = application_of(world, loan)
    candidate = candidate_of(world, application, asked)
    candidate = replace(candidate, terms=replace(candidate.terms, principal_fen=spent_fen))
    benefit = interest_benefit(world.catalogue, candidate)
    if benefit is None:
        return None
    context = context_of(
        candidate, "disburse", signed_on=loan.events[0].value_date, disbursed_on=spent_on
    )
    agreement = agreement_of(world.catalogue, benefit, candidate, context)
    return agreement.as_json() if isinstance(agreement, Agreement) else None


def application_of(world: World, loan: LoanFile) -> tuple[Record, dict[str, Any]]:
    """Return the application behind a loan, and what was asked, seen from the loan's part."""
    contract = world.store.row("contract", contract_id=loan.row["contract_id"])
    if contract is None:
        raise NotFoundError("contract.unknown", "The loan's contract is gone.")
    application = world.store.row("application", application_id=contract["application_id"])
    if application is None:
        raise NotFoundError("application.unknown", "The contract's application is gone.")
    asked = read_paper(world, application["document_id"]).content
    return application, seen_from(asked, part_of(world, contract))


def candidate_of(
    world: World, application: Record, asked: Mapping[str, Any], *, own_fen: int = 0
) -> Candidate:
    """Put the plan of a part together again, as it was quoted, from what is in force.

    The buyer owes what is lent already, and what the other parts still to be signed will lend.
    """
    command = quoted_for(asked["declared"])
    plan = asked["plan"]
    lender = world.catalogue.lenders[plan["lender"]]
    borrower = borrower_of(world, read_person(world, application["person_id"]), command)
    quoted_on = parse_date(asked["quoted_on"], "quoted_on")
    bought = {purchase.good.sku: purchase for purchase in purchases_of(world, command)}
    alone = Candidate(
        purchase=replace(bought[asked["sku"]], quoted_on=quoted_on),
        borrower=_without(borrower, lender.id, own_fen),
        lender=lender,
        product=world.catalogue.products[plan["product"]],
        terms=LoanTerms.from_json(plan["terms"]),
        stack=Stack.from_json(plan["benefits"]),
    )
    return beside(alone, _to_come(world, application, asked))


def quoted_for(declared: Mapping[str, Any]) -> QuotePurchase:
    """Return the request of the quote behind an application."""
    return QuotePurchase.model_validate(
        {k: v for k, v in declared.items() if k in QuotePurchase.model_fields}
    )


def _to_come(
    world: World, application: Record, asked: Mapping[str, Any]
) -> Iterator[tuple[str, int]]:
    """Return lender and principal of each other part that is not a loan yet.

    One that is a loan is among the buyer's live credit as long as it is owed.
    """
    others = asked["also"]
    signed = signed_for(world, application["application_id"]) if others else {}
    for other in others:
        if other["sku"] not in signed:
            yield other["plan"]["lender"], other["plan"]["terms"]["principal_fen"]


def _without(borrower: Borrower, lender: str, own_fen: int) -> Borrower:
    live = dict(borrower.live_credit_fen)
    live[lender] = live.get(lender, 0) - own_fen
    return replace(borrower, live_credit_fen=live)
