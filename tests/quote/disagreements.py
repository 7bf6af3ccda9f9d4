"""Where engine and oracle are known to disagree, with the evidence. Nothing else is tolerated.

Each entry stands until packs or engine are mended; then its test says to remove it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Literal

from peers.law.deals import CONSUMER_PURPOSES, Deal
from peers.law.oracle import Verdict
from quote.described import forbidding, warning
from sanshi.quote.certificate import Certificate

Side = Literal["engine", "oracle"]
"""Who alone says that a rule is broken."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One rule that one side alone finds broken."""

    key: str
    force: str
    side: Side


@dataclass(frozen=True, slots=True)
class Known:
    """One known disagreement: who is right, and why."""

    name: str
    why: str
    key: str
    side: Side
    covers: Callable[[Deal], bool]

    def explains(self, deal: Deal, difference: Difference) -> bool:
        """Whether a difference is this one."""
        same_rule = difference.key.startswith(self.key) and difference.side == self.side
        return same_rule and self.covers(deal)


def _not_consumption(deal: Deal) -> bool:
    return deal.purpose not in CONSUMER_PURPOSES


def _tier_unknown(deal: Deal) -> bool:
    return deal.trade_in is not None and deal.trade_in.tier == "none"


def _fourth_air_conditioner(deal: Deal) -> bool:
    claim = deal.trade_in
    return claim is not None and claim.goods == "air_conditioner" and claim.items_in_category > 3


def _goods_not_listed(deal: Deal) -> bool:
    return deal.trade_in is not None and deal.trade_in.goods == "camera"


def _home_of_2025(deal: Deal) -> bool:
    return deal.on.year == 2025 and deal.trade_in is not None


def _replaced_in_2024(deal: Deal) -> bool:
    return deal.on <= date(2024, 12, 31) and _tier_unknown(deal)


KNOWN: tuple[Known, ...] = (
    Known(
        "microloan for another purpose than consumption",
        "amount.microloan_network has no condition on the purpose, so a business loan of 200,001 "
        "yuan fails the consumer limit as law, though microloan.network.business_limit is 10 m.",
        "microloan.network.consumer_limit",
        "engine",
        _not_consumption,
    ),
    Known(
        "self-payment for another purpose than consumption",
        "payment.entrusted has no condition on the purpose either; for business the limit is "
        "loan.self_payment_limit.business.",
        "loan.self_payment_limit.consumer",
        "engine",
        _not_consumption,
    ),
    Known(
        "appliance without a grade",
        "trade_in.appliance.share takes any tier but grade2 for grade1; the scheme knows grades 1 "
        "and 2 only (grade 1 alone in 2026).",
        "tradein.appliance",
        "oracle",
        _tier_unknown,
    ),
    Known(
        "fourth air conditioner in 2025",
        "aircon_max_items: 3 of 2025 stands in the pack, and no rule names it.",
        "tradein.appliance",
        "oracle",
        _fourth_air_conditioner,
    ),
    Known(
        "digital goods off the list of 2026",
        "The categories of 2026 stand in the pack, and no rule names them.",
        "tradein.digital",
        "oracle",
        _goods_not_listed,
    ),
    Known(
        "home subsidy of 2025 above 15 %",
        "Only the 30 % of elder-friendly goods is compared; it would be a warning (V2s).",
        "tradein.home",
        "oracle",
        _home_of_2025,
    ),
    Known(
        "replaced car of unknown kind in 2024",
        "trade_in.car_replace.ice_amount gives a car of tier none the 12,000 yuan of petrol cars.",
        "tradein.car.replace",
        "oracle",
        _replaced_in_2024,
    ),
)


def differences(certificate: Certificate, verdict: Verdict) -> frozenset[Difference]:
    """Return every rule on which engine and oracle differ, warnings included."""
    ours = {*forbidding(certificate), *((key, "warn") for key in warning(certificate))}
    theirs = verdict.broken
    return frozenset(
        {Difference(*one, "engine") for one in ours - theirs}
        | {Difference(*one, "oracle") for one in theirs - ours}
    )


def unexplained(deal: Deal, found: frozenset[Difference]) -> frozenset[Difference]:
    """Return the differences that no known disagreement covers."""
    return frozenset(one for one in found if not any(known.explains(deal, one) for known in KNOWN))
