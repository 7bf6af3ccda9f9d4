"""What interest earns of the fiscal interest subsidy, worked out once more from the notices.

Of the engine only the payments of a plan are taken. Interest counts up to the last day of the
version under which the money is spent, and so much of the principal as the version counts.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from math import floor

from peers.law.deals import CARD_INSTALMENT, LOAN, Deal, InterestSubsidy
from peers.law.subsidies import FIRST_DAY, LAST_DAY, LAST_OF_2025
from quote.drafts import YUAN, Draft, Earning, Offer
from sanshi.kernel.schedules import Instalment

LARGE_FEN = 50_000 * YUAN
POINT, HALF = Fraction(1, 100), Fraction(1, 2)
YEARS = {"30/360": 360, "act/360": 360, "act/365": 365}


@dataclass(frozen=True, slots=True)
class Earned:
    """A loan as the notices see it, and what each of its periods earns before any cap.

    `interest` is what counts of each period's interest on the principal that counts.
    """

    contract: Fraction
    listed: bool
    rating: str
    card: bool
    covered_kind: bool
    base_fen: int
    large: bool
    interest: tuple[Fraction, ...]

    @classmethod
    def of(cls, draft: Draft, offer: Offer, deal: Deal, rows: Sequence[Instalment]) -> Earned:
        """Work it out."""
        in_2025 = FIRST_DAY <= draft.on <= LAST_OF_2025
        lent_fen = deal.amount_fen
        base_fen = min(lent_fen, LARGE_FEN) if in_2025 else lent_fen
        last_day = LAST_OF_2025 if draft.on <= LAST_OF_2025 else LAST_DAY
        share = Fraction(base_fen, lent_fen)
        return cls(
            contract=Fraction(offer.rate_ppm, 1_000_000),
            listed=offer.listed,
            rating=offer.rating or "5",
            card=deal.kind == CARD_INSTALMENT,
            covered_kind=deal.kind in {LOAN, CARD_INSTALMENT},
            base_fen=base_fen,
            large=in_2025 and lent_fen >= LARGE_FEN,
            interest=tuple(share * one for one in _counted(offer, rows, last_day)),
        )

    @property
    def rate(self) -> Fraction:
        """One point a year, at most half the contract rate."""
        return min(POINT, self.contract * HALF)

    @property
    def in_all_fen(self) -> int:
        """What all periods earn, each in whole fen."""
        if not self.contract:
            return 0
        return sum(floor(one * self.rate / self.contract) for one in self.interest)


def _counted(offer: Offer, rows: Sequence[Instalment], last_day: date) -> Iterator[Fraction]:
    """Give the interest of each period that counts; of the one that is cut, by days."""
    end = last_day + timedelta(days=1)
    for row in rows:
        if row.due_date <= end:
            yield Fraction(row.interest_fen)
        else:
            days = max(_days(row.start_date, end, offer.day_count), 0)
            yield (
                Fraction(row.opening_fen * offer.rate_ppm * days, 1_000_000)
                / YEARS[offer.day_count]
            )


def _days(start: date, end: date, day_count: str) -> int:
    if day_count != "30/360":
        return (end - start).days
    months = (end.year - start.year) * 12 + end.month - start.month
    return months * 30 + min(end.day, 30) - min(start.day, 30)


def claim_of(draft: Draft, number: int, earned: Earned, amount_fen: int) -> InterestSubsidy:
    """Describe a claim of an amount: its rate is what the amount is of the interest that counts.

    Only with the lender of offer 0 was anything granted before.
    """
    earning = draft.earning or Earning()
    before_fen = earning.taken_fen if number == 0 else 0
    small_fen = earning.small_taken_fen if number == 0 else 0
    counted = sum(earned.interest)
    return InterestSubsidy(
        rate=amount_fen * earned.contract / counted if counted else Fraction(0),
        contract_rate=earned.contract,
        granted_fen=before_fen + amount_fen,
        transaction_fen=amount_fen,
        small_tickets_fen=0 if earned.large else small_fen + amount_fen,
        base_fen=earned.base_fen,
        large_ticket=earned.large,
        field=earning.field,
        listed=earned.listed,
        rating=earned.rating,
        card_instalment=earned.card,
    )
