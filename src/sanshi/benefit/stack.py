"""The stack at the checkout: discounts and trade-in subsidies in their lawful order.

The order is policy, not choice: a state subsidy sees the price after every other discount. The
same stack holds whether the buyer borrows or pays cash.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from sanshi.benefit.figures import Law, shared_out
from sanshi.benefit.lines import Dropped, Line, Stack, Voucher
from sanshi.catalogue.benefits import Benefit
from sanshi.catalogue.products import Good
from sanshi.kernel import dated
from sanshi.kernel.money import share_ppm
from sanshi.kernel.reasons import Reason


@dataclass(frozen=True, slots=True)
class Holder:
    """What the buyer holds and has used: vouchers, and uses by (scheme, category)."""

    vouchers: tuple[Voucher, ...] = ()
    used: Mapping[tuple[str, str], int] = field(default_factory=dict)

    def uses_before(self, benefit: Benefit, category: str) -> int:
        """Return how often this person used a scheme this year; cars count together."""
        scheme = benefit.scheme or ""
        if scheme.startswith("car_"):
            return sum(n for (name, _), n in self.used.items() if name.startswith("car_"))
        return self.used.get((scheme, category), 0)


NOBODY = Holder()


@dataclass(frozen=True, slots=True)
class Sale:
    """The good, the shop and what the buyer holds, as a benefit sees them."""

    good: Good
    merchant: str
    holder: Holder = NOBODY

    @property
    def category(self) -> str:
        """The kind of good."""
        return str(self.good.attributes.get("category", ""))

    @property
    def tier(self) -> str:
        """The class within a trade-in scheme."""
        return str(self.good.attributes.get("trade_in_tier", "none"))


def at_checkout(law: Law, benefits: Iterable[Benefit], sale: Sale) -> Stack:
    """Return what lowers the price of this sale, and what might have but does not."""
    stack = Stack(sale.good.price_fen)
    for benefit in _in_order(benefits, sale):
        if benefit.kind == "interest_subsidy" or benefit.products:
            continue
        outcome = _second_trade_in(benefit, stack) or _line(law, benefit, sale, stack.net_price_fen)
        if isinstance(outcome, Line):
            stack = stack.with_more((outcome,), ())
        else:
            stack = stack.with_more((), (Dropped(benefit.id, outcome),))
    return stack


def _second_trade_in(benefit: Benefit, stack: Stack) -> Reason | None:
    """One good is traded in once: a second scheme finds it taken, whatever vouchers there are."""
    if benefit.kind == "trade_in" and stack.trade_in is not None:
        return Reason("benefit.other_taken", {})
    return None


def _in_order(benefits: Iterable[Benefit], sale: Sale) -> list[Benefit]:
    fitting = [benefit for benefit in benefits if is_for(benefit, sale)]
    return sorted(fitting, key=lambda benefit: (benefit.order, benefit.id))


def is_for(benefit: Benefit, sale: Sale) -> bool:
    """Say whether a benefit is about this good at this shop, on whatever day."""
    here = not benefit.merchants or sale.merchant in benefit.merchants
    kind = all(
        str(sale.good.attributes.get(name, "")) in allowed
        for name, allowed in benefit.goods.items()
    )
    return here and kind and sale.good.scenario in benefit.scenarios


def _line(law: Law, benefit: Benefit, sale: Sale, price_fen: int) -> Line | Reason:
    day = law.day
    if not dated.covers(benefit, day):
        ended = benefit.effective_to is not None and benefit.effective_to < day
        if not ended:
            return Reason("benefit.not_yet", {"from": benefit.effective_from.isoformat()})
        return Reason("benefit.lapsed", {"to": str(benefit.effective_to)})
    use = 0
    for barred in (_price_outside(law, benefit, price_fen), _not_listed(law, benefit, sale)):
        if barred is not None:
            return barred
    if benefit.uses is not None:
        use = sale.holder.uses_before(benefit, sale.category) + 1
        most = law.whole(benefit.uses)
        if isinstance(most, int) and use > most:
            return Reason("benefit.used", {"uses": most})
    amount = _amount_fen(law, benefit, sale, price_fen)
    if isinstance(amount, Reason):
        return amount
    voucher = _voucher(law, benefit, sale)
    return Line(
        benefit=benefit.id,
        kind=benefit.kind,
        timing=benefit.timing,
        certainty="held" if benefit.entitlement == "none" or voucher else "conditional",
        base_fen=price_fen,
        amount_fen=amount,
        funded=shared_out(law, benefit.funders, amount, sale.merchant),
        scheme=benefit.scheme or "",
        tier=sale.tier if benefit.kind == "trade_in" else "",
        category=sale.category if benefit.kind == "trade_in" else "",
        voucher_id=voucher.voucher_id if voucher else "",
        use=use,
    )


def _price_outside(law: Law, benefit: Benefit, price_fen: int) -> Reason | None:
    if benefit.threshold is not None:
        least = law.whole(benefit.threshold)
        if isinstance(least, int) and price_fen < least:
            return Reason("benefit.below_threshold", {"least_fen": least})
    if benefit.price_max is not None:
        most = law.whole(benefit.price_max)
        if isinstance(most, int) and price_fen > most:
            return Reason("benefit.price_too_high", {"most_fen": most})
    return None


def _not_listed(law: Law, benefit: Benefit, sale: Sale) -> Reason | None:
    if benefit.goods_listed is None:
        return None
    listed = law.codes(benefit.goods_listed)
    if listed is None or sale.category in listed:
        return None
    return Reason("benefit.not_for_this_class", {"class": sale.category})


def _amount_fen(law: Law, benefit: Benefit, sale: Sale, price_fen: int) -> int | Reason:
    """Work out the amount: never above the price, nor above the cap in force.

    A share rounds down: rounded up, it would be more than the law's share.
    """
    amount: int | Reason
    if benefit.share is not None:
        share = law.whole(benefit.share, sale.tier)
        amount = share if isinstance(share, Reason) else share_ppm(price_fen, share, "down")
    if benefit.amount is not None and (benefit.share is None or isinstance(amount, Reason)):
        amount = law.whole(benefit.amount, sale.tier)
    if isinstance(amount, Reason):
        return amount
    if benefit.cap is not None:
        cap = law.whole(benefit.cap, sale.tier)
        amount = min(amount, cap) if isinstance(cap, int) else amount
    return min(amount, price_fen) or Reason("benefit.nothing", {})


def _voucher(law: Law, benefit: Benefit, sale: Sale) -> Voucher | None:
    if benefit.entitlement == "none" or benefit.scheme is None:
        return None
    day = law.day
    held = [v for v in sale.holder.vouchers if v.covers(benefit.scheme, sale.category, day)]
    # Of several, the one that lapses first; equal ones in order of id.
    return min(held, key=lambda voucher: (voucher.valid_to, voucher.voucher_id), default=None)
