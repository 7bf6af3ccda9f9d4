"""Ports: what flows need from the outside world. The shell implements, the core never sees them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Literal, Protocol

import pyarrow as pa

from sanshi.kernel.effects import Cell, Effects, Event, Outcome, Posting
from sanshi.kernel.reasons import Language

RailKind = Literal["pay", "collect", "refund"]
RailStatus = Literal["accepted", "succeeded", "failed", "not_found"]


class Clock(Protocol):
    """The only source of time."""

    def now(self) -> datetime:
        """Return the instant, in UTC."""

    def business_date(self) -> date:
        """Return the open business date 会计日期 (Asia/Shanghai); the date switch 日切 moves it."""


class Ids(Protocol):
    """The only source of new identifiers."""

    def new(self, prefix: str) -> str:
        """Return a fresh id with a prefix of `kernel.ids.PREFIXES`."""


class Keys(Protocol):
    """Ciphers and signatures; callers see bytes, never key material.

    A person's data key is created wrapped; the wrapped form is stored with the person and its
    deletion is the erasure of everything sealed with it.
    """

    def new_data_key(self) -> bytes:
        """Return a fresh data key, wrapped under the master key."""

    def seal(self, wrapped_key: bytes, plain: bytes, context: str) -> bytes:
        """Encrypt and authenticate; `context` must be the same to open."""

    def unseal(self, wrapped_key: bytes, sealed: bytes, context: str) -> bytes:
        """Decrypt, or raise ImpossibleError `keys.tampered`."""

    def blind(self, kind: str, value: str) -> str:
        """Return a keyed digest of a normalised value, to find it without storing it in clear."""

    def hash_password(self, password: str) -> str:
        """Return what may be stored of a password: a slow salted hash with its parameters."""

    def password_fits(self, password: str, hashed: str) -> bool:
        """Say whether a password is the one that was hashed."""

    def salt(self) -> bytes:
        """Return 32 fresh random bytes for a salted commitment."""

    def sign(self, payload: bytes) -> bytes:
        """Return the Ed25519 signature of the log's key."""

    def public_key(self) -> bytes:
        """Return the raw 32-byte public key that checks `sign`."""


@dataclass(frozen=True, slots=True)
class Instruction:
    """One payment order to the rail. The id is ours, and the rail must not act on it twice."""

    instruction_id: str
    kind: RailKind
    amount_fen: int
    currency: str
    payer_account: str
    payee_account: str
    memo: str


@dataclass(frozen=True, slots=True)
class RailAnswer:
    """What the rail says of an instruction. `not_found`: it never arrived there."""

    instruction_id: str
    status: RailStatus
    rail_reference: str
    value_date: date | None
    failure_code: str
    amount_fen: int | None = None


@dataclass(frozen=True, slots=True)
class StatementLine:
    """One settled movement in the rail's daily file 对账文件."""

    instruction_id: str
    kind: RailKind
    amount_fen: int
    rail_reference: str
    value_date: date


class Payments(Protocol):
    """The payment rail 支付通道."""

    def submit(self, instruction: Instruction) -> RailAnswer:
        """Send an instruction. UnavailableError means *unknown*: enquire, never resend blind."""

    def enquire(self, instruction_id: str) -> RailAnswer:
        """Ask what became of an instruction 查证."""

    def statement(self, value_date: date) -> tuple[StatementLine, ...]:
        """Return the rail's file of a day."""


@dataclass(frozen=True, slots=True)
class IdentityAnswer:
    """Result of an identity check 身份核验 with the list hits that came with it.

    `court_dishonest`: on the courts' public list of dishonest judgment debtors 失信被执行人.
    """

    reference: str
    matched: bool
    sanctions_hits: tuple[str, ...]
    court_dishonest: bool


class Identity(Protocol):
    """The identity verifier."""

    def verify(self, *, full_name: str, id_number: str, mobile: str) -> IdentityAnswer:
        """Check the three elements 三要素; UnavailableError when no answer came."""


@dataclass(frozen=True, slots=True)
class Report:
    """What a data source answered: values by feature name, and the day they were true."""

    reference: str
    as_of: date
    values: Mapping[str, int | bool | str]


class Messages(Protocol):
    """The way to a person's phone."""

    def send(self, *, message_id: str, mobile: str, text: str) -> None:
        """Send a text message 短信; UnavailableError when nobody says that it was taken."""


class Bureau(Protocol):
    """The credit bureau 征信机构 and the public data behind it; each query names its consent."""

    def credit_report(self, *, full_name: str, id_number: str, consent_id: str) -> Report:
        """Return bureau features of a person; UnavailableError when no answer came."""

    def public_data(self, *, full_name: str, id_number: str, consent_id: str) -> Report:
        """Return features derived from public data (raw data stay where they are)."""


@dataclass(frozen=True, slots=True)
class Letter:
    """A notice on its way to a shop's address; id and body are the same in every attempt."""

    message_id: str
    url: str
    secret: str = field(repr=False)
    body: bytes


@dataclass(frozen=True, slots=True)
class ShopAnswer:
    """What became of an attempt; `reason` is one word. `gone`: the shop wants no more of them."""

    status: Literal["delivered", "failed", "gone"]
    reason: str = ""


class Webhooks(Protocol):
    """The way to addresses that shops named."""

    def send(self, letter: Letter) -> ShopAnswer:
        """Make one attempt; a failure is an answer, never an exception."""


Record = Mapping[str, Any]
"""One row of the store: column name → value."""


def closed_mark(entity: str) -> str:
    """Return the name under which `business_day` says up to which day an entity's books are closed.

    The store books nothing on such a day, whoever asks.
    """
    return f"closed:{entity}"


@dataclass(frozen=True, slots=True)
class Search:
    """What somebody looks for in one table.

    Args:
        table: its name.
        stream: the column that holds each row's stream; empty: rows of no stage.
        where: columns and the values they must have.
        stages: stages that count; empty: all.
        text: what one of `text_in` must hold, in any case of its letters.
        text_in: columns looked at for `text`.
        either: columns of which one must have the value `is_either`.
        is_either: see `either`.
        dated: a column of dates, if `since` or `until` are given (both included).
        since: see `dated`.
        until: see `dated`.
        known_in: (column, table, values): only rows whose column stands in such a row there.
        order_by: columns; the last one must tell rows apart.
        newest_first: turn the order round.
    """

    table: str
    stream: str = ""
    where: Mapping[str, Cell] = field(default_factory=dict)
    stages: tuple[str, ...] = ()
    text: str = ""
    text_in: tuple[str, ...] = ()
    either: tuple[str, ...] = ()
    is_either: str = ""
    dated: str = ""
    since: date | None = None
    until: date | None = None
    known_in: tuple[str, str, Mapping[str, Cell]] | None = None
    order_by: tuple[str, ...] = ()
    newest_first: bool = False


class Store(Protocol):
    """The database: reads for flows, and `apply` as the only way to change anything."""

    def apply(self, effects: Effects) -> Outcome:
        """Make the effects durable, all or none, or say which guard did not hold."""

    def events(self, stream: str) -> tuple[Event, ...]:
        """Return a stream's events in order."""

    def standing(self, stream: str) -> tuple[int, str]:
        """Return a stream's version and stage; (0, '') when it does not exist."""

    def row(self, table: str, **key: Cell) -> Record | None:
        """Return the one row with these values, or None."""

    def rows(
        self,
        table: str,
        where: Mapping[str, Cell] = ...,
        *,
        order_by: Sequence[str] = (),
        after: Mapping[str, Cell] = ...,
        limit: int | None = None,
        newest_first: bool = False,
    ) -> tuple[Record, ...]:
        """Return rows with these values, in order; `after` keeps those beyond a value."""

    def in_stage(
        self, table: str, key: str, stages: Sequence[str], where: Mapping[str, Cell]
    ) -> tuple[Record, ...]:
        """Return rows whose stream (column `key`) stands in one of the stages."""

    def columns(self, table: str, schema: pa.Schema, where: Mapping[str, Cell]) -> pa.RecordBatch:
        """Return rows with these values as columns of whole numbers, by the schema's first."""

    def courses(self, loans: Sequence[int]) -> Iterator[Record]:
        """Yield the courses of loans, in their order if they are in the order of their numbers."""

    def search(self, wanted: Search, offset: int, limit: int) -> tuple[tuple[Record, ...], int]:
        """Return a page of what was found, each row with its stage, and how much there is."""

    def balances(
        self, entity: str, to: date | None = None, value_to: date | None = None
    ) -> Mapping[str, tuple[int, int]]:
        """Return each account's (debits, credits) in fen up to a booking and a value date."""

    def booked(self, entity: str, after: date | None, to: date) -> Iterator[Posting]:
        """Yield what was booked after a day and up to another, in the order of the days."""

    def sub_ledger(self, entity: str) -> Mapping[str, int]:
        """Return each account's sum over every source, in fen; debits positive."""

    def posted(self, source: str) -> Mapping[tuple[str, str, str], int]:
        """Return what was posted: (component, payer, account) → signed fen."""

    def close(self) -> None:
        """Finish and let go."""


class Documents(Protocol):
    """Templates: what a person is shown and confirms, as reproducible HTML."""

    def render(self, template: str, language: Language, values: Mapping[str, Any]) -> str:
        """Return the document; the same values give the same bytes."""
