"""What a quote never does by itself, put to the certificate: signing, torn tables, greedy claims.

Each stands on a plan that a quote did make. A claim above what is to be had is refused by engine
and oracle alike.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction

from peers.law.costs import annual_costs
from peers.law.deals import COST_TABLE, Deal, InterestSubsidy
from quote.described import ENTRIES, STEPS, of_interest_subsidy, of_trade_in
from quote.drafts import YUAN, Draft
from quote.earnings import Earned, claim_of
from quote.engine import Answer, monthly_fen, number_of, swapped, trade_ins
from sanshi.catalogue.catalogue import Catalogue
from sanshi.catalogue.context import Context
from sanshi.quote.certificate import Certificate, certify
from sanshi.quote.observe import context_of, observe
from sanshi.quote.quote import costs_of

PPM_OF_ONE = Fraction(1, 1_000_000)


@dataclass(frozen=True, slots=True)
class Asked:
    """A certificate that was asked for directly; a greedy one claims more than is to be had."""

    about: str
    name: str
    certificate: Certificate
    deal: Deal
    greedy: bool = False


def asked(law: Catalogue, draft: Draft, found: tuple[Answer, ...]) -> Iterator[Asked]:
    """Give what the certificate is asked about a purchase, beyond its quote."""
    if draft.signed_on is not None:
        yield from (_signed(law, draft, one) for one in found)
    if draft.table != COST_TABLE or not draft.on_page:
        yield from (_torn(law, draft, one) for one in found)
    if draft.swap is not None:
        yield from _swaps(law, found[0])
    if draft.earning is not None:
        yield from _interest(law, found[0])


def _observed(answer: Answer) -> dict[str, object]:
    """Measure a plan as its quote does, without its claims of public money."""
    candidate = answer.candidate
    rows = candidate.terms.schedule_from(answer.part.on)
    return dict(observe(candidate, costs_of(candidate.product, candidate.terms, rows)))


def _asked(  # noqa: PLR0917 - what a certificate is made of
    law: Catalogue,
    about: str,
    answer: Answer,
    more: Mapping[str, object],
    deal: Deal,
    context: Context | None = None,
) -> Asked:
    seen = {**_observed(answer), **more}
    certificate = certify(law.rulebook, seen, context or context_of(answer.candidate))
    return Asked(about, f"{answer.name}, {about}", certificate, deal)


def _signed(law: Catalogue, draft: Draft, answer: Answer) -> Asked:
    """Sign it, at times days later: its schedule and cost are those of the day of signing."""
    day, candidate = draft.signed_on or draft.on, answer.candidate
    rows = candidate.terms.schedule_from(day)
    costs = costs_of(candidate.product, candidate.terms, rows)
    steps = frozenset(STEPS[step] for step in draft.steps)
    nominal, effective = annual_costs(answer.deal.amount_fen, monthly_fen(candidate.terms, day))
    deal = replace(
        answer.deal,
        on=day,
        quoted_on=draft.on,
        signing=True,
        steps=draft.steps,
        nominal_cost=nominal,
        effective_cost=effective,
    )
    context = context_of(candidate, "sign", signed_on=day)
    return _asked(law, "signing", answer, observe(candidate, costs, steps), deal, context)


def _torn(law: Catalogue, draft: Draft, answer: Answer) -> Asked:
    """Leave an entry out of the cost table, or the table off the payment page."""
    more: dict[str, object] = {
        "disclosure.fields": frozenset(ENTRIES[entry] for entry in draft.table)
    }
    if not draft.on_page:
        more["disclosure.places"] = frozenset()
    deal = replace(answer.deal, cost_table=draft.table, table_on_payment_page=draft.on_page)
    return _asked(law, "torn table", answer, more, deal)


def _swaps(law: Catalogue, answer: Answer) -> Iterator[Asked]:
    """Claim a fen more than the line gives; where there is none, a fen.

    A claim above the price itself is left out: no notice speaks of it, and the packs have no rule.
    """
    given = [line.amount_fen for line in trade_ins(answer.stack)]
    claim = swapped(answer.part, max(given, default=0) + 1)
    if claim is None or claim.amount_fen > claim.price_fen:
        return
    deal = replace(answer.deal, interest_subsidy=None, trade_in=claim)
    yield replace(_asked(law, "trade-in claim", answer, of_trade_in(claim), deal), greedy=True)


Twist = Callable[[InterestSubsidy], InterestSubsidy]
TWISTS: Mapping[str, Twist] = {
    "rate": lambda one: replace(one, rate=Fraction(1, 100) + PPM_OF_ONE),
    "share": lambda one: replace(one, rate=one.contract_rate / 2 + PPM_OF_ONE),
    "borrower": lambda one: replace(one, granted_fen=3_000 * YUAN + 1),
    "transaction": lambda one: replace(one, transaction_fen=500 * YUAN + 1),
    "small tickets": lambda one: replace(one, small_tickets_fen=1_000 * YUAN + 1),
    "base": lambda one: replace(one, base_fen=50_000 * YUAN + 1),
    "field": lambda one: replace(one, large_ticket=True, field="jewellery"),
    "card": lambda one: replace(one, card_instalment=True),
    "unlisted": lambda one: replace(one, listed=False, rating="3B"),
    "as it is": lambda one: one,
}
"""What is changed about a claim. Some are allowed since 2026: the oracle knows which."""


def _interest(law: Catalogue, answer: Answer) -> Iterator[Asked]:
    """Claim what the plan foresees, and then more than any rule allows, one rule at a time."""
    rows = answer.candidate.terms.schedule_from(answer.part.on)
    earned = Earned.of(answer.part, answer.offer, answer.deal, rows)
    given = [one.amount_fen for one in answer.stack.lines if one.kind == "interest_subsidy"]
    claim = claim_of(answer.part, number_of(answer.candidate), earned, max(given, default=0))
    # A rate is needed to speak of a share of it.
    claim = replace(claim, contract_rate=claim.contract_rate or PPM_OF_ONE)
    for name, twist in TWISTS.items():
        twisted = twist(claim)
        deal = replace(answer.deal, interest_subsidy=twisted)
        one = _asked(law, "interest claim", answer, of_interest_subsidy(twisted), deal)
        greedy = name in {"rate", "share", "borrower"}
        yield replace(one, name=f"{one.name}: {name}", greedy=greedy)
