"""Redemptions 核销: a benefit given at the checkout that a third party owes to the shop.

The platform owes the shop what the buyer did not pay, and claims it from the funder. What a shop
gives from its own pocket moves no money and is no redemption.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sanshi.benefit.given import Funded, components, funded_json, funded_of, in_proportion
from sanshi.benefit.lines import Line
from sanshi.flows.entities import PLATFORM
from sanshi.flows.steps import Standing, new, standing, today
from sanshi.flows.vouchers import given_back, redeemed
from sanshi.flows.world import World
from sanshi.kernel.effects import Effects, Event, Insert
from sanshi.kernel.money import div_round
from sanshi.ledger.posting import Booking, bring_to
from sanshi.ports import Record


def given(
    world: World, loan: Record, stack: Mapping[str, Any], left_fen: int, price_fen: int
) -> Effects:
    """Return the effects of every benefit that a third party owes once the money is spent.

    `left_fen` of the goods of `price_fen`, by their price tags, were never handed over.
    """
    effects = Effects()
    for line in (Line.from_json(stored) for stored in stack["lines"]):
        if line.certainty == "held" and line.voucher_id:
            effects = effects + redeemed(world, line.voucher_id, loan["loan_id"])
        owed = _owed(world, line, left_fen, price_fen)
        if line.reduces_price and owed:
            effects = effects + _given(world, loan, line, owed)
    return effects


def _owed(world: World, line: Line, left_fen: int, price_fen: int) -> Funded:
    owed = tuple((f, fen) for f, fen in line.funded if f in world.catalogue.funders)
    benefit = world.catalogue.benefits.get(line.benefit)
    if not left_fen or (benefit is not None and benefit.on_return == "kept"):
        return owed
    back = dict(in_proportion(owed, left_fen, price_fen))
    rest = ((funder, fen - back.get(funder, 0)) for funder, fen in owed)
    return tuple((funder, fen) for funder, fen in rest if fen)


def _given(world: World, loan: Record, line: Line, owed: Funded) -> Effects:
    redemption_id = world.ids.new("rd")
    row = Insert(
        "redemption",
        {
            "redemption_id": redemption_id,
            "loan_id": loan["loan_id"],
            "merchant": loan["merchant"],
            "benefit": line.benefit,
            "voucher_id": line.voucher_id,
            "given_on": world.clock.business_date(),
        },
    )
    at = new("redemption", redemption_id, PLATFORM)
    step = today(world, at, "given", funded=funded_json(owed), use=line.use)
    return step + Effects(rows=(row,)) + _posted(world, at, step.events)


def owed_fen(world: World, loan_id: str) -> int:
    """Return what funders were left owing for a loan's benefits, paid or not."""
    rows = world.store.rows("redemption", {"loan_id": loan_id})
    return sum(
        fen for row in rows for _, fen in funded_of(world.store.events(row["redemption_id"]))
    )


def taken_back(world: World, loan: Record, returned_fen: int, kept_fen: int) -> Effects:
    """Return the effects on redemptions when goods of `returned_fen` of `kept_fen` go back."""
    effects = Effects()
    whole = returned_fen == kept_fen
    for row in world.store.rows("redemption", {"loan_id": loan["loan_id"]}):
        benefit = world.catalogue.benefits.get(row["benefit"])
        if benefit is not None and benefit.on_return == "kept":
            continue
        events = world.store.events(row["redemption_id"])
        back = in_proportion(funded_of(events), returned_fen, kept_fen)
        if not back:
            continue
        at = standing(world, "redemption", row["redemption_id"], PLATFORM)
        step = today(
            world,
            at,
            "reversed",
            "reversed" if whole else "given",
            funded=funded_json(back),
        )
        effects = effects + step + _posted(world, at, (*events, *step.events))
        if whole and row["voucher_id"]:
            use = int(events[0].data["use"])
            effects = effects + given_back(world, loan["person_id"], row["voucher_id"], use)
    return effects


def _posted(world: World, at: Standing, events: tuple[Event, ...]) -> Effects:
    """Return the postings that bring the platform's books to these events."""
    day = world.clock.business_date()
    posted = world.store.posted(at.stream) if at.version else {}
    booking = Booking(PLATFORM, at.stream, day, day, world.chart)
    return Effects(postings=bring_to(components(events), posted, booking))


def refund_fen(price_fen: int, net_price_fen: int, before_fen: int, returned_fen: int) -> int:
    """Return what the buyer's side gets back for goods of `returned_fen` by their price tag.

    The buyer paid the net price, so goods come back at that share of their price; several returns
    together give exactly what one return of all would.
    """
    after = div_round((before_fen + returned_fen) * net_price_fen, price_fen, "half_up")
    return after - div_round(before_fen * net_price_fen, price_fen, "half_up")
