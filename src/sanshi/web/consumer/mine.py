"""My data 我的信息: who I am here, what I agreed to, and who has looked.

Made from the answer of `see_own_data`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, ClassVar

from markupsafe import Markup

from sanshi.kernel.dates import SHANGHAI
from sanshi.web.consumer.consents import NAMES
from sanshi.web.language import mark
from sanshi.web.reader import Reader

_KINDS: Mapping[str, str] = {"one_time_code": mark("短信验证码（您要求发送的）")}
_ROLES: Mapping[str, str] = {
    "risk": mark("审批人员"),
    "servicing": mark("客服和贷后人员"),
    "conduct": mark("消费者权益保护人员"),
    "audit": mark("审计人员"),
    "product": mark("产品人员"),
    "admin": mark("系统管理员"),
    "system": mark("系统"),
}


@dataclass(frozen=True, slots=True)
class Given:
    """A consent; `holds`: it is in force."""

    consent_id: str
    document_id: str
    name: Markup
    recipient: str
    granted_on: date
    expires_on: date
    withdrawn_on: date | None
    holds: bool


@dataclass(frozen=True, slots=True)
class Look:
    """Somebody looked; `reason` is there if they saw names and numbers in full."""

    on: date
    time: str
    lender: str
    role: Markup
    reason: str


@dataclass(frozen=True, slots=True)
class Contact:
    """Something that was sent to this person."""

    on: date
    time: str
    words: Markup


@dataclass(frozen=True, slots=True)
class Mine:
    """The page."""

    template: ClassVar[str] = "mine"

    full_name: str
    id_number: str
    mobile: str
    given: tuple[Given, ...]
    looks: tuple[Look, ...]
    contacts: tuple[Contact, ...]
    lenders: tuple[str, ...] = ()


def mine(reader: Reader, seen: Mapping[str, Any]) -> Mine:
    """Make the page."""
    return Mine(
        full_name=seen["full_name"],
        id_number=seen["id_number"],
        mobile=seen["mobile"],
        given=tuple(_given(reader, one) for one in seen["consents"]),
        looks=tuple(_look(reader, one) for one in seen["looks"]),
        contacts=tuple(_contact(reader, one) for one in seen["contacts"]),
    )


def _given(reader: Reader, one: Mapping[str, Any]) -> Given:
    ended, name = one["withdrawn_on"], NAMES[one["purpose"]]
    return Given(
        consent_id=one["consent_id"],
        document_id=one["document_id"],
        name=reader.say(name),
        recipient=reader.lender(one["recipient"]),
        granted_on=date.fromisoformat(one["granted_on"]),
        expires_on=date.fromisoformat(one["expires_on"]),
        withdrawn_on=date.fromisoformat(ended) if ended else None,
        holds=one["holds"],
    )


def _look(reader: Reader, one: Mapping[str, Any]) -> Look:
    at = datetime.fromisoformat(one["at"]).astimezone(SHANGHAI)
    role = _ROLES[one["role"]]
    return Look(
        on=at.date(),
        time=f"{at:%H:%M}",
        lender=reader.lender(one["entity"]),
        role=reader.say(role),
        reason=one["purpose"],
    )


def _contact(reader: Reader, one: Mapping[str, Any]) -> Contact:
    at = datetime.fromisoformat(one["at"]).astimezone(SHANGHAI)
    words = _KINDS[one["kind"]]
    return Contact(at.date(), f"{at:%H:%M}", reader.say(words))
