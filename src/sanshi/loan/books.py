"""What the books should say of a loan: cumulative amounts by component, nothing of accounts."""

from __future__ import annotations

from collections.abc import Mapping

from sanshi.loan.state import LoanState

CUSTOMER = "customer"


def components(state: LoanState) -> Mapping[tuple[str, str], int]:
    """Return (component, payer) → cumulative fen since the loan began.

    The ledger knows which accounts a component moves between; posting the difference to what was
    posted before brings the books to this state.
    """
    return {
        ("ordered", CUSTOMER): state.ordered_fen,
        ("disbursed", CUSTOMER): state.disbursed_fen,
        ("interest_earned", CUSTOMER): state.interest_earned_fen,
        ("penalty_earned", CUSTOMER): state.penalty_earned_fen,
        ("received", CUSTOMER): state.received_fen,
        ("principal_paid", CUSTOMER): state.principal_paid_fen,
        ("interest_paid", CUSTOMER): state.interest_paid_fen,
        ("penalty_paid", CUSTOMER): state.penalty_paid_fen,
        ("credit_returned", CUSTOMER): state.returned_fen,
        **{("subsidy_granted", funder): fen for funder, fen in state.subsidies},
    }
