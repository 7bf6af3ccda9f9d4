"""Parts of one application: the things bought together, each with a plan of its own.

The paper of an application leads with its first part (`sku`, `plan`) and lists the others under
`also`. Seen from any part it reads the same way, so that whoever works on one part reads `sku`
and `plan` and finds the others under `also`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sanshi.flows.world import World
from sanshi.kernel.errors import InputError
from sanshi.ports import Record

Asked = Mapping[str, Any]
"""What was asked in an application, as its paper has it, seen from one of its parts."""


def views(asked: Asked) -> Iterator[dict[str, Any]]:
    """Return an application's paper as seen from each of its parts, the first one first."""
    parts = [{"sku": asked["sku"], "plan": asked["plan"]}, *asked["also"]]
    for number, part in enumerate(parts):
        yield {**asked, **part, "also": [*parts[:number], *parts[number + 1 :]]}


def seen_from(asked: Asked, sku: str | None) -> dict[str, Any]:
    """Return an application's paper as seen from one part; None: from the first."""
    for view in views(asked):
        if sku is None or view["sku"] == sku:
            return view
    raise InputError(
        "application.part",
        f"Nothing called {sku!r} was applied for.",
        field="sku",
        fix=f"Applied for: {', '.join(view['sku'] for view in views(asked))}.",
    )


def part_of(world: World, contract: Record) -> str:
    """Return the sku that a contract is about."""
    return str(world.store.events(contract["contract_id"])[0].data["sku"])


def signed_for(world: World, application_id: str) -> dict[str, str]:
    """Return the contracts of an application that were signed, by the sku they are about."""
    where = {"application_id": application_id}
    rows = world.store.in_stage("contract", "contract_id", ("signed", "ended"), where)
    return {part_of(world, row): row["contract_id"] for row in rows}
