"""What the books should say of a loan: cumulative amounts by component, nothing of accounts."""

from __future__ import annotations

from collections.abc import Mapping

from sanshi.loan.state import Left, LoanState

CUSTOMER = "customer"


def components(state: LoanState) -> Mapping[tuple[str, str], int]:
    """Return (component, payer) → cumulative fen since the loan began.

    The ledger knows which accounts a component moves between; posting the difference to what was
    posted before brings the books to this state. A component that once stood in the books and is
    not named any more falls to nothing.
    """
    sums = {
        "ordered": state.ordered_fen,
        "disbursed": state.disbursed_fen,
        "interest_earned": state.interest_earned_fen,
        "penalty_earned": state.penalty_earned_fen,
        "received": state.received_fen - state.netted_fen,
        "principal_paid": state.principal_paid_fen,
        "interest_paid": state.interest_paid_fen,
        "penalty_paid": state.penalty_paid_fen,
        "credit_returned": state.returned_fen,
        **(_left(state.left) if state.left else {}),
    }
    return {
        **{(component, CUSTOMER): fen for component, fen in sums.items()},
        **{("subsidy_granted", funder): fen for funder, fen in state.subsidies},
        **(_with_the_shop(state) if state.payable_to else {}),
    }


def _with_the_shop(state: LoanState) -> dict[tuple[str, str], int]:
    """Return what stands between a loan and a shop that is paid later."""
    return {
        ("owed_to_merchant", state.payable_to): state.owed_to_merchant_fen,
        ("refund_netted", state.payable_to): state.netted_fen,
    }


def _left(left: Left) -> dict[str, int]:
    """Return what a loan that left the books took along."""
    sums = {
        f"{left.how}_principal": left.principal_fen,
        f"{left.how}_interest": left.interest_fen,
        f"{left.how}_penalty": left.penalty_fen,
    }
    match left.how:
        case "written_off":
            return sums | {"recovered": left.recovered_fen}
        case "transferred":
            return sums | {
                "transfer_loss": left.total_fen - left.price_fen,
                "transfer_price_paid": left.paid_fen,
            }
