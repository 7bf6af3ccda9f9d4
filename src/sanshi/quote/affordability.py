"""Affordability: what a plan takes of a person's income. Provisional until the decision."""

from __future__ import annotations

from dataclasses import dataclass

from sanshi.kernel.money import PPM, div_round
from sanshi.quote.purchase import Borrower


@dataclass(frozen=True, slots=True)
class Affordability:
    """Debt service and total debt after the loan, against income; None where income is unknown.

    Args:
        debt_service_ppm: monthly debt service with this plan over monthly income, rounded up.
        exposure_ppm: total debt with this plan over monthly income, rounded up.
    """

    monthly_payment_fen: int
    debt_service_ppm: int | None
    exposure_ppm: int | None

    def as_json(self) -> dict[str, int | None]:
        """Return the stored form."""
        return {
            "monthly_payment_fen": self.monthly_payment_fen,
            "debt_service_ppm": self.debt_service_ppm,
            "exposure_ppm": self.exposure_ppm,
        }


def affordability(
    borrower: Borrower, monthly_payment_fen: int, principal_fen: int
) -> Affordability:
    """Work out both shares for a plan whose largest instalment is `monthly_payment_fen`."""
    return Affordability(
        monthly_payment_fen,
        _share(borrower.monthly_debt_service_fen, monthly_payment_fen, borrower.monthly_income_fen),
        _share(borrower.total_debt_fen, principal_fen, borrower.monthly_income_fen),
    )


def _share(before_fen: int | None, more_fen: int, income_fen: int | None) -> int | None:
    if before_fen is None or not income_fen:
        return None
    return div_round((before_fen + more_fen) * PPM, income_fen, "up")
