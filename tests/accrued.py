"""Files of accruals, read past Sanshi: what closes booked of each loan, by account."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from functools import lru_cache

import pyarrow as pa

Booked = Counter[tuple[str, str, str, str, str]]
"""(entity, source, component, payer, account) → signed fen."""

File = tuple[str, int, bytes]
"""Whose, of which shard, and the file."""


@lru_cache(maxsize=4_000)
def lines_of(file: bytes) -> tuple[tuple[int, str, str, str, int], ...]:
    """Return (loan, component, debit, credit, fen) of each line."""
    table = pa.ipc.open_stream(file).read_all()
    names = ("loan", "component", "debit", "credit", "amount_fen")
    columns = [table.column(name).to_pylist() for name in names]
    return tuple(zip(*columns, strict=True))


def by_loan(files: Iterable[File], loan_ids: dict[int, str]) -> Booked:
    """Return what files say, each amount under its loan and against the shard it was posted for.

    Added to what was posted by source, it leaves each loan with all that was booked of it, and
    shards with nothing.
    """
    found: Booked = Counter()
    for entity, shard, file in files:
        for loan, component, debit, credit, fen in lines_of(file):
            for source, sign in ((loan_ids[loan], 1), (f"close:{entity}:{shard}", -1)):
                found[entity, source, component, "customer", debit] += sign * fen
                found[entity, source, component, "customer", credit] -= sign * fen
    return found
