"""Seal a closed day 封账: one hash over its postings, chained to the day before, and its sums.

Whoever holds the newest root can tell whether anything that was ever booked has been changed,
left out or added since. The order of the postings does not matter, and neither does the database.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sanshi.kernel.canonical import canonical_json
from sanshi.kernel.effects import Posting

NO_DAY_BEFORE = bytes(32)
"""What stands as the previous root of the first sealed day."""


@dataclass(frozen=True, slots=True)
class Total:
    """What was booked on one account, on one day for one value date 总账日汇总."""

    booking_date: date
    value_date: date
    account: str
    debit_fen: int
    credit_fen: int


@dataclass(frozen=True, slots=True)
class Seal:
    """What of one entity's books is closed up to a day: how much was posted, and the proof of it.

    It begins after the sealed day before, whose root is `previous`; `root` covers it. Both are 32
    bytes.
    """

    entity: str
    booking_date: date
    postings: int
    amount_fen: int
    previous: bytes
    root: bytes
    totals: tuple[Total, ...]


def seal(
    entity: str,
    booking_date: date,
    postings: Iterable[Posting],
    previous: bytes,
    files: Iterable[bytes] = (),
) -> Seal:
    """Seal what was booked up to a day and after the last sealed one.

    `files`: the SHA-256 of each file whose sum is among the postings.
    """
    leaves = []
    sums: dict[tuple[date, date, str], list[int]] = defaultdict(lambda: [0, 0])
    amount_fen = 0
    for posting in postings:
        leaves.append(_leaf(posting))
        amount_fen += posting.amount_fen
        days = (posting.booking_date, posting.value_date)
        sums[*days, posting.debit][0] += posting.amount_fen
        sums[*days, posting.credit][1] += posting.amount_fen
    count = len(leaves)
    leaves += (hashlib.sha256(b"file" + one).digest() for one in files)
    totals = (Total(*key, *fen) for key, fen in sorted(sums.items()))
    head = canonical_json(
        {
            "entity": entity,
            "booking_date": booking_date.isoformat(),
            "postings": count,
            "amount_fen": amount_fen,
            "previous": previous.hex(),
        }
    )
    root = hashlib.sha256(head + b"".join(sorted(leaves))).digest()
    return Seal(entity, booking_date, count, amount_fen, previous, root, tuple(totals))


def _leaf(posting: Posting) -> bytes:
    row = {
        "entity": posting.entity,
        "source": posting.source,
        "component": posting.component,
        "payer": posting.payer,
        "debit": posting.debit,
        "credit": posting.credit,
        "amount_fen": posting.amount_fen,
        "value_date": posting.value_date.isoformat(),
        "booking_date": posting.booking_date.isoformat(),
    }
    return hashlib.sha256(canonical_json(row)).digest()
