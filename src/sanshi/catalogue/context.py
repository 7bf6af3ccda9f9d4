"""The context of a plan: everything but the plan itself that decides which rules bind."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field
from datetime import date

from sanshi.catalogue.rules import Stage
from sanshi.catalogue.vocabulary import LENDER_TYPES, PRODUCT_KINDS, REGION, DateBasis
from sanshi.kernel.errors import InputError


@dataclass(frozen=True, slots=True)
class Context:
    """Everything but the plan that decides which rules bind.

    Args:
        quote_date: the day of the quote; the other days default to the one before them in the
            order quote, sign, disburse, spend, since at the quote they are not known yet.
        attributes: registered attributes, such as channel, purpose, energy, student.
        house_values: the lender's own figures where the law leaves them to it, by fact key.
    """

    quote_date: date
    lender_type: str
    product_kind: str
    region: str
    attributes: Mapping[str, bool | str] = field(default_factory=dict)
    house_values: Mapping[str, int] = field(default_factory=dict)
    stage: Stage = "quote"
    sign_date: date | None = None
    disburse_date: date | None = None
    spend_date: date | None = None
    interest_date: date | None = None
    event_date: date | None = None

    def __post_init__(self) -> None:
        """Refuse words that no fact knows: with a wrong region, no law would seem to bind."""
        for field_name, word, known in (
            ("lender_type", self.lender_type, self.lender_type in LENDER_TYPES),
            ("product_kind", self.product_kind, self.product_kind in PRODUCT_KINDS),
            ("region", self.region, REGION.fullmatch(self.region) is not None),
        ):
            if not known:
                raise InputError(
                    "context.unknown_word",
                    f"{word!r} is not a known {field_name}.",
                    field=field_name,
                    fix="Use a word of the vocabulary; regions are CN or ISO 3166-2, as CN-SH.",
                )

    def day(self, basis: DateBasis, *, grandfather: bool = False) -> date:
        """Return the day that decides, never later than signing for a grandfathered value."""
        sign = self.sign_date or self.quote_date
        disburse = self.disburse_date or sign
        days: Mapping[DateBasis, date] = {
            "quote": self.quote_date,
            "sign": sign,
            "disburse": disburse,
            "spend": self.spend_date or disburse,
            "interest_period": self.interest_date or disburse,
            "event": self.event_date or self.quote_date,
            "daily": self.event_date or self.quote_date,
        }
        return min(days[basis], sign) if grandfather and self.sign_date else days[basis]

    @property
    def policy_date(self) -> date:
        """The day of this stage, under whose policy the certificate is made."""
        return self.day(self.stage)

    def key(self) -> Hashable:
        """Return a hashable form: equal contexts have equal keys."""
        days = (self.quote_date, self.sign_date, self.disburse_date, self.spend_date)
        return (
            self.stage,
            self.lender_type,
            self.product_kind,
            self.region,
            *days,
            self.interest_date,
            self.event_date,
            *sorted(self.attributes.items()),
            *sorted(self.house_values.items()),
        )

    def attribute(self, name: str) -> bool | str | None:
        """Return an attribute, or None if it was not given."""
        match name:
            case "lender_type":
                return self.lender_type
            case "product_kind":
                return self.product_kind
            case _:
                return self.attributes.get(name)
