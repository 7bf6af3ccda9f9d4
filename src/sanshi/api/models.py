"""What the API answers, field by field. Amounts are integer fen, dates ISO, instants UTC."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Generic, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field

Fen = Annotated[int, Field(description="Amount in fen, a hundredth of a yuan.", examples=[699900])]


class Answer(BaseModel):
    """An answer; a field that is not named here is a fault of ours."""

    model_config = ConfigDict(extra="forbid", frozen=True)


A = TypeVar("A", bound=Answer)


class Page(Answer, Generic[A]):
    """A page of a list, newest first; `next` leads on, null at the end."""

    data: list[A]
    next: str | None


class BoughtItem(Answer):
    """A thing that is bought."""

    sku: str
    zh: str
    en: str
    price_fen: Fen
    down_payment_fen: Fen


NoticeType = Literal[
    "checkout_session.authorized",
    "checkout_session.cash_chosen",
    "checkout_session.expired",
    "capture.succeeded",
    "capture.failed",
    "authorization.voided",
    "refund.succeeded",
    "refund.failed",
    "return.requested",
]


class Session(Answer):
    """A checkout session. `url` is where the buyer's browser is sent.

    Why a buyer did not come to a loan is not told: to the shop such a session stays `open`.
    """

    session_id: str
    stage: Literal["open", "authorized", "cash", "cancelled", "expired"]
    merchant: str
    reference: str
    host: Literal["merchant", "platform", "bank", "payment_firm"]
    language: Literal["zh", "en"]
    items: list[BoughtItem]
    return_url: str
    cancel_url: str
    expires_at: datetime
    authorizations: list[str]
    url: str


class Refund(Answer):
    """Goods that came back, and the payment that follows."""

    refund_id: str
    authorization_id: str
    stage: Literal["pending", "succeeded", "failed"]
    amount_fen: Fen
    price_fen: Fen
    ordered_on: date


class Authorization(Answer):
    """A signed loan as the shop sees it.

    Args:
        price_fen: the goods by their price tags.
        amount_fen: what the lender pays the shop for all of them.
        paid_by_buyer_fen: what the buyer pays the shop at once.
        given_by_shop_fen: the shop's own discounts.
        owed_by_funders_fen: what others owe the shop for benefits given at the checkout.
        captured_price_fen, captured_fen: what was handed over, and what the lender paid for it.
        expires_on: the last day on which it can be captured.
    """

    authorization_id: str
    session_id: str | None
    merchant: str
    lender: str
    stage: Literal["authorized", "capturing", "captured", "voided"]
    sku: str
    price_fen: Fen
    amount_fen: Fen
    paid_by_buyer_fen: Fen
    given_by_shop_fen: Fen
    owed_by_funders_fen: Fen
    captured_price_fen: Fen
    captured_fen: Fen
    authorized_on: date
    expires_on: date
    refunds: list[Refund]


class CaptureOrdered(Answer):
    """A payment on its way to the shop, or one that a settlement will make.

    `ordered` is false when the lender may not pay today: try again on another day, with a new key.
    `settles_on`, where settlement was agreed: the business day on which it is settled, without a
    payment of its own.
    """

    authorization_id: str
    ordered: bool
    payment_id: str | None
    amount_fen: Fen
    settles_on: date | None = None


class SettlementInList(Answer):
    """What one lender settled with the shop on one day.

    `carried_fen` is negative: what the shop owes after refunds, which the next one takes up.
    What failed is paid with the next one too.
    """

    settlement_id: str
    lender: str
    merchant: str
    stage: Literal["ordered", "paid", "failed", "carried"]
    settled_on: date
    paid_fen: Fen
    carried_fen: Fen


class SettlementLine(Answer):
    """A part of a settlement; positive for the shop.

    `source`: the authorization it is about, or the settlement that left it behind.
    """

    line_id: str
    kind: Literal[
        "capture",
        "refund",
        "fee",
        "fee_vat",
        "reserve_held",
        "reserve_released",
        "carried",
        "unpaid",
    ]
    source: str
    amount_fen: Fen
    due_on: date


class Settlement(SettlementInList):
    """A settlement with its lines: they sum to what was paid and carried."""

    lines: list[SettlementLine]


class Voided(Answer):
    """An authorization that was given up."""

    authorization_id: str
    stage: Literal["voided"]


class RefundOrdered(Answer):
    """A refund that has been ordered; a notice says how it ends.

    Where refunds come off the next settlement, it has succeeded at once.
    """

    refund_id: str
    authorization_id: str
    stage: Literal["pending", "succeeded"]
    amount_fen: Fen
    price_fen: Fen


class Endpoint(Answer):
    """An address to which notices are sent."""

    endpoint_id: str
    url: str
    types: list[str]
    disabled_on: date | None


class EndpointWithSecret(Endpoint):
    """A new address, with the secret that signs what is sent to it (Standard Webhooks)."""

    secret: str


class AboutNotice(Answer):
    """Which objects a notice is about; `price_fen`: of goods to be returned, if not all."""

    session_id: str
    reference: str
    authorization_id: str | None = None
    refund_id: str | None = None
    price_fen: Fen | None = None


class Notice(Answer):
    """Something that happened; the same is sent to the shop's addresses."""

    notice_id: str
    type: NoticeType
    timestamp: datetime
    data: AboutNotice


class Resent(Answer):
    """The addresses to which a notice is sent once more."""

    notice_id: str
    sent_to: list[str]


class ApiKey(Answer):
    """A new key. `key` is what a program sends: keep it as safe as a password."""

    key_id: str
    entity: str
    role: str
    key: str


class Revoked(Answer):
    """A key that opens nothing any more."""

    key_id: str
    revoked_on: date
