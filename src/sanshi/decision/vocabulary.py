"""The features that a lender's rules and scorecard may use, with their words."""

from __future__ import annotations

from collections.abc import Mapping

from sanshi.catalogue.vocabulary import PURPOSES
from sanshi.decision.features import Feature, Registry, registry
from sanshi.kernel.money import PPM

CREDIT_REPORT = "credit_report"
"""Consent to query the credit bureau 征信查询授权; without it nothing can be decided."""

HOUSING_FUND = "housing_fund"
"""Consent to use housing fund and income tax data 公积金、个税数据授权; optional: whoever keeps
them back is scored as at worst, and on their declared income."""

_MAX_MONTHS = 1200
_MAX_DAYS = 36_500
_MAX_COUNT = 10_000
RATIO_CAP_PPM = 1_000_000 * PPM
"""Ratios to income stop here; it also stands for a ratio to no income at all."""

MONTHS_CAP = 1_000_000
"""The same for debt in months of income."""

INCOME_EVIDENCE: Mapping[str, tuple[str, str]] = {
    "tax": ("个税记录", "income tax record"),
    "payroll": ("代发工资记录", "payroll record"),
    "bank_statement": ("银行流水", "bank statement"),
    "declared": ("本人申报", "own statement"),
}
"""What the income rests on. `declared` means declared_income_fen counts, any other
verified_income_fen: one of the two, so that leaving data out can never raise the income."""


def _purpose_words(text: str) -> tuple[str, str]:
    zh, _, en = text.partition(" ")
    return zh, en


def _bureau(name: str, unit: str, zh: str, en: str, high: int) -> Feature:
    return Feature(name, "int", unit, zh, en, "bureau", CREDIT_REPORT, high=high)


FEATURES: Registry = registry(
    (
        Feature("identity_matched", "bool", "", "身份核验一致", "identity matched", "identity"),
        Feature(
            "sanctions_hits",
            "int",
            "items",
            "制裁名单命中数",
            "sanctions list hits",
            "identity",
            high=_MAX_COUNT,
        ),
        Feature("is_student", "bool", "", "在校学生", "student", "application"),
        Feature(
            "second_repayment_source",
            "bool",
            "",
            "第二还款来源",
            "second source of repayment",
            "application",
        ),
        Feature(
            "job_tenure_months",
            "int",
            "months",
            "现职工作月数",
            "months in the present job",
            "application",
            high=_MAX_MONTHS,
        ),
        Feature(
            "declared_income_fen",
            "fen",
            "fen",
            "申报月收入",
            "declared monthly income",
            "application",
        ),
        Feature(
            "income_evidence",
            "str",
            "",
            "收入依据",
            "evidence of income",
            "application",
            codes=INCOME_EVIDENCE,
        ),
        Feature(
            "verified_income_fen",
            "fen",
            "fen",
            "核实月收入",
            "verified monthly income",
            "consented_data",
            HOUSING_FUND,
        ),
        Feature(
            "housing_fund_months",
            "int",
            "months",
            "公积金连续缴存月数",
            "months of housing fund payments in a row",
            "consented_data",
            HOUSING_FUND,
            high=_MAX_MONTHS,
        ),
        _bureau("current_dpd_days", "days", "当前逾期天数", "days past due now", _MAX_DAYS),
        _bureau(
            "max_dpd_12m_days",
            "days",
            "近12个月最长逾期天数",
            "most days past due in 12 months",
            _MAX_DAYS,
        ),
        _bureau(
            "inquiries_6m",
            "items",
            "近6个月征信查询次数",
            "bureau enquiries in 6 months",
            _MAX_COUNT,
        ),
        _bureau(
            "live_loans",
            "items",
            "未结清贷款笔数",
            "number of live loans",
            _MAX_COUNT,
        ),
        _bureau(
            "oldest_account_months",
            "months",
            "最早信用账户月数",
            "age of the oldest credit account in months",
            _MAX_MONTHS,
        ),
        Feature(
            "utilisation_ppm",
            "ppm",
            "ppm",
            "授信额度使用率",
            "share of credit limits in use",
            "bureau",
            CREDIT_REPORT,
            high=100 * PPM,
        ),
        Feature(
            "total_debt_fen",
            "fen",
            "fen",
            "全部负债余额",
            "total debt",
            "bureau",
            CREDIT_REPORT,
        ),
        Feature(
            "monthly_debt_service_fen",
            "fen",
            "fen",
            "现有每月还款",
            "present monthly repayments",
            "bureau",
            CREDIT_REPORT,
        ),
        Feature(
            "court_dishonest",
            "bool",
            "",
            "失信被执行人",
            "on the court list of dishonest judgment debtors",
            "identity",
        ),
        Feature(
            "device_applications_30d",
            "int",
            "items",
            "同一设备近30天申请数",
            "applications from this device in 30 days",
            "internal",
            high=_MAX_COUNT,
        ),
        Feature(
            "device_tampered", "bool", "", "设备环境异常", "device shows tampering", "internal"
        ),
        Feature(
            "amount_fen",
            "fen",
            "fen",
            "申请金额",
            "amount asked",
            "quote",
            low=1,
            computed=True,
        ),
        Feature(
            "term_months",
            "int",
            "months",
            "期限",
            "term in months",
            "quote",
            low=1,
            high=480,
            computed=True,
        ),
        Feature(
            "instalment_fen",
            "fen",
            "fen",
            "最高月还款",
            "highest monthly instalment",
            "quote",
            computed=True,
        ),
        Feature(
            "cash_price_fen",
            "fen",
            "fen",
            "现金价",
            "cash price",
            "quote",
            low=1,
            computed=True,
        ),
        Feature(
            "purchase_category",
            "str",
            "",
            "消费场景",
            "scene of the purchase",
            "quote",
            computed=True,
        ),
        Feature(
            "purpose",
            "str",
            "",
            "贷款用途",
            "purpose of the loan",
            "quote",
            codes={code: _purpose_words(words) for code, words in PURPOSES.items()},
            computed=True,
        ),
        Feature(
            "recognised_income_fen",
            "fen",
            "fen",
            "认定月收入",
            "recognised monthly income",
            "internal",
            computed=True,
        ),
        Feature(
            "debt_service_ppm",
            "ppm",
            "ppm",
            "贷后月还款收入比",
            "monthly repayments to income after the loan",
            "internal",
            high=RATIO_CAP_PPM,
            computed=True,
        ),
        Feature(
            "exposure_months",
            "int",
            "months",
            "贷后全部负债折合月收入的月数",
            "total debt after the loan in months of income",
            "internal",
            high=MONTHS_CAP,
            computed=True,
        ),
        Feature(
            "financed_share_ppm",
            "ppm",
            "ppm",
            "贷款占价款比例",
            "share of the price that is borrowed",
            "internal",
            low=1,
            high=PPM,
            computed=True,
        ),
    )
)

DERIVED: Mapping[str, tuple[str, ...]] = {
    "recognised_income_fen": ("income_evidence", "declared_income_fen", "verified_income_fen"),
    "debt_service_ppm": (
        "monthly_debt_service_fen",
        "income_evidence",
        "declared_income_fen",
        "verified_income_fen",
    ),
    "exposure_months": (
        "total_debt_fen",
        "income_evidence",
        "declared_income_fen",
        "verified_income_fen",
    ),
    "financed_share_ppm": (),
}
"""Computed features and the given ones they may need."""
