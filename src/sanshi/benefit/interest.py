"""The fiscal interest subsidy 财政贴息: who may have it, and what a period's interest earns.

Subsidy = interest × the lower of its own rate and a share of the contract rate, on the principal
that counts. Which version holds follows from the day of spending 消费日; interest after that
version's last day earns nothing. Caps span loans and periods: a grant takes from each of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any, Literal

from sanshi.benefit.figures import Law, weights_of
from sanshi.catalogue.benefits import Benefit, Cap, Eligibility
from sanshi.catalogue.operators import rated_at_least
from sanshi.catalogue.products import Lender
from sanshi.kernel.errors import ImpossibleError
from sanshi.kernel.money import PPM, split_fen
from sanshi.kernel.reasons import Reason
from sanshi.kernel.schedules import Interest

PRODUCT_CLASSES: Mapping[str, str] = {
    "instalment_loan": "personal_consumption_loan",
    "credit_line": "personal_consumption_loan",
    "card_instalment": "credit_card_bill_instalment",
}
"""Kind of product → its class in the subsidy's rules; a lease or a card account has none."""


@dataclass(frozen=True, slots=True)
class Limit:
    """A ceiling that a grant takes from: which account, for whom, and how much in all."""

    account: str
    per: Literal["borrower", "small_tickets", "transaction"]
    limit_fen: int


@dataclass(frozen=True, slots=True)
class Agreement:
    """What one loan may earn of the subsidy; stored with the loan when its money is spent.

    Args:
        rate_ppm: annual rate of the subsidy on this loan.
        base_fen: principal that counts, of `principal_fen` lent.
        last_day: interest after this day earns nothing.
        large_ticket: whether the spending reaches the large-ticket threshold, where there is one.
        weights: funders and their weights.
    """

    benefit: str
    product_class: str
    rate_ppm: int
    contract_rate_ppm: int
    base_fen: int
    principal_fen: int
    last_day: date
    large_ticket: bool
    limits: tuple[Limit, ...]
    weights: tuple[tuple[str, int], ...]

    def earned_fen(self, interest: Interest) -> int:
        """Return what a stretch of interest earns, rounded down: never more than the law gives."""
        top = interest.numerator * self.rate_ppm * self.base_fen
        return top // (interest.denominator * self.contract_rate_ppm * self.principal_fen)

    def funded(self, amount_fen: int) -> tuple[tuple[str, int], ...]:
        """Split a grant among the funders, exactly."""
        parts = split_fen(amount_fen, [weight for _, weight in self.weights])
        pairs = zip(self.weights, parts, strict=True)
        return tuple((funder, part) for (funder, _), part in pairs if part)

    def as_json(self) -> dict[str, Any]:
        """Return the stored form."""
        return {
            **asdict(self),
            "last_day": self.last_day.isoformat(),
            "limits": [asdict(limit) for limit in self.limits],
            "weights": [[funder, weight] for funder, weight in self.weights],
        }

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Agreement:
        """Read the stored form."""
        changes = {
            "last_day": date.fromisoformat(stored["last_day"]),
            "limits": tuple(Limit(**limit) for limit in stored["limits"]),
            "weights": tuple((funder, weight) for funder, weight in stored["weights"]),
        }
        return cls(**{**stored, **changes})


@dataclass(frozen=True, slots=True)
class Loan:
    """A loan as the subsidy's rules see it. `field`: the field of consumption of its purchase."""

    lender: Lender
    product_kind: str
    principal_fen: int
    rate_ppm: int
    field: str


def agree(law: Law, benefit: Benefit, loan: Loan) -> Agreement | Reason:
    """Say what a loan may earn under the rules of the day its money is spent, or why nothing."""
    rules = benefit.eligibility
    if rules is None or benefit.share is None or benefit.rate_share is None:
        raise ImpossibleError("benefit.incomplete", f"{benefit.id} is no interest subsidy.")
    share = law.whole(benefit.rate_share)
    rate = law.whole(benefit.share)
    if isinstance(rate, Reason):
        return rate
    if isinstance(share, Reason):
        return share
    product_class = PRODUCT_CLASSES.get(loan.product_kind, "")
    barred = _product_barred(law, rules, product_class) or _lender_barred(law, rules, loan.lender)
    if barred is not None:
        return barred
    threshold = law.whole(rules.large_ticket)
    large = isinstance(threshold, int) and loan.principal_fen >= threshold
    if large and not _field_covered(law, rules, loan.field):
        return Reason("benefit.field_not_covered", {"field": loan.field})
    rate_ppm = min(rate, loan.rate_ppm * share // PPM)
    if rate_ppm == 0:
        return Reason("benefit.nothing", {})
    return Agreement(
        benefit=benefit.id,
        product_class=product_class,
        rate_ppm=rate_ppm,
        contract_rate_ppm=loan.rate_ppm,
        base_fen=min(loan.principal_fen, threshold)
        if isinstance(threshold, int)
        else loan.principal_fen,
        principal_fen=loan.principal_fen,
        last_day=law.until(benefit.share) or date.max,
        large_ticket=large,
        limits=_limits(law, benefit, loan.lender.id, large=large),
        weights=weights_of(law, benefit.funders, ""),
    )


def _product_barred(law: Law, rules: Eligibility, product_class: str) -> Reason | None:
    covered = law.tree(rules.products)
    if isinstance(covered, Reason):
        return covered
    if isinstance(covered, frozenset) and product_class in covered:
        return None
    return Reason("benefit.product_not_covered", {})


def _lender_barred(law: Law, rules: Eligibility, lender: Lender) -> Reason | None:
    """A lender on the central list is covered; any other by its rating, while that is allowed."""
    if lender.on_subsidy_list:
        return None
    if law.tree(rules.lenders) is True:
        return Reason("benefit.lender_not_listed", {})
    lowest = law.tree(rules.lowest_rating)
    if isinstance(lowest, Reason):
        return lowest
    rating = lender.supervisory_rating
    if rating is not None and isinstance(lowest, str) and rated_at_least(rating, lowest):
        return None
    return Reason("benefit.lender_rating", {"lowest": str(lowest)})


def _field_covered(law: Law, rules: Eligibility, field: str) -> bool:
    fields = law.codes(rules.large_ticket_fields)
    return fields is None or field in fields


def _limits(law: Law, benefit: Benefit, lender: str, *, large: bool) -> tuple[Limit, ...]:
    found = (_limit(law, benefit, cap, lender) for cap in benefit.caps)
    return tuple(
        limit for limit in found if limit is not None and not (large and limit.per == _SMALL)
    )


_SMALL = "small_tickets"


def _limit(law: Law, benefit: Benefit, cap: Cap, lender: str) -> Limit | None:
    """Return a cap in force; its account counts the period of this very version."""
    limit = law.whole(cap.figure)
    if isinstance(limit, Reason):
        return None
    account = f"{benefit.id}:{lender}:{cap.per}:{law.since(cap.figure)}"
    return Limit(account, cap.per, limit)


def room_fen(limits: Iterable[Limit], taken: Mapping[str, int]) -> int | None:
    """Return what may still be granted under every limit; None: there is no limit."""
    rooms = [limit.limit_fen - taken.get(limit.account, 0) for limit in limits]
    return max(min(rooms), 0) if rooms else None


def foreseen(
    agreement: Agreement, interest: Iterable[Interest], taken: Mapping[str, int]
) -> tuple[int, ...]:
    """Return what each period earns if all is paid as agreed, until the room is used up."""
    left = room_fen(agreement.limits, taken)
    given = []
    for one in interest:
        earned = agreement.earned_fen(one)
        granted = earned if left is None else min(earned, left)
        left = None if left is None else left - granted
        given.append(granted)
    return tuple(given)
