"""Counter-offers 替代方案: the least debt that completes this purchase, instead of a bare no.

Never above the amount asked; a longer term only with its extra cost beside it; paying cash is
always listed. When no smaller loan would be approved either, cash is all there is to list.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal, get_args

from sanshi.kernel.dates import add_months
from sanshi.kernel.errors import InputError
from sanshi.kernel.money import check_fen, yuan
from sanshi.kernel.reasons import Reason, Scalar

OfferKind = Literal["cash", "larger_down_payment", "cheaper_item", "later", "longer_term"]
_ORDER: tuple[OfferKind, ...] = get_args(OfferKind)


@dataclass(frozen=True, slots=True)
class PlanCost:
    """What a plan costs: the highest instalment, and all interest and fees until the end."""

    instalment_fen: int
    total_cost_fen: int


PlanFor = Callable[[int, int], PlanCost | None]
"""Principal in fen, term in months → its cost, or None when no lawful plan exists."""


@dataclass(frozen=True, slots=True)
class Item:
    """A cheaper item that would serve."""

    item_id: str
    zh: str
    en: str
    price_fen: int


@dataclass(frozen=True, slots=True)
class Choices:
    """What the quote room knows to be possible.

    Args:
        step_fen: a larger down payment is looked for among whole steps of the loan.
        min_amount_fen: the least the product lends.
        longer_terms: terms in months that the product also has.
        cheaper_items: other items, with their cash prices.
    """

    step_fen: int = 10_000
    min_amount_fen: int = 10_000
    longer_terms: tuple[int, ...] = ()
    cheaper_items: tuple[Item, ...] = ()

    def __post_init__(self) -> None:
        """Refuse what cannot be searched."""
        check_fen(self.step_fen, "step_fen", low=1)
        check_fen(self.min_amount_fen, "min_amount_fen", low=1)
        for item in self.cheaper_items:
            check_fen(item.price_fen, f"cheaper_items.{item.item_id}.price_fen", low=1)
        if any(isinstance(term, bool) or term < 1 for term in self.longer_terms):
            raise InputError(
                "decision.longer_terms",
                f"{self.longer_terms} holds a term that is no whole number of months.",
                field="longer_terms",
                fix="List months from 1 upwards.",
            )


@dataclass(frozen=True, slots=True)
class Ask:
    """What was asked and not approved; `saving_fen` is what could be set aside each month."""

    price_fen: int
    amount_fen: int
    term_months: int
    business_date: date
    saving_fen: int
    max_wait_months: int

    @property
    def down_payment_fen(self) -> int:
        """What the person pays at once."""
        return self.price_fen - self.amount_fen


@dataclass(frozen=True, slots=True)
class Proposal:
    """A loan that might be approved instead."""

    principal_fen: int
    term_months: int
    instalment_fen: int
    price_fen: int


Acceptable = Callable[[Proposal], bool]


@dataclass(frozen=True, slots=True)
class CounterOffer:
    """One way to complete the purchase.

    `debt_fen` is 0 when nothing is borrowed. `extra_cost_fen` is what a longer term costs more
    than the term asked. `buy_date` is the first day to buy when waiting helps.
    """

    kind: OfferKind
    price_fen: int
    down_payment_fen: int
    debt_fen: int
    term_months: int
    instalment_fen: int
    total_cost_fen: int
    extra_cost_fen: int
    wait_months: int
    buy_date: date
    item_id: str
    words: Reason


def counter_offers(
    ask: Ask, choices: Choices, plan_for: PlanFor, acceptable: Acceptable
) -> tuple[CounterOffer, ...]:
    """Return the ways to complete the purchase, least debt first; cash is always among them."""
    search = _Search(ask, choices, plan_for, acceptable)
    if not search.any_loan():
        return (cash(ask, only=True),)
    found = (
        *search.larger_down_payment(),
        *search.cheaper_items(),
        *search.later(),
        *search.longer_term(),
    )
    return tuple(sorted((cash(ask, only=not found), *found), key=_least_debt))


def _least_debt(offer: CounterOffer) -> tuple[int, int, int, int, str]:
    kind = _ORDER.index(offer.kind)
    return offer.debt_fen, offer.total_cost_fen, kind, offer.price_fen, offer.item_id


def cash(ask: Ask, *, only: bool) -> CounterOffer:
    """Return the offer to pay at once and owe nothing."""
    code = "decision.counter.only_cash" if only else "decision.counter.cash"
    words = Reason(code, {"price": yuan(ask.price_fen)})
    return CounterOffer(
        "cash", ask.price_fen, ask.price_fen, 0, 0, 0, 0, 0, 0, ask.business_date, "", words
    )


@dataclass(frozen=True, slots=True)
class _Search:
    ask: Ask
    choices: Choices
    plan_for: PlanFor
    acceptable: Acceptable

    def any_loan(self) -> bool:
        """Say whether even the smallest loan would be approved; if not, size is not the point."""
        least_fen = min(self.choices.min_amount_fen, self.ask.amount_fen)
        terms = (self.ask.term_months, *self._longer())
        return any(self._cost(least_fen, term) is not None for term in terms)

    def larger_down_payment(self) -> Iterator[CounterOffer]:
        """Yield the largest acceptable loan below the amount asked."""
        principal_fen = self._largest_step()
        if principal_fen:
            extra_fen = self.ask.amount_fen - principal_fen
            yield from self._offer("larger_down_payment", principal_fen, extra=yuan(extra_fen))

    def cheaper_items(self) -> Iterator[CounterOffer]:
        """Yield every cheaper item that the same down payment and an acceptable loan buy."""
        for item in self.choices.cheaper_items:
            if item.price_fen >= self.ask.price_fen:
                continue
            needed_fen = item.price_fen - self.ask.down_payment_fen
            words = {"item_zh": item.zh, "item_en": item.en}
            for offer in self._offer("cheaper_item", needed_fen, item.price_fen, **words):
                yield replace(offer, item_id=item.item_id)

    def later(self) -> Iterator[CounterOffer]:
        """Yield the first month after which savings make the loan small enough, or needless."""
        ask = self.ask
        for months in range(1, ask.max_wait_months + 1 if ask.saving_fen else 1):
            needed_fen = ask.amount_fen - months * ask.saving_fen
            buy_date = add_months(ask.business_date, months)
            words: dict[str, Scalar] = {
                "saving": yuan(ask.saving_fen),
                "wait_months": months,
                "buy_date": buy_date.isoformat(),
            }
            offers = tuple(self._offer("later", needed_fen, ask.price_fen, **words))
            if offers:
                yield replace(offers[0], wait_months=months, buy_date=buy_date)
                return

    def longer_term(self) -> Iterator[CounterOffer]:
        """Yield the shortest acceptable longer term, with what it costs more."""
        asked = self.plan_for(self.ask.amount_fen, self.ask.term_months)
        if asked is None:
            return
        for term in self._longer():
            cost = self._cost(self.ask.amount_fen, term)
            if cost is not None:
                extra_fen = cost.total_cost_fen - asked.total_cost_fen
                offer = self._loan(
                    "longer_term",
                    self.ask.price_fen,
                    self.ask.amount_fen,
                    term,
                    cost=cost,
                    words={"extra_cost": yuan(extra_fen)},
                )
                yield replace(offer, extra_cost_fen=extra_fen)
                return

    def _longer(self) -> tuple[int, ...]:
        terms = {term for term in self.choices.longer_terms if term > self.ask.term_months}
        return tuple(sorted(terms))

    def _largest_step(self) -> int:
        """Return the largest acceptable whole step below the amount asked, or 0.

        Bisection keeps `low` acceptable and `high` not, so that where they meet the next step up
        is known to fail: exact whenever less debt is never less acceptable.
        """
        step_fen = self.choices.step_fen
        low = -(-self.choices.min_amount_fen // step_fen)
        high = -(-self.ask.amount_fen // step_fen)
        if low >= high or not self._step_fits(low):
            return 0
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (middle, high) if self._step_fits(middle) else (low, middle)
        return low * step_fen

    def _step_fits(self, steps: int) -> bool:
        return self._cost(steps * self.choices.step_fen, self.ask.term_months) is not None

    def _cost(
        self, principal_fen: int, term_months: int, price_fen: int | None = None
    ) -> PlanCost | None:
        """Return the cost of a plan that would be approved, or None."""
        cost = self.plan_for(principal_fen, term_months)
        if cost is None:
            return None
        price_fen = self.ask.price_fen if price_fen is None else price_fen
        proposal = Proposal(principal_fen, term_months, cost.instalment_fen, price_fen)
        return cost if self.acceptable(proposal) else None

    def _offer(
        self, kind: OfferKind, needed_fen: int, price_fen: int | None = None, **words: Scalar
    ) -> Iterator[CounterOffer]:
        """Yield an offer of `needed_fen`: nothing borrowed at or below 0, else if acceptable."""
        price_fen = self.ask.price_fen if price_fen is None else price_fen
        term = self.ask.term_months
        if needed_fen <= 0:
            yield self._loan(kind, price_fen, 0, 0, cost=PlanCost(0, 0), words=words)
        elif needed_fen >= self.choices.min_amount_fen:
            cost = self._cost(needed_fen, term, price_fen)
            if cost is not None:
                yield self._loan(kind, price_fen, needed_fen, term, cost=cost, words=words)

    def _loan(
        self,
        kind: OfferKind,
        price_fen: int,
        debt_fen: int,
        term_months: int,
        *,
        cost: PlanCost,
        words: dict[str, Scalar],
    ) -> CounterOffer:
        values: dict[str, Scalar] = {
            "price": yuan(price_fen),
            "down_payment": yuan(price_fen - debt_fen),
            "debt": yuan(debt_fen),
            "term_months": term_months,
            "instalment": yuan(cost.instalment_fen),
            "total_cost": yuan(cost.total_cost_fen),
        }
        return CounterOffer(
            kind,
            price_fen,
            price_fen - debt_fen,
            debt_fen,
            term_months,
            cost.instalment_fen,
            cost.total_cost_fen,
            0,
            0,
            self.ask.business_date,
            "",
            Reason(f"decision.counter.{kind}", values | words),
        )
