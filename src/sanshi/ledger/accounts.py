"""The chart of accounts and the legs of each component."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Side = Literal["debit", "credit"]


@dataclass(frozen=True, slots=True)
class Account:
    """A general-ledger account of one lender and the side on which it normally stands."""

    normal: Side
    zh: str
    en: str


ACCOUNTS: Mapping[str, Account] = {
    "bank_deposit": Account("debit", "存放银行款项", "Deposit at bank"),
    "rail_clearing": Account("debit", "支付通道清算", "Rail clearing"),
    "disbursement_in_transit": Account("debit", "在途放款", "Disbursement in transit"),
    "customer_loan": Account("debit", "贷款本金", "Customer loans"),
    "interest_receivable": Account("debit", "应收利息", "Interest receivable"),
    "penalty_receivable": Account("debit", "应收罚息", "Penalty receivable"),
    "funder_receivable": Account("debit", "应收资金方补贴款", "Receivable from funders"),
    "overpayment": Account("credit", "客户溢缴款", "Customer overpayment payable"),
    "merchant_payable": Account("credit", "应付商户款", "Payable to merchants"),
    "suspense": Account("credit", "暂收款", "Suspense"),
    "interest_income": Account("credit", "利息收入", "Interest income"),
    "penalty_income": Account("credit", "罚息收入", "Penalty income"),
    "loan_loss_allowance": Account("credit", "贷款损失准备", "Allowance for loan losses"),
    "transfer_receivable": Account("debit", "应收贷款转让款", "Receivable for loans sold"),
    "transfer_result": Account("debit", "贷款转让损益", "Result of loans sold"),
}

LEGS: Mapping[str, tuple[str, str]] = {
    "ordered": ("disbursement_in_transit", "rail_clearing"),
    "disbursed": ("customer_loan", "disbursement_in_transit"),
    "interest_earned": ("interest_receivable", "interest_income"),
    "penalty_earned": ("penalty_receivable", "penalty_income"),
    "received": ("rail_clearing", "overpayment"),
    "principal_paid": ("overpayment", "customer_loan"),
    "interest_paid": ("overpayment", "interest_receivable"),
    "penalty_paid": ("overpayment", "penalty_receivable"),
    "credit_returned": ("overpayment", "rail_clearing"),
    "subsidy_granted": ("funder_receivable", "interest_receivable"),
    "benefit_given": ("funder_receivable", "merchant_payable"),
    "claim_paid": ("rail_clearing", "funder_receivable"),
    "merchant_paid": ("merchant_payable", "rail_clearing"),
    "settled_out": ("rail_clearing", "bank_deposit"),
    "settled_in": ("bank_deposit", "rail_clearing"),
    "unmatched_in": ("rail_clearing", "suspense"),
    "written_off_principal": ("loan_loss_allowance", "customer_loan"),
    "written_off_interest": ("loan_loss_allowance", "interest_receivable"),
    "written_off_penalty": ("loan_loss_allowance", "penalty_receivable"),
    "recovered": ("overpayment", "loan_loss_allowance"),
    "transferred_principal": ("transfer_receivable", "customer_loan"),
    "transferred_interest": ("transfer_receivable", "interest_receivable"),
    "transferred_penalty": ("transfer_receivable", "penalty_receivable"),
    "transfer_loss": ("transfer_result", "transfer_receivable"),
    "transfer_price_paid": ("bank_deposit", "transfer_receivable"),
}
"""Component → (debit, credit).

Every receipt passes through the customer's overpayment account and leaves it as it is used, so
what stays there is exactly the customer's money that we still hold.
"""
