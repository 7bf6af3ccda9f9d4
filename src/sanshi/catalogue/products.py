"""Who lends, who sells, what is bought and how money is lent: the typed content of demo packs.

A scenario 场景 says what is bought and how it is paid; a product says how money is lent. New
scenes and products are YAML, not Python.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from sanshi.catalogue.packed import Packed
from sanshi.catalogue.policies import Name, Words
from sanshi.catalogue.vocabulary import LenderType, ProductKind
from sanshi.kernel.dates import DayCount
from sanshi.kernel.money import MAX_FEN, PPM, Rounding
from sanshi.kernel.schedules import PlainMethod, Remainder

Fen = Annotated[int, Field(ge=0, le=MAX_FEN, strict=True)]
Ppm = Annotated[int, Field(ge=0, le=PPM, strict=True)]
Months = Annotated[int, Field(ge=1, le=480, strict=True)]
LedgerCode = Annotated[str, Field(pattern=r"^[0-9A-Za-z][0-9A-Za-z._-]{0,31}$")]


class HouseLimits(Packed):
    """What a lender sets for itself 本机构规则; never shown as law.

    Args:
        reading_seconds: how long the cost table and contract must lie open before they can be
            confirmed. No legal figure exists.
        quote_minutes: how long an offer stands.
        authorization_days: how long a shop may wait before it has a signed loan paid out.
        values: its own figures where the law leaves them to the lender, by key of the fact:
            `auto.ltv.private_ice: 800000`.
    """

    reading_seconds: Annotated[int, Field(ge=1, le=600)]
    quote_minutes: Annotated[int, Field(ge=1, le=1440)]
    authorization_days: Annotated[int, Field(ge=1, le=60)]
    values: Mapping[str, Ppm] = {}


class Lender(Packed):
    """A licensed lender; `rail_account` is where its money leaves and arrives.

    Args:
        on_subsidy_list: on the central list of lenders that pass on the interest subsidy 经办机构.
        ledger_branch: the branch 机构号 of its own general ledger that these books belong to.
        ledger_codes: its own codes for accounts of the chart: `customer_loan: "1303.01"`.
    """

    id: Name
    zh: Words
    en: Words
    lender_type: LenderType
    region: Words
    supervisory_rating: str | None = None
    on_subsidy_list: bool = False
    rail_account: Words
    decision_policy: Name
    house: HouseLimits
    ledger_branch: LedgerCode | None = None
    ledger_codes: Mapping[str, LedgerCode] = {}


class Good(Packed):
    """Something on sale; its price is the merchant's and cannot be sent in by a caller."""

    sku: Annotated[str, Field(pattern=r"^[A-Z0-9-]{3,32}$")]
    zh: Words
    en: Words
    scenario: Name
    price_fen: Annotated[int, Field(ge=100, le=MAX_FEN, strict=True)]
    attributes: Mapping[str, str | int | bool] = {}


class SettlementAgreement(Packed):
    """How a shop is paid by its lenders 结算协议: T+n, less a fee, with part held back.

    All of it is agreed between them or set by the lender; none of it, `vat_ppm` least of all, is
    a figure of the law here.

    Args:
        days: business days after the capture.
        fee_ppm: the lender's fee, as a share of what was captured.
        vat_ppm: VAT rate that the lender applies to its fee, set by the lender.
        vat: `included` in the fee, so the lender bears it, or `added`, so the shop does.
        reserve_ppm: share that is held back.
        reserve_days: days that it is held after the batch that held it.
        refunds: of goods that came back, `netted` with what is paid, or `collected` by the rail.
    """

    days: Annotated[int, Field(ge=0, le=30, strict=True)]
    fee_ppm: Ppm = 0
    vat_ppm: Ppm = 0
    vat: Literal["included", "added"] = "included"
    reserve_ppm: Ppm = 0
    reserve_days: Annotated[int, Field(ge=0, le=366, strict=True)] = 0
    refunds: Literal["netted", "collected"] = "netted"


class Merchant(Packed):
    """A shop; entrusted payments 受托支付 go to `rail_account`.

    `channel`: where its buyers take their loans; `online` makes them Internet loans 互联网贷款.
    `settlement`: how it is paid; without one, each loan at once.
    """

    id: Name
    zh: Words
    en: Words
    region: Words
    rail_account: Words
    channel: Literal["online", "branch"] = "online"
    lenders: tuple[Name, ...]
    settlement: SettlementAgreement | None = None
    goods: Annotated[tuple[Good, ...], Field(min_length=1)]


class Scenario(Packed):
    """A scene of consumption: purpose, category of purchase, and how the seller is paid.

    `consumption_field` is the field 消费领域 that rules on the interest subsidy know.
    """

    id: Name
    zh: Words
    en: Words
    purpose: Name
    category: Name
    consumption_field: Name | None = None
    paid: Literal["at_once"]


class Price(Packed):
    """The contract rate for terms up to a length."""

    up_to_months: Months
    rate_ppm: Ppm


class Product(Packed):
    """How money is lent.

    Args:
        methods: repayment methods offered.
        prices: contract rate by term, shortest first.
        down_payment_min_ppm: least share of the price the buyer pays at once.
        facilitated: a platform brings the customers 助贷.
        penalty_markup_ppm: share of the contract rate added on overdue principal 罚息加收.
        dealer_commission_ppm: share of the loan that the lender pays the dealer 返佣.
    """

    id: Name
    zh: Words
    en: Words
    lender: Name
    kind: ProductKind
    scenarios: Annotated[tuple[Name, ...], Field(min_length=1)]
    effective_from: date
    effective_to: date | None = None
    amount_min_fen: Fen
    amount_max_fen: Fen
    down_payment_min_ppm: Ppm = 0
    terms_months: Annotated[tuple[Months, ...], Field(min_length=1)]
    methods: Annotated[tuple[PlainMethod, ...], Field(min_length=1)]
    prices: Annotated[tuple[Price, ...], Field(min_length=1)]
    entrusted_payment: bool
    facilitated: bool
    due_day: Annotated[int, Field(ge=1, le=28)] | None = None
    day_count: DayCount
    rounding: Rounding
    instalment_rounding: Rounding
    remainder: Remainder
    penalty_markup_ppm: Ppm
    penalty_day_count: DayCount
    grace_days: Annotated[int, Field(ge=0, le=30)]
    dealer_commission_ppm: Ppm = 0

    def rate_ppm(self, term_months: int) -> int | None:
        """Return the contract rate for a term, or None where the product has no price for it."""
        fitting = [p.rate_ppm for p in self.prices if term_months <= p.up_to_months]
        return fitting[0] if fitting else None
