"""Legal entities 法人 with books of their own: every lender, and the platform between them."""

from __future__ import annotations

from sanshi.flows.world import World

PLATFORM = "platform"
"""Runs the checkout: it owes shops what funders give, and claims it from them."""


def entities(world: World) -> tuple[str, ...]:
    """Return everyone who keeps books here."""
    return (*sorted(world.catalogue.lenders), PLATFORM)


def account_of(world: World, entity: str) -> str:
    """Return an entity's account on the rail."""
    lender = world.catalogue.lenders.get(entity)
    return lender.rail_account if lender else f"acct:{entity}"


def merchant_account(world: World, merchant: str) -> str:
    """Return a shop's account on the rail."""
    return world.catalogue.merchants[merchant].rail_account
