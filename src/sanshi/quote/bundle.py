"""A bundle 组合购买: goods bought together, such as a petrol car and its plate, a quote for each.

What one part borrows counts against the other at the same lender, so that no two plans shown
together break a limit that spans them: earlier parts come first, later ones see what the earlier
may borrow, and the vouchers they use are gone. `choose` then certifies the plans really chosen,
each beside exactly the others.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sanshi.benefit.lines import Stack
from sanshi.benefit.stack import Holder
from sanshi.catalogue.catalogue import Catalogue
from sanshi.kernel.errors import InputError
from sanshi.quote.affordability import Affordability, affordability
from sanshi.quote.plan import Plan, Withheld
from sanshi.quote.purchase import Borrower, Candidate, Purchase
from sanshi.quote.quote import Quote, make_quote, plan_of


@dataclass(frozen=True, slots=True)
class Bundle:
    """One quote for each good, in the order asked for. Each part may also be paid in full."""

    quotes: tuple[Quote, ...]
    pack_hash: str

    @property
    def in_full_fen(self) -> int:
        """What all parts cost without credit."""
        return sum(quote.benefits.net_price_fen for quote in self.quotes)

    def as_json(self) -> dict[str, Any]:
        """Return the stored form."""
        return {
            "quotes": [quote.as_json() for quote in self.quotes],
            "without_credit": {"total_fen": self.in_full_fen},
            "pack_hash": self.pack_hash,
        }

    def led_by_first(self) -> dict[str, Any]:
        """Return the first part's quote with the others beside it: one thing looks as it did."""
        first, *others = self.quotes
        return {
            **first.as_json(),
            "also": [quote.as_json() for quote in others],
            "bundle": {"without_credit": {"total_fen": self.in_full_fen}},
        }


def make_bundle(catalogue: Catalogue, purchases: Sequence[Purchase], borrower: Borrower) -> Bundle:
    """Quote each purchase as part of the whole; nothing is preselected."""
    if len({purchase.quoted_on for purchase in purchases}) != 1:
        raise InputError(
            "quote.bundle",
            "A bundle is one or more purchases quoted on one day.",
            field="purchases",
            fix="Send every part with the same `quoted_on`.",
        )
    bought = [(purchase.merchant.id, purchase.good.sku) for purchase in purchases]
    if len(set(bought)) < len(bought):
        raise InputError(
            "quote.same_twice",
            f"The same thing stands twice in one purchase: {', '.join(sku for _, sku in bought)}.",
            field="also",
            fix="Ask for a quote of its own for each further piece.",
        )
    quotes: list[Quote] = []
    for number, purchase in enumerate(purchases):
        others = (*purchases[:number], *purchases[number + 1 :])
        part = replace(purchase, of_bundle=tuple(other.good for other in others))
        buyer = _owing(_having_used(borrower, quotes), map(_most_lent, quotes))
        quotes.append(make_quote(catalogue, part, buyer))
    return Bundle(tuple(quotes), catalogue.pack_hash)


def choose(
    catalogue: Catalogue, bundle: Bundle, keys: Sequence[str | None], borrower: Borrower
) -> tuple[Plan | Withheld | None, ...]:
    """Certify one plan a part by its key, each beside exactly the others; None: paid in full."""
    plans = [_plan(quote, key) for quote, key in zip(bundle.quotes, keys, strict=True)]
    chosen: list[Plan | Withheld | None] = []
    for number, (quote, plan) in enumerate(zip(bundle.quotes, plans, strict=True)):
        if plan is None:
            chosen.append(None)
            continue
        others = (*plans[:number], *plans[number + 1 :])
        alone = Candidate(
            purchase=quote.purchase,
            borrower=borrower,
            lender=catalogue.lenders[plan.lender],
            product=catalogue.products[plan.product],
            terms=plan.terms,
            stack=quote.benefits,
        )
        lent = [(one.lender, one.terms.principal_fen) for one in others if one is not None]
        chosen.append(plan_of(catalogue, beside(alone, lent)))
    return tuple(chosen)


def beside(part: Candidate, lent: Iterable[tuple[str, int]]) -> Candidate:
    """Return a part as if what others borrow, by lender, were owed already."""
    return replace(part, borrower=_owing(part.borrower, ({one: fen} for one, fen in lent)))


def bundle_affordability(plans: Sequence[Plan], borrower: Borrower) -> Affordability:
    """Work out both shares for plans together: largest instalments and principals add up."""
    return affordability(
        borrower,
        sum(plan.affordability.monthly_payment_fen for plan in plans),
        sum(plan.terms.principal_fen for plan in plans),
    )


def _plan(quote: Quote, key: str | None) -> Plan | None:
    if key is None:
        return None
    for plan in quote.plans:
        if plan.key == key:
            return plan
    raise InputError(
        "quote.plan",
        f"The quote for {quote.purchase.good.sku} has no plan {key!r}.",
        field="keys",
        fix=f"Offered: {', '.join(plan.key for plan in quote.plans) or 'none'}.",
    )


def _most_lent(quote: Quote) -> Mapping[str, int]:
    """Return the largest principal among a quote's plans, by lender."""
    most: dict[str, int] = {}
    for plan in quote.plans:
        most[plan.lender] = max(most.get(plan.lender, 0), plan.terms.principal_fen)
    return most


def _having_used(borrower: Borrower, quotes: Iterable[Quote]) -> Borrower:
    """Return the buyer without the vouchers that other parts use: a voucher is used once."""
    for quote in quotes:
        borrower = replace(borrower, holder=_after(borrower.holder, quote.benefits))
    return borrower


def _after(holder: Holder, stack: Stack) -> Holder:
    lines = [line for line in stack.lines if line.reduces_price and line.voucher_id]
    gone = {line.voucher_id for line in lines}
    used = Counter(holder.used)
    used.update((line.scheme, line.category) for line in lines)
    return Holder(tuple(v for v in holder.vouchers if v.voucher_id not in gone), used)


def _owing(borrower: Borrower, lent: Iterable[Mapping[str, int]]) -> Borrower:
    """Return the buyer as if what other parts borrow were owed already."""
    live = dict(borrower.live_credit_fen)
    for one in lent:
        for lender, fen in one.items():
            live[lender] = live.get(lender, 0) + fen
    return replace(borrower, live_credit_fen=live)
