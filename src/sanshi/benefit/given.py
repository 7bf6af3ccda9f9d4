"""What was given of a benefit and taken back: a pure fold of a redemption's events."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from sanshi.kernel.effects import Event
from sanshi.kernel.money import div_round

Funded = tuple[tuple[str, int], ...]
"""(funder, fen) pairs."""

_SIGNS: Mapping[str, int] = {"given": 1, "reversed": -1}


def funded_of(events: Iterable[Event]) -> Funded:
    """Return what each funder owes for one redemption, in order of name."""
    sums: dict[str, int] = {}
    for event in events:
        for part in event.data["funded"]:
            signed_fen = _SIGNS[event.kind] * part["amount_fen"]
            sums[part["funder"]] = sums.get(part["funder"], 0) + signed_fen
    return tuple(sorted(sums.items()))


def components(events: Iterable[Event]) -> Mapping[tuple[str, str], int]:
    """Return what the books should say: (component, funder) → cumulative fen."""
    return {("benefit_given", funder): fen for funder, fen in funded_of(events)}


def in_proportion(funded: Funded, part: int, whole: int) -> Funded:
    """Return the part of each funder's sum; the last part of all takes exactly what is left."""
    shares = ((funder, div_round(fen * part, whole, "half_up")) for funder, fen in funded)
    return tuple((funder, fen) for funder, fen in shares if fen)


def funded_json(funded: Funded) -> list[Mapping[str, str | int]]:
    """Return the stored form of funders and their sums."""
    return [{"funder": funder, "amount_fen": fen} for funder, fen in funded]
