"""Words that packs and code share: lender types, regions, products, purposes, confidence."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Literal, get_args

LenderType = Literal[
    "state_bank",
    "joint_stock_bank",
    "city_bank",
    "rural_bank",
    "foreign_bank",
    "private_bank",
    "consumer_finance",
    "auto_finance",
    "leasing",
    "microloan",
    "trust",
    "payment_institution",
    "merchant",
]
"""Who is bound. The last two never lend; they run payment pages and shops."""

LENDER_TYPES: tuple[str, ...] = get_args(LenderType)

LENDER_GROUPS: Mapping[str, tuple[LenderType, ...]] = {
    "bank": ("state_bank", "joint_stock_bank", "city_bank", "rural_bank", "foreign_bank"),
}
"""Words that stand for several lender types. "bank" does not include private banks 民营银行."""

ProductKind = Literal[
    "instalment_loan", "credit_line", "card_instalment", "finance_lease", "card_account"
]
PRODUCT_KINDS: tuple[str, ...] = get_args(ProductKind)

Confidence = Literal["V1", "V2", "V2s", "M", "X"]
"""V1 text of the instrument seen; V2 two secondary sources, or one reliable; V2s one weak
secondary source; M from memory, unverified; X searched and not found."""

CONFIDENCES: tuple[Confidence, ...] = get_args(Confidence)

VERIFIED: frozenset[str] = frozenset({"V1", "V2"})
"""What may block as law."""

ValueKind = Literal["limit", "set_by_lender", "unknown", "information"]
"""limit: a ceiling, floor, duty or ban with a value. set_by_lender: the law leaves the value to
the lender. unknown: searched, not found. information: stated for people, compared with nothing."""

DateBasis = Literal["quote", "sign", "disburse", "spend", "interest_period", "event", "daily"]
"""Which date decides the version in force."""

PURPOSES: Mapping[str, str] = {
    "consumption": "日常消费 goods and services for daily life",
    "car_purchase": "购车 a car",
    "plate_quota": "车辆额度 a licence-plate quota",
    "house_purchase": "购房 a house",
    "mortgage_repayment": "偿还房贷 repaying a mortgage",
    "securities": "证券、期货、资管产品 securities, derivatives and asset-management products",
    "fixed_asset_investment": "固定资产投资 fixed-asset investment",
    "equity_investment": "股权投资 equity investment",
    "loan_repayment": "偿还贷款或其他融资 repaying loans or other financing",
    "business": "经营 running a business",
    "other_barred": "法律禁止的其他用途 other uses barred by law",
}
"""What borrowed money may be meant for; rules on forbidden uses name these codes."""

REGION = re.compile(r"CN(-[A-Z]{2})?")

COUNTRY = "CN"
"""Region of the law of the whole country; provinces are ISO 3166-2 codes such as CN-SH."""


def within(region: str, territory: str) -> bool:
    """Say whether a region lies in a territory: CN-SH lies in CN and in CN-SH."""
    return region == territory or region.startswith(f"{territory}-")


def expand_lenders(words: object) -> object:
    """Replace group words such as `bank` by their lender types; leave anything else alone."""
    if not isinstance(words, list | tuple):
        return words
    expanded: list[object] = []
    for word in words:
        expanded.extend(LENDER_GROUPS.get(word, (word,)) if isinstance(word, str) else (word,))
    return tuple(dict.fromkeys(expanded))
