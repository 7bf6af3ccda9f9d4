"""Effects: everything a use case wants to change, as one value.

A flow reads, computes purely, and returns one `Effects`. The store applies it atomically and
durably or answers `Conflict`; nothing else writes. Guards state what must still hold.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

Json = Any
"""None, bool, int, str, lists and string mappings; `kernel.canonical` refuses anything else."""

Cell = None | bool | int | str | bytes | date | datetime | Mapping[str, Json] | list[Json]
"""What a column of a row may hold."""


@dataclass(frozen=True, slots=True)
class Event:
    """A fact that happened to an object; the truth that every state is folded from.

    `version` counts from 1 within a stream and is itself a guard: two writers of one version
    conflict. `stage` is the object's stage after the event (see `life`). `entity` is the legal
    entity 法人 whose books and eyes it belongs to.
    """

    stream: str
    version: int
    kind: str
    stage: str
    entity: str
    value_date: date
    booking_date: date
    data: Mapping[str, Json]


@dataclass(frozen=True, slots=True)
class Posting:
    """One double entry 分录: an amount moves from the credit to the debit account.

    `amount_fen` is positive; a correction swaps the accounts. Both sides stand in one row, so
    books balance by construction.
    """

    entity: str
    source: str
    component: str
    payer: str
    debit: str
    credit: str
    amount_fen: int
    value_date: date
    booking_date: date


@dataclass(frozen=True, slots=True)
class Insert:
    """A new row; `table` is a name of the store's schema."""

    table: str
    values: Mapping[str, Cell]


@dataclass(frozen=True, slots=True)
class Update:
    """New values for the one row with this primary key; no such row is a conflict."""

    table: str
    key: Mapping[str, Cell]
    values: Mapping[str, Cell]


@dataclass(frozen=True, slots=True)
class Replace:
    """All rows of a projection with these values become `rows`; there may be none before or after.

    For what can be worked out again at any time. The truth is never replaced.
    """

    table: str
    where: Mapping[str, Cell]
    rows: Sequence[Mapping[str, Cell]]


@dataclass(frozen=True, slots=True)
class Message:
    """Something to send after the commit: the outbox delivers it at least once."""

    message_id: str
    topic: str
    payload: Mapping[str, Json]


@dataclass(frozen=True, slots=True)
class Leaf:
    """An entry for the evidence log; the writer gives it its place."""

    kind: str
    subject: str
    content_hash: bytes


@dataclass(frozen=True, slots=True)
class Expect:
    """Guard: the stream is still at this version (0: it does not exist yet)."""

    stream: str
    version: int


@dataclass(frozen=True, slots=True)
class Unique:
    """Guard: this key was never used in this scope; `answer` is what its first use returned."""

    scope: str
    key: str
    request_hash: str
    answer: Json


@dataclass(frozen=True, slots=True)
class Take:
    """Guard: take `amount` from a counter without letting what is left fall below `floor`.

    A negative amount gives back. Budgets, caps and uses.
    """

    counter: str
    amount: int
    floor: int = 0


@dataclass(frozen=True, slots=True)
class Exists:
    """Guard: a row with these values exists.

    `held`: nobody changes it until these effects are durable. `shared`: others may rely on it at
    the same time; `alone`: it waits for all who do.
    """

    table: str
    key: Mapping[str, Cell]
    held: Literal["", "shared", "alone"] = ""


@dataclass(frozen=True, slots=True)
class Count:
    """Guard: there are so many rows with these values, and at or beyond those of `from_`."""

    table: str
    key: Mapping[str, Cell]
    from_: Mapping[str, Cell]
    rows: int


Guard = Expect | Unique | Take | Exists | Count
Row = Insert | Update | Replace


@dataclass(frozen=True, slots=True)
class Effects:
    """All changes of one use case. Add two to apply both or neither."""

    events: tuple[Event, ...] = ()
    postings: tuple[Posting, ...] = ()
    rows: tuple[Row, ...] = ()
    messages: tuple[Message, ...] = ()
    leaves: tuple[Leaf, ...] = ()
    guards: tuple[Guard, ...] = ()

    def __add__(self, other: Effects) -> Effects:
        """Join the changes in order."""
        return Effects(
            self.events + other.events,
            self.postings + other.postings,
            self.rows + other.rows,
            self.messages + other.messages,
            self.leaves + other.leaves,
            self.guards + other.guards,
        )

    def __bool__(self) -> bool:
        """Say whether there is anything to apply."""
        return self != NOTHING


NOTHING = Effects()


@dataclass(frozen=True, slots=True)
class Applied:
    """The store has made the effects durable."""


@dataclass(frozen=True, slots=True)
class Conflict:
    """A guard did not hold; nothing was changed. The flow may read again and retry.

    `closed`: something was to be booked on a day that had been closed meanwhile.
    """

    kind: Literal["version", "unique", "counter", "exists", "count", "row", "closed"]
    what: str


Outcome = Applied | Conflict
