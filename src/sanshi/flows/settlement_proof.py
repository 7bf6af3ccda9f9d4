"""Prove settlements with shops: each with its lines, and what is payable with what is open."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from sanshi.flows.settling import components, lines_in
from sanshi.flows.world import World
from sanshi.kernel.effects import Json
from sanshi.ledger.settlement import PAYABLE

FROM_LOANS = {"owed_to_merchant": 1, "refund_netted": -1}
"""Components of loans that are payable to a shop, and their sign."""
RESERVE = {"reserve_held": 1, "reserve_released": -1}


def settlements_expected(
    world: World, entity: str
) -> Iterator[tuple[str, dict[tuple[str, str], int]]]:
    """Yield what the books should say of each settlement."""
    for row in world.store.rows("settlement", {"entity": entity}, order_by=("settlement_id",)):
        _, stage = world.store.standing(row["settlement_id"])
        lines = lines_in(world, row["settlement_id"])
        yield row["settlement_id"], components(row, lines, failed=stage == "failed")


def unproved_settlements(world: World, entity: str) -> Iterator[Json]:
    """Yield where lines, batches and the books of what is payable do not agree."""
    yield from _batches(world, entity)
    lines = world.store.rows("settlement_line", {"entity": entity})
    posted = world.store.rows("posted", {"entity": entity})
    made: dict[str, int] = defaultdict(int)
    open_fen: dict[str, int] = defaultdict(int)
    held_fen: dict[str, int] = defaultdict(int)
    for line in lines:
        if line["kind"] in {"capture", "refund"}:
            made[line["source"]] += line["amount_fen"]
        if line["settlement_id"] is None and line["kind"] in PAYABLE:
            open_fen[line["merchant"]] += line["amount_fen"]
        if line["settlement_id"] is not None and line["kind"] in RESERVE:
            held_fen[line["merchant"]] -= line["amount_fen"]
    booked: dict[str, int] = defaultdict(int)
    payable_fen: dict[str, int] = defaultdict(int)
    reserve_fen: dict[str, int] = defaultdict(int)
    payable, reserve = (world.chart.legs[one][1] for one in ("owed_to_merchant", "reserve_held"))
    for row in posted:
        component, fen = row["component"], -row["amount_fen"]
        if row["account"] == payable and component in FROM_LOANS:
            booked[row["source"]] += fen
        if row["account"] == payable and component in _OURS:
            payable_fen[row["payer"]] += fen
        if row["account"] == reserve and component in RESERVE:
            reserve_fen[row["payer"]] += fen
    yield from _unlike("settlement_lines", made, booked)
    yield from _unlike("merchant_payable", open_fen, payable_fen)
    yield from _unlike("merchant_reserve", held_fen, reserve_fen)


_OURS = {*FROM_LOANS, *RESERVE, "settlement_paid", "merchant_fee", "merchant_fee_vat"}


def _batches(world: World, entity: str) -> Iterator[Json]:
    """Compare what each batch paid and carried with the sum of its lines."""
    said, summed = {}, {}
    for row in world.store.rows("settlement", {"entity": entity}):
        lines = lines_in(world, row["settlement_id"])
        said[row["settlement_id"]] = row["paid_fen"] + row["carried_fen"]
        summed[row["settlement_id"]] = sum(line["amount_fen"] for line in lines)
    yield from _unlike("settlement_total", summed, said)


def _unlike(kind: str, expected: dict[str, int], found: dict[str, int]) -> Iterator[Json]:
    for source in sorted({*expected, *found}):
        expected_fen, found_fen = expected.get(source, 0), found.get(source, 0)
        if expected_fen != found_fen:
            yield {
                "kind": kind,
                "source": source,
                "expected_fen": expected_fen,
                "posted_fen": found_fen,
            }
